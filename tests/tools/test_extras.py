"""The extra `server` and the group of the same name list the same packages."""

import tomllib
from pathlib import Path

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))


def test_a_clone_gets_exactly_what_the_extra_server_installs() -> None:
    assert PROJECT["dependency-groups"]["server"] == PROJECT["project"]["optional-dependencies"]["server"]


def test_the_minimal_install_names_nothing_of_the_server() -> None:
    assert not set(PROJECT["project"]["dependencies"]) & set(PROJECT["dependency-groups"]["server"])
