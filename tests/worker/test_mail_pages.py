"""When somebody gets mail, and what the administrator sees of the timed work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import settings
from tests.web.people import Office, open_office

from seinpost.packs.procedure.terms import Role
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Mail, Person

ADDRESS = "/voorkeuren/mail/"


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def kept(office: Office) -> tuple[str, int | None]:
    """What is kept of the analyst."""
    person = Person.objects.get(pk=office.world.people["politie", Role.ANALYST].pk)
    return person.email, person.digest_hour


def test_a_person_chooses_where_and_when(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(settings.ENVIRONMENT, mail_domains=("dienst.example",))
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    client = office.client(Role.ANALYST)
    assert client.post(ADDRESS, {"address": "ik@dienst.example", "hour": "17"}).status_code == 302
    assert kept(office) == ("ik@dienst.example", 17)
    assert 'value="17" selected' in client.get(ADDRESS).content.decode()
    for address, hour in (("ik@elders.example", "8"), ("geen adres", "8"), ("ik@dienst.example", "25")):
        answer = client.post(ADDRESS, {"address": address, "hour": hour})
        assert answer.status_code == 422, address
        assert "Dit kan nog niet" in answer.content.decode()
    assert kept(office) == ("ik@dienst.example", 17)
    client.post(ADDRESS, {"address": "", "hour": "nooit"})
    assert kept(office) == ("", None)


def test_the_administrator_sees_mail_that_does_not_leave_and_of_the_own_service_only(office: Office) -> None:
    now = datetime.now(UTC)
    with working_for(as_system("politie")):
        Mail.objects.create(
            service_id="politie", person=office.world.people["politie", Role.ANALYST], digest=False, made_at=now,
            next_try_at=now, attempts=3, fault="the mail server does not take mail: ConnectionRefusedError",
        )  # fmt: skip
    told = office.client(Role.ADMINISTRATOR).get("/beheer/taken/").content.decode()
    assert "ConnectionRefusedError" in told
    assert "3 keer geprobeerd" in told
    assert "Bewaken" in told
    other = office.client(Role.ADMINISTRATOR, "nla").get("/beheer/taken/").content.decode()
    assert "ConnectionRefusedError" not in other
    assert office.client(Role.ANALYST).get("/beheer/taken/").status_code == 404
