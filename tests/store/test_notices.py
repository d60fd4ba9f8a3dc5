"""Who is told what: new information on what was decided, what is due or late, what waits for a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.process.world import W, answers, look_ups, weighing
from tests.store.signals import TEXT, filed, received
from tests.store.world import NOW, World, make_person, make_world, plan

from seinpost.packs.procedure.terms import Outcome, Role, Setting
from seinpost.process import commands as c
from seinpost.process.events import TaskEscalated
from seinpost.process.fold import fold
from seinpost.process.guarantee import is_sampled
from seinpost.process.shapes import Holder, Refused, SignalView
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import Done, act
from seinpost.store.actions.duty import do_duty
from seinpost.store.actions.own import read_notices
from seinpost.store.log import history
from seinpost.store.models import CaseEvent, Grant, Notice, Unit
from seinpost.store.watching.sample import draw, samples

OTHER = "Betrokkene verklaarde dat de baas zijn paspoorten heeft afgenomen. Bereikbaar op 06-87654321."


@pytest.fixture
def world(db: str) -> World:
    return make_world(("politie",))


def do(world: World, signal: UUID, ask: c.Command, role: Role, now: datetime = NOW) -> SignalView:
    """Let somebody of a role do something that must be allowed."""
    done = act(acting=world.acting(role), signal=signal, ask=ask, now=now, plan=plan())
    assert isinstance(done, Done), done
    return done.view


def weighed(world: World, signal: UUID, outcome: Outcome = Outcome.TALK_FIRST) -> SignalView:
    """Bring a signal to its weighing, by an analyst and a weigher."""
    view = do(world, signal, c.Confirm(words=W), Role.ANALYST)
    for command in look_ups(view, NOW):
        do(world, signal, command, Role.ANALYST)
    do(world, signal, c.Submit(), Role.ANALYST)
    return do(world, signal, weighing(outcome), Role.WEIGHER)


def told(world: World, role: Role, signal: UUID) -> list[str]:
    """What somebody was told of a signal and did not read yet."""
    with working_for(world.acting(role)):
        rows = Notice.objects.filter(person=world.people["politie", role], signal=signal, read_at=None)
        return sorted(rows.values_list("event_kind", flat=True))


def read(world: World, *roles: Role, now: datetime = NOW) -> None:
    """Let people put away what they were told."""
    for role in roles:
        read_notices(acting=world.acting(role), now=now)


def test_new_information_asks_who_decided_for_a_second_look(world: World) -> None:
    signal = filed("politie")
    weighed(world, signal)
    assert told(world, Role.WEIGHER, signal) == ["submitted"]
    read(world, Role.WEIGHER)
    do(world, signal, c.Note(words=W), Role.ANALYST)
    assert told(world, Role.WEIGHER, signal) == ["second-look"]
    assert told(world, Role.ANALYST, signal) == [], "who wrote it knows it"
    read(world, Role.WEIGHER)
    filed("politie", received(text=OTHER))
    assert told(world, Role.WEIGHER, signal) == [], "another number"
    for number in ("nog een", "en nog een"):
        filed("politie", received(text=f"{number}: {TEXT}"))
        assert told(world, Role.WEIGHER, signal) == ["second-look"], "one that is not read yet is enough"
    view = do(world, signal, c.Reopen(ground="new-signal", words=W), Role.ANALYST)
    assert view.phase.value == "weighing"
    assert told(world, Role.WEIGHER, signal) == ["reopened", "second-look"]


def test_what_rests_is_looked_at_again_by_those_who_closed_it(world: World) -> None:
    signal = filed("politie")
    weighed(world, signal, Outcome.NO_FOLLOW_UP)
    assert told(world, Role.COORDINATOR, signal) == ["submitted", "weighed"], "asked to be the second person"
    do(world, signal, c.Agree(words=W), Role.COORDINATOR)
    read(world, Role.WEIGHER, Role.COORDINATOR)
    filed("politie", received(text=TEXT))
    assert told(world, Role.WEIGHER, signal) == told(world, Role.COORDINATOR, signal) == ["second-look"]
    do(world, signal, c.Reopen(ground="new-signal", words=W), Role.ANALYST)
    assert told(world, Role.COORDINATOR, signal) == ["reopened", "second-look"]


def test_a_proposed_closing_and_its_refusal_are_told_to_both(world: World) -> None:
    signal = filed("politie")
    weighed(world, signal)
    read(world, Role.WEIGHER, Role.COORDINATOR)
    do(world, signal, c.Close(closing=answers()), Role.COORDINATOR)
    assert told(world, Role.WEIGHER, signal) == ["closing-proposed"]
    do(world, signal, c.Disagree(words=W), Role.WEIGHER)
    assert told(world, Role.COORDINATOR, signal) == ["disagreed"]


def test_who_is_at_work_hears_that_the_words_changed(world: World) -> None:
    item = received("R-same")
    signal = filed("politie", item)
    do(world, signal, c.Take(), Role.ANALYST)
    do(world, signal, c.Correct(digest="d2", words=W, changes_meaning=False), Role.WEIGHER)
    assert told(world, Role.ANALYST, signal) == ["corrected"]


def test_what_is_due_and_late_is_told_once_each(world: World) -> None:
    signal = filed("politie")
    view = do(world, signal, c.Take(), Role.ANALYST)
    assert view.standing.next_action is not None
    due = view.standing.next_action.due
    assert not do_duty(now=NOW, plan=plan())  # received this morning: due tomorrow evening
    for moment, expected in ((due - timedelta(hours=2), "due"), (due, "late")):
        assert do_duty(now=moment, plan=plan()) == {expected: 1}
        assert not do_duty(now=moment + timedelta(minutes=5), plan=plan())
        assert told(world, Role.ANALYST, signal) == [expected]
        read(world, Role.ANALYST, now=moment)
    assert told(world, Role.COORDINATOR, signal) == []


def test_a_task_is_told_when_due_when_late_and_further_up_when_very_late(world: World) -> None:
    signal = filed("politie")
    detective = str(world.people["politie", Role.DETECTIVE].pk)
    day = (NOW + timedelta(days=1)).date()
    task = c.AddTask(id="t1", kind="call-somebody", by=Holder("politie-team", detective), due=day, words=W)
    do(world, signal, c.Take(), Role.ANALYST)
    view = do(world, signal, task, Role.ANALYST)
    read(world, Role.DETECTIVE)
    due = view.open_todos[0].due
    for moment, expected in (
        (due - timedelta(hours=3), {Role.DETECTIVE: "task-due"}),
        (due, {Role.DETECTIVE: "task-late", Role.ANALYST: "task-late"}),
        (due + timedelta(days=1), {Role.COORDINATOR: "task-very-late"}),
    ):
        do_duty(now=moment, plan=plan())
        assert not {kind for kind in do_duty(now=moment, plan=plan()) if kind.startswith("task")}
        for role in (Role.DETECTIVE, Role.ANALYST, Role.COORDINATOR):
            got = [kind for kind in told(world, role, signal) if kind.startswith("task")]
            assert got == ([expected[role]] if role in expected else []), (role, moment)
        read(world, Role.DETECTIVE, Role.ANALYST, Role.COORDINATOR, now=moment)
    with working_for(as_system("politie"), reach="all"):
        up = [(event.by, event.fact) for event in history(signal) if isinstance(event.fact, TaskEscalated)]
        assert up == [("system", TaskEscalated("t1", (str(world.people["politie", Role.COORDINATOR].pk),)))]
        assert fold(history(signal)).standing == view.standing, "the next action and its date stay"
    do(world, signal, c.FinishTask(id="t1", words=W), Role.DETECTIVE, due + timedelta(days=1))
    with working_for(as_system("politie"), reach="all"):
        assert not fold(history(signal)).open_todos
    assert not {kind for kind in do_duty(now=due + timedelta(days=9), plan=plan()) if kind.startswith("task")}


def test_what_is_very_late_goes_first_to_who_leads_the_unit_then_to_others_who_lead_the_service(world: World) -> None:
    signal = filed("politie")
    unit = Unit.objects.get(code="politie-team")
    with working_for(as_system("politie")):
        local = make_person(unit, Role.COORDINATOR)
        Grant.objects.filter(person=local).update(units=[unit.code])
    chief = world.people["politie", Role.COORDINATOR]
    view = do(world, signal, c.Take(), Role.ANALYST)
    told_so_far: list[str] = []
    for person in (local, chief):
        assert view.standing.next_action is not None
        moment = view.standing.next_action.very_late
        assert do_duty(now=moment, plan=plan())["escalate"] == 1
        with working_for(as_system("politie"), reach="all"):
            view = fold(history(signal))
            rows = Notice.objects.filter(signal=signal, event_kind="escalated").order_by("pk")
            told_now = [str(key) for key in rows.values_list("person", flat=True)][len(told_so_far) :]
        assert view.escalations[-1].people == (str(person.pk),)
        assert view.standing.next_action is not None
        assert view.standing.next_action.by.person == str(person.pk)
        assert str(person.pk) in told_now
        told_so_far += told_now
    assert str(world.people["politie", Role.ANALYST].pk) in told_so_far, "who had it is told"


def test_a_sample_of_what_was_dismissed_comes_to_a_second_reader_once(world: World) -> None:
    keys = [filed("politie") for _ in range(60)]
    for key in keys:
        do(world, key, c.Dismiss(reason="explained"), Role.ANALYST)
    with working_for(as_system("politie"), reach="all"):
        hashes = dict(CaseEvent.objects.filter(kind="dismissed").values_list("signal", "hash"))
    per_mille = plan().settings[Setting.SAMPLE_PER_MILLE]
    wanted = {key for key in keys if is_sampled(bytes(hashes[key]).hex(), "", per_mille)}
    often = replace(plan(), settings={**plan().settings, Setting.SAMPLE_PER_MILLE: 500})
    all_ = {key for key in keys if is_sampled(bytes(hashes[key]).hex(), "", 500)}
    assert draw(service="politie", now=NOW + timedelta(hours=23), plan=often) == 0, "it can still be taken back"
    later = NOW + timedelta(hours=24)
    assert draw(service="politie", now=later, plan=plan()) == len(wanted)
    assert draw(service="politie", now=later, plan=often) == len(all_ - wanted) > 10
    assert draw(service="politie", now=later, plan=often) == 0
    again = sorted(all_)[0]
    refused = act(acting=world.acting(Role.ANALYST), signal=again, ask=c.Take(), now=later, plan=plan())
    assert isinstance(refused, Refused)
    do(world, again, c.Dismiss(reason="explained"), Role.WEIGHER, later)
    assert draw(service="politie", now=later + timedelta(days=2), plan=often) == 0, "once is enough"
    with working_for(as_system("politie"), reach="all"):
        found = samples("politie")
    assert sum(bool(one.second) for one in found) == 1
    assert len(found) == len(all_)
