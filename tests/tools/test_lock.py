"""The two places that hold the pins: read as written, compared both ways, and equal in this repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import lock

ROOT = Path(__file__).parents[2]
LOCKED = """\
alpha==1.0 \\
    --hash=sha256:00
beta-x==2.0.1 ; python_full_version < '3.12' \\
    --hash=sha256:11
"""
PINS = {"alpha==1.0", "beta-x==2.0.1 ; python_full_version < '3.12'"}


def project(*pins: str) -> str:
    rows = "".join(f'    "{pin}",\n' for pin in pins)
    block = f"{lock.START}constraint-dependencies = [\n{rows}]\n{lock.END}"
    return f'[project]\nname = "x"\ndependencies = ["alpha>=1"]\n[tool.uv]\n{block}default-groups = ["dev"]\n'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_pins_are_read_with_their_markers_and_without_hashes() -> None:
    assert lock.pins(LOCKED) == PINS
    assert lock.project_pins(project(*sorted(PINS))) == PINS
    assert lock.project_pins("[tool.uv]\n") == set()


def test_the_project_without_pins_is_as_it_was_before() -> None:
    bare = '[project]\nname = "x"\ndependencies = ["alpha>=1"]\n[tool.uv]\ndefault-groups = ["dev"]\n'
    assert lock.without_pins(project(*PINS)) == bare
    assert lock.without_pins(bare) == bare


@pytest.mark.parametrize(
    ("locked", "written", "told"),
    [
        (LOCKED, PINS, "lock: 2 pins, the same in both places"),
        (LOCKED, {"alpha==1.0"}, "beta-x==2.0.1 ; python_full_version < '3.12': only in requirements.lock"),
        (LOCKED, {*PINS, "gamma==3"}, "gamma==3: only in pyproject.toml"),
        (LOCKED.replace("alpha==1.0", "alpha==1.1"), PINS, "alpha==1.1: only in requirements.lock"),
        (LOCKED + "--index-url https" + "://example.invalid\n", PINS, "requirements.lock names a host"),
    ],
)
def test_check_tells_every_difference(
    place: Path, capsys: pytest.CaptureFixture[str], locked: str, written: set[str], told: str
) -> None:
    (place / "requirements.lock").write_text(locked)
    (place / "pyproject.toml").write_text(project(*sorted(written)))
    assert lock.check() == (0 if told.startswith("lock:") else 1)
    assert told in capsys.readouterr().out.splitlines()


def test_the_pins_of_this_repository_agree(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert lock.check() == 0, capsys.readouterr().out
