"""How fast the second eye reads: a day of registrations, and a back-fill.

    uv run python benchmarks/second_eye.py [--day N] [--backfill N] [--rounds N]

The eye alone on texts in memory, on one thread and on two, taking turns with the phrase scan of the same texts. The
time for two million is not measured: it is the time of the back-fill sample times the ratio of the counts.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
from common import MEGA, SLICE, alternate, clock, corpus, head, parser, ratio, row, rows, scan_on, speed, text_bytes

from seinpost.packs import load_pack
from seinpost.scan.scanner import Scanner
from seinpost.score.eye import Eye, load_eye

FULL = 2_000_000


def read_on(eye: Eye, texts: pa.Array, pool: ThreadPoolExecutor) -> int:
    """Read texts a slice at a time on the threads of a pool; gives how many resemble something."""
    slices = [texts.slice(first, SLICE) for first in range(0, len(texts), SLICE)]
    return sum(pool.map(lambda part: len(eye.read(part).row), slices))


def main() -> None:
    """Measure and print."""
    options = parser("speed of the second eye", rounds=5, cache=False)
    options.add_argument("--day", type=int, default=30_000)
    options.add_argument("--backfill", type=int, default=200_000, help="registrations of the back-fill sample")
    chosen = options.parse_args()
    pack = load_pack("nl")
    eye = load_eye(pack)
    if eye is None:
        sys.exit("the pack has no second eye: train it first (`seinpost pack train`)")
    texts = corpus(chosen.day)
    head(
        "Second eye",
        f"Resemblance of every text, situations named, on a day of {chosen.day:,} generated registrations "
        f"({text_bytes(texts) / MEGA:.0f} MB), in memory; median of {chosen.rounds} rounds taking turns.",
        bare=chosen.bare,
    )
    scanner = Scanner(pack, pack.frequency)
    space = scanner.workspace()
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        runs: dict[str, Callable[[], object]] = {
            "second eye|1": lambda: read_on(eye, texts, one),
            "second eye|2": lambda: read_on(eye, texts, two),
            "phrase scan, for comparison|1": lambda: scan_on(scanner, [space], texts),
        }
        taken = alternate(runs, chosen.rounds)
        rows(("what", "threads", "seconds", "registrations/s", "MB/s", "time against the phrase scan"))
        for name, seconds in taken.items():
            middle = statistics.median(seconds)
            times = f"{ratio(seconds, taken['phrase scan, for comparison|1'])[0]:.2f}"
            what, threads = name.split("|")
            row(what, threads, f"{middle:.3f}", f"{len(texts) / middle:,.0f}", speed(text_bytes(texts), seconds), times)
        many = corpus(chosen.backfill)
        took = clock(lambda: read_on(eye, many, two))
    told = took * FULL / len(many)
    print(f"\n{len(many):,} registrations, once, 2 threads: {took:.1f} s ({len(many) / took:,.0f} a second). ", end="")
    print(f"Extrapolated, not measured: {FULL:,} registrations in {told:.0f} s.\n", flush=True)


if __name__ == "__main__":
    main()
