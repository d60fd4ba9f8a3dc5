"""Reminders: who has it is told when a next action or a task is due, and when it is late; once each.

A late task goes on to the owner of the signal, a very late one to who leads the unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import OPEN_PHASES, Told
from seinpost.process.fold import fold
from seinpost.process.telling.concerns import reminder, task_reminders
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.notify import tell
from seinpost.store.log import all_histories
from seinpost.store.models import Notice, Signal

OPEN = sorted(phase.value for phase in OPEN_PHASES)
AHEAD = timedelta(days=1)  # a day of 25 hours is no matter: the process says when, this only narrows the question


def remind(*, service: str, now: datetime, plan: Procedure) -> Counter[str]:
    """Leave the reminders of a service that are due now; how many, by what they tell."""
    with working_for(as_system(service), reach="all"):
        done = Counter(remind_of_actions(service, now))
        acting = as_system(service)
        rows = Signal.objects.filter(phase__in=OPEN, task_due__lte=now + AHEAD).order_by("pk")
        for events in all_histories(list(rows.values_list("pk", flat=True))):
            view = fold(events)
            for audience, since in task_reminders(view, now, plan):
                done[audience.kind] += tell(acting, audience, view, now, since=since)
    return +done


def remind_of_actions(service: str, now: datetime) -> Iterator[str]:
    """Tell the people who have a next action that is due or late and were not told yet; by columns, nothing is read."""
    told = Notice.objects.filter(signal=OuterRef("pk"), person=OuterRef("doer"))
    rows = (
        Signal.objects.filter(phase__in=OPEN, due__lte=now + AHEAD)
        .annotate(doer=Coalesce("next_person_id", "owner_id"))
        .filter(doer__isnull=False)
        .exclude(Exists(told.filter(event_kind=Told.LATE.value, at__gte=OuterRef("due"))))
    )
    for key, doer, due in rows.order_by("pk").values_list("pk", "doer", F("due")):
        found = reminder(due, now)
        if found is not None and not told_already(key, doer, *found):
            Notice.objects.create(service_id=service, person_id=doer, signal=key, event_kind=found[0].value, at=now)
            yield found[0].value


def told_already(signal: UUID, person: UUID, kind: Told, since: datetime) -> bool:
    """Whether somebody was told this of a signal since a moment."""
    return Notice.objects.filter(signal=signal, person=person, event_kind=kind.value, at__gte=since).exists()
