"""One box over numbers, texts in every version, what people wrote with events, and what texts name.

All within what the reader may see, with the places where the words stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from seinpost.link import find_entities
from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.people import Actor
from seinpost.process.policy import visible
from seinpost.report.distress import NOTHING, Distress, Fold, folds_in
from seinpost.report.view import Mark
from seinpost.store.actions.versions import stored_text
from seinpost.store.models import Hit, SavedSearch, Signal, SignalKey, TextVersion
from seinpost.store.order import Asked, asked_for
from seinpost.store.queries.queue import PAGE, QueuePage, lines
from seinpost.store.queries.scope import signals_for
from seinpost.store.statement import Statement

MOST, NEAR = 1_000, 5_000
"""So many signals one way of answering gives. Words that answer oftener than the second are looked for in the newest
signals, so many of them."""
STEPS, ENOUGH = (0, 200, 600, 1_400, NEAR), 2 * PAGE
"""Signals are looked through from one of these to the next, newest first, until so many answer."""
NUMBER, EXTERNAL, TEXT = "number", "external-id", "text"
"""Places that are no kind of event and no kind of entity."""
OPEN, CLOSE = "\ue000", "\ue001"
"""Around each word that answers, in what PostgreSQL cuts out: of no alphabet, and taken out of the words first."""

QUESTION = r"""regexp_replace(websearch_to_tsquery('dutch', %s)::text, '''([^'']{4,})''', '''\1'':*', 'g')::tsquery"""
"""Words of four letters and more also as beginnings: the Dutch stems part "meisje" from "meisjes"."""

READABLE = "<what the reader may find>"
SINCE = "extract(epoch FROM received_at)::float8"  # a thousand of them as dates cost more than the rest of the answer
BY_WORDS = f"""
WITH found AS MATERIALIZED (SELECT seinpost_search({QUESTION}, %s) AS key),
counted AS MATERIALIZED (SELECT count(*) AS total FROM found)
SELECT total, newest.* FROM counted LEFT JOIN LATERAL (
  SELECT id, {SINCE} FROM store_signal WHERE total <= %s AND id IN (SELECT key FROM found) AND {READABLE}
  ORDER BY received_at DESC, id LIMIT %s) AS newest ON true"""

AMONG = f"""
WITH question AS MATERIALIZED (SELECT {QUESTION} AS asked),
step AS MATERIALIZED (
  SELECT id, received_at FROM store_signal WHERE {READABLE} ORDER BY received_at DESC, id OFFSET %s LIMIT %s),
counted AS MATERIALIZED (SELECT count(*) AS total FROM step)
SELECT total, answering.* FROM counted LEFT JOIN LATERAL (
  SELECT id, {SINCE} FROM (SELECT * FROM step LIMIT %s) AS looked WHERE id IN (
    SELECT signal_id FROM store_textversion, question WHERE signal_id = looked.id AND search @@ asked
    UNION ALL SELECT signal FROM store_eventwords, question WHERE signal = looked.id AND search @@ asked)
  ) AS answering ON true"""

PLACES = f"""
WITH question AS MATERIALIZED (SELECT {QUESTION} AS asked),
said AS (
  SELECT signal_id AS signal, '{TEXT}' AS kind, number::bigint AS place, text
    FROM store_textversion, question WHERE signal_id = ANY (%s) AND search @@ asked
  UNION ALL
  SELECT signal, kind, event, text FROM store_eventwords, question WHERE signal = ANY (%s) AND search @@ asked),
latest AS (SELECT DISTINCT ON (signal, kind) * FROM said ORDER BY signal, kind, place DESC)
SELECT signal, kind, place, text, ts_headline('dutch', translate(text, '{OPEN}{CLOSE}', ''), asked,
  'MaxWords=24, MinWords=12, StartSel={OPEN}, StopSel={CLOSE}')
FROM latest, question ORDER BY kind <> '{TEXT}', place DESC"""


FOUND_IN = Statement(
    lambda keys, codes: Hit.objects.filter(signal__among=keys, indicator__among=codes).values_list(
        *("signal", "version", "start", "end", "indicator", "context")
    ),
    **{"keys": list, "codes": list},
)
SAVED = Statement(
    lambda person: (
        SavedSearch.objects.filter(person=person).order_by("name").values_list("pk", "name", "query", "is_default")
    ),
    person=UUID,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signal answers: a kind of event, of entity, or one of the constants above; with some words around it.

    `words` are pieces in order, each with whether it is a word that was asked for; a number has none.
    """

    kind: str
    words: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """A page of signals, and for each the places where it answers."""

    page: QueuePage
    places: Mapping[UUID, tuple[Place, ...]]


@dataclass(slots=True)
class Found:
    """What one question has found so far: the second in which each signal was received, and the ways it answers in."""

    received: dict[UUID, float] = field(default_factory=dict)
    ways: dict[UUID, list[str]] = field(default_factory=dict)
    more: bool = False

    def add(self, way: str, rows: QuerySet[Signal]) -> None:
        """Add the newest of the rows; cut only now, when rows the reader may not see are out of them."""
        newest = rows.order_by("-received_at", "pk").values_list("pk", "received_at")[: MOST + 1]
        self.take(way, ((key, received.timestamp()) for key, received in newest))

    def take(self, way: str, newest: Iterable[tuple[UUID, float]]) -> None:
        """Add these, newest first, MOST at most."""
        for number, (key, received) in enumerate(newest):
            if number == MOST:
                self.more = True
            else:
                self.received[key] = received
                self.ways.setdefault(key, []).append(way)

    @property
    def keys(self) -> list[UUID]:
        """Every signal, newest first."""
        return sorted(self.received, key=lambda key: (-self.received[key], key))


def search(
    actor: Actor, asked: str, number: int | None, now: datetime, page: int = 1, *, distress: Distress = NOTHING
) -> Answers:
    """A page of signals that answer to what was asked, newest first; nothing for an empty question.

    `number` is the signal number in the question, if it is one. Words must stand together in one text or one note.
    """
    asked = stored_text(asked).strip()
    found = matching(actor, asked, number, now) if asked else Found()
    keys = found.keys
    page = min(max(page, 1), max(1, -(-len(keys) // PAGE)))
    shown = keys[(page - 1) * PAGE : page * PAGE]
    return Answers(
        QueuePage(lines(shown, now, distress) if shown else (), len(keys), page, None, found.more),
        places(shown, asked, found.ways, distress) if shown else {},
    )


def opened(actor: Actor, now: datetime) -> set[str]:
    """The compartments that the actor may look into: the number at a protected source finds nothing for others."""
    clauses = visible(actor, now, Purpose.FOLLOW_UP, Verb.READ_SOURCE).clauses
    return {"", *(code for clause in clauses for code in clause.compartments or ())}


def matching(actor: Actor, asked: str, number: int | None, now: datetime) -> Found:
    """Signals that answer to what was asked, of those that the actor may find.

    Each way of answering looks in its own index; joined in one condition they would make the database read every row.
    Words that answer too often to look at each answer are looked for in the newest signals that the actor may find.
    """
    rows, found = signals_for(actor, now, Verb.SEARCH), Found()
    if number is not None:
        found.add(NUMBER, rows.filter(number=number))
    numbers = {asked, asked.upper(), asked.lower()}
    found.add(EXTERNAL, rows.filter(external_id__in=numbers, compartment__in=opened(actor, now)))
    for entity in find_entities(asked):
        named = SignalKey.objects.filter(service=actor.service, kind=entity.kind.value, key=entity.key)
        found.add(entity.kind.value, rows.filter(pk__in=named.values("signal")))
    readable = asked_for(rows)
    newest = by_words(readable, asked)
    if newest is None:
        newest, more = by_words_newest(readable, asked)
        found.more |= more
    found.take("", newest)
    return found


def by_words(readable: Asked, asked: str) -> list[tuple[UUID, float]] | None:
    """The newest signals whose words answer to the question, as PostgreSQL reads Dutch: MOST, and one that shows more.

    Goes through `seinpost_search`, which uses the indexes: row security would forbid that to a plain query. None when
    more than NEAR of the service answer: how many of them the reader may find is then not known.
    """
    question = BY_WORDS.replace(READABLE, readable.condition)
    total, rows = counted(question, [asked, NEAR + 1, NEAR, *readable.values, MOST + 1])
    return None if total > NEAR else rows


def by_words_newest(readable: Asked, asked: str) -> tuple[list[tuple[UUID, float]], bool]:
    """Those of the newest signals whose words answer, and whether there are signals not looked through.

    Each is looked through, under row security.
    """
    question, found = AMONG.replace(READABLE, readable.condition), list[tuple[UUID, float]]()
    for looked, until in pairwise(STEPS):
        most = until - looked
        total, rows = counted(question, [asked, *readable.values, looked, most + 1, most])
        found += sorted(rows, key=lambda row: (-row[1], row[0]))
        if total <= most or len(found) >= ENOUGH:
            return found, total > most
    return found, True


def counted(question: str, values: list[Any]) -> tuple[int, list[tuple[UUID, float]]]:
    """A count, and what it was asked with: signals and the second in which each was received."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        rows = cursor.fetchall()
    return rows[0][0], [(key, received) for _total, key, received in rows if key is not None]


def places(
    keys: Sequence[UUID], asked: str, ways: Mapping[UUID, Sequence[str]], distress: Distress = NOTHING
) -> dict[UUID, tuple[Place, ...]]:
    """Where each of the signals answers; of words the latest of each kind, read under row security.

    Words that stand in a passage which is folded for the reader are not shown, only that they stand in the text.
    """
    found = {key: [Place(way) for way in ways[key] if way] for key in keys}
    hidden = passages(keys, distress)
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [asked, list(keys), list(keys)])
        for key, kind, place, text, cut in cursor.fetchall():
            shown = pieces(text, cut)
            if kind == TEXT and key in hidden and shows(shown, text, hidden[key].folds(text, place, distress)):
                shown = ()
            found[key].append(Place(kind, shown))
    return {key: tuple(one) for key, one in found.items()}


@dataclass(frozen=True, slots=True)
class Passages:
    """The distressing hits in the words of a signal by their version, and its first words."""

    first: str
    marks: Mapping[int, Sequence[Mark]]

    def folds(self, text: str, version: int, distress: Distress) -> tuple[Fold, ...]:
        """What is folded in a version of the words."""
        return folds_in(text, self.first, self.marks.get(1, ()), distress, self.marks.get(version, ()))


def passages(keys: Sequence[UUID], distress: Distress) -> dict[UUID, Passages]:
    """The distressing hits of each signal that has any."""
    if not distress.codes:
        return {}
    found: dict[UUID, dict[int, list[Mark]]] = {}
    for signal, version, start, end, code, context in FOUND_IN(keys=list(keys), codes=sorted(distress.codes)):
        found.setdefault(signal, {}).setdefault(version, []).append(Mark(start, end, "", code, context))
    first = TextVersion.objects.filter(signal__in=found, number=1).values_list("signal", "text") if found else ()
    return {signal: Passages(text, found[signal]) for signal, text in first}


def shows(shown: Sequence[tuple[str, bool]], text: str, folded: Sequence[Fold]) -> bool:
    """Whether words that were cut out of a version of a text show something of a passage that is folded in it."""
    words = "".join(part for part, _ in shown).removeprefix("… ").removesuffix(" …").strip()
    start = text.find(words)
    end = start + len(words)
    return any(start < 0 or (one.start < end and start < one.end) for one in folded)


def pieces(text: str, cut: str) -> tuple[tuple[str, bool], ...]:
    """What was cut out of a text, parted at the words that answer; an ellipsis where the text goes on."""
    parts: list[tuple[str, bool]] = []
    for number, part in enumerate(cut.split(OPEN)):
        inside, closed, after = part.partition(CLOSE)
        parts += [(inside, bool(number and closed)), (after, False)]
    plain = "".join(part for part, _ in parts).strip()
    before = [] if text.strip().startswith(plain) else [("… ", False)]
    behind = [] if text.strip().endswith(plain) else [(" …", False)]
    return tuple(part for part in (*before, *parts, *behind) if part[0])


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
    return tuple(Saved(*row) for row in SAVED(person=UUID(actor.id)))
