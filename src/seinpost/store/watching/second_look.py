"""A second look: a registration that names the same as what was weighed or closed tells who decided on that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from seinpost.process.fold import fold
from seinpost.process.telling.concerns import SECOND_LOOK, second_look
from seinpost.store.acting import Acting
from seinpost.store.actions.notify import tell
from seinpost.store.log import histories
from seinpost.store.models import Signal, SignalKey

SAME = ("phone", "plate", "firm", "chamber", "iban", "email", "handle")
"""Kinds of key that point at one person or firm. An address of many, or a website, asks for nothing by itself."""
AT_ONCE = 500  # keys in one question to the database


def ask_second_look(acting: Acting, fresh: Sequence[Signal], now: datetime) -> int:
    """Tell who decided on signals that were weighed or closed that others came in that name the same; how many.

    Inside the transaction that files them. Who has an unread notice of this kind about a signal gets no other.
    """
    new = {row.pk for row in fresh}
    others = set(same_words(fresh, new)) | set(same_keys(new))
    rows = Signal.objects.filter(pk__in=others, phase__in=[phase.value for phase in SECOND_LOOK])
    views = {key: fold(events) for key, events in histories(rows.values_list("pk", flat=True)).items()}
    return sum(tell(acting, second_look(view), view, now, once=True) for _key, view in sorted(views.items()))


def same_words(fresh: Iterable[Signal], new: set[UUID]) -> Iterable[UUID]:
    """Other signals with exactly the same words."""
    rows = Signal.objects.filter(digest__in={row.digest for row in fresh}).exclude(pk__in=new)
    return rows.values_list("pk", flat=True)


def same_keys(new: set[UUID]) -> Iterable[UUID]:
    """Other signals that name the same phone, plate, account or firm."""
    named: Mapping[str, set[str]] = {kind: set() for kind in SAME}
    for kind, key in SignalKey.objects.filter(signal__in=new, kind__in=SAME).values_list("kind", "key"):
        named[kind].add(key)
    for kind, keys in named.items():
        ordered = sorted(keys)
        for start in range(0, len(ordered), AT_ONCE):
            same = Q(kind=kind, key__in=ordered[start : start + AT_ONCE])
            yield from SignalKey.objects.filter(same).exclude(signal__in=new).values_list("signal_id", flat=True)
