"""Spreading work: all is dealt or kept for a reason, evenly, the same every time, and by the rules of assigning."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import CO, NOW, SYSTEM, W, did, person, plan, registration

from seinpost.packs.procedure.terms import Purpose, Role
from seinpost.process import commands as c
from seinpost.process.shapes import SignalView
from seinpost.process.work.dealing import Dealer, Dealt, Hand, Kept, Way, deal

TEAM = tuple(person(name, Role.ANALYST) for name in ("anna", "bart", "cor", "dina"))
DEALER = Dealer(CO, Purpose.FOLLOW_UP, NOW, plan())


def new(signal: str) -> SignalView:
    return did(None, registration(signal), SYSTEM, NOW)


def hands(*loads: int) -> list[Hand]:
    return [Hand(actor, load) for actor, load in zip(TEAM, loads, strict=False)]


def given_to(found: tuple[Dealt, ...]) -> list[str | None]:
    return [one.to.person if one.to is not None else None for one in found]


@given(
    count=st.integers(0, 30),
    loads=st.lists(st.integers(0, 12), min_size=1, max_size=4),
    way=st.sampled_from(Way),
)
def test_all_is_dealt_evenly_and_the_same_every_time(count: int, loads: list[int], way: Way) -> None:
    views, team = [new(f"s{n}") for n in range(count)], hands(*loads)
    found = deal(views, team, way, DEALER)
    assert [one.signal for one in found] == [view.id for view in views], "each once, in the order of reading"
    assert found == deal(views, team, way, DEALER)
    got = Counter(given_to(found))
    assert None not in got
    names = [hand.actor.id for hand in team]
    if way is Way.IN_TURN:
        assert given_to(found) == [names[n % len(names)] for n in range(count)]
        return
    after = {hand.actor.id: hand.load + got[hand.actor.id] for hand in team}
    for name in filter(None, got):
        assert after[name] <= min(after.values()) + 1, "whoever got one had the fewest"


def test_what_has_an_owner_who_can_go_on_is_kept_and_what_is_stuck_is_given() -> None:
    owned = did(new("s1"), c.Take(), TEAM[0], NOW)
    [kept] = deal([owned], hands(0, 0), Way.IN_TURN, DEALER)
    assert (kept.to, kept.kept) == (None, Kept.OWNED)
    [given_] = deal([owned], hands(0, 0)[1:], Way.IN_TURN, replace(DEALER, stuck=frozenset(("anna",))))
    assert given_to((given_,)) == ["bart"]


def test_nobody_gets_what_they_doubted_about_and_the_turn_is_not_lost() -> None:
    doubted = did(did(new("s1"), c.Take(), TEAM[0], NOW), c.Unsure(words=W), TEAM[0], NOW)
    found = deal([doubted, new("s2"), new("s3")], hands(0, 0), Way.IN_TURN, DEALER)
    assert given_to(found) == ["bart", "anna", "bart"]
    [alone] = deal([doubted], hands(0), Way.IN_TURN, DEALER)
    assert (alone.to, alone.kept) == (None, Kept.DOUBTED)


def test_only_people_of_its_unit_who_may_take_it_up() -> None:
    elsewhere = person("eva", Role.ANALYST, unit="noord")
    auditor = person("aud", Role.AUDITOR)
    [kept] = deal([new("s1")], [Hand(elsewhere), Hand(auditor)], Way.BY_LOAD, DEALER)
    assert (kept.to, kept.kept) == (None, Kept.NOBODY_THERE)
    named = frozenset(("co", "bart"))
    secret = did(new("s2"), c.Restrict(people=named, supervisor="co", words=W), CO, NOW)
    assert given_to(deal([secret], hands(0, 9), Way.BY_LOAD, DEALER)) == ["bart"], "anna may not know of it"


def test_what_the_process_or_the_policy_refuses_is_told_with_its_reasons() -> None:
    analyst = replace(DEALER, actor=TEAM[3])
    [kept] = deal([new("s1")], hands(0), Way.IN_TURN, analyst)
    assert (kept.to, kept.kept) == (None, Kept.REFUSED)
    assert kept.reasons
    dismissed = did(new("s2"), c.Dismiss(reason="explained", words=W), CO, NOW)
    [rests] = deal([dismissed], hands(0), Way.IN_TURN, DEALER)
    assert (rests.kept, [one.code for one in rests.reasons]) == (Kept.REFUSED, ["not-in-this-phase"])
