"""A reader's day: what asks for them, what waits, what is late; counts and a few lines of each.

Of earlier registrations that were scanned afterwards only those count in the day that are the reader's own, or urgent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from seinpost.packs.procedure.terms import Verb
from seinpost.process.fold import fold
from seinpost.process.people import Actor
from seinpost.process.shapes import ToDo
from seinpost.process.verbs.keeping import ASK
from seinpost.report.distress import NOTHING, Distress
from seinpost.store.log import histories
from seinpost.store.models import Notice
from seinpost.store.order import ordered
from seinpost.store.queries.queue import DAILY, OPEN, URGENT, QueueRow, lines, waiting
from seinpost.store.queries.scope import signals_for

FEW = 8
MOST_TASKS = 50  # signals; a longer list is a talk with a coordinator


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Something the reader should know, about one signal."""

    id: int
    signal: UUID
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An open task of the reader, and the signal it is for."""

    signal: UUID
    number: int
    task: ToDo
    readable: bool = True  # whether the reader may read the signal; else the task is a question put to them


@dataclass(frozen=True, slots=True)
class Today:
    """The reader's day."""

    mine: tuple[QueueRow, ...]
    mine_total: int
    queue_total: int
    late_total: int
    urgent_total: int
    historical_total: int
    notices: tuple[NoticeRow, ...]
    tasks: tuple[TaskRow, ...]


def today(actor: Actor, now: datetime, distress: Distress = NOTHING) -> Today:
    """What the reader's day holds; seven queries."""
    rows = waiting(actor, now)
    me = UUID(actor.id)
    mine = rows.filter(Q(owner=me) | Q(next_person=me))
    daily = Q(lane=DAILY) | URGENT
    counts = rows.aggregate(
        mine=Count("pk", filter=Q(owner=me) | Q(next_person=me)),
        queue=Count("pk", filter=daily & Q(owner__isnull=True)),
        late=Count("pk", filter=daily & Q(due__lte=now)),
        urgent=Count("pk", filter=URGENT),
        historical=Count("pk", filter=~daily),
    )
    notices = Notice.objects.filter(person=me, read_at__isnull=True).order_by("-at")[:FEW]
    return Today(
        mine=lines(list(ordered(mine, now).values_list("pk", flat=True)[:FEW]), now, distress),
        mine_total=counts["mine"],
        queue_total=counts["queue"],
        late_total=counts["late"],
        urgent_total=counts["urgent"],
        historical_total=counts["historical"],
        notices=tuple(NoticeRow(n.pk, n.signal, n.event_kind, n.at) for n in notices),
        tasks=own_tasks(actor, now),
    )


def own_tasks(actor: Actor, now: datetime) -> tuple[TaskRow, ...]:
    """The open tasks of the actor on signals they may read, and the questions they may answer; first due first."""
    readable = signals_for(actor, now)
    rows = (readable | signals_for(actor, now, Verb.ANSWER)).filter(
        phase__in=OPEN, task_due__isnull=False, task_people__contains=[actor.id]
    )
    numbers = dict(rows.order_by("task_due", "pk").values_list("pk", "number")[:MOST_TASKS])
    if not numbers:
        return ()
    read = set(readable.filter(pk__in=numbers).values_list("pk", flat=True))
    found = [
        TaskRow(key, numbers[key], todo, key in read)
        for key, events in histories(numbers).items()
        for todo in fold(events).open_todos
        if todo.by.person == actor.id and (key in read or todo.kind == ASK)
    ]
    return tuple(sorted(found, key=lambda row: (row.task.due, row.number)))
