"""A service's own identity provider: a known person comes in, an unknown one does not, and a lie is not believed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from tests.access import assertion
from tests.access.people import left_alone, somebody, visitor
from tests.access.provider import LIES, SECRET, Provider, running
from tests.web.people import Office, open_office

from seinpost.packs.procedure.terms import Role
from seinpost.store.models import Person

CHECKED = "seinpost.server.oidc.provider.CheckedProvider"


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The provider of the police, and the settings that name it."""
    with running() as found:
        app = {
            "provider_id": "politie-login", "name": "Politie", "client_id": "seinpost", "secret": SECRET,
            "settings": {"server_url": found.url},
        }  # fmt: skip
        providers = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True, "provider_class": CHECKED}}
        service = {"politie-login": "politie"}
        with override_settings(SOCIALACCOUNT_PROVIDERS=providers, PROVIDER_SERVICE=service):
            yield found


class Stay(HTTPRedirectHandler):
    """A browser that does not go where it is sent."""

    def http_error_302(self, req, fp, code, msg, headers):  # type: ignore[no-untyped-def]
        """Take the answer as it is."""
        return fp


def come_in(client: Client, **more: str) -> HttpResponse:
    """Log in through the provider, as a browser does; the answer to the way back."""
    address = reverse("openid_connect_login", kwargs={"provider_id": "politie-login"})
    sent = client.post(f"{address}?process=login", more)
    if sent.status_code != 302:
        return sent  # type: ignore[return-value]
    with build_opener(Stay).open(sent.headers["Location"]) as answer:
        back = urlsplit(answer.headers["Location"])
    got = client.get(f"{back.path}?{back.query}")
    assert isinstance(got, HttpResponse)
    return got


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_a_known_person_comes_in_with_code_pkce_and_nonce_and_stays_the_same_subject(
    office: Office, provider: Provider
) -> None:
    person, client = somebody(office), visitor()
    assert "Politie" in client.get(reverse("account_login")).content.decode()
    provider.claims = {"sub": "s-1", "preferred_username": person.login}
    assert come_in(client).status_code == 302
    assert is_in(client)
    [asked] = provider.asked.values()
    assert (asked["code_challenge_method"], len(asked["nonce"]), asked["response_type"]) == ("S256", 64, "code")
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    account = SocialAccount.objects.get()
    assert (account.user_id, account.uid) == (person.pk, "s-1")
    provider.claims = {"sub": "s-1", "preferred_username": "getrouwd.anders"}
    again = visitor()
    come_in(again)
    assert is_in(again), "a subject that is known stays the same person under a new name"
    provider.claims = {"sub": "s-2", "preferred_username": person.login}
    stranger = visitor()
    assert come_in(stranger).status_code == 403
    assert not is_in(stranger), "a name that was given out again opens nothing"


def test_by_e_mail_only_when_it_is_proved_and_one_persons(office: Office, provider: Provider) -> None:
    person = somebody(office)
    Person.objects.filter(pk=person.pk).update(provider_email="a@politie.example")
    provider.claims = {"sub": "s-3", "email": "A@politie.example", "email_verified": False}
    assert come_in(visitor()).status_code == 403
    other = Person.objects.filter(pk=office.world.people["politie", Role.WEIGHER].pk)
    other.update(provider_email="a@politie.example")
    provider.claims["email_verified"] = True
    assert come_in(visitor()).status_code == 403
    other.update(provider_email="", email="a@politie.example")  # one's own address for mail names nobody
    client = visitor()
    assert come_in(client).status_code == 302
    assert is_in(client)


def test_whom_nobody_made_or_who_is_of_another_service_or_left_does_not_come_in(
    office: Office, provider: Provider
) -> None:
    people = Person.objects.count()
    gone = office.world.people["politie", Role.WEIGHER]
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    for login in ("nieuw.hier", office.world.people["nla", Role.ANALYST].login, gone.login, ""):
        provider.claims = {"sub": f"s-{login}", "preferred_username": login}
        client = visitor()
        answer = come_in(client)
        assert answer.status_code == 403, login
        assert "geen account van u" in answer.content.decode()
        assert not is_in(client)
    assert (Person.objects.count(), SocialAccount.objects.count()) == (people, 0)


def test_a_provider_that_lies_is_not_believed(office: Office, provider: Provider) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": somebody(office).login}
    for lie in LIES:
        provider.lie, client = lie, visitor()
        answer = come_in(client)
        assert "Inloggen via uw dienst is niet gelukt" in answer.content.decode(), lie
        assert not is_in(client), lie
    assert SocialAccount.objects.count() == 0
    provider.lie = ""
    client = visitor()
    come_in(client)
    assert is_in(client), "the truth is believed"


def test_the_way_back_of_one_browser_lets_no_other_in(office: Office, provider: Provider) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": somebody(office).login}
    victim, attacker = visitor(), visitor()
    address = reverse("openid_connect_login", kwargs={"provider_id": "politie-login"})
    sent = attacker.post(f"{address}?process=login")
    with build_opener(Stay).open(sent.headers["Location"]) as answer:
        back = urlsplit(answer.headers["Location"])
    victim.get(f"{back.path}?{back.query}")
    assert not is_in(victim)
    assert provider.exchanged == []


def test_who_comes_in_elsewhere_proves_it_there_and_connects_nothing_here(office: Office, provider: Provider) -> None:
    person = somebody(office)
    person.set_unusable_password()
    person.save()
    provider.claims = {"sub": "s-1", "preferred_username": person.login}
    client = visitor()
    come_in(client)
    client.get("/")
    page = client.get(reverse("account_reauthenticate") + "?next=/wachtrij/", follow=True).content.decode()
    assert "Verder via Politie" in page
    assert "prompt%3Dlogin" in page
    address = reverse("signal-act", args=[office.signal, "note"])
    left_alone(client, 3600)
    client.post(address, {"words": "Dit schreef ik net voor het slot."})
    assert come_in(client, next=reverse("held")).headers["Location"] == reverse("held")
    assert "Dit schreef ik net voor het slot." in client.get(reverse("held")).content.decode()
    colleague = visitor()
    come_in(colleague)
    address = reverse("openid_connect_login", kwargs={"provider_id": "politie-login"})
    provider.claims = {"sub": "s-9", "preferred_username": office.world.people["politie", Role.COORDINATOR].login}
    sent = colleague.post(f"{address}?process=connect")
    with build_opener(Stay).open(sent.headers["Location"]) as answer:
        back = urlsplit(answer.headers["Location"])
    assert colleague.get(f"{back.path}?{back.query}").status_code == 403
    assert SocialAccount.objects.count() == 1


@override_settings(SECOND_FACTOR=frozenset(("all",)))
def test_a_provider_that_asks_for_the_second_factor_itself_is_believed_in_that_when_it_is_set(
    office: Office, provider: Provider
) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": somebody(office).login}
    client = visitor()
    come_in(client)
    assert client.get(reverse("account")).headers["Location"] == reverse("factor-start")
    with override_settings(PROVIDERS_WITH_FACTOR=frozenset(("politie-login",))):
        assert is_in(client)


def test_saml_metadata_and_a_signed_assertion_and_nothing_less(office: Office) -> None:
    person = somebody(office)
    with override_settings(**assertion.settings("politie-saml", "politie")):
        metadata = visitor().get(reverse("saml_metadata", args=["politie-saml"])).content.decode()
        assert "http://localhost/account/saml/politie-saml/acs/" in metadata
        assert 'WantAssertionsSigned="true"' in metadata
        for how, comes_in in (
            *(("unsigned", False), ("other key", False), ("altered", False), ("audience", False), ("late", False)),
            *(("unasked", False), ("other person", False), ("", True)),
        ):
            client = visitor()
            sent = client.post(reverse("saml_login", args=["politie-saml"]) + "?process=login")
            question = parse_qs(urlsplit(sent.headers["Location"]).query)["SAMLRequest"][0]
            answer = assertion.response(question, "niemand.hier" if how == "other person" else person.login, how)
            took = client.post(reverse("saml_acs", args=["politie-saml"]), {"SAMLResponse": answer})
            client.get(took.headers["Location"])
            assert is_in(client) is comes_in, how
