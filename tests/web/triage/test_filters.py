"""The filter form of the queue: it says what is asked, keeps all of it, and each field filters."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.store.world import make_person
from tests.web.people import Office, browser, file_one, open_office
from tests.web.test_stories import done

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.process.shapes import Urgency
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Grant, Unit


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def page(client: Client, query: dict[str, str]) -> str:
    return client.get(reverse("queue", query=query)).content.decode()


def form(text: str) -> dict[str, str]:
    """What the filter form would send, as it stands."""
    found = re.search(r'<form class="sp-filters.*?</form>', text, re.S)
    assert found is not None
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[0]))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', found[0], re.S):
        [value] = re.findall(r'<option value="([^"]*)" selected', options)
        sent[name] = value
    return {name: unescape(value) for name, value in sent.items()}


def test_sending_the_form_keeps_everything_that_was_asked(office: Office) -> None:
    asked = {
        "fase": "registered", "laag": "A", "vorm": "ARB", "spoed": "ja", "laat": "zeer", "eenheid": "politie-team",
        "eigenaar": str(office.world.people["politie", Role.WEIGHER].pk), "baan": "historical", "weergave": "kaarten",
        "rol": "wacht", "uitgesteld": "ook", "taak": "nu",
    }  # fmt: skip
    assert form(page(office.client(Role.ANALYST), asked)) == asked
    plain = form(page(office.client(Role.ANALYST), {"alles": "ja"}))
    assert {name: value for name, value in plain.items() if value} == {"baan": "daily"}


def test_each_field_filters(office: Office) -> None:
    analyst, minor = office.client(Role.ANALYST), file_one("politie", urgency=Urgency(minor=True))
    late, very = file_one("politie"), file_one("politie")
    now = timezone.now()
    with connections["owner"].cursor() as cursor:
        for key, due, worse in ((late, 1, -1), (very, 3, 2)):
            moments: list[Any] = [now - timedelta(days=due), now - timedelta(days=worse), key]
            cursor.execute("UPDATE store_signal SET due = %s, very_late = %s WHERE id = %s", moments)
    weigher = office.world.people["politie", Role.WEIGHER]
    done(office.client(Role.WEIGHER), minor, Verb.CONFIRM, forms=[], words="")
    all_of_them = {office.signal, minor, late, very}
    for query, wanted in (
        ({"spoed": "ja"}, {minor}),
        ({"laat": "ja"}, {late, very}),
        ({"laat": "zeer"}, {very}),
        ({"eigenaar": str(weigher.pk)}, {minor}),
        ({"eigenaar": "nobody"}, {office.signal, late, very}),
        ({"eigenaar": "onzin"}, all_of_them),
        ({"eenheid": "politie-team"}, all_of_them),
        ({"eenheid": "nergens"}, set()),
    ):
        text = page(analyst, query)
        shown = {key for key in all_of_them if f'href="{reverse("signal", args=[key])}' in text}
        assert shown == wanted, query


def test_one_can_choose_among_the_units_one_works_for_and_the_colleagues_there(office: Office) -> None:
    with working_for(as_system("politie")):
        team = Unit.objects.select_related("service").get(code="politie-team")
        other = Unit.objects.create(
            code="politie-noord", service=team.service, task=team.task, processing=team.processing,
            name_nl="Noord", name_en="North",
        )  # fmt: skip
        there, both = make_person(other, Role.ANALYST), make_person(team, Role.ANALYST)
        Grant.objects.filter(person=both).update(units=["politie-team"])
    names = {office.world.people["politie", Role.WEIGHER].name, there.name}

    def offered(client: Client, query: dict[str, str]) -> set[str]:
        return {name for name in names if f">{name}</option>" in page(client, query)}

    bound = browser(both)
    assert offered(bound, {}) == {office.world.people["politie", Role.WEIGHER].name}
    assert ">Noord</option>" not in page(bound, {})
    free = office.client(Role.COORDINATOR)
    assert ">Noord</option>" in page(free, {})
    assert offered(free, {"eenheid": "politie-noord"}) == {there.name}
    assert offered(free, {"eigenaar": str(there.pk)}) == names, "who is chosen stays to be seen"
    assert there.name not in page(office.client(Role.COORDINATOR, "nla"), {"eigenaar": str(there.pk)})
