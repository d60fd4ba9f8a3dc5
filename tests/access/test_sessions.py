"""Sessions: locked when left alone, ended when they lasted long, listed, and ended by hand; the lock-out by name."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client, override_settings
from django.urls import reverse
from tests.access.people import (
    PASSWORD,
    a_while_later,
    is_locked,
    kinds,
    lasted,
    left_alone,
    log_in,
    sessions,
    somebody,
    visitor,
)
from tests.web.people import Office, browser, open_office
from tests.web.test_stories import SENTENCE, view

from seinpost.packs.procedure.terms import Role, Verb

PROVE = "/account/reauthenticate/"
QUARTER, LONG = 15 * 60 + 1, 12 * 3600 + 1


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def test_a_session_that_was_left_alone_is_locked_until_its_person_shows_who_they_are(office: Office) -> None:
    person, client = somebody(office), visitor()
    log_in(client, person)
    assert client.get("/wachtrij/?laag=A").status_code == 200
    left_alone(client, QUARTER - 30)
    assert client.get("/wachtrij/?laag=A").status_code == 200
    left_alone(client, QUARTER)
    for _ in range(2):
        locked = client.get("/wachtrij/?laag=A")
        assert locked.headers["Location"] == f"{PROVE}?next=%2Fwachtrij%2F%3Flaag%3DA"
    assert is_locked(client)
    assert "Vergrendeld" in client.get(locked.headers["Location"]).content.decode()
    assert client.post(PROVE, {"password": "onjuist", "next": "/wachtrij/?laag=A"}).status_code == 200
    assert client.get("/wachtrij/").status_code == 302
    back = client.post(PROVE, {"password": PASSWORD, "next": "/wachtrij/?laag=A"})
    assert back.headers["Location"] == "/wachtrij/?laag=A"
    assert client.get("/wachtrij/?laag=A").status_code == 200
    assert client.post(reverse("here")).status_code == 204


def test_a_form_that_was_sent_to_a_locked_session_is_not_lost(office: Office) -> None:
    person, client = somebody(office), visitor()
    log_in(client, person)
    client.get("/")
    address = reverse("signal-act", args=[office.signal, Verb.NOTE.value])
    before = view(office.signal)
    left_alone(client, QUARTER)
    assert client.post(address, {"words": SENTENCE}).headers["Location"] == f"{PROVE}?next=%2Fmijn%2Fformulier%2F"
    assert view(office.signal) == before
    page = client.post(PROVE, {"password": PASSWORD, "next": reverse("held")}, follow=True).content.decode()
    assert SENTENCE in page
    assert f'name="words" value="{SENTENCE}"' in page
    assert client.post(address, {"words": SENTENCE}).status_code == 302
    assert view(office.signal).sequence == before.sequence + 1
    left_alone(client, QUARTER)
    client.post(address, {"words": "Weg ermee, dit toch maar niet."})
    client.post(PROVE, {"password": PASSWORD, "next": reverse("held")})
    client.post(reverse("held"))
    assert client.get(reverse("held")).headers["Location"] == reverse("today")
    assert view(office.signal).sequence == before.sequence + 1


def test_a_session_ends_however_much_it_is_used_and_a_form_waits_for_its_writer_alone(office: Office) -> None:
    person, other, client = somebody(office), somebody(office, Role.COORDINATOR), visitor()
    address = reverse("signal-act", args=[office.signal, Verb.NOTE.value])
    log_in(client, person)
    client.get("/")
    lasted(client, LONG)
    ended = client.post(address, {"words": SENTENCE})
    assert ended.headers["Location"] == "/account/login/?next=%2Fmijn%2Fformulier%2F"
    assert "_auth_user_id" not in client.session
    log_in(client, other)
    assert client.get(reverse("held")).headers["Location"] == reverse("today"), "not for somebody else"
    client.post(reverse("account_logout"))
    log_in(client, person)
    client.get("/")
    lasted(client, LONG)
    client.post(address, {"words": SENTENCE})
    assert SENTENCE in log_in_and_follow(client, person)
    client.get("/")
    lasted(client, LONG - 60)
    assert client.get("/").status_code == 200, "logging in starts a session anew"


def log_in_and_follow(client: Client, person: object) -> str:
    answer = log_in(client, person, next=reverse("held"))  # type: ignore[arg-type]
    return client.get(answer.headers["Location"]).content.decode()


def test_wrong_passwords_lock_a_name_whether_or_not_somebody_has_it_and_an_administrator_lifts_it(
    office: Office,
) -> None:
    person, boss = somebody(office), somebody(office, Role.ADMINISTRATOR)
    said = {}
    for name in (person.login, "niemand.heet.zo"):
        tried = (name, name.upper(), name.title(), name, name, name)  # names are compared without regard to case
        answers = [visitor().post(reverse("account_login"), {"login": one, "password": "x"}) for one in tried]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
        said[name] = [told(answer.content.decode()).lower().replace(name, "") for answer in answers]
    assert said[person.login] == said["niemand.heet.zo"]
    assert "even op slot" in said[person.login][-1]
    assert log_in(visitor(), person).status_code == 429, "the right password does not help, so it tells nothing"
    assert log_in(visitor(), boss).status_code == 302, "nobody else is locked"
    assert kinds().count("login-locked") == 1
    client = browser(boss)
    page = client.get(reverse("person", args=[person.pk])).content.decode()
    assert "op slot tot" in page
    assert client.post(reverse("person-unlock", args=[person.pk])).status_code == 302
    assert kinds()[-1] == "lock-lifted"
    assert log_in(visitor(), person).status_code == 302
    for _ in range(5):
        visitor().post(reverse("account_login"), {"login": person.login, "password": "x"})
    a_while_later(person, 16)
    assert log_in(visitor(), person).status_code == 302, "it ends by itself"


def told(page: str) -> str:
    """The page without what differs with every request."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return "".join(part for part in main.split("\n") if "csrf" not in part)


@override_settings(ACCOUNT_RATE_LIMITS={"password_failed": "7/m/ip"})
def test_many_names_from_one_address_are_limited(office: Office) -> None:
    person = somebody(office)
    for number in range(7):
        visitor().post(reverse("account_login"), {"login": f"naam{number}", "password": "x"})
    assert log_in(visitor(), person).status_code == 200
    elsewhere = Client(HTTP_HOST="localhost", REMOTE_ADDR="192.0.2.9")
    assert log_in(elsewhere, person).status_code == 302


@override_settings(PROXIES=1)
def test_behind_a_proxy_the_address_is_what_the_proxy_saw(office: Office) -> None:
    person, client = somebody(office), visitor()
    log_in(client, person)
    page = client.get(reverse("account"), HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.77").content.decode()
    assert "192.0.2.77" in page
    assert "6.6.6.6" not in page


def test_somebody_sees_and_ends_their_own_sessions_and_an_administrator_all_of_somebody(office: Office) -> None:
    person, boss = somebody(office), somebody(office, Role.ADMINISTRATOR)
    here, there, third, colleague = visitor(), visitor(), visitor(), office.client(Role.COORDINATOR)
    for client in (here, there, third):
        log_in(client, person)
        assert client.get("/wachtrij/").status_code == 200
    colleague.get("/wachtrij/")
    page = here.get(reverse("account"), HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0").content.decode()
    assert "Firefox, Windows" in page
    ends = sorted(part.partition('"')[0] for part in page.split('action="/mijn/sessies/')[1:] if part[0].isdigit())
    assert len(ends) == 2
    others = {int(end.split("/")[0]) for end in ends}
    assert here.post(reverse("session-end", args=[min(others)])).status_code == 302
    assert sessions(person) == 2
    assert here.post(reverse("session-end", args=[10**9])).status_code == 302, "what is not one's own is left alone"
    assert colleague.get("/wachtrij/").status_code == 200
    assert here.post(reverse("sessions-end")).status_code == 302
    assert [client.get("/wachtrij/").status_code for client in (here, there, third)] == [200, 302, 302]
    chief = browser(boss)
    assert chief.post(reverse("person-sessions", args=[person.pk])).status_code == 302
    assert here.get("/wachtrij/").status_code == 302
    assert kinds()[-1] == "sessions-ended"


def test_activity_is_kept_when_it_is_old_or_comes_from_elsewhere_and_not_at_every_page(office: Office) -> None:
    person, client = somebody(office), visitor()
    log_in(client, person)

    def kept() -> tuple[object, str, str]:
        row = UserSession.objects.get(user=person)
        return row.last_seen_at, row.ip, row.user_agent

    client.get("/")
    first = kept()
    client.get("/wachtrij/")
    assert kept() == first, "a page is no reason to write"
    left_alone(client, 31)
    client.get("/wachtrij/")
    second = kept()
    assert second[0] > first[0]  # type: ignore[operator]
    client.get("/wachtrij/", headers={"user-agent": "Andere browser"})
    assert kept()[2] == "Andere browser"
    client.get("/wachtrij/", REMOTE_ADDR="10.1.2.3")
    assert kept()[1] == "10.1.2.3"
