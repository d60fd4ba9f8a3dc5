"""What is known around the lines of a list before anybody opens one: what is related, who reads it, why it came back.

A fixed number of queries for a whole page. Nothing here looks further than the reader may: row security hides what is
restricted to others, and another signal is only counted, as on the page of the signal.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from seinpost.packs.procedure.terms import Verb
from seinpost.process.deadlines import local_day
from seinpost.process.events import Event, Postponed
from seinpost.process.people import Actor
from seinpost.store.log import read_event
from seinpost.store.models import CaseEvent, EventWords, Person, ViewLog
from seinpost.store.statement import Statement

PRESENT = timedelta(minutes=10)
"""How long somebody counts as reading what they opened."""
MOST = 20
"""Others that are counted for one word or one text; a number that a hundred texts name is no link to tell more of."""

LOOKS = Statement(
    lambda keys, since, reader: (
        ViewLog.objects.filter(signal__among=keys, refused="", verb=Verb.READ.value, at__gte=since)
        .exclude(person=reader)
        .values_list("signal", "person")
        .distinct()
    ),
    **{"keys": list, "since": datetime, "reader": str},
)
RELATED = """
WITH shown AS (SELECT id, service_id, digest FROM store_signal WHERE id = ANY(%(keys)s)),
named AS (SELECT signal_id, service_id, kind, key FROM store_signalkey WHERE signal_id = ANY(%(keys)s)),
pair AS (
  SELECT named.signal_id AS mine, other.signal_id AS other, named.kind AS way FROM named CROSS JOIN LATERAL (
    SELECT o.signal_id FROM store_signalkey AS o
    WHERE o.service_id = named.service_id AND o.kind = named.kind AND o.key = named.key
      AND o.signal_id <> named.signal_id LIMIT %(most)s) AS other
  UNION ALL
  SELECT shown.id, other.id, 'text' FROM shown CROSS JOIN LATERAL (
    SELECT o.id FROM store_signal AS o
    WHERE o.service_id = shown.service_id AND o.digest = shown.digest AND o.id <> shown.id LIMIT %(most)s) AS other)
SELECT mine, count(DISTINCT other), array_agg(DISTINCT way ORDER BY way) FROM pair GROUP BY mine
"""
"""One branch for each way in which signals are related; links that are reckoned instead of exact come as one more."""


@dataclass(frozen=True, slots=True)
class Relatives:
    """How many other signals share something with one, at most MOST, and in which ways."""

    count: int = 0
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """Why a signal was put off to a day that came, by whom; the words are empty once they are erased."""

    on: date
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around one signal: its relatives, the names of others who have it open, why it came back."""

    relatives: Relatives = Relatives()
    readers: tuple[str, ...] = ()
    returned: Returned | None = None


ALONE = Around()


def around(actor: Actor, keys: Sequence[UUID], came_back: Sequence[UUID], now: datetime) -> dict[UUID, Around]:
    """What is known around each of the signals; `came_back` are those of them whose diary date came."""
    kin, readers, put_off = relatives(keys), reading(actor, keys, now), postponed(came_back)
    people = {person for those in readers.values() for person in those} | {event.by for event in put_off.values()}
    names = named(people)
    return {
        key: Around(
            kin.get(key, Relatives()),
            tuple(sorted(names[person] for person in readers.get(key, ()) if person in names)),
            returned(put_off[key], names) if key in put_off else None,
        )
        for key in keys
    }


def relatives(keys: Sequence[UUID]) -> dict[UUID, Relatives]:
    """How many others have the same words, or name the same phone, plate, address, firm; each found in its index."""
    with connection.cursor() as cursor:
        cursor.execute(RELATED, {"keys": list(keys), "most": MOST})
        return {mine: Relatives(min(count, MOST), tuple(ways)) for mine, count, ways in cursor.fetchall()}


def reading(actor: Actor, keys: Sequence[UUID], now: datetime) -> dict[UUID, set[str]]:
    """Who else opened each of the signals in the last minutes: the view log knows."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for signal, person in LOOKS(keys=list(keys), since=now - PRESENT, reader=actor.id):
        if signal is not None:
            found[signal].add(person)
    return found


def postponed(keys: Sequence[UUID]) -> dict[UUID, Event]:
    """The last time that each of the signals was put off to a day."""
    rows = list(CaseEvent.objects.filter(signal__in=keys, kind=Postponed.kind).order_by("id")) if keys else []
    last = {row.signal: row for row in rows if row.signal is not None}
    beside = EventWords.objects.filter(event__in=[row.pk for row in last.values()])
    words = dict(beside.values_list("digest", "text")) if last else {}
    return {key: read_event(json.loads(row.body), words) for key, row in last.items()}


def returned(event: Event, names: dict[str, str]) -> Returned | None:
    """A diary date in words."""
    fact = event.fact
    if not isinstance(fact, Postponed):
        return None
    return Returned(local_day(fact.next.due), names.get(event.by, ""), str(fact.words))


def named(people: set[str]) -> dict[str, str]:
    """Names of people by key; the system has none."""
    keys = [UUID(person) for person in people if len(person) == 36]
    rows = Person.objects.filter(pk__in=keys).values_list("pk", "name") if keys else ()
    return {str(key): name for key, name in rows}
