"""How time grows: with the lexicon from 300 to 30,000 terms, and with the registrations from thousands to millions.

    uv run python benchmarks/growth.py [--registrations N ...] [--texts N] [--rounds N]

The first part scans the same texts in memory with lexicons of three sizes, taking turns. The second runs
`seinpost scan --no-semantic` on generated files of each size; what the start takes is measured on 1,000 registrations
and taken off before sizes are compared.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from common import (
    MEGA,
    Finished,
    alternate,
    command,
    corpus,
    corpus_file,
    fresh,
    head,
    measured,
    parser,
    ratio,
    row,
    rows,
    speed,
    text_bytes,
    times,
)
from lexicon import SIZES, as_pack, make_lexicon, plant

from seinpost.packs import load_pack
from seinpost.scan.scanner import Scanner

START = 1_000


def by_terms(texts_wanted: int, rounds: int, *, everyday: bool) -> None:
    """Print how the scan slows down with the lexicon."""
    pack = load_pack("nl")
    lexicon = make_lexicon(pack.frequency, everyday=everyday)
    texts = plant(corpus(texts_wanted), lexicon)
    runs: dict[str, Callable[[], object]] = {}
    notes: dict[str, tuple[str, str]] = {}
    for size in SIZES:
        used = as_pack(lexicon.first(size), pack)
        began = time.perf_counter()
        scanner = Scanner(used, pack.frequency)
        compiled = f"{time.perf_counter() - began:.2f}"
        space = scanner.workspace()
        notes[f"{size:,}"] = (f"{len(scanner.scan(texts, space)):,}", compiled)
        runs[f"{size:,}"] = lambda s=scanner, w=space: s.scan(texts, w)
    taken = alternate(runs, rounds)
    name = "the everyday lexicon (harder)" if everyday else "the benchmark lexicon"
    print(f"### By terms, {name}: {len(texts):,} registrations in memory, one thread, {rounds} rounds taking turns\n")
    rows(("terms (and a tenth as many proximities)", "MB/s", "time against 300 terms", "hits", "compiled in s"))
    for size, seconds in taken.items():
        slower = times(ratio(seconds, taken[f"{SIZES[0]:,}"]))
        row(size, speed(text_bytes(texts), seconds), slower, *notes[size])
    print(flush=True)


def scan_once(path: Path, cache: Path) -> Finished:
    """Scan one file with the command, and throw the result away."""
    out = fresh(cache, "growth")
    try:
        return measured(command("scan", path, "--out", out, "--no-semantic"))
    finally:
        shutil.rmtree(out.parent)


def by_registrations(sizes: Sequence[int], cache: Path) -> None:
    """Print how the whole job grows with the registrations."""
    start_file = corpus_file(cache, START)
    scan_once(start_file, cache)  # compiled kernels are in the cache from here on
    start = statistics.median(scan_once(start_file, cache).seconds for _ in range(3))
    print(
        f"### By registrations, files through `seinpost scan --no-semantic`; start ({START:,} registrations) taken off"
    )
    print(f"\nThe start takes {start:.2f} s.\n")
    rows(("registrations", "wall s", "us per registration beyond the start", "against the smallest", "peak MB"))
    least: float | None = None
    for size in sorted(sizes):
        done = scan_once(corpus_file(cache, size), cache)
        each = (done.seconds - start) / (size - START) * MEGA
        least = each if least is None else least
        row(f"{size:,}", f"{done.seconds:.2f}", f"{each:.2f}", f"{each / least:.2f}", f"{done.memory / MEGA:.0f}")
    print(flush=True)


def main() -> None:
    """Measure and print."""
    options = parser("growth of time and memory", rounds=7)
    options.add_argument("--registrations", type=int, nargs="*", default=[200_000, 5_000_000])
    options.add_argument("--texts", type=int, default=50_000, help="registrations for the growth by terms")
    chosen = options.parse_args()
    head("Growth", "The same job on more terms, and on more registrations.", bare=chosen.bare)
    for everyday in (False, True):
        by_terms(chosen.texts, chosen.rounds, everyday=everyday)
    if chosen.registrations:
        by_registrations(chosen.registrations, chosen.cache)


if __name__ == "__main__":
    main()
