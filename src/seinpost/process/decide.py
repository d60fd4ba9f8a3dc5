"""The one door: a command on a signal becomes events, or a refusal with every reason. Pure; a refusal changes nothing.

In this order: does the signal exist, is the verb built, does time run forwards, may the actor, does the phase know the
verb, do the guards hold, is everything filled in. The reasons of the last two are gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose, Refusal, Verb
from seinpost.process import commands as c
from seinpost.process import events as e
from seinpost.process.deadlines import diary_action, next_action
from seinpost.process.people import Actor, Thing
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Holder, NextAction, Reason, Refused, SignalView
from seinpost.process.verbs import attaching, following, guarding, keeping, triage
from seinpost.process.verbs.case import Built, Case, reason, refuse
from seinpost.process.verbs.guards import GUARDS

VERBS: dict[Verb, Callable[[Case[Any]], Built]] = {
    Verb.TAKE: triage.take,
    Verb.RELEASE: triage.release,
    Verb.ASSIGN: triage.assign,
    Verb.CONFIRM: triage.confirm,
    Verb.JOIN: triage.join,
    Verb.DISMISS: triage.dismiss,
    Verb.UNSURE: triage.unsure,
    Verb.POSTPONE: triage.postpone,
    Verb.UNDO: following.undo,
    Verb.LOOK_UP: following.record_look_up,
    Verb.WAIVE: following.waive,
    Verb.SUBMIT: following.submit,
    Verb.WEIGH: following.weigh,
    Verb.AGREE: following.agree,
    Verb.DISAGREE: following.disagree,
    Verb.CLOSE: following.close,
    Verb.REOPEN: following.reopen,
    Verb.NOTE: keeping.note,
    Verb.CORRECT: keeping.correct,
    Verb.ASK_AUTHOR: keeping.ask_author,
    Verb.ANSWER: keeping.answer,
    Verb.ADD_TASK: keeping.add_task,
    Verb.FINISH_TASK: keeping.finish_task,
    Verb.PLAN: keeping.plan,
    Verb.PAUSE: keeping.pause,
    Verb.RESUME: keeping.resume,
    Verb.MARK_URGENT: keeping.mark_urgent,
    Verb.RESTRICT: guarding.restrict,
    Verb.LIFT_RESTRICTION: guarding.lift_restriction,
    Verb.PROTECT_SOURCE: guarding.protect_source,
    Verb.BREAK_GLASS: guarding.break_glass,
    Verb.REVIEW_GLASS: guarding.review_glass,
    Verb.SUPPRESS: guarding.suppress,
    Verb.UNSUPPRESS: guarding.unsuppress,
    Verb.ATTACH: attaching.attach,
    Verb.ERASE_ATTACHMENT: attaching.erase,
    Verb.ESCALATE: keeping.escalate,
}


def decide(
    view: SignalView | None,
    command: c.Command,
    actor: Actor,
    now: datetime,
    plan: Procedure,
    *,
    purpose: Purpose = Purpose.FOLLOW_UP,
) -> tuple[e.Event, ...] | Refused:
    """What a command leads to: events in order, possibly about two signals (a join), or why not.

    `now` is aware; `purpose` is recorded with every event.
    """
    if isinstance(command, c.Later):
        return refuse(reason(Refusal.NOT_YET_AVAILABLE))
    if isinstance(command, c.Register):
        built = _register(view, command, actor, now, plan, purpose=purpose)
    elif view is None:
        return refuse(reason(Refusal.UNKNOWN_SIGNAL))
    else:
        built = _change(view, command, actor, now, plan, purpose=purpose)
    if isinstance(built, Refused):
        return built
    return tuple(e.Event(signal, now, actor.id, purpose, command.verb, fact) for signal, fact in built)


def _change(
    view: SignalView, command: c.Command, actor: Actor, now: datetime, plan: Procedure, *, purpose: Purpose
) -> Built:
    verb = command.verb
    other = command.target if isinstance(command, c.Join) else getattr(command, "other", None)
    if now < view.last_at or (other is not None and now < other.last_at):
        return refuse(reason(Refusal.TIME_BEFORE_LAST_EVENT))
    for thing in (view.thing, *([other.thing] if other is not None else [])):
        verdict = may(actor, verb, thing, purpose, now)
        if isinstance(verdict, Refused):
            return verdict
    move = plan.moves.get((verb, view.phase))
    if move is None:
        return refuse(reason(Refusal.NOT_IN_THIS_PHASE, phase=view.phase.value))
    case: Case[Any] = Case(view, command, actor, now, plan, move)
    against = [found for guard in move.needs for found in GUARDS[guard](case)]
    return VERBS[verb](case) if not against else _reasons(VERBS[verb], case, against)


def offered(
    view: SignalView,
    actor: Actor,
    now: datetime,
    plan: Procedure,
    *,
    purpose: Purpose = Purpose.FOLLOW_UP,
    verbs: Iterable[Verb] = tuple(sorted(VERBS)),
) -> dict[Verb, Allowed | Refused]:
    """What the actor could do with a signal now, before anything is filled in: yes, or every reason why not.

    For buttons. Verbs the phase does not know are left out. A no here is a no from `decide`; a yes may still meet
    something that was filled in badly, or that only the other signal of a join shows.
    """
    answers: dict[Verb, Allowed | Refused] = {}
    for verb in verbs:
        move = plan.moves.get((verb, view.phase))
        if move is None:
            continue
        verdict = may(actor, verb, view.thing, purpose, now)
        if isinstance(verdict, Allowed):
            case: Case[c.Command] = Case(view, c.Later(wanted=verb), actor, now, plan, move)
            against = tuple(found for guard in move.needs for found in GUARDS[guard](case))
            verdict = Refused(against) if against else verdict
        answers[verb] = verdict
    return answers


def beforehand(
    view: SignalView, verb: Verb, actor: Actor, now: datetime, plan: Procedure, *, purpose: Purpose = Purpose.FOLLOW_UP
) -> Allowed | Refused:
    """The same for one verb, for a form: that its phase does not know it is a reason too."""
    answers = offered(view, actor, now, plan, purpose=purpose, verbs=(verb,))
    return answers.get(verb) or refuse(reason(Refusal.NOT_IN_THIS_PHASE, phase=view.phase.value))


def _reasons(build: Callable[[Case[Any]], Built], case: Case[Any], against: list[Reason]) -> Refused:
    """Every reason at once: the guards', then what was filled in, each told once."""
    built = build(case) if case.command.verb in FILLED_IN else ()
    more = built.reasons if isinstance(built, Refused) else ()
    return Refused(tuple(dict.fromkeys((*against, *more))))


# Forms that people fill in: all their faults are told in one go.
FILLED_IN = frozenset((Verb.DISMISS, Verb.POSTPONE, Verb.WEIGH, Verb.CLOSE, Verb.PLAN, Verb.PAUSE, Verb.ATTACH))


def _register(
    view: SignalView | None, command: c.Register, actor: Actor, now: datetime, plan: Procedure, *, purpose: Purpose
) -> Built:
    """Put a new signal in the queue of a unit. What a person files is theirs already: a sentence is not asked twice."""
    if view is not None:
        return refuse(reason(Refusal.EXISTS_ALREADY))
    thing = Thing(command.service, command.unit, command.task, command.processing, command.practice)
    verdict = may(actor, command.verb, thing, purpose, now)
    if isinstance(verdict, Refused):
        return verdict
    reasons = list(_registrable(command, now, plan))
    if reasons:
        return Refused(tuple(reasons))
    owner = Holder(command.unit)
    action = next_action(
        plan,
        plan.channels[command.channel].first,
        owner,
        now,
        profile=command.profile,
        urgency=command.urgency,
        received=command.received_at,
    )
    compartment = command.compartment or plan.channels[command.channel].protected
    fact = e.Registered(
        service=command.service,
        profile=command.profile,
        task=command.task,
        processing=command.processing,
        practice=command.practice,
        channel=command.channel,
        from_scan=command.verb is Verb.REGISTER,
        author=command.author,
        external_id=command.external_id,
        digest=command.digest,
        received_at=command.received_at,
        forms=tuple(sorted(set(command.forms))),
        urgency=command.urgency,
        compartment=compartment,
        missing=command.missing,
        owner=owner,
        next=action,
    )
    return ((command.signal, fact), *_silenced(command, owner, action, now, plan))


def _silenced(
    command: c.Register, owner: Holder, action: NextAction, now: datetime, plan: Procedure
) -> tuple[tuple[str, e.Fact], ...]:
    """What silent rules do to a new signal: nothing to what a person filed, and nothing to danger or a minor."""
    if not command.silenced_by or command.verb is not Verb.REGISTER or command.urgency.any:
        return ()
    until = min(one.until for one in command.silenced_by)
    review = action if command.silent_sample else diary_action(plan, "review-silence", owner, now, until)
    return ((command.signal, e.Silenced(command.silenced_by, until, command.silent_sample, review)),)


def _registrable(command: c.Register, now: datetime, plan: Procedure) -> list[Reason]:
    """What is wrong with a registration as it was handed in."""
    channel = plan.channels.get(command.channel)
    reasons = []
    if channel is None or command.profile not in channel.profiles:
        reasons.append(reason(Refusal.UNKNOWN_CODE, field="channel", code=command.channel))
    for field, value in (("signal", command.signal), ("unit", command.unit), ("digest", command.digest)):
        if not value:
            reasons.append(reason(Refusal.UNKNOWN_CODE, field=field, code=value))
    unknown = [code for code in command.missing if code not in plan.questions]
    reasons += [reason(Refusal.UNKNOWN_CODE, field="missing", code=code) for code in unknown]
    if command.received_at > now:
        reasons.append(reason(Refusal.TIME_BEFORE_LAST_EVENT))
    return reasons
