"""The ledger: every registration received is accounted for, and whoever doubts it can check (`verify`).

received = flagged + not flagged + failed, for each source and for the run, with digests of what was read, of the pack
and of every file written. It holds no clock time and no machine name: the same input and pack give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as papq

from seinpost.errors import RunError
from seinpost.run.engine import FLAGGED, Counts
from seinpost.run.parts import UnitState

LEDGER = "ledger.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """What became of one source. `bytes` and `sha256` are of the file as it was; `broken` says where it broke off."""

    name: str
    bytes: int
    sha256: str
    counts: Counts
    units: int
    digest: str
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class OutputEntry:
    """One file the run wrote. `rows` counts table rows or lines; None for a page."""

    name: str
    rows: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The whole account of a run. `digest` is over all units, so over every id and text in order."""

    seinpost: str
    pack: dict[str, str]
    second_eye: str | None
    settings: dict[str, Any]
    counts: Counts
    digest: str
    sources: tuple[SourceEntry, ...]
    outputs: tuple[OutputEntry, ...]
    oddities: dict[str, int]
    version: int = VERSION

    def as_bytes(self) -> bytes:
        """The content of ledger.json."""
        return (json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def chain(digests: Iterator[str]) -> str:
    """One digest over a sequence of digests."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def source_entry(name: str, path: Path, sha256: str, units: list[UnitState], broken: str | None) -> SourceEntry:
    """Account for one source from its units."""
    counts = sum((unit.counts for unit in units), Counts())
    counts = replace(counts, flagged=counts.flagged or {layer.name: 0 for layer in FLAGGED})
    digest = chain(unit.digest for unit in units)
    return SourceEntry(name, path.stat().st_size, sha256, counts, len(units), digest, broken)


def total_oddities(units: list[UnitState]) -> dict[str, int]:
    """Count the oddities of all units."""
    total: Counter[str] = Counter()
    for unit in units:
        total.update(unit.oddities)
    return dict(sorted(total.items()))


def read_ledger(folder: Path) -> Ledger:
    """Read the ledger of a finished run; raises RunError when there is none or it is not one of ours."""
    path = folder / LEDGER
    if not path.is_file():
        stopped = (folder / ".work").is_dir()
        raise RunError(
            f"{folder}: holds no finished run" + ("; it was interrupted, go on with --resume" if stopped else ""),
            f"{folder}: bevat geen voltooide run" + ("; hij is onderbroken, ga verder met --resume" if stopped else ""),
        )
    try:
        content = json.loads(path.read_bytes())
        if content.get("version") != VERSION:
            found = content.get("version")
            raise RunError(
                f"{path}: ledger version {found!r} (allowed: {VERSION})",
                f"{path}: versie {found!r} van de sluitende telling (toegestaan: {VERSION})",
            )
        content["counts"] = Counts(**content["counts"])
        content["sources"] = tuple(SourceEntry(**{**s, "counts": Counts(**s["counts"])}) for s in content["sources"])
        content["outputs"] = tuple(OutputEntry(**output) for output in content["outputs"])
        return Ledger(**content)
    except (ValueError, TypeError, KeyError) as error:
        raise RunError(f"{path}: is not a ledger: {error}", f"{path}: is geen sluitende telling: {error}") from error


def verify(folder: Path) -> list[str]:
    """Check a finished run against its ledger; return one sentence per thing that does not agree: none is the proof.

    Inputs are checked too where they still stand where they stood; one that is gone is no fault.
    """
    ledger = read_ledger(folder)
    faults = [
        f"ledger: the counts of {name} do not add up" for name, counts in every_count(ledger) if not counts.balanced
    ]
    if sum((source.counts for source in ledger.sources), Counts()) != ledger.counts:
        faults.append("ledger: the sources do not add up to the run")
    if chain(source.digest for source in ledger.sources) != ledger.digest:
        faults.append("ledger: the digest of the run is not that of its sources")
    faults += check_outputs(folder, ledger)
    if not faults:
        faults += check_tables(folder, ledger)
    faults += check_inputs(ledger)
    return faults


def every_count(ledger: Ledger) -> Iterator[tuple[str, Counts]]:
    """The counts of the run and of each source."""
    yield "the run", ledger.counts
    yield from ((source.name, source.counts) for source in ledger.sources)


def check_outputs(folder: Path, ledger: Ledger) -> Iterator[str]:
    """Tell which outputs are missing or changed."""
    for output in ledger.outputs:
        path = folder / output.name
        if not path.is_file():
            yield f"{output.name}: is missing"
        elif file_sha256(path) != output.sha256:
            yield f"{output.name}: was changed after the run"


def check_tables(folder: Path, ledger: Ledger) -> Iterator[str]:
    """Tell where the tables themselves do not hold what the ledger says."""
    signals = papq.read_table(folder / "signals.parquet", columns=["registration_id", "layer", "rank"])
    found = {row["values"]: row["counts"] for row in pc.value_counts(signals["layer"]).to_pylist()}
    expected = {layer: count for layer, count in (ledger.counts.flagged or {}).items() if count}
    if found != expected:
        yield f"signals.parquet: layers {found}, the ledger says {expected}"
    ranks = pc.sort_indices(signals["rank"])
    if len(signals) and not signals["rank"].take(ranks).equals(
        pa.chunked_array([pa.array(range(1, len(signals) + 1))])
    ):
        yield "signals.parquet: the ranks are not 1, 2, 3 and so on"
    if len(pc.unique(signals["registration_id"])) != len(signals):
        yield "signals.parquet: a registration stands there twice"
    lines = (folder / "quarantine.jsonl").read_bytes().count(b"\n")
    if lines != ledger.counts.failed:
        yield f"quarantine.jsonl: {lines} lines, the ledger says {ledger.counts.failed}"
    for name in ("hits.parquet", "contributions.parquet"):
        ids = papq.read_table(folder / name, columns=["registration_id"])["registration_id"]
        if pc.any(pc.invert(pc.is_in(ids, value_set=signals["registration_id"]))).as_py():
            yield f"{name}: speaks of a registration that is not in signals.parquet"


def check_inputs(ledger: Ledger) -> Iterator[str]:
    """Tell which inputs are no longer what was scanned."""
    for source in ledger.sources:
        path = Path(source.name)
        if source.name != "stdin" and path.is_file() and file_sha256(path) != source.sha256:
            yield f"{source.name}: the input was changed after the run"
