"""Twenty people at work at once: how long the queue, a signal, a decision and a search take them.

    uv run python benchmarks/workbench.py fill DATA [--signals N] [--log-rows N]
    uv run python benchmarks/workbench.py measure DATA [--people N] [--seconds S] [--pause S] [--worker]
    uv run python benchmarks/workbench.py break NEW [--signals 10000] [--seed N]

`fill` makes a data folder with so many signals and rows of the view log; what is there stays. `measure` starts the
real server on it (two processes), on the machine that also runs the people and PostgreSQL. Each person logs in once,
then over and over looks at what of the queue nobody decided on, opens one of it, decides on it (calls it a signal),
and searches, with a pause after each as a fast reader would make. A request counts from the first byte sent to the
last byte received; static files, which browsers keep, are left out. `break` hands in and decides on a new data folder,
by library calls and over HTTP, while importer, reader, web server, its processes and its worker are killed at random,
and says whether anything was lost, doubled or half written, and whether every decision that somebody was told is
there, once.
"""

from __future__ import annotations

import argparse
import http.client
import math
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

from common import CORE, machine, row, rows, versions
from desk.faults import broken, decide, hand_in
from desk.fill import fill
from desk.reader import Reader

PEOPLE = [
    *(f"politie-{name}" for name in ("analist", "analist2", "weger", "weger2", "coordinator")),
    *(f"nla-{name}" for name in ("analist", "analist2", "weger", "weger2", "coordinator")),
    *(f"kmar-{name}" for name in ("analist", "analist2", "weger", "weger2", "coordinator")),
]
SERVE = """
import sys
from pathlib import Path
from seinpost.server.database import opened
with opened(Path(sys.argv[1])):
    from contextlib import nullcontext
    from seinpost.server.serving import serve_pages
    from seinpost.server.worker.beside import worker_beside
    serve_pages("127.0.0.1", int(sys.argv[2]), 2, beside=worker_beside if sys.argv[3] == "worker" else nullcontext)
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server says it is well."""
    until = time.monotonic() + 180
    while time.monotonic() < until and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("localhost", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit("the server did not start")


def measure(port: int, people: int, seconds: float, pause: float) -> tuple[dict[str, list[float]], list[str]]:
    """Let them work; seconds per kind of request, and what went wrong."""
    taken: dict[str, list[float]] = defaultdict(list)
    faults: list[str] = []
    readers = [Reader(PEOPLE[number % len(PEOPLE)], port, taken, faults) for number in range(people)]
    for reader in readers:
        reader.log_in()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=reader.work, args=(until, pause, random.Random(number)))
        for number, reader in enumerate(readers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, faults


def measured(data: Path, people: int, seconds: float, pause: float, *, worker: bool) -> list[str]:
    """Measure and print; what went wrong."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(data), str(port), "worker" if worker else ""])
    try:
        wait_for(port, server)
        taken, faults = measure(port, people, seconds, pause)
    finally:
        server.terminate()
        server.wait(90)  # a worker gets half a minute for what it has in hand
    print(f"## {people} people at once\n\n{versions((*CORE, 'django', 'psycopg', 'granian'))}; {machine()}.")
    beside = "a worker does the work on the clock beside it" if worker else "no worker beside it"
    print(f"Load at the end: {os.getloadavg()[0]:.1f}. Mean pause {pause} s, during {seconds} s; {beside}.\n")
    rows(("request", "count", "median ms", "p95 ms", "p99 ms", "greatest ms"))
    for what, spent in taken.items():
        row(what, len(spent), *(f"{1e3 * part(spent, share):.0f}" for share in (0.5, 0.95, 0.99, 1.0)))
    print(f"\nErrors: {len(faults)}" + "".join(f"\n- {fault}" for fault in faults[:10]))
    return faults


def part(spent: list[float], share: float) -> float:
    """The least time within which this share of the requests was answered."""
    return sorted(spent)[max(0, math.ceil(share * len(spent)) - 1)]


def main() -> None:
    """Fill, or measure."""
    options = argparse.ArgumentParser(
        description="people at work at once", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    jobs = options.add_subparsers(dest="job", required=True)
    made = {name: jobs.add_parser(name) for name in ("fill", "measure", "break", "hand-in", "decide")}
    for job in made.values():
        job.add_argument("data", type=lambda text: Path(text).absolute())
    for name, signals in (("fill", 100_000), ("break", 10_000), ("hand-in", 10_000), ("decide", 0)):
        made[name].add_argument("--signals", type=int, default=signals)
    made["fill"].add_argument("--log-rows", type=int, default=2_000_000)
    made["break"].add_argument("--seed", type=int, default=20261127)
    made["measure"].add_argument("--people", type=int, default=20)
    made["measure"].add_argument("--seconds", type=float, default=120)
    made["measure"].add_argument("--pause", type=float, default=2.0, help="mean seconds between two requests")
    made["measure"].add_argument("--worker", action="store_true", help="with the worker that `seinpost serve` starts")
    sys.exit(run(options.parse_args()))


def run(chosen: argparse.Namespace) -> int:
    """Do what was chosen; 1 when something was wrong."""
    if chosen.job == "fill":
        fill(chosen.data, chosen.signals, chosen.log_rows)
    elif chosen.job == "hand-in":
        hand_in(chosen.data, chosen.signals)
    elif chosen.job == "decide":
        decide(chosen.data)
    elif chosen.job == "measure":
        wanted = (chosen.data, chosen.people, chosen.seconds, chosen.pause)
        return int(bool(measured(*wanted, worker=chosen.worker)))
    else:
        done, faults = broken(chosen.data, chosen.signals, chosen.seed, free_port())
        print(", ".join(f"{count} {name}" for name, count in done.items()) + "; first the kills")
        print("\n".join(faults) or "nothing lost, nothing doubled, chain whole, guarantee holds, import balances")
        return int(bool(faults))
    return 0


if __name__ == "__main__":
    main()
