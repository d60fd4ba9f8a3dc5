"""Named stories: what people do with a signal from the queue to its rest, and what the house does not let them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import (
    ABE,
    ANA,
    CO,
    NOW,
    SYSTEM,
    WIL,
    WIM,
    W,
    after,
    answers,
    closed,
    confirmed,
    did,
    do,
    due,
    enriched,
    in_phase,
    kind,
    plan,
    proposed,
    refused,
    registration,
    signal,
    submitted,
    weighing,
)

from seinpost.packs.procedure.terms import OPEN_PHASES, Outcome, Phase, Setting, VictimContact
from seinpost.process import commands as c
from seinpost.process.deadlines import Lateness, lateness, local_day
from seinpost.process.events import Event
from seinpost.process.fold import apply
from seinpost.process.guarantee import drawn, escalations, is_sampled, prove, queue_rank, returns
from seinpost.process.measures.agreement import Sampled, agreement, sampled
from seinpost.process.people import Actor, Words
from seinpost.process.shapes import Holder, Refused, Urgency


def test_from_the_queue_to_rest_with_a_second_person() -> None:
    view = signal()
    assert (view.phase, view.person, kind(view), due(view)) == (Phase.REGISTERED, None, "triage", "2026-12-02 00:00")
    view = did(view, c.Take(), ANA, NOW)
    assert view.person == "ana"
    assert refused(view, c.Confirm(), ABE, NOW) == ("held-by-other",)
    view = did(view, c.Confirm(forms=("ARB",)), ANA, NOW)
    assert (view.phase, kind(view), view.forms) == (Phase.ENRICHMENT, "enrich", frozenset({"ARB"}))
    assert refused(view, c.Submit(), ANA, NOW) == ("enrichment-incomplete",)
    view = did(enriched(view), c.Submit(), ANA, NOW)
    assert (view.phase, view.person, kind(view)) == (Phase.WEIGHING, None, "weigh")
    assert refused(view, weighing(Outcome.TALK_FIRST), ANA, NOW) == ("no-grant",)
    view = did(view, weighing(Outcome.NO_FOLLOW_UP), WIM, NOW)
    assert view.is_open
    assert kind(view) == "second-opinion"
    assert refused(view, c.Agree(words=W), WIM, NOW) == ("same-person",)
    view = did(view, c.Agree(words=W), WIL, NOW)
    assert view.phase is Phase.CLOSED
    assert view.standing.closing is not None
    assert (view.standing.closing.proposed_by, view.standing.closing.agreed_by) == ("wim", "wil")
    assert prove([view], plan()).orphans == ()


def test_disagreement_stays_visible_and_the_signal_is_weighed_again() -> None:
    view = did(proposed(), c.Disagree(words=W), WIL, NOW)
    assert (view.phase, kind(view)) == (Phase.WEIGHING, "weigh-again")
    assert [opinion.agrees for opinion in view.opinions] == [False]
    view = did(view, weighing(Outcome.INVESTIGATE), WIL, NOW)
    assert (view.phase, kind(view), view.person) == (Phase.WEIGHED, "start-investigation", "wil")
    assert [opinion.by for opinion in view.opinions] == ["wil"]


def test_new_information_brings_what_was_weighed_back_to_the_weighers() -> None:
    view = did(submitted(), weighing(Outcome.TALK_FIRST), WIM, NOW)
    assert refused(view, c.Reopen(ground="new-information", words=Words("ja")), ANA, NOW) == ("sentence-missing",)
    again = did(view, c.Reopen(ground="new-information", words=W), ANA, NOW)
    assert (again.phase, kind(again), again.person, due(again)) == (
        Phase.WEIGHING,
        "weigh-again",
        None,
        "2026-12-08 00:00",
    )
    assert [weighing.undone for weighing in again.weighings] == [False]  # the first weighing stays on record
    twice = did(again, weighing(Outcome.INVESTIGATE), WIL, NOW)
    assert (twice.phase, kind(twice), len(twice.weighings)) == (Phase.WEIGHED, "start-investigation", 2)
    pending = did(view, c.Close(closing=answers()), WIM, NOW)
    assert refused(pending, c.Reopen(ground="new-information", words=W), ANA, NOW) == ("opinion-pending",)
    weighed_again = did(pending, c.Disagree(words=W), WIL, NOW)
    assert (weighed_again.phase, kind(weighed_again)) == (Phase.WEIGHING, "weigh-again")
    assert did(weighed_again, weighing(Outcome.INVESTIGATE), WIM, NOW).phase is Phase.WEIGHED


def test_other_words_undo_what_was_weighed_or_proposed_on_the_first_ones() -> None:
    other = c.Correct(digest="d2", words=W, changes_meaning=True)
    weighed = did(submitted(), weighing(Outcome.TALK_FIRST), WIM, NOW)
    for view in (weighed, proposed(), did(weighed, c.Close(closing=answers()), WIM, NOW)):
        again = did(view, other, ANA, NOW)
        assert (again.phase, kind(again), again.standing.pending) == (Phase.WEIGHING, "weigh-again", None)
        assert did(view, replace(other, changes_meaning=False), ANA, NOW).standing == view.standing
    asleep = did(weighed, c.PauseClock(reason="waiting-service", until=date(2026, 12, 4), words=W), WIM, NOW)
    awake = did(asleep, other, ANA, NOW)
    assert (awake.is_paused, kind(awake)) == (False, "weigh-again")
    assert prove([awake], plan()).orphans == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"leads": ()}, "leads-missing"),
        ({"reason": "busy"}, "unknown-code"),
        ({"words": Words("nee")}, "sentence-missing"),
        ({"victim": VictimContact.NOT_ATTEMPTED, "victim_words": Words("")}, "victim-contact-reason-missing"),
    ],
)
def test_nothing_rests_without_every_answer(change: dict[str, object], code: str) -> None:
    view = enriched(confirmed())
    assert refused(view, c.Close(closing=answers(**change)), WIM, NOW) == (code,)
    full = weighing(Outcome.NO_FOLLOW_UP)
    bad = replace(full, closing=answers(**change))
    assert refused(submitted(), bad, WIM, NOW) == (code,)


def test_a_weighing_without_closing_answers_proposes_nothing() -> None:
    bad = replace(weighing(Outcome.NO_FOLLOW_UP), closing=None)
    assert refused(submitted(), bad, WIM, NOW) == ("leads-missing",)


def test_every_criterion_needs_a_sentence() -> None:
    full = weighing(Outcome.TALK_FIRST)
    assert refused(submitted(), replace(full, judgements=full.judgements[1:]), WIM, NOW) == ("criteria-missing",)
    thin = (replace(full.judgements[0], words=Words("ja")), *full.judgements[1:])
    assert refused(submitted(), replace(full, judgements=thin), WIM, NOW) == ("sentence-missing",)


def test_what_a_person_filed_one_person_cannot_set_aside() -> None:
    view = signal(filed=True)
    assert refused(view, c.Dismiss(reason="explained"), ANA, NOW) == ("not-from-scan",)


def test_danger_goes_past_enrichment_towards_acting_never_towards_rest() -> None:
    view = did(confirmed(), c.MarkUrgent(urgency=Urgency(risk_to_life=True), words=W), ANA, NOW)
    assert due(view) == "2026-11-30 14:00"
    view = did(view, c.Submit(), ANA, NOW)
    assert view.phase is Phase.WEIGHING
    assert refused(view, weighing(Outcome.NO_FOLLOW_UP), WIM, NOW) == ("enrichment-incomplete",)
    view = did(view, weighing(Outcome.INVESTIGATE), WIM, NOW)
    assert due(view) == "2026-11-30 14:00"
    assert refused(signal(urgency=Urgency(minor=True)), c.Dismiss(reason="explained"), ANA, NOW) == ("is-urgent",)


def test_urgent_goes_before_everything_in_the_queue() -> None:
    danger = signal("a", urgency=Urgency(risk_to_life=True))
    minor = signal("b", urgency=Urgency(minor=True))
    diary = did(signal("d"), c.Postpone(until=date(2026, 12, 2), words=W), ANA, NOW)
    late = signal("c", received_at=NOW - timedelta(days=30))
    plain = signal("e", now=NOW)
    later = NOW + timedelta(days=1, hours=16)
    ranked = sorted((plain, late, diary, minor, danger), key=lambda view: queue_rank(view, later))
    assert [view.id for view in ranked] == ["a", "b", "d", "c", "e"]


def test_joining_carries_urgency_over_and_wakes_what_rested() -> None:
    source = signal("s9", urgency=Urgency(minor=True), filed=True)
    target = closed("s2")
    events = do(source, c.Join(target=target, words=W), ANA, NOW)
    assert not isinstance(events, Refused)
    joined = after(source, events)
    for event in events:
        target = apply(target, event) if event.signal == target.id else target
    assert joined.phase is Phase.JOINED
    assert (target.phase, target.urgency.minor, kind(target)) == (Phase.ENRICHMENT, True, "enrich")
    assert target.joined_here == {"s9"}
    assert prove([joined, target], plan()).orphans == ()
    # What was joined here would be carried off: it cannot be dismissed or joined on.
    assert "has-joined-signals" in refused(
        replace(target, standing=replace(target.standing, phase=Phase.REGISTERED)),
        c.Join(target=signal("s3")),
        ANA,
        NOW,
    )
    apart = do(joined, c.Undo(other=target), ANA, NOW)
    assert not isinstance(apart, Refused)
    assert after(joined, apart).standing == source.standing
    assert apply(target, apart[1]).joined_here == frozenset()
    assert refused(joined, c.Undo(), ANA, NOW) == ("other-signal-needed",)


def test_a_signal_cannot_join_itself_another_service_or_what_was_joined() -> None:
    view = signal("s1")
    for target in (view, did(signal("s2"), c.Join(target=signal("s3")), ANA, NOW)):
        assert refused(view, c.Join(target=target), ANA, NOW) == ("join-target",)
    stranger = replace(signal("s4"), service="nla")
    assert refused(view, c.Join(target=stranger), ANA, NOW) == ("other-service",)


def test_a_sample_of_what_was_dismissed_comes_to_another_reader_and_the_first_cannot_decide() -> None:
    view = did(signal(), c.Dismiss(reason="explained"), ANA, NOW)
    sample = c.Reopen(ground="control-sample", words=W)
    assert refused(view, sample, CO, NOW) == ("only-for-system",)
    assert refused(closed(), sample, SYSTEM, NOW) == ("only-for-system",)
    view = did(view, sample, SYSTEM, NOW)
    assert (view.phase, kind(view), view.person, view.standing.read_by) == (
        Phase.REGISTERED,
        "second-look",
        None,
        "ana",
    )
    for again in (c.Take(), c.Confirm(), c.Dismiss(reason="explained"), c.Join(target=signal("s2"))):
        assert refused(view, again, ANA, NOW) == ("same-person",)
    assert refused(view, c.Assign(to=Holder("avim", "ana"), to_service="politie", to_active=True), CO, NOW) == (
        "same-person",
    )
    later = did(view, c.Postpone(until=date(2026, 12, 4), words=W), ABE, NOW)
    assert refused(later, c.Confirm(), ANA, NOW) == ("same-person",), "putting off changes nothing of it"
    assert did(view, c.Confirm(), ABE, NOW).standing.read_by == ""
    twice = did(view, c.Dismiss(reason="explained"), ABE, NOW)
    assert (twice.phase, prove([twice], plan()).orphans) == (Phase.DISMISSED, ())
    taken_back = did(twice, c.Undo(), ABE, NOW)
    assert refused(taken_back, c.Confirm(), ANA, NOW) == ("same-person",), "what is taken back restores that too"


def test_the_figures_of_the_sample_count_the_decision_that_stands() -> None:
    history: list[Event] = []
    steps: list[tuple[c.Command, Actor]] = [
        (registration(), SYSTEM),
        (c.Dismiss(reason="explained"), ANA),
        (c.Reopen(ground="control-sample", words=W), SYSTEM),
        (c.Dismiss(reason="explained"), ABE),
        (c.Undo(), ABE),
        (c.Confirm(), WIM),
    ]
    found = []
    for command, actor in steps:
        view = after(None, history) if history else None
        events = do(view, command, actor, NOW)
        assert not isinstance(events, Refused), (command, events)
        history += events
        one = sampled(history)
        found.append(None if one is None else (one.first, one.second, one.agrees))
    waits = ("ana", "", False)
    assert found == [None, None, waits, ("ana", "abe", True), waits, ("ana", "wim", False)]
    rows = [Sampled("a", NOW, "b", agrees) for agrees in (True, True, True, False)] + [Sampled("a", NOW)]
    figures = agreement(rows)
    assert (figures.read, figures.agreed, figures.waiting) == (4, 3, 1)
    assert figures.low < 0.75 < figures.high


@given(st.text(), st.booleans())
def test_what_is_drawn_depends_on_the_hash_alone_and_comes_once(hash_: str, sampled_before: bool) -> None:
    first = do(signal(), c.Dismiss(reason="explained"), ANA, NOW)
    assert not isinstance(first, Refused)
    dismissed = after(signal(), first)
    again = do(dismissed, c.Reopen(ground="control-sample", words=W), SYSTEM, NOW)
    assert not isinstance(again, Refused)
    history = (*first, *again) if sampled_before else first
    found = drawn(history, hash_, plan())
    wanted = is_sampled(hash_, "", plan().settings[Setting.SAMPLE_PER_MILLE]) and not sampled_before
    assert (found is not None) == wanted
    if found is not None:
        assert did(dismissed, found, SYSTEM, NOW).phase is Phase.REGISTERED


def test_undo_restores_the_standing_and_keeps_the_record() -> None:
    before = signal()
    view = did(before, c.Dismiss(reason="explained"), ANA, NOW)
    assert refused(view, c.Undo(), ABE, NOW) == ("not-your-decision",)
    assert refused(view, c.Undo(), ANA, NOW + timedelta(hours=24)) == ("too-late-to-undo",)
    view = did(view, c.Undo(words=W), ANA, NOW + timedelta(hours=23, minutes=59))
    assert view.standing == before.standing
    assert [decision.undone for decision in view.decisions] == [True]
    assert refused(view, c.Undo(), ANA, NOW + timedelta(days=1)) == ("nothing-to-undo",)
    weighed = did(submitted(), weighing(Outcome.TALK_FIRST), WIM, NOW)
    moved = did(weighed, c.Plan(kind="arrange-help"), CO, NOW)
    assert refused(moved, c.Undo(), WIM, NOW) == ("not-the-last",)
    taken_back = did(weighed, c.Undo(), CO, NOW + timedelta(days=9))
    assert taken_back.weighings[-1].undone


def test_the_diary_date_comes_back_on_its_first_moment() -> None:
    view = did(signal(), c.Postpone(until=date(2026, 12, 9), words=W), ANA, NOW)
    assert (kind(view), due(view), view.standing.diary) == ("look-again", "2026-12-09 00:00", date(2026, 12, 9))
    assert refused(signal(), c.Postpone(until=date(2026, 11, 30), words=W), ANA, NOW) == ("date-in-past",)
    assert refused(signal(), c.Postpone(until=date(2027, 1, 30), words=W), ANA, NOW) == ("date-too-far",)
    # Danger takes up again what the date put off.
    assert kind(did(view, c.MarkUrgent(urgency=Urgency(minor=True), words=W), ANA, NOW)) == "triage"


def test_putting_off_has_an_end() -> None:
    view = signal()
    for week in range(3):
        moment = NOW + timedelta(days=7 * week)
        view = did(view, c.Postpone(until=local_day(moment) + timedelta(days=7), words=W), ANA, moment)
    moment = NOW + timedelta(days=21)
    again = c.Postpone(until=local_day(moment) + timedelta(days=7), words=W)
    assert refused(view, again, ANA, moment) == ("postponed-enough",)


def test_earlier_registrations_wait_in_a_lane_of_their_own_unless_there_is_danger() -> None:
    old = NOW - timedelta(days=900)
    assert kind(signal(channel="history", received_at=old)) == "triage-history"
    assert due(signal(channel="history", received_at=old)) == "2027-02-25 00:00"
    assert due(signal(channel="history", received_at=old, urgency=Urgency(risk_to_life=True))) == "2026-11-30 11:00"


@pytest.mark.parametrize("urgency", [Urgency(minor=True), Urgency(risk_to_life=True)])
def test_marking_urgent_never_gives_more_time(urgency: Urgency) -> None:
    for phase in OPEN_PHASES:
        for kind_ in [code for code, found in plan().actions.items() if phase in found.phases] or ["hand-over"]:
            view = in_phase(phase)
            if kind_ in plan().actions and phase in plan().actions[kind_].phases:
                view = did(view, c.Plan(kind=kind_), CO, NOW)
            marked = did(view, c.MarkUrgent(urgency=urgency, words=W), ANA, NOW)
            assert view.standing.next_action is not None
            assert marked.standing.next_action is not None
            assert marked.standing.next_action.due <= view.standing.next_action.due
            assert marked.standing.next_action.kind == view.standing.next_action.kind


def test_a_pause_keeps_the_working_days_that_were_left() -> None:
    view = confirmed()  # Monday 30 November, ten working days: up to and with Monday 14 December
    assert due(view) == "2026-12-15 00:00"
    view = did(view, c.PauseClock(reason="waiting-service", until=date(2026, 12, 18), words=W), ANA, NOW)
    assert (kind(view), due(view)) == ("review-pause", "2026-12-19 00:00")
    assert refused(view, c.Submit(), ANA, NOW)[0] == "is-paused"
    view = did(view, c.ResumeClock(), ANA, NOW + timedelta(days=7))
    assert (kind(view), due(view)) == ("enrich", "2026-12-22 00:00")
    assert not view.is_paused


def test_very_late_goes_up_the_line_by_itself_to_the_top() -> None:
    view = signal()
    assert view.standing.next_action is not None
    late = view.standing.next_action.very_late
    assert refused(view, c.Escalate(), SYSTEM, late - timedelta(minutes=1)) == ("not-very-late",)
    assert escalations([view], late - timedelta(minutes=1), plan()) == ()
    for level in (1, 2):
        assert view.standing.next_action is not None
        moment = view.standing.next_action.very_late
        assert lateness(view.standing.next_action, moment) is Lateness.VERY_LATE
        ((name, command),) = escalations([view], moment, plan())
        assert name == view.id
        view = did(view, command, SYSTEM, moment)
        assert (kind(view), view.standing.escalated) == ("decide-escalation", level)
    assert view.standing.next_action is not None
    end = view.standing.next_action.very_late
    assert escalations([view], end, plan()) == ()
    assert refused(view, c.Escalate(words=W), CO, end) == ("escalated-to-the-top",)
    view = did(view, c.Assign(to=Holder("avim", "abe"), to_service="politie", to_active=True), CO, end)
    assert (kind(view), view.person, view.standing.escalated) == ("triage", "abe", 0)


def test_what_somebody_leaves_behind_goes_back_to_the_queue() -> None:
    view = did(signal(), c.Take(), ANA, NOW)
    ((name, command),) = returns([view], frozenset(("abe",)))
    view = did(view, command, SYSTEM, NOW)
    assert (name, view.person) == ("s1", None)
    assert view.standing.next_action is not None
    assert view.standing.next_action.by == Holder("avim")
    assert returns([view], frozenset(("abe",))) == ()


def test_assigning_stays_inside_the_service_and_keeps_the_date() -> None:
    view = signal()
    there = did(view, c.Assign(to=Holder("avim-noord"), to_service="politie"), CO, NOW + timedelta(hours=1))
    assert there.unit == "avim-noord"
    assert due(there) == due(view)
    bad = c.Assign(to=Holder("x", "y"), to_service="nla", to_active=False)
    assert refused(view, bad, CO, NOW) == ("assignee-other-service", "assignee-inactive")


@pytest.mark.parametrize(("person", "active"), [(None, False), (None, True), ("abe", False), ("abe", True)])
def test_a_person_gets_it_if_and_only_if_they_are_there(person: str | None, active: bool) -> None:
    ask = c.Assign(to=Holder("avim", person), to_service="politie", to_active=active)
    if person is not None and not active:
        assert refused(signal(), ask, CO, NOW) == ("assignee-inactive",)
    else:
        assert did(signal(), ask, CO, NOW).person == person


def test_nobody_is_there_until_somebody_says_so() -> None:
    ask = c.Assign(to=Holder("avim", "abe"), to_service="politie")
    assert refused(signal(), ask, CO, NOW) == ("assignee-inactive",)


def test_who_proposed_cannot_take_the_second_persons_work() -> None:
    view = proposed()
    assert refused(view, c.Take(), WIM, NOW) == ("same-person",)
    assert refused(view, c.Assign(to=Holder("avim", "wim"), to_service="politie", to_active=True), CO, NOW) == (
        "same-person",
    )
