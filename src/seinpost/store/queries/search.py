"""One box over numbers, the words of texts in every version, and what texts name, within what the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from seinpost.link import find_entities
from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.people import Actor
from seinpost.process.policy import visible
from seinpost.report.distress import NOTHING, Distress
from seinpost.store.actions.versions import stored_text
from seinpost.store.models import SavedSearch, Signal, SignalKey
from seinpost.store.queries.queue import PAGE, QueuePage, lines
from seinpost.store.queries.scope import signals_for

MOST = 2000  # signals that words may point at; a question that finds more is no question

FIND = r"""SELECT seinpost_search(
  regexp_replace(websearch_to_tsquery('dutch', %s)::text, '''([^'']{4,})''', '''\1'':*', 'g')::tsquery) LIMIT %s"""
"""Words of four letters and more also as beginnings: the Dutch stems part "meisje" from "meisjes"."""


def search(
    actor: Actor, asked: str, number: int | None, now: datetime, page: int = 1, *, distress: Distress = NOTHING
) -> QueuePage:
    """A page of signals that answer to what was asked, newest first; nothing for an empty question.

    `number` is the signal number in the question, if it is one.
    """
    wanted = matching(actor.service, asked, number, opened(actor, now))
    rows = signals_for(actor, now, Verb.SEARCH).filter(pk__in=wanted)
    total = rows.count() if wanted else 0
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    shown = rows.order_by("-received_at", "pk").values_list("pk", flat=True)[(page - 1) * PAGE : page * PAGE]
    return QueuePage(lines(list(shown), now, distress) if total else (), total, page, None)


def opened(actor: Actor, now: datetime) -> set[str]:
    """The compartments that the actor may look into: the number at a protected source finds nothing for others."""
    clauses = visible(actor, now, Purpose.FOLLOW_UP, Verb.READ_SOURCE).clauses
    return {"", *(code for clause in clauses for code in clause.compartments or ())}


def matching(service: str, asked: str, number: int | None, compartments: set[str]) -> set[UUID]:
    """Signals of the service that answer to what was asked, whether or not the actor may know of them.

    Each way of answering looks in its own index; joined in one condition they would make the database read every row.
    """
    asked = stored_text(asked).strip()
    if not asked:
        return set()
    mine = Signal.objects.filter(service=service)
    numbered = mine.filter(external_id__in={asked, asked.upper(), asked.lower()}, compartment__in=compartments)
    found = {*numbered.values_list("pk", flat=True)[:MOST], *by_words(asked)}
    if number is not None:
        found.update(mine.filter(number=number).values_list("pk", flat=True))
    for entity in find_entities(asked):
        named = SignalKey.objects.filter(service=service, kind=entity.kind.value, key=entity.key)
        found.update(named.values_list("signal", flat=True)[:MOST])
    return found


def by_words(asked: str) -> list[UUID]:
    """Signals of the service whose words answer to the question, as PostgreSQL reads Dutch.

    Goes through `seinpost_search`, which uses the index: row security would forbid that to a plain query.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND, [asked, MOST])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Saved:
    """A search somebody keeps; `query` is what the address of the queue says, or of the search box (`q`)."""

    key: int
    name: str
    query: dict[str, str]
    is_default: bool

    @property
    def is_question(self) -> bool:
        """Whether it was typed in the search box, and is no filter of the queue."""
        return "q" in self.query


def saved_searches(actor: Actor) -> tuple[Saved, ...]:
    """The searches the actor keeps, by name; inside the transaction that works for them."""
    rows = SavedSearch.objects.filter(person=UUID(actor.id)).order_by("name")
    return tuple(Saved(*row) for row in rows.values_list("pk", "name", "query", "is_default"))
