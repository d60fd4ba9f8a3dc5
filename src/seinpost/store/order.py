"""The order of reading: danger first, then minors, diary dates that came, what is late, layer and score, then date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BooleanField, Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import NullIf

from seinpost.store.models import Signal

SIGNALS = 'FROM "store_signal" WHERE'
RESTING = "risk_to_life DESC, minor DESC, NULLIF(layer, ''), score DESC NULLS LAST, due, id"
"""What does not change while signals wait: the columns of the index `signal_order`, in its order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which signals are asked for, as a condition of SQL that is put together once for several questions.

    To put it together again for each costs a page more than the database needs for the answer.
    """

    condition: str
    values: tuple[Any, ...]

    def also(self, condition: str, *values: object) -> Asked:
        """Only those of which something else is so too."""
        return Asked(f"{self.condition} AND {condition}", (*self.values, *values))


def asked_for(rows: QuerySet[Signal]) -> Asked:
    """What a filter on signals alone asks for; its order, and what it was to show, are left aside."""
    compiler = rows.query.get_compiler(connection=connection)
    try:
        condition, values = compiler.compile(rows.query.where)
    except EmptyResultSet:
        return Asked("FALSE", ())
    except FullResultSet:
        return Asked("TRUE", ())
    if {table for table, uses in rows.query.alias_refcount.items() if uses} - {Signal._meta.db_table}:
        raise ValueError(f"a filter on other tables cannot be asked in the order of reading: {rows.query}")
    return Asked(f"({condition})", tuple(values))


def first(asked: Asked, now: datetime, count: int) -> list[UUID]:
    """The keys of so many signals in the order of reading, read through the indexes `signal_order` and `signal_late`.

    What no index can know is whether a date has come. So they part into those whose diary date came and those that
    are very late, late and on time, within danger and minors; each part lies in the index in order, and only as many
    parts are read as fill the page. Whether a part can hold anything is asked first, by its earliest date: a part that
    holds nothing would be looked for through all the others.
    """
    found: list[UUID] = []
    (came,) = answer(f"SELECT EXISTS (SELECT 1 {SIGNALS} {asked.condition} AND diary IS NOT NULL)", asked.values)
    for risk_to_life, minor in product((True, False), repeat=2):
        group = asked.also("risk_to_life = %s AND minor = %s", risk_to_life, minor)
        for part in (group.also("diary IS NOT NULL"), group.also("diary IS NULL")) if came else (group,):
            for late in by_lateness(part, now):
                if len(found) == count:
                    return found
                found += resting(late, count - len(found))
    return found


def by_lateness(asked: Asked, now: datetime) -> Iterator[Asked]:
    """What parts them into very late, late and on time, without what holds nothing for sure."""
    due = earliest(asked, "due")
    if due is not None and due <= now:
        very_late = earliest(asked, "very_late")
        if very_late is not None and very_late <= now:
            yield asked.also("due <= %s AND very_late <= %s", now, now)
        yield asked.also("due <= %s AND very_late > %s", now, now)
    if due is not None:
        yield asked.also("due > %s", now)


def earliest(asked: Asked, date: str) -> datetime | None:
    """The first of their dates, read through the index of that date: `signal_late`, `signal_far_late`."""
    found = answer(f"SELECT {date} {SIGNALS} {asked.condition} ORDER BY {date} LIMIT 1", asked.values)
    return found[0] if found else None


def resting(asked: Asked, count: int) -> list[UUID]:
    """The first of them by what does not change while they wait."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id {SIGNALS} {asked.condition} ORDER BY {RESTING} LIMIT %s", [*asked.values, count])
        return [key for (key,) in cursor.fetchall()]


def length(asked: Asked, most: int) -> tuple[int, datetime | None]:
    """How many they are, counted up to `most`, and since when the oldest waits.

    Counted from the oldest on: without that order the database first collects every row that an index offers.
    """
    counted = f"SELECT received_at {SIGNALS} {asked.condition} ORDER BY received_at LIMIT %s"
    total, oldest = answer(f"SELECT count(*), min(received_at) FROM ({counted}) AS counted", (*asked.values, most))
    return total, oldest


def answer(question: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first row of the answer; empty if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone() or ()


def ordered(rows: QuerySet[Signal], now: datetime) -> QuerySet[Signal]:
    """In the order of reading; `id` last, so that pages never overlap."""
    late = Case(When(very_late__lte=now, then=0), When(due__lte=now, then=1), default=2, output_field=IntegerField())
    dated = When(diary__isnull=False, due__lte=now, then=Value(False))
    came = Case(dated, default=Value(True), output_field=BooleanField())
    layer, score = NullIf("layer", Value("")), F("score").desc(nulls_last=True)
    return rows.order_by("-risk_to_life", "-minor", came, late, layer, score, "due", "pk")
