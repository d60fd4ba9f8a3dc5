"""A machine of a service with its key, and what it sends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import override_settings

from seinpost.store.acting import as_system
from seinpost.store.machines.keys import MadeKey, Scope, make_key
from seinpost.store.models import Unit

PUSH = "/api/v1/registrations"
FLAGGED = "Betrokkene zei dat de baas zijn paspoort heeft afgenomen en dat hij niet weg mag uit het pand."
PLAIN = "Fiets gestolen bij het station, slot doorgeknipt."
MANY = override_settings(API_PER_MINUTE=600_000)


def fresh_key(service: str = "politie", source: str = "bvh", days: int = 30, now: datetime | None = None) -> MadeKey:
    """A key of a service, made by the server's own command."""
    now = now or datetime.now(UTC)
    made = make_key(
        acting=as_system(service), unit=Unit.objects.get(code=f"{service}-team"), source=source, name="uitvoer",
        scopes=frozenset((Scope.INTAKE_WRITE,)), ends=now + timedelta(days=days), now=now,
    )  # fmt: skip
    assert isinstance(made, MadeKey)
    return made


@dataclass
class Machine:
    """Sends requests with a key; CSRF is checked, as no cookie is sent it must not matter."""

    secret: str
    client: Client = field(default_factory=lambda: Client(HTTP_HOST="localhost", enforce_csrf_checks=True))

    def send(self, data: bytes, kind: str = "application/json", **head: Any) -> HttpResponseBase:
        """Send bytes; `head` in the form of the server, HTTP_..."""
        head = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}", **head}
        answer: HttpResponseBase = self.client.generic("POST", PUSH, data, content_type=kind, **head)
        return answer

    def push(self, *items: object, **more: object) -> tuple[int, dict[str, Any]]:
        """Hand in; status and body."""
        answer = self.send(json.dumps({"registrations": list(items), **more}).encode())
        return answer.status_code, read(answer)

    def get(self, address: str) -> HttpResponseBase:
        """Ask for something."""
        answer: HttpResponseBase = self.client.get(address, HTTP_AUTHORIZATION=f"Bearer {self.secret}")
        return answer


def read(answer: HttpResponseBase) -> dict[str, Any]:
    """The JSON of an answer."""
    found: dict[str, Any] = json.loads(answer.content)  # type: ignore[attr-defined]
    return found


def item(number: object, text: object = FLAGGED, **more: object) -> dict[str, object]:
    """One registration."""
    return {"registration_id": number, "text": text, **more}


def results(body: dict[str, Any]) -> list[str]:
    """What became of each registration."""
    return [one["result"] for one in body["results"]]
