"""The named conditions a move may need: a closed set, each a small function that gives its reasons against."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from seinpost.packs.procedure.terms import Guard, Refusal
from seinpost.process.commands import Command, Escalate
from seinpost.process.deadlines import Lateness, lateness
from seinpost.process.shapes import Reason
from seinpost.process.verbs.case import Case, reason, steps_open

Check = Callable[[Case[Command]], Iterator[Reason]]


def held_by_actor(case: Case[Command]) -> Iterator[Reason]:
    """The actor is its owner; the system may take back from anybody."""
    if not case.actor.is_system and case.view.person != case.actor.id:
        yield reason(Refusal.NOT_HELD)


def not_held_by_other(case: Case[Command]) -> Iterator[Reason]:
    """Nobody else is at work on it right now."""
    hold = case.view.hold
    if hold is not None and hold.person != case.actor.id and case.now < hold.until:
        yield reason(Refusal.HELD_BY_OTHER, person=hold.person, until=hold.until.isoformat())


def from_scan(case: Case[Command]) -> Iterator[Reason]:
    """It came from the scan: what a person filed as a signal, one person cannot set aside."""
    if not case.view.from_scan:
        yield reason(Refusal.NOT_FROM_SCAN)


def not_urgent(case: Case[Command]) -> Iterator[Reason]:
    """Neither danger nor a minor."""
    if case.view.urgency.any:
        yield reason(Refusal.IS_URGENT)


def no_opinion_pending(case: Case[Command]) -> Iterator[Reason]:
    """No proposal waits for a second person."""
    if case.view.standing.pending is not None:
        yield reason(Refusal.OPINION_PENDING)


def opinion_pending(case: Case[Command]) -> Iterator[Reason]:
    """A proposal waits for a second person."""
    if case.view.standing.pending is None:
        yield reason(Refusal.NO_OPINION_PENDING)


def second_person(case: Case[Command]) -> Iterator[Reason]:
    """The actor is not the one who proposed."""
    pending = case.view.standing.pending
    if pending is not None and pending.proposed_by == case.actor.id:
        yield reason(Refusal.SAME_PERSON)


def fully_enriched(case: Case[Command]) -> Iterator[Reason]:
    """Every required step is done or reasoned away."""
    left = steps_open(case.view, case.plan, case.now)
    if left:
        yield reason(Refusal.ENRICHMENT_INCOMPLETE, steps=", ".join(step.code for step in left))


def enriched(case: Case[Command]) -> Iterator[Reason]:
    """As `fully_enriched`, but danger or a minor goes past it: towards acting, never towards rest."""
    if not case.view.urgency.any:
        yield from fully_enriched(case)


def no_open_tasks(case: Case[Command]) -> Iterator[Reason]:
    """Every task is finished or dropped with a reason."""
    if case.view.open_todos:
        yield reason(Refusal.TASKS_OPEN, count=len(case.view.open_todos))


def not_paused(case: Case[Command]) -> Iterator[Reason]:
    """Its clock runs."""
    if case.view.is_paused:
        yield reason(Refusal.IS_PAUSED)


def paused(case: Case[Command]) -> Iterator[Reason]:
    """Its clock stands still."""
    if not case.view.is_paused:
        yield reason(Refusal.NOT_PAUSED)


def nothing_joined_here(case: Case[Command]) -> Iterator[Reason]:
    """No other signal goes on inside it: it would be carried off with this one."""
    if case.view.joined_here:
        yield reason(Refusal.HAS_JOINED_SIGNALS)


def other_reader(case: Case[Command]) -> Iterator[Reason]:
    """A sample of what was dismissed is decided on by somebody else than who dismissed it."""
    if case.view.standing.read_by == case.actor.id:
        yield reason(Refusal.SAME_PERSON)


def very_late_for_system(case: Case[Command]) -> Iterator[Reason]:
    """A person may at any time; the system only when it is very late. How late a task is, the verb itself looks at."""
    action = case.view.standing.next_action
    if isinstance(case.command, Escalate) and case.command.task:
        return
    if case.actor.is_system and (action is None or lateness(action, case.now) is not Lateness.VERY_LATE):
        yield reason(Refusal.NOT_VERY_LATE)


GUARDS: dict[Guard, Check] = {
    Guard.HELD_BY_ACTOR: held_by_actor,
    Guard.NOT_HELD_BY_OTHER: not_held_by_other,
    Guard.FROM_SCAN: from_scan,
    Guard.NOT_URGENT: not_urgent,
    Guard.NO_OPINION_PENDING: no_opinion_pending,
    Guard.OPINION_PENDING: opinion_pending,
    Guard.SECOND_PERSON: second_person,
    Guard.ENRICHED: enriched,
    Guard.FULLY_ENRICHED: fully_enriched,
    Guard.NO_OPEN_TASKS: no_open_tasks,
    Guard.NOT_PAUSED: not_paused,
    Guard.PAUSED: paused,
    Guard.NOTHING_JOINED_HERE: nothing_joined_here,
    Guard.OTHER_READER: other_reader,
    Guard.VERY_LATE_FOR_SYSTEM: very_late_for_system,
}
