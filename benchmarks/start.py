"""How long `seinpost scan` of 1,000 registrations takes: every day, and the very first time.

    uv run python benchmarks/start.py [--rounds N] [--first N]

The very first time is a run with an empty cache folder, so that kernels and tables are all built anew.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from common import MEGA, Finished, command, corpus_file, fresh, head, measured, parser, row, rows

SIZE = 1_000


def run(path: Path, cache: Path, extra: Sequence[str], kernels: Path | None = None) -> Finished:
    """Scan the file once, with the compiled kernels of every day or those in a folder."""
    out = fresh(cache, "start")
    environment = {}
    if kernels is not None:
        environment = {"XDG_CACHE_HOME": str(kernels), "NUMBA_CACHE_DIR": str(kernels / "kernels")}
    try:
        return measured(command("scan", path, "--out", out, *extra), environment)
    finally:
        shutil.rmtree(out.parent)


def first_time(path: Path, cache: Path, extra: Sequence[str]) -> Finished:
    """Scan the file once with no kernel built yet."""
    with tempfile.TemporaryDirectory(prefix="kernels-", dir=cache) as kernels:
        return run(path, cache, extra, Path(kernels))


def told(name: str, runs: Sequence[Finished]) -> None:
    """Print one row."""
    wall = [done.seconds for done in runs]
    spread = f"{min(wall):.2f}-{max(wall):.2f}"
    row(name, len(runs), f"{statistics.median(wall):.2f}", spread, f"{max(done.memory for done in runs) / MEGA:.0f}")


def main() -> None:
    """Measure and print."""
    options = parser("the start of the command", rounds=7)
    options.add_argument("--first", type=int, default=2, help="runs with an empty cache folder")
    chosen = options.parse_args()
    path = corpus_file(chosen.cache, SIZE)
    head("Start", f"`seinpost scan` of {SIZE:,} generated registrations as a process of its own.", bare=chosen.bare)
    rows(("what", "runs", "wall s (median)", "range", "peak MB"))
    jobs = {"with the second eye (as installed)": (), "`--no-semantic`": ("--no-semantic",)}
    for extra in jobs.values():
        run(path, chosen.cache, extra)
    warm: dict[str, list[Finished]] = {name: [] for name in jobs}
    bare: list[Finished] = []
    for _ in range(chosen.rounds):
        for name, extra in jobs.items():
            warm[name].append(run(path, chosen.cache, extra))
        bare.append(measured([sys.executable, "-c", "import numba, numpy, pyarrow.parquet, pydantic, yaml, typer"]))
    for name, runs in warm.items():
        told(f"every day, {name}", runs)
    told("overhead: Python that imports the same packages and ends", bare)
    for name, extra in jobs.items():
        told(f"very first time, {name}", [first_time(path, chosen.cache, extra) for _ in range(chosen.first)])
    print(flush=True)


if __name__ == "__main__":
    main()
