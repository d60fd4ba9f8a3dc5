"""The proof over the database: every open signal has an owner, a next action and a date; none rests unproven."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Phase
from seinpost.process.fold import fold
from seinpost.process.guarantee import Flaw, Orphan, Proof, flaws
from seinpost.process.shapes import SignalView
from seinpost.store.acting import as_system, working_for
from seinpost.store.log import all_histories
from seinpost.store.models import CaseEvent, Person, Service, Signal
from seinpost.store.projection import columns

PROVED = "guarantee-proved"
"""The kind of the record in the chain that tells of a nightly proof."""


@dataclass(frozen=True, slots=True)
class NightlyProof:
    """What a proof by night found, as the chain has it."""

    at: datetime
    checked: int
    orphans: int


def last_proof(service: str) -> NightlyProof | None:
    """The last proof by night; call it inside a transaction that works for the service."""
    row = CaseEvent.objects.filter(service=service, kind=PROVED).order_by("-id").first()
    if row is None:
        return None
    fact = json.loads(row.body)["fact"]
    return NightlyProof(row.at, fact["checked"], len(fact["orphans"]))


def prove_guarantee(plan: Procedure) -> Proof:
    """Look at every signal of every service, as its events say and as its row says; a bounded number at a time."""
    checked, orphans = 0, list[Orphan]()
    for service in Service.objects.order_by("pk").values_list("pk", flat=True):
        proof = prove_service(service, plan)
        checked += proof.checked
        orphans += proof.orphans
    return Proof(checked, tuple(orphans))


def prove_service(service: str, plan: Procedure) -> Proof:
    """The proof for one service, in one transaction."""
    with working_for(as_system(service), reach="all"):
        active = Person.objects.filter(service=service, is_active=True)
        people = frozenset(str(key) for key in active.values_list("pk", flat=True))
        rows = {row.pk: row for row in Signal.objects.all()}
        phases = {str(key): Phase(row.phase) for key, row in rows.items()}
        orphans, seen = list[Orphan](), set[str]()
        for events in all_histories(rows):
            view = fold(events)
            seen.add(view.id)
            wrong = [*flaws(view, plan, people, phases), *row_flaws(rows[UUID(view.id)], view)]
            if wrong:
                orphans.append(Orphan(view.id, service, tuple(dict.fromkeys(wrong))))
        orphans += [Orphan(key, service, (Flaw.NO_OWNER,)) for key in sorted(set(phases) - seen)]
        return Proof(len(rows), tuple(orphans))


def row_flaws(row: Signal, view: SignalView) -> Iterator[Flaw]:
    """What a row leaves out that its events say: a list would not show the signal to whoever must act."""
    said = columns(view)
    if view.is_open and (row.unit_id, row.owner_id) != (said["unit_id"], said["owner_id"]):
        yield Flaw.NO_OWNER
    if row.next_kind != said["next_kind"] or row.phase != said["phase"]:
        yield Flaw.NO_NEXT_ACTION
    if row.due != said["due"]:
        yield Flaw.NO_DATE
