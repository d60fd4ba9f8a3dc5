"""The order of reading: danger first, then minors, diary dates that came, what is late, layer and score, then date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from uuid import UUID

from django.db.models import BooleanField, Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import NullIf

from seinpost.store.models import Signal


def first(rows: QuerySet[Signal], now: datetime, count: int) -> list[UUID]:
    """The keys of so many rows in the order of reading, read through the indexes `signal_order` and `signal_late`.

    What no index can know is whether a date has come. So the rows part into those whose diary date came and those that
    are very late, late and on time, within danger and minors; each part lies in the index in order, and only as many
    parts are read as fill the page. Whether a part can hold anything is asked first, by its earliest date: a part that
    holds nothing would be looked for through all the others.
    """
    found: list[UUID] = []
    came = rows.filter(diary__isnull=False).exists()
    for risk_to_life, minor in product((True, False), repeat=2):
        group = rows.filter(risk_to_life=risk_to_life, minor=minor)
        for part in (group.filter(diary__isnull=False), group.filter(diary__isnull=True)) if came else (group,):
            for late in by_lateness(part, now):
                if len(found) == count:
                    return found
                found += resting(part.filter(late), count - len(found)).values_list("pk", flat=True)
    return found


def by_lateness(rows: QuerySet[Signal], now: datetime) -> Iterator[Q]:
    """What parts the rows into very late, late and on time, without what holds nothing for sure."""
    due = earliest(rows, "due")
    if due is not None and due <= now:
        very_late = earliest(rows, "very_late")
        if very_late is not None and very_late <= now:
            yield Q(due__lte=now, very_late__lte=now)
        yield Q(due__lte=now, very_late__gt=now)
    if due is not None:
        yield Q(due__gt=now)


def earliest(rows: QuerySet[Signal], date: str) -> datetime | None:
    """The first of the dates of these rows, read through the index of that date: `signal_late`, `signal_far_late`."""
    found: QuerySet[Signal, datetime] = rows.order_by(date).values_list(date, flat=True)[:1]
    return next(iter(found), None)


def resting(rows: QuerySet[Signal], count: int) -> QuerySet[Signal]:
    """The first rows by what does not change while they wait: the columns of the index `signal_order`, in its order."""
    score = F("score").desc(nulls_last=True)
    return rows.order_by("-risk_to_life", "-minor", NullIf("layer", Value("")), score, "due", "pk")[:count]


def ordered(rows: QuerySet[Signal], now: datetime) -> QuerySet[Signal]:
    """In the order of reading; `id` last, so that pages never overlap."""
    late = Case(When(very_late__lte=now, then=0), When(due__lte=now, then=1), default=2, output_field=IntegerField())
    dated = When(diary__isnull=False, due__lte=now, then=Value(False))
    came = Case(dated, default=Value(True), output_field=BooleanField())
    layer, score = NullIf("layer", Value("")), F("score").desc(nulls_last=True)
    return rows.order_by("-risk_to_life", "-minor", came, late, layer, score, "due", "pk")
