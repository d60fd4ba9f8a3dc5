"""How fast the scanner alone reads registrations in memory.

    uv run python benchmarks/scan_speed.py [--registrations N] [--rounds N]

The full Dutch pack (all indicators, contexts, character spans), and the benchmark lexicon of 3,000 terms and 300
proximities, on one thread and on two; beside them what cannot be avoided: reading the bytes, checking them, and the scan
with a pack that never hits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
from common import MEGA, alternate, clock, corpus, head, parser, ratio, row, rows, scan_on, speed, text_bytes
from lexicon import Lexicon, as_pack, make_lexicon, plant

from seinpost.packs import load_pack
from seinpost.packs.pack import Pack
from seinpost.scan.scanner import Scanner

NEVER = Lexicon(("qqxzjqqxzj",), ())


def floor(texts: pa.Array) -> dict[str, Callable[[], object]]:
    """Passes over the same bytes that find nothing."""
    data = np.frombuffer(texts.buffers()[2], np.uint8)
    words = data[: len(data) // 8 * 8].view(np.uint64)
    return {
        "read every byte (numpy sum)": lambda: words.sum(),
        "check UTF-8 (pyarrow)": lambda: texts.validate(full=True),
    }


def main() -> None:
    """Measure and print."""
    options = parser("speed of the scanner alone", rounds=7, cache=False)
    options.add_argument("--registrations", type=int, default=100_000)
    chosen = options.parse_args()
    pack = load_pack("nl")
    lexicon = make_lexicon(pack.frequency).first(3_000)
    plain = corpus(chosen.registrations)
    planted = plant(plain, lexicon)
    head(
        "Scanner alone, in memory",
        f"{chosen.registrations:,} generated registrations ({text_bytes(plain) / MEGA:.0f} MB of text) as one Arrow "
        "array; hits with contexts and character spans as columns. Ratios to the full Dutch pack on one thread, "
        "paired, in one process.",
        bare=chosen.bare,
    )
    jobs: dict[str, tuple[Pack, pa.Array]] = {
        f"full Dutch pack {pack.version}: {len(pack.patterns):,} patterns, {len(pack.indicators)} indicators": (
            pack,
            plain,
        ),
        "benchmark lexicon: 3,000 terms, 300 proximities": (as_pack(lexicon, pack), planted),
        "a pack that never hits (overhead: tokens, folding, look-ups)": (
            replace(as_pack(NEVER, pack), frequency={}),
            plain,
        ),
    }
    runs: dict[str, Callable[[], object]] = {}
    told: dict[str, tuple[str, int, float]] = {}
    for name, (used, texts) in jobs.items():
        began = time.perf_counter()
        scanner = Scanner(used, used.frequency)
        compiled = time.perf_counter() - began
        spaces = [scanner.workspace() for _ in range(2)]
        hits = scanner.scan(texts, spaces[0])
        share = len(np.unique(hits.row)) / len(texts)
        told[name] = (
            f"{len(hits):,} hits in {share:.1%} of the texts; compiled in {compiled:.2f} s",
            text_bytes(texts),
            0,
        )
        for threads in (1, 2):
            here = spaces[:threads]
            runs[f"{name}|{threads}"] = lambda s=scanner, h=here, t=texts: scan_on(s, h, t)
    base = next(iter(runs))
    basics = floor(plain)
    taken = alternate({**runs, **basics}, chosen.rounds)
    rows(("what", "threads", "MB/s", "registrations/s", "time against the full pack on 1 thread", ""))
    for name in runs:
        what, threads = name.rsplit("|", 1)
        note, size, _ = told[what]
        rate = chosen.registrations / np.median(taken[name])
        middle = ratio(taken[name], taken[base])[0]
        row(what, threads, speed(size, taken[name]), f"{rate:,.0f}", f"{middle:.2f}", note if threads == "1" else "")
    for name in basics:
        row(
            name,
            1,
            speed(text_bytes(plain), taken[name]),
            "",
            f"{ratio(taken[name], taken[base])[0]:.3f}",
            "finds nothing",
        )
    print(f"\nTwo threads on {os.cpu_count()} cores: ", end="")
    print(
        "; ".join(f"{ratio(taken[n + '|1'], taken[n + '|2'])[0]:.2f}x of one ({n.split(':')[0]})" for n in jobs), "\n"
    )


if __name__ == "__main__":
    main()
