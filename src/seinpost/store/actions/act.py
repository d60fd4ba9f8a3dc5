"""The one door to a signal: every verb of `process`, for web, API, command and job alike.

In one durable transaction: tell the database for whom, lock the rows, fold the events to a view, decide, append the
events, project the columns, leave the notices; the worker mails those that are on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose, Refusal, Verb
from seinpost.process.commands import (
    Assign,
    Attach,
    Command,
    Correct,
    EraseAttachment,
    Escalate,
    Join,
    Naming,
    Reopen,
    Undo,
)
from seinpost.process.decide import decide
from seinpost.process.events import Event
from seinpost.process.fold import DECISIONS, apply, fold
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Reason, Refused, Sight, SignalView
from seinpost.store.acting import Acting, actor_of, working_for
from seinpost.store.actions.attachments import erase_attachment, keep_file, store_attachment
from seinpost.store.actions.notify import leads, leave_notices
from seinpost.store.actions.versions import store_version
from seinpost.store.log import Look, append_events, history, record_look
from seinpost.store.models import Signal
from seinpost.store.projection import project
from seinpost.store.queries.people import gone, looked_up
from seinpost.store.received import NewText

WAITED = timedelta(minutes=1)  # so long an act may have waited for another; more, and a clock is wrong
CHANGED = Refused((Reason(Refusal.CHANGED_SINCE.value),))
Ask = Command | Callable[[SignalView], Command]
"""A command, or for a join: the function that makes it from the view of the other signal."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal as somebody saw it: after so many events; a decision keeps the `sight`."""

    signal: UUID
    events: int
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the events, and the signal after them."""

    view: SignalView
    events: tuple[Event, ...]


def act(
    *,
    acting: Acting,
    signal: UUID | Seen,
    ask: Ask,
    now: datetime,
    plan: Procedure,
    purpose: Purpose = Purpose.FOLLOW_UP,
    other: UUID | None = None,
    content: NewText | bytes | None = None,
) -> Done | Refused:
    """Do one verb on one signal, or say why not with every reason; a refusal changes nothing and is in the view log.

    `other` names the signal to join to; `content` is the text of a correction with what was found in it, or the bytes
    of an attachment. With `Seen` for a signal, it is refused if anything happened since. For somebody of another
    service a signal does not exist.
    """
    seen = signal if isinstance(signal, Seen) else None
    signal = signal.signal if isinstance(signal, Seen) else signal
    with working_for(acting, reach="all"):
        actor = actor_of(acting, now)
        rows = lock(signal, other)
        if signal not in rows or (other is not None and other not in rows):
            return Refused((Reason(Refusal.UNKNOWN_SIGNAL.value),))
        views = {key: fold(history(key)) for key in rows}
        before, now = dict(views), in_turn(now, views.values())
        command = complete(ask, views[signal], views, other, now)
        outcome = decide(views[signal], command, actor, now, plan, purpose=purpose)
        if seen is not None and seen.events != views[signal].sequence:
            allowed = may(actor, command.verb, views[signal].thing, purpose, now)
            outcome = CHANGED if isinstance(allowed, Allowed) else allowed
        if isinstance(outcome, Refused):
            note_refusal(acting, now, purpose, command.verb, signal, outcome)
            return outcome
        if isinstance(command, Attach):
            keep_file(acting, command, content)
        if seen is not None:
            outcome = with_sight(outcome, seen)
        append_events(acting.service, outcome)
        for event in outcome:
            key = UUID(event.signal)
            views[key] = apply(views[key], event)
        for key in {UUID(event.signal) for event in outcome}:
            project(rows[key], views[key]).save()
        store_beside(acting, rows[signal], views[signal], command, content, now)
        leave_notices(acting, outcome, before, views, now)
        return Done(views[signal], outcome)


def in_turn(now: datetime, views: Iterable[SignalView]) -> datetime:
    """The moment of an act that waited for another on the same signal: not before what was done meanwhile.

    Further back it is another clock that is wrong, and `decide` refuses it.
    """
    last = max(view.last_at for view in views)
    return last if now < last <= now + WAITED else now


def with_sight(events: tuple[Event, ...], seen: Seen) -> tuple[Event, ...]:
    """The events, each decision on the signal with what its maker saw."""
    decided = str(seen.signal)
    return tuple(
        replace(event, seen=seen.sight) if event.signal == decided and isinstance(event.fact, DECISIONS) else event
        for event in events
    )


def store_beside(
    acting: Acting, row: Signal, view: SignalView, command: Command, content: NewText | bytes | None, now: datetime
) -> None:  # budget: what one change stores
    """Store what some verbs have beside their events: a text, a file, or its end."""
    if isinstance(command, Correct):
        new = content if isinstance(content, NewText) else NewText("", ())
        store_version(acting, row, view.versions, command.digest, new, now)
    elif isinstance(command, Attach):
        store_attachment(acting, row, command, now)
    elif isinstance(command, EraseAttachment):
        erase_attachment(acting, row, command)


def lock(signal: UUID, other: UUID | None) -> dict[UUID, Signal]:
    """Lock the signal, the one it is joined to and the one it is to join, always in the same order: no deadlock."""
    joined = Signal.objects.filter(pk=signal).values_list("joined_to", flat=True).first()
    wanted = {key for key in (signal, other, joined) if key is not None}
    rows = Signal.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in rows}


def complete(ask: Ask, view: SignalView, views: dict[UUID, SignalView], other: UUID | None, now: datetime) -> Command:
    """The command with the facts that only the store can look up."""
    command: Command = ask if isinstance(ask, Command) else ask(views[other] if other else view)
    if isinstance(command, Join) and other:
        return replace(command, target=views[other])
    if isinstance(command, Undo | Reopen) and view.standing.joined_to:
        return replace(command, other=views.get(UUID(view.standing.joined_to)))
    if isinstance(command, Assign):
        return looked_up(command, lock=True)
    if isinstance(command, Naming):
        return replace(command, gone=gone(command, view.service))
    if isinstance(command, Escalate):
        unit, service = leads(view, now)
        return replace(command, unit_leads=unit, service_leads=service)
    return command


def note_refusal(acting: Acting, now: datetime, purpose: Purpose, verb: Verb, signal: UUID, refused: Refused) -> None:
    """A refusal is recorded: who tried what on which signal, and the first reason."""
    if acting.is_system:
        return
    reason = refused.reasons[0].code if refused.reasons else ""
    record_look(Look(acting=acting, at=now, purpose=purpose, verb=verb, signal=signal, refused=reason))
