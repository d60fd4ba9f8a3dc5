"""The control sample: of what one person dismissed, a part by the hash in the chain comes to a second reader."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Phase, Purpose, Setting
from seinpost.process.events import Dismissed, Reopened
from seinpost.process.guarantee import drawn, is_sampled
from seinpost.process.measures.agreement import Sampled, sampled
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.log import all_histories, histories
from seinpost.store.models import CaseEvent, Signal

LOOKED_BACK = timedelta(days=60)
"""How far back a worker that stood still catches up; what is older was looked at before."""


def draw(*, service: str, now: datetime, plan: Procedure) -> int:
    """Bring what is drawn to a second reader, once who dismissed it can no longer take that back; how many."""
    acting = as_system(service)
    per_mille = plan.settings[Setting.SAMPLE_PER_MILLE]
    settled = now - timedelta(hours=plan.settings[Setting.UNDO_HOURS])
    with working_for(acting, reach="all"):
        asleep = Signal.objects.filter(phase=Phase.DISMISSED.value, last_at__gt=now - LOOKED_BACK)
        rows = CaseEvent.objects.filter(signal__in=asleep.values("pk"), kind=Dismissed.kind).order_by("number")
        last = {key: (bytes(hash_).hex(), at) for key, hash_, at in rows.values_list("signal", "hash", "at") if key}
        hashes = {key: hash_ for key, (hash_, at) in last.items() if at <= settled and is_sampled(hash_, "", per_mille)}
        asked = [
            (UUID(events[0].signal), command)
            for events in all_histories(sorted(hashes))
            if (command := drawn(events, hashes[UUID(events[0].signal)], plan)) is not None
        ]
    done = [act(acting=acting, signal=key, ask=ask, now=now, plan=plan, purpose=Purpose.GUARDING) for key, ask in asked]
    return sum(not isinstance(one, Refused) for one in done)


def samples(service: str) -> tuple[Sampled, ...]:
    """What became of every registration of the sample; call it with reach "all"."""
    keys = CaseEvent.objects.filter(service=service, kind=Reopened.kind).values_list("signal", flat=True).distinct()
    found = (sampled(events) for events in histories(key for key in keys if key is not None).values())
    return tuple(one for one in found if one is not None)
