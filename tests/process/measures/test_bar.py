"""What counts for the bar, under whom, and which teams differ: by stories, and by the test's own symmetries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import (
    ANA,
    CO,
    NOW,
    SYSTEM,
    WIL,
    WIM,
    W,
    after,
    answers,
    do,
    look_ups,
    registration,
    weighing,
)  # fmt: skip

from seinpost.packs.procedure.terms import Outcome
from seinpost.process import commands as c
from seinpost.process.events import Event
from seinpost.process.measures.bar import differing, weighed_rows
from seinpost.process.measures.drift import WeighedRow
from seinpost.process.people import Actor
from seinpost.process.shapes import Holder, Refused


class Told:
    """A history that grows."""

    def __init__(self, *forms: str) -> None:
        self.events: list[Event] = []
        self.do(registration(), SYSTEM).do(c.Confirm(forms=forms), ANA)

    def do(self, command: c.Command, actor: Actor) -> Told:
        view = after(None, self.events) if self.events else None
        result = do(view, command, actor, NOW)
        assert not isinstance(result, Refused), (command, result)
        self.events += result
        return self

    def enriched(self) -> Told:
        for command in look_ups(after(None, self.events), NOW):
            self.do(command, ANA)
        return self

    def weighed(self, outcome: Outcome) -> Told:
        return self.enriched().do(c.Submit(), ANA).do(weighing(outcome), WIM)

    def rows(self) -> list[tuple[str, str, bool]]:
        return [(row.unit, row.form, row.followed_up) for row in weighed_rows(self.events, "politie")]


def test_each_answer_counts_once_under_the_unit_and_the_forms_of_that_moment() -> None:
    told = Told("ARB").weighed(Outcome.TALK_FIRST)
    assert told.rows() == [("avim", "ARB", True)]
    told.do(c.Assign(to=Holder("avim-noord"), to_service="politie"), CO)
    assert told.rows() == [("avim", "ARB", True)], "passing on moves no weighing"
    assert Told("ARB", "CRIM").weighed(Outcome.NO_FOLLOW_UP).rows() == [("avim", "several", False)]
    assert Told().weighed(Outcome.MORE_ENRICHMENT).rows() == [], "no answer yet"
    assert Told().weighed(Outcome.TALK_FIRST).do(c.Undo(), WIM).rows() == []


def test_closing_without_a_weighing_counts_as_not_followed_up_and_after_one_counts_nothing_more() -> None:
    close = c.Close(closing=answers())
    assert Told().enriched().do(close, WIM).rows() == [], "only proposed"
    told = Told().enriched().do(close, WIM).do(c.Agree(words=W), WIL)
    assert told.rows() == [("avim", "", False)]
    done = Told().weighed(Outcome.ADMINISTRATIVE).do(close, WIM).do(c.Agree(words=W), WIL)
    assert done.rows() == [("avim", "", True)], "what was followed up and is ready was followed up"
    twice = Told().weighed(Outcome.NO_FOLLOW_UP).do(c.Agree(words=W), WIL)
    assert twice.rows() == [("avim", "", False)]
    again = twice.do(c.Reopen(ground="new-information", words=W), ANA).do(close, WIM).do(c.Agree(words=W), WIL)
    assert again.rows() == [("avim", "", False)] * 2


def many(unit: str, form: str, followed: int, weighed: int) -> list[WeighedRow]:
    """So many weighings of a team."""
    return [WeighedRow("politie", unit, form, date(2026, 11, 1), n < followed) for n in range(weighed)]


def test_a_team_with_another_bar_is_found_and_one_with_other_work_is_not() -> None:
    same = many("a", "ARB", 80, 100) + many("a", "CRIM", 5, 25) + many("b", "ARB", 20, 25) + many("b", "CRIM", 20, 100)
    assert differing(same) == (), "shares of 68 and 32 %, but alike form by form"
    other = many("a", "ARB", 80, 100) + many("b", "ARB", 50, 100)
    assert [(one.unit, one.followed_up, one.expected) for one in differing(other)] == [("a", 80, 65), ("b", 50, 65)]
    assert differing(many("a", "ARB", 80, 100)) == ()
    assert differing(many("a", "ARB", 29, 29) + many("b", "ARB", 0, 29)) == (), "too few to tell"


def test_the_chance_agrees_with_shuffling_who_followed_up_within_each_form() -> None:
    """The formula against what it stands for: 4,000 shuffles (seed 1), standard error of a chance of 0.2: 0.006."""
    rows = many("a", "ARB", 40, 60) + many("b", "ARB", 34, 60) + many("a", "CRIM", 12, 40) + many("b", "CRIM", 24, 80)
    found = next(one for one in differing(rows, false_rate=3.0) if one.unit == "a")
    distance, random, further = abs(found.followed_up - found.expected), Random(1), 0
    forms = {form: [row.followed_up for row in rows if row.form == form] for form in ("ARB", "CRIM")}
    for _ in range(4000):
        for answers_ in forms.values():
            random.shuffle(answers_)
        done = sum(forms["ARB"][:60]) + sum(forms["CRIM"][:40])
        further += abs(done - found.expected) >= distance - 1e-9
    assert found.p == pytest.approx(further / 4000, abs=0.03)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()), min_size=60, max_size=200))
def test_following_up_and_not_are_judged_alike(answers_: list[tuple[str, str, bool]]) -> None:
    rows = [WeighedRow("politie", unit, form, date(2026, 11, 1), yes) for unit, form, yes in answers_]
    turned = [replace(row, followed_up=not row.followed_up) for row in rows]
    one, other = differing(rows, false_rate=3.0), differing(turned, false_rate=3.0)
    assert [found.unit for found in one] == [found.unit for found in other]
    for left, right in zip(one, other, strict=True):
        assert left.p == pytest.approx(right.p)
        assert left.weighed - left.followed_up == right.followed_up
