"""A worker as a process of its own beside another one: it leaves when that one does, however that one leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GRACE_SECONDS, AT_ONCE_SECONDS = 30.0, 1.0
GIVES_WAY = 10
"""How much lower the priority of the work on the clock is than that of the pages people wait for."""
PARENT = "SEINPOST_WORKER_PARENT"


@contextmanager
def worker_beside(*arguments: str, waiting: Callable[[float], None] = lambda _seconds: None) -> Iterator[None]:
    """Run a worker on the database of the environment for as long as the block lasts.

    At the end it may finish what it has in hand; `waiting` is told how long that lasts at most, when it does not stop
    at once.
    """
    command = [sys.executable, "-m", "seinpost.cli.main", "worker", *arguments]
    process = subprocess.Popen(command, env={**os.environ, PARENT: str(os.getpid())})
    try:
        yield
    finally:
        leave(process, waiting)


def leave(process: subprocess.Popen[bytes], waiting: Callable[[float], None]) -> None:
    """Let a worker stop, and wait until it has."""
    process.terminate()
    if ended(process, AT_ONCE_SECONDS):
        return
    waiting(GRACE_SECONDS)
    if not ended(process, GRACE_SECONDS):
        process.kill()  # what was in hand is taken up again by the next one
        process.wait()


def ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether a process ends within so long."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


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
