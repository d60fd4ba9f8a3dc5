"""Three people for every page: the owner, a colleague of the same service, an outsider of another."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from tests.store.signals import received
from tests.store.world import World, make_world, plan

from seinpost.packs.procedure.terms import Role
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system
from seinpost.store.actions.intake import Into, file_signal
from seinpost.store.models import Person, Unit
from seinpost.web.reader import CONDUCT

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Office:
    """The world, with somebody at each desk and a signal on one of them."""

    world: World
    signal: UUID

    def client(self, role: Role, service: str = "politie", proved: bool = True) -> Client:
        """A browser in which somebody of this role is logged in."""
        return browser(self.world.people[service, role], proved)


def browser(person: Person, proved: bool = True) -> Client:
    """A browser in which this person is logged in, just now unless told otherwise, and has signed the conduct."""
    Person.objects.filter(pk=person.pk, code_of_conduct_signed_at=None).update(
        code_of_conduct_signed_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"), code_of_conduct_version=CONDUCT
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(Person.objects.get(pk=person.pk), backend=BACKEND)
    if proved:
        prove(client, person)
    return client


def prove(client: Client, person: Person, ago: float = 0.0) -> None:
    """Let a browser's session remember that its person gave the right password, some seconds ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def open_office() -> Office:
    """Three services with a signal of the police."""
    world = make_world()
    return Office(world, file_one("politie"))


def file_one(service: str, now: datetime | None = None, **change: object) -> UUID:
    """A signal that came in two hours ago by the clock on the wall, which is the one that pages read; or earlier."""
    now = now or datetime.now(UTC) - timedelta(hours=1)
    item = received(**{"received_at": now - timedelta(hours=1), **change})  # type: ignore[arg-type]
    unit = Unit.objects.select_related("service").get(code=f"{service}-team")
    made = file_signal(acting=as_system(service), into=Into(unit), item=item, now=now, plan=plan())
    assert not isinstance(made, Refused), made
    return made.signal
