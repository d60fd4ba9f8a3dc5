"""Silent rules at intake: what is left decides, danger and strong facts are never silent, and every silence ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import ANA, CO, NOW, SYSTEM, W, plan

from seinpost.packs.procedure.terms import Phase, Processing, Profile, Purpose, Setting, Task, Verb
from seinpost.process import commands as c
from seinpost.process.codec import from_plain, to_plain
from seinpost.process.deadlines import Lateness, lateness, local_day
from seinpost.process.decide import decide
from seinpost.process.events import Event, Silenced
from seinpost.process.filing.silence import Addend, is_silent_sample, silenced_by
from seinpost.process.fold import apply, fold
from seinpost.process.guarantee import Flaw, prove, queue_rank, speaking
from seinpost.process.shapes import CALM, Refused, SignalView, Suppression, Urgency

TODAY = local_day(NOW)
UNTIL = TODAY + timedelta(days=60)
PHONE, FIRM = "phone:+31612345678", "firm:uitzendbureau x"
NEVER = min(plan().never_silent)
RULES = ("AFH-01", "AFH-02", "ARB-02", "ARB-03", NEVER)
rule = Suppression("AFH-01", PHONE, "shared-address", UNTIL)
KIND = (Task.POLICE, Processing.WPG_8)

addend = st.builds(
    Addend,
    st.sampled_from(RULES),
    st.sampled_from(("indicator", "counter", "minor", "dimension", "combination", "resemblance", "encoder")),
    st.sampled_from((-2.0, 0.0, 1.0, 2.0, 4.0)),
)
suppression = st.builds(
    Suppression,
    st.sampled_from(RULES),
    st.sampled_from((PHONE, FIRM)),
    st.just("shared-address"),
    st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=90)),
)


def silenced(layer: str, addends: list[Addend], running: list[Suppression], urgency: Urgency = CALM) -> set[str]:
    """The rules that keep a registration out of the queue, whose text names the phone."""
    found = silenced_by(layer, addends, {PHONE}, running, urgency, today=TODAY, plan=plan())
    return {one.rule for one in found}


@given(st.lists(addend, max_size=8), st.lists(suppression, max_size=5), st.sampled_from("ABCD"), st.booleans())
def test_only_what_may_be_silent_is(
    addends: list[Addend], running: list[Suppression], layer: str, danger: bool
) -> None:
    met = silenced(layer, addends, running, Urgency(risk_to_life=danger))
    assert met <= {one.rule for one in running if one.entity == PHONE and one.until > TODAY} - plan().never_silent
    assert not met or (layer in "ABC" and not danger)
    assert not silenced(layer, addends, running, Urgency(minor=True))
    kept = [one for one in addends if one.rule not in met and one.kind == "indicator"]
    assert not met or sum(one.weight for one in kept if one.weight > 0) < plan().settings[Setting.SILENCE_BELOW]
    assert not met or not any(one.rule == NEVER and one.weight >= 4 for one in kept), (
        "a lone strong fact reaches people"
    )


@given(st.lists(addend, max_size=8), st.lists(suppression, max_size=5), addend)
def test_more_that_speaks_for_it_never_makes_it_silent(
    addends: list[Addend], running: list[Suppression], more: Addend
) -> None:
    if not silenced("B", addends, running) and more.rule not in {one.rule for one in running}:
        assert not silenced("B", [*addends, more], running)


def test_what_is_left_decides() -> None:
    two = [Addend("AFH-01", "indicator", 2.0), Addend("ARB-02", "indicator", 2.0)]
    assert silenced("C", two, [rule]) == {"AFH-01"}
    assert silenced("C", [*two, Addend("ARB-03", "indicator", 2.0)], [rule]) == set()
    assert silenced("C", [*two, Addend("K", "combination", 3.0)], [rule]) == set(), "it may rest on what is left"
    alone = [Addend("AFH-01", "indicator", 2.0), Addend("K", "combination", 6.0)]
    assert silenced("B", alone, [rule]) == {"AFH-01"}, "a combination falls with all it rested on"
    assert silenced("C", [two[0], Addend("", "resemblance", 4.5)], [rule]) == set()
    assert silenced("C", [two[0], Addend("", "encoder", 4.5)], [rule]) == set()


def came_in(*met: Suppression, sample: bool = False, **change: object) -> tuple[SignalView, tuple[Event, ...]]:
    """A registration that met silent rules."""
    command = c.Register(
        signal="s1", service="politie", profile=Profile.POLITIE, task=Task.POLICE, processing=Processing.WPG_8,
        unit="avim", channel="scan", external_id="R1", digest="d", received_at=NOW - timedelta(hours=2),
        silenced_by=met, silent_sample=sample,
    )  # fmt: skip
    events = decide(None, replace(command, **change), SYSTEM, NOW, plan(), purpose=Purpose.GUARDING)  # type: ignore[arg-type]
    assert not isinstance(events, Refused), events
    return fold(events), events


def after(view: SignalView, command: c.Command, actor: object = ANA, days: int = 1) -> SignalView:
    """The signal after a command some days later."""
    purpose = Purpose.GUARDING if actor is SYSTEM else Purpose.FOLLOW_UP
    events = decide(view, command, actor, NOW + timedelta(days=days), plan(), purpose=purpose)  # type: ignore[arg-type]
    assert not isinstance(events, Refused), events
    for event in events:
        view = apply(view, event)
    return view


def test_a_silent_signal_has_an_owner_an_action_and_a_date_on_which_it_speaks() -> None:
    view, events = came_in(rule)
    assert view.standing.silent_until == UNTIL
    assert view.standing.next_action is not None
    assert view.standing.next_action.kind == "review-silence"
    assert local_day(view.standing.next_action.due) == UNTIL
    assert not prove([view], plan()).orphans
    fact = events[1].fact
    assert isinstance(fact, Silenced)
    assert from_plain(fact.kind, fact.version, to_plain(fact)) == fact
    broken = replace(view, standing=replace(view.standing, suspended=None))
    assert prove([broken], plan()).orphans[0].flaws == (Flaw.SILENT_FOR_GOOD,)


def test_danger_a_minor_and_what_a_person_filed_are_never_silent() -> None:
    for urgency in (Urgency(risk_to_life=True), Urgency(minor=True)):
        assert came_in(rule, urgency=urgency)[0].standing.silent_until is None
    base = came_in(rule)[1][0].fact
    filed = c.File(
        signal="s2", service="politie", profile=Profile.POLITIE, task=Task.POLICE, processing=Processing.WPG_8,
        unit="avim", channel="desk", external_id="", digest="d", received_at=NOW, silenced_by=(rule,),
    )  # fmt: skip
    events = decide(None, filed, ANA, NOW, plan())
    assert base
    assert not isinstance(events, Refused), events
    assert len(events) == 1


def test_a_sample_stays_in_the_queue_and_is_marked() -> None:
    view, plain = came_in(rule, sample=True)[0], came_in()[0]
    assert (view.silent_sample, view.silenced_by) == (True, (rule,))
    assert view.standing == plain.standing
    assert queue_rank(view, NOW) == queue_rank(plain, NOW)


def test_it_speaks_when_a_rule_ends_or_is_lifted_and_is_then_on_time() -> None:
    other = replace(rule, rule="ARB-02", until=UNTIL + timedelta(days=5))
    view, _events = came_in(rule, other)
    running = {KIND: [rule, other]}
    assert not speaking([view], running, UNTIL - timedelta(days=1))
    for left, today in (({KIND: [rule]}, TODAY), ({KIND: [other]}, TODAY), (running, UNTIL), ({}, TODAY)):
        assert [signal for signal, _command in speaking([view], left, today)] == ["s1"]
    [(_signal, command)] = speaking([view], {}, TODAY)
    spoken = after(view, command, SYSTEM, days=50)
    assert spoken.standing.silent_until is None
    assert spoken.standing.suspended is None
    assert spoken.standing.next_action is not None
    assert spoken.standing.next_action.kind == "triage"
    assert lateness(spoken.standing.next_action, NOW + timedelta(days=50)) is Lateness.ON_TIME
    assert not speaking([spoken], {}, UNTIL)


def test_whatever_is_done_with_it_ends_its_silence() -> None:
    view, _events = came_in(rule)
    other = replace(came_in()[0], id="s3")
    urgent = c.MarkUrgent(urgency=Urgency(risk_to_life=True), words=W)
    done = (
        c.Take(), c.Confirm(), c.Unsure(), urgent, c.Postpone(until=date(2026, 12, 20), words=W),
        c.Correct(digest="e", words=W, changes_meaning=True), c.Join(target=other, words=W),
    )  # fmt: skip
    for command in done:
        found = after(view, command)
        assert found.standing.silent_until is None, command
        if found.is_open:
            assert found.standing.next_action is not None
            assert found.standing.next_action.kind != "review-silence", command
            assert not prove([found], plan()).orphans, command
    undone = after(after(view, c.Dismiss(reason="explained")), c.Undo(), days=1)
    assert undone.standing == view.standing


def test_what_is_joined_to_a_silent_signal_does_not_fall_silent_with_it() -> None:
    view, _events = came_in(rule)
    other = replace(came_in()[0], id="s3")
    events = decide(other, c.Join(target=view, words=W), ANA, NOW + timedelta(days=1), plan())
    assert not isinstance(events, Refused)
    for event in events:
        view = apply(view, event) if event.signal == view.id else view
    assert view.standing.silent_until is None
    assert view.standing.phase is Phase.REGISTERED


def test_a_rule_that_is_never_silent_cannot_be_silenced() -> None:
    view, _events = came_in()
    command = c.Suppress(rule=NEVER, entity=PHONE, reason="shared-address", until=UNTIL, words=W)
    refused = decide(view, command, CO, NOW + timedelta(days=1), plan())
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.reasons] == ["never-silent"]
    assert command.verb is Verb.SUPPRESS


def test_the_sample_is_of_the_size_that_the_pack_says_and_always_the_same() -> None:
    drawn = [is_silent_sample(f"{number:064x}", plan()) for number in range(4000)]
    share = plan().settings[Setting.SILENT_SAMPLE_PER_MILLE] / 1000
    assert abs(sum(drawn) / 4000 - share) < 0.02
    assert drawn == [is_silent_sample(f"{number:064x}", plan()) for number in range(4000)]
