"""The proof by day says what the proof from everything says, and neither takes work in progress for a lost signal."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import InternalError, connections
from tests.store.signals import filed
from tests.store.world import NOW, World, make_world, plan

from seinpost.packs.procedure.terms import ListName, Role
from seinpost.process import commands as c
from seinpost.process.guarantee import Proof
from seinpost.process.people import Words
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import Ask, act
from seinpost.store.actions.duty import prove_nightly
from seinpost.store.models import CaseEvent, Person, Signal
from seinpost.store.queries.guarantee import last_proof, prove_now, prove_service

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def world(db: str) -> World:
    return make_world(("politie", "kmar"))


def do(world: World, role: Role, signal: UUID, ask: Ask, other: UUID | None = None) -> None:
    """Do a verb that is not refused."""
    done = act(acting=world.acting(role), signal=signal, ask=ask, now=LATER, plan=plan(), other=other)
    assert not isinstance(done, Refused), done


def both(service: str = "politie") -> Proof:
    """The proof by day, which must be the proof from everything."""
    fast, full = prove_now(service, plan()), prove_service(service, plan())
    assert (fast.checked, sorted(fast.orphans, key=str)) == (full.checked, sorted(full.orphans, key=str))
    return full


def test_by_day_it_says_what_all_signals_say_whatever_happened_since_the_night(world: World) -> None:
    taken, joined, target, other = (filed("politie") for _ in range(4))
    filed("kmar")
    assert both().checked == 4, "also before the first night"
    prove_nightly(now=NOW, plan=plan())
    assert both().orphans == ()
    do(world, Role.ANALYST, taken, c.Take())
    do(world, Role.ANALYST, joined, lambda to: c.Join(target=to, words=Words("Zelfde adres.")), other=target)
    filed("politie")
    assert both().checked == 5
    assert both().orphans == ()
    reason = next(iter(plan().lists[ListName.DISMISSAL]))
    do(world, Role.ANALYST, other, c.Dismiss(reason=reason, words=Words("Oefening.")))
    Person.objects.filter(pk=world.people["politie", Role.ANALYST].pk).update(is_active=False)
    left = both().orphans
    assert [orphan.signal for orphan in left] == [str(taken)]
    with pytest.raises(Exception, match="orphans"):
        prove_nightly(now=LATER, plan=plan())
    with working_for(as_system("politie")):
        nightly = last_proof("politie")
    assert nightly is not None
    assert nightly.orphans == (taken,)
    Person.objects.filter(pk=world.people["politie", Role.ANALYST].pk).update(is_active=True)
    assert both().orphans == (), "what was an orphan by night is looked at again"


def test_a_signal_without_events_is_an_orphan_by_day_too(world: World) -> None:
    signal = filed("politie")
    prove_nightly(now=NOW, plan=plan())
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE store_caseevent DISABLE TRIGGER append_only")
        cursor.execute("DELETE FROM store_caseevent WHERE signal = %s", [signal])
        cursor.execute("UPDATE store_signal SET last_at = %s", [LATER])
    assert [orphan.signal for orphan in both().orphans] == [str(signal)]


def test_a_proof_sees_one_moment_and_changes_nothing(world: World) -> None:
    signal = filed("politie")
    with working_for(as_system("politie"), reach="all", snapshot=True):
        before = Signal.objects.get(pk=signal).due
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE store_signal SET due = due - interval '1 day'")
        assert Signal.objects.get(pk=signal).due == before
        assert CaseEvent.objects.filter(signal=signal).exists()
    with pytest.raises(InternalError, match="read-only"), working_for(as_system("politie"), snapshot=True):
        Signal.objects.filter(pk=signal).update(due=NOW)
