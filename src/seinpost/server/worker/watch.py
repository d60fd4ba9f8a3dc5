"""A folder that is watched: what arrived completely is taken in once, then moved to `done` or, with why, to `failed`.

A file is complete if, and only if, it has not changed for a while; a run if, besides, its ledger, written last, is
there. What is taken in stands in `busy` until it is done, so that after a kill the next watcher goes on with it; taking
the same in twice changes nothing. One watcher at a time: the kernel gives the lock of a killed one back.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import Error, close_old_connections, connections

from seinpost.errors import (
    DatabaseError,
    InputError,
    OutputError,
    PackError,
    RunError,
    SeinpostError,
    SettingError,
)

LEDGER = "ledger.json"
BUSY, DONE, FAILED = "busy", "done", "failed"
UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload")
LOOK_EVERY = 2.0  # seconds
NOT_ITS_FAULT = (DatabaseError, OutputError, SettingError, Error, OSError)
PAUSES = (5.0, 15.0, 60.0, 300.0)  # seconds between two tries when it is not the file's fault
TakeIn = Callable[[Path, Path], None]
"""Take in a file or run, with a folder to work in that may be left from before."""
Stamp = tuple[tuple[str, int, int, int], ...]
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """One watched folder. `again` are the faults after which it is tried again: those of the database and the disk."""

    folder: Path
    take_in: TakeIn
    quiet: float
    again: tuple[type[Exception], ...]
    seen: dict[str, tuple[Stamp, float]] = field(default_factory=dict)
    tries: int = 0
    rest_until: float = 0.0
    lock: int = -1

    def look(self, now: float) -> int:
        """Take in what is complete at a moment (seconds of any clock that only goes forwards); how many were done."""
        if now < self.rest_until or not self.alone():
            return 0
        for name in (BUSY, DONE, FAILED):
            (self.folder / name).mkdir(exist_ok=True)
        done = 0
        for path in [*self.left_over(), *self.complete(now)]:
            if not self.work_on(path, now):
                return done
            done += 1
        return done

    def alone(self) -> bool:
        """Whether this is the watcher of the folder; once it is, it stays so until its process ends."""
        if self.lock < 0:
            lock = os.open(self.folder / ".seinpost-watch", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return False
            self.lock = lock
        return True

    def close(self) -> None:
        """Let somebody else watch."""
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1

    def left_over(self) -> Iterator[Path]:
        """What was being taken in when a watcher was killed."""
        yield from (path for path in sorted((self.folder / BUSY).iterdir()) if not path.name.startswith("."))

    def complete(self, now: float) -> Iterator[Path]:
        """What has arrived, moved into `busy` one by one."""
        present = {path.name: path for path in sorted(self.folder.iterdir()) if may_be_taken(path)}
        self.seen = {name: known for name, known in self.seen.items() if name in present}
        for name, path in present.items():
            stamp = stamp_of(path)
            before, since = self.seen.get(name, (None, now))
            if stamp is None or stamp != before:
                self.seen[name] = (stamp or (), now)
            elif now - since >= self.quiet:
                busy = self.folder / BUSY / name
                if not busy.exists():
                    path.rename(busy)
                    del self.seen[name]
                    yield busy

    def work_on(self, path: Path, now: float) -> bool:
        """Take one in and move it away; False when it must be tried again later."""
        work = self.folder / BUSY / f".{path.name}.run"
        try:
            self.take_in(path, work)
        except (InputError, RunError, PackError) as fault:
            log.error("%s is refused: %s", path.name, fault.en.splitlines()[0])
            self.put_away(path, FAILED, fault)
        except self.again as fault:
            self.tries += 1
            self.rest_until = now + PAUSES[min(self.tries, len(PAUSES)) - 1]
            log.error("%s is tried again: %s", path.name, (str(fault) or repr(fault)).splitlines()[0])
            return False
        else:
            self.put_away(path, DONE, None)
        self.tries = 0
        shutil.rmtree(work, ignore_errors=True)
        return True

    def put_away(self, path: Path, where: str, fault: SeinpostError | None) -> None:
        """Move it, under a name that nothing has yet; what is wrong with it stands beside it."""
        target, number = self.folder / where / path.name, 1
        while target.exists():
            number += 1
            target = self.folder / where / f"{path.stem}-{number}{path.suffix}"
        if fault is not None:
            reason = f"{fault.told('nl')}\n\n{fault.told('en')}\n"
            target.with_name(f"{target.name}.reason.txt").write_text(reason, encoding="utf-8")
        path.rename(target)


def watching(folder: Path, quiet: float, taking: TakeIn) -> Callable[[asyncio.Event], None]:
    """What starts a thread beside the worker that looks at a folder and ends with it.

    A database or disk that is away is tried again. A fault that nobody foresaw stops the worker, its words on standard
    error: a folder that nobody watches any more must not look watched.
    """
    watch = Watch(folder, taking, quiet, NOT_ITS_FAULT)

    def look_until(stop: asyncio.Event) -> None:
        try:
            while not stop.is_set():
                close_old_connections()
                try:
                    watch.look(time.monotonic())
                except NOT_ITS_FAULT:
                    log.exception("%s cannot be watched; tried again", folder)
                time.sleep(LOOK_EVERY)
        finally:
            connections.close_all()
            if not stop.is_set():
                os.kill(os.getpid(), signal.SIGTERM)

    def start(stop: asyncio.Event) -> None:
        threading.Thread(target=look_until, args=(stop,), daemon=True).start()

    return start


def may_be_taken(path: Path) -> bool:
    """A file or a finished run, no link, no hidden or unfinished name, none of our own folders."""
    name = path.name
    if name.startswith(".") or name in (BUSY, DONE, FAILED) or name.endswith(UNFINISHED) or path.is_symlink():
        return False
    return path.is_file() or (path / LEDGER).is_file()


def stamp_of(path: Path) -> Stamp | None:
    """What changes when anything is written: of each file its name, number, size and moment; None: it went away."""
    try:
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        states = [(file, file.stat()) for file in files]
    except FileNotFoundError:
        return None
    return tuple((str(file), state.st_ino, state.st_size, state.st_mtime_ns) for file, state in states)
