"""The chains in the database, and the columns that repeat them; read as the owner, who sees every service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from seinpost.store.audit.chain import Break, Head, Link, Verdict, verify
from seinpost.store.audit.looks import wrong_looks
from seinpost.store.models import CaseEvent, ChainHead

OWNER = "owner"


def verify_stored(kept: tuple[Head, ...] = ()) -> Verdict:
    """Verify every chain in the database, against its own heads and `kept`, and the days of the view log it seals.

    In one snapshot.
    """
    with transaction.atomic(using=OWNER, durable=True):
        with_snapshot()
        verdict = verify(stored_links(), (*stored_heads(), *kept))
        return replace(verdict, breaks=(*verdict.breaks, *wrong_columns(), *wrong_looks(OWNER)))


def with_snapshot() -> None:
    """Let the whole transaction see one moment: events that are appended meanwhile are no breaks."""
    with transaction.get_connection(OWNER).cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def stored_links() -> Iterator[Link]:
    """Every event of every service, in the order of the chains."""
    rows = CaseEvent.objects.using(OWNER).order_by("service", "number")
    for service, number, body, previous, hash_ in rows.values_list(
        "service", "number", "body", "previous", "hash"
    ).iterator(chunk_size=5000):
        yield Link(service, number, body, bytes(previous).hex(), bytes(hash_).hex())


def stored_heads() -> tuple[Head, ...]:
    """Where the database says that its chains end."""
    rows = ChainHead.objects.using(OWNER).order_by("service")
    return tuple(Head(row.service, row.number, bytes(row.hash).hex()) for row in rows)


def wrong_columns() -> Iterator[Break]:
    """Events whose columns for lists say something else than the text under the hash."""
    rows = CaseEvent.objects.using(OWNER).order_by("service", "number")
    fields = ("service", "number", "signal", "kind", "at", "by", "body")
    for service, number, signal, kind, at, by, body in rows.values_list(*fields).iterator(chunk_size=5000):
        said = json.loads(body)
        signal_said = said.get("signal")
        same = (kind, by) == (said["kind"], said["by"]) and at == datetime.fromisoformat(said["at"])
        if not same or (str(signal) if signal else None) != signal_said:
            yield Break(service, number, "columns")
