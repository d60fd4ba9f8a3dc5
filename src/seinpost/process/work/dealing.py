"""Spreading signals over people: who gets which, and why. A proposal to look at; nothing is given by it.

Each gift is an assignment like any other, so whether it may be is asked of `decide`, the one place that knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.commands import Assign
from seinpost.process.decide import decide
from seinpost.process.people import Actor, Words
from seinpost.process.policy import can_take_up
from seinpost.process.shapes import Holder, Reason, Refused, SignalView


class Way(str, Enum):
    """How the next one to get a signal is chosen."""

    IN_TURN = "in-turn"  # whoever of the chosen people was not given one for longest
    BY_LOAD = "by-load"  # whoever has the fewest, with what was dealt just now


class Kept(str, Enum):
    """Why a signal is given to nobody."""

    OWNED = "owned"  # it has an owner who can go on with it
    NOBODY_THERE = "nobody-there"  # none of the chosen people works in its unit
    DOUBTED = "doubted"  # those who could get it said before that they cannot tell
    REFUSED = "refused"  # the process or the policy table says no; with its reasons


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who can be given work, and how much they have."""

    actor: Actor
    load: int = 0

    @property
    def holder(self) -> Holder:
        """This person as holder."""
        return Holder(self.actor.unit, self.actor.id)


@dataclass(frozen=True, slots=True)
class Dealt:
    """Who gets a signal, and how many they had at that moment; or why nobody does."""

    signal: str
    to: Holder | None = None
    load: int = 0
    kept: Kept | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Dealer:
    """Who spreads, when and by which rules. `stuck`: owners who cannot go on, so that what they have can be given."""

    actor: Actor
    purpose: Purpose
    now: datetime
    plan: Procedure
    stuck: frozenset[str] = frozenset()
    words: Words = Words("")  # noqa: RUF009  an empty text, never changed

    def gift(self, view: SignalView, hand: Hand) -> Assign:
        """The assignment that gives a signal to somebody; a hand is of who is there."""
        return Assign(to=hand.holder, to_service=view.service, to_active=True, words=self.words)


def deal(views: Sequence[SignalView], hands: Sequence[Hand], way: Way, dealer: Dealer) -> tuple[Dealt, ...]:
    """Give each signal, in this order, to one of these people, or to nobody and why; the same answer always.

    Whoever got one goes to the end of the row. Nobody is passed over: of those who may get a signal the first in the
    row gets it, or with BY_LOAD the first of those who have the fewest.
    """
    row = list(hands)
    loads = {hand.actor.id: hand.load for hand in hands}
    found = []
    for view in views:
        fit, kept, reasons = fitting(view, row, dealer)
        if not fit:
            found.append(Dealt(view.id, kept=kept, reasons=reasons))
            continue
        hand = fit[0] if way is Way.IN_TURN else min(fit, key=lambda one: loads[one.actor.id])
        found.append(Dealt(view.id, hand.holder, loads[hand.actor.id]))
        loads[hand.actor.id] += 1
        row.remove(hand)
        row.append(hand)
    return tuple(found)


def fitting(
    view: SignalView, row: Sequence[Hand], dealer: Dealer
) -> tuple[list[Hand], Kept | None, tuple[Reason, ...]]:
    """Those who may get a signal, in their order; of none: why, by what stands in the way last."""
    if view.person is not None and view.person not in dealer.stuck:
        return [], Kept.OWNED, ()
    there = [hand for hand in row if hand.actor.unit == view.unit and can_take_up(hand.actor, view.thing, dealer.now)]
    if not there:
        return [], Kept.NOBODY_THERE, ()
    certain = [hand for hand in there if not doubted(view, hand.actor.id)]
    if not certain:
        return [], Kept.DOUBTED, ()
    verdicts = [(hand, refusal(view, hand, dealer)) for hand in certain]
    fit = [hand for hand, refused in verdicts if refused is None]
    told = next((refused.reasons for _hand, refused in verdicts if refused is not None), ())
    return (fit, None, ()) if fit else ([], Kept.REFUSED, told)


def refusal(view: SignalView, hand: Hand, dealer: Dealer) -> Refused | None:
    """Why the process would not let a signal be given to somebody; None if it would."""
    outcome = decide(view, dealer.gift(view, hand), dealer.actor, dealer.now, dealer.plan, purpose=dealer.purpose)
    return outcome if isinstance(outcome, Refused) else None


def doubted(view: SignalView, person: str) -> bool:
    """Whether somebody said of a signal that they cannot tell, and did not take that back."""
    return any(one.verb is Verb.UNSURE and one.by == person and not one.undone for one in view.decisions)
