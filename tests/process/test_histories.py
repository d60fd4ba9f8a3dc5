"""The guarantee over random histories: whatever people do, no signal disappears."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.process.walk import House, forward, spoil, step
from tests.process.world import EVERYBODY, MAKERS, plan, registration

from seinpost.packs.procedure.terms import ABOUT_VICTIMS, LATER, Phase, Refusal, Verb
from seinpost.process import commands as c
from seinpost.process.events import FACTS
from seinpost.process.fold import fold
from seinpost.process.guarantee import prove
from seinpost.process.people import Actor
from seinpost.process.shapes import Refused

FIRST_HALF = frozenset(Phase) - {Phase.TALK, Phase.COMPLAINT, Phase.INVESTIGATION, Phase.TRANSFERRED}


def walk(seeds: range, steps: int) -> tuple[Counter[str], Counter[str], Counter[Phase]]:
    """Many histories, each from its own seed, checked after every step; what came about in all of them."""
    facts: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    phases: Counter[Phase] = Counter()
    for seed in seeds:
        house, random = House(), Random(seed)
        for _ in range(steps):
            step(house, random)
        for name, events in house.history.items():
            assert fold(events) == house.views[name]
        facts += house.facts
        codes += house.codes
        phases += house.phases
    return facts, codes, phases


@pytest.fixture(scope="module")
def walked() -> tuple[Counter[str], Counter[str], Counter[Phase]]:
    return walk(range(2000), 45)


def test_no_signal_disappears_in_two_thousand_histories(
    walked: tuple[Counter[str], Counter[str], Counter[Phase]],
) -> None:
    # The checks stand in House.check; this one keeps the walk from proving nothing: it must get everywhere.
    facts, _, phases = walked
    assert set(facts) == set(FACTS)
    assert set(phases) == FIRST_HALF
    assert min(facts.values()) >= 10, facts.most_common()[-5:]


def test_the_walk_meets_nearly_every_refusal(walked: tuple[Counter[str], Counter[str], Counter[Phase]]) -> None:
    """Those it cannot meet have stories or cases of their own: other services, tasks, compartments ..."""
    _, codes, _ = walked
    elsewhere = {
        Refusal.OTHER_SERVICE,
        Refusal.OTHER_UNIT,
        Refusal.OTHER_TASK,
        Refusal.COMPARTMENT,
        Refusal.NOT_TRAINED,
        Refusal.PRACTICE_ONLY,
        Refusal.ONLY_FOR_SYSTEM,
        Refusal.WRONG_PURPOSE,
        Refusal.UNKNOWN_SIGNAL,
        Refusal.CHANGED_SINCE,  # the store says it, of what was picked from a list
        Refusal.TIME_BEFORE_LAST_EVENT,
        Refusal.ASSIGNEE_INACTIVE,
        Refusal.DATE_TOO_FAR,
        Refusal.ESCALATED_TO_THE_TOP,
        Refusal.POSTPONED_ENOUGH,
        Refusal.OTHER_SIGNAL_NEEDED,
        Refusal.LEADS_MISSING,
        Refusal.COMPETENCE_MISSING,  # tests/process/enrich/test_looking.py
        Refusal.SYSTEM_MISSING,
        Refusal.LOOK_UP_WHY,
        Refusal.ATTACHMENT_EMPTY,  # tests/process/test_attaching.py
        Refusal.ATTACHMENT_TOO_LARGE,
        Refusal.ATTACHMENTS_ENOUGH,
        Refusal.ATTACHED_ALREADY,
        Refusal.OTHER_FORM,  # tests/process/test_policy.py
        Refusal.NEEDS_SECOND,  # of a right, not of a signal
        Refusal.ASKER_LEFT,
        Refusal.ASKED_CHANGED,
    }
    assert {refusal.value for refusal in frozenset(Refusal) - elsewhere - ABOUT_VICTIMS} - set(codes) == set()


class Histories(RuleBasedStateMachine):
    """The same, steered by hypothesis, which looks for the shortest history that breaks something."""

    @initialize(filed=st.booleans())
    def begin(self, filed: bool) -> None:
        self.house = House()
        self.house.give("s1", registration("s1", filed=filed), EVERYBODY[0] if filed else EVERYBODY[-1])
        self.house.give("s2", registration("s2"), EVERYBODY[-1])

    @rule(
        name=st.sampled_from(("s1", "s2")),
        actor=st.sampled_from(EVERYBODY),
        pick=st.integers(0, 10_000),
        minutes=st.integers(0, 20_000),
        badly=st.booleans(),
    )
    def try_something(self, name: str, actor: Actor, pick: int, minutes: int, badly: bool) -> None:
        random = Random(pick)
        self.house.now += timedelta(minutes=minutes)
        view, other = self.house.views[name], self.house.views["s2" if name == "s1" else "s1"]
        command = random.choice(MAKERS)[1](view, self.house.now, other)
        self.house.give(name, spoil(command, random) if badly else command, actor)

    @rule(name=st.sampled_from(("s1", "s2")), actor=st.sampled_from(EVERYBODY), pick=st.integers(0, 100))
    def go_on(self, name: str, actor: Actor, pick: int) -> None:
        self.house.give(name, Random(pick).choice(forward(self.house.views[name], self.house.now)), actor)

    @rule(name=st.sampled_from(("s1", "s2")))
    def take_back(self, name: str) -> None:
        """Undo, by a coordinator, restores exactly the standing that the last decision found."""
        view, other = self.house.views[name], self.house.views["s2" if name == "s1" else "s1"]
        coordinator = next(found for found in EVERYBODY if found.id == "co")
        result = self.house.give(name, c.Undo(other=other), coordinator)
        if not isinstance(result, Refused):
            decision = next(found for found in reversed(view.decisions) if not found.undone)
            assert self.house.views[name].standing == decision.before
            assert view.moved == decision.number

    @invariant()
    def nothing_is_lost(self) -> None:
        assert prove(self.house.views.values(), plan()).orphans == ()


Histories.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestHistories = Histories.TestCase


def test_registering_is_the_only_beginning() -> None:
    house = House()
    house.give("s1", registration("s1"), EVERYBODY[-1])
    view = house.views["s1"]
    for verb, make in MAKERS:
        if verb not in LATER | {Verb.REGISTER, Verb.FILE}:
            result = house.give("nowhere", make(view, house.now, view), EVERYBODY[0])
            assert isinstance(result, Refused)
            assert result.codes == ("unknown-signal",)
