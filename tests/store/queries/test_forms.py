"""A right for some forms of exploitation: in lists, in row security, and without leaving anything behind ownerless."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.store.signals import filed
from tests.store.world import LATER, World, make_world, plan

from seinpost.packs.procedure.terms import Purpose, Role, Verb
from seinpost.process import commands as c
from seinpost.process.fold import fold
from seinpost.process.people import Words
from seinpost.process.policy import visible
from seinpost.process.shapes import Holder
from seinpost.store.acting import actor_of, as_system, working_for
from seinpost.store.actions.act import Done, act
from seinpost.store.log import history
from seinpost.store.models import Grant, Signal
from seinpost.store.queries.guarantee import prove_guarantee
from seinpost.store.queries.queue import QueueFilter, queue
from seinpost.store.queries.scope import narrowed
from seinpost.store.queries.search import search

W = Words("Dit is een zin die iets uitlegt.")
EVERY = QueueFilter(lane="")


@pytest.fixture
def world(db: str) -> World:
    """Three services; the analyst of the police has a right for labour exploitation only."""
    made = make_world()
    narrow(made, "ARB")
    return made


def narrow(world: World, *forms: str) -> None:
    with working_for(as_system("politie")):
        Grant.objects.filter(person=world.people["politie", Role.ANALYST]).update(forms=list(forms) or None)


def of_form(world: World, *forms: str, by: Role = Role.WEIGHER) -> UUID:
    """A signal that somebody confirmed as these forms; of nobody in particular afterwards."""
    signal = filed("politie")
    if forms:
        done(world, by, signal, c.Confirm(forms=forms, words=W))
    return signal


def done(world: World, role: Role, signal: UUID, ask: c.Command) -> None:
    outcome = act(acting=world.acting(role), signal=signal, ask=ask, now=LATER, plan=plan())
    assert isinstance(outcome, Done), outcome


def listed(world: World, role: Role = Role.ANALYST) -> set[UUID]:
    acting = world.acting(role)
    with working_for(acting):
        return {row.id for row in queue(actor_of(acting, LATER), EVERY, LATER).rows}


def test_lists_search_and_row_security_show_those_forms_and_what_has_none_yet(world: World, raw: Any) -> None:
    none, labour, both, other = (of_form(world, *forms) for forms in ((), ("ARB",), ("ARB", "SEKS"), ("SEKS",)))
    reached, everything = {none, labour, both}, {none, labour, both, other}
    assert listed(world) == reached
    assert listed(world, Role.COORDINATOR) == everything
    acting = world.acting(Role.ANALYST)
    with working_for(acting):
        found = search(actor_of(acting, LATER), "paspoorten", None, LATER).page
        assert {row.id for row in found.rows} == reached
        assert found.total == len(reached), "a count tells nothing of the rest"
    for person, rows in ((acting.person, reached), (world.acting(Role.WEIGHER).person, everything), ("", everything)):
        with raw("politie", person=person) as connection:
            assert {key for (key,) in connection.execute("SELECT id FROM store_signal")} == rows
            for table in ("textversion", "hit", "contribution"):
                told = connection.execute(f"SELECT DISTINCT signal_id FROM store_{table}")
                assert {key for (key,) in told} == rows, table
            events = connection.execute("SELECT DISTINCT signal FROM store_caseevent WHERE signal IS NOT NULL")
            assert {key for (key,) in events} == rows
    with raw("nla", person=acting.person) as connection:
        assert connection.execute("SELECT count(*) FROM store_signal").fetchone() == (0,)


def test_a_second_right_for_every_form_opens_the_rest_again(world: World, raw: Any) -> None:
    other, person = of_form(world, "SEKS"), world.people["politie", Role.ANALYST]
    assert listed(world) == set()
    with working_for(as_system("politie")):
        Grant.objects.filter(person=world.people["politie", Role.TRAINEE]).update(
            person=person, role=Role.ANALYST.value, purposes=[Purpose.FOLLOW_UP.value]
        )
    assert listed(world) == {other}
    with raw("politie", person=str(person.pk)) as connection:
        assert connection.execute("SELECT count(*) FROM store_signal").fetchone() == (1,)


def test_what_somebody_owns_stays_theirs_when_a_colleague_names_another_form_and_goes_when_given_on(
    world: World, raw: Any
) -> None:
    person, signal = world.people["politie", Role.ANALYST], filed("politie")
    done(
        world,
        Role.COORDINATOR,
        signal,
        c.Assign(to=Holder("politie-team", str(person.pk)), to_service="politie", words=W),
    )
    done(world, Role.COORDINATOR, signal, c.Confirm(forms=("SEKS",), words=W))
    with working_for(as_system("politie"), reach="all"):
        owner = fold(history(signal)).person
    if owner != str(person.pk):  # confirming takes it: given back, as a coordinator does
        back = c.Assign(to=Holder("politie-team", str(person.pk)), to_service="politie", words=W)
        done(world, Role.COORDINATOR, signal, back)
    assert listed(world) == {signal}
    done(world, Role.ANALYST, signal, c.Note(words=W))
    assert prove_guarantee(plan()).orphans == ()
    with raw("politie", person=str(person.pk)) as connection:
        assert connection.execute("SELECT count(*) FROM store_signal").fetchone() == (1,)
    colleague = str(world.people["politie", Role.WEIGHER].pk)
    done(world, Role.COORDINATOR, signal, c.Assign(to=Holder("politie-team", colleague), to_service="politie", words=W))
    assert listed(world) == set()
    assert prove_guarantee(plan()).orphans == ()


def test_the_filter_of_lists_agrees_with_the_policy(world: World) -> None:
    keys = [of_form(world, *forms) for forms in ((), ("ARB",), ("SEKS",), ("CRIM", "ARB"))]
    mine = of_form(world, "SEKS")
    to = Holder("politie-team", str(world.people["politie", Role.ANALYST].pk))
    done(world, Role.COORDINATOR, mine, c.Assign(to=to, to_service="politie", words=W))
    with working_for(as_system("politie"), reach="all"):
        views = [fold(history(key)) for key in (*keys, mine)]
        for role in (Role.ANALYST, Role.WEIGHER, Role.PRIVACY_OFFICER):
            actor = actor_of(world.acting(role), LATER)
            for purpose in (Purpose.FOLLOW_UP, Purpose.OVERSIGHT):
                scope = visible(actor, LATER, purpose, Verb.READ)
                rows = narrowed(Signal.objects.all(), scope, LATER).values_list("pk", flat=True)
                assert {str(key) for key in rows} == {view.id for view in views if scope.admits(view.thing, LATER)}
