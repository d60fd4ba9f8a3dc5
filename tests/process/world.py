"""People, signals and ready-made commands for the tests of the process: three services, every role, one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from seinpost.process.deadlines import AMSTERDAM
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
        c.RecordLookUp(
            step=step.code,
            system=step.systems[-1],
            result=next(iter(plan().lists[step.results])),
            words=W,
            grade="official",
        )
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


def attachment(digest: str = "a1", **change: object) -> c.Attach:
    """A file of an allowed kind."""
    made = c.Attach(digest=digest, media="pdf", size=1000, name=Words("verklaring.pdf"), origin=W)
    return replace(made, **change)  # type: ignore[arg-type]


def last_attachment(view: SignalView) -> str:
    """The digest of the last file that was added, or of none."""
    return view.attachments[-1].digest if view.attachments else "none"


Maker = Callable[[SignalView, datetime, SignalView], c.Command]


def in_days(now: datetime, days: int = 3) -> date:
    """A day ahead."""
    return now.date() + timedelta(days=days)


def open_task(view: SignalView) -> str:
    """The id of an open task, or of none."""
    return next((todo.id for todo in view.open_todos), "t0")


def broken_glass(view: SignalView, now: datetime) -> tuple[str, datetime]:
    """The last access by emergency, or one that never was."""
    return (view.glass[-1].person, view.glass[-1].since) if view.glass else ("ana", now)


# One complete command per verb, as somebody who knows the forms would fill it in; some verbs twice.
MAKERS: tuple[tuple[Verb, Maker], ...] = (
    (Verb.REGISTER, lambda _v, _n, _o: registration("s1")),
    (Verb.FILE, lambda _v, _n, _o: registration("s1", filed=True)),
    (Verb.TAKE, lambda _v, _n, _o: c.Take()),
    (Verb.RELEASE, lambda _v, _n, _o: c.Release(words=W)),
    (Verb.ASSIGN, lambda _v, _n, _o: c.Assign(to=Holder("avim", "abe"), to_service="politie", to_active=True, words=W)),
    (Verb.ASSIGN, lambda _v, _n, _o: c.Assign(to=Holder("avim"), to_service="politie", words=W)),
    (Verb.CONFIRM, lambda _v, _n, _o: c.Confirm(words=W)),
    (Verb.JOIN, lambda _v, _n, o: c.Join(target=o, words=W)),
    (Verb.DISMISS, lambda _v, _n, _o: c.Dismiss(reason="explained")),
    (Verb.UNSURE, lambda _v, _n, _o: c.Unsure(words=W)),
    (Verb.POSTPONE, lambda _v, n, _o: c.Postpone(until=in_days(n), words=W)),
    (Verb.UNDO, lambda _v, _n, o: c.Undo(words=W, other=o)),
    (
        Verb.LOOK_UP,
        lambda _v, _n, _o: c.RecordLookUp(
            step="pol-identity", system="BRP", result="nothing", words=W, grade="official"
        ),
    ),
    (Verb.WAIVE, lambda _v, _n, _o: c.Waive(step="pol-history", words=W)),
    (Verb.SUBMIT, lambda _v, _n, _o: c.Submit(words=W)),
    (Verb.WEIGH, lambda _v, _n, _o: weighing(Outcome.NO_FOLLOW_UP)),
    (Verb.WEIGH, lambda _v, _n, _o: weighing(Outcome.MORE_ENRICHMENT)),
    (Verb.AGREE, lambda _v, _n, _o: c.Agree(words=W)),
    (Verb.DISAGREE, lambda _v, _n, _o: c.Disagree(words=W)),
    (Verb.CLOSE, lambda _v, _n, _o: c.Close(closing=answers())),
    (Verb.REOPEN, lambda _v, _n, o: c.Reopen(ground="new-information", words=W, other=o)),
    (Verb.NOTE, lambda _v, _n, _o: c.Note(words=W)),
    (Verb.CORRECT, lambda _v, _n, _o: c.Correct(digest="d2", words=W, changes_meaning=True)),
    *(
        (
            Verb.CORRECT,
            lambda _v, _n, _o, changes=changes: c.Correct(
                digest="d2", words=W, changes_meaning=changes, urgency=Urgency(minor=True)
            ),
        )
        for changes in (True, False)
    ),
    (
        Verb.ASK_AUTHOR,
        lambda v, _n, _o: c.AskAuthor(id=f"q{v.sequence}", to=Holder("avim", "ana"), questions=("when",)),
    ),
    (Verb.ANSWER, lambda v, _n, _o: c.Answer(id=open_task(v), words=W, answered=("when",))),
    (
        Verb.ADD_TASK,
        lambda v, n, _o: c.AddTask(
            id=f"t{v.sequence}", kind="call-somebody", by=Holder("avim", "ana"), due=in_days(n), words=W
        ),
    ),
    (Verb.FINISH_TASK, lambda v, _n, _o: c.FinishTask(id=open_task(v), words=W)),
    (Verb.PLAN, lambda v, n, _o: c.Plan(kind=plannable(v), words=W, due=in_days(n))),
    (Verb.PLAN, lambda _v, _n, _o: c.Plan(kind="second-look", words=W)),
    (Verb.PAUSE, lambda _v, n, _o: c.PauseClock(reason="waiting-service", until=in_days(n), words=W)),
    (Verb.RESUME, lambda _v, _n, _o: c.ResumeClock(words=W)),
    (Verb.MARK_URGENT, lambda _v, _n, _o: c.MarkUrgent(urgency=Urgency(minor=True), words=W)),
    (Verb.MARK_URGENT, lambda _v, _n, _o: c.MarkUrgent(urgency=Urgency(risk_to_life=True), words=W)),
    (
        Verb.RESTRICT,
        lambda v, _n, _o: c.Restrict(
            people=frozenset(("wim", "wil", "co", v.person or "wim")), supervisor="co", words=W
        ),
    ),
    (Verb.LIFT_RESTRICTION, lambda _v, _n, _o: c.LiftRestriction(words=W)),
    (Verb.PROTECT_SOURCE, lambda _v, _n, _o: c.ProtectSource(compartment="confidential", words=W)),
    (Verb.BREAK_GLASS, lambda _v, _n, _o: c.BreakGlass(words=W)),
    (
        Verb.REVIEW_GLASS,
        lambda v, n, _o: c.ReviewGlass(
            person=broken_glass(v, n)[0], since=broken_glass(v, n)[1], justified=True, words=W
        ),
    ),
    (
        Verb.SUPPRESS,
        lambda _v, n, _o: c.Suppress(
            rule="AFH-01", entity="address:x", reason="shared-address", until=in_days(n), words=W
        ),
    ),
    (
        Verb.SUPPRESS,
        lambda _v, n, _o: c.Suppress(
            rule=min(plan().never_silent), entity="address:x", reason="shared-address", until=in_days(n), words=W
        ),
    ),
    (Verb.UNSUPPRESS, lambda _v, _n, _o: c.Unsuppress(rule="AFH-01", entity="address:x", words=W)),
    (Verb.ATTACH, lambda v, _n, _o: attachment(f"a{v.sequence}")),
    (Verb.ERASE_ATTACHMENT, lambda v, _n, _o: c.EraseAttachment(digest=last_attachment(v), words=W)),
    (Verb.ESCALATE, lambda _v, _n, _o: c.Escalate(words=W)),
    (Verb.HAND_OVER, lambda _v, _n, _o: c.Later(wanted=Verb.HAND_OVER)),
    (Verb.PLAN_TALK, lambda _v, _n, _o: c.Later(wanted=Verb.PLAN_TALK)),
    (Verb.RECORD_COMPLAINT, lambda _v, _n, _o: c.Later(wanted=Verb.RECORD_COMPLAINT)),
    (Verb.RECORD_LEADS, lambda _v, _n, _o: c.Later(wanted=Verb.RECORD_LEADS)),
    (Verb.START_INVESTIGATION, lambda _v, _n, _o: c.Later(wanted=Verb.START_INVESTIGATION)),
)


def plannable(view: SignalView) -> str:
    """A kind of next action that fits the phase."""
    return next((kind.code for kind in plan().actions.values() if view.phase in kind.phases), "triage")


def kind(view: SignalView) -> str:
    """The kind of its next action."""
    assert view.standing.next_action is not None
    return view.standing.next_action.kind


def due(view: SignalView) -> str:
    """When its next action is late, local time."""
    assert view.standing.next_action is not None
    return view.standing.next_action.due.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")
