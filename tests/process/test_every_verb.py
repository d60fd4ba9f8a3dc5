"""Every verb in every phase by everybody: events that hold the guarantee, or a refusal with sentences for its codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.process.world import (
    ABE,
    ANA,
    CO,
    EVERYBODY,
    MAKERS,
    NOW,
    SYSTEM,
    WIM,
    W,
    confirmed,
    did,
    do,
    in_phase,
    plan,
    proposed,
    purpose_of,
    registration,
    signal,
)

from seinpost.errors import RunError
from seinpost.packs.procedure.terms import CHANGES, LATER, OPEN_PHASES, Guard, Phase, Refusal, Verb
from seinpost.process import commands as c
from seinpost.process.decide import VERBS, offered
from seinpost.process.fold import apply, fold
from seinpost.process.guarantee import prove
from seinpost.process.shapes import Allowed, Holder, Refused, SignalView, ToDo, Urgency
from seinpost.process.speech import say
from seinpost.process.verbs.guards import GUARDS

KNOWN = frozenset(refusal.value for refusal in Refusal)
# Phases of the second half have no way in yet: their place is proved on signals put there by hand.
SITUATIONS = {
    **{phase.value: in_phase(phase) for phase in Phase},
    "paused": did(
        confirmed(), c.PauseClock(reason="waiting-service", until=NOW.date() + timedelta(days=9), words=W), ANA, NOW
    ),
    "urgent": did(confirmed(), c.MarkUrgent(urgency=Urgency(risk_to_life=True), words=W), ANA, NOW),
    "filed": signal(filed=True),
    "pending": proposed(),
    "held": did(signal(), c.Take(), WIM, NOW),
    "restricted": did(signal(), c.Restrict(people=frozenset(("wim", "co")), supervisor="co", words=W), WIM, NOW),
    "escalated": did(signal(), c.Escalate(words=W), ANA, NOW),
    "with-task": did(signal(), c.AskAuthor(id="t0", to=Holder("avim", "ana"), questions=("when",)), ANA, NOW),
    "broken-glass": did(signal(), c.BreakGlass(words=W), ABE, NOW),
    "joined-here": apply(signal(), do(signal("s2"), c.Join(target=signal()), ANA, NOW)[1]),  # type: ignore[index]
}


def holds(view: SignalView, other: SignalView) -> None:
    """Whatever was done, it is no orphan, and it is open with owner, action and date, or rests with its proof."""
    phases = {other.id: other.phase, "s2": Phase.REGISTERED}
    assert prove([view], plan(), phases=phases).orphans == ()
    if view.phase in OPEN_PHASES:
        assert view.standing.owner is not None
        assert view.standing.next_action is not None
        assert view.standing.next_action.due <= view.standing.next_action.very_late


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_verb_gives_events_or_a_known_refusal(situation: str) -> None:
    view, other = SITUATIONS[situation], signal("s2")
    for verb, make in MAKERS:
        for actor in EVERYBODY:
            result = do(view, make(view, NOW, other), actor, NOW)
            if isinstance(result, Refused):
                assert result.reasons, (verb, actor.id)
                assert set(result.codes) <= KNOWN
                for language in ("nl", "en"):
                    assert all(len(text) > 10 for text in say(result, plan(), language))
            else:
                after = view
                for event in result:
                    assert event.verb is verb
                    assert event.by == actor.id
                    assert event.at == NOW
                    after = apply(after, event) if event.signal == view.id else after
                holds(after, other)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_not_offered_is_refused_for_those_reasons(situation: str) -> None:
    view, other = SITUATIONS[situation], signal("s2")
    for actor in EVERYBODY:
        for purpose in {purpose_of(actor, verb) for verb in VERBS}:
            offers = offered(view, actor, NOW, plan(), purpose=purpose)
            for verb, make in MAKERS:
                if verb in VERBS and purpose_of(actor, verb) is purpose:
                    result = do(view, make(view, NOW, other), actor, NOW)
                    offer = offers.get(verb)
                    if isinstance(offer, Refused):
                        assert isinstance(result, Refused)
                        assert set(offer.reasons) <= set(result.reasons)
                    elif not isinstance(result, Refused):
                        assert offer == Allowed()


def test_a_verb_works_in_a_phase_for_somebody_if_and_only_if_the_pack_says_so() -> None:
    """For each verb and phase of the first half: no move, then only that refusal; a move, then another answer."""
    other = signal("s2")
    for phase in Phase:
        asked = ToDo("t0", "ask-author", W, Holder("avim", "ana"), NOW)
        view = replace(in_phase(phase), todos=(asked,))
        for verb, make in MAKERS:
            if verb in LATER | {Verb.REGISTER, Verb.FILE}:
                continue
            answers = [do(view, make(view, NOW, other), actor, NOW) for actor in EVERYBODY]
            unknown = [isinstance(found, Refused) and found.codes == ("not-in-this-phase",) for found in answers]
            assert any(unknown) != ((verb, phase) in plan().moves), (verb, phase)


def test_the_tables_cover_the_closed_sets() -> None:
    assert set(VERBS) == CHANGES - {Verb.REGISTER, Verb.FILE}
    assert set(c.COMMANDS) == CHANGES
    assert set(GUARDS) == set(Guard)
    assert {verb for verb, _ in MAKERS} == CHANGES | LATER
    for verb, command in c.COMMANDS.items():
        assert command.verb is verb


def test_a_verb_of_the_second_half_is_known_and_refused_with_its_own_code() -> None:
    for verb in LATER:
        result = do(signal(), c.Later(wanted=verb), CO, NOW)
        assert isinstance(result, Refused)
        assert result.codes == ("not-yet-available",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": "pigeon"}, "unknown-code"),
        ({"channel": "border"}, "unknown-code"),
        ({"unit": ""}, "unknown-code"),
        ({"digest": ""}, "unknown-code"),
        ({"missing": ("what",)}, "unknown-code"),
        ({"received_at": NOW + timedelta(seconds=1)}, "time-before-last-event"),
    ],
)
def test_a_registration_handed_in_badly_is_refused(change: dict[str, object], code: str) -> None:
    result = do(None, registration(**change), SYSTEM, NOW)  # type: ignore[arg-type]
    assert isinstance(result, Refused)
    assert result.codes == (code,)


def test_a_protected_channel_puts_its_source_in_a_compartment() -> None:
    assert signal(channel="anonymous-line").compartment == "anonymous-line"
    assert signal().compartment == ""


def test_the_same_signal_is_registered_once() -> None:
    result = do(signal(), registration(), SYSTEM, NOW)
    assert isinstance(result, Refused)
    assert result.codes == ("exists-already",)


def test_a_broken_history_is_a_fault_not_a_view() -> None:
    events = do(signal(), c.Note(words=W), ANA, NOW)
    undo = do(did(signal(), c.Unsure(), ANA, NOW), c.Undo(), ANA, NOW)
    assert not isinstance(events, Refused)
    assert not isinstance(undo, Refused)
    for broken in ((), events):
        with pytest.raises(RunError):
            fold(broken)
    with pytest.raises(RunError):
        apply(signal(), undo[0])
