"""Make a service, a unit, a person with rights or a key in one go: for commands and demo. Each step is an action."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from seinpost.errors import SettingError
from seinpost.packs.procedure import load_procedure
from seinpost.packs.procedure.terms import ListName, Processing, Profile, Purpose, Role, Task
from seinpost.process.policy import COMPARTMENT_ROLES, RULES, TRAINING
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system
from seinpost.store.actions.people import Right, give_right, make_person, make_service, make_unit, record_training
from seinpost.store.actions.versions import stored_text
from seinpost.store.machines.keys import Protection, Scope, make_key
from seinpost.store.models import Person, Service, Unit
from seinpost.store.models.people import CODE_PATTERN

TRAINED_DAYS = 365
LONGEST_NAME = 120
HISTORY = timedelta(days=1)
"""A right starts a day early, so that it holds for what was received last night."""


def purposes_of(role: Role) -> frozenset[Purpose]:
    """Every purpose for which the policy table lets a role do anything."""
    return frozenset(purpose for rule in RULES if role in rule.roles for purpose in rule.purposes)


def create_person(
    *,
    login: str,
    name: str,
    unit: str,
    roles: list[str],
    years: int,
    password: str | None,
    now: datetime,
    compartments: tuple[str, ...] = (),
) -> Person:
    """Make somebody with these roles in a unit, trained from today; raises SettingError for what is not allowed.

    Their rights reach every unit of the service with the same task. Compartments of protected sources open to those of
    the roles that may know who told it.
    """
    known = load_procedure().lists[ListName.COMPARTMENTS] if compartments else ()
    for code in compartments:
        one_of_these(code, known, "compartment", "compartiment")
    row = unit_of(unit)
    chosen = [read_role(role) for role in roles]
    acting = as_system(row.service_id)
    person = make_person(acting=acting, login=login, name=name, unit=row, password=password, now=now)
    if isinstance(person, Refused):
        raise SettingError(f"refused: {person.reasons}")
    for role in chosen:
        right = Right(
            role=role, task=Task(row.task), processing=Processing(row.processing), purposes=purposes_of(role),
            starts=now - HISTORY, ends=now + timedelta(days=365 * years),
            compartments=compartments if role in COMPARTMENT_ROLES else (),
        )  # fmt: skip
        give_right(acting=acting, person=person, right=right, now=now)
    until = (now + timedelta(days=TRAINED_DAYS)).date()
    record_training(acting=acting, person=person, code=TRAINING, until=until, now=now)
    return person


def add_right(*, person: Person, role: Role, unit: str, years: int, now: datetime, only_there: bool = False) -> None:
    """Give somebody a role for the task of a unit: in every unit of their service with that task, or only there."""
    row = unit_of(unit)
    right = Right(
        role=role, task=Task(row.task), processing=Processing(row.processing), purposes=purposes_of(role),
        starts=now - HISTORY, ends=now + timedelta(days=365 * years), units=(unit,) if only_there else None,
    )  # fmt: skip
    give_right(acting=as_system(person.service_id), person=person, right=right, now=now)


def create_key(
    *,
    name: str,
    unit: str,
    source: str,
    days: int,
    now: datetime,
    protected: str = "",
    identifies: tuple[str, ...] = (),
) -> str:
    """Make a key with which a machine hands in registrations; the key itself. Raises SettingError."""
    row = unit_of(unit)
    if protected:
        one_of_these(protected, load_procedure().lists[ListName.COMPARTMENTS], "compartment", "compartiment")
    elif identifies:
        raise SettingError(
            "--identifies goes with --protected: of an open source no column is hidden",
            "--identifies hoort bij --protected: van een open bron is geen kolom verborgen",
        )
    made = make_key(
        acting=as_system(row.service_id), unit=row, source=source, name=name, scopes=frozenset((Scope.INTAKE_WRITE,)),
        ends=now + timedelta(days=days), now=now, protection=Protection(protected, identifies),
    )  # fmt: skip
    if isinstance(made, Refused):
        raise SettingError(f"refused: {made.reasons}")
    return made.secret


def unit_of(code: str) -> Unit:
    """A unit by its code; SettingError names those there are."""
    codes = Unit.objects.order_by("pk").values_list("pk", flat=True)
    return Unit.objects.get(pk=one_of_these(code, codes, "unit", "eenheid"))


def create_service(*, code: str, profile: str, name_nl: str, name_en: str, practice: bool, now: datetime) -> Service:
    """Make a service that is not there yet; raises SettingError for a code that is taken or a value that is none."""
    check_code(code, Service)
    check_names(name_nl, name_en)
    known = Profile(one_of_these(profile, [one.value for one in Profile], "profile", "profiel"))
    return make_service(code=code, profile=known, name_nl=name_nl, name_en=name_en, practice=practice, now=now)


def create_unit(
    *, code: str, service: str, task: str, processing: str, name_nl: str, name_en: str, now: datetime
) -> Unit:
    """Make a unit that is not there yet; raises SettingError for a code that is taken or a value that is none."""
    codes = Service.objects.order_by("pk").values_list("pk", flat=True)
    of = Service.objects.get(pk=one_of_these(service, codes, "service", "dienst"))
    check_code(code, Unit)
    check_names(name_nl, name_en)
    known = Task(one_of_these(task, [one.value for one in Task], "task", "taak"))
    regime = Processing(one_of_these(processing, [one.value for one in Processing], "processing", "regime"))
    return make_unit(
        code=code, service=of, task=known, processing=regime, name_nl=name_nl, name_en=name_en, now=now
    )  # fmt: skip


def check_code(code: str, kind: type[Service | Unit]) -> None:
    """Refuse a code that is none, or that is taken: a service or unit is made once, and never changed by this."""
    longest = kind._meta.get_field("code").max_length or 0
    if not re.match(CODE_PATTERN, code) or len(code) > longest:
        raise SettingError(
            f"code {code[:80]!r} (allowed: lower-case letters, digits, hyphens between them; at most {longest})",
            f"code {code[:80]!r} (toegestaan: kleine letters, cijfers, daartussen koppeltekens; ten hoogste {longest})",
        )
    if kind.objects.filter(pk=code).exists():
        told = ("service", "dienst") if kind is Service else ("unit", "eenheid")
        raise SettingError(f"{told[0]} {code!r} exists already", f"{told[1]} {code!r} bestaat al")


def check_names(*names: str) -> None:
    """Refuse a name that no page could show."""
    for name in names:
        if not name.strip() or len(name) > LONGEST_NAME or name != stored_text(name):
            raise SettingError(
                f"name {name[:40]!r} (allowed: 1 to {LONGEST_NAME} characters)",
                f"naam {name[:40]!r} (toegestaan: 1 tot {LONGEST_NAME} tekens)",
            )


def read_role(value: str) -> Role:
    """A role that a person may have."""
    return Role(one_of_these(value, [role.value for role in Role if role is not Role.SYSTEM], "role", "rol"))


def one_of_these(value: str, allowed: Iterable[str], en: str, nl: str) -> str:
    """A value that is among those allowed; SettingError names the value and all of those."""
    known = list(allowed)
    if value not in known:
        told = ", ".join(known) or "-"
        raise SettingError(f"unknown {en} {value!r} (allowed: {told})", f"onbekende {nl} {value!r} (mag: {told})")
    return value
