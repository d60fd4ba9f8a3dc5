"""The view log under the chain: each night the digest of each day that is over goes into the chain of its service.

Readers never wait for it, as they would for a chain of looks. What was destroyed because its time had come is told
apart from what was tampered with: that is itself a record of the chain, of the whole day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from seinpost.store.audit.chain import Break
from seinpost.store.log import canonical
from seinpost.store.models import CaseEvent, ViewLog

SEALED, DESTROYED = "looks-sealed", "looks-destroyed"
FIELDS = ("id", "at", "person", "purpose", "verb", "signal", "subject", "count", "refused")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seal:
    """What one day of the view log of one service held."""

    day: date
    count: int
    digest: str

    def facts(self) -> dict[str, Any]:
        """The seal as the chain keeps it."""
        return {"day": self.day.isoformat(), "count": self.count, "looks": self.digest}


def digest_of(rows: Iterable[tuple[Any, ...]]) -> tuple[int, str]:
    """How many rows there are, and the digest of all of them in order."""
    whole, count = hashlib.sha256(), 0
    for row in rows:
        told = [one.astimezone(UTC).isoformat() if isinstance(one, datetime) else str(one) for one in row]
        whole.update(canonical(told).encode() + b"\n")
        count += 1
    return count, whole.hexdigest()


def looks_of(rows: QuerySet[ViewLog], service: str, day: date) -> QuerySet[ViewLog]:
    """The looks of one day of a service, by the clock of Greenwich."""
    start = datetime.combine(day, time(), UTC)
    return rows.filter(service=service, at__gte=start, at__lt=start + DAY)


def seal_of(rows: QuerySet[ViewLog], service: str, day: date) -> Seal:
    """What a day holds now."""
    found = looks_of(rows, service, day).order_by("id").values_list(*FIELDS)
    return Seal(day, *digest_of(found.iterator(chunk_size=5000)))


def unsealed(service: str, now: datetime) -> Iterator[date]:
    """The days that are over and not sealed yet, oldest first; a day without a look too, so that none comes into it."""
    last = CaseEvent.objects.filter(service=service, kind=SEALED).order_by("-id").values_list("body", flat=True).first()
    if last is not None:
        day = date.fromisoformat(json.loads(last)["fact"]["day"]) + DAY
    else:
        first = ViewLog.objects.filter(service=service).aggregate(at=Min("at"))["at"]
        if first is None:
            return
        day = first.astimezone(UTC).date()
    while day < now.astimezone(UTC).date():
        yield day
        day += DAY


def wrong_looks(using: str) -> Iterator[Break]:
    """Every sealed day that holds something else now, unless the chain says that it was destroyed."""
    events = CaseEvent.objects.using(using).filter(kind__in=(SEALED, DESTROYED)).order_by("service", "number")
    told = [(row.service, row.number, row.kind, json.loads(row.body)["fact"]) for row in events]
    destroyed = {(service, fact["day"]) for service, _number, kind, fact in told if kind == DESTROYED}
    rows = ViewLog.objects.using(using)
    first = dict[str, tuple[int, date]]()
    for service, number, kind, fact in told:
        if kind != SEALED:
            continue
        day = date.fromisoformat(fact["day"])
        first.setdefault(service, (number, day))
        found = seal_of(rows, service, day)
        gone = found.count == 0 and (service, fact["day"]) in destroyed
        if found.digest != fact["looks"] and not gone:
            yield Break(service, number, problem(found.count, fact["count"]), day.isoformat())
    for service, (number, day) in first.items():
        before = datetime.combine(day, time(), UTC)
        if rows.filter(service=service, at__lt=before).exists():
            yield Break(service, number, "looks-added", f"< {day.isoformat()}")


def problem(count: int, sealed: int) -> str:
    """How a day that does not hold differs from what was sealed."""
    return "looks-missing" if count < sealed else "looks-added" if count > sealed else "looks-changed"
