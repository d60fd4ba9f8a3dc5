"""Whom something concerns: never nobody when a decision is touched, never everybody; reminders in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

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
    answers,
    attachment,
    closed,
    confirmed,
    did,
    do,
    in_phase,
    plan,
    refused,
    signal,
    submitted,
    weighing,
)  # fmt: skip

from seinpost.packs.procedure.terms import Outcome, Phase, Told
from seinpost.process import commands as c
from seinpost.process.deadlines import Lateness, local_day
from seinpost.process.guarantee import task_escalations
from seinpost.process.people import Actor
from seinpost.process.shapes import Holder, Refused, SignalView, ToDo, Urgency
from seinpost.process.telling.concerns import (
    Audience,
    Group,
    audience,
    reminder,
    second_look,
    task_reminders,
    told_from,
)
from seinpost.process.telling.concerns import task_lateness as how_late


def heard(view: SignalView, command: c.Command, actor: Actor = ANA) -> list[Audience]:
    """Whom the events of a command concern."""
    events = do(view, command, actor, NOW)
    assert not isinstance(events, Refused), events
    return [audience(event, view, did(view, command, actor, NOW)) for event in events]


def test_new_information_reaches_who_decided_on_what_is_weighed_or_rests() -> None:
    asked = did(closed(), c.Note(words=W), ANA, NOW)
    for command in (c.Note(words=W), attachment("z1")):
        assert heard(in_phase(Phase.WEIGHED), command) == [Audience("second-look", frozenset({"wim"}))]
        assert heard(asked, command) == [Audience("second-look", frozenset({"wim", "wil"}))]
        assert heard(confirmed(), command, ABE)[0].people == {"ana"}
        assert heard(in_phase(Phase.DISMISSED), command)[0].people == {"ana"}
    assert [
        one.kind for one in heard(in_phase(Phase.WEIGHED), c.Correct(digest="d2", words=W, changes_meaning=True))
    ] == [
        "corrected",
        "reopened",
    ]
    assert second_look(signal()).group is Group.LEADERS


def test_who_must_weigh_or_agree_is_told_and_who_proposed_hears_the_answer() -> None:
    assert heard(did(submitted(), c.Undo(), CO, NOW), c.Submit())[0].group is Group.WEIGHERS
    assert heard(submitted(), weighing(Outcome.NO_FOLLOW_UP), WIM)[0].group is Group.WEIGHERS
    assert heard(submitted(), weighing(Outcome.INVESTIGATE), WIM)[0] == Audience("weighed")
    pending = did(in_phase(Phase.WEIGHED), c.Close(closing=answers()), CO, NOW)
    assert "co" in heard(pending, c.Disagree(words=W), WIL)[0].people
    assert heard(signal(), c.MarkUrgent(urgency=Urgency(minor=True), words=W))[0].group is Group.LEADERS


PEOPLE = st.frozensets(st.sampled_from(("ana", "abe", "wim", "wil", "co")), max_size=4)


@given(PEOPLE, PEOPLE, st.booleans())
def test_the_line_up_ends_at_other_people_wherever_there_are_any(
    unit: frozenset[str], service: frozenset[str], restricted: bool
) -> None:
    view = signal()
    if restricted:
        view = did(view, c.Restrict(people=frozenset(("wim", "co")), supervisor="co", words=W), WIM, NOW)
    circle = view.need_to_know or unit | service
    for _level in (1, 2):
        ask = c.Escalate(words=W, unit_leads=unit, service_leads=service)
        view = did(view, ask, CO, NOW)
    first, second = (frozenset(one.people) for one in view.escalations)
    others = (unit | service) & circle
    assert first == (frozenset(("co",)) if restricted else unit or service)
    assert (first | second) <= circle
    if others - first:
        assert second
        assert not second & first
    elif others | first:
        assert second, "never nobody, if anybody leads"
    if service & circle - first:
        assert second == service & circle - first, "who leads the service goes before"


@given(st.integers(0, 3_000_000))
def test_a_reminder_comes_on_the_last_day_and_is_late_from_the_first_late_moment(seconds: int) -> None:
    due = NOW + timedelta(seconds=1_500_000)
    found = reminder(due, NOW + timedelta(seconds=seconds))
    now = NOW + timedelta(seconds=seconds)
    if now >= due:
        assert found == (Told.LATE, due)
    elif local_day(now) == local_day(due - timedelta(microseconds=1)):
        assert found == (Told.DUE, told_from(due))
    else:
        assert found is None


@given(hours=st.integers(-100, 300), named=st.booleans(), closed_by=st.booleans())
def test_a_task_goes_further_up_the_later_it_is(hours: int, named: bool, closed_by: bool) -> None:
    todo = ToDo("t1", "call-somebody", W, Holder("avim", "abe" if named else None), NOW, done=closed_by)
    view = did(signal(), c.Take(), ANA, NOW - timedelta(0))
    view = type(view)(**{f: getattr(view, f) for f in view.__slots__} | {"todos": (todo,)})
    now = NOW + timedelta(hours=hours)
    told = {one.kind: one for one, since in task_reminders(view, now, plan()) if since <= now}
    assert "task-very-late" not in told, "that goes up the line by an event"
    up = task_escalations([view], now, plan())
    assert bool(up) == (how_late(todo, now, plan()) is Lateness.VERY_LATE)
    assert not ((set(told) or up) and closed_by)
    for _signal, command in up:
        assert isinstance(command, c.Escalate)
        leads = replace(command, unit_leads=frozenset(("co",)))
        gone = did(view, leads, SYSTEM, now)
        assert (gone.standing, gone.tasks_escalated) == (view.standing, frozenset(("t1",)))
        assert task_escalations([gone], now, plan()) == ()
        assert refused(gone, leads, SYSTEM, now) == ("unknown-task",)
        assert refused(view, leads, CO, now) == ("only-for-system",)
        events = do(view, leads, SYSTEM, now)
        assert not isinstance(events, Refused)
        assert [audience(event, view, gone) for event in events] == [Audience("task-very-late", frozenset(("co",)))]
    if not up and now >= NOW:
        assert refused(view, c.Escalate(task="t1"), SYSTEM, now)[-1] in ("not-very-late", "unknown-task")
    assert ("task-late" in told) == (how_late(todo, now, plan()) > 0)
    if "task-late" in told:
        assert told["task-late"].people == ({"abe", "ana"} if named else {"ana"})
    if "task-due" in told:
        assert told["task-due"].people == {"abe" if named else "ana"}
