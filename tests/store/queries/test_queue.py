"""The queue, read through an index, is the queue in the order of reading; and it says how long it is."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connections
from tests.store.signals import filed
from tests.store.world import NOW, World, make_world

from seinpost.packs.procedure.terms import Role
from seinpost.store.acting import actor_of, working_for
from seinpost.store.models import Signal
from seinpost.store.order import asked_for, first, ordered
from seinpost.store.queries import queue as module
from seinpost.store.queries.queue import QueueFilter, queue, waiting

SIGNALS = 60
CHANGE = """UPDATE store_signal SET risk_to_life = %s, minor = %s, layer = %s, score = %s, due = %s, very_late = %s,
 diary = %s WHERE id = %s"""


@pytest.fixture
def world(db: str) -> World:
    """A queue in which much is equal, so that every column of the order decides somewhere."""
    world = make_world(("politie",))
    chance = random.Random(20261128)
    with connections["owner"].cursor() as cursor:
        for _ in range(SIGNALS):
            due = NOW + timedelta(days=chance.randint(-3, 3))
            came = due <= NOW and chance.random() < 0.3
            cursor.execute(
                CHANGE,
                [
                    chance.random() < 0.1,
                    chance.random() < 0.2,
                    chance.choice(["A", "B", "C", ""]),
                    chance.choice([None, 3.5, 3.5, 7.0]),
                    due,
                    due + timedelta(days=chance.randint(0, 2)),
                    NOW.date() if came else None,
                    filed("politie"),
                ],
            )
    return world


def test_the_parts_of_the_queue_together_are_the_order_of_reading(world: World) -> None:
    acting = world.acting(Role.ANALYST)
    for now in (NOW, NOW + timedelta(days=1), NOW + timedelta(days=9)):
        with working_for(acting):
            rows = waiting(actor_of(acting, now), now)
            whole = list(ordered(rows, now).values_list("pk", flat=True))
            assert len(whole) == SIGNALS
            for count in (1, 7, SIGNALS // 2, SIGNALS, SIGNALS + 5):
                assert first(asked_for(rows), now, count) == whole[:count], (now, count)


def test_pages_follow_on_and_a_long_queue_is_counted_up_to_a_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting = world.acting(Role.ANALYST)
    with working_for(acting):
        actor = actor_of(acting, NOW)
        one, two, three, past = (queue(actor, QueueFilter(), NOW, page) for page in (1, 2, 3, 99))
        assert [len(page.rows) for page in (one, two, three)] == [module.PAGE, module.PAGE, SIGNALS - 2 * module.PAGE]
        assert len({row.id for page in (one, two, three) for row in page.rows}) == SIGNALS
        assert (past.page, past.rows, one.total, one.more) == (3, three.rows, SIGNALS, False)
        assert one.oldest == min(Signal.objects.values_list("received_at", flat=True))
        assert queue(actor, QueueFilter(layer="Z"), NOW).rows == ()
        monkeypatch.setattr(module, "COUNTED", 55)
        assert (queue(actor, QueueFilter(), NOW).total, queue(actor, QueueFilter(), NOW).more) == (55, True)
