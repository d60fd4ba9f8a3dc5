"""People and their rights in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from seinpost.store.models import Grant
from seinpost.store.queries.staff import Member
from seinpost.web.reader import Reader, plan


@dataclass(frozen=True, slots=True)
class RightRow:
    """One right; it can be ended while it runs or is still to come."""

    key: int
    role: str
    task: str
    processing: str
    purposes: str
    units: str
    starts: datetime
    ends: datetime
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


def member_row(member: Member, reader: Reader) -> MemberRow:
    """Somebody in words."""
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
        rights=tuple(right_row(grant, reader) for grant in member.grants),
    )


def right_row(grant: Grant, reader: Reader) -> RightRow:
    """A right in words."""
    state = "over" if grant.ends <= reader.now else "later" if grant.starts > reader.now else "runs"
    return RightRow(
        key=grant.pk,
        role=told("role", grant.role, reader),
        task=told("task", grant.task, reader),
        processing=told("processing", grant.processing, reader),
        purposes=", ".join(told("purpose", purpose, reader) for purpose in grant.purposes),
        units=", ".join(grant.units or ()),
        starts=grant.starts,
        ends=grant.ends,
        state=state,
        endable=state != "over",
    )


def told(kind: str, code: str, reader: Reader) -> str:
    """A code in words."""
    return plan().names[kind][code].told(reader.language)
