"""From a zstd Parquet file to signals, hits, contributions, report and ledger: wall time and peak memory.

    uv run python benchmarks/end_to_end.py [--registrations N ...] [--rounds N] [--threads N]

`seinpost scan --no-semantic` runs as a process of its own and is measured from outside. Two sizes show whether memory
stays flat. Beside it: what reading the same columns with pyarrow costs, in a process of its own as well.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from pathlib import Path

from common import MEGA, Finished, command, corpus_file, fresh, head, measured, parser, row, rows, text_bytes_of

READ = """
import sys, pyarrow.parquet as pq
for batch in pq.ParquetFile(sys.argv[1]).iter_batches(columns=["registration_id", "text"], batch_size=20000):
    len(batch)
"""


def scan(path: Path, cache: Path, threads: int | None) -> tuple[Finished, dict[str, object]]:
    """Scan a file, and tell what it took, the sizes of what was written and the counts of the ledger."""
    out = fresh(cache, "run")
    extra = () if threads is None else ("--threads", str(threads))
    try:
        done = measured(command("scan", path, "--out", out, "--no-semantic", *extra))
        counts = json.loads((out / "ledger.json").read_text(encoding="utf-8"))["counts"]
        written = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
        return done, {**counts, "bytes": written}
    finally:
        shutil.rmtree(out.parent)


def middle(runs: list[Finished]) -> tuple[float, float, float]:
    """Median wall seconds, median processor seconds, and the greatest peak memory in MB."""
    seconds = statistics.median(run.seconds for run in runs)
    processor = statistics.median(run.processor for run in runs)
    return seconds, processor, max(run.memory for run in runs) / MEGA


def main() -> None:
    """Measure and print."""
    options = parser("the whole job, file to files", rounds=3)
    options.add_argument("--registrations", type=int, nargs="+", default=[200_000, 2_000_000])
    options.add_argument("--threads", type=int, default=None, help="as in `seinpost scan`; default: all cores")
    chosen = options.parse_args()
    head(
        "End to end",
        "`seinpost scan FILE --no-semantic` on generated registrations (zstd Parquet), full Dutch pack, "
        f"{'all cores' if chosen.threads is None else f'{chosen.threads} threads'}, start of Python and report "
        f"included; median of {chosen.rounds} runs (peak memory: the greatest), the file in the page cache, compiled "
        "kernels there.",
        bare=chosen.bare,
    )
    heads = ("registrations", "what", "wall s", "processor s", "registrations/s", "MB text/s", "peak MB", "")
    rows(heads)
    scan(corpus_file(chosen.cache, 1_000), chosen.cache, chosen.threads)  # compiles the kernels where needed
    for size in sorted(chosen.registrations):
        path = corpus_file(chosen.cache, size)
        text = text_bytes_of(path) / MEGA
        scans: list[Finished] = []
        reads: list[Finished] = []
        counts: dict[str, object] = {}
        for _ in range(chosen.rounds):
            reads.append(measured([sys.executable, "-c", READ, str(path)]))
            done, counts = scan(path, chosen.cache, chosen.threads)
            scans.append(done)
        flagged = counts["flagged"]
        note = f"signals {flagged}, {float(str(counts['bytes'])) / MEGA:.1f} MB written"
        sizes = f"{path.stat().st_size / MEGA:.0f} MB file, {text:.0f} MB text"
        for what, runs, told in (("seinpost scan", scans, note), ("reading alone (pyarrow)", reads, sizes)):
            wall, processor, memory = middle(runs)
            cells = (f"{wall:.2f}", f"{processor:.2f}", f"{size / wall:,.0f}", f"{text / wall:.0f}", f"{memory:.0f}")
            row(f"{size:,}", what, *cells, told)
    print(flush=True)


if __name__ == "__main__":
    main()
