"""The view log under the chain: what is changed, taken out or put in of a day that is over shows, and names the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from tests.store.world import World, make_world

from seinpost.packs.procedure.terms import Purpose, Role, Verb
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.duty import record_destroyed, seal_looks
from seinpost.store.audit.stored import verify_stored
from seinpost.store.log import Look, record_look
from seinpost.store.models import CaseEvent

NIGHT = datetime(2026, 11, 30, 1, 30, tzinfo=UTC)
DAYS = ("2026-11-27", "2026-11-28", "2026-11-29")


@pytest.fixture
def world(db: str) -> World:
    """Looks of the police on three days, one of them without any, and of the night itself."""
    made = make_world()
    for service in ("politie", "nla"):
        acting = made.acting(Role.ANALYST, service) if service == "politie" else as_system(service)
        with working_for(acting):
            for hours in (1.6, 2, 30, 49.5, 60, 60.5):
                look(acting, NIGHT - timedelta(hours=hours))
            look(acting, NIGHT - timedelta(minutes=5))
    return made


def look(acting: Any, at: datetime) -> None:
    record_look(Look(acting=acting, at=at, purpose=Purpose.FOLLOW_UP, verb=Verb.SEARCH, subject="paspoorten", count=3))


def tamper(statement: str) -> None:
    """What somebody with the owner's role could do: the trigger that refuses is out of the way for a moment."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE store_viewlog DISABLE TRIGGER ALL")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE store_viewlog ENABLE TRIGGER ALL")


def broken() -> list[tuple[str, str, str]]:
    return [(one.service, one.problem, one.what) for one in verify_stored().breaks]


def test_each_day_that_is_over_is_sealed_once_and_the_day_that_runs_is_not(world: World) -> None:
    assert seal_looks(now=NIGHT) == 2 * len(DAYS)
    assert seal_looks(now=NIGHT) == 0
    bodies = CaseEvent.objects.using("owner").filter(kind="looks-sealed", service="politie").order_by("number")
    assert [day in row.body for day, row in zip(DAYS, bodies, strict=True)] == [True] * 3
    assert broken() == []
    with working_for(as_system("politie")):
        look(as_system("politie"), NIGHT + timedelta(hours=1))
    assert broken() == [], "a look of today changes no day that is over"
    assert seal_looks(now=NIGHT + timedelta(days=3)) == 2 * 3, "nights that were missed are made up for"
    assert broken() == []


OF_28 = "service = 'politie' AND at::date = '2026-11-28'"


@pytest.mark.parametrize(
    ("statement", "problem", "day"),
    [
        ("UPDATE store_viewlog SET count = 4 WHERE {one}", "looks-changed", DAYS[1]),
        ("UPDATE store_viewlog SET subject = '' WHERE {one}", "looks-changed", DAYS[1]),
        ("UPDATE store_viewlog SET person = 'x' WHERE {one}", "looks-changed", DAYS[1]),
        ("UPDATE store_viewlog SET at = at + interval '1 microsecond' WHERE {one}", "looks-changed", DAYS[1]),
        ("DELETE FROM store_viewlog WHERE {one}", "looks-missing", DAYS[1]),
        (
            "INSERT INTO store_viewlog (service, at, person, purpose, verb, subject, count, refused) SELECT service,"
            " at, person, purpose, verb, subject, count, refused FROM store_viewlog WHERE {one}",
            "looks-added",
            DAYS[1],
        ),
        ("UPDATE store_viewlog SET at = at - interval '9 days' WHERE {one}", "looks-missing", DAYS[1]),
    ],
)
def test_a_line_that_was_changed_taken_out_or_put_in_is_found(
    world: World, statement: str, problem: str, day: str
) -> None:
    seal_looks(now=NIGHT)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(f"SELECT min(id) FROM store_viewlog WHERE {OF_28}")
        [one] = cursor.fetchone()
    tamper(statement.format(one=f"id = {one}"))
    found = broken()
    assert ("politie", problem, day) in found
    assert {service for service, _problem, _day in found} == {"politie"}


def test_what_retention_destroyed_is_told_apart_from_what_was_taken_out(world: World) -> None:
    seal_looks(now=NIGHT)
    tamper("DELETE FROM store_viewlog WHERE service = 'politie' AND at < '2026-11-28T00:00:00Z'")
    assert broken() == [("politie", "looks-missing", DAYS[0])]
    with working_for(as_system("politie")):
        record_destroyed("politie", datetime(2026, 11, 27, tzinfo=UTC).date(), NIGHT)
    assert broken() == []
    tamper("DELETE FROM store_viewlog WHERE service = 'nla' AND at < '2026-11-28T00:00:00Z'")
    assert broken() == [("nla", "looks-missing", DAYS[0])], "of its own service only"
