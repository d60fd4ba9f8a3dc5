"""The proof over the database: every open signal has an owner, a next action and a date; none rests unproven."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Phase
from seinpost.process.fold import fold
from seinpost.process.guarantee import Flaw, Orphan, Proof, flaws
from seinpost.process.shapes import SignalView
from seinpost.store.acting import as_system, working_for
from seinpost.store.jobs import GoOn, always
from seinpost.store.log import histories
from seinpost.store.models import CaseEvent, ChainHead, Person, Service, Signal
from seinpost.store.projection import columns

PROVED = "guarantee-proved"
"""The kind of the record in the chain that tells of a nightly proof."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NightlyProof:
    """What a proof by night found, as the chain has it; `number` is the last link of the chain that it looked at."""

    at: datetime
    checked: int
    orphans: tuple[UUID, ...]
    number: int


def last_proof(service: str) -> NightlyProof | None:
    """The last proof by night; call it inside a transaction that works for the service."""
    row = CaseEvent.objects.filter(service=service, kind=PROVED).order_by("-id").first()
    if row is None:
        return None
    fact = json.loads(row.body)["fact"]
    return NightlyProof(row.at, fact["checked"], tuple(map(UUID, fact["orphans"])), fact.get("number", 0))


def prove_guarantee(plan: Procedure) -> Proof:
    """Look at every signal of every service, as its events say and as its row says; a bounded number at a time."""
    checked, orphans = 0, list[Orphan]()
    for service in Service.objects.order_by("pk").values_list("pk", flat=True):
        proof = prove_service(service, plan)
        checked += proof.checked
        orphans += proof.orphans
    return Proof(checked, tuple(orphans))


def prove_service(service: str, plan: Procedure) -> Proof:
    """The proof for one service from all its signals, in one snapshot: work that goes on meanwhile makes no orphan."""
    with working_for(as_system(service), reach="all", snapshot=True):
        return _prove(service, list(Signal.objects.values_list("pk", flat=True)), plan)


def prove_and_tell(service: str, plan: Procedure, go_on: GoOn = always) -> tuple[Proof, int]:
    """The proof from all signals, and the last link of the service's chain that it looked at."""
    with working_for(as_system(service), reach="all", snapshot=True):
        return _prove(service, list(Signal.objects.values_list("pk", flat=True)), plan, go_on), _head(service)


def prove_now(service: str, plan: Procedure) -> Proof:
    """The proof as of now, from the last one by night and all that may have changed since; all signals without one.

    A signal may have changed if, and only if, something happened to it or to the one it was joined to, it was an orphan
    then, it has no events, or somebody it waits for has left.
    """
    with working_for(as_system(service), reach="all", snapshot=True):
        nightly = last_proof(service)
        if nightly is None:
            return _prove(service, list(Signal.objects.values_list("pk", flat=True)), plan)
        since = CaseEvent.objects.filter(service=service, number__gt=nightly.number, signal__isnull=False)
        touched = {*since.values_list("signal", flat=True), *nightly.orphans}
        gone = list(Person.objects.filter(service=service, is_active=False).values_list("pk", flat=True))
        waits = Q(owner__in=gone) | Q(next_person__in=gone)
        rows = Signal.objects.filter(Q(pk__in=touched) | Q(joined_to__in=touched) | Q(last_at__gt=nightly.at) | waits)
        proof = _prove(service, list(rows.values_list("pk", flat=True)), plan)
        return Proof(Signal.objects.count(), proof.orphans)


def _head(service: str) -> int:
    return ChainHead.objects.filter(service=service).values_list("number", flat=True).first() or 0


def _prove(service: str, keys: Sequence[UUID], plan: Procedure, go_on: GoOn = always) -> Proof:
    """Look at these signals, a bounded number at a time; told to stop, at some of them."""
    active = Person.objects.filter(service=service, is_active=True)
    people = frozenset(str(key) for key in active.values_list("pk", flat=True))
    orphans = list[Orphan]()
    for start in range(0, len(keys), AT_ONCE):
        if not go_on():
            return Proof(start, tuple(orphans), whole=False)
        rows = {row.pk: row for row in Signal.objects.filter(pk__in=keys[start : start + AT_ONCE])}
        targets = Signal.objects.filter(pk__in={row.joined_to for row in rows.values() if row.joined_to})
        phases = {str(key): Phase(phase) for key, phase in targets.values_list("pk", "phase")}
        told = histories(rows)
        for key, row in rows.items():
            if key not in told:
                orphans.append(Orphan(str(key), service, (Flaw.NO_OWNER,)))
                continue
            view = fold(told[key])
            wrong = (*flaws(view, plan, people, phases), *row_flaws(row, view))
            if wrong:
                orphans.append(Orphan(view.id, service, tuple(dict.fromkeys(wrong))))
    return Proof(len(keys), tuple(orphans))


def row_flaws(row: Signal, view: SignalView) -> Iterator[Flaw]:
    """What a row leaves out that its events say: a list would not show the signal to whoever must act."""
    said = columns(view)
    if view.is_open and (row.unit_id, row.owner_id) != (said["unit_id"], said["owner_id"]):
        yield Flaw.NO_OWNER
    if row.next_kind != said["next_kind"] or row.phase != said["phase"]:
        yield Flaw.NO_NEXT_ACTION
    if row.due != said["due"]:
        yield Flaw.NO_DATE
    if row.silent_until != said["silent_until"]:
        yield Flaw.SILENT_FOR_GOOD
