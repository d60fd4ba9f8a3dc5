"""Notices by mail, through a real mail server: at once or in the day's digest, nothing of a signal, none lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st
from tests.store.signals import TEXT, filed, received
from tests.store.world import NOW, World, make_world, plan
from tests.worker.smtp import Postbox, mail_server

from seinpost.errors import DatabaseError, MailError
from seinpost.packs.procedure.terms import Role
from seinpost.process.commands import Assign, Take
from seinpost.process.deadlines import local_day
from seinpost.process.shapes import Holder, Refused, Urgency
from seinpost.process.telling.letter import pause_after, wants_digest
from seinpost.server.environment import Environment, MailAddress
from seinpost.server.worker.post import do_post
from seinpost.store.acting import as_person, as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.duty import prove_nightly
from seinpost.store.actions.notify import make_mails
from seinpost.store.actions.own import read_notices, set_mail
from seinpost.store.actions.staff import reset_factor
from seinpost.store.jobs import outbox
from seinpost.store.models import Mail, Notice, Person

MORNING = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # 9:00 in the Netherlands


@pytest.fixture
def box() -> Iterator[Postbox]:
    with mail_server(Postbox()) as found:
        yield found


@pytest.fixture
def world(db: str, box: Postbox, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two services with an analyst who gets mail, on a mail server."""
    environment: Environment = settings.ENVIRONMENT
    address = MailAddress("127.0.0.1", box.port, "", "", tls=False)
    changed = replace(environment, mail=address, mail_from="seinpost@dienst.example", mail_domains=("dienst.example",))
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    world = make_world(("politie", "kmar"))
    for (service, role), person in world.people.items():
        set_mail(acting=as_person(person), address=f"{role.value}.{service}@dienst.example", hour=8)
        Person.objects.filter(pk=person.pk).update(digest_on=NOW.date())
    return world


def assign(world: World, service: str = "politie") -> None:
    """Give a new signal to the analyst of a service."""
    analyst = world.people[service, Role.ANALYST]
    ask = Assign(to=Holder(f"{service}-team", str(analyst.pk)), to_service=service)
    done = act(acting=world.acting(Role.COORDINATOR, service), signal=filed(service), ask=ask, now=NOW, plan=plan())
    assert not isinstance(done, Refused)


def notice_of(person: Person, kind: str, number: int = 1) -> None:
    """Notices that can wait."""
    signal = filed(person.service_id)
    with working_for(as_system(person.service_id)):
        for _ in range(number):
            Notice.objects.create(
                service_id=person.service_id, person=person, signal=signal, event_kind=kind, at=NOW
            )  # fmt: skip


def test_what_is_assigned_is_mailed_at_once_and_says_nothing_of_the_signal(world: World, box: Postbox) -> None:
    assign(world)
    assert do_post(NOW, plan()) == {"at-once": 1, "sent": 1}
    [(to, text)] = box.mails
    assert to == "analyst.politie@dienst.example"
    assert "P-0000" in text
    assert "/signalen/" in text
    assert "Toegewezen" in text
    assert "Beoordelen of dit een signaal is" in text
    person = world.people["politie", Role.ANALYST]
    assert "paspoorten" in TEXT
    for secret in (person.name, "paspoort", "12345678", "Betrokkene", "verklaard", "baas"):
        assert secret not in text
    assert do_post(NOW, plan()) == {}, "none twice"


def test_told_to_stop_it_stops_between_two_mails(world: World, box: Postbox) -> None:
    assign(world)
    assign(world, "kmar")
    turns = iter((True, False))
    assert do_post(NOW, plan(), lambda: next(turns, False)) == {"at-once": 2, "sent": 1, "stopped": 1}
    assert do_post(NOW, plan()) == {"sent": 1}


def test_danger_and_what_is_very_late_reach_who_leads_the_unit(world: World, box: Postbox) -> None:
    filed("politie", received(urgency=Urgency(risk_to_life=True)))
    filed("kmar", received(urgency=Urgency(minor=True)))
    do_post(NOW, plan())
    assert [to for to, _text in box.mails] == ["coordinator.politie@dienst.example"]


def test_an_orphan_that_the_nightly_proof_finds_is_mailed_that_night(world: World, box: Postbox) -> None:
    lost, night = filed("politie"), datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    Notice.objects.using("owner").all().delete()
    assert prove_nightly(now=night, plan=plan())["orphans"] == 0
    with connections["owner"].cursor() as cursor:  # by hand: no action can
        later = "very_late = very_late + interval '9 day', due = due + interval '1 day'"
        cursor.execute(f"UPDATE store_signal SET {later} WHERE id = %s", [lost])
    for _ in range(2):  # the job is tried again
        with pytest.raises(DatabaseError, match="1 orphans"):
            prove_nightly(now=night, plan=plan())
    assert do_post(night + timedelta(minutes=1), plan()) == {"at-once": 1, "sent": 1}
    [(to, text)] = box.mails
    assert to == "coordinator.politie@dienst.example"
    assert "buiten de waarborg" in text
    assert f"/signalen/{lost}/" in text
    with pytest.raises(DatabaseError, match="1 orphans"):
        prove_nightly(now=night + timedelta(days=1), plan=plan())
    assert do_post(night + timedelta(days=1), plan())["sent"] == 1, "again, as long as it lasts"


def test_the_rest_comes_once_a_day_from_the_chosen_hour_in_the_readers_language(world: World, box: Postbox) -> None:
    analyst, other = world.people["politie", Role.ANALYST], world.people["kmar", Role.ANALYST]
    Person.objects.filter(pk=other.pk).update(language="en", digest_hour=None)
    Person.objects.filter(pk=analyst.pk).update(language="en")
    notice_of(analyst, "task-added", 60)
    notice_of(other, "task-added")
    assert do_post(MORNING - timedelta(hours=2), plan()) == {}
    assert do_post(MORNING, plan()) == {"digests": 1, "sent": 1}
    [(to, text)] = box.mails
    assert to == "analyst.politie@dienst.example"
    assert "daily digest, 60 notices" in text
    assert "And 10 notices more" in text
    notice_of(analyst, "task-added")
    assert do_post(MORNING + timedelta(hours=3), plan()) == {}, "one a day"
    assert do_post(MORNING + timedelta(days=1), plan()) == {"digests": 1, "sent": 1}


def test_the_digest_ends_with_what_is_late_and_comes_for_that_alone(world: World, box: Postbox) -> None:
    signal = filed("politie")
    done = act(acting=world.acting(Role.ANALYST), signal=signal, ask=Take(), now=NOW, plan=plan())
    assert not isinstance(done, Refused)
    assert do_post(MORNING, plan()) == {}, "on time: nothing to say"
    for day, language, word in ((2, "nl", "Te laat. Gevraagd: Beoordelen"), (3, "en", "Late. Asked: Decide")):
        Person.objects.filter(pk=world.people["politie", Role.ANALYST].pk).update(language=language)
        assert do_post(MORNING + timedelta(days=day), plan()) == {"digests": 1, "sent": 1}
        assert word in box.mails[-1][1]
    assert {to for to, _text in box.mails} == {"analyst.politie@dienst.example"}


def test_what_was_read_meanwhile_is_not_mailed(world: World, box: Postbox) -> None:
    assign(world)
    assert make_mails(now=NOW) == {"at-once": 1}
    read_notices(acting=world.acting(Role.ANALYST), now=NOW)
    assert do_post(NOW, plan()) == {"dropped": 1}
    assert box.mails == []


def test_mail_goes_to_domains_of_ones_own_only(world: World, box: Postbox) -> None:
    analyst = world.people["politie", Role.ANALYST]
    set_mail(acting=as_person(analyst), address="analist@elders.example", hour=8)
    assign(world)
    assert do_post(NOW, plan()) == {"at-once": 1, "dropped": 1}
    assert box.mails == []


def test_an_address_that_is_refused_waits_longer_each_time_and_keeps_nobody_else_waiting(
    world: World, box: Postbox
) -> None:
    box.refuse.add("analyst.politie@dienst.example")
    assign(world)
    assign(world, "kmar")
    assert do_post(NOW, plan()) == {"at-once": 2, "sent": 1, "put-off": 1}
    assert [to for to, _text in box.mails] == ["analyst.kmar@dienst.example"]
    assert do_post(NOW + timedelta(seconds=59), plan()) == {}
    assert do_post(NOW + timedelta(seconds=61), plan()) == {"put-off": 1}
    assert do_post(NOW + timedelta(seconds=61 + 119), plan()) == {}
    with working_for(as_system("politie")):
        mail = outbox("politie")
    assert (mail.waiting, mail.attempts, mail.fault) == (1, 2, "refused: 550")
    box.refuse.clear()
    assert do_post(NOW + timedelta(hours=1), plan()) == {"sent": 1}


def test_a_server_that_is_away_or_breaks_off_loses_nothing(world: World, box: Postbox) -> None:
    box.broken = True
    for _ in range(3):
        assign(world)
        make_mails(now=NOW)
    with pytest.raises(MailError, match="does not take mail"):
        do_post(NOW, plan())
    assert do_post(NOW + timedelta(seconds=30), plan()) == {}, "no mail is tried while the server rests"
    box.broken = False
    assert do_post(NOW + timedelta(minutes=2), plan()) == {"sent": 3}
    assert len({text.partition("Message-ID: ")[2].partition("\n")[0] for _to, text in box.mails}) == 3
    with working_for(as_system("politie")):
        assert Mail.objects.filter(sent_at=None).count() == 0
        assert Notice.objects.filter(mailed_at=None, event_kind="assigned").count() == 0


@given(st.integers(1, 200))
def test_pauses_grow_and_end(attempts: int) -> None:
    assert pause_after(attempts) <= pause_after(attempts + 1) <= timedelta(hours=6)


@given(st.integers(0, 23), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_a_digest_is_wanted_once_on_every_day(hour: int, start: datetime) -> None:
    last, days = None, set()
    for minutes in range(0, 3 * 24 * 60, 30):
        now = start + timedelta(minutes=minutes)
        if wants_digest(hour, last, now):
            last = wanted = local_day(now)
            assert wanted not in days
            days.add(wanted)
    assert 2 <= len(days) <= 4
    assert not wants_digest(None, last, start)


def test_a_reset_second_factor_is_told_by_mail_and_once(world: World, box: Postbox) -> None:
    boss, analyst = world.acting(Role.ADMINISTRATOR), world.people["politie", Role.ANALYST]
    assert reset_factor(acting=boss, person=analyst, now=NOW, by_mail=True) == 0
    assert do_post(NOW, plan()) == {"sent": 1}
    assert not do_post(NOW + timedelta(hours=1), plan())
    [(to, text)] = box.mails
    assert to == "analyst.politie@dienst.example"
    assert "uw tweede factor is gewist" in text
