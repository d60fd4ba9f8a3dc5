"""Rules that are silent for one entity: said on a signal, listed with reason and end, ended by hand or by the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from tests.store.signals import received
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import SENTENCE, do, done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.acting import actor_of, working_for
from seinpost.store.queries.silence import silent_rules
from seinpost.web.reader import names

RULE = min(names()["indicator"])
PHONE = "phone:+31612345678"


@pytest.fixture
def office(db: str) -> Office:
    """An office whose signal rests on an indicator that the pack knows, and names a phone."""
    reading = received().reading
    assert reading is not None
    hits = tuple(replace(hit, indicator=RULE) for hit in reading.hits)
    return replace(open_office(), signal=file_one("politie", reading=replace(reading, hits=hits)))


def hush(office: Office) -> None:
    """Let the rule of the office's signal be silent for the phone in its text."""
    answers = {"rule": RULE, "entity": PHONE, "reason": "shared-address", "words": SENTENCE}
    until = date.today() + timedelta(days=30)
    done(office.client(Role.COORDINATOR), office.signal, Verb.SUPPRESS, until=until, **answers)


def page(office: Office, role: Role = Role.COORDINATOR, service: str = "politie") -> str:
    return office.client(role, service).get(reverse("silence")).content.decode()


def test_a_silent_rule_is_listed_with_why_by_whom_and_until_when(office: Office) -> None:
    assert "Geen regel zwijgt" in page(office)
    hush(office)
    told = page(office)
    assert "+31612345678" in told
    assert SENTENCE in told
    assert office.world.people["politie", Role.COORDINATOR].name in told
    assert "Geen regel zwijgt" in page(office, service="nla")
    reader = office.client(Role.ADMINISTRATOR)
    assert reader.get(reverse("silence")).status_code == 404, "who reads no signal has no such page"


def test_only_what_the_signal_names_can_be_chosen(office: Office) -> None:
    answers = {"rule": RULE, "entity": "phone:+31600000000", "reason": "shared-address", "words": SENTENCE}
    until = date.today() + timedelta(days=30)
    assert do(office.client(Role.COORDINATOR), office.signal, Verb.SUPPRESS, until=until, **answers).status_code == 200
    assert view(office.signal).suppressions == ()


def test_it_is_ended_by_who_may_and_by_nobody_else(office: Office) -> None:
    hush(office)
    address, what = reverse("silence-end", args=[office.signal]), {"rule": RULE, "entity": PHONE, "words": ""}
    for role, service in ((Role.ANALYST, "politie"), (Role.COORDINATOR, "nla")):
        office.client(role, service).post(address, what)
        assert len(view(office.signal).suppressions) == 1, role
    office.client(Role.COORDINATOR).post(address, what)
    assert view(office.signal).suppressions == ()
    assert "Geen regel zwijgt" in page(office)


def test_the_clock_ends_it_too(office: Office) -> None:
    hush(office)
    acting = office.world.acting(Role.COORDINATOR)
    with working_for(acting):
        for days, running in ((0, 1), (29, 1), (31, 0)):
            then = datetime.now(UTC) + timedelta(days=days)
            assert len(silent_rules(actor_of(acting, then), then)) == running, days
