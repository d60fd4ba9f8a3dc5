"""What a start keeps, where it keeps it, and that nobody else can put something there to be run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import seinpost


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user whose cache folder cannot be made; gives the folder for temporary files."""
    (tmp_path / "home").write_text("a file where a folder should be")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path / "tmp"


def test_the_cache_folder_of_the_user_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "not" / "yet"))
    assert seinpost.private_folder() == tmp_path / "not" / "yet" / "seinpost"


def test_without_one_a_folder_of_our_own_among_temporary_files(no_home: Path) -> None:
    own = seinpost.private_folder()
    assert own == no_home / f"seinpost-{os.getuid()}"
    assert own.stat().st_mode & 0o777 == 0o700
    assert seinpost.private_folder() == own


@pytest.mark.parametrize("trap", ["open to all", "a link elsewhere", "a file"])
def test_a_folder_others_may_have_filled_is_not_used(no_home: Path, trap: str) -> None:
    own = no_home / f"seinpost-{os.getuid()}"
    if trap == "open to all":
        own.mkdir()
        own.chmod(0o777)
    elif trap == "a link elsewhere":
        (no_home / "elsewhere").mkdir()
        own.symlink_to(no_home / "elsewhere")
    else:
        own.write_text("in the way")
    found = seinpost.private_folder()
    assert found != own
    assert found.parent == no_home
    assert not list(found.iterdir())


def test_bytecode_goes_to_the_cache_where_python_may_not_write_beside_the_sources(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "seinpost.cli.main", "--version"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"seinpost {seinpost.__version__}\n"
    names = {path.name.partition(".")[0] for path in (tmp_path / "seinpost" / "bytecode").rglob("*.pyc")}
    assert {"main", "speech", "core"} <= names


def test_help_loads_nothing_heavy() -> None:
    look = "import sys, seinpost.cli.app; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert "typer" in loaded
    assert not {"numba", "numpy", "pyarrow", "pydantic", "yaml", "llvmlite"} & set(loaded)


def test_a_warm_scan_loads_what_it_needs_alone(tmp_path: Path) -> None:
    day = tmp_path / "day.jsonl"
    day.write_text('{"registration_id": "1", "text": "Zijn paspoort is afgepakt door de baas."}\n')
    look = f"""
import sys
from seinpost.cli.main import main
sys.argv = ["seinpost", "scan", {str(day)!r}, "--out", sys.argv[1]]
try:
    main()
except SystemExit as left:
    print(*sys.modules, *(() if not left.code else ("failed",)))
"""
    for out in ("first", "second"):
        command = [sys.executable, "-c", look, str(tmp_path / out)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"numpy", "pyarrow", "llvmlite", "seinpost.run.prepared"} <= loaded
    assert not {"failed", "seinpost.packs.build", "numba", "pydantic", "yaml", "typer", "rich"} & loaded
