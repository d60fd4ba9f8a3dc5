"""Run every speed benchmark and print one Markdown document, for docs/reference/measurements.md.

    uv run --group bench python benchmarks/run_all.py 2026-11-24 [--quick] > speed.md

The date is an argument, so that the document says when it was measured and nothing else reads the clock. Each
benchmark runs as a process of its own. With --quick all sizes are small: to try the scripts, not to publish.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from common import CORE, machine, versions

HOME = Path(__file__).parent
FULL: dict[str, tuple[str, ...]] = {
    "scan_speed": (),
    "scan_peers": (),
    "growth": (),
    "end_to_end": (),
    "start": (),
    "second_eye": (),
    "generate": (),
}
QUICK: dict[str, tuple[str, ...]] = {
    "scan_speed": ("--registrations", "20000", "--rounds", "3"),
    "scan_peers": ("--registrations", "12000", "--rounds", "2"),
    "growth": ("--registrations", "20000", "60000", "--texts", "10000", "--rounds", "3"),
    "end_to_end": ("--registrations", "20000", "60000", "--rounds", "1"),
    "start": ("--rounds", "2", "--first", "1"),
    "second_eye": ("--day", "10000", "--backfill", "20000", "--rounds", "2"),
    "generate": ("--registrations", "20000", "--rounds", "2"),
}


def main() -> int:
    """Run, print, and exit 1 if a benchmark failed."""
    options = argparse.ArgumentParser(description="every speed benchmark as one Markdown document")
    options.add_argument("date", type=date.fromisoformat, help="day of the measurement, YYYY-MM-DD")
    options.add_argument("--quick", action="store_true", help="small sizes, to try the scripts")
    chosen = options.parse_args()
    print(f"# Speed, measured on {chosen.date.isoformat()}\n")
    print(f"{versions(CORE)}.\n\nMachine: {machine()}.\n")
    print("All texts are made up by `seinpost generate`; real registrations have other words and other lengths.\n")
    if chosen.quick:
        print("**Small sizes (`--quick`): not for publication.**\n")
    failed = []
    for name, arguments in (QUICK if chosen.quick else FULL).items():
        began = time.perf_counter()
        launch = [sys.executable, str(HOME / f"{name}.py"), "--bare", *arguments]
        done = subprocess.run(launch, capture_output=True, text=True, check=False)
        print(done.stdout.rstrip() + "\n")
        shown = " ".join(("python", f"benchmarks/{name}.py", *arguments))
        if done.returncode != 0:
            failed.append(name)
            print(f"**Failed** with exit code {done.returncode}: `{shown}`\n")
            print(done.stderr, file=sys.stderr)
        print(f"Command: `{shown}`, {time.perf_counter() - began:.0f} s in all.\n", flush=True)
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
