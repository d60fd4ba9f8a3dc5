"""The demo's world: three services and a practice one, their units, somebody of every role in each, a day in the queue.

Making it again changes nothing: what is there stays.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection

from seinpost.errors import SettingError
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Processing, Profile, Role, Task
from seinpost.server.people import create_person
from seinpost.store.acting import as_person
from seinpost.store.actions.intake import Into
from seinpost.store.actions.own import sign_conduct
from seinpost.store.actions.people import make_service, make_unit
from seinpost.store.actions.runs import Filed, file_run
from seinpost.store.models import Person, Service, Unit
from seinpost.web.reader import CONDUCT

PASSWORD = "seinpost-demo-nergens-anders"
"""Of everybody in the demo, which listens on this machine only; printed, and in docs/how-to/demo.md."""
PASSWORD_BYTES = 15

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
SECOND = {Role.ANALYST: "analist2", Role.WEIGHER: "weger2"}
"""A second person for what takes two."""

COMPARTMENTS = ("criminal-intelligence", "anonymous-line")
"""What is open to the detective of each service; who told it is shut to everybody else."""


@dataclass(frozen=True, slots=True)
class DemoService:
    """A service of the demo with its units; people work in the first."""

    code: str
    profile: Profile
    names: tuple[str, str]
    units: tuple[tuple[str, Task, Processing, str, str], ...]
    practice: bool = False


SERVICES = (
    DemoService(
        "politie", Profile.POLITIE, ("Politie", "Police"),
        (
            ("politie-avim-oost", Task.POLICE, Processing.WPG_8, "AVIM Oost-Nederland", "AVIM East"),
            ("politie-avim-denhaag", Task.POLICE, Processing.WPG_8, "AVIM Den Haag", "AVIM The Hague"),
        ),
    ),
    DemoService(
        "nla", Profile.NLA, ("Nederlandse Arbeidsinspectie", "Labour Inspectorate"),
        (
            ("nla-arbeidsuitbuiting", Task.INVESTIGATION, Processing.WPG_8, "Opsporing", "Investigation"),
            ("nla-toezicht", Task.SUPERVISION, Processing.GDPR, "Toezicht", "Supervision"),
        ),
    ),
    DemoService(
        "kmar", Profile.KMAR, ("Koninklijke Marechaussee", "Royal Marechaussee"),
        (
            ("kmar-schiphol", Task.POLICE, Processing.WPG_8, "Brigade Schiphol, politietaak", "Schiphol, police task"),
            ("kmar-grens", Task.ALIENS, Processing.GDPR, "Grenstoezicht, vreemdelingentaak", "Border, aliens task"),
        ),
    ),
    DemoService(
        "oefen", Profile.POLITIE, ("Oefenomgeving", "Practice service"),
        (("oefen-team", Task.POLICE, Processing.WPG_8, "Oefenteam", "Practice team"),),
        practice=True,
    ),
)  # fmt: skip


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
        for code, task, processing, name_nl, name_en in demo.units:
            make_unit(
                code=code, service=service, task=task, processing=processing, name_nl=name_nl, name_en=name_en, now=now
            )
        for role, (short, title) in ROLES.items():
            for login in filter(None, (short, SECOND.get(role))):
                word = secrets.token_urlsafe(PASSWORD_BYTES) if own_passwords else PASSWORD
                logins.append(Login(demo.code, role, f"{demo.code}-{login}", word))
                make_demo_person(logins[-1], f"{title} ({demo.names[0]})", demo.units[0][0], now)
    return tuple(logins)


def make_demo_person(login: Login, name: str, unit: str, now: datetime) -> None:
    """Make somebody of the demo, once; they have signed the code of conduct."""
    if Person.objects.filter(login=login.login).exists():
        return
    person = create_person(
        login=login.login, name=name, unit=unit, roles=[login.role.value], years=2, password=login.password, now=now,
        compartments=COMPARTMENTS if login.role is Role.DETECTIVE else (),
    )  # fmt: skip
    sign_conduct(acting=as_person(person), version=CONDUCT, now=now)


def file_demo_run(service: str, folder: Path, now: datetime, plan: Procedure) -> Filed:
    """File the scanned day of a service in its first unit."""
    demo = next(one for one in SERVICES if one.code == service)
    unit = Unit.objects.select_related("service").get(pk=demo.units[0][0])
    return file_run(folder=folder, into=Into(unit), source="demo", now=now, plan=plan)
