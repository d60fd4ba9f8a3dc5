"""People, their rights, and how they come in, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from seinpost.packs.procedure.terms import ListName
from seinpost.process.deadlines import local_day
from seinpost.store.models import Person
from seinpost.store.models.people import RightColumns
from seinpost.store.queries.people import Member
from seinpost.web.pages.words import forms_told
from seinpost.web.reader import Reader, names, plan

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class RightRow:
    """One right; it can be ended while it runs or is still to come."""

    key: int
    role: str
    task: str
    processing: str
    purposes: str
    units: str
    compartments: tuple[str, ...]
    forms: str
    starts: datetime
    last: date  # the last day on which it counts
    state: str  # runs, later or over
    endable: bool


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody of the service."""

    key: UUID
    name: str
    login: str
    unit: str
    roles: str
    until: datetime | None  # the first of the running rights ends then
    trained: date | None
    untrained: bool
    signals: int
    here: bool
    myself: bool
    rights: tuple[RightRow, ...]


def member_row(member: Member, reader: Reader, units: Mapping[str, str]) -> MemberRow:
    """Somebody in words; `units` are names by code."""
    person, running = member.person, member.running(reader.now)
    unit = person.unit
    roles = sorted({told("role", grant.role, reader) for grant in running})
    return MemberRow(
        key=person.pk,
        name=person.name,
        login=person.login,
        unit="" if unit is None else (unit.name_en if reader.language == "en" else unit.name_nl),
        roles=", ".join(roles),
        until=min((grant.ends for grant in running), default=None),
        trained=member.trained,
        untrained=member.trained is None or member.trained <= reader.now.date(),
        signals=member.signals,
        here=person.is_active,
        myself=str(person.pk) == reader.acting.person,
        rights=tuple(right_row(grant, reader, units) for grant in member.grants),
    )


def right_row(grant: RightColumns, reader: Reader, units: Mapping[str, str]) -> RightRow:
    """A right in words; `units` are names by code."""
    state = "over" if grant.ends <= reader.now else "later" if grant.starts > reader.now else "runs"
    return RightRow(
        key=grant.pk,
        role=told("role", grant.role, reader),
        task=told("task", grant.task, reader),
        processing=told("processing", grant.processing, reader),
        purposes=", ".join(told("purpose", purpose, reader) for purpose in grant.purposes),
        units=", ".join(units.get(code, code) for code in grant.units or ()),
        compartments=tuple(label(ListName.COMPARTMENTS, code, reader) for code in grant.compartments),
        forms=forms_told(grant.forms or (), names(), reader.language),
        starts=grant.starts,
        last=local_day(grant.ends - timedelta(microseconds=1)),
        state=state,
        endable=state != "over",
    )


def told(kind: str, code: str, reader: Reader) -> str:
    """A code in words."""
    return plan().names[kind][code].told(reader.language)


def label(name: ListName, code: str, reader: Reader) -> str:
    """An entry of a list of the pack in words; as it stands when the pack no longer has it."""
    entry = plan().lists[name].get(code)
    return entry.label.told(reader.language) if entry is not None else code


@dataclass(frozen=True, slots=True)
class Key:
    """One passkey or security key."""

    id: int
    name: str
    added: datetime
    used: datetime | None
    alone: bool  # whether it can be logged in with without a password


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of somebody; `codes`: recovery codes that are left."""

    app: bool
    keys: tuple[Key, ...]
    codes: int | None

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return self.app or bool(self.keys)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where somebody is logged in."""

    id: int
    device: str
    address: str
    since: datetime
    seen: datetime
    this: bool


@dataclass(frozen=True, slots=True)
class Access:
    """How somebody comes in, for an administrator: without addresses or devices, which are not theirs to see."""

    factors: Factors
    reset_at: datetime | None
    sessions: int
    locked_until: datetime | None


def factors(person: Person) -> Factors:
    """The second factors of somebody."""
    rows = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    by_type = {row.type: row for row in rows}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        app=Authenticator.Type.TOTP in by_type,
        keys=tuple(
            Key(row.pk, row.wrap().name, row.created_at, row.last_used_at, bool(row.wrap().is_passwordless))
            for row in rows
            if row.type == Authenticator.Type.WEBAUTHN
        ),
        codes=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def sessions_of(person: Person, request: HttpRequest) -> tuple[SessionRow, ...]:
    """Where somebody is logged in, this session first, then the last used."""
    rows = sorted(UserSession.objects.purge_and_list(person), key=lambda row: row.last_seen_at, reverse=True)
    here = request.session.session_key
    told = [
        SessionRow(row.pk, device(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == here)
        for row in rows
    ]
    return tuple(sorted(told, key=lambda row: not row.this))


def device(agent: str) -> str:
    """A browser and its system in two words; what a browser says of itself is no proof of anything."""
    browser = next((name for mark, name in BROWSERS if mark in agent), _("onbekende browser"))
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser}, {system}" if system else browser


def access_of(person: Person, now: datetime) -> Access:
    """How somebody comes in."""
    length = timedelta(hours=settings.AXES_COOLOFF_TIME)
    tried = AccessAttempt.objects.filter(username=person.login.upper(), attempt_time__gt=now - length)
    failures = tried.aggregate(n=Sum("failures_since_start"), last=Max("attempt_time"))
    locked = (failures["n"] or 0) >= settings.AXES_FAILURE_LIMIT
    return Access(
        factors=factors(person),
        reset_at=person.factor_reset_at,
        sessions=UserSession.objects.filter(user=person).count(),
        locked_until=failures["last"] + length if locked else None,
    )


def held_words(fields: list[list[str]]) -> tuple[str, ...]:
    """What somebody typed in a form that waits: whatever reads as words, not its codes and ticks."""
    return tuple(value for _name, value in fields if " " in value.strip())
