"""The second factor: set up before any page opens, asked for at login, taken away by others only with a trace."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from tests.access.people import code, kinds, log_in, sessions, somebody, visitor, with_app
from tests.rights.matrix import addresses
from tests.web.people import Office, browser, open_office

from seinpost.packs.procedure.terms import Role
from seinpost.server.environment import MailAddress
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Mail

EVERYBODY = override_settings(SECOND_FACTOR=frozenset(("all",)))
OPEN = {
    *("healthz", "preferences", "factor-start", "prove-elsewhere"),
    *("closed-signup", "closed-email", "closed-connections"),
}
"""Addresses that open without a second factor: setting one up, leaving, and what shows nothing of anybody."""


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


@EVERYBODY
def test_without_one_nothing_opens_but_setting_it_up(office: Office) -> None:
    client = visitor()
    log_in(client, somebody(office))
    wrong = []
    for name, pattern in addresses():
        if "<" in pattern or name in OPEN:
            continue
        answers = (client.get(reverse(name)), client.post(reverse(name)))
        wrong += [(name, one.status_code) for one in answers if one.headers.get("Location") != reverse("factor-start")]
    assert wrong == []
    assert client.get(reverse("signal", args=[office.signal])).headers["Location"] == reverse("factor-start")
    page = client.get(reverse("factor-start")).content.decode()
    assert reverse("mfa_add_webauthn") in page
    assert reverse("mfa_activate_totp") in page


@EVERYBODY
def test_an_app_is_set_up_right_after_login_and_asked_for_at_the_next(office: Office) -> None:
    person, client = somebody(office), visitor()
    log_in(client, person)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, "the password given just now is proof enough"
    found = re.search(r'id="sleutel" type="text" readonly value="([A-Z2-7]+)"', page.content.decode())
    assert found
    secret = found[1]
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    saved = re.findall(r"<code>(\d+)</code>", client.get(done.headers["Location"]).content.decode())
    assert len(saved) == 10
    assert client.get(reverse("queue")).status_code == 200
    stored = str(list(Authenticator.objects.filter(user=person).values_list("data", flat=True)))
    assert secret not in stored, "a backup of the database gives no codes away"
    for answer, comes_in in (
        ("000000", False),
        (code(secret), True),
        (code(secret), False),
        (saved[0], True),
        (saved[0], False),
    ):
        again = visitor()
        assert log_in(again, person).headers["Location"] == reverse("mfa_authenticate")
        assert again.get(reverse("queue")).status_code == 302, "a password alone opens nothing"
        again.post(reverse("mfa_authenticate"), {"code": answer})
        assert (again.get(reverse("queue")).status_code == 200) is comes_in, answer


@override_settings(SECOND_FACTOR=frozenset(("administrator", "coordinator")))
def test_of_some_roles_only(office: Office) -> None:
    start = reverse("factor-start")
    for role, led in ((Role.ANALYST, False), (Role.COORDINATOR, True), (Role.ADMINISTRATOR, True)):
        assert (office.client(role).get(reverse("account")).headers.get("Location") == start) is led


def test_where_it_is_not_asked_for_a_page_opens_without(office: Office) -> None:
    assert office.client(Role.ANALYST).get(reverse("queue")).status_code == 200


@EVERYBODY
def test_taking_the_last_one_away_leads_back_to_setting_up(office: Office) -> None:
    person = somebody(office)
    with_app(person)
    client = browser(person)
    assert client.get(reverse("queue")).status_code == 200
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert client.get(reverse("queue")).headers["Location"] == reverse("factor-start")


@EVERYBODY
def test_an_administrator_resets_it_and_the_person_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    server = MailAddress("localhost", 25, "", "", tls=False)
    changed = replace(settings.ENVIRONMENT, mail=server, mail_domains=("politie.example",))
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    boss, person = somebody(office, Role.ADMINISTRATOR), somebody(office)
    person.email = "iemand@politie.example"
    person.save()
    with_app(boss)
    with_app(person)
    client, theirs = browser(boss), browser(person)
    assert theirs.get(reverse("queue")).status_code == 200
    address = reverse("person-factor", args=[person.pk])
    page = client.get(reverse("person", args=[person.pk])).content.decode()
    assert address in page
    assert client.post(address).headers["Location"] == reverse("person", args=[person.pk])
    assert not Authenticator.objects.filter(user=person).exists()
    assert kinds()[-1] == "second-factor-reset"
    with working_for(as_system("politie")):
        assert Mail.objects.get(factor_reset=True).person_id == person.pk, "it waits in the outbox"
    assert theirs.get(reverse("queue")).headers["Location"].startswith(reverse("account_login")), "the session is over"
    assert sessions(person) == 0
    again = visitor()
    log_in(again, person)
    told = again.get(reverse("factor-start")).content.decode()
    assert "Een beheerder van uw dienst heeft uw vorige tweede factor gewist" in told
    own = client.post(reverse("person-factor", args=[boss.pk]))
    assert own.status_code == 422, "nobody resets their own"
    assert Authenticator.objects.filter(user=boss).exists()


@EVERYBODY
def test_guessing_codes_ends(office: Office) -> None:
    person = somebody(office)
    secret = with_app(person)
    client = visitor()
    log_in(client, person)
    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert client.get(reverse("queue")).status_code == 302
