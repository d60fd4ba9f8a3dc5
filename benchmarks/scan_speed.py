"""How fast the scanner alone reads registrations in memory.

    uv run python benchmarks/scan_speed.py [--registrations N] [--rounds N]

The full Dutch pack (all indicators, contexts, character spans), and the benchmark lexicon of 3,000 terms and 300
proximities, on one thread and on two; beside them what cannot be avoided: reading the bytes, checking them, and the
scan with a pack that never hits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from common import MEGA, alternate, corpus, head, parser, ratio, row, rows, scan_on, speed, text_bytes
from lexicon import Lexicon, as_pack, make_lexicon, plant

from seinpost.packs import load_pack
from seinpost.packs.pack import Pack
from seinpost.scan.scanner import Scanner

NEVER = Lexicon(("qqxzjqqxzj",), ())
THREADS = (1, 2)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to time: a name, its text in bytes, how to run it per number of threads, and what to say of it."""

    name: str
    size: int
    runs: dict[int, Callable[[], object]]
    note: str


def scan_job(name: str, pack: Pack, texts: pa.Array) -> Job:
    """Compile a pack and make it ready to scan on one thread and on two."""
    began = time.perf_counter()
    scanner = Scanner(pack, pack.frequency)
    compiled = time.perf_counter() - began
    spaces = [scanner.workspace() for _ in range(max(THREADS))]
    hits = scanner.scan(texts, spaces[0])
    share = len(np.unique(hits.row)) / len(texts)
    note = f"{len(hits):,} hits, in {share:.1%} of the texts; compiled in {compiled:.2f} s"
    runs = {threads: lambda n=threads: scan_on(scanner, spaces[:n], texts) for threads in THREADS}
    return Job(name, text_bytes(texts), runs, note)


def floor_jobs(texts: pa.Array) -> list[Job]:
    """Passes over the same bytes that find nothing."""
    data = np.frombuffer(texts.buffers()[2], np.uint8)
    words = data[: len(data) // 8 * 8].view(np.uint64)
    size = text_bytes(texts)
    return [
        Job("read every byte (numpy sum)", size, {1: lambda: words.sum()}, "finds nothing"),
        Job("check UTF-8 (pyarrow)", size, {1: lambda: texts.validate(full=True)}, "finds nothing"),
    ]


def main() -> None:
    """Measure and print."""
    options = parser("speed of the scanner alone", rounds=7, cache=False)
    options.add_argument("--registrations", type=int, default=100_000)
    chosen = options.parse_args()
    pack = load_pack("nl")
    lexicon = make_lexicon(pack.frequency).first(3_000)
    plain = corpus(chosen.registrations)
    size = f"{len(pack.patterns):,} patterns, {len(pack.indicators)} indicators, contexts"
    head(
        "Scanner alone, in memory",
        f"{chosen.registrations:,} generated registrations ({text_bytes(plain) / MEGA:.0f} MB of text) as one Arrow "
        "array; hits with contexts and character spans as columns. Median of "
        f"{chosen.rounds} rounds in which all take turns in one process; ratios are paired within a round.",
        bare=chosen.bare,
    )
    jobs = [
        scan_job(f"full Dutch pack {pack.version}: {size}", pack, plain),
        scan_job("benchmark lexicon: 3,000 terms, 300 proximities", as_pack(lexicon, pack), plant(plain, lexicon)),
        scan_job("overhead: a pack that never hits", as_pack(NEVER, pack), plain),
        *floor_jobs(plain),
    ]
    taken = alternate({f"{job.name}|{n}": run for job in jobs for n, run in job.runs.items()}, chosen.rounds)
    first = taken[f"{jobs[0].name}|1"]
    rows(("what", "threads", "MB/s", "registrations/s", "against one thread", "time against the full pack", ""))
    for job in jobs:
        for threads in job.runs:
            took = taken[f"{job.name}|{threads}"]
            scaled = f"{ratio(taken[f'{job.name}|1'], took)[0]:.2f}x" if threads > 1 else ""
            rate = f"{chosen.registrations / np.median(took):,.0f}"
            row(job.name, threads, speed(job.size, took), rate, scaled, f"{ratio(took, first)[0]:.3f}", job.note)


if __name__ == "__main__":
    main()
