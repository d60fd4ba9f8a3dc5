"""People who come in by the front door: with a password, a code, a clock that can be turned on."""

from __future__ import annotations

import time
from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.rights.matrix import PASSWORD, can_prove_who_they_are
from tests.web.people import Office

from seinpost.packs.procedure.terms import Role
from seinpost.server.guard.idle import LOCKED, SEEN, SINCE
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import CaseEvent, Person
from seinpost.web.reader import CONDUCT

__all__ = ["PASSWORD", "can_prove_who_they_are"]


def somebody(office: Office, role: Role = Role.ANALYST) -> Person:
    """Somebody with a password who has signed the code of conduct."""
    person = office.world.people["politie", role]
    can_prove_who_they_are(person)
    person.code_of_conduct_version = CONDUCT
    person.save(update_fields=["code_of_conduct_version"])
    return person


def visitor() -> Client:
    """A browser in which nobody is logged in."""
    return Client(HTTP_HOST="localhost")


def log_in(client: Client, person: Person, password: str = PASSWORD, **more: object) -> HttpResponse:
    """Send the login form."""
    answer = client.post(reverse("account_login"), {"login": person.login, "password": password, **more})
    assert isinstance(answer, HttpResponse)
    return answer


def with_app(person: Person) -> str:
    """Give somebody an authenticator app; its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def code(secret: str, ahead: int = 0) -> str:
    """The code an app shows now, or some periods later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def left_alone(client: Client, seconds: float) -> None:
    """As if nothing was asked in this browser for so long."""
    session = client.session
    session[SEEN] = time.time() - seconds
    for record in session.get("account_authentication_methods", []):
        record["at"] -= seconds
    session.save()


def lasted(client: Client, seconds: float) -> None:
    """As if the session in this browser began so long ago."""
    session = client.session
    session[SINCE] = time.time() - seconds
    session.save()


def is_locked(client: Client) -> bool:
    """Whether the session in this browser is locked."""
    return LOCKED in client.session


def kinds(service: str = "politie") -> list[str]:
    """What the chain of a service says that happened to no signal, in order."""
    with working_for(as_system(service), reach="all"):
        return list(CaseEvent.objects.filter(signal=None).order_by("id").values_list("kind", flat=True))


def a_while_later(person: Person, minutes: int) -> None:
    """As if the wrong passwords for this login were given so long ago."""
    for attempt in AccessAttempt.objects.filter(username=person.login.upper()):
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=attempt.attempt_time - timedelta(minutes=minutes)
        )


def sessions(person: Person) -> int:
    """How many sessions somebody has."""
    return int(UserSession.objects.filter(user=person).count())
