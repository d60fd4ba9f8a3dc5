"""Several signals at once: which a filter names, and what a command would do to each. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose
from seinpost.process.commands import Assign, Command
from seinpost.process.decide import decide
from seinpost.process.fold import apply, fold
from seinpost.process.people import Actor, Thing
from seinpost.process.policy import can_take_up
from seinpost.process.shapes import Refused, SignalView
from seinpost.process.work.dealing import Hand
from seinpost.report.distress import NOTHING, Distress
from seinpost.store.acting import actors_of
from seinpost.store.log import histories
from seinpost.store.models import Person, TextVersion
from seinpost.store.order import asked_for, first, ordered
from seinpost.store.queries.people import looked_up
from seinpost.store.queries.queue import ALSO, QueueFilter, QueueRow, described, row_of, shown, waiting
from seinpost.store.queries.scope import signals_for


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of the queue with the whole of what happened to it."""

    row: QueueRow
    view: SignalView


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a command would make of one signal, or why it would be refused."""

    row: QueueRow
    before: SignalView
    after: SignalView | Refused


def first_of(actor: Actor, wanted: QueueFilter, now: datetime, most: int) -> tuple[UUID, ...]:
    """The first signals that the queue shows with a filter, in the order of reading."""
    return tuple(first(asked_for(shown(actor, wanted, now)), now, most))


def standings(
    actor: Actor, signals: Sequence[UUID], now: datetime, distress: Distress = NOTHING
) -> tuple[Standing, ...]:
    """Those of the signals that the actor may read, in the order of reading; three queries, however many."""
    rows = described(ordered(signals_for(actor, now).filter(pk__in=signals), now), sorted(distress.codes))
    told = histories(signals)
    return tuple(Standing(row_of(row, now, distress), fold(told[row["id"]])) for row in rows)


def first_texts(signals: Sequence[UUID]) -> dict[UUID, str]:
    """The first version of the words of each, of which a list shows the beginning."""
    rows = TextVersion.objects.filter(signal__in=signals, number=1)
    return dict(rows.values_list("signal", "text"))


def foresee(
    found: Sequence[Standing], command: Command, actor: Actor, now: datetime, plan: Procedure, purpose: Purpose
) -> tuple[Foreseen, ...]:
    """What the process would decide on each, with its own reasons; nothing is written."""
    command = looked_up(command) if isinstance(command, Assign) else command
    return tuple(
        Foreseen(one.row, one.view, outcome(one.view, command, actor, now, plan, purpose=purpose)) for one in found
    )


def outcome(
    view: SignalView, command: Command, actor: Actor, now: datetime, plan: Procedure, *, purpose: Purpose
) -> SignalView | Refused:
    """The signal after a command, or the refusal."""
    decided = decide(view, command, actor, now, plan, purpose=purpose)
    if isinstance(decided, Refused):
        return decided
    for event in decided:
        view = apply(view, event)
    return view


@dataclass(frozen=True, slots=True)
class Team:
    """Who could be given some signals: hands by name, and the names; `stuck`: owners of them who cannot go on."""

    hands: tuple[Hand, ...]
    names: dict[str, str]
    stuck: frozenset[str]


def team_for(actor: Actor, found: Sequence[Standing], now: datetime) -> Team:
    """Everybody of the units of these signals who may take up what lies there, with how many open signals are theirs.

    The number is what the actor's own queue says of them. A fixed number of queries, however many signals or people.
    """
    things = {
        one.view.unit: Thing(
            one.view.service, one.view.unit, one.view.task, one.view.processing, one.view.practice
        )
        for one in found
    }  # fmt: skip
    owners = {UUID(one.view.person) for one in found if one.view.person}
    there = Person.objects.filter(service=actor.service, is_active=True, unit__in=list(things)).order_by("name", "pk")
    names = {str(key): name for key, name in there.values_list("pk", "name")}
    actors = actors_of({*owners, *(UUID(key) for key in names)}, now)
    rows = waiting(actor, now, ALSO).filter(owner__in=[UUID(key) for key in names]).order_by("owner")
    loads = dict(rows.values("owner").annotate(n=Count("pk")).values_list("owner", "n"))
    hands = tuple(
        Hand(one, loads.get(UUID(key), 0))
        for key in names
        if can_take_up(one := actors[UUID(key)], things[one.unit], now)
    )
    stuck = {
        one.view.person
        for one in found
        if one.view.person and not can_take_up(actors[UUID(one.view.person)], one.view.thing, now)
    }
    return Team(hands, names, frozenset(stuck))
