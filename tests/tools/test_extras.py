"""The extras `server` and `semantic` and the groups of their names list the same packages."""

import tomllib
from pathlib import Path

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))


def test_a_clone_gets_exactly_what_the_extra_server_installs() -> None:
    assert PROJECT["dependency-groups"]["server"] == PROJECT["project"]["optional-dependencies"]["server"]


def test_a_clone_gets_exactly_what_the_extra_semantic_installs() -> None:
    assert PROJECT["dependency-groups"]["semantic"] == PROJECT["project"]["optional-dependencies"]["semantic"]


def test_the_minimal_install_names_nothing_of_an_extra() -> None:
    for extra in ("server", "semantic"):
        assert not set(PROJECT["project"]["dependencies"]) & set(PROJECT["dependency-groups"][extra])
