"""Kill runs at random moments and resume them; run as a script, it prints what differed as JSON.

Every run is a forked child of one process in which the scanner is compiled. Half of the children die at a chosen
system call on the work of the run (seen by an audit hook), half at a chosen time.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.run.bench import bytes_of, scan

from seinpost.cli.reporting import reporter
from seinpost.packs import load_pack
from seinpost.run.engine import Engine
from seinpost.run.read.sources import find_sources

EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.scandir", "os.listdir"}


def in_child(work: Callable[[], object], kill_after: float | None = None) -> int:
    """Do something in a forked child; give its exit status, negative when it was killed."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            work()
            status = 0
        finally:
            traceback.print_exc()
            os._exit(status)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(event_number: int, out: Path) -> None:
    """Kill this process at the n-th event on the folder of the run."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in EVENTS and any(str(out) in str(argument) for argument in arguments):
            count += 1
            if count == event_number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def trial(engine: Engine, inputs: Path, out: Path, rng: random.Random, number: int) -> str | None:
    """One run, killed up to three times and resumed; tells what went wrong, or None."""
    make = reporter(engine.pack, find_sources([str(inputs)]), 10)

    def go(resume: bool, at: int | None) -> Callable[[], object]:
        def work() -> object:
            if at is not None:
                die_at(at, out)
            return scan(engine, out, [inputs], resume=resume, threads=rng.choice([1, 2, 3]), reporter=make)

        return work

    killed = 0
    for _ in range(1 + number % 3):
        resume = out.exists() and ((out / ".work" / "plan.json").is_file() or (out / "ledger.json").is_file())
        if number % 2:
            status = in_child(go(resume, rng.randint(1, 90)))
        else:
            status = in_child(go(resume, None), rng.uniform(0.005, 0.25))
        killed += status == -signal.SIGKILL
        if status not in (0, -signal.SIGKILL):
            return f"trial {number}: the run ended with {status}"
    resume = (out / ".work" / "plan.json").is_file() or (out / "ledger.json").is_file()
    status = in_child(go(resume, None))
    return f"trial {number}: after {killed} kills, resumed={resume}, it ended with {status}" if status else None


def main() -> None:
    """Arguments: pack folder, input folder, folder for results, number of trials, seed."""
    pack, inputs, place, trials, seed = sys.argv[1:]
    engine, rng, faults = Engine(load_pack(Path(pack))), random.Random(int(seed)), []
    make = reporter(engine.pack, find_sources([inputs]), 10)
    whole = Path(place) / "whole"
    if in_child(lambda: scan(engine, whole, [Path(inputs)], reporter=make)):
        raise SystemExit("the uninterrupted run failed")
    expected = bytes_of(whole)
    for number in range(int(trials)):
        out = Path(place) / f"out-{number}"
        fault = trial(engine, Path(inputs), out, rng, number)
        found = bytes_of(out)
        differing = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        if fault or differing:
            faults.append(fault or f"trial {number}: differing {differing}")
    print(json.dumps({"files": sorted(expected), "faults": faults}))


if __name__ == "__main__":
    main()
