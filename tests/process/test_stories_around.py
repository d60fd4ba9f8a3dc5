"""Named stories about what surrounds a signal: who may see it, questions, corrections, steps, the other services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.process.world import (
    ABE,
    ANA,
    CO,
    NOW,
    PRIVA,
    SYSTEM,
    WIL,
    WIM,
    W,
    closed,
    confirmed,
    did,
    due,
    enriched,
    grant,
    kind,
    look_ups,
    person,
    plan,
    refused,
    registration,
    signal,
    weighing,
)

from seinpost.packs.procedure.terms import ListName, Outcome, Phase, Profile, Purpose, Role, Task
from seinpost.process import commands as c
from seinpost.process.deadlines import local_day
from seinpost.process.decide import decide
from seinpost.process.people import Actor, Words
from seinpost.process.shapes import Holder, Refused, SignalView, Urgency
from seinpost.process.verbs.case import steps_open


def test_a_restricted_signal_is_seen_by_the_named_only_and_escalates_to_its_supervisor() -> None:
    view = did(signal(), c.Take(), ANA, NOW)
    everyone = frozenset(("ana", "co", "wim"))
    assert refused(view, c.Restrict(people=frozenset(("wim", "co")), supervisor="co", words=W), WIM, NOW) == (
        "nobody-named",
    )
    view = did(view, c.Restrict(people=everyone, supervisor="co", words=W), WIM, NOW)
    assert refused(view, c.Note(words=W), ABE, NOW) == ("need-to-know",)
    assert "not-in-need-to-know" in refused(
        view, c.Assign(to=Holder("avim", "abe"), to_service="politie", to_active=True), CO, NOW
    )
    up = did(view, c.Escalate(words=W), ANA, NOW)
    assert up.standing.next_action is not None
    assert up.standing.next_action.by == Holder("avim", "co")


def test_emergency_access_is_reviewed_by_a_privacy_officer() -> None:
    view = did(signal(), c.BreakGlass(words=W), ABE, NOW)
    (glass,) = view.glass
    assert glass.until == NOW + timedelta(minutes=60)
    review = c.ReviewGlass(person="abe", since=NOW, justified=True, words=W)
    assert refused(view, review, CO, NOW) == ("no-grant",)
    view = did(view, review, PRIVA, NOW)
    assert view.glass[0].reviewed
    assert refused(view, review, PRIVA, NOW) == ("unknown-glass",)


def test_a_question_goes_to_the_author_and_only_the_author_answers() -> None:
    view = did(signal(), c.AskAuthor(id="q1", to=Holder("wijk", "jan"), questions=("when",)), ANA, NOW)
    assert refused(view, c.Dismiss(reason="explained"), ANA, NOW) == ("tasks-open",)
    answer = c.Answer(id="q1", words=W, answered=("when",))
    assert refused(view, answer, ABE, NOW) == ("not-asked",)
    jan = person("jan", Role.DETECTIVE, unit="wijk", trained=False)
    view = did(view, answer, jan, NOW)
    assert view.missing == ()
    assert view.open_todos == ()


def test_who_was_asked_one_thing_does_not_answer_another() -> None:
    view = did(signal(), c.AskAuthor(id="q1", to=Holder("avim", "ana"), questions=("when",)), ABE, NOW)
    view = did(view, c.AskAuthor(id="q2", to=Holder("avim", "abe"), questions=("where",)), ANA, NOW)
    assert refused(view, c.Answer(id="q2", words=W), ANA, NOW) == ("not-asked",)


def test_a_question_about_a_restricted_signal_is_put_to_and_answered_by_who_may_know_of_it() -> None:
    view = did(signal(), c.AskAuthor(id="q1", to=Holder("avim", "ana"), questions=("when",)), ABE, NOW)
    view = did(view, c.Restrict(people=frozenset(("co", "abe")), supervisor="co", words=W), CO, NOW)
    assert refused(view, c.Answer(id="q1", words=W), ANA, NOW) == ("need-to-know",)
    outside = c.AskAuthor(id="q2", to=Holder("avim", "ana"), questions=("when",))
    assert refused(view, outside, ABE, NOW) == ("not-in-need-to-know",)
    view = did(view, c.AskAuthor(id="q3", to=Holder("avim", "co"), questions=("when",)), ABE, NOW)
    assert [todo.id for todo in did(view, c.Answer(id="q3", words=W), CO, NOW).open_todos] == ["q1"]


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.ADMINISTRATOR, Purpose.MANAGEMENT),
        (Role.AUDITOR, Purpose.OVERSIGHT),
        (Role.PRIVACY_OFFICER, Purpose.OVERSIGHT),
        (Role.TRAINEE, Purpose.TRAINING),
    ],
)
def test_whoever_is_asked_answers_for_a_purpose_of_their_own(role: Role, purpose: Purpose) -> None:
    view = did(signal(), c.AskAuthor(id="q1", to=Holder("wijk", "jan"), questions=("when",)), ANA, NOW)
    jan = Actor("jan", "politie", "wijk", (replace(grant(role), purposes=frozenset((purpose,))),))
    answer = c.Answer(id="q1", words=W, answered=("when",))
    assert not isinstance(decide(view, answer, jan, NOW, plan(), purpose=purpose), Refused)
    for other in set(Purpose) - {purpose}:
        assert isinstance(decide(view, answer, jan, NOW, plan(), purpose=other), Refused)


def test_a_minor_in_other_words_puts_the_signal_before_everything_whatever_its_phase() -> None:
    minor = Urgency(minor=True)
    for before in (signal(), closed()):
        for changes in (True, False):
            told = c.Correct(digest="d2", words=W, changes_meaning=changes, urgency=minor)
            after = did(before, told, SYSTEM, NOW)
            assert after.urgency.minor == after.is_open
            if after.is_open:
                calm = did(before, c.Correct(digest="d2", words=W, changes_meaning=changes), SYSTEM, NOW)
                assert not calm.urgency.any
                action, later = after.standing.next_action, calm.standing.next_action
                assert action is not None
                assert later is not None
                assert action.due < later.due
                assert did(after, c.Correct(digest="d3", words=W, changes_meaning=False), SYSTEM, NOW).urgency.minor


def test_a_correction_is_appended_and_wakes_what_rested_if_it_changes_the_meaning() -> None:
    view = closed()
    same = did(view, c.Correct(digest="d2", words=W, changes_meaning=False), ANA, NOW)
    assert (same.phase, same.versions) == (Phase.CLOSED, 2)
    other = did(same, c.Correct(digest="d3", words=W, changes_meaning=True), SYSTEM, NOW)
    assert (other.phase, other.versions, kind(other)) == (Phase.ENRICHMENT, 3, "enrich")


def test_reopening_is_open_to_everybody_who_follows_up() -> None:
    view = did(closed(), c.Reopen(ground="new-information", words=W), ABE, NOW)
    assert (view.phase, kind(view), view.reopened) == (Phase.ENRICHMENT, "enrich", 1)
    assert view.standing.closing is None
    sampled = did(signal(), c.Dismiss(reason="explained"), ANA, NOW)
    sampled = did(sampled, c.Reopen(ground="control-sample", words=W), SYSTEM, NOW)
    assert (sampled.phase, kind(sampled)) == (Phase.REGISTERED, "second-look")


def test_a_step_that_ran_out_must_be_done_again() -> None:
    view = enriched(confirmed())
    later = NOW + timedelta(days=40)
    assert refused(view, c.Submit(), ANA, later) == ("enrichment-incomplete",)


def test_a_step_can_be_reasoned_away_with_a_sentence_only() -> None:
    view = confirmed()
    assert refused(view, c.Waive(step="pol-history", words=Words("nvt")), ANA, NOW) == ("sentence-missing",)
    view = did(view, c.Waive(step="pol-history", words=W), ANA, NOW)
    assert view.waivers[0].by == "ana"


def test_a_step_that_could_not_be_looked_at_is_not_done() -> None:
    view = confirmed()
    (first, *_) = steps_open(view, plan(), NOW)
    away = c.RecordLookUp(step=first.code, system="BRP", result="unavailable", words=W, grade="official")
    assert first in steps_open(did(view, away, ANA, NOW), plan(), NOW)
    assert first not in steps_open(did(view, replace(away, result="nothing"), ANA, NOW), plan(), NOW)


def test_steps_follow_the_form_and_a_minor_and_what_is_unknown_asks_for_all() -> None:
    def codes(view: SignalView) -> set[str]:
        return {step.code for step in steps_open(view, plan(), NOW)}

    assert "pol-other-offence" in codes(confirmed())
    assert "pol-other-offence" not in codes(confirmed(forms=("SEKS",)))
    assert "pol-other-offence" in codes(confirmed(forms=("SEKS", "CRIM")))
    assert "pol-minor" not in codes(confirmed())
    assert "pol-minor" in codes(confirmed(urgency=Urgency(minor=True)))


def test_nobody_plans_danger_further_away() -> None:
    view = confirmed(urgency=Urgency(risk_to_life=True))
    later = c.Plan(kind="plan-talk", due=local_day(NOW) + timedelta(days=20), words=W)
    assert due(did(view, later, ANA, NOW)) == "2026-11-30 14:00"
    assert due(did(confirmed(), later, ANA, NOW)) == "2026-12-21 00:00"


@pytest.mark.parametrize(("profile", "task"), [(Profile.NLA, Task.INVESTIGATION), (Profile.KMAR, Task.ALIENS)])
def test_the_other_services_follow_the_same_road_with_their_own_steps(profile: Profile, task: Task) -> None:
    """Enrichment by their profile, criteria by their profile; a person of the police sees nothing of it."""

    def here(person_: Actor) -> Actor:
        grants = tuple(replace(found, task=task) for found in person_.grants)
        return replace(person_, service=profile.value, grants=grants)

    ana, wim, wil, system = here(ANA), here(WIM), here(WIL), here(SYSTEM)
    register = registration(service=profile.value, profile=profile, task=task)
    view = did(did(None, register, system, NOW), c.Confirm(words=W), ana, NOW)
    assert refused(view, c.Note(words=W), ANA, NOW) == ("other-service",)
    assert {step.code.split("-")[0] for step in steps_open(view, plan(), NOW)} == {profile.value}
    for command in look_ups(view, NOW):
        view = did(view, command, ana, NOW)
    view = did(view, c.Submit(), ana, NOW)
    assert refused(view, weighing(Outcome.NO_FOLLOW_UP), wim, NOW)[0] == "criteria-missing"
    view = did(view, weighing(Outcome.NO_FOLLOW_UP, profile), wim, NOW)
    assert did(view, c.Agree(words=W), wil, NOW).phase is Phase.CLOSED


def test_a_silenced_rule_has_an_end() -> None:
    view = signal()
    day = local_day(NOW) + timedelta(days=180)
    hush = c.Suppress(rule="AFH-01", entity="plate:x", reason="innocent-known", until=day, words=W)
    view = did(view, hush, WIM, NOW)
    assert refused(view, hush, WIM, NOW) == ("already-suppressed",)
    assert refused(view, replace(hush, until=day + timedelta(days=1)), WIM, NOW)[0] == "date-too-far"
    assert did(view, c.Unsuppress(rule="AFH-01", entity="plate:x", words=W), WIM, NOW).suppressions == ()


def test_a_hold_runs_out() -> None:
    view = did(signal(), c.Take(), ANA, NOW)
    assert refused(view, c.Take(), ABE, NOW + timedelta(minutes=29)) == ("held-by-other",)
    assert did(view, c.Take(), ABE, NOW + timedelta(minutes=30)).person == "abe"


def test_time_never_runs_backwards() -> None:
    assert refused(signal(), c.Note(words=W), ANA, NOW - timedelta(microseconds=1)) == ("time-before-last-event",)


def test_the_other_reason_needs_a_sentence() -> None:
    assert [e.code for e in plan().lists[ListName.DISMISSAL].values() if e.always] == ["other-ground"]
    assert refused(signal(), c.Dismiss(reason="other-ground"), ANA, NOW) == ("sentence-missing",)
