"""One run at a time in one output folder: a lock the system itself lets go of, however the process that held it ends.

The file says which process holds it, for people only. It is removed at the end; one that a killed run left behind
holds nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seinpost.errors import OutputError
from seinpost.run.parts import writing

LOCK = ".lock"


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold the output folder, making it where it is missing; raises OutputError while another run holds it.

    A folder made here in which nothing was written is removed again.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out}: exists and is not a folder", f"{out}: bestaat en is geen map")
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        file = take(out / LOCK)
    try:
        yield
    finally:
        (out / LOCK).unlink(missing_ok=True)  # while it is held: whoever opened it meanwhile sees that it is gone
        os.close(file)
        with contextlib.suppress(OSError):
            for folder in made:
                folder.rmdir()


def take(path: Path) -> int:
    """Open and lock the file; gives its descriptor."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 20).decode("ascii", "replace")
            os.close(file)
            raise OutputError(
                f"{path.parent}: another run is writing here (process {holder}); wait for it, or take another folder",
                f"{path.parent}: een andere run schrijft hier (proces {holder}); wacht die af, of kies een andere map",
            ) from None
        except OSError:
            os.close(file)
            raise
        if is_at(file, path):
            os.ftruncate(file, 0)
            os.pwrite(file, str(os.getpid()).encode(), 0)
            return file
        os.close(file)  # its holder removed it between our opening and our locking


def is_at(file: int, path: Path) -> bool:
    """An open file is the one at a path if, and only if, both are the same inode."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(file), there)
