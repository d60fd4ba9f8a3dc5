"""The one door: what it stores, what it refuses, and that the columns say what the events say."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext
from tests.store.signals import filed, received
from tests.store.world import LATER, NOW, World, make_person, make_world, new_id, plan

from seinpost.packs.procedure.terms import Phase, Purpose, Role
from seinpost.process import commands as c
from seinpost.process.fold import fold
from seinpost.process.people import Words
from seinpost.process.shapes import Holder, Refused
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import Done, act
from seinpost.store.audit.stored import verify_stored
from seinpost.store.log import append_record, history
from seinpost.store.models import CaseEvent, Grant, Notice, Person, Signal, ViewLog
from seinpost.store.projection import columns

W = Words("Dit is een zin die iets uitlegt.")


@pytest.fixture
def world(db: str) -> World:
    """Three services with their people."""
    return make_world()


def do(world: World, signal: UUID, ask: c.Command, role: Role = Role.ANALYST, **more: object) -> Done | Refused:
    """Somebody does something."""
    values: dict[str, object] = {"service": "politie", "now": LATER, "purpose": Purpose.FOLLOW_UP, **more}
    acting = world.acting(role, str(values.pop("service")))
    return act(acting=acting, signal=signal, ask=ask, plan=plan(), **values)  # type: ignore[arg-type]


def codes(outcome: Done | Refused) -> list[str]:
    """The reasons of a refusal."""
    assert isinstance(outcome, Refused), outcome
    return [reason.code for reason in outcome.reasons]


def row(signal: UUID) -> Signal:
    """The row of a signal, as the owner sees it."""
    return Signal.objects.using("owner").get(pk=signal)


def test_what_is_done_is_in_the_events_and_in_the_columns(world: World) -> None:
    signal = filed("politie")
    for ask in (c.Take(), c.Confirm(forms=("ARB",), words=W), c.Note(words=W)):
        assert isinstance(do(world, signal, ask), Done)
    stored = row(signal)
    with working_for(as_system("politie"), reach="all"):
        view = fold(history(signal))
    assert {name: getattr(stored, name) for name in columns(view)} == columns(view)
    assert stored.phase == Phase.ENRICHMENT.value
    assert stored.events == 4 == CaseEvent.objects.using("owner").filter(signal=signal).count()


def test_words_come_back_with_the_history(world: World) -> None:
    signal = filed("politie")
    do(world, signal, c.Note(words=Words("Gebeld met de gemeente over dit adres.")))
    with working_for(as_system("politie"), reach="all"):
        fact = history(signal)[-1].fact
    assert fact.words == "Gebeld met de gemeente over dit adres."  # type: ignore[attr-defined]


def test_what_waited_for_a_colleague_is_done_after_them_and_a_clock_that_runs_behind_is_refused(world: World) -> None:
    signal, acting, note = filed("politie"), world.acting(Role.ANALYST), c.Note(words=Words("Gebeld met de gemeente."))
    moments = (LATER, LATER - timedelta(seconds=2), LATER - timedelta(hours=1))
    first, waited, behind = (act(acting=acting, signal=signal, ask=note, now=now, plan=plan()) for now in moments)
    assert isinstance(first, Done)
    assert isinstance(waited, Done)
    assert (waited.view.last_at, waited.view.sequence) == (LATER, first.view.sequence + 1)
    assert isinstance(behind, Refused)
    assert [reason.code for reason in behind.reasons] == ["time-before-last-event"]


def test_a_refusal_changes_nothing_and_is_in_the_view_log(world: World) -> None:
    signal = filed("politie")
    before = row(signal).events
    assert codes(do(world, signal, c.Agree(words=W), Role.ANALYST)) == ["no-grant"]
    assert row(signal).events == before
    tried = ViewLog.objects.using("owner").get()
    assert (tried.verb, tried.signal, tried.refused) == ("agree", signal, "no-grant")


def test_for_another_service_a_signal_does_not_exist(world: World) -> None:
    signal = filed("politie")
    unknown = do(world, new_id(), c.Take(), service="nla")
    assert codes(do(world, signal, c.Take(), service="nla")) == codes(unknown) == ["unknown-signal"]
    assert not ViewLog.objects.using("owner").filter(service="nla").exists()


def test_a_grant_that_ended_has_ended_now(world: World) -> None:
    signal = filed("politie")
    person = world.people["politie", Role.ANALYST]
    with working_for(as_system("politie")):
        Grant.objects.filter(person=person).update(ends=LATER)
    assert codes(do(world, signal, c.Take())) == ["no-grant"]
    assert isinstance(do(world, signal, c.Take(), now=LATER - timedelta(minutes=1)), Done)


def test_somebody_who_is_not_active_may_nothing(world: World) -> None:
    signal = filed("politie")
    person = world.people["politie", Role.ANALYST]
    person.is_active = False
    person.save()
    assert codes(do(world, signal, c.Take())) == ["no-grant"]


def test_a_join_and_its_undo_change_both_signals(world: World) -> None:
    one, two = filed("politie"), filed("politie")
    acting = world.acting(Role.ANALYST)
    joined = act(
        acting=acting, signal=one, ask=lambda view: c.Join(target=view, words=W), now=LATER, plan=plan(), other=two
    )
    assert isinstance(joined, Done), joined
    assert (row(one).phase, row(one).joined_to) == (Phase.JOINED.value, two)
    assert (row(two).events, row(one).due) == (2, None)
    assert isinstance(do(world, one, c.Undo(words=W)), Done)
    assert (row(one).phase, row(one).joined_to, row(two).events) == (Phase.REGISTERED.value, None, 3)


def test_a_restriction_hides_and_the_broken_glass_shows_with_a_notice_to_the_privacy_officer(world: World) -> None:
    signal = filed("politie")
    weigher, coordinator = world.people["politie", Role.WEIGHER], world.people["politie", Role.COORDINATOR]
    people = frozenset((str(weigher.pk), str(coordinator.pk)))
    restrict = c.Restrict(people=people, supervisor=str(coordinator.pk), words=W)
    assert isinstance(do(world, signal, restrict, Role.WEIGHER), Done)
    analyst = world.acting(Role.ANALYST)
    with working_for(analyst):
        assert not Signal.objects.exists()
    assert codes(do(world, signal, c.Take())) == ["need-to-know"]
    broken = do(world, signal, c.BreakGlass(words=W), purpose=Purpose.EMERGENCY)
    assert isinstance(broken, Done)
    officer = world.people["politie", Role.PRIVACY_OFFICER]
    notices = Notice.objects.using("owner").filter(signal=signal, event_kind="glass-broken")
    assert [notice.person_id for notice in notices] == [officer.pk]
    assert row(signal).glass == [
        {"person": str(world.people["politie", Role.ANALYST].pk), "until": (LATER + timedelta(hours=1)).isoformat()}
    ]


def test_an_assignment_tells_whoever_it_is_assigned_to(world: World) -> None:
    signal = filed("politie")
    unit = row(signal).unit_id
    detective = world.people["politie", Role.DETECTIVE]
    ask = c.Assign(to=Holder(unit, str(detective.pk)), to_service="politie", words=W)
    assert isinstance(do(world, signal, ask, Role.COORDINATOR), Done)
    assert [notice.person_id for notice in Notice.objects.using("owner").all()] == [detective.pk]
    assert row(signal).owner_id == detective.pk


def test_nothing_is_given_to_who_left_or_never_was_there(world: World) -> None:
    signal, detective, stranger = (
        filed("politie"),
        world.people["politie", Role.DETECTIVE],
        world.people["nla", Role.ANALYST],
    )
    claims = {"to_service": "politie", "to_active": True, "words": W}  # what a form says counts for nothing
    here = row(signal).unit_id

    def give(unit: str, person: str | None) -> Done | Refused:
        return do(world, signal, c.Assign(to=Holder(unit, person), **claims), Role.COORDINATOR)  # type: ignore[arg-type]

    for nobody in (str(stranger.pk), str(new_id()), "not-a-key", ""):
        assert codes(give(here, nobody)) == ["assignee-inactive"], nobody
    assert codes(give("nla-team", None)) == ["assignee-other-service"]
    assert codes(give("nowhere", str(detective.pk))) == ["assignee-other-service", "assignee-inactive"]
    assert (row(signal).events, row(signal).owner_id) == (1, None)
    assert isinstance(give(here, str(detective.pk)), Done)
    Person.objects.using("owner").filter(pk=detective.pk).update(is_active=False)
    assert codes(give(here, str(detective.pk))) == ["assignee-inactive"]


def commands_naming(person: str, unit: str, others: frozenset[str]) -> list[c.Command]:
    """Every command that names somebody beside the signal."""
    by, day = Holder(unit, person), NOW.date() + timedelta(days=2)
    return [
        c.AskAuthor(id=new_id().hex, to=by, questions=("where",), words=W),
        c.AddTask(id=new_id().hex, kind="call-somebody", by=by, due=day, words=W),
        c.Plan(kind="triage", by=by, due=day, words=W),
        c.Restrict(people=others | {person}, supervisor=min(others), words=W),
    ]


def test_no_work_and_no_secret_is_given_to_who_left_or_never_was_there(world: World) -> None:
    signal, detective = filed("politie"), world.people["politie", Role.DETECTIVE]
    stranger, here = world.people["nla", Role.ANALYST], row(signal).unit_id
    circle = frozenset(str(world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER))

    def all_of(person: str, unit: str) -> list[list[str]]:
        done = [do(world, signal, one, Role.COORDINATOR) for one in commands_naming(person, unit, circle)]
        return [codes(one) if isinstance(one, Refused) else [] for one in done]

    for nobody in (str(stranger.pk), str(new_id()), "not-a-key"):
        assert all_of(nobody, here) == [["assignee-inactive"]] * 4, nobody
    Person.objects.using("owner").filter(pk=detective.pk).update(is_active=False)
    assert all_of(str(detective.pk), here) == [["assignee-inactive"]] * 4
    Person.objects.using("owner").filter(pk=detective.pk).update(is_active=True)
    assert row(signal).events == 1
    task = c.AddTask(id="t1", kind="call-somebody", by=Holder("nla-team"), due=NOW.date() + timedelta(days=2), words=W)
    assert codes(do(world, signal, task, Role.COORDINATOR)) == ["assignee-other-service"]
    elsewhere = c.AskAuthor(id="q1", to=Holder("nla-team", str(detective.pk)), questions=("where",), words=W)
    assert codes(do(world, signal, elsewhere, Role.COORDINATOR)) == ["assignee-inactive"], "works in another unit"
    assert all_of(str(detective.pk), here) == [[], [], [], []]
    assert row(signal).events == 5
    analyst = str(world.people["politie", Role.ANALYST].pk)
    asked, task_, planned, _circle = commands_naming(analyst, here, circle)
    for outside in (asked, task_, planned):
        assert codes(do(world, signal, outside, Role.COORDINATOR)) == ["not-in-need-to-know"]


@pytest.mark.parametrize("number", range(4))
def test_who_leaves_while_they_are_named_is_not_named(world: World, number: int) -> None:
    signal, detective = filed("politie"), world.people["politie", Role.DETECTIVE]
    circle = frozenset(str(world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER))
    named: list[Done | Refused] = []

    def name() -> None:
        command = commands_naming(str(detective.pk), row(signal).unit_id, circle)[number]
        named.append(do(world, signal, command, Role.COORDINATOR))
        connections.close_all()

    one = Thread(target=name)
    with transaction.atomic(using="owner"):
        Person.objects.using("owner").filter(pk=detective.pk).update(is_active=False)
        one.start()
        one.join(timeout=0.3)
        assert one.is_alive(), "it waits for who is leaving"
    one.join()
    assert codes(named[0]) == ["assignee-inactive"]


def test_who_leaves_while_something_is_given_to_them_keeps_nothing(world: World) -> None:
    signal, detective = filed("politie"), world.people["politie", Role.DETECTIVE]
    to = Holder(row(signal).unit_id, str(detective.pk))
    given: list[Done | Refused] = []

    def give() -> None:
        given.append(do(world, signal, c.Assign(to=to, to_service="politie", words=W), Role.COORDINATOR))
        connections.close_all()

    one = Thread(target=give)
    with transaction.atomic(using="owner"):
        Person.objects.using("owner").filter(pk=detective.pk).update(is_active=False)
        one.start()
        one.join(timeout=0.5)
        assert one.is_alive(), "it waits for who is leaving"
    one.join()
    assert codes(given[0]) == ["assignee-inactive"]


def test_an_open_signal_without_date_is_refused_by_the_database_itself(world: World) -> None:
    signal = filed("politie")
    with pytest.raises(IntegrityError, match="open_signal_has_next_action_and_date"), working_for(as_system("politie")):
        Signal.objects.filter(pk=signal).update(due=None)


def test_when_one_part_of_a_change_cannot_be_stored_nothing_is(world: World) -> None:
    signal = filed("politie")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE store_notice RENAME TO gone")
    to = Holder(row(signal).unit_id, str(world.people["politie", Role.DETECTIVE].pk))
    with pytest.raises(ProgrammingError, match="store_notice"):
        do(world, signal, c.Assign(to=to, to_service="politie", words=W), Role.COORDINATOR)
    assert (row(signal).events, row(signal).owner_id, CaseEvent.objects.using("owner").count()) == (1, None, 1)
    assert verify_stored().breaks == ()


def test_an_act_takes_the_same_number_of_queries_however_long_the_history(world: World) -> None:
    signal = filed("politie")
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert isinstance(do(world, signal, c.Note(words=W)), Done)
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 16


def test_an_action_cannot_be_part_of_another_transaction(world: World) -> None:
    signal = filed("politie")
    with working_for(as_system("politie")), pytest.raises(RuntimeError, match="durable"):
        do(world, signal, c.Take())


def test_what_happens_to_no_signal_is_in_the_same_chain(world: World) -> None:
    with working_for(as_system("kmar")):
        append_record("kmar", "grant-given", "system", NOW, {"person": "x", "reason": {"words": "Nieuw in het team."}})
    event = CaseEvent.objects.using("owner").get(service="kmar")
    assert event.signal is None
    assert "Nieuw" not in event.body


def test_somebody_of_another_unit_may_not(world: World) -> None:
    from seinpost.store.models import Service, Unit

    unit = Unit.objects.create(
        code="politie-oost", service=Service.objects.get(pk="politie"), task="police-task", processing="wpg-8"
    )
    with working_for(as_system("politie")):
        person = make_person(unit, Role.ANALYST)
        Grant.objects.filter(person=person).update(units=["politie-oost"])
    signal = filed("politie", received())
    from seinpost.store.acting import as_person

    assert codes(act(acting=as_person(person), signal=signal, ask=c.Take(), now=LATER, plan=plan())) == ["other-unit"]
