"""Whom something concerns: the people an event names, and the groups that the store knows; and when to remind.

A notice goes to whoever must do something or decided something that new information may change; never to everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Calendar, Phase, Told
from seinpost.process import events as e
from seinpost.process.deadlines import AMSTERDAM, Lateness, add_days, end_of, last_day
from seinpost.process.shapes import SignalView, ToDo

NEWS = (e.Noted, e.Attached, e.Corrected, e.TaskFinished)
"""Kinds of fact that may change what was decided: words, a file, other words, an answer."""
SECOND_LOOK = frozenset((Phase.WEIGHED, Phase.CLOSED))
"""Phases in which new information asks for a second look: it was weighed, or rests."""


class Group(str, Enum):
    """People of whom only the store knows who they are, all of the unit of the signal or of its service."""

    LEADERS = "leaders"
    WEIGHERS = "weighers"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom to tell: these people, and if `group` is given, everybody of it; `kind` is what the notice says."""

    kind: str
    people: frozenset[str] = frozenset()
    group: Group | None = None


def audience(event: e.Event, before: SignalView | None, after: SignalView) -> Audience:
    """Whom an event concerns; `before` and `after` are the signal as the whole change found and left it."""
    fact, kind = event.fact, event.fact.kind
    if isinstance(fact, e.GlassBroken):
        return Audience(kind, group=Group.PRIVACY)
    if isinstance(fact, e.TaskAdded):
        return Audience(kind, some(fact.todo.by.person))
    if isinstance(fact, e.Submitted | e.ClosingProposed) or (isinstance(fact, e.Weighed) and fact.pending is not None):
        return Audience(kind, group=Group.WEIGHERS)
    if isinstance(fact, e.Registered):
        return Audience(kind, group=Group.LEADERS if fact.urgency.risk_to_life else None)
    if isinstance(fact, e.TaskEscalated):
        told = frozenset(fact.people)
        return Audience(Told.TASK_VERY_LATE.value, told, None if told else Group.LEADERS)
    if isinstance(fact, NEWS):
        return news(fact, before, after)
    if isinstance(fact, e.MarkedUrgent | e.Assigned | e.Escalated | e.Disagreed | e.Reopened | e.JoinReceived):
        named = at_work(after)
        if isinstance(fact, e.Disagreed | e.Reopened) and before is not None:
            named |= at_work(before) | deciders(before)
        if isinstance(fact, e.Escalated):  # who had it knows that it went up
            named = frozenset(fact.escalation.people)
            return Audience(kind, named | (at_work(before) if before else named), None if named else Group.LEADERS)
        alarming = isinstance(fact, e.MarkedUrgent)
        return Audience(kind, named, Group.LEADERS if alarming and not named else None)
    return Audience(kind)


def news(fact: e.Fact, before: SignalView | None, after: SignalView) -> Audience:
    """Whom new information concerns: who works on the signal, and who decided on it, if that decision stands."""
    moved = before is not None and before.phase is not after.phase  # what it led to is told by itself
    if before is None or moved or (isinstance(fact, e.TaskFinished) and fact.result != "answered"):
        return Audience(fact.kind)
    if after.phase in SECOND_LOOK:
        return second_look(after)
    decided = deciders(after) if after.standing.pending is not None or not after.is_open else frozenset()
    return Audience(fact.kind, at_work(after) | decided)


def second_look(view: SignalView) -> Audience:
    """Whom to ask whether what was weighed or closed should be weighed again; who leads, when nobody is named."""
    named = at_work(view) | deciders(view)
    return Audience(Told.SECOND_LOOK.value, named, None if named else Group.LEADERS)


def at_work(view: SignalView) -> frozenset[str]:
    """Who has it, and who must do its next action."""
    action = view.standing.next_action
    return some(view.person, action.by.person if action is not None else None) if view.is_open else frozenset()


def deciders(view: SignalView) -> frozenset[str]:
    """Who decided what stands: the last weigher, who proposed a closing and who agreed, who dismissed it."""
    standing = view.standing
    weighed = [one.by for one in view.weighings if not one.undone][-1:]
    closing = standing.closing or standing.pending
    closed = (closing.proposed_by, closing.agreed_by) if closing is not None else ()
    return some(*weighed, *closed, standing.dismissal.by if standing.dismissal is not None else None)


def some(*people: str | None) -> frozenset[str]:
    """Those of them who are somebody."""
    return frozenset(person for person in people if person)


def news_since(events: tuple[e.Event, ...], view: SignalView) -> tuple[e.Event, ...]:
    """What was added since the last decision on a signal that was weighed or rests; of any other: nothing."""
    if view.phase not in SECOND_LOOK:
        return ()
    last = max((n for n, event in enumerate(events) if isinstance(event.fact, e.Weighed | e.Closed)), default=-1)
    return tuple(
        event
        for event in events[last + 1 :]
        if isinstance(event.fact, NEWS) and not (isinstance(event.fact, e.TaskFinished) and event.fact.result == "done")
    )


# --- reminders ------------------------------------------------------------------------------------------------------


def told_from(due: datetime) -> datetime:
    """From when somebody is told that something is due: the first moment of its last day, local time."""
    return end_of(last_day(due) - timedelta(days=1))


def reminder(due: datetime, now: datetime) -> tuple[Told, datetime] | None:
    """What to remind of now, and since when it holds: late, due today, or nothing yet."""
    if now >= due:
        return Told.LATE, due
    return (Told.DUE, told_from(due)) if now >= told_from(due) else None


def task_lateness(todo: ToDo, now: datetime, plan: Procedure) -> Lateness:
    """How late a task is: very late one working day after its last one."""
    if todo.done or now < todo.due:
        return Lateness.ON_TIME
    return Lateness.VERY_LATE if now >= very_late(todo, plan) else Lateness.LATE


def very_late(todo: ToDo, plan: Procedure) -> datetime:
    """The first moment a task is very late."""
    return end_of(add_days(last_day(todo.due), 1, Calendar.WORKING_DAYS, plan.holidays))


def task_reminders(view: SignalView, now: datetime, plan: Procedure) -> Iterator[tuple[Audience, datetime]]:
    """Whom to tell of the tasks of an open signal, and since when.

    Who has it when it is due and late; the owner when it is late. What is very late goes up the line by an event.
    """
    for todo in view.open_todos if view.is_open else ():
        asked = some(todo.by.person) or at_work(view)
        late = task_lateness(todo, now, plan)
        if late is not Lateness.ON_TIME:
            yield Audience(Told.TASK_LATE.value, asked | at_work(view)), todo.due
        elif now >= told_from(todo.due):
            yield Audience(Told.TASK_DUE.value, asked), told_from(todo.due)


def notice_told(plan: Procedure, kind: str, language: str) -> str:
    """What a notice says: of an event, or of what is not one."""
    names = plan.names["notice"] if kind in plan.names["notice"] else plan.names["fact"]
    return names[kind].told(language)


def local(moment: datetime) -> str:
    """A moment as a letter writes it."""
    return moment.astimezone(AMSTERDAM).strftime("%d-%m-%Y %H:%M")
