"""What a signal is read for: on each of its pages, chosen before it is opened, and that is what the view log keeps."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.store.world import make_person
from tests.web.people import Office, browser, file_one, open_office
from tests.web.test_stories import SENTENCE, done, view

from seinpost.packs.procedure.terms import Purpose, Role, Verb
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Grant, Person, Unit, ViewLog

TABS = ("signal", "signal-enrich", "signal-weigh", "signal-tasks", "signal-attachments", "signal-history")
GROUND = "Dagelijkse politietaak (art. 8 Wpg)"


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def works_for(purposes: list[str]) -> Person:
    """An analyst whose rights give these purposes."""
    with working_for(as_system("politie")):
        person = make_person(Unit.objects.select_related("service").get(code="politie-team"), Role.ANALYST)
        Grant.objects.filter(person=person).update(purposes=purposes)
    return person


def choose(client: Client, purpose: str) -> None:
    client.post(reverse("preferences"), {"purpose": purpose})


def looks(person: Person) -> list[tuple[str, str]]:
    rows = ViewLog.objects.using("owner").filter(person=str(person.pk)).order_by("id")
    return list(rows.values_list("verb", "purpose"))


def test_every_page_of_a_signal_says_what_it_is_read_for_and_on_which_ground(office: Office) -> None:
    client = office.client(Role.ANALYST)
    pages = [reverse(name, args=[office.signal]) for name in TABS]
    for address in (*pages, reverse("signal-act", args=[office.signal, Verb.NOTE.value])):
        told = client.get(address).content.decode()
        assert f"Doel: Opvolging van een signaal · {GROUND}" in told, address
    client.post(reverse("preferences"), {"language": "en"})
    told = client.get(pages[0]).content.decode()
    assert "Purpose: Follow-up of a signal · Daily police task (art. 8 Police Data Act)" in told


def test_the_question_to_somebody_who_may_not_read_says_it_too(office: Office) -> None:
    asked = office.world.people["politie", Role.AUDITOR]
    done(office.client(Role.ANALYST), office.signal, Verb.ASK_AUTHOR, to=str(asked.pk), words=SENTENCE)
    [todo] = view(office.signal).open_todos
    address = reverse("signal-act", args=[office.signal, Verb.ANSWER.value]) + f"?task={todo.id}"
    told = browser(asked).get(address).content.decode()
    assert f"Doel: Toezicht op het gebruik van gegevens · {GROUND}" in told


def test_the_purpose_that_is_chosen_is_what_the_log_keeps(office: Office) -> None:
    person = works_for(["follow-up", "coordination"])
    client, page = browser(person), reverse("signal", args=[office.signal])
    client.get(page)
    choose(client, "coordination")
    told = client.get(page).content.decode()
    assert "Doel: Werkverdeling en voortgang" in told
    client.get(reverse("queue"))
    client.get(reverse("search") + "?q=paspoorten")
    choose(client, "")
    client.get(page)
    reads, searches = ([p for verb, p in looks(person) if verb == one] for one in ("read", "search"))
    assert reads == ["follow-up", "coordination", "follow-up"]
    assert set(searches) == {"coordination"}
    done(client, office.signal, Verb.NOTE, words=SENTENCE)


def test_what_is_read_for_another_purpose_is_not_there_while_one_is_chosen(office: Office) -> None:
    person, other = works_for(["follow-up"]), file_one("politie")
    with working_for(as_system("politie")):
        grant = Grant.objects.get(person=person)
        Grant.objects.filter(pk=grant.pk).update(units=["politie-team"])
        Grant.objects.filter(person=office.world.people["politie", Role.TRAINEE]).update(person=person)
    client = browser(person)
    assert client.get(reverse("signal", args=[other])).status_code == 200
    choose(client, "training")  # of practice only, and this signal is none
    for address in (reverse("signal", args=[other]), reverse("signal", args=[office.signal])):
        assert client.get(address).status_code == 403
    assert looks(person)[-1] == ("read", "training")
    choose(client, "follow-up")
    assert client.get(reverse("signal", args=[other])).status_code == 200


@pytest.mark.parametrize("wanted", ["oversight", "management", "emergency", "guarding", "onzin"])
def test_a_purpose_that_somebody_does_not_hold_is_no_choice(office: Office, wanted: str) -> None:
    person = works_for(["follow-up", "coordination"])
    client = browser(person)
    choose(client, wanted)
    assert client.get(reverse("signal", args=[office.signal])).status_code == 200
    assert looks(person)[-1] == ("read", "follow-up")


def test_the_choice_is_offered_where_there_is_one_and_ends_with_the_session(office: Office) -> None:
    several, one = browser(works_for(["follow-up", "coordination"])), browser(works_for(["follow-up"]))
    queue = reverse("queue")
    told = several.get(queue).content.decode()
    assert 'name="purpose" value="coordination"' in told
    assert 'name="purpose"' not in one.get(queue).content.decode()
    choose(several, "coordination")
    assert 'value="coordination" aria-pressed="true"' in several.get(queue).content.decode()
    assert Purpose.COORDINATION.value not in browser(works_for(["follow-up"])).session.values()


def test_who_oversees_still_does_while_they_read_for_something_else(office: Office) -> None:
    person = office.world.people["politie", Role.PRIVACY_OFFICER]
    with working_for(as_system("politie")):
        Grant.objects.filter(person=office.world.people["politie", Role.ANALYST]).update(person=person)
    client = browser(person)
    choose(client, "follow-up")
    assert client.get(reverse("view-log")).status_code == 200
    assert looks(person)[-1] == ("read-log", "oversight")
