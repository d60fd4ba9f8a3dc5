"""Make a person with rights, or a key of a machine, in one go: for the command and the demo. Each step is an action."""

from __future__ import annotations

from datetime import datetime, timedelta

from seinpost.errors import SettingError
from seinpost.packs.procedure.terms import Processing, Purpose, Role, Task
from seinpost.process.policy import RULES, TRAINING
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system
from seinpost.store.actions.people import Right, give_right, make_person, record_training
from seinpost.store.machines.keys import Scope, make_key
from seinpost.store.models import Person, Unit

TRAINED_DAYS = 365
HISTORY = timedelta(days=1)
"""A right starts a day early, so that it holds for what was received last night."""


def purposes_of(role: Role) -> frozenset[Purpose]:
    """Every purpose for which the policy table lets a role do anything."""
    return frozenset(purpose for rule in RULES if role in rule.roles for purpose in rule.purposes)


def create_person(
    *, login: str, name: str, unit: str, roles: list[str], years: int, password: str | None, now: datetime
) -> Person:
    """Make somebody with these roles in a unit, trained from today; raises SettingError for what is not allowed."""
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
        )  # fmt: skip
        give_right(acting=acting, person=person, right=right, now=now)
    until = (now + timedelta(days=TRAINED_DAYS)).date()
    record_training(acting=acting, person=person, code=TRAINING, until=until, now=now)
    return person


def create_key(*, name: str, unit: str, source: str, days: int, now: datetime) -> str:
    """Make a key with which a machine hands in registrations; the key itself. Raises SettingError."""
    row = unit_of(unit)
    made = make_key(
        acting=as_system(row.service_id), unit=row, source=source, name=name, scopes=frozenset((Scope.INTAKE_WRITE,)),
        ends=now + timedelta(days=days), now=now,
    )  # fmt: skip
    if isinstance(made, Refused):
        raise SettingError(f"refused: {made.reasons}")
    return made.secret


def unit_of(code: str) -> Unit:
    """A unit by its code; SettingError names those there are."""
    row = Unit.objects.filter(pk=code).first()
    if row is None:
        units = ", ".join(Unit.objects.order_by("pk").values_list("pk", flat=True)) or "-"
        raise SettingError(f"unknown unit {code!r} (allowed: {units})", f"onbekende eenheid {code!r} (mag: {units})")
    return row


def read_role(value: str) -> Role:
    """A role that a person may have."""
    allowed = [role.value for role in Role if role is not Role.SYSTEM]
    if value not in allowed:
        raise SettingError(
            f"unknown role {value!r} (allowed: {', '.join(allowed)})",
            f"onbekende rol {value!r} (mag: {', '.join(allowed)})",
        )
    return Role(value)
