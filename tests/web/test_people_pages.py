"""People and rights: what an administrator can do, only after proving who they are, and never for themselves."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.rights.matrix import PASSWORD, can_prove_who_they_are
from tests.store.world import make_person, plan
from tests.web.people import Office, browser, file_one, open_office
from tests.web.test_stories import done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.process.policy import TRAINING
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import CaseEvent, Grant, Person, Proposal, Training, Unit
from seinpost.store.queries.guarantee import prove_service


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


@pytest.fixture
def administrator(office: Office) -> Client:
    """An administrator who proved just now who they are."""
    person = office.world.people["politie", Role.ADMINISTRATOR]
    can_prove_who_they_are(person)
    client = browser(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def right(**change: object) -> dict[str, object]:
    return {
        "role": "weigher",
        "task": "police-task",
        "processing": "wpg-8",
        "purposes": ["follow-up"],
        "units": ["politie-team"],
        "starts": date.today(),
        "ends": date.today() + timedelta(days=30),
        **change,
    }


def kinds(service: str = "politie") -> list[str]:
    with working_for(as_system(service), reach="all"):
        return list(CaseEvent.objects.filter(signal=None).order_by("id").values_list("kind", flat=True))


def rights_of(key: UUID, service: str = "politie") -> list[Grant]:
    with working_for(as_system(service)):
        return list(Grant.objects.filter(person=key).order_by("pk"))


def agreed(office: Office, service: str = "politie") -> None:
    """Let the privacy officer, who is the second person where there is one administrator, agree to what waits."""
    with working_for(as_system(service)):
        [waits] = Proposal.objects.filter(answer="")
    address, client = reverse("right-answer", args=[waits.pk]), office.client(Role.PRIVACY_OFFICER)
    shown = client.get(address).content.decode().partition('name="shown" value="')[2].partition('"')[0]
    assert client.post(address, {"answer": "agree", "words": "", "shown": shown}).status_code == 302


def made_by(administrator: Client) -> tuple[Person, str]:
    answer = administrator.post(
        reverse("person-new"), {"login": "nieuw.mens", "name": "Nieuw Mens", "unit": "politie-team"}
    )
    assert answer.status_code == 200
    link = answer.content.decode().partition('value="http')[2].partition('"')[0]
    return Person.objects.get(login="nieuw.mens"), "http" + link


def test_who_did_not_prove_who_they_are_is_asked_first(office: Office) -> None:
    person, analyst = (office.world.people["politie", role] for role in (Role.ADMINISTRATOR, Role.ANALYST))
    can_prove_who_they_are(person)
    client, address = browser(person, proved=False), reverse("person-right", args=[analyst.pk])
    asked = client.post(address, right())
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert len(rights_of(analyst.pk)) == 1
    assert client.post(reverse("account_reauthenticate"), {"password": "onjuist"}).status_code == 200
    assert client.get(address).status_code == 302


def test_a_compartment_is_given_with_the_right_shown_recorded_and_only_to_a_role_that_can_use_it(
    office: Office, administrator: Client
) -> None:
    person = office.world.people["politie", Role.DETECTIVE]
    address = reverse("person-right", args=[person.pk])
    wanted = right(role="detective", compartments=["anonymous-line"])
    assert "compartments" in administrator.get(address).content.decode()
    for change in ({"role": "weigher"}, {"compartments": ["geheim"]}):
        assert administrator.post(address, {**wanted, **change}).status_code in (200, 422)
    assert len(rights_of(person.pk)) == 1
    assert administrator.post(address, wanted).status_code == 302
    agreed(office)
    given = rights_of(person.pk)[-1]
    assert given.compartments == ["anonymous-line"]
    page = administrator.get(reverse("person", args=[person.pk])).content.decode()
    assert "bron: Meld Misdaad Anoniem" in page
    with working_for(as_system("politie")):
        body = CaseEvent.objects.filter(kind="right-given").latest("id").body
    assert json.loads(body)["fact"]["compartments"] == ["anonymous-line"]


def test_somebody_new_chooses_a_password_by_an_invitation_that_works_once(administrator: Client) -> None:
    person, link = made_by(administrator)
    assert kinds()[-1] == "person-made"
    assert not person.has_usable_password()
    for works in (True, False):
        guest = Client(HTTP_HOST="localhost")
        page = guest.get(link, follow=True)
        answer: HttpResponseBase = guest.post(
            page.redirect_chain[-1][0] if page.redirect_chain else link,
            {"password1": "een lang nieuw wachtwoord", "password2": "een lang nieuw wachtwoord"},
        )
        assert (answer.status_code == 302) is works
    person.refresh_from_db()
    assert person.check_password("een lang nieuw wachtwoord")


def test_a_right_is_given_listed_and_ended_each_with_its_record(office: Office, administrator: Client) -> None:
    analyst = office.world.people["politie", Role.ANALYST]
    assert administrator.post(reverse("person-right", args=[analyst.pk]), right()).status_code == 302
    agreed(office)
    given = rights_of(analyst.pk)[-1]
    assert (given.role, given.units, given.purposes) == ("weigher", ["politie-team"], ["follow-up"])
    page = administrator.get(reverse("person", args=[analyst.pk])).content.decode()
    assert "Weger" in page
    assert administrator.post(reverse("person-right-end", args=[analyst.pk, given.pk])).status_code == 302
    ended = rights_of(analyst.pk)[-1]
    assert ended.ends < given.ends
    assert kinds()[-3:] == ["right-proposed", "right-given", "right-ended"]


def test_an_administrator_gives_themselves_nothing_and_leaves_only_by_another(
    office: Office, administrator: Client
) -> None:
    me = office.world.people["politie", Role.ADMINISTRATOR]
    before = kinds()
    refused = administrator.post(reverse("person-right", args=[me.pk]), right())
    assert refused.status_code == 422
    assert "De tweede persoon moet iemand anders zijn" in refused.content.decode()
    assert administrator.post(reverse("person-leave", args=[me.pk])).status_code == 422
    [mine] = rights_of(me.pk)
    assert administrator.post(reverse("person-right-end", args=[me.pk, mine.pk])).status_code == 422
    assert rights_of(me.pk)[0].ends == mine.ends
    assert (len(rights_of(me.pk)), kinds()) == (1, before)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "system"},
        {"role": "administrator", "purposes": ["follow-up"]},  # a purpose the role has no use for
        {"purposes": []},
        {"units": ["nla-team"]},
        {"ends": date.today() - timedelta(days=1)},
        {"ends": "9999-12-31"},
        {"starts": date.today() + timedelta(days=60)},
    ],
)
def test_a_right_that_makes_no_sense_is_not_given(
    office: Office, administrator: Client, change: dict[str, Any]
) -> None:
    analyst = office.world.people["politie", Role.ANALYST]
    assert administrator.post(reverse("person-right", args=[analyst.pk]), right(**change)).status_code in (200, 422)
    assert len(rights_of(analyst.pk)) == 1


def test_training_counts_until_and_with_the_chosen_day(office: Office, administrator: Client) -> None:
    analyst, last = office.world.people["politie", Role.ANALYST], date.today() + timedelta(days=100)
    assert administrator.post(reverse("person-training", args=[analyst.pk]), {"until": last}).status_code == 302
    with working_for(as_system("politie")):
        assert Training.objects.get(person=analyst, code=TRAINING).until == last + timedelta(days=1)
    assert kinds()[-1] == "training-recorded"


def test_who_leaves_has_no_login_no_rights_and_no_signals_left(office: Office, administrator: Client) -> None:
    analyst = office.world.people["politie", Role.ANALYST]
    client = office.client(Role.ANALYST)
    second = file_one("politie")
    for key in (office.signal, second):
        done(client, key, Verb.CONFIRM, forms=["ARB"], words="")
    assert view(office.signal).person == str(analyst.pk)
    assert administrator.post(reverse("person-leave", args=[analyst.pk])).status_code == 302
    assert client.get(reverse("queue")).status_code == 302, "a session that runs ends too"
    assert [view(key).person for key in (office.signal, second)] == [None, None]
    assert prove_service("politie", plan()).orphans == ()
    with working_for(as_system("politie"), reach="all"):
        assert CaseEvent.objects.filter(kind="person-left").count() == 1
    assert all(right.ends <= right.starts or right.ends.date() <= date.today() for right in rights_of(analyst.pk))
    page = administrator.get(reverse("people")).content.decode()
    assert "vertrokken" in page


def test_people_of_another_service_do_not_exist(office: Office, administrator: Client) -> None:
    other = office.world.people["nla", Role.ANALYST]
    listed = administrator.get(reverse("people")).content.decode()
    assert office.world.people["politie", Role.ANALYST].name in listed
    assert other.name not in listed
    for name in ("person", "person-right", "person-training", "person-leave"):
        assert administrator.get(reverse(name, args=[other.pk])).status_code == 404
        assert administrator.post(reverse(name, args=[other.pk]), right()).status_code in (404, 405)
    [theirs] = rights_of(other.pk, "nla")
    own = office.world.people["politie", Role.ANALYST]
    for key in (own.pk, other.pk):
        assert administrator.post(reverse("person-right-end", args=[key, theirs.pk])).status_code == 404
    assert rights_of(other.pk, "nla") == [theirs]


def test_the_list_costs_the_same_number_of_queries_however_long(office: Office, administrator: Client) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            administrator.get(reverse("people"))
        counts.append(len(queries))
        with working_for(as_system("politie")):
            for _ in range(8):
                make_person(Unit.objects.select_related("service").get(code="politie-team"), Role.ANALYST)
    assert counts[0] == counts[1]
