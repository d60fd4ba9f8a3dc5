"""What the system does by itself: send what is very late up the line, give back what nobody is there for.

Goes through the same door as everybody, as the system, so that each step is an event with its reason.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import OPEN_PHASES, Purpose
from seinpost.process.fold import fold
from seinpost.process.guarantee import escalations, returns
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.log import all_histories
from seinpost.store.models import Person, Service, Signal

OPEN = sorted(phase.value for phase in OPEN_PHASES)


def do_duty(*, now: datetime, plan: Procedure) -> Counter[str]:
    """Do for every service what is due by itself; how often each verb was done, and how often one was refused.

    A refusal is counted, not raised: the next signal must not wait for it. Doing it twice changes nothing more.
    """
    done: Counter[str] = Counter()
    for service in Service.objects.order_by("pk").values_list("pk", flat=True):
        acting = as_system(service)
        with working_for(acting, reach="all"):
            people = frozenset(
                str(key) for key in Person.objects.filter(service=service, is_active=True).values_list("pk", flat=True)
            )
            keys = list(Signal.objects.filter(phase__in=OPEN).order_by("pk").values_list("pk", flat=True))
            views = [fold(events) for events in all_histories(keys)]
        for signal, command in (*returns(views, people), *escalations(views, now, plan)):
            outcome = act(acting=acting, signal=UUID(signal), ask=command, now=now, plan=plan, purpose=Purpose.GUARDING)
            done["refused" if isinstance(outcome, Refused) else command.verb.value] += 1
    return done
