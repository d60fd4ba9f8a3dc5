"""Three services, their units and people in the database, and a signal to work on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from seinpost.packs.procedure import load_procedure
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Processing, Profile, Purpose, Role, Task
from seinpost.process.policy import TRAINING
from seinpost.store.acting import Acting, as_person, as_system, working_for
from seinpost.store.models import Grant, Person, Service, Training, Unit

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # a Monday
LATER = NOW + timedelta(hours=1)
PURPOSES = {
    Role.PRIVACY_OFFICER: [Purpose.OVERSIGHT],
    Role.AUDITOR: [Purpose.OVERSIGHT],
    Role.ADMINISTRATOR: [Purpose.MANAGEMENT],
    Role.TRAINEE: [Purpose.TRAINING],
}
WORK = [Purpose.FOLLOW_UP, Purpose.COORDINATION, Purpose.EMERGENCY]
TASKS = {
    "politie": (Profile.POLITIE, Task.POLICE, Processing.WPG_8),
    "nla": (Profile.NLA, Task.INVESTIGATION, Processing.WPG_8),
    "kmar": (Profile.KMAR, Task.POLICE, Processing.WPG_8),
}


@cache
def plan() -> Procedure:
    """The Dutch procedure, read once."""
    return load_procedure("nl")


@dataclass(frozen=True, slots=True)
class World:
    """Who is there; `people` by service and role."""

    people: dict[tuple[str, Role], Person]

    def acting(self, role: Role, service: str = "politie") -> Acting:
        """Somebody of this role acts."""
        return as_person(self.people[service, role])


def make_world(services: tuple[str, ...] = ("politie", "nla", "kmar")) -> World:
    """Make the services with one unit each and one person for each role."""
    people: dict[tuple[str, Role], Person] = {}
    for code in services:
        profile, task, processing = TASKS[code]
        service = Service.objects.create(code=code, profile=profile.value, name_nl=code, name_en=code)
        unit = Unit.objects.create(
            code=f"{code}-team", service=service, task=task.value, processing=processing.value, name_nl="t", name_en="t"
        )
        roles = [role for role in Role if role is not Role.SYSTEM]
        with working_for(as_system(code)):
            people |= {(code, role): person for role, person in zip(roles, make_people(unit, roles), strict=True)}
    return World(people)


def make_person(unit: Unit, role: Role) -> Person:
    """Somebody of this role in the unit, trained; inside a transaction that works for the service."""
    [person] = make_people(unit, [role])
    return person


def make_people(unit: Unit, roles: Sequence[Role]) -> list[Person]:
    """Somebody of each role, as `make_person` does, in three queries however many: most tests begin with these."""
    logins = [f"{role.value}-{unit.service_id}-{uuid4().hex[:6]}" for role in roles]
    people = Person.objects.bulk_create(
        Person(login=login, name=login, service=unit.service, unit=unit, made_at=NOW) for login in logins
    )
    Grant.objects.bulk_create(
        Grant(
            service=unit.service,
            person=person,
            role=role.value,
            task=unit.task,
            processing=unit.processing,
            purposes=[purpose.value for purpose in PURPOSES.get(role, WORK)],
            starts=NOW - timedelta(days=30),
            ends=NOW + timedelta(days=3000),
            given_by="system",
            given_at=NOW,
        )
        for person, role in zip(people, roles, strict=True)
    )
    Training.objects.bulk_create(
        Training(service=unit.service, person=person, code=TRAINING, until=date(2039, 1, 1)) for person in people
    )
    return people


def digest(text: str) -> str:
    """The digest of a text, as the intake makes it."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_id() -> UUID:
    """A fresh key."""
    return uuid4()
