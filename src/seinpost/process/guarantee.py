"""The proof that no signal disappears: every open one has an owner, a next action and a date; none rests unproven.

Reads views as the store has them, so it finds what a broken row or a bug left, not only what `decide` allows. What must
happen by itself comes out as commands for the system to give through the same door as everybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Guard, ListName, Phase, Processing, Role, Setting, Task, VictimContact
from seinpost.process.commands import Command, Escalate, Release, Reopen, ResumeClock
from seinpost.process.deadlines import Lateness, lateness, local_day
from seinpost.process.events import SAMPLE, Event, Reopened
from seinpost.process.people import Words
from seinpost.process.policy import BY_VERB
from seinpost.process.shapes import Closing, SignalView, Suppression
from seinpost.process.telling.concerns import task_lateness


class Flaw(str, Enum):
    """A way in which a signal could disappear."""

    NO_OWNER = "no-owner"
    OWNER_GONE = "owner-gone"
    OWNER_MAY_NOT_SEE = "owner-may-not-see"
    NO_NEXT_ACTION = "no-next-action"
    NOBODY_ACTS = "nobody-acts"
    NO_DATE = "no-date"
    NOBODY_CAN = "nobody-can"
    PAUSED_FOR_GOOD = "paused-for-good"
    SILENT_FOR_GOOD = "silent-for-good"
    NO_REASON = "no-reason"
    NO_LEADS = "no-leads"
    NO_NAME = "no-name"
    NO_SECOND_PERSON = "no-second-person"
    NO_VICTIM_ANSWER = "no-victim-answer"
    FILED_AND_DISMISSED = "filed-and-dismissed"
    JOINED_TO_NOTHING = "joined-to-nothing"


@dataclass(frozen=True, slots=True)
class Orphan:
    """A signal that nobody is bound to look after, and why."""

    signal: str
    service: str
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """How many signals were looked at, and the orphans among them: always none; `whole`: they were all there are."""

    checked: int
    orphans: tuple[Orphan, ...]
    whole: bool = True


def prove(
    views: Iterable[SignalView],
    plan: Procedure,
    *,
    people: frozenset[str] | None = None,
    phases: Mapping[str, Phase] | None = None,
) -> Proof:
    """Look at every signal. `people` who are there (None: not checked); `phases` of signals outside `views`."""
    looked = list(views)
    known = {**(phases or {}), **{view.id: view.phase for view in looked}}
    found = ((view, tuple(flaws(view, plan, people, known))) for view in looked)
    return Proof(len(looked), tuple(Orphan(view.id, view.service, wrong) for view, wrong in found if wrong))


def flaws(
    view: SignalView, plan: Procedure, people: frozenset[str] | None, phases: Mapping[str, Phase]
) -> Iterator[Flaw]:
    """Every flaw of one signal."""
    if view.is_open:
        yield from _open_flaws(view, people)
        if view.standing.next_action is not None and not doers(view, plan):
            yield Flaw.NOBODY_CAN
    elif view.phase is Phase.CLOSED:
        yield from _closed_flaws(view.standing.closing, plan)
    elif view.phase is Phase.DISMISSED:
        dismissal = view.standing.dismissal
        if dismissal is None or dismissal.reason not in plan.lists[ListName.DISMISSAL]:
            yield Flaw.NO_REASON
        if dismissal is None or not dismissal.by:
            yield Flaw.NO_NAME
        if not view.from_scan:
            yield Flaw.FILED_AND_DISMISSED
    elif view.phase is Phase.JOINED:
        target = phases.get(view.standing.joined_to)
        if target is None or target in (Phase.JOINED, Phase.DISMISSED):
            yield Flaw.JOINED_TO_NOTHING


def _open_flaws(view: SignalView, people: frozenset[str] | None) -> Iterator[Flaw]:
    owner, action = view.standing.owner, view.standing.next_action
    if owner is None or not owner.unit:
        yield Flaw.NO_OWNER
    elif owner.person is not None:
        if people is not None and owner.person not in people:
            yield Flaw.OWNER_GONE
        if view.need_to_know and owner.person not in view.need_to_know:
            yield Flaw.OWNER_MAY_NOT_SEE
    if action is None or not action.kind:
        yield Flaw.NO_NEXT_ACTION
        return
    actor = action.by.person
    if not action.by.unit or (actor is not None and people is not None and actor not in people):
        yield Flaw.NOBODY_ACTS
    if action.due.tzinfo is None or action.very_late < action.due:
        yield Flaw.NO_DATE
    if view.is_paused and view.standing.suspended is None:
        yield Flaw.PAUSED_FOR_GOOD
    if view.standing.silent_until is not None and _silent_for_good(view.standing.silent_until, view):
        yield Flaw.SILENT_FOR_GOOD


def doers(view: SignalView, plan: Procedure) -> frozenset[Role]:
    """The roles of persons that can do the next action of an open signal as it stands; none: it stands still for good.

    What people can lift themselves (a lock, enrichment or a task still open) does not count against it.
    """
    action = view.standing.next_action
    kind = plan.actions.get(action.kind) if action is not None else None
    verbs = kind.done_by if kind is not None else ()
    moves = (plan.moves.get((verb, view.phase)) for verb in verbs)
    able = {
        move.verb for move in moves if move is not None and not any(BARRED[n](view) for n in move.needs if n in BARRED)
    }
    return frozenset(role for verb in able for rule in BY_VERB[verb] for role in rule.roles) - {Role.SYSTEM}


BARRED: dict[Guard, Callable[[SignalView], bool]] = {
    Guard.PAUSED: lambda view: not view.is_paused,
    Guard.NOT_PAUSED: lambda view: view.is_paused,
    Guard.OPINION_PENDING: lambda view: view.standing.pending is None,
    Guard.NO_OPINION_PENDING: lambda view: view.standing.pending is not None,
    Guard.FROM_SCAN: lambda view: not view.from_scan,
    Guard.NOT_URGENT: lambda view: view.urgency.any,
    Guard.NOTHING_JOINED_HERE: lambda view: bool(view.joined_here),
}


def _silent_for_good(until: date, view: SignalView) -> bool:
    """A silence ends if, and only if, there is work to go on with, and its next action is not after its last day."""
    action = view.standing.next_action
    return view.standing.suspended is None or view.urgency.any or action is None or local_day(action.due) > until


def _closed_flaws(closing: Closing | None, plan: Procedure) -> Iterator[Flaw]:
    """A signal rests if, and only if, every lead that must be was looked for, in words; a reason of the list; the
    victim question; a name; and a second one."""
    if closing is None:
        yield from (Flaw.NO_LEADS, Flaw.NO_REASON, Flaw.NO_NAME, Flaw.NO_SECOND_PERSON)
        return
    looked = {lead.kind for lead in closing.leads if lead.words.strip()}
    wanted = {entry.code for entry in plan.lists[ListName.LEADS].values() if entry.always}
    if not wanted <= looked:
        yield Flaw.NO_LEADS
    if closing.reason not in plan.lists[ListName.CLOSING]:
        yield Flaw.NO_REASON
    if closing.victim is not VictimContact.SPOKEN and not closing.victim_words.strip():
        yield Flaw.NO_VICTIM_ANSWER
    if not closing.proposed_by:
        yield Flaw.NO_NAME
    if not closing.agreed_by or closing.agreed_by == closing.proposed_by:
        yield Flaw.NO_SECOND_PERSON


def escalations(views: Iterable[SignalView], now: datetime, plan: Procedure) -> tuple[tuple[str, Command], ...]:
    """What goes up the line now: every open signal whose next action is very late, one level at a time, to the top."""
    top = plan.settings[Setting.ESCALATION_LEVELS]
    return tuple(
        (view.id, Escalate())
        for view in views
        if view.is_open
        and view.standing.escalated < top
        and view.standing.next_action is not None
        and lateness(view.standing.next_action, now) is Lateness.VERY_LATE
    )


def task_escalations(views: Iterable[SignalView], now: datetime, plan: Procedure) -> tuple[tuple[str, Command], ...]:
    """Which tasks go up the line now: every open one of an open signal that is very late, once."""
    return tuple(
        (view.id, Escalate(task=todo.id))
        for view in views
        if view.is_open
        for todo in view.open_todos
        if todo.id not in view.tasks_escalated and task_lateness(todo, now, plan) is Lateness.VERY_LATE
    )


def resumes(views: Iterable[SignalView], now: datetime) -> tuple[tuple[str, Command], ...]:
    """What goes on now: every open signal whose clock was to stand still until a day that has passed."""
    today = local_day(now)
    return tuple(
        (view.id, ResumeClock()) for view in views if view.is_open and view.is_paused and view.pauses[-1].until < today
    )


def speaking(
    views: Iterable[SignalView], running: Mapping[tuple[Task, Processing], Iterable[Suppression]], today: date
) -> tuple[tuple[str, Command], ...]:
    """What goes to the queue now: every silent signal of which a silent rule, of its own task, ended or was lifted."""
    silent = {kind: {(one.rule, one.entity) for one in found if one.until > today} for kind, found in running.items()}
    return tuple(
        (view.id, Release(words=Words("")))
        for view in views
        if view.standing.silent_until is not None
        and (
            view.standing.silent_until <= today
            or not {(one.rule, one.entity) for one in view.silenced_by}
            <= silent.get((view.task, view.processing), set())
        )
    )


def returns(views: Iterable[SignalView], people: frozenset[str]) -> tuple[tuple[str, Command], ...]:
    """What goes back to its unit's queue: every open signal of a person who is no longer there."""
    return tuple(
        (view.id, Release(words=Words("")))
        for view in views
        if view.is_open and {view.person, _acts(view)} - people - {None}
    )


def _acts(view: SignalView) -> str | None:
    """The person who must do the next action, if it is one person."""
    return view.standing.next_action.by.person if view.standing.next_action is not None else None


def is_sampled(signal: str, salt: str, per_mille: int) -> bool:
    """Whether a dismissed registration goes to a second reader: the same answer always, unforeseeable without salt."""
    digest = hashlib.sha256(f"{salt}\x00{signal}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * 1000 < per_mille << 64


def drawn(events: Sequence[Event], hash_: str, plan: Procedure) -> Command | None:
    """What brings a dismissed registration to a second reader: if the hash of its dismissal is drawn, and it never was.

    The hash is that of the event in the chain: nobody knows it before dismissing, everybody can reckon it afterwards.
    """
    before = any(isinstance(event.fact, Reopened) and event.fact.ground == SAMPLE for event in events)
    if before or not is_sampled(hash_, "", plan.settings[Setting.SAMPLE_PER_MILLE]):
        return None
    return Reopen(ground=SAMPLE, words=Words(plan.lists[ListName.REOPENING][SAMPLE].label.nl))


def queue_rank(view: SignalView, now: datetime) -> tuple[bool, bool, bool, int, datetime]:
    """The place of an open signal in a queue, smallest first: danger, minors, diary dates that came, late, then date.

    The score orders within equals; it is not here, because no score goes before a person in danger.
    """
    action = view.standing.next_action
    due = action.due if action is not None else view.received_at
    late = lateness(action, now) if action is not None else Lateness.VERY_LATE
    came_back = view.standing.diary is not None and late is not Lateness.ON_TIME
    return not view.urgency.risk_to_life, not view.urgency.minor, not came_back, -int(late), due
