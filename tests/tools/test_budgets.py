"""The size budgets: each breach is told with its place, a written reason lifts it, and this repository keeps them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import budgets

ROOT = Path(__file__).parents[2]


def breaches(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> list[str]:
    monkeypatch.chdir(folder)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return [breach for name in sorted(files) for breach in budgets.check_file(Path(name))]


def long_function(lines: int, comment: str = "") -> str:
    return f"def f() -> None:{comment}\n" + "    x = 1\n" * (lines - 1)


def test_long_files_and_functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "src/a.py": "x = 1\n" * 401,
        "src/b.py": "x = 1\n" * 400,
        "src/c.py": long_function(51),
        "src/d.py": long_function(50),
        "src/e.py": long_function(51, "  # budget: a kernel is one loop"),
        "src/f.py": long_function(51, "  # budget: short"),
        "src/g.py": "# budget-file: one table of sounds\n" + "x = 1\n" * 401,
    }
    assert breaches(tmp_path, monkeypatch, files) == [
        "src/a.py: 401 lines (budget 400)",
        "src/c.py:1: f has 51 lines (budget 50)",
        "src/f.py:1: f has 51 lines (budget 50)",
    ]


def test_broad_excepts_are_refused_in_the_core_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = "try:\n    x = 1\nexcept{}:\n    x = 2\n"
    files = {
        "src/seinpost/run/a.py": bare.format(" Exception"),
        "src/seinpost/run/b.py": bare.format(""),
        "src/seinpost/run/c.py": bare.format(" (ValueError, BaseException)"),
        "src/seinpost/run/d.py": bare.format(" ValueError"),
        "src/seinpost/cli/e.py": bare.format(" Exception"),
    }
    assert [breach.split(":")[0] for breach in breaches(tmp_path, monkeypatch, files)] == [
        "src/seinpost/run/a.py",
        "src/seinpost/run/b.py",
        "src/seinpost/run/c.py",
    ]


def test_notes_need_an_issue_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = "TO" + "DO"
    files = {"src/a.py": f"# {note} later\n", "src/b.py": f"# {note} later #12\n"}
    assert breaches(tmp_path, monkeypatch, files) == [f"src/a.py:1: a note without an issue number: # {note} later"]


def test_folders_too_full_or_too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"src/p/m{i}.py": "" for i in range(13)} | {"src/p/q/r/s/a.py": "", "src/p/__init__.py": ""}
    breaches(tmp_path, monkeypatch, files)
    assert sorted(budgets.check_folders(Path("src"))) == [
        "src/p/q/r/s: deeper than 3",
        "src/p: 13 modules (budget 12)",
    ]


def test_main_tells_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    breaches(tmp_path, monkeypatch, {"src/a.py": "x = 1\n"})
    assert (budgets.main(), capsys.readouterr().out) == (0, "budgets: all kept\n")
    breaches(tmp_path, monkeypatch, {"tests/b.py": "x = 1\n" * 401})
    assert (budgets.main(), capsys.readouterr().out) == (1, "tests/b.py: 401 lines (budget 400)\n")


def test_this_repository_keeps_its_budgets(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert budgets.main() == 0, capsys.readouterr().out


def test_what_is_under_version_control_stays_small(tmp_path: Path) -> None:
    (tmp_path / "big.whl").write_bytes(b"0" * (budgets.KEPT_BYTES + 1))
    (tmp_path / "small.txt").write_text("x")
    assert not list(budgets.check_kept(tmp_path)), "no version control, nothing kept"
    for asked in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *asked], cwd=tmp_path, check=True)
    assert list(budgets.check_kept(tmp_path)) == ["big.whl: 5000001 bytes (budget 5000000)"]
