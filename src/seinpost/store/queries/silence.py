"""Rules that are silent now: for which entity, why, until when, and who said so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from seinpost.packs.procedure.terms import Phase, Processing, Task
from seinpost.process.deadlines import local_day
from seinpost.process.events import RuleSuppressed
from seinpost.process.fold import fold
from seinpost.process.people import Actor
from seinpost.process.shapes import Suppression
from seinpost.store.log import histories
from seinpost.store.models import CaseEvent, Person, Signal
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


def running_suppressions(service: str, today: date) -> dict[tuple[Task, Processing], list[Suppression]]:
    """Every suppression that runs today in a service, by task and processing; call it with reach "all".

    What one task decided is not used in another: it is data of that task.
    """
    told_of = CaseEvent.objects.filter(service=service, kind=RuleSuppressed.kind).values("signal")
    keys = Signal.objects.filter(pk__in=told_of).values_list("pk", flat=True)
    found: dict[tuple[Task, Processing], list[Suppression]] = defaultdict(list)
    for events in histories(keys).values():
        view = fold(events)
        found[view.task, view.processing] += [one for one in view.suppressions if one.until > today]
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """What one silent rule did: how many it keeps out now, and of its sample how many were read and were signals."""

    silent: int = 0
    read: int = 0
    signals: int = 0


def kept_by(service: str, today: date) -> dict[str, Kept]:
    """What each silent rule of a service did, under "RULE kind:key"; one query."""
    met = Signal.objects.filter(service=service).exclude(silenced_by=[])
    found: dict[str, Kept] = {}
    for rules, until, sample, phase in met.values_list("silenced_by", "silent_until", "silent_sample", "phase"):
        silent = int(until is not None and until > today)
        read = int(sample and phase != Phase.REGISTERED.value)
        signal = int(read and phase != Phase.DISMISSED.value)
        for rule in rules:
            one = found.get(rule, Kept())
            found[rule] = Kept(one.silent + silent, one.read + read, one.signals + signal)
    return found


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
