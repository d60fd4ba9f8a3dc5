"""One output folder, one run at a time; and what a killed run leaves behind stops nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.run.bench import bytes_of, parquet, scan

from seinpost.errors import InputError, OutputError
from seinpost.run.engine import Engine
from seinpost.run.lock import LOCK, held

HOLD = """
import sys, time
from pathlib import Path
from seinpost.run.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(out: Path) -> subprocess.Popen[str]:
    """A process of its own that holds the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(out)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_refused_and_a_killed_one_stops_nobody(tmp_path: Path, engine: Engine) -> None:
    day, out = parquet(tmp_path / "day.parquet", 30), tmp_path / "out"
    with hold(out) as first:
        for settings in ({}, {"overwrite": True}, {"resume": True}):
            with pytest.raises(OutputError, match=rf"another run is writing here \(process {first.pid}\)"):
                scan(engine, out, [day], **settings)
        assert sorted(bytes_of(out)) == [LOCK], "the refused runs left the lock of the first alone"
        first.send_signal(signal.SIGKILL)
    assert (out / LOCK).is_file()
    scan(engine, out, [day])
    scan(engine, tmp_path / "whole", [day])
    assert bytes_of(out) == bytes_of(tmp_path / "whole")


def test_threads_of_one_process_exclude_each_other_too(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with held(out), pytest.raises(OutputError, match=str(os.getpid())), held(out):
        pass
    with held(out):
        pass


def test_a_refused_run_leaves_no_folder_it_made(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "x.jsonl").write_bytes(b'{"id": 1}\n')
    with pytest.raises(InputError):
        scan(engine, tmp_path / "new" / "out", [tmp_path / "x.jsonl"])
    assert not (tmp_path / "new").exists()
