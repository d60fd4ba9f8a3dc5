"""What is found and what the lists show is what the policy admits; the guarantee names a broken row."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connections
from tests.store.signals import filed, received
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
from seinpost.store.queries.scope import narrowed
from seinpost.store.queries.search import search

W = Words("Dit is een zin die iets uitlegt.")


@pytest.fixture
def world(db: str) -> World:
    """Three services with their people."""
    return make_world()


def found(world: World, asked: str) -> list[UUID]:
    """What an analyst of the police finds."""
    acting = world.acting(Role.ANALYST)
    with working_for(acting):
        return [row.id for row in search(actor_of(acting, LATER), asked, None, LATER).page.rows]


def test_search_finds_dutch_words_in_any_form_and_nothing_of_another_service(world: World) -> None:
    one = filed("politie", received("R1", "De meisjes werkten in een nagelstudio."))
    filed("politie", received("R2", "Gestolen fiets."))
    filed("nla", received("R3", "Een meisje werkt in een nagelstudio."))
    for text in ("meisje", "nagelstudio", "nagel", "werken", "R1"):
        assert found(world, text) == [one], text


HARD = ["'", '"', "a & | !", "\0", "((", "%", "\\", "x" * 5000, "<->", "x'yyyyy'z", "o'brien's", "http://a.b/'cccc'"]


@pytest.mark.parametrize("text", [*HARD, "-", '"aaaa bbbb" -cccc or', "\ud800"])
def test_no_search_text_makes_it_fall_over(world: World, text: str) -> None:
    assert found(world, text) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_the_filter_of_lists_agrees_with_the_policy_on_every_signal(world: World, role: Role) -> None:
    plain, closed_off = filed("politie"), filed("politie")
    coordinator = world.people["politie", Role.COORDINATOR]
    weigher = world.people["politie", Role.WEIGHER]
    restrict = c.Restrict(
        people=frozenset((str(weigher.pk), str(coordinator.pk))), supervisor=str(coordinator.pk), words=W
    )
    acting = world.acting(Role.WEIGHER)
    assert isinstance(act(acting=acting, signal=closed_off, ask=restrict, now=LATER, plan=plan()), Done)
    glass = c.BreakGlass(words=W)
    detective = world.acting(Role.DETECTIVE)
    assert isinstance(
        act(acting=detective, signal=closed_off, ask=glass, now=LATER, plan=plan(), purpose=Purpose.EMERGENCY), Done
    )
    asking = c.AskAuthor(id="q1", to=holder(world, role), questions=("where",), words=W)
    act(acting=acting, signal=plain, ask=asking, now=LATER, plan=plan())
    moments = (LATER + timedelta(minutes=1), LATER + timedelta(hours=2))
    with working_for(as_system("politie"), reach="all"):
        Grant.objects.filter(role=Role.ANALYST.value).update(units=["elsewhere"])
        views = [fold(history(signal)) for signal in (plain, closed_off)]
        for now in moments:
            actor = actor_of(world.acting(role), now)
            for purpose in Purpose:
                for verb in (Verb.READ, Verb.SEARCH, Verb.EXPORT, Verb.COUNT, Verb.READ_SOURCE, Verb.ANSWER):
                    scope = visible(actor, now, purpose, verb)
                    expected = {view.id for view in views if scope.admits(view.thing, now)}
                    rows = narrowed(Signal.objects.all(), scope, now).values_list("pk", flat=True)
                    assert {str(key) for key in rows} == expected, (role, purpose, verb)


def holder(world: World, role: Role) -> Holder:
    """Somebody of this role, to be asked."""
    return Holder("politie-team", str(world.people["politie", role].pk))


def test_the_guarantee_holds_and_a_broken_row_is_named(world: World) -> None:
    signal = filed("politie")
    filed("nla")
    proof = prove_guarantee(plan())
    assert (proof.checked, proof.orphans) == (2, ())
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE store_signal SET due = due + interval '1 year', very_late = very_late + interval '1 year'"
        )
    proof = prove_guarantee(plan())
    assert {orphan.signal for orphan in proof.orphans} >= {str(signal)}
    with pytest.raises(IntegrityError), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE store_signal SET next_kind = ''")
