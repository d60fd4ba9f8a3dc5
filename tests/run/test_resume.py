"""Interrupted in any way and at any moment, a resumed run equals the uninterrupted one byte for byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from tests.run.bench import DEFAULT, bytes_of, lines, parquet, row, scan, table

from seinpost.cli.reporting import reporter
from seinpost.errors import RunError
from seinpost.run.engine import Engine
from seinpost.run.job import run_job
from seinpost.run.pipeline import InterruptedRunError, Plan
from seinpost.run.read.sources import find_sources

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def many(folder: Path, n: int = 12, rows: int = 60) -> Path:
    """A folder of small files, so of many units."""
    folder.mkdir()
    for i in range(n):
        parquet(folder / f"{i:02}.parquet", rows, rows * i)
    (folder / "bad.jsonl").write_bytes(lines(row("R-1"), row(None), row("X-1")))
    return folder


def stopping_after(units: int) -> object:
    done = []

    def progress(registrations: int, size: int) -> None:
        done.append(registrations)
        if len(done) == units:
            raise KeyboardInterrupt

    return progress


def interrupt(engine: Engine, out: Path, inputs: list[Path], units: int = 3, **options: object) -> None:
    plan = replace(Plan(tuple(find_sources([str(p) for p in inputs])), DEFAULT, out, 1), **options)  # type: ignore[arg-type]
    with pytest.raises(InterruptedRunError) as caught:
        run_job(plan, engine, progress=stopping_after(units))  # type: ignore[arg-type]
    assert caught.value.exit_code == 130
    assert "--resume" in caught.value.told("nl")
    assert not (out / "ledger.json").exists()


def test_killed_at_random_moments_it_resumes_to_the_same_bytes(tmp_path: Path, pack_folder: Path) -> None:
    inputs = many(tmp_path / "in")
    arguments = [str(pack_folder), str(inputs), str(tmp_path), "6", str(os.getpid())]
    command = [sys.executable, str(Path(__file__).with_name("crash.py")), *arguments]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["faults"] == [], f"seed {os.getpid()}"
    assert "report.html" in told["files"]


@pytest.mark.parametrize("units", [1, 5, 12])
def test_ctrl_c_and_resume(tmp_path: Path, engine: Engine, units: int) -> None:
    inputs, out = many(tmp_path / "in"), tmp_path / "out"
    interrupt(engine, out, [inputs], units)
    assert list(bytes_of(out))
    assert all(name.startswith(".work/") for name in bytes_of(out))
    scan(engine, out, [inputs], resume=True)
    scan(engine, tmp_path / "whole", [inputs])
    assert bytes_of(out) == bytes_of(tmp_path / "whole")


@pytest.mark.parametrize("resume", [False, True])
def test_killed_before_its_plan_stood_it_starts_anew(tmp_path: Path, engine: Engine, resume: bool) -> None:
    day, out = parquet(tmp_path / "day.parquet", 30), tmp_path / "out"
    (out / ".work").mkdir(parents=True)
    (out / ".work" / "plan.json.partial").write_bytes(b"{")
    scan(engine, out, [day], resume=resume)
    scan(engine, tmp_path / "whole", [day])
    assert bytes_of(out) == bytes_of(tmp_path / "whole")


def test_resuming_a_finished_run_changes_nothing(tmp_path: Path, engine: Engine) -> None:
    inputs, out = many(tmp_path / "in", 2), tmp_path / "out"
    first = scan(engine, out, [inputs])
    before = bytes_of(out)
    assert scan(engine, out, [inputs], resume=True).ledger == first.ledger
    assert bytes_of(out) == before
    with pytest.raises(RunError, match="holds a finished run of other input"):
        scan(engine, out, [inputs / "00.parquet"], resume=True)


def test_other_settings_input_or_pack_cannot_be_resumed(tmp_path: Path, engine: Engine) -> None:
    inputs, out = many(tmp_path / "in"), tmp_path / "out"
    interrupt(engine, out, [inputs])
    with pytest.raises(RunError, match="had other profile"):
        scan(engine, out, [inputs], resume=True, profile=replace(DEFAULT, delimiter=";"))
    with pytest.raises(RunError, match="had other inputs"):
        scan(engine, out, [inputs / "00.parquet"], resume=True)
    parquet(inputs / "05.parquet", 61, 300)
    with pytest.raises(RunError, match="had other inputs"):
        scan(engine, out, [inputs], resume=True)


@pytest.mark.parametrize("column", ["text", "registration_id", "unit", "when"])
def test_input_of_the_same_size_that_was_changed_is_refused(tmp_path: Path, engine: Engine, column: str) -> None:
    extra = pa.array(["2026-01-01T00:00:00Z"] * 30)
    rows = table(30).append_column("unit", pa.array(["Noord"] * 30)).append_column("when", extra)
    path, out = tmp_path / "a.parquet", tmp_path / "out"
    profile = replace(DEFAULT, keep=("unit",), registered_at="when")

    def write(data: pa.Table) -> int:
        papq.write_table(data, path, compression="none", use_dictionary=False, write_statistics=False)
        return path.stat().st_size

    size = write(rows)
    other = parquet(tmp_path / "b.parquet", 30, 30)
    more = papq.read_table(other).append_column("unit", pa.array(["Zuid"] * 30)).append_column("when", extra)
    papq.write_table(more, other)
    interrupt(engine, out, [path, other], 1, profile=profile)
    changed = rows[column].to_pylist()
    changed[7] = changed[7].replace("0", "9").replace("7", "8").replace("o", "a")
    assert changed != rows[column].to_pylist()
    assert write(rows.set_column(rows.column_names.index(column), column, pa.array(changed))) == size
    with pytest.raises(RunError, match=r"a\.parquet was changed since the run was interrupted"):
        scan(engine, out, [path, other], resume=True, profile=profile)


def test_ctrl_c_on_the_command_ends_with_130_and_says_how_to_go_on(
    tmp_path: Path, pack_folder: Path, engine: Engine
) -> None:
    inputs, out = many(tmp_path / "in", 40), tmp_path / "out"
    command = [sys.executable, "-m", "seinpost.cli.main", "scan", str(inputs), "--out", str(out), "--no-semantic"]
    command += ["--pack", str(pack_folder), "--threads", "1"]
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background job ignores it, children too
    process = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    limit = time.monotonic() + 60
    while not (out / ".work" / "00000001.json").exists() and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    said, told = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert "ga verder met --resume" in told
    assert "Traceback" not in told
    make = reporter(engine.pack, find_sources([str(inputs)]), 1000)
    scan(engine, out, [inputs], resume=True, reporter=make)
    scan(engine, tmp_path / "whole", [inputs], reporter=make)
    assert bytes_of(out) == bytes_of(tmp_path / "whole")
