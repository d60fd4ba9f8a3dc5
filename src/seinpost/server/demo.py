"""The demo's world: three services and a practice one, their units, somebody of every role in each, a day in the queue.

Making it again changes nothing: what is there stays.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import connection

from seinpost.errors import SettingError
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Processing, Profile, Role, Task
from seinpost.server.people import add_right, create_person
from seinpost.store.acting import as_person
from seinpost.store.actions.intake import Into
from seinpost.store.actions.own import sign_conduct
from seinpost.store.actions.people import keep_hash, make_service, make_unit
from seinpost.store.actions.runs import Filed, file_run
from seinpost.store.models import Person, Service, Unit
from seinpost.web.reader import CONDUCT

PASSWORD = "seinpost-demo-nergens-anders"
"""Of everybody in the demo, which listens on this machine only; printed, and in docs/how-to/demo.md."""
PASSWORD_BYTES = 15
YEARS = 2

ROLES = {
    Role.ANALYST: ("analist", "Analist"),
    Role.WEIGHER: ("weger", "Weger"),
    Role.DETECTIVE: ("rechercheur", "Rechercheur"),
    Role.INTERVIEWER: ("gesprek", "Gecertificeerd rechercheur"),
    Role.COORDINATOR: ("coordinator", "Coördinator"),
    Role.PRIVACY_OFFICER: ("privacy", "Privacyfunctionaris"),
    Role.AUDITOR: ("auditor", "Auditor"),
    Role.ADMINISTRATOR: ("beheerder", "Beheerder"),
    Role.TRAINEE: ("leerling", "Aspirant"),
}
WIDE = ("dienst", "Coördinator van de hele dienst")
"""Who leads every unit of a service, whatever its task; other coordinators lead their own. So what is very late has two
steps to go."""
SECOND = {Role.ANALYST: "analist2", Role.WEIGHER: "weger2"}
"""A second person for what takes two."""

COMPARTMENTS = ("criminal-intelligence", "anonymous-line")
"""What is open to the detective of each service; who told it is shut to everybody else."""


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit of the demo. `takes` are the teams of the made-up day whose registrations it gets; `short`: in logins."""

    code: str
    task: Task
    processing: Processing
    names: tuple[str, str]
    short: str = ""
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoService:
    """A service of the demo with its units; somebody of every role works in the first, which takes what no other does.

    Another unit has a few people of its own: of another task than the first, nobody else may read what is there.
    """

    code: str
    profile: Profile
    names: tuple[str, str]
    units: tuple[DemoUnit, ...]
    practice: bool = False


IN_OTHER_UNITS = (Role.ANALYST, Role.WEIGHER, Role.COORDINATOR)
SERVICES = (
    DemoService(
        "politie", Profile.POLITIE, ("Politie", "Police"),
        (
            DemoUnit("politie-avim-oost", Task.POLICE, Processing.WPG_8, ("AVIM Oost-Nederland", "AVIM East")),
            DemoUnit(
                "politie-avim-denhaag", Task.POLICE, Processing.WPG_8, ("AVIM Den Haag", "AVIM The Hague"),
                "denhaag", ("Eenheid Den Haag",),
            ),
        ),
    ),
    DemoService(
        "nla", Profile.NLA, ("Nederlandse Arbeidsinspectie", "Labour Inspectorate"),
        (
            DemoUnit("nla-arbeidsuitbuiting", Task.INVESTIGATION, Processing.WPG_8, ("Opsporing", "Investigation")),
            DemoUnit(
                "nla-toezicht", Task.SUPERVISION, Processing.GDPR, ("Toezicht", "Supervision"),
                "toezicht", ("Team Eerlijk Werk West", "Team Gezond en Veilig", "Meldingen en Signalen"),
            ),
        ),
    ),
    DemoService(
        "kmar", Profile.KMAR, ("Koninklijke Marechaussee", "Royal Marechaussee"),
        (
            DemoUnit(
                "kmar-schiphol", Task.POLICE, Processing.WPG_8,
                ("Brigade Schiphol, politietaak", "Schiphol, police task"),
            ),
            DemoUnit(
                "kmar-grens", Task.ALIENS, Processing.GDPR,
                ("Grenstoezicht, vreemdelingentaak", "Border, aliens task"),
                "grens", ("Brigade Grensbewaking 2", "Brigade Zuidgrens", "Brigade Oostgrens"),
            ),
        ),
    ),
    DemoService(
        "oefen", Profile.POLITIE, ("Oefenomgeving", "Practice service"),
        (DemoUnit("oefen-team", Task.POLICE, Processing.WPG_8, ("Oefenteam", "Practice team")),),
        practice=True,
    ),
)  # fmt: skip


def unit_of_team(service: str, team: str) -> str:
    """The unit of the demo that gets what a team of the made-up day wrote: the first, unless another takes it."""
    demo = next(one for one in SERVICES if one.code == service)
    return next((unit.code for unit in demo.units if team in unit.takes), demo.units[0].code)


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who can log in to the demo."""

    service: str
    role: Role
    login: str
    password: str = field(default=PASSWORD, repr=False)


def refuse_used_database() -> None:
    """Refuse a database that anything stands in: a service, or tables of something else."""
    tables = set(connection.introspection.table_names())
    if not tables or ("store_service" in tables and not Service.objects.exists()):
        return
    raise SettingError(
        f"the database {connection.settings_dict['NAME']} is not empty: the demo does not go beside what is there"
        " (allowed: a database without tables, or migrated and without a service)",
        f"de database {connection.settings_dict['NAME']} is niet leeg: de demo gaat niet naast wat er staat"
        " (toegestaan: een database zonder tabellen, of bijgewerkt en zonder dienst)",
    )


def make_demo_world(now: datetime, *, own_passwords: bool = False) -> tuple[Login, ...]:
    """Make what is not there yet; everybody who can log in. With `own_passwords` nobody has that of the manual."""
    logins = []
    for demo in SERVICES:
        service = make_service(
            code=demo.code, profile=demo.profile, name_nl=demo.names[0], name_en=demo.names[1], now=now,
            practice=demo.practice,
        )  # fmt: skip
        for unit in demo.units:
            make_unit(
                code=unit.code, service=service, task=unit.task, processing=unit.processing,
                name_nl=unit.names[0], name_en=unit.names[1], now=now,
            )  # fmt: skip
            for role, short, title in people_of(unit):
                word = secrets.token_urlsafe(PASSWORD_BYTES) if own_passwords else PASSWORD
                logins.append(Login(demo.code, role, f"{demo.code}-{short}", word))
                make_demo_person(logins[-1], f"{title} ({demo.names[0]})", unit.code, now)
        word = secrets.token_urlsafe(PASSWORD_BYTES) if own_passwords else PASSWORD
        logins.append(Login(demo.code, Role.COORDINATOR, wide_login(demo.code), word))
        make_wide(logins[-1], f"{WIDE[1]} ({demo.names[0]})", demo, now)
    return tuple(logins)


def wide_login(service: str) -> str:
    """The login of who leads the whole of a service."""
    return f"{service}-{WIDE[0]}"


def make_wide(login: Login, name: str, demo: DemoService, now: datetime) -> None:
    """Make who leads the whole service, once: the same role for every task that one of its units works for."""
    if not make_demo_person(login, name, demo.units[0].code, now):
        return
    person, known = Person.objects.get(login=login.login), set[tuple[Task, Processing]]()
    for unit in demo.units:
        if (unit.task, unit.processing) not in known:
            add_right(person=person, role=login.role, unit=unit.code, years=YEARS, now=now)
        known.add((unit.task, unit.processing))


def people_of(unit: DemoUnit) -> list[tuple[Role, str, str]]:
    """Who works in a unit: role, the name in the login, and what pages call them."""
    if unit.short:
        own = ((role, *ROLES[role]) for role in IN_OTHER_UNITS)
        return [(role, f"{unit.short}-{short}", f"{title} {unit.names[0]}") for role, short, title in own]
    named = [(role, name, title) for role, (short, title) in ROLES.items() for name in (short, SECOND.get(role))]
    return [(role, name, title) for role, name, title in named if name]


def make_demo_person(login: Login, name: str, unit: str, now: datetime) -> bool:
    """Make somebody of the demo, once; they have signed the code of conduct. Whether they were made now.

    The password of the manual is hashed once for everybody: a slow hash for each keeps nothing secret that stands in
    the manual, and took most of the time that the demo needs to begin.
    """
    known = login.password == PASSWORD
    person = Person.objects.filter(login=login.login).first()
    made, leads = person is None, login.role is Role.COORDINATOR
    if person is None:
        person = create_person(
            login=login.login, name=name, unit=unit, roles=[] if leads else [login.role.value], years=YEARS,
            password=None if known else login.password, now=now,
            compartments=COMPARTMENTS if login.role is Role.DETECTIVE else (),
        )  # fmt: skip
        if leads and login.login != wide_login(login.service):
            add_right(person=person, role=login.role, unit=unit, years=YEARS, now=now, only_there=True)
        sign_conduct(acting=as_person(person), version=CONDUCT, now=now)
    if known and not person.has_usable_password():
        keep_hash(person, hash_of_manual())
    return made


@cache
def hash_of_manual() -> str:
    """The hash of the password that stands in the manual."""
    return make_password(PASSWORD)


def file_demo_run(unit: str, folder: Path, now: datetime, plan: Procedure) -> Filed:
    """File a scanned part of the day in a unit; practice cases say in their source that they are."""
    row = Unit.objects.select_related("service").get(pk=unit)
    return file_run(
        folder=folder, into=Into(row), source="oefen" if row.service.practice else "demo", now=now, plan=plan
    )
