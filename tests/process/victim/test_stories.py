"""What happens for a victim, told as stories; each rule of the talks and of the reflection period is met once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.process.victim.people import (
    ANA,
    DIRK,
    HERE,
    IDA,
    INA,
    TODAY,
    after,
    met,
    plan_talk,
    step_of,
    talked,
    tried,
    why_not,
)
from tests.process.world import NOW, W, plan

from seinpost.packs.procedure.terms import ABOUT_VICTIMS
from seinpost.process.deadlines import AMSTERDAM, end_of, local_day
from seinpost.process.people import Words
from seinpost.process.shapes import Holder
from seinpost.process.victim import commands as c
from seinpost.process.victim.shapes import Aim, Ending, Ground, Needs, Result, Status

CHILD = Needs(minor=True)
ARRANGED = ("recording", "representative", "suitable-room")


def test_every_refusal_of_a_record_is_met_here() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    assert [code.value for code in ABOUT_VICTIMS if f'"{code.value}"' not in told] == []


def days(count: int) -> timedelta:
    return timedelta(days=count)


def local(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=AMSTERDAM)


def test_whoever_is_met_has_an_owner_a_next_step_and_a_date_and_a_child_a_nearer_one() -> None:
    view, child = met(by=ANA), met(CHILD, by=ANA)
    assert view.owner == Holder("avim", "ana")
    assert (step_of(view).kind, step_of(view).by) == ("plan-talk", view.owner)
    assert local_day(step_of(child).due) < local_day(step_of(view).due)
    assert (view.status, view.spoken, view.tried) == (Status.PRESUMED, False, False)


def test_a_talk_that_was_not_held_is_tried_again_and_what_was_asked_is_known_by_topic() -> None:
    view = after(met(), [plan_talk(TODAY + days(2)), plan_talk(TODAY)])
    assert (step_of(view).kind, len(view.talks)) == ("hold-talk", 1)
    view = after(view, [tried(Result.UNREACHABLE)])
    assert (step_of(view).kind, view.tried, view.spoken) == ("plan-talk", True, False)
    again = TODAY + days(3)
    view = after(view, [plan_talk(key="t2"), tried(Result.PUT_OFF, "t2", again)])
    assert (step_of(view).kind, local_day(step_of(view).due - days(1))) == ("hold-talk", again)
    view = after(view, [talked("t2")])
    assert (step_of(view).kind, view.spoken) == ("follow-talk", True)
    assert {topic: len(attempts) for topic, attempts in view.asked().items()} == {"safety": 1, "work": 1}


def test_what_a_record_of_a_talk_must_tell() -> None:
    view = after(met(), [plan_talk()])
    assert why_not(view, talked(), by=DIRK) == {"not-certified"}
    assert why_not(view, talked(present=(), topics=(), words=Words("kort"))) == {
        *("interviewer-missing", "topics-missing", "sentence-missing"),
    }
    assert why_not(view, talked(day=TODAY + days(1))) == {"date-in-future"}
    assert why_not(view, talked(present=("interviewer", "x"), topics=("y",))) == {"unknown-code"}
    assert why_not(view, tried(Result.PUT_OFF)) == {"date-in-past"}
    assert why_not(view, plan_talk(key="t2")) == {"talk-waits"}
    assert why_not(view, talked(key="")) == {"unknown-talk"}
    assert why_not(view, talked(), by=ANA) == {"no-grant"}
    view = after(view, [tried(Result.REFUSED)], by=DIRK)
    assert why_not(view, talked()) == {"talk-settled"}
    assert after(view, [talked("t2")]).spoken, "an acute talk needs no plan"
    help_only = c.RecordTalk(id="t3", aim=Aim.HELP, result=Result.HELD, day=TODAY, topics=("wishes",), words=W)
    assert after(view, [help_only], by=DIRK).spoken, "who only offers help needs no certificate"


def test_a_child_is_spoken_to_by_the_same_person_with_what_a_child_needs_or_it_says_why_not() -> None:
    child = met(CHILD)
    assert why_not(child, plan_talk()) == {"arrangement-missing"}
    child = after(child, [plan_talk(arrangements=ARRANGED), talked()])
    other = plan_talk(key="t2", by=Holder("avim", "ida"), arrangements=ARRANGED)
    assert why_not(child, other) == {"other-interviewer"}
    assert len(after(child, [replace(other, words=W)]).talks) == 2
    assert why_not(child, c.NoteNeeds(needs=Needs())) == {"sentence-missing"}
    grown = after(child, [c.NoteNeeds(needs=Needs(), words=W), plan_talk(key="t2", by=Holder("avim", "ida"))])
    assert not grown.needs.special


@pytest.mark.parametrize(
    ("ground", "started", "last"),
    [
        (Ground.REGULAR, date(2026, 11, 30), date(2027, 2, 28)),
        (Ground.REGULAR, date(2026, 8, 31), date(2026, 11, 30)),
        (Ground.DUBLIN, date(2026, 11, 30), date(2026, 12, 30)),
        (Ground.DUBLIN, date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_the_reflection_period_runs_to_the_end_of_its_last_day(ground: Ground, started: date, last: date) -> None:
    now = local(started)
    view = after(met(), [c.OfferReflection(day=TODAY, ground=ground)]) if started >= TODAY else None
    if view is None:  # offered in the past, recorded now
        view = after(met(), [c.OfferReflection(day=started, ground=ground)])
        now = NOW
    view = after(view, [c.AnswerReflection(taken=True, day=started)], now=max(now, NOW))
    assert view.reflection is not None
    assert (view.reflection.last_day, view.reflection.runs) == (last, True)
    run_out = c.EndReflection(ending=Ending.RUN_OUT, day=last)
    last_minute, first = end_of(last) - timedelta(minutes=1), end_of(last)
    if last_minute > NOW:
        assert why_not(view, run_out, now=last_minute) == {"reflection-still-runs"}
    ended = after(view, [replace(run_out, day=last + days(1))], now=max(first, NOW))
    assert ended.reflection is not None
    assert (ended.reflection.runs, ended.complaint) == (False, None)


def test_during_it_somebody_reports_each_month_and_no_other_step_pushes_that_away() -> None:
    view = after(
        met(), [c.OfferReflection(day=TODAY, ground=Ground.REGULAR), c.AnswerReflection(taken=True, day=TODAY)]
    )
    assert (step_of(view).kind, step_of(view).due) == ("report-reflection", end_of(date(2026, 12, 30)))
    far = c.PlanStep(kind="arrange-help", due=date(2027, 2, 1), words=W)
    near = c.PlanStep(kind="arrange-help")
    assert after(view, [far]).next_action == view.next_action
    assert step_of(after(view, [near])).kind == "arrange-help"
    view = after(view, [c.ReportReflection(day=date(2026, 12, 29))], now=local(date(2026, 12, 29)))
    assert step_of(view).due == end_of(date(2027, 1, 30))
    view = after(view, [c.ReportReflection(day=date(2027, 1, 30))], now=local(date(2027, 1, 30)))
    assert (step_of(view).kind, step_of(view).due) == ("end-reflection", end_of(date(2027, 2, 28)))


def test_it_is_given_once_ends_by_a_complaint_at_any_moment_and_can_be_declined_before() -> None:
    offer, take = c.OfferReflection(day=TODAY, ground=Ground.REGULAR), c.AnswerReflection(taken=True, day=TODAY)
    view = met()
    assert why_not(view, take) == {"reflection-not-offered"}
    assert why_not(view, c.EndReflection(ending=Ending.WAIVED, day=TODAY)) == {"reflection-not-running"}
    assert why_not(view, c.ReportReflection(day=TODAY)) == {"reflection-not-running"}
    view = after(view, [offer, c.AnswerReflection(taken=False, day=TODAY), offer, take])
    assert why_not(view, offer) == {"reflection-once"}
    assert why_not(view, c.EndReflection(ending=Ending.DEPARTED, day=TODAY)) == {"sentence-missing"}
    assert why_not(view, c.LetRest(reason="abroad", words=W)) == {"reflection-still-runs"}
    view = after(view, [c.EndReflection(ending=Ending.COMPLAINT, day=TODAY)])
    assert (view.complaint, why_not(view, offer)) == (TODAY, {"reflection-once"})


def test_consent_is_for_one_recipient_and_taking_it_back_asks_no_reason() -> None:
    give = c.GiveConsent(recipient="comensha", day=TODAY, words=W)
    view = after(met(), [give])
    assert (view.consents_to("comensha"), view.consents_to("lawyer")) == (True, False)
    assert why_not(view, give) == {"consent-there"}
    assert why_not(view, replace(give, recipient="newspaper", words=Words(""))) == {"unknown-code", "sentence-missing"}
    back = c.WithdrawConsent(recipient="comensha", day=TODAY)
    view = after(view, [back])
    assert (view.consents_to("comensha"), len(view.consents)) == (False, 1)
    assert why_not(view, back) == {"no-consent"}
    assert after(view, [give]).consents_to("comensha")


def test_what_somebody_is_held_to_be_is_said_by_a_body_and_by_no_prosecutor() -> None:
    said = c.Assess(status=Status.IDENTIFIED, body="police", framework="NRM", version="2025", day=TODAY, words=W)
    assert {"prosecutor", "court"}.isdisjoint(plan().victim.bodies)
    assert why_not(met(), replace(said, body="prosecutor")) == {"unknown-code"}
    assert why_not(met(), replace(said, framework=" ")) == {"sentence-missing"}
    view = after(met(), [said, replace(said, status=Status.DECLINED, body="comensha")])
    assert (view.status, [one.status for one in view.assessments]) == (
        Status.DECLINED,
        [Status.IDENTIFIED, Status.DECLINED],
    )


def test_nobody_rests_before_a_talk_was_tried_and_whoever_rests_can_go_on() -> None:
    rest = c.LetRest(reason="not-found", words=W)
    assert why_not(met(), rest) == {"talk-not-tried"}
    assert not after(met(), [replace(rest, reason="same-person")]).is_open
    planned = after(met(), [plan_talk()])
    assert why_not(planned, rest) == {"talk-not-tried", "talk-waits"}
    view = after(planned, [tried(Result.UNREACHABLE), rest])
    assert (view.is_open, view.next_action) == (False, None)
    assert why_not(view, plan_talk(key="t2")) == {"victim-rests"}
    assert why_not(met(), c.GoOn(words=W)) == {"victim-does-not-rest"}
    view = after(view, [c.SeeAgain(signal="s2"), c.GoOn(words=W)], by=IDA)
    assert (view.signals, view.owner, view.is_open) == (frozenset(("s1", "s2")), Holder("avim", "ida"), True)
    assert step_of(view).kind == "plan-talk"


def test_who_hands_it_on_gives_the_next_step_along_but_not_the_talk_of_somebody_else() -> None:
    to = Holder("avim", "ida")
    view = after(met(), [c.HandOn(to=to)])
    assert (view.owner, step_of(view).by) == (to, to)
    talking = after(met(), [plan_talk(by=Holder("avim", "dirk")), c.HandOn(to=to)])
    assert step_of(talking).by == Holder("avim", "dirk")
    assert why_not(met(), c.HandOn(to=HERE)) == {"nothing-changes"}
    gone = c.HandOn(to=to, gone=frozenset((to,)))
    assert why_not(met(), gone) == {"assignee-inactive"}


def test_another_service_and_time_that_runs_back_are_refused() -> None:
    view = met()
    assert why_not(view, plan_talk(), by=replace(INA, service="nla")) == {"other-service"}
    assert why_not(view, plan_talk(), now=NOW - timedelta(seconds=1)) == {"time-before-last-event"}
    assert why_not(None, plan_talk()) == {"unknown-signal"}
