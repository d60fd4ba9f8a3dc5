"""One box over everything: numbers, words of texts and notes, and what texts name, within what the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from seinpost.link import find_entities
from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.people import Actor
from seinpost.process.policy import visible
from seinpost.store.actions.versions import stored_text
from seinpost.store.models import SavedSearch, SignalKey
from seinpost.store.queries.queue import PAGE, QueuePage, described, row_of
from seinpost.store.queries.scope import signals_for

MOST = 2000  # signals that words may point at; a question that finds more is no question

FIND = r"""SELECT seinpost_search(
  regexp_replace(websearch_to_tsquery('dutch', %s)::text, '''([^'']{4,})''', '''\1'':*', 'g')::tsquery) LIMIT %s"""
"""Words of four letters and more also as beginnings: the Dutch stems part "meisje" from "meisjes"."""


def search(actor: Actor, asked: str, number: int | None, now: datetime, page: int = 1) -> QueuePage:
    """A page of signals that answer to what was asked, newest first; nothing for an empty question.

    `number` is the signal number in the question, if it is one.
    """
    wanted = matching(actor.service, asked, number, opened(actor, now))
    rows = signals_for(actor, now, Verb.SEARCH).filter(wanted)
    total = rows.count()
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    shown = rows.order_by("-received_at", "pk")[(page - 1) * PAGE : page * PAGE]
    return QueuePage(tuple(row_of(row, now) for row in described(shown)), total, page, None)


def opened(actor: Actor, now: datetime) -> set[str]:
    """The compartments that the actor may look into: the number at a protected source finds nothing for others."""
    clauses = visible(actor, now, Purpose.FOLLOW_UP, Verb.READ_SOURCE).clauses
    return {"", *(code for clause in clauses for code in clause.compartments or ())}


def matching(service: str, asked: str, number: int | None, compartments: set[str]) -> Q:
    """What a signal must answer to."""
    asked = stored_text(asked).strip()
    if not asked:
        return Q(pk__in=[])
    wanted = Q(external_id__iexact=asked, compartment__in=compartments)
    if number is not None:
        wanted |= Q(number=number)
    for entity in find_entities(asked):
        named = SignalKey.objects.filter(service=service, kind=entity.kind.value, key=entity.key).values("signal")
        wanted |= Q(pk__in=named)
    return wanted | Q(pk__in=by_words(asked))


def by_words(asked: str) -> list[UUID]:
    """Signals of the service whose words answer to the question, as PostgreSQL reads Dutch.

    Goes through `seinpost_search`, which uses the index: row security would forbid that to a plain query.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND, [asked, MOST])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Saved:
    """A search somebody keeps; `query` is what the address of the queue says."""

    key: int
    name: str
    query: dict[str, str]
    is_default: bool


def saved_searches(actor: Actor) -> tuple[Saved, ...]:
    """The searches the actor keeps, by name; inside the transaction that works for them."""
    rows = SavedSearch.objects.filter(person=UUID(actor.id)).order_by("name")
    return tuple(Saved(*row) for row in rows.values_list("pk", "name", "query", "is_default"))
