"""Looking things up: the system that was consulted, other look-ups, how far a step is, and who is to go on with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import ANA, NOW, WIM, W, confirmed, did, kind, plan, refused, weighing

from seinpost.packs.procedure.terms import ListName, Outcome, Phase, Profile
from seinpost.process import commands as c
from seinpost.process.deadlines import local_day
from seinpost.process.people import Words
from seinpost.process.shapes import SignalView, Urgency
from seinpost.process.verbs.case import step_state, steps_of, steps_open

MINIMUM = {  # domain: minimum enrichment; per profile the steps that ask it
    "identity and age": ("pol-identity", "nla-identity", "kmar-identity"),
    "earlier registrations of persons": ("pol-history", "nla-objects", "kmar-history"),
    "earlier registrations of vehicle and phone": ("pol-objects", "nla-objects", "kmar-history"),
    "employer, company register": ("pol-employer", "nla-register", "kmar-destination"),
    "housing": ("pol-housing", "nla-housing", "kmar-destination"),
    "residence status": ("pol-residence", "nla-residence", "kmar-residence"),
    "Dublin": ("pol-dublin", "nla-dublin", "kmar-dublin"),
    "earlier complaints": ("pol-history", "nla-complaints", "kmar-destination"),
    "other services": ("pol-services", "nla-complaints", "kmar-history"),
    "safety": ("pol-safety", "nla-safety", "kmar-safety"),
    "a minor": ("pol-minor", "nla-minor", "kmar-minor"),
    "contact with the victim": ("pol-victim", "nla-victim", "kmar-victim"),
}
LOOK = c.RecordLookUp(step="pol-objects", system="RDW", result="found", words=W, grade="official")


def kmar(**change: object) -> SignalView:
    return replace(confirmed(), profile=Profile.KMAR, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("theme", MINIMUM)
def test_every_service_asks_the_whole_minimum(theme: str) -> None:
    for profile, code in zip((Profile.POLITIE, Profile.NLA, Profile.KMAR), MINIMUM[theme], strict=True):
        [step] = [one for one in plan().steps[profile] if one.code == code]
        assert step.ground
        assert step.systems


def test_the_system_that_was_consulted_is_kept_not_the_list_of_the_step() -> None:
    assert did(confirmed(), LOOK, ANA, NOW).look_ups[-1].system == "RDW"
    assert (
        did(confirmed(), replace(LOOK, system="een ander register"), ANA, NOW).look_ups[-1].system
        == "een ander register"
    )
    assert refused(confirmed(), replace(LOOK, system=" "), ANA, NOW) == ("system-missing",)
    only = replace(LOOK, step="pol-dublin", system="")
    assert did(confirmed(), only, ANA, NOW).look_ups[-1].system == "IND"


def test_another_look_up_has_its_own_purpose_and_ground_and_closes_no_step() -> None:
    other = replace(LOOK, step="other", system="Kadaster")
    assert refused(confirmed(), other, ANA, NOW) == ("look-up-why",)
    view = did(confirmed(), replace(other, purpose="eigenaar van de woning", ground="openbaar register"), ANA, NOW)
    found = view.look_ups[-1]
    assert (found.system, found.purpose, found.ground) == ("Kadaster", "eigenaar van de woning", "openbaar register")
    assert steps_open(view, plan(), NOW) == steps_open(confirmed(), plan(), NOW)
    assert refused(confirmed(), replace(LOOK, step="nonsense"), ANA, NOW) == ("unknown-code",)


@given(st.lists(st.sampled_from(("found", "unavailable", "short", "waive")), max_size=5), st.integers(0, 40))
def test_a_step_is_open_for_the_gate_if_and_only_if_the_page_says_so(history: list[str], days: int) -> None:
    view = confirmed()
    for one in history:
        command: c.Command = c.Waive(step="pol-objects", words=W)
        if one != "waive":
            result = "unavailable" if one == "unavailable" else "found"
            command = replace(LOOK, result=result, expires=NOW.date() if one == "short" else None)
        view = did(view, command, ANA, NOW)
    now = NOW + timedelta(days=days)
    [step] = [one for one in steps_of(view, plan()) if one.code == "pol-objects"]
    state, _said = step_state(view, step, local_day(now))
    assert (step in steps_open(view, plan(), now)) == (state not in ("done", "waived"))
    if "waive" in history:
        assert state in ("done", "waived"), "no earlier or later failure hides a waiver"
    assert (state == "open") == (not history)


def test_a_look_up_counts_to_the_end_of_its_last_local_day() -> None:
    view = did(confirmed(), replace(LOOK, expires=date(2026, 12, 4)), ANA, NOW)
    [step] = [one for one in steps_of(view, plan()) if one.code == "pol-objects"]
    last = datetime(2026, 12, 4, 22, 59, tzinfo=UTC)  # 23:59 in the Netherlands
    assert step not in steps_open(view, plan(), last)
    assert step in steps_open(view, plan(), last + timedelta(minutes=1))


def test_who_goes_on_with_it_is_a_result_of_its_own_and_handing_over_asks_it() -> None:
    own = replace(LOOK, step="kmar-competence", system="eigen oordeel", result="found")
    assert refused(kmar(), own, ANA, NOW) == ("unknown-code",)
    for result in plan().lists[ListName.COMPETENCE]:
        assert did(kmar(), replace(own, result=result), ANA, NOW).look_ups[-1].result == result
    view = kmar()
    for step in steps_open(view, plan(), NOW):
        ask: c.Command = c.Waive(step=step.code, words=W)
        view = did(view, ask, ANA, NOW)
    view = did(view, c.Submit(), ANA, NOW)
    over = weighing(Outcome.HAND_OVER, Profile.KMAR)
    assert refused(view, over, WIM, NOW) == ("competence-missing",)
    view = did(view, replace(own, result="hand-over-police"), ANA, NOW)
    assert kind(did(view, over, WIM, NOW)) == "hand-over"


def test_an_urgent_signal_of_the_marechaussee_is_recorded_afterwards() -> None:
    urgent = replace(kmar(), urgency=Urgency(minor=True))
    view = did(urgent, c.Submit(), ANA, NOW)
    weighed = did(view, weighing(Outcome.HAND_OVER, Profile.KMAR), WIM, NOW)
    assert weighed.phase is Phase.WEIGHED
    [todo] = weighed.open_todos
    assert (todo.kind, todo.by.person, local_day(todo.due - timedelta(hours=1))) == (
        "record-steps",
        "wim",
        date(2026, 12, 1),
    )
    assert "tasks-open" in refused(weighed, c.Join(target=confirmed("s2")), ANA, NOW)
    again = did(weighed, c.Reopen(ground="new-information", words=W), ANA, NOW)
    assert len(did(again, weighing(Outcome.TALK_FIRST, Profile.KMAR), WIM, NOW).open_todos) == 1, "asked once"
    police = did(
        did(replace(confirmed(), urgency=Urgency(minor=True)), c.Submit(), ANA, NOW),
        weighing(Outcome.TALK_FIRST),
        WIM,
        NOW,
    )
    assert police.open_todos == ()
    assert Words("") == todo.words
