"""What the system does by itself: up the line when very late, back to the queue when nobody is there; twice is once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from tests.store.signals import filed
from tests.store.world import NOW, World, make_world, plan

from seinpost.packs.procedure.terms import ListName, Role, Setting
from seinpost.process.commands import PauseClock, Take
from seinpost.process.fold import fold
from seinpost.process.people import Words
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.attachments import Upload, add_draft_file
from seinpost.store.actions.drafts import begin_draft, keep_answer
from seinpost.store.actions.duty import do_duty, prove_nightly, tidy
from seinpost.store.files.vault import vault
from seinpost.store.jobs import GoOn
from seinpost.store.log import history
from seinpost.store.models import CaseEvent, Draft, Person
from seinpost.store.queries.guarantee import last_proof, prove_guarantee


@pytest.fixture
def world(db: str) -> World:
    return make_world(("politie", "kmar"))


def test_nothing_is_done_while_nothing_is_late(world: World) -> None:
    filed("politie")
    assert not do_duty(now=NOW + timedelta(minutes=5), plan=plan())


def test_what_is_very_late_goes_up_the_line_once_per_lateness(world: World) -> None:
    signal, other = filed("politie"), filed("kmar")
    late = NOW + timedelta(days=60)
    assert do_duty(now=late, plan=plan()) == {"escalate": 2}
    assert not do_duty(now=late + timedelta(minutes=1), plan=plan())
    for service, key in (("politie", signal), ("kmar", other)):
        with working_for(as_system(service), reach="all"):
            assert fold(history(key)).escalations
    assert not prove_guarantee(plan()).orphans


def turns(count: int) -> GoOn:
    """Go on for so many items, and then stop."""
    left = iter(range(count))
    return lambda: next(left, None) is not None


def test_told_to_stop_it_stops_between_two_signals_and_the_next_does_the_rest(world: World) -> None:
    for _ in range(3):
        filed("politie")
    late = NOW + timedelta(days=60)
    assert do_duty(now=late, plan=plan(), go_on=turns(4)) == {"escalate": 1, "stopped": 1}
    assert do_duty(now=late, plan=plan()) == {"escalate": 2}


def test_a_proof_that_is_told_to_stop_is_none(world: World) -> None:
    filed("politie")
    filed("kmar")
    assert prove_nightly(now=NOW, plan=plan(), go_on=turns(3)) == {
        "checked": 1,
        "orphans": 0,
        "imports": 0,
        "stopped": 1,
    }
    with working_for(as_system("politie")):
        assert last_proof("politie") is None
    with working_for(as_system("kmar")):
        assert last_proof("kmar") is not None
    assert prove_nightly(now=NOW, plan=plan()) == {"checked": 2, "orphans": 0, "imports": 0}


def test_a_signal_of_somebody_who_left_goes_back_to_the_queue(world: World) -> None:
    signal = filed("politie")
    done = act(acting=world.acting(Role.ANALYST), signal=signal, ask=Take(), now=NOW, plan=plan())
    assert not isinstance(done, Refused)
    Person.objects.filter(pk=world.people["politie", Role.ANALYST].pk).update(is_active=False)
    assert "owner-gone" in [flaw.value for flaw in prove_guarantee(plan()).orphans[0].flaws]
    assert do_duty(now=NOW + timedelta(minutes=5), plan=plan()) == {"release": 1}
    assert not prove_guarantee(plan()).orphans


def test_a_clock_runs_again_when_its_day_has_passed_and_is_then_not_late_by_the_pause(world: World) -> None:
    signal = filed("politie")
    until = (NOW + timedelta(days=7)).date()
    pause = PauseClock(reason=next(iter(plan().lists[ListName.PAUSE])), until=until, words=Words("Wacht op de tolk."))
    done = act(acting=world.acting(Role.ANALYST), signal=signal, ask=pause, now=NOW, plan=plan())
    assert not isinstance(done, Refused)
    assert not do_duty(now=NOW + timedelta(days=7), plan=plan()), "its day is still a day of the pause"
    assert do_duty(now=NOW + timedelta(days=8), plan=plan()) == {"resume": 1}
    with working_for(as_system("politie"), reach="all"):
        view = fold(history(signal))
    assert not view.is_paused
    assert view.standing.next_action is not None
    assert view.standing.next_action.kind == "triage"
    assert view.standing.next_action.due > NOW + timedelta(days=8)


def test_what_ran_out_is_erased_and_the_rest_is_not(world: World) -> None:
    from django.contrib.sessions.models import Session

    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(days=days))
    assert tidy(now=NOW)["sessions"] == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_a_form_that_nobody_files_is_destroyed_with_its_files_and_counted_in_the_chain(world: World) -> None:
    acting, colleague = world.acting(Role.ANALYST), world.acting(Role.COORDINATOR)
    old, other, fresh = (begin_draft(acting=who, now=NOW) for who in (acting, colleague, acting))
    upload = Upload("brief.txt", b"een brief", 9)
    for who, draft in ((acting, old), (colleague, other)):
        assert add_draft_file(acting=who, draft=draft, upload=upload, now=NOW, plan=plan()) is True
    end = NOW + timedelta(days=plan().settings[Setting.DRAFT_DAYS])
    assert keep_answer(acting=acting, draft=fresh, question="what", answer=["Iets."], now=NOW + timedelta(minutes=1))
    assert "end-draft" not in do_duty(now=end, plan=plan())
    assert do_duty(now=end + timedelta(seconds=1), plan=plan())["end-draft"] == 2
    assert "end-draft" not in do_duty(now=end + timedelta(seconds=2), plan=plan())
    assert list(Draft.objects.using("owner").values_list("pk", flat=True)) == [fresh]
    assert list(vault().held()) == []
    [record] = CaseEvent.objects.using("owner").filter(kind="drafts-destroyed")
    assert json.loads(record.body)["fact"]["count"] == 2
    with pytest.raises(ProgrammingError, match="only the system"), working_for(acting), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM seinpost_expire_drafts(now())")
