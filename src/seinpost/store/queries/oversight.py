"""What those who watch over the work read: the proof, the logs, emergency access, weighings over time, imports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from seinpost.process.events import Closed, Weighed
from seinpost.process.fold import fold
from seinpost.process.measures import bar
from seinpost.process.measures.drift import WeighedRow
from seinpost.process.shapes import Glass
from seinpost.store.log import all_histories, canonical, put_back
from seinpost.store.models import ApiKey, CaseEvent, EventWords, Import, ImportFault, Person, Signal, ViewLog

PAGE = 100
PEOPLE = ("person", "asked_by", "second")
"""Particulars of a record that name somebody."""
STUCK = timedelta(days=1)
"""After this long an import that is not closed was broken off."""


@dataclass(frozen=True, slots=True)
class LookRow:
    """One line of the view log."""

    at: datetime
    person: str
    verb: str
    purpose: str
    signal: UUID | None
    number: int | None
    subject: str
    count: int
    refused: str


@dataclass(frozen=True, slots=True)
class GlassRow:
    """One access by emergency, and the signal it was for."""

    signal: UUID
    number: int
    glass: Glass
    person: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a log are asked for: every field that says something must hold. `until` does not belong to it."""

    person: str = ""
    kind: str = ""  # verb of a look, kind of a record
    since: datetime | None = None
    until: datetime | None = None
    signal: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record of the chain that is about no signal."""

    number: int
    at: datetime
    by: str
    kind: str
    facts: Mapping[str, Any]


def records(wanted: Wanted, page: int = 1) -> tuple[list[RecordRow], dict[str, str], bool]:
    """A page of what was recorded about no signal, newest first; names of people and keys by id; whether there is more.

    Of a person: what they did, and what was done about them.
    """
    rows = CaseEvent.objects.filter(period(wanted), signal=None).order_by("-id")
    if wanted.person:
        about = canonical({"person": wanted.person})[1:-1]
        rows = rows.filter(Q(by=wanted.person) | Q(body__contains=about))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    words = dict(EventWords.objects.filter(event__in=[row.pk for row in found]).values_list("digest", "text"))
    shown = [
        RecordRow(row.number, row.at, row.by, row.kind, put_back(json.loads(row.body)["fact"], words))
        for row in found[:PAGE]
    ]
    people = {row.by for row in shown} | {str(row.facts.get(name, "")) for row in shown for name in PEOPLE}
    keys = {str(row.facts[name]) for row in shown for name in ("key", "instead_of") if name in row.facts}
    known = ApiKey.objects.filter(pk__in=[UUID(key) for key in keys]).values_list("pk", "name")
    return shown, {**people_by_id(people), **{str(key): name for key, name in known}}, len(found) > PAGE


def period(wanted: Wanted) -> Q:
    """The moments that are asked for."""
    found = Q()
    if wanted.since is not None:
        found &= Q(at__gte=wanted.since)
    return found & Q(at__lt=wanted.until) if wanted.until is not None else found


def looks(wanted: Wanted, page: int = 1) -> tuple[list[LookRow], bool]:
    """A page of the view log of the service, newest first, and whether there is more."""
    rows: QuerySet[ViewLog] = ViewLog.objects.filter(period(wanted)).order_by("-id")
    if wanted.person:
        rows = rows.filter(person=wanted.person)
    if wanted.kind:
        rows = rows.filter(verb=wanted.kind)
    if wanted.signal is not None:
        rows = rows.filter(signal=wanted.signal)
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    names = people_by_id({row.person for row in found})
    numbers = dict(
        Signal.objects.filter(pk__in={row.signal for row in found if row.signal}).values_list("pk", "number")
    )
    shown = [
        LookRow(
            at=row.at,
            person=names.get(row.person, row.person),
            verb=row.verb,
            purpose=row.purpose,
            signal=row.signal,
            number=numbers.get(row.signal) if row.signal else None,
            subject=row.subject,
            count=row.count,
            refused=row.refused,
        )
        for row in found[:PAGE]
    ]
    return shown, len(found) > PAGE


def glasses() -> tuple[GlassRow, ...]:
    """Every access by emergency, those not reviewed yet first; call it with reach "all"."""
    keys = CaseEvent.objects.filter(kind="glass-broken").values_list("signal", flat=True).distinct()
    rows = []
    numbers = dict(Signal.objects.filter(pk__in=list(keys)).values_list("pk", "number"))
    for events in all_histories(numbers):
        view = fold(events)
        rows += [(UUID(view.id), glass) for glass in view.glass]
    names = people_by_id({glass.person for _key, glass in rows})
    found = [GlassRow(key, numbers[key], glass, names.get(glass.person, glass.person)) for key, glass in rows]
    return tuple(sorted(found, key=lambda row: (row.glass.reviewed, -row.glass.since.timestamp())))


def weighed_rows(service: str) -> list[WeighedRow]:
    """Every weighing of the service as a plain row, in order; call it with reach "all"."""
    keys = CaseEvent.objects.filter(kind__in=(Weighed.kind, Closed.kind)).values_list("signal", flat=True).distinct()
    rows = [
        row
        for events in all_histories(key for key in keys if key is not None)
        for row in bar.weighed_rows(events, service)
    ]
    return sorted(rows, key=lambda row: row.day)


def imports() -> list[Import]:
    """The imports of the service, newest first."""
    return list(Import.objects.select_related("unit").order_by("-started_at")[:PAGE])


def numbers_of(signals: Iterable[UUID]) -> dict[UUID, int]:
    """The numbers of signals."""
    return dict(Signal.objects.filter(pk__in=list(signals)).values_list("pk", "number"))


def key_of_number(number: int) -> UUID | None:
    """The key of the signal with a number; None where the service has none."""
    return Signal.objects.filter(number=number).values_list("pk", flat=True).first()


def import_faults(shown: Iterable[Import]) -> list[ImportFault]:
    """What could not be read or filed of these imports, the newest import first; so many as a page can hold."""
    rows = ImportFault.objects.filter(batch__in=[one.pk for one in shown]).select_related("batch")
    return list(rows.order_by("-batch__started_at", "pk")[: 2 * PAGE])


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """The imports of one service, only counted. `stuck` began over a day ago and never closed."""

    service: str
    imports: int
    registrations: int
    stuck: int
    unbalanced: int


def check_imports(service: str, now: datetime) -> ImportCheck:
    """Whether every import closed, and its balance comes out; in a transaction that works for the service."""
    balance = F("filed") + F("known") + F("corrected") + F("refused") + F("not_kept") + F("failed")
    closed = Q(finished_at__isnull=False)
    found = Import.objects.aggregate(
        imports=Count("pk"),
        registrations=Sum("received", default=0),
        stuck=Count("pk", filter=Q(finished_at__isnull=True, started_at__lt=now - STUCK)),
        unbalanced=Count("pk", filter=closed & ~Q(received=balance)),
    )
    return ImportCheck(service, **found)


def people_by_id(ids: set[str]) -> dict[str, str]:
    """Names of people by id; the system has none."""
    keys = [UUID(one) for one in ids if len(one) == 36]
    return {str(key): name for key, name in Person.objects.filter(pk__in=keys).values_list("pk", "name")}
