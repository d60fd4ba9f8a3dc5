"""For whom a transaction works: told to the database, so that row security shows that service's rows and no others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection, transaction

from seinpost.packs.procedure.terms import Processing, Purpose, Role, Task
from seinpost.process import people
from seinpost.store.models import Grant, Person, Training
from seinpost.store.models.people import RightColumns
from seinpost.store.statement import Statement

SYSTEM = "system"
PEOPLE = Statement(lambda keys: Person.objects.filter(pk__among=keys), keys=list)
RUNNING = Statement(
    lambda people, now: Grant.objects.filter(person__among=people, starts__lte=now, ends__gt=now),
    **{"people": list, "now": datetime},
)
TRAINED = Statement(
    lambda people: Training.objects.filter(person__among=people).values_list("person", "code", "until"), people=list
)
BEGIN, END = datetime.fromisoformat("0001-01-02T00:00:00+00:00"), datetime.fromisoformat("9999-12-30T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: a person, or the system for one service (the intake, the clock, the nightly job).

    `purpose`: the one a person chose to work for; None leaves all that their rights give.
    """

    service: str
    person: str
    purpose: Purpose | None = None

    @property
    def is_system(self) -> bool:
        """Whether no person acts."""
        return self.person == SYSTEM


def as_person(person: Person, purpose: Purpose | None = None) -> Acting:
    """A person acts, for the service they are of."""
    return Acting(person.service_id, str(person.pk), purpose)


def as_system(service: str) -> Acting:
    """The system acts, for one service; for all of them it acts once for each."""
    return Acting(service, SYSTEM)


@contextmanager
def working_for(acting: Acting, *, reach: str = "named", snapshot: bool = False) -> Iterator[None]:
    """One durable transaction for a service; what it told the database is gone at its end.

    `reach` "named" hides signals that are restricted to others; "all" shows them, for a caller that asks `process`
    whether the actor may, or that must see every signal (the guarantee). A `snapshot` sees all as it was at one moment,
    and can only read.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            if snapshot:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(
                "SELECT set_config('seinpost.service', %s, true), set_config('seinpost.person', %s, true),"
                " set_config('seinpost.reach', %s, true)",
                [acting.service, acting.person, reach],
            )
        yield


@contextmanager
def alone(name: str, *, wait: bool) -> Iterator[bool]:
    """Work on something that no other process works on by the same name; without waiting, whether it was free.

    The lock belongs to the connection, so that of a killed process is free as soon as PostgreSQL sees it gone. A pooler
    that hands out connections per transaction would break it.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT true FROM pg_advisory_lock(hashtextextended(%s, 0))", [name])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        free = bool(cursor.fetchone()[0])
    try:
        yield free
    finally:
        if free:
            with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:  # a lost one holds no lock
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def actor_of(acting: Acting, now: datetime) -> people.Actor:
    """The actor as `process` knows them: read inside the transaction, so a grant that ended has ended now."""
    if acting.is_system:
        grant = people.Grant(Role.SYSTEM, Task.POLICE, Processing.WPG_8, frozenset((Purpose.GUARDING,)), BEGIN, END)
        return people.Actor(SYSTEM, acting.service, "", (grant,))
    actor = actors_of([UUID(acting.person)], now).get(UUID(acting.person))
    if actor is None or actor.service != acting.service:
        return people.Actor(acting.person, acting.service, "")
    return people.working_towards(actor, acting.purpose)


def actors_of(keys: Iterable[UUID], now: datetime) -> dict[UUID, people.Actor]:
    """People as `process` knows them, in three queries however many; who left may do nothing."""
    rows = {row.pk: row for row in PEOPLE(keys=list(keys))}
    there = [key for key, row in rows.items() if row.is_active]
    grants, training = defaultdict[UUID, list[people.Grant]](list), defaultdict[UUID, list[people.Training]](list)
    for grant in RUNNING(people=there, now=now):
        grants[grant.person_id].append(plain_grant(grant))
    for key, code, until in TRAINED(people=there):
        training[key].append(people.Training(code, until))
    return {
        key: people.Actor(str(key), row.service_id, row.unit_id or "", tuple(grants[key]), tuple(training[key]))
        for key, row in rows.items()
    }


def plain_grant(row: RightColumns) -> people.Grant:
    """A grant, or a right that was proposed, as `process` knows it."""
    return people.Grant(
        role=Role(row.role),
        task=Task(row.task),
        processing=Processing(row.processing),
        purposes=frozenset(map(Purpose, row.purposes)),
        starts=row.starts,
        ends=row.ends,
        units=None if row.units is None else frozenset(row.units),
        compartments=frozenset(row.compartments),
        forms=None if row.forms is None else frozenset(row.forms),
    )
