"""Spreading what is nobody's over people: looked at first, each given through the one door, what cannot be is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.store.world import make_person
from tests.web.people import Office, browser, file_one, open_office
from tests.web.test_stories import SENTENCE, done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.acting import as_system, working_for
from seinpost.store.log import history
from seinpost.store.models import Grant, Person, Unit


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def send(client: Client, data: Mapping[str, object], query: dict[str, str] | None = None) -> HttpResponse:
    answer = client.post(reverse("queue-deal", query=query or {"alles": "ja"}), data)
    assert isinstance(answer, HttpResponse)
    return answer


def team(office: Office) -> list[Person]:
    return [office.world.people["politie", role] for role in (Role.ANALYST, Role.DETECTIVE)]


def previewed(client: Client, signals: list[UUID], people: list[Person], way: str = "in-turn") -> tuple[str, list[str]]:
    """The page that says who gets what, and what its form would send."""
    first = send(client, {"signal": [str(key) for key in signals]}).content.decode()
    chosen = re.findall(r'name="signal" value="([^"]+)"', first)
    assert len(chosen) == len(signals)
    asked = {"step": "preview", "signal": chosen, "people": [str(one.pk) for one in people], "way": way, "words": ""}
    page = send(client, asked).content.decode()
    return page, [unescape(one) for one in re.findall(r'name="gift" value="([^"]+)"', page)]


def events_of(key: UUID) -> list[str]:
    with working_for(as_system("politie"), reach="all"):
        return [event.fact.kind for event in history(key)]


def test_in_turn_each_signal_is_given_by_a_decision_of_its_own(office: Office) -> None:
    client, signals, people = office.client(Role.COORDINATOR), [file_one("politie") for _ in range(4)], team(office)
    page, gifts = previewed(client, signals, people)
    assert page.count("aan de beurt") == 4
    assert [view(key).person for key in signals] == [None] * 4, "looking gives nothing"
    done_page = send(client, {"step": "do", "gift": gifts, "words": "Samen oppakken graag."}).content.decode()
    assert "4 signalen gedaan" in done_page
    owners = [view(key).person for key in signals]
    assert sorted(owners) == sorted(str(one.pk) for one in people for _ in range(2))  # type: ignore[type-var]
    assert all(events_of(key).count("assigned") == 1 for key in signals)
    again = send(client, {"step": "do", "gift": gifts, "words": ""}).content.decode()
    assert again.count("was al gegeven aan") == 4
    assert all(events_of(key).count("assigned") == 1 for key in signals), "sent twice, given once"


def test_by_load_whoever_has_least_gets_the_next_and_the_page_says_so(office: Office) -> None:
    client, people = office.client(Role.COORDINATOR), team(office)
    for key in (office.signal, file_one("politie")):
        done(client, key, Verb.ASSIGN, unit="politie-team", person=str(people[0].pk), words="")
    signals = [file_one("politie") for _ in range(4)]
    page, gifts = previewed(client, signals, people, "by-load")
    assert "heeft er dan 0, de minste" in page
    send(client, {"step": "do", "gift": gifts})
    got = [view(key).person for key in signals]
    assert [got.count(str(one.pk)) for one in people] == [1, 3]


def test_what_cannot_be_given_is_told_by_signal_and_the_rest_stands(office: Office) -> None:
    client, people = office.client(Role.COORDINATOR), team(office)
    free, owned, doubted, late = (file_one("politie") for _ in range(4))
    done(client, owned, Verb.ASSIGN, unit="politie-team", person=str(people[1].pk), words="")
    analyst = office.client(Role.ANALYST)
    done(analyst, doubted, Verb.UNSURE, words=SENTENCE)
    page, gifts = previewed(client, [free, owned, doubted, late], people[:1])
    assert f"Is al van {people[1].name}" in page
    assert "twijfelde er zelf al over" in page
    assert len(gifts) == 2
    done(analyst, late, Verb.NOTE, words=SENTENCE)
    told = send(client, {"step": "do", "gift": gifts}).content.decode()
    assert "1 signaal gedaan" in told
    assert "intussen veranderd" in told
    assert [view(key).person for key in (free, owned, late)] == [str(people[0].pk), str(people[1].pk), None]


def test_the_work_of_who_lost_their_right_can_be_given_on(office: Office) -> None:
    client, people = office.client(Role.COORDINATOR), team(office)
    done(client, office.signal, Verb.ASSIGN, unit="politie-team", person=str(people[0].pk), words="")
    Grant.objects.using("owner").filter(person=people[0]).update(ends=timezone.now() - timedelta(minutes=1))
    first = send(client, {"signal": [str(office.signal)]}).content.decode()
    assert str(people[0].pk) not in first, "nobody gives work to who may not do it"
    _page, gifts = previewed(client, [office.signal], people[1:])
    send(client, {"step": "do", "gift": gifts})
    assert view(office.signal).person == str(people[1].pk)


def test_a_line_that_was_not_shown_to_this_reader_gives_nothing(office: Office) -> None:
    client, other = office.client(Role.COORDINATOR), office.client(Role.WEIGHER)
    _page, gifts = previewed(client, [office.signal], team(office))
    for browser_, sent in ((other, gifts), (client, [gifts[0] + "x", "onzin", f"{office.signal}.1"])):
        page = send(browser_, {"step": "do", "gift": sent}).content.decode()
        assert "gedaan</h2>" not in page
    assert view(office.signal).person is None


def test_whoever_gives_no_work_has_no_such_page_and_no_such_button(office: Office) -> None:
    for role, service in ((Role.ANALYST, "politie"), (Role.ADMINISTRATOR, "politie"), (Role.PRIVACY_OFFICER, "nla")):
        assert send(office.client(role, service), {"signal": [str(office.signal)]}).status_code == 404
    address = reverse("queue-deal")
    assert address in office.client(Role.COORDINATOR).get(reverse("queue")).content.decode()
    assert address not in office.client(Role.ANALYST).get(reverse("queue")).content.decode()
    outsider = send(office.client(Role.COORDINATOR, "nla"), {"signal": [str(office.signal)]})
    assert outsider.status_code == 302, "of another service nothing is there to spread"


def test_a_coordinator_of_another_unit_cannot_give_and_is_offered_nobody(office: Office) -> None:
    with working_for(as_system("politie")):
        unit = Unit.objects.select_related("service").get(code="politie-team")
        other = Unit.objects.create(
            code="politie-noord", service=unit.service, task=unit.task, processing=unit.processing,
            name_nl="Noord", name_en="North",
        )  # fmt: skip
        bound = make_person(other, Role.COORDINATOR)
        Grant.objects.filter(person=bound).update(units=["politie-noord"])
    assert send(browser(bound), {"signal": [str(office.signal)]}).status_code == 302
    people = [bound]
    page, gifts = previewed(office.client(Role.COORDINATOR), [office.signal], team(office))
    assert (str(people[0].pk) in page, len(gifts)) == (False, 1)


def test_nobody_chosen_is_said_and_the_signals_stay_picked(office: Office) -> None:
    page = send(office.client(Role.COORDINATOR), {"step": "preview", "signal": [str(office.signal)], "way": "in-turn"})
    assert "Dit kan nog niet" in page.content.decode()
    assert str(office.signal) in page.content.decode()


def test_looking_costs_the_same_number_of_queries_however_many(office: Office) -> None:
    client, counts, signals = office.client(Role.COORDINATOR), [], [office.signal]
    client.get(reverse("queue"))
    people = [str(one.pk) for one in team(office)]
    for _ in range(2):
        asked = {"step": "preview", "signal": [str(key) for key in signals], "people": people, "way": "by-load"}
        with CaptureQueriesContext(connection) as queries:
            assert "worden gegeven" in send(client, asked).content.decode() or len(signals) == 1
        counts.append(len(queries))
        signals += [file_one("politie") for _ in range(5)]
    assert counts[0] == counts[1]
