"""A back-fill of years waits in a lane of its own: its own terms, no flood of lateness, counted apart from the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.store.signals import received
from tests.store.world import NOW, World, make_world, plan

from seinpost.packs.procedure.terms import Role
from seinpost.process.shapes import Urgency
from seinpost.store.acting import actor_of, as_system, working_for
from seinpost.store.actions.duty import do_duty
from seinpost.store.actions.intake import Into, file_batch
from seinpost.store.models import Import, Signal, Unit
from seinpost.store.queries.queue import DAILY, EVERY, HISTORICAL, QueueFilter, queue
from seinpost.store.queries.today import today

OLD = NOW - timedelta(days=900)
MANY = 5


@pytest.fixture
def world(db: str) -> World:
    """One registration of the day, five of years ago, and an old one about a minor."""
    world, acting = make_world(("politie",)), as_system("politie")
    unit = Unit.objects.select_related("service").get(code="politie-team")
    old = [received(f"OUD{n}", registered_at=OLD) for n in range(MANY)]
    young = received("OUD-MINDERJARIG", registered_at=OLD, urgency=Urgency(minor=True))
    for lane, items in ((DAILY, [received("NIEUW")]), (HISTORICAL, [*old, young])):
        with working_for(acting):
            batch = Import.objects.create(
                service_id="politie", unit=unit, source="bvh", lane=lane, digest=lane, pack="nl", received=len(items),
                not_kept=0, failed=0, started_at=NOW,
            )  # fmt: skip
        file_batch(acting=acting, batch=batch.pk, into=Into(unit, lane), items=items, now=NOW, plan=plan())
    return world


def test_an_old_registration_has_the_term_of_its_lane_and_a_minor_that_of_urgency(world: World) -> None:
    rows = {row.external_id: row for row in Signal.objects.using("owner").all()}
    told = {name: (row.channel, row.next_kind) for name, row in rows.items()}
    assert told["NIEUW"] == ("scan", "triage")
    assert {told[f"OUD{n}"] for n in range(MANY)} == {("history", "triage-history")}
    due = {name: row.due for name, row in rows.items() if row.due is not None}
    assert due["NIEUW"] < NOW + timedelta(days=3)
    assert due["OUD0"] > NOW + timedelta(days=80), "sixty working days"
    assert due["OUD-MINDERJARIG"] < NOW + timedelta(hours=5)


def test_the_daily_ones_go_up_the_line_and_the_old_ones_only_by_their_own_term(world: World) -> None:
    assert do_duty(now=NOW + timedelta(days=60), plan=plan())["escalate"] == 2, "the new one and the minor"
    escalated = Signal.objects.using("owner").filter(next_kind="decide-escalation")
    assert set(escalated.values_list("external_id", flat=True)) == {"NIEUW", "OUD-MINDERJARIG"}
    after = do_duty(now=NOW + timedelta(days=150), plan=plan())
    assert after["escalate"] >= MANY, "what nobody read within its own term is not forgotten"


def test_the_day_counts_the_old_ones_apart_and_each_lane_shows_its_own(world: World) -> None:
    acting = world.acting(Role.ANALYST)
    with working_for(acting):
        actor = actor_of(acting, NOW)
        day = today(actor, NOW + timedelta(days=100))
        assert (day.queue_total, day.late_total, day.urgent_total, day.historical_total) == (2, 2, 1, MANY)
        shown = {lane: queue(actor, QueueFilter(lane=lane), NOW).total for lane in (DAILY, HISTORICAL, EVERY)}
    assert shown == {DAILY: 2, HISTORICAL: MANY, EVERY: MANY + 2}
