"""File a finished run: its flagged registrations become signals, batch by batch; broken off, it goes on where it was.

Kept are the registrations for people (layers A to C) and a control sample of layer D. Of all others the import keeps
the count, and the digest of the run's own ledger: no more data than the work needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as papq

from seinpost.errors import RunError, SettingError
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import ListName, Setting
from seinpost.process.guarantee import is_sampled
from seinpost.process.shapes import Urgency
from seinpost.run.ledger import Ledger, file_sha256, read_ledger, verify
from seinpost.store.acting import alone, as_system, working_for
from seinpost.store.actions.intake import SCAN, Into, file_batch
from seinpost.store.actions.versions import stored_text
from seinpost.store.log import append_record
from seinpost.store.models import Import, ImportFault
from seinpost.store.received import Reading, Received, ReceivedContribution, ReceivedHit
from seinpost.store.scanning import passages_of

BATCH = 200
MOST_FAULTS = 10_000
FOR_PEOPLE = ("A", "B", "C")
CONCLUSIONS = (  # of the scan, shown again as they were: `queries.file.explained` reads them
    *("cause", "forms", "indicators", "dimensions", "positive_dimensions", "elements", "minor", "already_known"),
    *("resembles", "resemblance"),
)


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a run."""

    filed: int
    known: int
    corrected: int
    refused: int
    not_kept: int
    failed: int
    received: int
    again: bool = False  # it was taken in before: these are the counts of then


def file_run(*, folder: Path, into: Into, source: str, now: datetime, plan: Procedure) -> Filed:
    """File a run of `seinpost scan` into a unit; handing it in again changes nothing, its account included.

    Of two hand-ins of one run at the same time the second waits, and finds it done.
    An import begins its counts anew, which two at once would mix.
    Raises RunError when the run does not prove itself, and SettingError when its profile names a compartment that is
    none: nothing of it is filed then.
    """
    disagreements = verify(folder)
    if disagreements:
        raise RunError(f"{folder} does not prove itself: {disagreements[0].told('en')}")
    ledger = read_ledger(folder)
    acting = as_system(into.unit.service_id)
    compartment = compartment_of(ledger, plan)
    identifies = [str(name) for name in ledger.settings.get("identifies") or ()]
    kept = chosen_rows(folder, ledger, plan)
    with alone(f"run {into.unit.service_id} {file_sha256(folder / 'ledger.json')}", wait=True):
        batch = begin(folder, into, source, ledger, len(kept), now)
        if batch.finished_at is not None:
            return account(batch, again=True)
        for start in range(0, len(kept), BATCH):
            items = read_items(folder, kept[start : start + BATCH], source, ledger, now)
            items = [protected(item, compartment, identifies) for item in items]
            file_batch(acting=acting, batch=batch.pk, into=into, items=items, now=now, plan=plan)
        return finish(batch, quarantined(folder), now)


def compartment_of(ledger: Ledger, plan: Procedure) -> str:
    """The compartment of the source of every row of a run, by its profile; empty where the source is not protected."""
    code = str(ledger.settings.get("protected") or "")
    known = plan.lists[ListName.COMPARTMENTS]
    if code and code not in known:
        allowed = ", ".join(known)
        raise SettingError(
            f"the source profile's `protected` names no compartment: {code!r} (allowed: {allowed})",
            f"`protected` in het bronprofiel noemt geen compartiment: {code!r} (toegestaan: {allowed})",
        )
    return code


def protected(item: Received, compartment: str, identifies: Sequence[str]) -> Received:
    """A registration of a protected source, with the kept columns that tell who that is; none named: all of them."""
    if not compartment:
        return item
    return replace(item, compartment=compartment, details={**item.details, "identifies": list(identifies)})


def chosen_rows(folder: Path, ledger: Ledger, plan: Procedure) -> list[dict[str, Any]]:
    """The flagged registrations that are kept, best first."""
    per_mille = plan.settings[Setting.SAMPLE_PER_MILLE]
    rows = papq.read_table(folder / "signals.parquet").to_pylist()
    return [
        row
        for row in rows
        if row["layer"] in FOR_PEOPLE or is_sampled(row["registration_id"], ledger.digest, per_mille)
    ]


def begin(folder: Path, into: Into, source: str, ledger: Ledger, kept: int, now: datetime) -> Import:
    """The import of a run: found again when it was broken off, with its counts begun anew."""
    with working_for(as_system(into.unit.service_id)):
        digest = file_sha256(folder / "ledger.json")
        flagged = sum((ledger.counts.flagged or {}).values())
        batch, _ = Import.objects.get_or_create(
            service_id=into.unit.service_id, digest=digest, key=None,
            defaults={
                "unit": into.unit, "source": source, "lane": into.lane, "pack": pack_of(ledger), "started_at": now,
                "received": ledger.counts.received, "failed": ledger.counts.failed,
                "not_kept": ledger.counts.not_flagged + flagged - kept,
            },
        )  # fmt: skip
        if batch.finished_at is None:
            batch.filed = batch.known = batch.corrected = batch.refused = 0
            batch.save()
        return batch


def quarantined(folder: Path) -> list[tuple[str, str]]:
    """Of what could not be read the place and the reason with its field, MOST_FAULTS at most; no value, no number.

    The folder of a run may be gone tomorrow; its import says afterwards what failed and where.
    """
    found = []
    with (folder / "quarantine.jsonl").open(encoding="utf-8") as lines:
        for line in islice(lines, MOST_FAULTS):
            one = json.loads(line)
            at = f"row {one['row']}" if one["line"] is None else f"line {one['line']}"
            found.append((f"{Path(one['source']).name} {at}", f"{one['reason']} {one['field'] or ''}".strip()))
    return found


def finish(batch: Import, faults: Sequence[tuple[str, str]], now: datetime) -> Filed:
    """Close the import, with what could not be read; the database refuses when the balance does not come out."""
    with working_for(as_system(batch.service_id)):
        row = Import.objects.select_for_update().get(pk=batch.pk)
        row.finished_at = now
        row.save(update_fields=["finished_at"])
        ImportFault.objects.bulk_create(
            ImportFault(
                service_id=row.service_id, batch=row, place=stored_text(place)[:300], problem=stored_text(problem)[:300]
            )
            for place, problem in faults
        )  # fmt: skip
        done = account(row)
        facts = {"import": str(row.pk), "digest": row.digest, "filed": done.filed, "received": done.received}
        append_record(batch.service_id, "import-finished", "system", now, facts)
        return done


def account(row: Import, *, again: bool = False) -> Filed:
    """What became of an import, as its row has it."""
    return Filed(row.filed, row.known, row.corrected, row.refused, row.not_kept, row.failed, row.received, again)


def pack_of(ledger: Ledger) -> str:
    """The rule pack a run was made with."""
    return f"{ledger.pack.get('id', '')} {ledger.pack.get('version', '')}".strip()


def read_items(folder: Path, rows: list[dict[str, Any]], source: str, ledger: Ledger, now: datetime) -> list[Received]:
    """Registrations of a run with what the scan said about them."""
    ids = [row["registration_id"] for row in rows]
    hits = by_registration(folder / "hits.parquet", ids)
    contributions = by_registration(folder / "contributions.parquet", ids)
    return [
        received(row, hits.get(key_of(row), []), contributions.get(key_of(row), []), source, pack_of(ledger), now)
        for row in rows
    ]


def by_registration(path: Path, ids: list[str]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Rows of a result table for these registrations, by source and row: an id may stand twice in a run."""
    return grouped(papq.read_table(path, filters=[("registration_id", "in", ids)]).to_pylist())


def grouped(rows: list[dict[str, Any]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Rows of a result table, by the registration they are of."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(key_of(row), []).append(row)
    return found


def key_of(row: dict[str, Any]) -> tuple[str, int]:
    """Where a registration stood in the input."""
    return row["source"], row["row"]


def received(
    row: dict[str, Any],
    hits: list[dict[str, Any]],
    contributions: list[dict[str, Any]],
    source: str,
    pack: str,
    now: datetime,
) -> Received:  # budget: six parts of one registration
    """One registration as it is handed in."""
    reading = Reading(
        row["layer"], row["score"], row["reason_nl"], row["reason_en"], pack,
        tuple(ReceivedHit(h["indicator"], h["pattern"], h["start"], h["end"], h["context"], h["quote"]) for h in hits),
        tuple(
            ReceivedContribution(
                c["rule"], c["kind"], c["weight"], c["sentence"], c["sentence_nl"], c["sentence_en"],
                c["context"] or "", c["start"], c["end"], c["quote"] or "",
            )
            for c in contributions
        ),
    )  # fmt: skip
    registered = row.get("registered_at")
    kept = {name.removeprefix("source."): str(value) for name, value in extras(row)}
    details = {**{name: row[name] for name in CONCLUSIONS}, "kept": kept}
    return Received(
        source=source, external_id=row["registration_id"], text=row["text"], channel=SCAN, received_at=now,
        registered_at=registered, forms=tuple(row["forms"]), urgency=Urgency(minor=row["minor"]), details=details,
        reading=reading, distressing=passages_of(row["text"], scanned=True),
    )  # fmt: skip


def extras(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The source's own columns that the profile kept."""
    return ((name, value) for name, value in row.items() if name.startswith("source.") and value is not None)
