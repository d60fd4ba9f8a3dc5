"""A disk that is full: a clear fault, nothing half under a final name, and the run goes on once there is room."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.run.bench import bytes_of, parquet, scan

from seinpost.errors import OutputError
from seinpost.run.engine import Engine
from seinpost.run.parts import write_whole
from seinpost.run.read.identity import SeenIds


def with_file_limit(size: int, work: Callable[[], object]) -> int:
    """Do something in a child that may write no file larger than `size`: 0 done, 5 OutputError, 9 anything else."""
    child = os.fork()
    if child == 0:
        status = 9
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            work()
            status = 0
        except OutputError as error:
            status = 5 if "cannot be written: " in error.en and "File too large" in error.en else 8
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_at_whatever_size_it_fails_it_says_so_and_resumes(tmp_path: Path, engine: Engine) -> None:
    inputs = [parquet(tmp_path / f"{i}.parquet", 40, 40 * i) for i in range(4)]
    scan(engine, tmp_path / "whole", inputs)
    whole = bytes_of(tmp_path / "whole")
    sizes = sorted(len(data) for data in whole.values())
    statuses = []
    for number, size in enumerate((100, 1_500, sizes[1] - 1, sizes[-1] - 1, sizes[-1])):
        out = tmp_path / f"out-{number}"
        statuses.append(with_file_limit(size, lambda out=out: scan(engine, out, inputs)))  # type: ignore[misc]
        found = bytes_of(out)
        assert all(found[name] == whole[name] for name in found if not name.startswith(".work"))
        assert not any(name.endswith(".partial") for name in found)
        if "ledger.json" not in found:
            resumes = (out / ".work" / "plan.json").is_file()
            scan(engine, out, inputs, resume=resumes, overwrite=not resumes)
        assert bytes_of(out) == whole
    assert statuses[0] == 5
    assert set(statuses) <= {0, 5}


def test_the_table_of_ids_tells_a_full_disk(tmp_path: Path) -> None:
    ids = pa.array(np.arange(100_000)).cast(pa.string())
    assert with_file_limit(1 << 20, lambda: SeenIds(tmp_path).mark(ids)) == 5
    assert list(tmp_path.iterdir()) == []


def test_a_device_without_room_is_an_output_error(tmp_path: Path) -> None:
    full = tmp_path / "ledger.json.partial"
    full.symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"ledger\.json: cannot be written: No space left on device"):
        write_whole(tmp_path / "ledger.json", b"x" * 100_000)
    assert list(tmp_path.iterdir()) == []
