"""Who must know of what happened; left as rows in the same transaction, so no notice is lost or sent for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from seinpost.packs.procedure.terms import Role
from seinpost.process import events as e
from seinpost.process.events import Event
from seinpost.process.shapes import SignalView
from seinpost.store.acting import Acting
from seinpost.store.models import Grant, Notice


def leave_notices(acting: Acting, events: Iterable[Event], views: Mapping[UUID, SignalView], now: datetime) -> None:
    """Leave a notice for everybody concerned, but never for whoever did it."""
    Notice.objects.bulk_create(
        Notice(service_id=acting.service, person_id=UUID(person), signal=signal, event_kind=event.fact.kind, at=now)
        for event in events
        for signal in [UUID(event.signal)]
        for person in sorted(concerned(acting, event, views[signal], now) - {acting.person})
    )


def concerned(acting: Acting, event: Event, view: SignalView, now: datetime) -> set[str]:
    """The people an event concerns: who must act next, who owns it, who is asked, who guards emergency access."""
    fact = event.fact
    if isinstance(fact, e.GlassBroken):
        return privacy_officers(acting.service, now)
    if isinstance(fact, e.TaskAdded):
        return {fact.todo.by.person} if fact.todo.by.person else set()
    if isinstance(fact, e.MarkedUrgent | e.Assigned | e.Escalated | e.Disagreed | e.Reopened | e.JoinReceived):
        action = view.standing.next_action
        people = {view.person, action.by.person if action else None}
        named = {person for person in people if person}
        return named or (leaders(view, now) if isinstance(fact, e.MarkedUrgent | e.Escalated) else named)
    if isinstance(fact, e.Registered) and fact.urgency.risk_to_life:
        return leaders(view, now)
    return set()


def leaders(view: SignalView, now: datetime) -> set[str]:
    """Everybody who leads the unit of a signal: of whom it is when it is nobody's yet, and cannot wait."""
    grants = Grant.objects.filter(
        role=Role.COORDINATOR.value, task=view.task.value, processing=view.processing.value, starts__lte=now,
        ends__gt=now, service=view.service, person__is_active=True,
    ).filter(Q(units__isnull=True) | Q(units__contains=[view.unit]))  # fmt: skip
    return {str(key) for key in grants.values_list("person_id", flat=True)}


def privacy_officers(service: str, now: datetime) -> set[str]:
    """Everybody who is privacy officer of the service now."""
    grants = Grant.objects.filter(role=Role.PRIVACY_OFFICER.value, starts__lte=now, ends__gt=now, service=service)
    return {str(key) for key in grants.values_list("person_id", flat=True)}
