"""What the third reader changes in a real run: `seinpost scan` with and without --encoder over texts with a label.

    PYTHONPATH=benchmarks uv run python benchmarks/peers/third_reader.py [TEXTS.jsonl ...]

Scans the casebook's unseen part, and each file of TEXTS (as benchmarks/finding.py takes them), by the command itself.
Prints for each kind of text the share that comes to a person (layers A-C) by label, and the seconds of processor time.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as papq
from finding import auc, read

from seinpost.packs.casebook import load_casebook

Kinds = dict[str, list[tuple[str, str, str]]]
PEOPLE = ("A", "B", "C")


def texts(files: list[Path]) -> Kinds:
    """By kind of text: id, label and text."""
    found: Kinds = defaultdict(list)
    for one in load_casebook("unseen"):
        found["unseen"].append((one.id, one.label, one.text))
    for file in files:
        for number, row in enumerate(read(file)):
            if row.get("tier", "main") == "main":
                label = "signal" if row.get("label") else "other"
                kind = row.get("text_kind", file.name.split(".")[0])
                found[kind].append((f"{file.name}-{number}", label, row["text"]))
    return found


def scan(rows: list[tuple[str, str, str]], folder: Path, *options: str) -> tuple[dict[str, tuple[str, float]], float]:
    """Layer and score of every signal by its id, and the processor time of the command."""
    with (folder / "day.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"registration_id": i, "text": t}) + "\n" for i, _, t in rows)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [sys.executable, "-m", "seinpost.cli.main", "scan", str(folder / "day.jsonl"), "--out"]
    subprocess.run([*command, str(folder / "run"), "--overwrite", *options], check=True, capture_output=True)
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    signals = papq.read_table(folder / "run" / "signals.parquet", columns=["registration_id", "layer", "score"])
    return {row["registration_id"]: (row["layer"], row["score"]) for row in signals.to_pylist()}, seconds


def main() -> None:
    """Scan, count and print."""
    import numpy as np

    with TemporaryDirectory() as folder:
        for kind, rows in texts([Path(name) for name in sys.argv[1:]]).items():
            for options in ((), ("--encoder",)):
                found, seconds = scan(rows, Path(folder), *options)
                labels = sorted({label for _, label, _ in rows})
                told = []
                for label in labels:
                    ids = [i for i, said, _ in rows if said == label]
                    told.append(f"{label} {sum(found.get(i, ('-', 0))[0] in PEOPLE for i in ids) / len(ids):.2%}")
                truth = np.array([label == "signal" for _, label, _ in rows])
                score = np.array([found.get(i, ("-", 0.0))[1] for i, _, _ in rows])
                ranked = f" auc {auc(truth, score):.3f}" if truth.any() and not truth.all() else ""
                print(f"{kind:18}{' '.join(options):10} {'; '.join(told)};{ranked} {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
