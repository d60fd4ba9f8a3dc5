"""The one door to a victim's record: a command becomes events, or a refusal with every reason. Pure.

In this order: does the record exist, does time run forwards, may the actor, does it rest, is everything filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose, Refusal
from seinpost.process.commands import Command
from seinpost.process.events import Event, Fact
from seinpost.process.people import Actor, Thing
from seinpost.process.policy import may
from seinpost.process.shapes import Holder, NextAction, Refused
from seinpost.process.verbs.case import reason, refuse
from seinpost.process.victim import clocks, standing, talking
from seinpost.process.victim import commands as c
from seinpost.process.victim import events as e
from seinpost.process.victim.case import Facts, VictimCase
from seinpost.process.victim.fold import apply_victim
from seinpost.process.victim.shapes import VictimView

VERBS: dict[type[Command], Callable[[VictimCase[Any]], Facts]] = {
    c.SeeAgain: standing.see_again,
    c.NoteNeeds: standing.note_needs,
    c.PlanTalk: talking.plan_talk,
    c.RecordTalk: talking.record_talk,
    c.OfferReflection: standing.offer_reflection,
    c.AnswerReflection: standing.answer_reflection,
    c.ReportReflection: standing.report_reflection,
    c.EndReflection: standing.end_reflection,
    c.GiveConsent: standing.give_consent,
    c.WithdrawConsent: standing.withdraw_consent,
    c.Assess: standing.assess,
    c.HandOn: standing.hand_on,
    c.PlanStep: standing.plan_step,
    c.LetRest: standing.let_rest,
    c.GoOn: standing.go_on,
}
AT_REST = (c.SeeAgain, c.WithdrawConsent, c.Assess, c.GoOn)
"""What is also done on a record that rests."""


def decide_victim(
    view: VictimView | None,
    command: Command,
    actor: Actor,
    now: datetime,
    plan: Procedure,
    *,
    purpose: Purpose = Purpose.FOLLOW_UP,
) -> tuple[Event, ...] | Refused:
    """What a command on a victim's record leads to: events in order, or why not. `now` is aware."""
    if isinstance(command, c.Meet):
        return meet(view, command, actor, now, plan, purpose=purpose)
    if view is None:
        return refuse(reason(Refusal.UNKNOWN_SIGNAL))
    if now < view.last_at:
        return refuse(reason(Refusal.TIME_BEFORE_LAST_EVENT))
    verdict = may(actor, command.verb, view.thing, purpose, now)
    if isinstance(verdict, Refused):
        return verdict
    if not view.is_open and not isinstance(command, AT_REST):
        return refuse(reason(Refusal.VICTIM_RESTS))
    if view.is_open and isinstance(command, c.GoOn):
        return refuse(reason(Refusal.VICTIM_DOES_NOT_REST))
    built = VERBS[type(command)](VictimCase(view, command, actor, now, plan))
    if isinstance(built, Refused):
        return built
    events = told(view.id, built, actor, now, command, purpose)
    after = reduce(apply_victim, events, view)
    if after.next_action is None:
        return events
    soonest = min((after.next_action, *clocks.bound(plan, after, now)), key=lambda action: action.due)
    return tuple(replace(one, fact=with_next(one.fact, soonest)) for one in events)


def with_next(fact: Fact, soonest: NextAction) -> Fact:
    """A fact that sets the next step, with the soonest there is: nothing that has a day is planned away."""
    return replace(fact, next=soonest) if hasattr(fact, "next") else fact  # type: ignore[type-var]


def meet(
    view: VictimView | None, command: c.Meet, actor: Actor, now: datetime, plan: Procedure, *, purpose: Purpose
) -> tuple[Event, ...] | Refused:
    """Open a record: from here on a talk is the next step of who opened it."""
    if view is not None:
        return refuse(reason(Refusal.EXISTS_ALREADY))
    workers = frozenset((actor.id,))
    thing = Thing(command.service, command.unit, command.task, command.processing, command.practice, workers=workers)
    verdict = may(actor, command.verb, thing, purpose, now)
    if isinstance(verdict, Refused):
        return verdict
    if not command.called.strip():
        return refuse(reason(Refusal.SENTENCE_MISSING, field="called", letters=1))
    me = Holder(command.unit, None if actor.is_system else actor.id)
    first = clocks.step(plan, clocks.PLAN, me, now, command.needs)
    fact = e.VictimMet(
        command.service, command.task, command.processing, command.practice, command.signal, command.called,
        command.needs, me, first,
    )  # fmt: skip
    return told(command.victim, (fact,), actor, now, command, purpose)


def told(
    victim: str, facts: tuple[Fact, ...], actor: Actor, now: datetime, command: Command, purpose: Purpose
) -> tuple[Event, ...]:
    """The facts as events about one record."""
    return tuple(Event(victim, now, actor.id, purpose, command.verb, fact) for fact in facts)
