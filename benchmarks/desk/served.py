"""The real web server with its worker beside it, killed in parts, and people who decide through it over HTTP."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path

from desk.reader import SIGNAL, TICKED, Reader, hidden, token

PEOPLE = ("politie-analist2", "politie-weger", "politie-coordinator")
PARTS = ("server", "web process", "worker", "server with all of its own")
QUEUE = "/wachtrij/?fase=registered"


class Served:
    """`seinpost serve` in a process group of its own."""

    def __init__(self, data: Path, port: int) -> None:
        self._command = [sys.executable, "-m", "seinpost.cli.main", "serve", "--data", str(data), "--port", str(port)]
        self.start()

    def start(self) -> None:
        """Start the server, and with it its web processes and its worker."""
        self.process = subprocess.Popen(
            self._command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def parts(self) -> dict[str, list[int]]:
        """The processes that are there now, by what they are."""
        found: dict[str, list[int]] = {name: [] for name in PARTS}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError):  # gone while one looks
                group = int((folder / "stat").read_text().rpartition(")")[2].split()[2])
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if group != self.process.pid or any(b"postgres" in word for word in words[:1]):
                    continue
                what = "server" if int(folder.name) == self.process.pid else "web process"
                found["worker" if b"worker" in words else what].append(int(folder.name))
        return found

    def kill(self, chance: random.Random) -> str:
        """Kill one part at random, or all; what was killed. A web process is started again by its server; after any
        other part the whole is, a moment later.
        """
        there = {name: pids for name, pids in self.parts().items() if pids}
        what = chance.choice([*there, PARTS[-1]])
        if what in there:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(there[what]), signal.SIGKILL)
            if what == "web process":
                return what
            time.sleep(chance.uniform(0.0, 1.0))
        self.end()
        self.start()
        return what

    def end(self) -> None:
        """Kill whatever is left of it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Deciding:
    """People who call one signal after the other a signal, over HTTP, whatever becomes of the server."""

    def __init__(self, port: int) -> None:
        self.told: Counter[str] = Counter()  # how often a signal was said to be decided
        self.faults: list[str] = []  # also what a server that is not there gives: those are expected
        self._over = threading.Event()
        self._port = port
        self._threads = [threading.Thread(target=self.work, args=(login,)) for login in PEOPLE]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let everybody go home."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wrong(self) -> list[str]:
        """Answers that are faults of a server that was there; that somebody else was first (409) is none."""
        answers = (fault.rsplit(" ", 1)[-1] for fault in self.faults)
        return [fault for fault, said in zip(self.faults, answers, strict=True) if said.isdigit() and said != "409"]

    def work(self, login: str) -> None:
        """Log in, decide, and log in again after a fall, until it is over."""
        chance = random.Random(login)
        while not self._over.is_set():
            reader = Reader(login, self._port, defaultdict(list), self.faults)
            with suppress(SystemExit):  # the login page is not there
                reader.log_in()
                while not self._over.is_set() and self.decide(reader, chance):
                    pass
            self._over.wait(0.3)

    def decide(self, reader: Reader, chance: random.Random) -> bool:
        """Decide on one of the queue; False when the server is away."""
        status, page, _ = reader.ask("queue", QUEUE)
        found = SIGNAL.findall(page)
        if status != 200:
            return False
        if not found:
            return not self._over.wait(0.3)
        path = chance.choice(found)
        status, page, _ = reader.ask("form", f"{path}doen/confirm/")
        if status != 200:
            return status == 403
        fields = [("csrfmiddlewaretoken", token(page)), ("words", "Over de lijn."), *hidden(page)]
        fields += [("forms", one) for one in TICKED.findall(page)]
        status, _, _ = reader.ask("decision", f"{path}doen/confirm/", fields)
        if status == 302:
            self.told[path.split("/")[2]] += 1
        return status in (302, 409, 422)  # 409: somebody was first
