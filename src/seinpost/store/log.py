"""Writing and reading the two logs. The only module that does.

An event is stored as the exact text that its hash covers. Words that a person typed are lifted out of it: the text
holds a salted digest, the words stand beside it, so they can be destroyed without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from seinpost.errors import DatabaseError
from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.codec import WORDS, from_plain, sight_from_plain, sight_to_plain, to_plain
from seinpost.process.events import Event
from seinpost.store.acting import Acting
from seinpost.store.models import CaseEvent, EventWords
from seinpost.store.statement import Statement

DIGEST = "digest"
SALT_BYTES = 16
WORDS_BESIDE = Statement(
    lambda signals: EventWords.objects.filter(signal__among=signals).values_list("digest", "text"), signals=list
)
BODIES = Statement(
    lambda signals: CaseEvent.objects.filter(signal__among=signals).order_by("id").values_list("body", flat=True),
    signals=list,
)
LOOK = """
INSERT INTO store_viewlog (service, person, at, purpose, verb, signal, subject, count, refused)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""


@dataclass(frozen=True, slots=True)
class Lifted:
    """Words taken out of a payload."""

    digest: str
    salt: bytes
    text: str


def canonical(value: object) -> str:
    """One text for one value: what is hashed must not depend on the order in which a program built it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def words_digest(salt: bytes, text: str) -> str:
    """The digest that stands in the chain for words; salted, so that short words cannot be guessed from it."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def lift(value: Any, lifted: list[Lifted]) -> Any:
    """The payload with each `{"words": text}` replaced by `{"digest": ...}`; empty words stay as they are."""
    if isinstance(value, Mapping):
        if set(value) == {WORDS} and isinstance(value[WORDS], str) and value[WORDS]:
            salt = secrets.token_bytes(SALT_BYTES)
            found = Lifted(words_digest(salt, value[WORDS]), salt, value[WORDS])
            lifted.append(found)
            return {DIGEST: found.digest}
        return {key: lift(inner, lifted) for key, inner in value.items()}
    if isinstance(value, list):
        return [lift(inner, lifted) for inner in value]
    return value


def put_back(value: Any, words: Mapping[str, str]) -> Any:
    """The payload with its words; those that were destroyed are empty."""
    if isinstance(value, Mapping):
        if set(value) == {DIGEST} and isinstance(value[DIGEST], str):
            return {WORDS: words.get(value[DIGEST], "")}
        return {key: put_back(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [put_back(inner, words) for inner in value]
    return value


def append_events(service: str, events: Iterable[Event]) -> None:
    """Append what happened to signals; inside the transaction that changes them."""
    append(service, [(event.signal, event.verb.value, event.fact.version, event) for event in events])


def append(service: str, entries: list[tuple[str, str, int, Event]]) -> None:
    """Store prepared events with their words, in order."""
    rows, words = [], []
    for signal, verb, version, event in entries:
        lifted: list[Lifted] = []
        body = {
            "at": event.at.isoformat(),
            "by": event.by,
            "fact": lift(to_plain(event.fact), lifted),
            "kind": event.fact.kind,
            "purpose": event.purpose.value,
            "signal": signal,
            "verb": verb,
            "version": version,
        }
        if event.seen is not None:
            body["seen"] = sight_to_plain(event.seen)
        rows.append(row_of(service, body, event.at, UUID(signal)))
        words.append(lifted)
    store(service, rows, words)


def append_record(service: str, kind: str, by: str, at: datetime, facts: Mapping[str, Any]) -> int:
    """Append something that happened to no signal: a right given, a key made, an import finished; the event's key."""
    lifted: list[Lifted] = []
    body = {"at": at.isoformat(), "by": by, "fact": lift(dict(facts), lifted), "kind": kind, "version": 1}
    row = row_of(service, body, at, None)
    store(service, [row], [lifted])
    return int(row.pk)


def row_of(service: str, body: Mapping[str, Any], at: datetime, signal: UUID | None) -> CaseEvent:
    """The row of one event; the database numbers and chains it."""
    return CaseEvent(
        service=service, signal=signal, kind=body["kind"], at=at, by=body["by"], body=canonical(body)
    )  # fmt: skip


def store(service: str, rows: list[CaseEvent], words: list[list[Lifted]]) -> None:
    """Insert events, then the words beside them."""
    CaseEvent.objects.bulk_create(rows)
    beside = [
        EventWords(
            service=service,
            event=row.pk,
            signal=row.signal,
            kind=row.kind,
            digest=w.digest,
            salt=w.salt,
            text=w.text,
        )
        for row, lifted in zip(rows, words, strict=True)
        for w in lifted
    ]
    EventWords.objects.bulk_create(beside)


def words_of(events: Iterable[int]) -> dict[int, str]:
    """The words beside events that hold one text, by the event's key; those that were destroyed are not there."""
    return dict(EventWords.objects.filter(event__in=list(events)).values_list("event", "text"))


def history(signal: UUID) -> tuple[Event, ...]:
    """Everything that happened to one signal, oldest first, with the words that are still there."""
    return histories([signal]).get(signal, ())


def histories(signals: Iterable[UUID]) -> dict[UUID, tuple[Event, ...]]:
    """The histories of many signals in two queries."""
    wanted = list(signals)
    words = dict(WORDS_BESIDE(signals=wanted))
    found: dict[UUID, list[Event]] = {}
    for body in BODIES(signals=wanted):
        event = read_event(json.loads(body), words)
        found.setdefault(UUID(event.signal), []).append(event)
    return {signal: tuple(events) for signal, events in found.items()}


def read_event(body: Mapping[str, Any], words: Mapping[str, str]) -> Event:
    """One stored event as `process` knows it."""
    try:
        return Event(
            signal=body["signal"],
            at=datetime.fromisoformat(body["at"]),
            by=body["by"],
            purpose=Purpose(body["purpose"]),
            verb=Verb(body["verb"]),
            fact=from_plain(body["kind"], body["version"], put_back(body["fact"], words)),
            seen=sight_from_plain(body["seen"]) if "seen" in body else None,
        )
    except (KeyError, ValueError) as error:
        raise DatabaseError(f"a stored event cannot be read: {error!r}") from error


def all_histories(signals: Iterable[UUID], size: int = 500) -> Iterator[tuple[Event, ...]]:
    """The histories of any number of signals, a bounded number of them in memory."""
    batch: list[UUID] = []
    for signal in signals:
        batch.append(signal)
        if len(batch) == size:
            yield from histories(batch).values()
            batch = []
    yield from histories(batch).values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at, search for or export of something, or the refusal of one."""

    acting: Acting
    at: datetime
    purpose: Purpose
    verb: Verb
    signal: UUID | None = None
    subject: str = ""
    count: int = 1
    refused: str = ""


def record_look(look: Look) -> None:
    """Record a look in the transaction of the look: when it cannot be recorded, nothing was shown."""
    who = (look.acting.service, look.acting.person, look.at, look.purpose.value, look.verb.value)
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [*who, look.signal, look.subject[:300], look.count, look.refused])
