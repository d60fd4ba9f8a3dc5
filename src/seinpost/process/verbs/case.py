"""What a decision is made from, bundled; and the small words every verb is written in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from seinpost.packs.procedure.procedure import Move, Procedure, Step
from seinpost.packs.procedure.terms import ListName, Refusal, Setting
from seinpost.process.commands import Command, Naming
from seinpost.process.deadlines import local_day, next_action
from seinpost.process.events import Fact
from seinpost.process.people import Actor
from seinpost.process.shapes import Holder, LookUp, NextAction, Reason, Refused, SignalView, Urgency, Waiver

C = TypeVar("C", bound=Command, covariant=True)
Placed = tuple[str, Fact]  # a fact, and the signal it is about
Built = tuple[Placed, ...] | Refused


@dataclass(frozen=True, slots=True)
class Case(Generic[C]):
    """One command on one signal by one person at one moment under one procedure."""

    view: SignalView
    command: C
    actor: Actor
    now: datetime
    plan: Procedure
    move: Move

    def here(self, *facts: Fact) -> tuple[Placed, ...]:
        """Facts about this signal."""
        return tuple((self.view.id, fact) for fact in facts)

    def next(self, kind: str, by: Holder, urgency: Urgency | None = None) -> NextAction:
        """The next action of a kind, with its date by the pack; `urgency` None: as the signal is."""
        return next_action(
            self.plan,
            kind,
            by,
            self.now,
            profile=self.view.profile,
            urgency=self.view.urgency if urgency is None else urgency,
            received=self.view.received_at,
        )

    @property
    def queue(self) -> Holder:
        """The queue of the unit that owns the signal."""
        return Holder(self.view.unit)

    @property
    def me(self) -> Holder:
        """The actor as owner; the system never owns, its acts leave a signal in the queue."""
        return self.queue if self.actor.is_system else Holder(self.view.unit, self.actor.id)

    @property
    def today(self) -> date:
        """The local day."""
        return local_day(self.now)


def reason(code: Refusal, /, **params: object) -> Reason:
    """One reason for a refusal."""
    return Reason(code.value, tuple((name, str(value)) for name, value in params.items()))


def refuse(*reasons: Reason) -> Refused:
    """A refusal for these reasons."""
    return Refused(reasons)


def sentence(plan: Procedure, field: str, words: str) -> Iterator[Reason]:
    """A reason, if what should be a sentence is none: too few letters."""
    letters = plan.settings[Setting.SENTENCE_LETTERS]
    if sum(sign.isalpha() for sign in words) < letters:
        yield reason(Refusal.SENTENCE_MISSING, field=field, letters=letters)


def gone(command: Naming, field: str) -> Iterator[Reason]:
    """A reason for each of those named who is not there, or is no unit of the service."""
    for one in sorted(command.gone, key=lambda holder: (holder.unit, holder.person or "")):
        code = Refusal.ASSIGNEE_OTHER_SERVICE if one.person is None else Refusal.ASSIGNEE_INACTIVE
        yield reason(code, field=field, code=one.unit if one.person is None else one.person)


def outside(view: SignalView, *named: Holder | None) -> Iterator[Reason]:
    """A reason, if somebody is named for work on a restricted signal who may not know of it."""
    circle = view.need_to_know
    if circle and any(one is not None and one.person is not None and one.person not in circle for one in named):
        yield reason(Refusal.NOT_IN_NEED_TO_KNOW)


def listed(plan: Procedure, name: ListName, field: str, codes: Iterable[str]) -> Iterator[Reason]:
    """A reason for each code that is not on the list."""
    for code in codes:
        if code not in plan.lists[name]:
            yield reason(Refusal.UNKNOWN_CODE, field=field, code=code)


def ahead(plan: Procedure, today: date, day: date, limit: Setting) -> Iterator[Reason]:
    """A reason, if a chosen day is not after today, or further ahead than the pack allows."""
    if day <= today:
        yield reason(Refusal.DATE_IN_PAST)
    elif day > today + timedelta(days=plan.settings[limit]):
        yield reason(Refusal.DATE_TOO_FAR, days=plan.settings[limit])


def steps_of(view: SignalView, plan: Procedure) -> tuple[Step, ...]:
    """The steps of enrichment that concern this signal: by its service, its forms, and whether a minor is involved.

    A signal whose form is not known yet is asked every step: not knowing is no reason to look at less.
    """
    return tuple(
        step
        for step in plan.steps[view.profile]
        if (not step.forms or not view.forms or view.forms & set(step.forms))
        and (not step.minor_only or view.urgency.minor)
    )


DONE, WAIVED, UNAVAILABLE, EXPIRED, OPEN = "done", "waived", "unavailable", "expired", "open"


def step_state(view: SignalView, step: Step, today: date) -> tuple[str, LookUp | Waiver | None]:
    """How far a step is, and what says so: done, reasoned away, could not be looked at, expired, or open.

    Done if, and only if, a look-up that succeeded still counts on this local day; else a waiver holds, whatever came
    before or after it.
    """
    looked = [one for one in view.look_ups if one.step == step.code]
    waived = [one for one in view.waivers if one.step == step.code]
    good = [one for one in looked if one.expires >= today and one.result != UNAVAILABLE]
    if good:
        return DONE, good[-1]
    if waived:
        return WAIVED, waived[-1]
    if not looked:
        return OPEN, None
    return (UNAVAILABLE if looked[-1].result == UNAVAILABLE else EXPIRED), looked[-1]


def steps_open(view: SignalView, plan: Procedure, now: datetime) -> tuple[Step, ...]:
    """The required steps that are neither done (and still valid) nor reasoned away."""
    today = local_day(now)
    closed = (DONE, WAIVED)
    return tuple(s for s in steps_of(view, plan) if s.required and step_state(view, s, today)[0] not in closed)


def competence_steps(view: SignalView, plan: Procedure) -> tuple[Step, ...]:
    """The steps that say who is to go on with it; only services whose task is not plain have one."""
    return tuple(step for step in steps_of(view, plan) if step.results is ListName.COMPETENCE)
