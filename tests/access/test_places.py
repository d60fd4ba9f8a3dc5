"""From where people of a service may work, and the code of conduct they sign first."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.access.people import kinds, log_in, somebody
from tests.api.machine import PLAIN, Machine, fresh_key, item
from tests.web.people import Office, browser, open_office

from seinpost.packs.procedure.terms import Role
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import CaseEvent, KeyUse, Person
from seinpost.web.reader import CONDUCT

NETWORKS = {"politie": (ip_network("10.1.0.0/16"), ip_network("2001:db8::/32"))}


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


@override_settings(NETWORKS=NETWORKS, PROXIES=1)
def test_a_service_is_worked_for_from_its_own_networks_only(office: Office) -> None:
    person = somebody(office)
    outside = ("192.0.2.7", "10.2.0.1", "2001:db9::1", "onzin", "", "10.1.0.5, 192.0.2.7")
    for address, inside in (("10.1.2.3", True), ("2001:db8::7", True), *((one, False) for one in outside)):
        client = Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR=address)
        log_in(client, person)
        answer = client.get(reverse("account"))
        assert answer.status_code == (200 if inside else 403), address
    client = Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR="10.1.2.3")
    log_in(client, person)
    moved = client.get(reverse("queue"), HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert moved.status_code == 403
    assert "netwerk dat uw dienst niet toestaat" in moved.content.decode()
    assert client.get(reverse("queue")).status_code == 302, "the session is over, wherever it is asked from next"
    elsewhere = browser(office.world.people["nla", Role.ANALYST])
    assert elsewhere.get(reverse("queue"), HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 200, "not their setting"


@override_settings(NETWORKS=NETWORKS, PROXIES=1)
def test_a_key_works_from_the_networks_of_its_service_only_and_a_refusal_is_counted(office: Office) -> None:
    secret = fresh_key().secret
    for address, status in (("10.1.2.3", 200), ("192.0.2.7", 403), ("10.1.2.3, 192.0.2.7", 403)):
        machine = Machine(secret, Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR=address))
        got, body = machine.push(item("1", PLAIN))
        assert got == status, (address, body)
    assert body["type"].endswith("other-network")
    with working_for(as_system("politie")):
        assert sum(KeyUse.objects.values_list("refused", flat=True)) == 2
    theirs = Machine(fresh_key("nla").secret, Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR="192.0.2.7"))
    assert theirs.push(item("1", PLAIN))[0] == 200, "not their setting"


def test_the_code_of_conduct_is_signed_by_its_version_and_again_when_it_changes(office: Office) -> None:
    client, person = office.client(Role.ANALYST), office.world.people["politie", Role.ANALYST]
    Person.objects.filter(pk=person.pk).update(code_of_conduct_version="2020-01")
    assert client.get(reverse("account")).headers["Location"] == reverse("conduct")
    page = client.get(reverse("conduct")).content.decode()
    assert "De gedragscode is veranderd sinds u tekende" in page
    assert CONDUCT in page
    client.post(reverse("conduct"))
    assert client.get(reverse("account")).status_code == 302, "looking at it is not signing it"
    for _ in range(2):
        client.post(reverse("conduct"), {"agree": "yes"})
    assert client.get(reverse("account")).status_code == 200
    assert kinds().count("code-of-conduct-signed") == 1
    with working_for(as_system("politie"), reach="all"):
        assert f'"version":"{CONDUCT}"' in CaseEvent.objects.get(kind="code-of-conduct-signed").body
