"""The people of a service with what they may, for whoever manages them; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from seinpost.packs.procedure.terms import OPEN_PHASES
from seinpost.process.policy import TRAINING
from seinpost.store.models import Grant, Person, Signal, Training

OPEN = sorted(phase.value for phase in OPEN_PHASES)


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
