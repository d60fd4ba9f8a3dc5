"""The words of a signal as the database keeps them: version after version, and what each names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from seinpost.link import find_entities
from seinpost.store.acting import Acting
from seinpost.store.models import Hit, Signal, SignalKey, TextVersion
from seinpost.store.received import NewText, ReceivedHit

KEY_LENGTH = 200


def keys_of(text: str) -> list[tuple[str, str]]:
    """What a text names, each once, in its exact normal form."""
    found = {(entity.kind.value, stored_text(entity.key)[:KEY_LENGTH]) for entity in find_entities(text)}
    return sorted(found)


def stored_text(text: str) -> str:
    """The text as PostgreSQL can hold it: it knows no NUL and no half of a character pair, which become a sign.

    One sign for one, so the places of the hits stay right; the digest is of the text as it was received.
    """
    return "".join("\ufffd" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in text)


def hit_rows(acting: Acting, row: Signal, version: int, hits: Iterable[ReceivedHit]) -> Iterator[Hit]:
    """What was found in a version of the words, as rows."""
    return (
        Hit(
            service_id=acting.service, signal=row, version=version, indicator=hit.indicator, pattern=hit.pattern,
            start=hit.start, end=hit.end, context=hit.context, quote=stored_text(hit.quote),
        )
        for hit in hits
    )  # fmt: skip


def store_version(acting: Acting, row: Signal, number: int, digest: str, new: NewText, now: datetime) -> None:
    """Append a version of the words, inside the transaction of the correction that its event tells of."""
    TextVersion.objects.create(
        service_id=acting.service,
        signal=row,
        number=number,
        text=stored_text(new.text),
        digest=digest,
        recorded_at=now,
        recorded_by=acting.person,
    )
    SignalKey.objects.bulk_create(
        [SignalKey(service_id=acting.service, signal=row, kind=kind, key=key) for kind, key in keys_of(new.text)],
        ignore_conflicts=True,
    )
    Hit.objects.bulk_create(hit_rows(acting, row, number, new.hits))
