"""People, signals and ready-made commands for the tests of the process: three services, every role, one clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from seinpost.packs.procedure import load_procedure
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import (
    ListName,
    Outcome,
    Phase,
    Processing,
    Profile,
    Purpose,
    Role,
    Task,
    Verb,
    VictimContact,
)
from seinpost.process import commands as c
from seinpost.process.decide import decide
from seinpost.process.events import Event
from seinpost.process.fold import apply
from seinpost.process.people import Actor, Grant, Training, Words
from seinpost.process.policy import TRAINING
from seinpost.process.shapes import Holder, Judgement, Lead, Refused, SignalView, Urgency
from seinpost.process.verbs.case import steps_open

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # a Monday
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR = datetime(2040, 1, 1, tzinfo=UTC)
W = Words("dit is een zin met genoeg letters")
PURPOSES = {
    Role.PRIVACY_OFFICER: {Purpose.OVERSIGHT},
    Role.AUDITOR: {Purpose.OVERSIGHT},
    Role.ADMINISTRATOR: {Purpose.MANAGEMENT},
    Role.TRAINEE: {Purpose.TRAINING},
    Role.SYSTEM: {Purpose.GUARDING},
}
FOLLOWING = frozenset((Purpose.FOLLOW_UP, Purpose.COORDINATION, Purpose.EMERGENCY))


@lru_cache(maxsize=1)
def plan() -> Procedure:
    """The Dutch procedure, read once."""
    return load_procedure("nl")


def grant(role: Role, **change: object) -> Grant:
    """A grant of a role at the police, for the whole service, running."""
    purposes = frozenset(PURPOSES.get(role, FOLLOWING))
    made = Grant(role, Task.POLICE, Processing.WPG_8, purposes, LONG_AGO, FAR)
    return replace(made, **change)  # type: ignore[arg-type]


def person(name: str, *roles: Role, service: str = "politie", unit: str = "avim", trained: bool = True) -> Actor:
    """A person with these roles, trained."""
    training = (Training(TRAINING, date(2039, 1, 1)),) if trained else ()
    return Actor(name, service, unit, tuple(grant(role) for role in roles), training)


ANA = person("ana", Role.ANALYST)
ABE = person("abe", Role.ANALYST)
WIM = person("wim", Role.WEIGHER)
WIL = person("wil", Role.WEIGHER)
CO = person("co", Role.COORDINATOR)
PRIVA = person("priva", Role.PRIVACY_OFFICER)
SYSTEM = person("system", Role.SYSTEM)
EVERYBODY = (ANA, ABE, WIM, WIL, CO, PRIVA, SYSTEM)
PURPOSE = {"priva": Purpose.OVERSIGHT, "system": Purpose.GUARDING}


def purpose_of(actor: Actor, verb: Verb) -> Purpose:
    """The purpose an actor of these tests acts for."""
    return Purpose.EMERGENCY if verb is Verb.BREAK_GLASS else PURPOSE.get(actor.id, Purpose.FOLLOW_UP)


def do(view: SignalView | None, command: c.Command, actor: Actor, now: datetime) -> tuple[Event, ...] | Refused:
    """Decide, with the purpose that fits."""
    verb = command.wanted if isinstance(command, c.Later) else command.verb
    return decide(view, command, actor, now, plan(), purpose=purpose_of(actor, verb))


def after(view: SignalView | None, events: Iterable[Event]) -> SignalView:
    """The view of the same signal after events; those about another signal are left out."""
    for event in events:
        if view is None or event.signal == view.id:
            view = apply(view, event)
    assert view is not None
    return view


def did(view: SignalView | None, command: c.Command, actor: Actor, now: datetime) -> SignalView:
    """The view after a command that must be allowed."""
    result = do(view, command, actor, now)
    assert not isinstance(result, Refused), (command, result)
    return after(view, result)


def refused(view: SignalView | None, command: c.Command, actor: Actor, now: datetime) -> tuple[str, ...]:
    """The codes of a refusal that must come."""
    result = do(view, command, actor, now)
    assert isinstance(result, Refused), (command, result)
    return result.codes


def registration(signal: str = "s1", *, filed: bool = False, **change: object) -> c.Register:
    """A flagged registration, or a filed signal, of the police."""
    kind = c.File if filed else c.Register
    made = kind(
        signal=signal,
        service="politie",
        profile=Profile.POLITIE,
        task=Task.POLICE,
        processing=Processing.WPG_8,
        unit="avim",
        channel="desk" if filed else "scan",
        external_id=f"PL-{signal}",
        digest="d1",
        received_at=NOW,
        author="jan",
        missing=("when",),
    )
    return replace(made, **change)  # type: ignore[arg-type]


def signal(name: str = "s1", *, filed: bool = False, now: datetime = NOW, **change: object) -> SignalView:
    """A new signal in the queue."""
    return did(None, registration(name, filed=filed, **change), ANA if filed else SYSTEM, now)


def confirmed(name: str = "s1", **change: object) -> SignalView:
    """A signal in enrichment, of Ana."""
    return did(signal(name, **change), c.Confirm(words=W), ANA, NOW)  # type: ignore[arg-type]


def look_ups(view: SignalView, now: datetime) -> tuple[c.RecordLookUp, ...]:
    """A look-up for each step that is open."""
    return tuple(
        c.RecordLookUp(step=step.code, result="found", words=W, grade="official")
        for step in steps_open(view, plan(), now)
    )


def enriched(view: SignalView, now: datetime = NOW) -> SignalView:
    """With every required step done by Ana."""
    for command in look_ups(view, now):
        view = did(view, command, ANA, now)
    return view


def submitted(name: str = "s1", **change: object) -> SignalView:
    """A signal in the weighers' queue."""
    return did(enriched(confirmed(name, **change)), c.Submit(), ANA, NOW)


def answers(**change: object) -> c.ClosingAnswers:
    """Everything that must be answered before a signal may rest."""
    leads = tuple(Lead(code, False, W) for code, entry in plan().lists[ListName.LEADS].items() if entry.always)
    made = c.ClosingAnswers(reason="no-leads", words=W, leads=leads, victim=VictimContact.UNREACHABLE, victim_words=W)
    return replace(made, **change)  # type: ignore[arg-type]


def judgements(profile: Profile) -> tuple[Judgement, ...]:
    """Every criterion of a service judged."""
    return tuple(Judgement(criterion.code, "unknown", W) for criterion in plan().criteria[profile])


def weighing(outcome: Outcome, profile: Profile = Profile.POLITIE) -> c.Weigh:
    """A complete weighing."""
    closing = answers() if outcome is Outcome.NO_FOLLOW_UP else None
    return c.Weigh(judgements=judgements(profile), outcome=outcome, words=W, seen="digest", closing=closing)


def proposed(name: str = "s1") -> SignalView:
    """A signal that Wim weighed as "no follow-up"."""
    return did(submitted(name), weighing(Outcome.NO_FOLLOW_UP), WIM, NOW)


def closed(name: str = "s1") -> SignalView:
    """A signal that rests, with Wil's agreement."""
    return did(proposed(name), c.Agree(words=W), WIL, NOW)


def in_phase(phase: Phase) -> SignalView:
    """A signal in any phase; those of the second half by hand, because nothing leads there yet."""
    if phase is Phase.REGISTERED:
        return signal()
    if phase is Phase.ENRICHMENT:
        return confirmed()
    if phase is Phase.WEIGHING:
        return submitted()
    if phase is Phase.WEIGHED:
        return did(submitted(), weighing(Outcome.TALK_FIRST), WIM, NOW)
    if phase is Phase.CLOSED:
        return closed()
    if phase is Phase.DISMISSED:
        return did(signal(), c.Dismiss(reason="explained"), ANA, NOW)
    if phase is Phase.JOINED:
        return did(signal(), c.Join(target=signal("s2")), ANA, NOW)
    open_one = did(submitted(), weighing(Outcome.TALK_FIRST), WIM, NOW)
    action = None if phase is Phase.TRANSFERRED else open_one.standing.next_action
    return replace(open_one, standing=replace(open_one.standing, phase=phase, next_action=action))


def every_command(view: SignalView, now: datetime, other: SignalView) -> tuple[c.Command, ...]:
    """One complete command per verb, as somebody who knows the forms would fill it in."""
    day = now.date() + timedelta(days=3)
    open_task = next((todo.id for todo in view.open_todos), "t0")
    return (
        registration("s1"),
        registration("s1", filed=True),
        c.Take(),
        c.Release(words=W),
        c.Assign(to=Holder("avim", "abe"), to_service="politie", words=W),
        c.Confirm(words=W),
        c.Join(target=other, words=W),
        c.Dismiss(reason="explained"),
        c.Unsure(words=W),
        c.Postpone(until=day, words=W),
        c.Undo(words=W, other=other),
        c.RecordLookUp(step="pol-identity", result="nothing", words=W, grade="official"),
        c.Waive(step="pol-history", words=W),
        c.Submit(words=W),
        weighing(Outcome.NO_FOLLOW_UP),
        weighing(Outcome.MORE_ENRICHMENT),
        c.Agree(words=W),
        c.Disagree(words=W),
        c.Close(closing=answers()),
        c.Reopen(ground="new-information", words=W, other=other),
        c.Note(words=W),
        c.Correct(digest="d2", words=W, changes_meaning=True),
        c.AskAuthor(id=f"q{view.sequence}", to=Holder("avim", "ana"), questions=("when",)),
        c.Answer(id=open_task, words=W, answered=("when",)),
        c.AddTask(id=f"t{view.sequence}", kind="call-somebody", by=Holder("avim", "ana"), due=day, words=W),
        c.FinishTask(id=open_task, words=W),
        *(c.Plan(kind=kind.code, words=W, due=day) for kind in plan().actions.values() if view.phase in kind.phases),
        c.Plan(kind="second-look", words=W),
        c.PauseClock(reason="waiting-service", until=day, words=W),
        c.ResumeClock(words=W),
        c.MarkUrgent(urgency=Urgency(minor=True), words=W),
        c.MarkUrgent(urgency=Urgency(risk_to_life=True), words=W),
        c.Restrict(people=frozenset(("ana", "wim", "wil", "co", "abe")), supervisor="co", words=W),
        c.LiftRestriction(words=W),
        c.ProtectSource(compartment="confidential", words=W),
        c.BreakGlass(words=W),
        c.ReviewGlass(person="ana", since=view.glass[-1].since if view.glass else now, justified=True, words=W),
        c.Suppress(rule="DOC-01", entity="address:x", reason="shared-address", until=day, words=W),
        c.Unsuppress(rule="DOC-01", entity="address:x", words=W),
        c.Escalate(words=W),
        *(c.Later(wanted=verb) for verb in (Verb.HAND_OVER, Verb.PLAN_TALK, Verb.START_INVESTIGATION)),
    )
