"""Every page for the owner's team, a colleague who may not, and an outsider, who must get nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import ViewLog

PARTS = ("signal", "signal-enrich", "signal-weigh", "signal-tasks", "signal-history")
LISTS = ("today", "queue", "search")


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


@pytest.mark.parametrize("part", PARTS)
def test_the_team_reads_a_signal_and_an_outsider_finds_nothing(office: Office, part: str) -> None:
    address = reverse(part, args=[office.signal])
    own = office.client(Role.ANALYST).get(address)
    assert own.status_code == 200
    assert "P-" in own.content.decode()
    assert office.client(Role.ANALYST, "nla").get(address).status_code == 404
    refused = office.client(Role.ADMINISTRATOR).get(address)
    assert refused.status_code == 403
    assert "paspoorten" not in refused.content.decode()
    assert Client(HTTP_HOST="localhost").get(address).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_lists_show_the_own_service_only(office: Office, name: str) -> None:
    address = reverse(name) + ("?q=paspoorten" if name == "search" else "")
    link = reverse("signal", args=[office.signal])
    own = office.client(Role.ANALYST).get(address)
    assert own.status_code == 200
    assert (link in own.content.decode()) is (name != "today")  # nothing is the analyst's own yet
    other = office.client(Role.ANALYST, "kmar").get(address)
    assert other.status_code == 200
    assert link not in other.content.decode()
    assert "paspoorten heeft" not in other.content.decode()


@pytest.mark.parametrize("asked", ["paspoort", "06-12345678", "06 1234 5678", "Bereikbaar baas", "P-{number}"])
def test_one_box_finds_by_words_by_what_is_named_and_by_number(office: Office, asked: str) -> None:
    with working_for(as_system("politie"), reach="all"):
        from seinpost.store.models import Signal

        number = Signal.objects.get(pk=office.signal).number
    page = office.client(Role.ANALYST).get(reverse("search"), {"q": asked.format(number=number)})
    assert reverse("signal", args=[office.signal]) in page.content.decode()


def test_the_search_says_where_the_words_stand_and_marks_them(office: Office) -> None:
    analyst, asked = office.client(Role.ANALYST), {"q": "champignons"}
    note = {"words": "Gebeld: <b>twintig</b> mensen plukken champignons & slapen daar."}
    sent = analyst.post(reverse("signal-act", args=[office.signal, "note"]), note)
    assert sent.status_code == 302, sent.content.decode()
    page = analyst.get(reverse("search"), asked).content.decode()
    assert "<b>Notitie geschreven</b>" in page
    assert "mensen plukken <mark>champignons</mark> &amp; slapen daar." in page
    assert "<b>twintig" not in page
    analyst.post(reverse("preferences"), {"language": "en"})
    assert "Found in: <b>Note written</b>" in analyst.get(reverse("search"), asked).content.decode()
    for client in (office.client(Role.ADMINISTRATOR), office.client(Role.ANALYST, "nla")):
        other = client.get(reverse("search"), asked).content.decode()
        assert "plukken" not in other
        assert reverse("signal", args=[office.signal]) not in other


@pytest.mark.parametrize("asked", ["", "\x00", "'); --", "a" * 5000, "((( | & !", "P-99999999999999999999", "zzz"])
def test_no_question_breaks_the_search(office: Office, asked: str) -> None:
    page = office.client(Role.ANALYST).get(reverse("search"), {"q": asked})
    assert page.status_code == 200
    assert reverse("signal", args=[office.signal]) not in page.content.decode()


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("guarantee", {Role.COORDINATOR, Role.WEIGHER, Role.PRIVACY_OFFICER, Role.AUDITOR}),
        ("drift", {Role.COORDINATOR, Role.WEIGHER, Role.PRIVACY_OFFICER, Role.AUDITOR}),
        ("view-log", {Role.PRIVACY_OFFICER, Role.AUDITOR}),
        ("glass", {Role.PRIVACY_OFFICER}),
    ],
)
def test_oversight_pages_exist_for_overseers_only(office: Office, name: str, allowed: set[Role]) -> None:
    for role in Role:
        if role is not Role.SYSTEM:
            status = office.client(role).get(reverse(name)).status_code
            assert status == (200 if role in allowed else 404), role


def test_every_look_is_in_the_view_log_and_the_privacy_officer_reads_it(office: Office) -> None:
    office.client(Role.ANALYST).get(reverse("signal", args=[office.signal]))
    office.client(Role.ADMINISTRATOR).get(reverse("signal", args=[office.signal]))
    with working_for(as_system("politie"), reach="all"):
        looks = list(ViewLog.objects.filter(signal=office.signal).values_list("person", "refused"))
    people = office.world.people
    analyst, administrator = (str(people["politie", role].pk) for role in (Role.ANALYST, Role.ADMINISTRATOR))
    assert (analyst, "") in looks
    assert [refused for person, refused in looks if person == administrator and refused]
    page = office.client(Role.PRIVACY_OFFICER).get(reverse("view-log")).content.decode()
    assert people["politie", Role.ANALYST].name in page
    other = office.client(Role.PRIVACY_OFFICER, "nla").get(reverse("view-log")).content.decode()
    assert people["politie", Role.ANALYST].name not in other


def test_signals_that_name_the_same_phone_are_seen_before_opening(office: Office) -> None:
    second = file_one("politie", text="Ander verhaal. Gebeld door 0612345678 over werk.")
    page = office.client(Role.ANALYST).get(reverse("signal", args=[office.signal])).content.decode()
    assert reverse("signal", args=[second]) in page
    assert "+31612345678" in page


def test_a_page_of_the_queue_costs_the_same_number_of_queries_however_long(office: Office) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = office.client(Role.ANALYST)
    counts = []
    for _ in range(2):
        client.get(reverse("queue"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("queue"))
        counts.append(len(queries))
        for _ in range(12):
            file_one("politie")
    assert counts[0] == counts[1]


def test_english_and_dark_are_remembered(office: Office) -> None:
    client = office.client(Role.ANALYST)
    client.post(reverse("preferences"), {"language": "en", "scheme": "dark"})
    page = client.get(reverse("queue")).content.decode()
    assert '<html lang="en">' in page
    assert 'data-scheme="dark"' in page


def test_nobody_works_before_signing_the_code_of_conduct(office: Office) -> None:
    from seinpost.store.models import Person

    client = office.client(Role.ANALYST)
    person = office.world.people["politie", Role.ANALYST]
    Person.objects.filter(pk=person.pk).update(code_of_conduct_version="")
    assert client.get(reverse("queue")).headers["Location"] == reverse("conduct")
    client.post(reverse("conduct"), {"agree": "yes"})
    assert client.get(reverse("queue")).status_code == 200


def test_what_a_scanned_text_does_not_tell_is_said_without_judging_and_asked_of_its_author(office: Office) -> None:
    client = office.client(Role.ANALYST)
    bare = file_one("politie", text="Betrokkene verklaarde dat de baas de paspoorten heeft en dat zij niet weg mag.")
    registered = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    whole = file_one(
        "politie", text="In Zevenaar zei mevrouw Jansen dat de baas de paspoorten heeft.", registered_at=registered
    )  # fmt: skip
    queue = client.get("/wachtrij/").content.decode()
    assert queue.count("niet gevonden in de tekst: wie, waar, wanneer") == 1
    page = client.get(reverse("signal", args=[bare])).content.decode()
    assert page.count("niet gevonden in de tekst</span>") == 3
    assert "Beantwoord naar gewicht" not in page
    told = client.get(reverse("signal", args=[whole])).content.decode()
    assert "niet gevonden" not in told.split("Alleen naar woorden is gezocht")[0]
    for said in ("Jansen", "Zevenaar", "geregistreerd 20 november 2026 10:00"):
        assert said in told
    form = client.get(reverse("signal-act", args=[bare, "ask-author"])).content.decode()
    assert "Waar is het gebeurd of gezien: adres, plaats" in form
    colleague = str(office.world.people["politie", Role.DETECTIVE].pk)
    done(client, bare, Verb.ASK_AUTHOR, to=colleague, questions=["where", "when"], words="Waar en wanneer was dit?")
    answer = view(bare).todos[0].id
    asked = office.client(Role.DETECTIVE)
    address = reverse("signal-act", args=[bare, "answer"]) + f"?task={answer}"
    sent = {"words": "Dat was op de kade, vorige week.", "answered": ["where", "when"]}
    assert asked.post(address, sent).status_code == 302
    assert "niet gevonden in de tekst: wie<" in client.get("/wachtrij/").content.decode()
    assert "nagevraagd en beantwoord" in client.get(reverse("signal", args=[bare])).content.decode()
