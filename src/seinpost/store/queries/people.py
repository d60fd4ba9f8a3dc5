"""The people and units of a service: as forms and lists name them, and with what they may for who manages them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from seinpost.packs.procedure.terms import OPEN_PHASES
from seinpost.process.policy import TRAINING
from seinpost.store.models import Grant, Person, Signal, Training, Unit

KEY = 36  # characters of a person's key
OPEN = sorted(phase.value for phase in OPEN_PHASES)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is there, and the unit they work in."""

    id: str
    name: str
    unit: str


def colleagues(service: str) -> tuple[Named, ...]:
    """Everybody of the service who is there, by name."""
    return listed(Person.objects.filter(service=service, is_active=True, unit__isnull=False))


def everybody(service: str) -> tuple[Named, ...]:
    """Everybody who is or was of the service, by name."""
    return listed(Person.objects.filter(service=service))


def at_work(service: str, units: Collection[str], also: str = "") -> tuple[Named, ...]:
    """Everybody who is there in these units, by name; `also` somebody by key, wherever they are or went."""
    there = Q(is_active=True, unit__in=sorted(units))
    return listed(Person.objects.filter(there | Q(pk=also) if len(also) == KEY else there, service=service))


def known_as(service: str, told: str) -> str:
    """The one person of the service who is there and whom a source means: by key, login, mail address or name.

    Empty for nobody, and for several: nobody is guessed.
    """
    told = told.strip()
    if not told:
        return ""
    meant = Q(login__iexact=told) | Q(email__iexact=told) | Q(name__iexact=told)
    with suppress(ValueError):
        meant |= Q(pk=UUID(told))
    found = Person.objects.filter(meant, service=service, is_active=True).values_list("pk", flat=True)[:2]
    return str(found[0]) if len(found) == 1 else ""


def listed(people: QuerySet[Person]) -> tuple[Named, ...]:
    """People as forms name them, by name."""
    rows = people.order_by("name", "pk").values_list("pk", "name", "unit")
    return tuple(Named(str(key), name, unit or "") for key, name, unit in rows)


def units(service: str, language: str) -> dict[str, str]:
    """Names of the units of the service by code."""
    name = "name_en" if language == "en" else "name_nl"
    return dict(Unit.objects.filter(service=service).order_by(name).values_list("code", name))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the service; `trained` is the first day on which the training on signals no longer counts."""

    person: Person
    grants: tuple[Grant, ...]
    trained: date | None
    signals: int

    def running(self, now: datetime) -> tuple[Grant, ...]:
        """The rights that hold now."""
        return tuple(grant for grant in self.grants if grant.starts <= now < grant.ends)


def members(service: str, key: UUID | None = None) -> tuple[Member, ...]:
    """Everybody of the service by name, those who left last; with a key only that person. Call it with reach "all"."""
    people = Person.objects.filter(service=service).select_related("unit").order_by("-is_active", "name")
    rows = list(people if key is None else people.filter(pk=key))
    grants: dict[UUID, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(person__in=rows).order_by("-ends", "role"):
        grants[grant.person_id].append(grant)
    trained = dict(Training.objects.filter(person__in=rows, code=TRAINING).values_list("person", "until"))
    owned = Signal.objects.filter(owner__in=rows).values("owner")
    counts = dict(owned.annotate(n=Count("pk", filter=Q(phase__in=OPEN))).values_list("owner", "n"))
    return tuple(Member(p, tuple(grants[p.pk]), trained.get(p.pk), counts.get(p.pk, 0)) for p in rows)
