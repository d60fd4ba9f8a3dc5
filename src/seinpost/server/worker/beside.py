"""A worker as a process of its own beside another one: it leaves when that one does, however that one leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

GRACE_SECONDS = 30.0
GIVES_WAY = 10
"""How much lower the priority of the work on the clock is than that of the pages people wait for."""
PARENT = "SEINPOST_WORKER_PARENT"


@contextmanager
def worker_beside(*arguments: str) -> Iterator[None]:
    """Run a worker on the database of the environment for as long as the block lasts."""
    command = [sys.executable, "-m", "seinpost.cli.main", "worker", *arguments]
    process = subprocess.Popen(command, env={**os.environ, PARENT: str(os.getpid())})
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()  # what was in hand is taken up again by the next one
            process.wait()


def leave_with_parent() -> None:
    """Beside another process: give way to it, and stop, as if told to, when it is gone."""
    parent = os.environ.get(PARENT)
    if parent is not None and parent.isdecimal():
        os.nice(GIVES_WAY)
        threading.Thread(target=watch_parent, args=(int(parent),), daemon=True).start()


def watch_parent(parent: int) -> None:
    """Wait until the parent is gone."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
