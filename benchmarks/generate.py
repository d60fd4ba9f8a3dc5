"""How fast registrations are made up: in memory, and into a zstd Parquet file.

uv run python benchmarks/generate.py [--registrations N] [--rounds N]
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from common import MEGA, SEED, alternate, corpus, head, parser, row, rows, speed, text_bytes

from seinpost.synth import generate, write


def make(registrations: int, threads: int) -> int:
    """Make registrations and let them go."""
    return sum(batch.num_rows for batch in generate(registrations, SEED, threads=threads))


def main() -> None:
    """Measure and print."""
    options = parser("speed of the generator", rounds=3, cache=False)
    options.add_argument("--registrations", type=int, default=200_000)
    chosen = options.parse_args()
    count = chosen.registrations
    size = text_bytes(corpus(count))
    head(
        "Generating registrations",
        f"{count:,} registrations ({size / MEGA:.0f} MB of text) with every column; median of {chosen.rounds} rounds "
        "taking turns in one process; reading the fragments at the start included.",
        bare=chosen.bare,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.parquet"
        runs: dict[str, Callable[[], object]] = {
            "in memory|1": lambda: make(count, 1),
            "in memory|2": lambda: make(count, 2),
            "into zstd Parquet|1": lambda: write(path, count, SEED, threads=1, overwrite=True),
            "into zstd Parquet|2": lambda: write(path, count, SEED, threads=2, overwrite=True),
        }
        taken = alternate(runs, chosen.rounds)
    rows(("what", "threads", "registrations/s", "MB text/s", "seconds (range)"))
    for name, seconds in taken.items():
        what, threads = name.split("|")
        middle = statistics.median(seconds)
        spread = f"{middle:.2f} ({min(seconds):.2f}-{max(seconds):.2f})"
        row(what, threads, f"{count / middle:,.0f}", speed(size, seconds), spread)
    print(flush=True)


if __name__ == "__main__":
    main()
