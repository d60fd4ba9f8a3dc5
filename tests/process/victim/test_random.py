"""Whatever is asked in whatever order: an open record has an owner, a step and a date; nothing with a day is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.process.victim.people import INA, TODAY, met
from tests.process.world import NOW, W, plan

from seinpost.process.commands import Command
from seinpost.process.deadlines import end_of
from seinpost.process.events import Event
from seinpost.process.shapes import Holder, Refused
from seinpost.process.victim import commands as c
from seinpost.process.victim.clocks import bound
from seinpost.process.victim.decide import VERBS, decide_victim
from seinpost.process.victim.fold import apply_victim, fold_victim
from seinpost.process.victim.shapes import Aim, Ending, Ground, Needs, Result, Status, VictimView

HOLDERS = st.sampled_from([Holder("avim", name) for name in ("ina", "ida", "dirk")])
DAYS = st.integers(-5, 40).map(lambda count: TODAY + timedelta(days=count))
KEYS = st.sampled_from(["t1", "t2", "t3"])
WORDS = st.just(W)


def some(kind: type[Command], /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    """Commands of a kind."""
    return st.builds(kind, **fields)


ASKS: dict[type[Command], st.SearchStrategy[Command]] = {
    c.SeeAgain: some(c.SeeAgain, signal=st.sampled_from(["s1", "s2", ""])),
    c.NoteNeeds: some(c.NoteNeeds, needs=st.builds(Needs, minor=st.booleans(), vulnerable=st.booleans()), words=WORDS),
    c.PlanTalk: some(c.PlanTalk, id=KEYS, aim=st.sampled_from(Aim), by=HOLDERS, day=DAYS, words=WORDS),
    c.RecordTalk: some(
        c.RecordTalk,
        id=KEYS,
        result=st.sampled_from(Result),
        day=DAYS,
        present=st.just(("interviewer",)),
        topics=st.just(("safety",)),
        words=WORDS,
        again=st.none() | DAYS,
    ),
    c.OfferReflection: some(c.OfferReflection, day=DAYS, ground=st.sampled_from(Ground)),
    c.AnswerReflection: some(c.AnswerReflection, taken=st.booleans(), day=DAYS),
    c.ReportReflection: some(c.ReportReflection, day=DAYS),
    c.EndReflection: some(c.EndReflection, ending=st.sampled_from(Ending), day=DAYS, words=WORDS),
    c.GiveConsent: some(c.GiveConsent, recipient=st.sampled_from(["comensha", "x"]), day=DAYS, words=WORDS),
    c.WithdrawConsent: some(c.WithdrawConsent, recipient=st.sampled_from(["comensha", "x"]), day=DAYS),
    c.Assess: some(
        c.Assess,
        status=st.sampled_from(Status),
        body=st.sampled_from(["police", "prosecutor"]),
        framework=st.just("NRM"),
        version=st.just("1"),
        day=DAYS,
        words=WORDS,
    ),
    c.HandOn: some(c.HandOn, to=HOLDERS),
    c.PlanStep: some(c.PlanStep, kind=st.sampled_from(sorted(plan().victim.steps)), due=st.none() | DAYS, words=WORDS),
    c.LetRest: some(c.LetRest, reason=st.sampled_from(sorted(plan().victim.resting)), words=WORDS),
    c.GoOn: some(c.GoOn, words=WORDS),
}
STEPS = st.lists(st.tuples(st.one_of(*ASKS.values()), st.integers(0, 20 * 24)), max_size=25)


def test_every_command_is_asked() -> None:
    assert ASKS.keys() == VERBS.keys()


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_is_asked_nobody_is_forgotten(steps: list[tuple[Command, int]]) -> None:
    view, now, told = met(), NOW, list[Event]()
    for ask, hours in steps:
        now += timedelta(hours=hours)
        made = decide_victim(view, ask, INA, now, plan())
        if isinstance(made, Refused):
            assert made.reasons
            continue
        before = view
        for event in made:
            view = apply_victim(view, event)
            told.append(event)
        proved(view, now)
        kept(before, view)
    assert [event.signal for event in told] == ["v1"] * len(told)


def proved(view: VictimView, now: Any) -> None:
    """The guarantee of a record."""
    assert view.owner.unit
    if not view.is_open:
        assert view.rest is not None
        assert view.next_action is None
        assert not any(talk.is_open for talk in view.talks)
        assert view.reflection is None or not view.reflection.runs
        assert view.tried or plan().victim.resting[view.rest.reason].untried
        return
    assert view.next_action is not None
    assert view.next_action.by.unit
    assert view.next_action.due < view.next_action.very_late
    assert all(view.next_action.due <= one.due for one in bound(plan(), view, now)), "nothing that has a day is lost"
    assert sum(talk.is_open for talk in view.talks) <= 1
    if view.reflection is not None and view.reflection.last_day is not None and view.reflection.runs:
        assert view.next_action.due <= end_of(view.reflection.last_day)


def kept(before: VictimView, view: VictimView) -> None:
    """What was recorded stays: attempts, assessments, consents, signals, the one reflection period."""
    assert before.signals <= view.signals
    assert view.assessments[: len(before.assessments)] == before.assessments
    assert [one.recipient for one in view.consents[: len(before.consents)]] == [o.recipient for o in before.consents]
    attempts = {talk.id: talk.attempts for talk in view.talks}
    assert all(attempts[talk.id][: len(talk.attempts)] == talk.attempts for talk in before.talks)
    if before.reflection is not None and before.reflection.taken:
        assert view.reflection is not None
        assert (view.reflection.started, view.reflection.last_day) == (
            before.reflection.started,
            before.reflection.last_day,
        )


def test_a_record_is_the_fold_of_its_events() -> None:
    view = met()
    made = decide_victim(view, c.SeeAgain(signal="s9"), INA, NOW, plan())
    assert not isinstance(made, Refused)
    again = replace(view, signals=view.signals | {"s9"}, sequence=2)
    assert apply_victim(view, made[0]) == again
    first = decide_victim(
        None,
        c.Meet(
            victim="v1", service=view.service, unit="avim", task=view.task, processing=view.processing, signal="s1",
            called=view.called,
        ),
        INA,
        NOW,
        plan(),
    )  # fmt: skip
    assert not isinstance(first, Refused)
    assert fold_victim([*first, *made]) == again
