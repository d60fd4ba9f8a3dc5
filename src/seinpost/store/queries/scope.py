"""From a scope of the policy table to rows: the same rule that answers for one signal filters a list of them."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.people import Actor
from seinpost.process.policy import Clause, Scope, visible
from seinpost.store.models import Signal

GLASS = (
    "EXISTS (SELECT 1 FROM jsonb_array_elements(store_signal.glass) AS g"
    " WHERE g ->> 'person' = %s AND (g ->> 'until')::timestamptz > %s)"
)
PURPOSES = (
    *(Purpose.FOLLOW_UP, Purpose.COORDINATION, Purpose.TRAINING, Purpose.OVERSIGHT, Purpose.EMERGENCY),
    Purpose.MANAGEMENT,  # for which nothing is read: only who is asked answers
)


def narrowed(rows: QuerySet[Signal], scope: Scope, now: datetime) -> QuerySet[Signal]:
    """The rows that the scope admits; none when it has no clause."""
    if not scope.clauses:
        return rows.none()
    return rows.filter(reduce(or_, (condition(clause, now) for clause in scope.clauses)), service=scope.service)


def condition(clause: Clause, now: datetime) -> Q:
    """One clause as a condition on rows."""
    wanted = Q(pk__isnull=False)  # everything: an empty Q would vanish beside another clause
    if clause.task is not None:
        wanted &= Q(task=clause.task.value)
    if clause.processing is not None:
        wanted &= Q(processing=clause.processing.value)
    if clause.units is not None:
        wanted &= Q(unit__in=sorted(clause.units))
    if clause.forms is not None:
        wanted &= of_forms(clause.forms, clause.worker)
    if clause.named is not None:
        wanted &= Q(need_to_know=[]) | Q(need_to_know__contains=[clause.named])
    if clause.asked is not None:
        wanted &= Q(asked__contains=[clause.asked])
    if clause.compartments is not None:
        wanted &= Q(compartment__in=sorted(clause.compartments))
    if clause.practice is not None:
        wanted &= Q(practice=clause.practice)
    if clause.glass is not None:
        wanted &= Q(RawSQL(GLASS, [clause.glass, now], output_field=BooleanField()))
    return wanted


def of_forms(forms: frozenset[str], worker: str) -> Q:
    """One of these forms, or none yet, or the work of somebody."""
    mine = Q(owner=worker) | Q(next_person=worker) | Q(task_people__contains=[worker])
    return Q(forms=[]) | Q(forms__overlap=sorted(forms)) | mine


def reaches(actor: Actor, now: datetime, verb: Verb) -> bool:
    """Whether there could be any signal to which the actor may do the verb; where not, its page does not exist."""
    return any(visible(actor, now, purpose, verb).clauses for purpose in PURPOSES)


def signals_for(actor: Actor, now: datetime, verb: Verb = Verb.READ) -> QuerySet[Signal]:
    """Every signal the actor may look at now, for any purpose they hold."""
    clauses = [clause for purpose in PURPOSES for clause in visible(actor, now, purpose, verb).clauses]
    return narrowed(Signal.objects.all(), Scope(actor.service, tuple(dict.fromkeys(clauses))), now)
