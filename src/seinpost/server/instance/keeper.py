"""The keeper of one PostgreSQL instance: starts it, waits until nobody uses it, stops it.

    python -m seinpost.server.instance.keeper FOLDER [SETTING=VALUE]...

Writes "ready" to standard output when the instance answers, or why it does not. It takes over an instance whose keeper
was killed, starts an instance that ended by itself again for those who use it, and leaves when it cannot.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from seinpost.errors import DatabaseError
from seinpost.server.instance.binaries import Runner, environment, find_runner
from seinpost.server.instance.postgres import WAIT_SECONDS, Layout, ask, open_lock

STOP_SECONDS = 60.0
RESTART_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each attempt to start an instance that ended by itself."""


def keep(folder: Path, settings: list[str]) -> int:
    """Keep the instance until nobody uses it; the answer is the exit code."""
    layout = Layout(folder)
    try:
        mine = open_lock(layout.lock("keeper"), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        tell("ready")  # another keeper was first; whoever asked will ask the instance itself
        return 0
    runner = find_runner(folder)
    postmaster = living_postmaster(layout)
    if postmaster is None:
        postmaster = start(layout, runner, settings)
    if postmaster is None:
        tell("postgres ended while it started")
        return 1
    tell("ready")
    kept = Kept(layout, runner, settings, postmaster)
    threading.Thread(target=kept.alive, daemon=True).start()
    free = open_lock(layout.lock("users"), fcntl.LOCK_EX)  # sleeps in the kernel until every user has gone
    kept.end()
    os.close(free)
    os.close(mine)
    return 0


def start(layout: Layout, runner: Runner, settings: list[str]) -> int | None:
    """Start PostgreSQL as our child and wait until it answers; its process id, or None when it ended instead."""
    socket = runner.socket_folder(layout.data)
    if socket != layout.data:
        socket.mkdir(exist_ok=True)
        runner.own(socket)
    options = [f"unix_socket_directories={socket}", "listen_addresses=", "timezone=UTC", *settings]
    command = runner.command(["postgres", "-D", str(layout.data)])
    for option in options:
        command += ["-c", option]
    child = subprocess.Popen(  # type: ignore[call-overload]
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr, cwd="/", env=environment(),
        **runner.identity(),
    )  # fmt: skip
    deadline = time.monotonic() + WAIT_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        if ask(layout, runner) is None:
            return int(child.pid)
        time.sleep(0.05)
    child.kill()
    child.wait()
    return None


def living_postmaster(layout: Layout) -> int | None:
    """The process id of an instance that a killed keeper left running.

    PostgreSQL's own pid file can outlive it and its number can be another program's by now, so the process must also
    have the instance's folder as its working folder.
    """
    try:
        pid = int((layout.data / "postmaster.pid").read_text(encoding="ascii").split("\n")[0])
        if sys.platform == "linux":
            return pid if Path(f"/proc/{pid}/cwd").samefile(layout.data) else None
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


class Kept:
    """An instance that is in use: started again when it ends by itself, stopped when its last user has gone."""

    def __init__(self, layout: Layout, runner: Runner, settings: list[str], postmaster: int) -> None:
        self._layout, self._runner, self._settings = layout, runner, settings
        self._postmaster, self._mine = postmaster, threading.Lock()

    def alive(self) -> None:
        """Wait for its end, start it again, and so on; leave when that fails, so that the next user finds no keeper."""
        while True:
            wait_for_end(self._postmaster, None)
            with self._mine:  # never given back once the last user has gone
                if not self.start_again():
                    os._exit(1)

    def start_again(self) -> bool:
        """Start it; the sessions of one that was killed may need a moment to end, and until then none can start."""
        for pause in RESTART_PAUSES:
            time.sleep(pause)
            started = start(self._layout, self._runner, self._settings)
            if started is not None:
                self._postmaster = started
                return True
        return False

    def end(self) -> None:
        """Stop it for good."""
        self._mine.acquire()
        stop(self._postmaster)


def stop(postmaster: int) -> None:
    """Stop the instance in order: sessions are broken off, everything committed is on disk."""
    for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(postmaster, how)
        except ProcessLookupError:
            return
        if wait_for_end(postmaster, seconds):
            return


def wait_for_end(pid: int, seconds: float | None) -> bool:
    """Wait until a process has ended, our child or not; False when the time is up first."""
    deadline = None if seconds is None else time.monotonic() + seconds
    pause = 0.01
    while deadline is None or time.monotonic() < deadline:
        try:
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return True
        except ChildProcessError:  # not our child, or the other thread has collected it
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
        time.sleep(pause)
        pause = min(pause * 2, 0.5)
    return False


def tell(word: str) -> None:
    """Say one line to whoever started us, and hang up; they may be gone."""
    try:
        sys.stdout.write(word + "\n")
        sys.stdout.flush()
        os.close(1)
    except OSError:
        pass
    os.open(os.devnull, os.O_WRONLY)


def main() -> int:
    """Run as a program."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        return keep(Path(sys.argv[1]), sys.argv[2:])
    except DatabaseError as error:
        tell(error.en)
        return 1


if __name__ == "__main__":
    sys.exit(main())
