"""Services, units, people and their rights: each change is an event in the chain, names and words beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from seinpost.errors import SettingError
from seinpost.packs.procedure.terms import Processing, Profile, Purpose, Refusal, Role, Task, Verb
from seinpost.process.people import Thing, lies_within
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Refused
from seinpost.process.verbs.case import reason, refuse
from seinpost.store.acting import Acting, actor_of, as_system, plain_grant, working_for
from seinpost.store.log import append_record
from seinpost.store.models import Grant, Person, Service, Training, Unit
from seinpost.store.models.people import RightColumns

COMMAND, WITHIN = "command", "within"
"""Why there is no second person with a right, as the chain tells it: the server's own command, or nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right to give: role x task x processing x period, with its purposes."""

    role: Role
    task: Task
    processing: Processing
    purposes: frozenset[Purpose]
    starts: datetime
    ends: datetime
    units: tuple[str, ...] | None = None
    compartments: tuple[str, ...] = ()
    forms: tuple[str, ...] | None = None


def make_service(
    *, code: str, profile: Profile, name_nl: str, name_en: str, now: datetime, practice: bool = False
) -> Service:
    """Make a service, once; the start of its chain."""
    with working_for(as_system(code)):
        service, made = Service.objects.get_or_create(
            code=code,
            defaults={"profile": profile.value, "name_nl": name_nl, "name_en": name_en, "practice": practice},
        )
        if made:
            append_record(code, "service-made", "system", now, {"profile": profile.value, "practice": practice})
        return service


def make_unit(
    *, code: str, service: Service, task: Task, processing: Processing, name_nl: str, name_en: str, now: datetime
) -> Unit:  # budget: a unit has these seven, and each is named at the call
    """Make a unit of a service, once."""
    with working_for(as_system(service.pk)):
        unit, made = Unit.objects.get_or_create(
            code=code,
            defaults={
                "service": service, "task": task.value, "processing": processing.value, "name_nl": name_nl,
                "name_en": name_en,
            },
        )  # fmt: skip
        if made:
            facts = {"unit": code, "task": task.value, "processing": processing.value}
            append_record(service.pk, "unit-made", "system", now, facts)
        return unit


def make_person(
    *, acting: Acting, login: str, name: str, unit: Unit, now: datetime, password: str | None = None, email: str = ""
) -> Person | Refused:
    """Make somebody who may log in; without a password they come in through their service's identity provider.

    Raises SettingError when the login exists or the password is too weak.
    """
    with working_for(acting):
        verdict = may_manage(acting, unit, now)
        if isinstance(verdict, Refused):
            return verdict
        if Person.objects.filter(login=login).exists():
            raise SettingError(f"login {login!r} exists already", f"inlognaam {login!r} bestaat al")
        person = Person(login=login, name=name, unit=unit, service_id=unit.service_id, email=email, made_at=now)
        person.provider_email = email
        set_password(person, password)
        person.save()
        append_record(acting.service, "person-made", acting.person, now, {"person": str(person.pk), "unit": unit.pk})
        return person


def set_password(person: Person, password: str | None) -> None:
    """Put a password that is strong enough in a row that is not stored yet; None: no password works."""
    if password is None:
        person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        told = " ".join(error.messages)
        raise SettingError(f"the password is too weak: {told}", f"het wachtwoord is te zwak: {told}") from None
    person.set_password(password)


def keep_hash(person: Person, hashed: str) -> None:
    """Put a password that was hashed before, for the people of a demo, who share the one of the manual."""
    Person.objects.filter(pk=person.pk).update(password=hashed)


def give_right(*, acting: Acting, person: Person, right: Right, now: datetime) -> Grant | Refused:
    """Give a right for a period at once; a right is never changed, only ended and given anew.

    The server's own command gives any, and is recorded as such. A person alone gives only what lies within a right that
    somebody has already; any other is proposed (`staff.grant_role`).
    """
    with working_for(acting):
        verdict = may_manage(acting, person.unit, now)
        if isinstance(verdict, Refused):
            return verdict
        within = None if acting.is_system else holder_of(person, right, now)
        if not acting.is_system and within is None:
            return refuse(reason(Refusal.NEEDS_SECOND))
        columns = columns_of(person, right)
        grant = Grant.objects.create(**columns, given_by=acting.person, given_at=now, within=within)
        second = COMMAND if acting.is_system else WITHIN
        append_record(acting.service, "right-given", acting.person, now, {**facts_of(grant), "second": second})
        return grant


def holder_of(person: Person, right: Right, now: datetime) -> Grant | None:
    """A right that somebody has, within which another lies; its row is locked, so that it does not end meanwhile."""
    new = plain_grant(Grant(**columns_of(person, right)))
    held = Grant.objects.select_for_update().filter(person=person, starts__lte=max(now, right.starts), ends__gt=now)
    return next((row for row in held if lies_within(new, plain_grant(row), now)), None)


def columns_of(person: Person, right: Right) -> dict[str, Any]:
    """A right for somebody as its row keeps it, given or proposed."""
    return {
        "service_id": person.service_id,
        "person": person,
        "role": right.role.value,
        "task": right.task.value,
        "processing": right.processing.value,
        "purposes": sorted(purpose.value for purpose in right.purposes),
        "units": None if right.units is None else list(right.units),
        "compartments": list(right.compartments),
        "forms": None if right.forms is None else sorted(right.forms),
        "starts": right.starts,
        "ends": right.ends,
    }


def end_right(*, acting: Acting, grant: int, now: datetime) -> Grant | Refused | None:
    """End a right now; None when the service has no such right."""
    with working_for(acting):
        row = Grant.objects.select_for_update().filter(pk=grant).first()
        if row is None:
            return None
        verdict = may_manage(acting, row.person.unit, now)
        if isinstance(verdict, Refused):
            return verdict
        row.ends = max(row.starts, min(row.ends, now))
        row.save(update_fields=["ends"])
        append_record(acting.service, "right-ended", acting.person, now, facts_of(row))
        return row


def facts_of(grant: Grant) -> dict[str, Any]:
    """A right that is given as the chain keeps it."""
    return {"grant": grant.pk, **right_facts(grant)}


def right_facts(grant: RightColumns) -> dict[str, Any]:
    """A right, given or proposed, as the chain keeps it."""
    return {
        "person": str(grant.person_id),
        "role": grant.role,
        "task": grant.task,
        "processing": grant.processing,
        "purposes": list(grant.purposes),
        "units": grant.units,
        "compartments": list(grant.compartments),
        **({} if grant.forms is None else {"forms": list(grant.forms)}),
        "starts": grant.starts.astimezone(UTC).isoformat(),
        "ends": grant.ends.astimezone(UTC).isoformat(),
    }


def record_training(*, acting: Acting, person: Person, code: str, until: date, now: datetime) -> Training | Refused:
    """Record until when a training counts."""
    with working_for(acting):
        verdict = may_manage(acting, person.unit, now)
        if isinstance(verdict, Refused):
            return verdict
        row, _ = Training.objects.update_or_create(
            person=person, code=code, defaults={"until": until, "service_id": person.service_id}
        )
        facts = {"person": str(person.pk), "training": code, "until": until.isoformat()}
        append_record(acting.service, "training-recorded", acting.person, now, facts)
        return row


def may_manage(acting: Acting, unit: Unit | None, now: datetime) -> Allowed | Refused:
    """Whether the actor may manage people: an administrator of the service, or whoever has the server's own command."""
    if acting.is_system:
        return Allowed()
    task = Task(unit.task) if unit else Task.POLICE
    processing = Processing(unit.processing) if unit else Processing.WPG_8
    thing = Thing(unit.service_id if unit else acting.service, unit.pk if unit else "", task, processing)
    return may(actor_of(acting, now), Verb.MANAGE_PEOPLE, thing, Purpose.MANAGEMENT, now)
