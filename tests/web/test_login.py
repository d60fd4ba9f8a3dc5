"""Coming in: our look, no sign-up, and nothing told of who exists."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.people import Office, open_office

from seinpost.packs.procedure.terms import Role

PASSWORD = "een lang wachtwoord 42"


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def visitor() -> Client:
    return Client(HTTP_HOST="localhost")


def test_the_login_page_wears_our_look_and_offers_no_sign_up(office: Office) -> None:
    page = visitor().get(reverse("account_login")).content.decode()
    assert "Aanmelden" in page
    assert "sp-brand" in page
    assert reverse("account_signup") not in page


def test_a_person_comes_in_and_signs_first(office: Office) -> None:
    person = office.world.people["politie", Role.ANALYST]
    person.set_password(PASSWORD)
    person.save()
    client = visitor()
    answer = client.post(reverse("account_login"), {"login": person.login, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(reverse("queue")).headers["Location"] == reverse("conduct")


def test_a_wrong_password_and_an_unknown_name_are_told_alike(office: Office) -> None:
    person = office.world.people["politie", Role.ANALYST]
    person.set_password(PASSWORD)
    person.save()
    wrong = visitor().post(reverse("account_login"), {"login": person.login, "password": "x"}).content.decode()
    unknown = visitor().post(reverse("account_login"), {"login": "niemand", "password": "x"}).content.decode()
    assert "sp-note--bad" in wrong

    def told(page: str) -> str:
        return page.split('role="alert">')[1].split("</div>")[0]

    assert told(wrong) == told(unknown)


@pytest.mark.parametrize("name", ["mfa_index", "usersessions_list", "account_change_password"])
def test_pages_of_the_account_wear_our_look(office: Office, name: str) -> None:
    client = office.client(Role.ANALYST)
    page = client.get(reverse(name), follow=True)
    assert page.status_code == 200
    assert "sp-brand" in page.content.decode()
