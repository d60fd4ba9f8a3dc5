"""Keys of machines: made and ended by an administrator, let in at the door, each use counted.

A key is looked up by its digest alone: the database says of which service it is, and from then on row security shows
that service's rows and no others, as for a person.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.db import connection

from seinpost.errors import SettingError
from seinpost.process.shapes import Refused
from seinpost.store.acting import Acting, working_for
from seinpost.store.actions.people import may_manage
from seinpost.store.actions.versions import stored_text
from seinpost.store.log import append_record
from seinpost.store.models import ApiKey, Unit
from seinpost.store.queries.drafts import SOURCE as FORM

PREFIX = "seinpost_"
LONGEST_DAYS = 365
LONGEST_OVERLAP = timedelta(days=30)
LONGEST_NAME = 120
SOURCE = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*")
USE = """
INSERT INTO store_keyuse AS used (service_id, key_id, minute, count, requests, refused)
VALUES (%(service)s, %(key)s, %(minute)s, %(count)s, %(requests)s, 0)
ON CONFLICT (key_id, minute) DO UPDATE
SET count = used.count + EXCLUDED.count, requests = used.requests + EXCLUDED.requests
WHERE used.count + EXCLUDED.count <= %(limit)s RETURNING count
"""
TURN_AWAY = """
INSERT INTO store_keyuse AS used (service_id, key_id, minute, count, requests, refused)
VALUES (%(service)s, %(key)s, %(minute)s, 0, 0, 1)
ON CONFLICT (key_id, minute) DO UPDATE SET refused = used.refused + 1
"""


class Scope(str, Enum):
    """What a key is for."""

    INTAKE_WRITE = "intake:write"


class Why(str, Enum):
    """Why a machine is turned away."""

    UNKNOWN = "unknown-key"
    ENDED = "ended-key"
    SCOPE = "missing-scope"
    PLACE = "other-network"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Protection:
    """The compartment of a key's source, and the columns that tell who that is; without compartment it is open."""

    compartment: str = ""
    identifies: tuple[str, ...] = ()


OPEN_SOURCE = Protection()


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key. The secret is here and nowhere else."""

    key: ApiKey
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A machine that was let in: for which service, unit and source it speaks."""

    key: UUID
    acting: Acting
    unit: Unit
    source: str
    protection: Protection


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A machine that was not; `wait` is in how many seconds it may try again."""

    why: Why
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """How many registrations a key may hand in within one minute of the clock."""

    per_minute: int


def everywhere(_service: str) -> bool:
    """No service keeps its machines to a place."""
    return True


def make_key(
    *,
    acting: Acting,
    unit: Unit,
    source: str,
    name: str,
    scopes: frozenset[Scope],
    ends: datetime,
    now: datetime,
    protection: Protection = OPEN_SOURCE,
) -> MadeKey | Refused:
    """Make a key for a machine; raises SettingError for a name, source or period that is not allowed."""
    check_key(source, name, ends, now)
    with working_for(acting):
        verdict = may_manage(acting, unit, now)
        if isinstance(verdict, Refused):
            return verdict
        row = ApiKey(unit=unit, source=source, name=name, scopes=sorted(scope.value for scope in scopes))
        row.compartment, row.identifies = protection.compartment, list(protection.identifies)
        return stored_key(acting, row, ends, now)


def check_key(source: str, name: str, ends: datetime, now: datetime) -> None:
    """Refuse what no key may have; SettingError names the field, the value and what is allowed."""
    if not SOURCE.fullmatch(source) or len(source) > 80 or source == FORM:
        raise SettingError(
            f"source {source[:80]!r} (allowed: lower-case letters, digits, - _ . between them; not {FORM!r})",
            f"bron {source[:80]!r} (toegestaan: kleine letters, cijfers, daartussen - _ .; niet {FORM!r})",
        )
    if not name.strip() or len(name) > LONGEST_NAME or name != stored_text(name):
        raise SettingError(
            f"name {name[:40]!r} (allowed: 1 to {LONGEST_NAME} characters)",
            f"naam {name[:40]!r} (toegestaan: 1 tot {LONGEST_NAME} tekens)",
        )
    if not now < ends <= now + timedelta(days=LONGEST_DAYS):
        raise SettingError(
            f"the key ends {ends.isoformat()} (allowed: after now, within {LONGEST_DAYS} days)",
            f"de sleutel eindigt {ends.isoformat()} (toegestaan: na nu, binnen {LONGEST_DAYS} dagen)",
        )


def stored_key(acting: Acting, key: ApiKey, ends: datetime, now: datetime, old: ApiKey | None = None) -> MadeKey:
    """Store a new key as its digest, with its record in the chain; inside the transaction of its maker."""
    secret = PREFIX + secrets.token_urlsafe(32)
    key.service_id, key.digest = acting.service, secret_digest(secret)
    key.made_by, key.made_at, key.ends = acting.person, now, ends
    key.save(force_insert=True)
    facts = {
        "key": str(key.pk),
        "unit": key.unit_id,
        "source": key.source,
        "scopes": list(key.scopes),
        "ends": ends.isoformat(),
        "compartment": key.compartment,
    }
    more = {"instead_of": str(old.pk)} if old is not None else {}
    append_record(acting.service, "key-made", acting.person, now, {**facts, **more})
    return MadeKey(key, secret)


def rotate_key(*, acting: Acting, key: UUID, overlap: timedelta, now: datetime) -> MadeKey | Refused | None:
    """Make a key in place of another that goes on working for `overlap` at most; None when there is none that runs.

    The new one is for the same unit, source and scopes, and for a year.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        days = LONGEST_OVERLAP.days
        raise SettingError(
            f"overlap {overlap} (allowed: 0 to {days} days)", f"overlap {overlap} (toegestaan: 0 tot {days} dagen)"
        )
    with working_for(acting):
        old = ApiKey.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=key).first()
        if old is None or old.ends <= now:
            return None
        verdict = may_manage(acting, old.unit, now)
        if isinstance(verdict, Refused):
            return verdict
        new = ApiKey(unit=old.unit, source=old.source, name=old.name, scopes=list(old.scopes))
        new.compartment, new.identifies = old.compartment, list(old.identifies)
        made = stored_key(acting, new, now + timedelta(days=LONGEST_DAYS), now, old)
        end_row(acting, old, min(old.ends, now + overlap), now)
        return made


def end_key(*, acting: Acting, key: UUID, now: datetime) -> ApiKey | Refused | None:
    """End a key now; None when the service has no such key. One that ended stays as it was."""
    with working_for(acting):
        row = ApiKey.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=key).first()
        if row is None:
            return None
        verdict = may_manage(acting, row.unit, now)
        if isinstance(verdict, Refused):
            return verdict
        if row.ends > now:
            end_row(acting, row, now, now)
        return row


def end_row(acting: Acting, row: ApiKey, ends: datetime, now: datetime) -> None:
    """Let a key end then, with its record."""
    row.ends = max(row.made_at, ends)
    row.save(update_fields=["ends"])
    append_record(acting.service, "key-ended", acting.person, now, {"key": str(row.pk), "ends": row.ends.isoformat()})


def secret_digest(secret: str) -> str:
    """The digest a key is known by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def admit(
    *, secret: str, scope: Scope, limit: Limit, now: datetime, comes_from: Callable[[str], bool] = everywhere
) -> Admitted | TurnedAway:
    """Let a machine in, for one request that counts as one registration; or say why not.

    `comes_from` tells whether the key's service lets its machines work from where the request came from. A key that is
    known but turned away is counted too: who ends a key sees whether something still uses it.
    """
    digest = secret_digest(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seinpost_key_service(%s)", [digest])
        service = cursor.fetchone()[0]
    if service is None:
        return TurnedAway(Why.UNKNOWN)
    with working_for(Acting(service, "key")):
        not_worth_waiting_for()
        row = ApiKey.objects.select_related("unit__service").get(digest=digest)
        protection = Protection(row.compartment, tuple(row.identifies))
        found = Admitted(row.pk, Acting(service, "key"), row.unit, row.source, protection)
        if row.ends <= now:
            return turn_away(found, Why.ENDED, now)
        if not comes_from(service):
            return turn_away(found, Why.PLACE, now)
        if scope.value not in row.scopes:
            return turn_away(found, Why.SCOPE, now)
        return found if counted(found, 1, 1, limit, now) else turn_away(found, Why.TOO_MANY, now)


def charge(*, admitted: Admitted, registrations: int, limit: Limit, now: datetime) -> TurnedAway | None:
    """Count more registrations of a request that was let in; None when they fit within the minute."""
    if registrations < 1:
        return None
    with working_for(admitted.acting):
        not_worth_waiting_for()
        fits = counted(admitted, registrations, 0, limit, now)
        return None if fits else turn_away(admitted, Why.TOO_MANY, now)


def not_worth_waiting_for() -> None:
    """Let this transaction commit without waiting for the disk: a crash may cost the last count of a request.

    What a request files is committed with waiting, and takes its earlier counts to the disk with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def counted(admitted: Admitted, count: int, requests: int, limit: Limit, now: datetime) -> bool:
    """Count within the limit of the minute, whoever counts at the same time; False, and nothing counted, beyond it."""
    if count > limit.per_minute:
        return False
    with connection.cursor() as cursor:
        values = {**who(admitted, now), "count": count, "requests": requests, "limit": limit.per_minute}
        cursor.execute(USE, values)
        return cursor.fetchone() is not None


def turn_away(admitted: Admitted, why: Why, now: datetime) -> TurnedAway:
    """Count that a key was turned away."""
    with connection.cursor() as cursor:
        cursor.execute(TURN_AWAY, who(admitted, now))
    return TurnedAway(why, 60 - now.second if why is Why.TOO_MANY else 0)


def who(admitted: Admitted, now: datetime) -> dict[str, str | datetime]:
    """The row of a key's use in this minute."""
    minute = now.replace(second=0, microsecond=0)
    return {"service": admitted.acting.service, "key": str(admitted.key), "minute": minute}
