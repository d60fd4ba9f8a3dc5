"""Rules that are silent for one entity: said on a signal, listed with reason and end, ended by hand or by the clock."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from tests.store.signals import received
from tests.store.world import plan
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import SENTENCE, do, done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.process.commands import Suppress
from seinpost.process.filing.silence import is_silent_sample
from seinpost.process.people import Words
from seinpost.process.shapes import Refused
from seinpost.store.acting import actor_of, as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.duty import do_duty
from seinpost.store.actions.intake import Into, file_batch
from seinpost.store.models import Import, Signal, Unit
from seinpost.store.queries.guarantee import prove_guarantee
from seinpost.store.queries.queue import SILENT, QueueFilter, shown, waiting
from seinpost.store.queries.silence import silent_rules
from seinpost.store.received import Received
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


def registrations(many: int, phone: str = "06-12345678") -> list[Received]:
    """Registrations of the scan that rest on the silent rule, and name a phone."""
    found = []
    for number in range(many):
        text = f"Melding {number}: betrokkene is bereikbaar op {phone}."
        item = received(text=text, external_id=f"S{phone}{number}", received_at=datetime.now(UTC))
        assert item.reading is not None
        weights = ((RULE, 2.0), ("ARB-02", 1.0))
        addends = tuple(replace(item.reading.contributions[0], rule=r, weight=w) for r, w in weights)
        found.append(replace(item, reading=replace(item.reading, layer="C", hits=(), contributions=addends)))
    return found


def hand_in(items: list[Received]) -> None:
    """Hand registrations in, as a run does."""
    now = datetime.now(UTC)
    unit = Unit.objects.select_related("service").get(code="politie-team")
    with working_for(as_system("politie")):
        batch = Import.objects.create(
            service_id="politie", unit=unit, source="bvh", digest=uuid4().hex, pack="nl", received=len(items),
            not_kept=0, failed=0, started_at=now,
        )  # fmt: skip
    counts = file_batch(
        acting=as_system("politie"), batch=batch.pk, into=Into(unit), items=items, now=now, plan=plan()
    )  # fmt: skip
    assert counts == {"filed": len(items)}


def waits(office: Office, lane: str = "daily") -> set[UUID]:
    """What stands in a lane of the analyst's queue."""
    acting, now = office.world.acting(Role.ANALYST), datetime.now(UTC)
    with working_for(acting):
        return set(shown(actor_of(acting, now), QueueFilter(lane=lane), now).values_list("pk", flat=True))


def test_what_rests_on_a_silent_rule_waits_outside_the_queue_and_a_sample_is_read(office: Office) -> None:
    hush(office)
    before = waits(office)
    items = registrations(12)
    drawn = sum(is_silent_sample(item.digest, plan()) for item in items)
    while not 2 <= drawn < len(items):  # enough to read two of
        items = registrations(len(items) + 6)
        drawn = sum(is_silent_sample(item.digest, plan()) for item in items)
    hand_in(items)
    hand_in(registrations(1, "06-87654321"))
    sample = waits(office) - before
    silent = waits(office, SILENT)
    assert (len(sample), len(silent)) == (drawn + 1, len(items) - drawn)
    assert "steekproef stille regel" in office.client(Role.ANALYST).get("/wachtrij/").content.decode()
    assert not prove_guarantee(plan()).orphans
    with working_for(as_system("politie")):
        read = list(Signal.objects.filter(silent_sample=True).values_list("pk", flat=True))
    assert f">{len(silent)}</span> wachten stil" in page(office)
    done(office.client(Role.ANALYST), read[0], Verb.DISMISS, reason="explained", words="")
    assert "toch een signaal" not in page(office)
    done(office.client(Role.ANALYST), read[1], Verb.CONFIRM, forms=["ARB"], words="")
    assert "Van 2 gelezen registraties waren er 1 toch een signaal" in page(office)
    office.client(Role.COORDINATOR).post(
        reverse("silence-end", args=[office.signal]), {"rule": RULE, "entity": PHONE, "words": ""}
    )
    assert waits(office, SILENT) == set()
    assert silent < waits(office)
    assert not prove_guarantee(plan()).orphans


def test_everything_of_a_lane_is_what_the_lane_shows(office: Office) -> None:
    hush(office)
    hand_in([item for item in registrations(9) if not is_silent_sample(item.digest, plan())][:2])
    file_one("politie")
    client = office.client(Role.ANALYST)
    for lane, many in ((SILENT, 2), ("daily", 3)):
        address = reverse("queue-together", query={"baan": lane})
        told = client.post(address, {"verb": "note", "all": "on"}).content.decode()
        picked = {UUID(value) for value in re.findall(r'name="signal" value="([^"]+)"', told)}
        assert len(picked) == many
        assert picked == waits(office, lane), lane


def test_the_clock_brings_it_back_and_so_does_the_worker(office: Office) -> None:
    hush(office)
    hand_in([item for item in registrations(9) if not is_silent_sample(item.digest, plan())][:3])
    acting = office.world.acting(Role.ANALYST)
    silent = waits(office, SILENT)
    assert len(silent) == 3
    later = datetime.now(UTC) + timedelta(days=30)
    with working_for(acting):
        back = set(waiting(actor_of(acting, later), later).values_list("pk", flat=True))
    assert silent < back, "without a worker too"
    assert do_duty(now=later, plan=plan())["release"] == 3
    with working_for(as_system("politie")):
        assert set(Signal.objects.filter(pk__in=silent).values_list("silent_until", "next_kind")) == {(None, "triage")}
    assert not prove_guarantee(plan()).orphans


def test_a_rule_that_is_never_silent_is_refused(office: Office) -> None:
    assert RULE not in plan().never_silent
    strong = min(plan().never_silent)
    until = date.today() + timedelta(days=9)
    command = Suppress(rule=strong, entity=PHONE, reason="shared-address", until=until, words=Words(SENTENCE))
    now = datetime.now(UTC)
    acting = office.world.acting(Role.COORDINATOR)
    refused = act(acting=acting, signal=office.signal, ask=command, now=now, plan=plan())
    assert isinstance(refused, Refused)
    assert refused.reasons[0].code == "never-silent"
