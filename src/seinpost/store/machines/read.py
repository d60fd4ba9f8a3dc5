"""Keys of a service as whoever manages them sees them, and the account of what a key handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q, Sum

from seinpost.store.acting import working_for
from seinpost.store.machines.keys import Admitted
from seinpost.store.models import ApiKey, Import

RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key with its uses: when last, and in the last thirty days how many requests, how many of them turned away."""

    key: ApiKey
    used_at: datetime | None
    requests: int
    refused: int


def keys_of(service: str, now: datetime) -> tuple[KeyRow, ...]:
    """Every key of the service: those that work first, the youngest first. In a transaction that works for it."""
    recent = Q(keyuse__minute__gt=now - RECENT)
    rows = ApiKey.objects.filter(service=service).select_related("unit").annotate(
        used_at=Max("keyuse__minute", filter=Q(keyuse__requests__gt=0)),
        requests=Sum("keyuse__requests", filter=recent, default=0),
        refused=Sum("keyuse__refused", filter=recent, default=0),
    )  # fmt: skip
    found = [KeyRow(row, row.used_at, row.requests, row.refused) for row in rows.order_by("-made_at")]
    return tuple(sorted(found, key=lambda row: row.key.ends <= now))


def own_import(admitted: Admitted, key: UUID) -> Import | None:
    """The account of an import that came with a key of the same unit and source; None for any other."""
    with working_for(admitted.acting):
        return Import.objects.filter(pk=key, key__isnull=False, unit=admitted.unit, source=admitted.source).first()
