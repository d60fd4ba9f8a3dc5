"""The chain: any change, gap, swap or cut shows, and names its place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.database import close_all
from tests.store.signals import filed
from tests.store.world import LATER, World, make_world, plan

from seinpost.packs.procedure.terms import Role
from seinpost.process import commands as c
from seinpost.process.people import Words
from seinpost.store.actions.act import Done, act
from seinpost.store.audit.chain import Head, Link, hash_of, read_line, start_of, verify, write_line
from seinpost.store.audit.stored import stored_heads, stored_links, verify_stored
from seinpost.store.models import EventWords

BODIES = st.lists(st.text(max_size=30), min_size=2, max_size=12)


def chain_of(bodies: list[str], service: str = "politie") -> list[Link]:
    """A chain of these bodies."""
    links: list[Link] = []
    previous = start_of(service)
    for number, body in enumerate(bodies, 1):
        links.append(Link(service, number, body, previous, hash_of(service, number, previous, body)))
        previous = links[-1].hash
    return links


@given(BODIES)
def test_a_whole_chain_holds_and_survives_a_file(bodies: list[str]) -> None:
    links = chain_of(bodies)
    kept = Head("politie", len(links), links[-1].hash)
    assert verify([read_line(write_line(link)) for link in links], [kept]).breaks == ()


@given(BODIES, st.data())
def test_one_changed_event_is_named(bodies: list[str], data: st.DataObject) -> None:
    links = chain_of(bodies)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], body=links[at].body + "!")
    assert [(b.number, b.problem) for b in verify(links).breaks] == [(at + 1, "changed")]


@given(BODIES, st.data())
def test_one_changed_event_with_a_new_hash_shows_at_the_next_or_at_the_head(
    bodies: list[str], data: st.DataObject
) -> None:
    links = chain_of(bodies)
    head = Head("politie", len(links), links[-1].hash)
    at = data.draw(st.integers(0, len(links) - 1))
    forged = replace(links[at], body=links[at].body + "!")
    links[at] = replace(forged, hash=hash_of("politie", at + 1, forged.previous, forged.body))
    expected = (at + 2, "previous") if at + 1 < len(links) else (at + 1, "head")
    assert (expected[0], expected[1]) in [(b.number, b.problem) for b in verify(links, [head]).breaks]


@given(BODIES, st.data())
def test_a_left_out_event_or_a_cut_tail_shows(bodies: list[str], data: st.DataObject) -> None:
    links = chain_of(bodies)
    head = Head("politie", len(links), links[-1].hash)
    del links[data.draw(st.integers(0, len(links) - 1))]
    assert verify(links, [head]).breaks


@pytest.mark.parametrize(
    "line", ["", "[]", "{}", '{"service": "a"}', '{"service":1,"number":1,"body":"","previous":"","hash":""}']
)
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"line of an exported log|texts|signs"):
        read_line(line)


@pytest.fixture
def world(db: str) -> World:
    """Three services with their people."""
    return make_world()


def noted(world: World, signal: UUID, words: str = "Ik heb de werkgever nagetrokken.") -> Done:
    """A note on a signal."""
    note = c.Note(words=Words(words))
    done = act(acting=world.acting(Role.ANALYST), signal=signal, ask=note, now=LATER, plan=plan())
    assert isinstance(done, Done), done
    return done


def test_the_database_chains_each_service_by_itself(world: World) -> None:
    signal = filed("politie")
    filed("nla")
    noted(world, signal)
    links = list(stored_links())
    assert [(link.service, link.number) for link in links] == [("nla", 1), ("politie", 1), ("politie", 2)]
    verdict = verify_stored()
    assert (verdict.checked, verdict.breaks) == (3, ())
    assert verdict.heads == stored_heads()


def test_a_transaction_that_is_rolled_back_leaves_no_gap(world: World, raw: Any) -> None:
    signal = filed("politie")
    statement = (
        "INSERT INTO store_caseevent (service, number, signal, kind, at, by, body, previous, hash)"
        " VALUES ('politie', 99, NULL, 'x', now(), 'x', '{}', '', '') RETURNING number"
    )
    with raw("politie") as connection:
        assert connection.execute(statement).fetchone() == (2,)  # whatever number was asked for
        connection.rollback()
    noted(world, signal)
    assert verify_stored().breaks == ()


def test_what_only_a_superuser_can_do_shows(world: World, instance: Any, db: str) -> None:
    import psycopg

    signal = filed("politie")
    noted(world, signal)
    kept = stored_heads()
    with psycopg.connect(instance.url(db)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE store_caseevent SET by = 'somebody else' WHERE number = 2")
    assert [(b.number, b.problem) for b in verify_stored().breaks] == [(2, "columns")]
    with psycopg.connect(instance.url(db)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM store_caseevent WHERE number = 2")
        connection.execute("UPDATE store_chainhead SET number = 1, hash = (SELECT hash FROM store_caseevent)")
    assert verify_stored().breaks == ()  # a tail cut together with its head looks whole ...
    assert [b.problem for b in verify_stored(kept).breaks] == ["head"]  # ... but not to whoever kept a head


def test_words_can_be_destroyed_and_the_chain_still_holds(world: World, raw: Any) -> None:
    signal = filed("politie")
    noted(world, signal, "Dit zijn woorden van een mens.")
    assert all("woorden van een mens" not in link.body for link in stored_links())
    assert EventWords.objects.using("owner").filter(text="Dit zijn woorden van een mens.").exists()
    with raw("politie", "seinpost_owner") as connection:
        connection.execute("DELETE FROM store_eventwords")
    assert verify_stored().breaks == ()


def test_many_at_once_make_one_chain_without_gap_or_fork(world: World) -> None:
    signals = [filed("politie") for _ in range(4)]

    def work(signal: UUID) -> None:
        try:
            for _ in range(6):
                noted(world, signal)
        finally:
            close_all()

    with ThreadPoolExecutor(len(signals)) as pool:
        list(pool.map(work, signals))
    verdict = verify_stored()
    assert (verdict.checked, verdict.breaks) == (4 + 24, ())
