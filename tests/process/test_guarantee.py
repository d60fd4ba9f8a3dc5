"""The proof finds what it must find: each way a broken row could make a signal disappear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.process.world import ANA, NOW, W, answers, closed, confirmed, did, in_phase, plan, signal

from seinpost.packs.procedure.terms import Phase, Role, VictimContact
from seinpost.process import commands as c
from seinpost.process.guarantee import Flaw, doers, is_sampled, prove
from seinpost.process.people import Words
from seinpost.process.shapes import Holder, SignalView, Suppression, Urgency


def standing(view: SignalView, **change: Any) -> SignalView:
    return replace(view, standing=replace(view.standing, **change))


def action(view: SignalView, **change: Any) -> SignalView:
    assert view.standing.next_action is not None
    return standing(view, next_action=replace(view.standing.next_action, **change))


def closing(**change: Any) -> SignalView:
    view = closed()
    assert view.standing.closing is not None
    return standing(view, closing=replace(view.standing.closing, **change))


PAUSED = did(confirmed(), c.PauseClock(reason="waiting-service", until=NOW.date().replace(month=12), words=W), ANA, NOW)
SILENT = signal(silenced_by=(Suppression("AFH-01", "address:x", "shared-address", date(2026, 12, 20)),))
BROKEN: list[tuple[Callable[[], SignalView], Flaw]] = [
    (lambda: standing(signal(), owner=None), Flaw.NO_OWNER),
    (lambda: standing(signal(), owner=Holder("")), Flaw.NO_OWNER),
    (lambda: standing(signal(), owner=Holder("avim", "gone")), Flaw.OWNER_GONE),
    (lambda: replace(confirmed(), need_to_know=frozenset(("co",))), Flaw.OWNER_MAY_NOT_SEE),
    (lambda: standing(confirmed(), next_action=None), Flaw.NO_NEXT_ACTION),
    (lambda: action(signal(), kind=""), Flaw.NO_NEXT_ACTION),
    (lambda: action(signal(), by=Holder("")), Flaw.NOBODY_ACTS),
    (lambda: action(signal(), by=Holder("avim", "gone")), Flaw.NOBODY_ACTS),
    (lambda: action(signal(), due=NOW.replace(tzinfo=None)), Flaw.NO_DATE),
    (lambda: action(signal(), very_late=NOW), Flaw.NO_DATE),
    (lambda: action(in_phase(Phase.WEIGHED), kind="weigh"), Flaw.NOBODY_CAN),
    (lambda: action(signal(), kind="review-pause"), Flaw.NOBODY_CAN),
    (lambda: action(confirmed(), kind="second-opinion"), Flaw.NOBODY_CAN),
    (lambda: action(signal(), kind="no kind of the pack"), Flaw.NOBODY_CAN),
    (lambda: standing(PAUSED, suspended=None), Flaw.PAUSED_FOR_GOOD),
    (lambda: standing(SILENT, suspended=None), Flaw.SILENT_FOR_GOOD),
    (lambda: standing(SILENT, silent_until=NOW.date()), Flaw.SILENT_FOR_GOOD),
    (lambda: replace(SILENT, urgency=Urgency(minor=True)), Flaw.SILENT_FOR_GOOD),
    (lambda: standing(closed(), closing=None), Flaw.NO_LEADS),
    (lambda: closing(leads=answers().leads[1:]), Flaw.NO_LEADS),
    (lambda: closing(leads=tuple(replace(lead, words=Words(" ")) for lead in answers().leads)), Flaw.NO_LEADS),
    (lambda: closing(reason="too-busy"), Flaw.NO_REASON),
    (lambda: closing(proposed_by="", agreed_by="wil"), Flaw.NO_NAME),
    (lambda: closing(agreed_by=""), Flaw.NO_SECOND_PERSON),
    (lambda: closing(agreed_by="wim"), Flaw.NO_SECOND_PERSON),
    (lambda: closing(victim=VictimContact.NOT_SAFE, victim_words=Words("")), Flaw.NO_VICTIM_ANSWER),
    (lambda: standing(in_phase(Phase.DISMISSED), dismissal=None), Flaw.NO_REASON),
    (lambda: replace(in_phase(Phase.DISMISSED), from_scan=False), Flaw.FILED_AND_DISMISSED),
    (lambda: standing(in_phase(Phase.JOINED), joined_to="nowhere"), Flaw.JOINED_TO_NOTHING),
]


@pytest.mark.parametrize(("broken", "flaw"), BROKEN)
def test_the_proof_finds(broken: Callable[[], SignalView], flaw: Flaw) -> None:
    proof = prove([signal("s8"), broken()], plan(), people=frozenset(("ana", "wim", "wil", "co")))
    assert proof.checked == 2
    (orphan,) = proof.orphans
    assert flaw in orphan.flaws


def test_every_flaw_can_be_found() -> None:
    assert {flaw for _, flaw in BROKEN} == set(Flaw)


def test_a_sound_house_has_no_orphans() -> None:
    views = [replace(in_phase(phase), id=phase.value) for phase in Phase]
    proof = prove(views, plan(), people=frozenset(("ana", "wim")), phases={"s2": Phase.REGISTERED})
    assert (proof.checked, proof.orphans) == (len(Phase), ())


def test_the_roles_that_can_do_a_next_action_are_those_of_the_rights() -> None:
    assert doers(signal(), plan()) == {Role.ANALYST, Role.WEIGHER, Role.COORDINATOR, Role.TRAINEE} | doers(
        confirmed(), plan()
    )  # joining is for everybody who follows up, as submitting is
    assert doers(in_phase(Phase.WEIGHING), plan()) == {Role.WEIGHER, Role.COORDINATOR, Role.TRAINEE}
    assert doers(in_phase(Phase.CLOSED), plan()) == frozenset()


def test_the_sample_is_steady_and_of_its_size() -> None:
    names = [f"s{number}" for number in range(20_000)]
    drawn = [name for name in names if is_sampled(name, "salt", 50)]
    assert drawn == [name for name in names if is_sampled(name, "salt", 50)]
    assert 880 < len(drawn) < 1120  # 1,000 expected, standard deviation 31: four of them either way
    assert drawn != [name for name in names if is_sampled(name, "pepper", 50)]
    assert not any(is_sampled(name, "salt", 0) for name in names)
    assert all(is_sampled(name, "salt", 1000) for name in names)
