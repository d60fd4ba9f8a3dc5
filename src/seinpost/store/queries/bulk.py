"""Several signals at once: which a filter names, and what a command would do to each. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose
from seinpost.process.commands import Command
from seinpost.process.decide import decide
from seinpost.process.fold import apply, fold
from seinpost.process.people import Actor
from seinpost.process.shapes import Refused, SignalView
from seinpost.report.distress import NOTHING, Distress
from seinpost.store.log import histories
from seinpost.store.models import TextVersion
from seinpost.store.queries.queue import QueueFilter, QueueRow, described, first, ordered, row_of, shown
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
    return tuple(first(shown(actor, wanted, now), now, most))


def standings(
    actor: Actor, signals: Sequence[UUID], now: datetime, distress: Distress = NOTHING
) -> tuple[Standing, ...]:
    """Those of the signals that the actor may read, in the order of reading; three queries, however many."""
    rows = described(ordered(signals_for(actor, now).filter(pk__in=signals), now), distress)
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
