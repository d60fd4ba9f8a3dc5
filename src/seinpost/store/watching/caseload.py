"""The work at hand, by unit and by person: what lies with whom, counted as the queue counts it.

A view of the work, so that a coordinator sees where it piles up and who cannot go on; never a measure of a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from seinpost.packs.procedure.terms import Processing, Purpose, Task, Verb
from seinpost.process.people import Actor, Thing
from seinpost.process.policy import can_take_up, may
from seinpost.process.shapes import Allowed
from seinpost.store.acting import actors_of
from seinpost.store.models import Person, Unit
from seinpost.store.queries.queue import ALSO, SHARES, URGENT, WAITS, put_off, task_due, waiting


class Place(str, Enum):
    """Whether somebody can go on with what they have."""

    HERE = "here"
    GONE = "gone"
    NO_RIGHT = "no-right"  # no right that runs lets them take up what lies in this unit


@dataclass(frozen=True, slots=True)
class Load:
    """How much lies with somebody, of which so much: each number is that of the queue with one filter.

    `late` holds what is very late too. `oldest`: since when the first of it was received.
    """

    open: int = 0
    urgent: int = 0
    late: int = 0
    very_late: int = 0
    waits: int = 0
    later: int = 0
    task: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfPerson:
    """What somebody owns in a unit."""

    id: str
    name: str
    place: Place
    load: Load


@dataclass(frozen=True, slots=True)
class OfUnit:
    """What lies in a unit: with nobody, and with each of its people and whoever else owns something there, by name."""

    code: str
    whole: Load
    nobody: Load
    people: tuple[OfPerson, ...]


def counted_units(actor: Actor, now: datetime) -> dict[str, Thing]:
    """The units of which the policy table lets the actor count the work in order to coordinate it."""
    found = {}
    for unit in Unit.objects.filter(service=actor.service).select_related("service").order_by("pk"):
        thing = Thing(actor.service, unit.pk, Task(unit.task), Processing(unit.processing), unit.service.practice)
        if isinstance(may(actor, Verb.COUNT, thing, Purpose.COORDINATION, now), Allowed):
            found[unit.pk] = thing
    return found


def caseload(actor: Actor, now: datetime) -> tuple[OfUnit, ...]:
    """The work of every unit that the actor coordinates; a fixed number of queries, however many people there are.

    Call it inside the transaction that knows for whom it works. What is restricted to others is not in it, as it is
    not in their queue; what silent rules keep out of the queue is not either.
    """
    units = counted_units(actor, now)
    if not units:
        return ()
    loads = loads_of(actor, list(units), now)
    there = Person.objects.filter(service=actor.service, is_active=True, unit__in=list(units))
    at_work = dict(there.values_list("pk", "unit"))
    wanted = {*at_work, *(owner for found in loads.values() for owner in found if owner is not None)}
    actors = actors_of(wanted, now)
    rows = sorted(Person.objects.filter(pk__in=wanted), key=lambda row: (row.name, str(row.pk)))

    def of_unit(unit: str, thing: Thing) -> OfUnit:
        found = loads[unit]
        free = {key for key, code in at_work.items() if code == unit and can_take_up(actors[key], thing, now)}
        people = tuple(
            OfPerson(str(row.pk), row.name, place_of(row, actors[row.pk], thing, now), found.get(row.pk, Load()))
            for row in rows
            if row.pk in found or row.pk in free
        )
        return OfUnit(unit, together(found.values()), found.get(None, Load()), people)

    return tuple(of_unit(unit, thing) for unit, thing in units.items())


def loads_of(actor: Actor, units: list[str], now: datetime) -> dict[str, dict[UUID | None, Load]]:
    """What lies in each unit with whom; None: with nobody."""
    loads: dict[str, dict[UUID | None, Load]] = {unit: {} for unit in units}
    numbers = counts(now)
    rows = waiting(actor, now, ALSO).filter(unit__in=units).order_by("unit", "owner")
    found: Iterable[Any] = rows.values("unit", "owner").annotate(**numbers)
    for row in found:
        loads[row["unit"]][row["owner"]] = Load(**{name: row[name] for name in numbers})
    return loads


def counts(now: datetime) -> dict[str, Any]:
    """Every number of a load, by the conditions of the queue's own filters."""
    parts = {
        "urgent": URGENT,
        "late": Q(due__lte=now),
        "very_late": Q(very_late__lte=now),
        "waits": SHARES[WAITS],
        "later": put_off(now),
        "task": task_due(now),
    }
    counted = {name: Count("pk", filter=part) for name, part in parts.items()}
    return {"open": Count("pk"), **counted, "oldest": Min("received_at")}


def place_of(person: Person, actor: Actor, thing: Thing, now: datetime) -> Place:
    """Whether somebody can go on with what they own in a unit."""
    if not person.is_active:
        return Place.GONE
    return Place.HERE if can_take_up(actor, thing, now) else Place.NO_RIGHT


def together(loads: Iterable[Load]) -> Load:
    """Several loads as one."""
    found = list(loads)
    numbers = {
        name: sum(getattr(one, name) for one in found)
        for name in ("open", "urgent", "late", "very_late", "waits", "later", "task")
    }
    return Load(**numbers, oldest=min((one.oldest for one in found if one.oldest is not None), default=None))
