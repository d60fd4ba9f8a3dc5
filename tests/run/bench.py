"""Small inputs and runs for the tests of the run room."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as papq

from seinpost.run.engine import Engine
from seinpost.run.job import Finished, run_job
from seinpost.run.pipeline import Plan
from seinpost.run.read.clean import Batch, clean
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined
from seinpost.run.read.raw import BrokenSourceError
from seinpost.run.read.reader import read_source
from seinpost.run.read.sources import find_sources

SIGNAL = "Zijn paspoort is afgepakt door de baas."
PLAIN = "Fiets gestolen voor de woning."
DEFAULT = SourceProfile()
NAMES = ("signals.parquet", "hits.parquet", "contributions.parquet", "quarantine.jsonl", "ledger.json")


def table(n: int, first: int = 0) -> pa.Table:
    """Registrations R-<first> and on; every third is a signal."""
    numbers = range(first, first + n)
    return pa.table(
        {
            "registration_id": [f"R-{i}" for i in numbers],
            "text": [f"{SIGNAL if i % 3 == 0 else PLAIN} Nummer {i}." for i in numbers],
        }
    )


def parquet(path: Path, n: int, first: int = 0) -> Path:
    """Write such registrations as Parquet."""
    papq.write_table(table(n, first), path)
    return path


def lines(*rows: object) -> bytes:
    """JSON Lines of some values."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def row(number: object, text: object = PLAIN) -> dict[str, object]:
    """One registration as a JSON object."""
    return {"registration_id": number, "text": text}


def read(path: Path, profile: SourceProfile = DEFAULT) -> tuple[list[Batch], BrokenSourceError | None]:
    """All clean batches of a file, and how it broke off if it did."""
    (source,) = find_sources([str(path)])
    batches: list[Batch] = []
    try:
        batches.extend(clean(raw, source, profile) for raw in read_source(source, profile))
    except BrokenSourceError as error:
        return batches, error
    return batches, None


def good(batches: Sequence[Batch]) -> list[tuple[int, str, str]]:
    """Row number, id and text of every row that can be scanned."""
    return [
        (int(number), batch.ids[i].as_py(), batch.texts[i].as_py())
        for batch in batches
        for i, number in enumerate(batch.rows)
    ]


def bad(batches: Sequence[Batch]) -> list[Quarantined]:
    """Every row set apart."""
    return [quarantined for batch in batches for quarantined in batch.quarantined]


def scan(engine: Engine, out: Path, inputs: Sequence[Path], **options: Any) -> Finished:
    """Scan files into a folder."""
    overwrite = options.pop("overwrite", False)
    reporter = options.pop("reporter", None)
    plan = Plan(tuple(find_sources([str(path) for path in inputs])), DEFAULT, out, 2)
    return run_job(replace(plan, **options), engine, overwrite=overwrite, reporter=reporter)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a run with its bytes, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def quarantine(folder: Path) -> list[dict[str, Any]]:
    """The lines of quarantine.jsonl."""
    return [json.loads(line) for line in (folder / "quarantine.jsonl").read_text().splitlines()]
