"""A reader's day: what asks for them, what waits, what is late; counts and a few lines of each.

Of earlier registrations that were scanned afterwards only those count in the day that are the reader's own, or urgent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from seinpost.process.people import Actor
from seinpost.store.models import Notice
from seinpost.store.queries.queue import DAILY, URGENT, QueueRow, lines, ordered, waiting

FEW = 8


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Something the reader should know, about one signal."""

    id: int
    signal: UUID
    kind: str
    at: datetime


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


def today(actor: Actor, now: datetime) -> Today:
    """What the reader's day holds; five queries."""
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
        mine=lines(list(ordered(mine, now).values_list("pk", flat=True)[:FEW]), now),
        mine_total=counts["mine"],
        queue_total=counts["queue"],
        late_total=counts["late"],
        urgent_total=counts["urgent"],
        historical_total=counts["historical"],
        notices=tuple(NoticeRow(n.pk, n.signal, n.event_kind, n.at) for n in notices),
    )
