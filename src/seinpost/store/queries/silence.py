"""Rules that are silent now: for which entity, why, until when, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seinpost.process.deadlines import local_day
from seinpost.process.events import RuleSuppressed
from seinpost.process.fold import fold
from seinpost.process.people import Actor
from seinpost.process.shapes import Suppression
from seinpost.store.log import histories
from seinpost.store.models import CaseEvent, Person
from seinpost.store.queries.scope import signals_for


@dataclass(frozen=True, slots=True)
class Silent:
    """One rule that is silent for one entity, and the signal on which that was decided."""

    signal: UUID
    number: int
    suppression: Suppression
    by: str
    at: datetime
    words: str


def silent_rules(actor: Actor, now: datetime) -> tuple[Silent, ...]:
    """Every suppression that runs, of the signals the actor may read, the first to end first; a few queries."""
    told_of = CaseEvent.objects.filter(kind=RuleSuppressed.kind).values("signal")
    numbers = dict(signals_for(actor, now).filter(pk__in=told_of).values_list("pk", "number"))
    names = {str(key): name for key, name in Person.objects.filter(service=actor.service).values_list("pk", "name")}
    found = []
    for signal, events in histories(numbers).items():
        running = {one for one in fold(events).suppressions if one.until > local_day(now)}
        said = {e.fact.suppression: (e, e.fact.words) for e in events if isinstance(e.fact, RuleSuppressed)}
        for one in running:
            event, words = said[one]
            found.append(Silent(signal, numbers[signal], one, names.get(event.by, event.by), event.at, str(words)))
    return tuple(sorted(found, key=lambda one: (one.suppression.until, one.number, one.suppression.rule)))
