"""Reflection period, consent, assessment, and the record itself: whose it is, and when it rests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seinpost.packs.procedure.terms import Refusal, Setting
from seinpost.process.shapes import Holder, NextAction, Reason, Refused
from seinpost.process.verbs.case import ahead, gone, reason, refuse, sentence
from seinpost.process.victim import clocks
from seinpost.process.victim import commands as c
from seinpost.process.victim import events as e
from seinpost.process.victim.case import Facts, VictimCase, happened, unknown
from seinpost.process.victim.shapes import Assessment, Consent, Ending, Reflection, Rest


def see_again(case: VictimCase[c.SeeAgain]) -> Facts:
    """Another signal is about the same person."""
    if not case.command.signal or case.command.signal in case.view.signals:
        return refuse(reason(Refusal.NOTHING_CHANGES))
    return (e.VictimSeenAgain(case.command.signal),)


def note_needs(case: VictimCase[c.NoteNeeds]) -> Facts:
    """Note what somebody needs. Who turns out no minor after all, with a reason."""
    before, needs = case.view.needs, case.command.needs
    if needs == before:
        return refuse(reason(Refusal.NOTHING_CHANGES))
    less = (before.minor and not needs.minor) or (before.vulnerable and not needs.vulnerable)
    reasons = tuple(sentence(case.plan, "words", case.command.words)) if less else ()
    return Refused(reasons) if reasons else (e.NeedsNoted(needs, case.command.words),)


def offer_reflection(case: VictimCase[c.OfferReflection]) -> Facts:
    """Offer the reflection period: at the slightest indication, and once (Vreemdelingencirculaire B8/3)."""
    reasons = [*happened(case, case.command.day)]
    if case.view.reflection is not None and case.view.reflection.taken:
        reasons.append(reason(Refusal.REFLECTION_ONCE))
    if reasons:
        return Refused(tuple(reasons))
    return (e.ReflectionOffered(case.command.day, case.command.ground, case.command.words),)


def answer_reflection(case: VictimCase[c.AnswerReflection]) -> Facts:
    """Record the answer; from the day on which somebody takes it, the period runs."""
    period, command = case.view.reflection, case.command
    if period is None or period.taken is not None:
        return refuse(reason(Refusal.REFLECTION_NOT_OFFERED))
    reasons = [*happened(case, command.day)]
    if command.day < period.offered:
        reasons.append(reason(Refusal.REFLECTION_NOT_OFFERED))
    if reasons:
        return Refused(tuple(reasons))
    if not command.taken:
        following = clocks.step(case.plan, clocks.FOLLOW, case.owner, case.now, case.view.needs)
        return (e.ReflectionAnswered(False, command.day, None, following),)
    last = clocks.reflection_ends(case.plan, period.ground, command.day)
    runs = Reflection(period.offered, period.ground, True, command.day, last)
    following = clocks.in_reflection(case.plan, runs, case.owner, case.now)
    return (e.ReflectionAnswered(True, command.day, last, following),)


def report_reflection(case: VictimCase[c.ReportReflection]) -> Facts:
    """Record a monthly report; the next step is the following one, or the end of the period."""
    period = case.view.reflection
    if period is None or not period.runs or period.started is None or case.command.day < period.started:
        return refuse(reason(Refusal.REFLECTION_NOT_RUNNING))
    reasons = tuple(happened(case, case.command.day))
    if reasons:
        return Refused(reasons)
    told = replace(period, reports=(*period.reports, case.command.day))
    following = clocks.in_reflection(case.plan, told, case.owner, case.now)
    return (e.ReflectionReported(case.command.day, following),)


def end_reflection(case: VictimCase[c.EndReflection]) -> Facts:
    """Record how the period ended; by its term only after its last day, and how somebody left it in words."""
    period, command = case.view.reflection, case.command
    if period is None or not period.runs or period.started is None or period.last_day is None:
        return refuse(reason(Refusal.REFLECTION_NOT_RUNNING))
    reasons: list[Reason] = [*happened(case, command.day)]
    if command.day < period.started:
        reasons.append(reason(Refusal.REFLECTION_NOT_RUNNING))
    if command.ending is Ending.RUN_OUT and command.day <= period.last_day:
        reasons.append(reason(Refusal.REFLECTION_STILL_RUNS))
    if command.ending in (Ending.WAIVED, Ending.DEPARTED, Ending.OTHER_PERMIT):
        reasons += sentence(case.plan, "words", command.words)
    if reasons:
        return Refused(tuple(reasons))
    following = clocks.step(case.plan, clocks.FOLLOW, case.owner, case.now, case.view.needs)
    return (e.ReflectionEnded(command.ending, command.day, command.words, following),)


def give_consent(case: VictimCase[c.GiveConsent]) -> Facts:
    """Record consent for one recipient; what it may know is in the words."""
    command = case.command
    reasons = [
        *happened(case, command.day),
        *unknown(case.plan.victim.recipients, "recipient", (command.recipient,)),
        *sentence(case.plan, "words", command.words),
    ]
    if case.view.consents_to(command.recipient):
        reasons.append(reason(Refusal.CONSENT_THERE))
    if reasons:
        return Refused(tuple(reasons))
    return (e.ConsentGiven(Consent(command.recipient, command.day, command.words)),)


def withdraw_consent(case: VictimCase[c.WithdrawConsent]) -> Facts:
    """Record that a consent is taken back: no reason is ever asked."""
    reasons = [*happened(case, case.command.day)]
    if not case.view.consents_to(case.command.recipient):
        reasons.append(reason(Refusal.NO_CONSENT))
    if reasons:
        return Refused(tuple(reasons))
    return (e.ConsentWithdrawn(case.command.recipient, case.command.day, case.command.words),)


def assess(case: VictimCase[c.Assess]) -> Facts:
    """Record what a body holds somebody to be, by which framework; nothing of the criminal case is one."""
    command = case.command
    reasons = [
        *happened(case, command.day),
        *unknown(case.plan.victim.bodies, "body", (command.body,)),
        *sentence(case.plan, "words", command.words),
    ]
    reasons += [
        reason(Refusal.SENTENCE_MISSING, field=field, letters=1)
        for field, value in (("framework", command.framework), ("version", command.version))
        if not value.strip()
    ]
    if reasons:
        return Refused(tuple(reasons))
    found = Assessment(
        command.status, command.body, command.framework, command.version, command.day, command.words,
        case.actor.id, case.now,
    )  # fmt: skip
    return (e.Assessed(found),)


def hand_on(case: VictimCase[c.HandOn]) -> Facts:
    """Let somebody else look after it: the next step goes along, its date stays."""
    reasons = [*gone(case.command, "to")]
    if case.command.to == case.owner:
        reasons.append(reason(Refusal.NOTHING_CHANGES))
    if reasons or case.view.next_action is None:
        return Refused(tuple(reasons) or (reason(Refusal.VICTIM_RESTS),))
    return (
        e.VictimHandedOn(
            case.command.to, case.command.words, given_to(case.view.next_action, case.owner, case.command.to)
        ),
    )


def given_to(action: NextAction, before: Holder, to: Holder) -> NextAction:
    """A step with the date it has: for who looks after it now, unless it is somebody else's, as a talk can be."""
    return replace(action, by=to) if action.by == before else action


def plan_step(case: VictimCase[c.PlanStep]) -> Facts:
    """Set what happens next, by its term or on a day of one's own with a reason."""
    command = case.command
    reasons: list[Reason] = [*unknown(case.plan.victim.steps, "kind", (command.kind,))]
    if command.due is not None:
        reasons += ahead(case.plan, case.today - timedelta(days=1), command.due, Setting.PLAN_DAYS)
        reasons += sentence(case.plan, "words", command.words)
    if reasons:
        return Refused(tuple(reasons))
    if command.due is None:
        following = clocks.step(case.plan, command.kind, case.owner, case.now, case.view.needs)
    else:
        following = clocks.step_on(case.plan, command.kind, case.owner, case.now, command.due)
    return (e.StepPlanned(command.words, following),)


def let_rest(case: VictimCase[c.LetRest]) -> Facts:
    """Do nothing more for somebody if, and only if, a talk was tried or the reason needs none, and nothing waits."""
    command, view = case.command, case.view
    why = case.plan.victim.resting.get(command.reason)
    reasons: list[Reason] = [
        *unknown(case.plan.victim.resting, "reason", (command.reason,)),
        *sentence(case.plan, "words", command.words),
    ]
    if why is not None and not why.untried and not view.tried:
        reasons.append(reason(Refusal.TALK_NOT_TRIED))
    if any(talk.is_open for talk in view.talks):
        reasons.append(reason(Refusal.TALK_WAITS))
    if view.reflection is not None and view.reflection.runs:
        reasons.append(reason(Refusal.REFLECTION_STILL_RUNS))
    if reasons:
        return Refused(tuple(reasons))
    return (e.Rested(Rest(command.reason, command.words, case.actor.id, case.now)),)


def go_on(case: VictimCase[c.GoOn]) -> Facts:
    """Take a record up again: a talk is what is next."""
    reasons = tuple(sentence(case.plan, "words", case.command.words))
    if reasons:
        return Refused(reasons)
    me = Holder(case.owner.unit, None if case.actor.is_system else case.actor.id)
    return (e.WentOn(case.command.words, me, clocks.step(case.plan, clocks.PLAN, me, case.now, case.view.needs)),)
