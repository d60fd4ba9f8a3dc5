"""The ledger: every registration received is accounted for, and whoever doubts it can check (`verify`).

received = flagged + not flagged + failed, for each source and for the run, with digests of what was read, of the pack
and of every file written. It holds no clock time and no machine name: the same input and pack give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
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
    """The whole account of a run. `digest` is over all units, so over every id and text in order.

    `encoder` names the third reader: its package, the version of that, the digest of its head. Without one it is left
    out of the file.
    """

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
    encoder: dict[str, str] | None = None

    def as_bytes(self) -> bytes:
        """The content of ledger.json; `seal` is the SHA-256 of all the rest, so that an edit shows."""
        content = asdict(self)
        if self.encoder is None:
            del content["encoder"]
        seal = hashlib.sha256(as_json(content)).hexdigest()
        return as_json({**content, "seal": seal})


def as_json(content: dict[str, Any]) -> bytes:
    """JSON for people and machines: the same content gives the same bytes."""
    return (json.dumps(content, indent=1, ensure_ascii=True, sort_keys=True) + "\n").encode()


def file_sha256(path: Path, stopped: threading.Event | None = None) -> str:
    """SHA-256 of a file; gives up, with the digest of what it read, once it is told to stop."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while (stopped is None or not stopped.is_set()) and (data := file.read(1 << 20)):
            digest.update(data)
    return digest.hexdigest()


def count_lines(path: Path) -> int:
    """How many lines a file has."""
    with path.open("rb") as file:
        return sum(data.count(b"\n") for data in iter(lambda: file.read(1 << 20), b""))


def chain(digests: Iterable[str]) -> str:
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
    from pydantic import TypeAdapter

    path = folder / LEDGER
    if not path.is_file():
        stopped = (folder / ".work").is_dir()
        raise RunError(
            f"{folder}: holds no finished run" + ("; it was interrupted, go on with --resume" if stopped else ""),
            f"{folder}: bevat geen voltooide run" + ("; hij is onderbroken, ga verder met --resume" if stopped else ""),
        )
    try:
        content = json.loads(path.read_bytes())
        found = content.get("version") if isinstance(content, dict) else None
        if isinstance(content, dict) and found != VERSION:
            raise RunError(
                f"{path}: ledger version {found!r} (allowed: {VERSION})",
                f"{path}: versie {found!r} van de sluitende telling (toegestaan: {VERSION})",
            )
        ledger: Ledger = TypeAdapter(Ledger).validate_python(content, strict=False)
    except ValueError as error:
        raise RunError(f"{path}: is not a ledger: {error}", f"{path}: is geen sluitende telling: {error}") from error
    return ledger


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing of a run that is not what its ledger says: which file or entry, and what is wrong."""

    what: str
    en: str
    nl: str

    def told(self, language: str) -> str:
        """One sentence in "nl" or "en"."""
        return f"{self.what}: {self.nl if language == 'nl' else self.en}"


def verify(folder: Path) -> list[Disagreement]:
    """Check a finished run against its ledger; return each thing that does not agree: none is the proof.

    Inputs are checked too where they still stand where they stood; one that is gone is no fault. Raises RunError when
    there is no ledger that can be read.
    """
    ledger = read_ledger(folder)
    faults = list(check_ledger(folder, ledger))
    outputs = list(check_outputs(folder, ledger))
    if not faults and not outputs:
        outputs = list(check_tables(folder, ledger))
    return [*faults, *outputs, *check_inputs(ledger)]


def check_ledger(folder: Path, ledger: Ledger) -> Iterator[Disagreement]:
    """Tell where the ledger contradicts itself."""
    if (folder / LEDGER).read_bytes() != ledger.as_bytes():
        yield Disagreement(LEDGER, "was changed after the run", "is na de run veranderd")
    for name, counts in every_count(ledger):
        if not counts.balanced:
            yield Disagreement(LEDGER, f"the counts of {name} do not add up", f"de telling van {name} klopt niet")
    if sum((source.counts for source in ledger.sources), Counts()) + Counts() != ledger.counts + Counts():
        yield Disagreement(LEDGER, "the sources do not add up to the run", "de bronnen zijn samen niet de run")
    if chain(source.digest for source in ledger.sources) != ledger.digest:
        yield Disagreement(
            LEDGER, "the digest of the run is not that of its sources", "de vingerafdruk is niet die van de bronnen"
        )


def every_count(ledger: Ledger) -> Iterator[tuple[str, Counts]]:
    """The counts of the run and of each source."""
    yield "the run", ledger.counts
    yield from ((source.name, source.counts) for source in ledger.sources)


def check_outputs(folder: Path, ledger: Ledger) -> Iterator[Disagreement]:
    """Tell which outputs are missing or changed."""
    for output in ledger.outputs:
        path = folder / output.name
        if not path.is_file():
            yield Disagreement(output.name, "is missing", "ontbreekt")
        elif file_sha256(path) != output.sha256:
            yield Disagreement(output.name, "was changed after the run", "is na de run veranderd")


def check_tables(folder: Path, ledger: Ledger) -> Iterator[Disagreement]:
    """Tell where the tables themselves do not hold what the ledger says."""
    signals = papq.read_table(folder / "signals.parquet", columns=["registration_id", "layer", "rank"])
    found = {row["values"]: row["counts"] for row in pc.value_counts(signals["layer"]).to_pylist()}
    expected = {layer: count for layer, count in (ledger.counts.flagged or {}).items() if count}
    if found != expected:
        yield Disagreement(
            "signals.parquet",
            f"layers {found}, the ledger says {expected}",
            f"lagen {found}, de telling zegt {expected}",
        )
    if np.sort(signals["rank"].to_numpy()).tolist() != list(range(1, len(signals) + 1)):
        yield Disagreement("signals.parquet", "the ranks are not 1, 2, 3 and so on", "de rangen zijn niet 1, 2, 3 enz.")
    if len(pc.unique(signals["registration_id"])) != len(signals):
        yield Disagreement("signals.parquet", "a registration stands there twice", "een registratie staat er twee keer")
    lines, failed = count_lines(folder / "quarantine.jsonl"), ledger.counts.failed
    if lines != failed:
        yield Disagreement(
            "quarantine.jsonl", f"{lines} lines, the ledger says {failed}", f"{lines} regels, de telling zegt {failed}"
        )
    for name in ("hits.parquet", "contributions.parquet"):
        ids = papq.read_table(folder / name, columns=["registration_id"])["registration_id"]
        if pc.any(pc.invert(pc.is_in(ids, value_set=signals["registration_id"].combine_chunks()))).as_py():
            yield Disagreement(
                name, "speaks of a registration that is no signal", "noemt een registratie die geen signaal is"
            )


def check_inputs(ledger: Ledger) -> Iterator[Disagreement]:
    """Tell which inputs are no longer what was scanned."""
    for source in ledger.sources:
        path = Path(source.name)
        if source.name != "stdin" and path.is_file() and file_sha256(path) != source.sha256:
            yield Disagreement(source.name, "the input was changed after the run", "de invoer is na de run veranderd")
