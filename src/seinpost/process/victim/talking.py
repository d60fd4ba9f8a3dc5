"""Talks: planned, attempted, held. Possible at any time, whatever the criminal case does, and with few leads too."""

from __future__ import annotations

from datetime import timedelta

from seinpost.packs.procedure.terms import Refusal, Setting
from seinpost.packs.procedure.victim import INTERVIEWER
from seinpost.process.shapes import NextAction, Reason, Refused
from seinpost.process.verbs.case import ahead, gone, reason, refuse, sentence
from seinpost.process.victim import clocks
from seinpost.process.victim import commands as c
from seinpost.process.victim import events as e
from seinpost.process.victim.case import Facts, VictimCase, happened, unknown
from seinpost.process.victim.shapes import Aim, Attempt, Result, Talk

CERTIFIED = frozenset((Aim.INFORMATIVE, Aim.COMPLAINT, Aim.OUTSIDE))
"""The talks that only a certified interviewer holds."""


def plan_talk(case: VictimCase[c.PlanTalk]) -> Facts:
    """Give a talk a day and somebody to hold it, with what a minor or a vulnerable person needs, or why not."""
    command, before = case.command, find(case, case.command.id)
    reasons: list[Reason] = [
        *ahead(case.plan, case.today - timedelta(days=1), command.day, Setting.PLAN_DAYS),
        *unknown(case.plan.victim.arrangements, "arrangements", command.arrangements),
        *gone(command, "by"),
    ]
    if not command.id:
        reasons.append(reason(Refusal.UNKNOWN_TALK))
    if any(talk.is_open and talk.id != command.id for talk in case.view.talks):
        reasons.append(reason(Refusal.TALK_WAITS))
    if before is not None and not before.is_open:
        reasons.append(reason(Refusal.TALK_SETTLED))
    if tuple(sentence(case.plan, "words", command.words)):
        reasons += unarranged(case)
    if reasons:
        return Refused(tuple(reasons))
    talk = Talk(
        command.id, command.aim, command.by, command.day, tuple(sorted(set(command.arrangements))), command.words
    )
    return (e.TalkPlanned(talk, clocks.step_on(case.plan, clocks.HOLD, command.by, case.now, command.day)),)


def unarranged(case: VictimCase[c.PlanTalk]) -> list[Reason]:
    """What is missing for a minor or who is vulnerable, and is not reasoned away: arrangements, and the same person."""
    if not case.view.needs.special:
        return []
    there, before = set(case.command.arrangements), case.view.interviewers
    missing = [one.code for one in case.plan.victim.arrangements.values() if one.special and one.code not in there]
    reasons = [reason(Refusal.ARRANGEMENT_MISSING, code=code) for code in missing]
    if before and case.command.by.person not in before:
        reasons.append(reason(Refusal.OTHER_INTERVIEWER))
    return reasons


def record_talk(case: VictimCase[c.RecordTalk]) -> Facts:
    """Record what came of a talk, planned or not: what was held with who was there and what was asked, or why not."""
    command, talk = case.command, find(case, case.command.id)
    if not command.id:
        return refuse(reason(Refusal.UNKNOWN_TALK))
    if talk is not None and not talk.is_open:
        return refuse(reason(Refusal.TALK_SETTLED))
    aim = talk.aim if talk is not None else command.aim
    reasons = [
        *happened(case, command.day),
        *unknown(case.plan.victim.presence, "present", command.present),
        *unknown(case.plan.victim.topics, "topics", command.topics),
        *sentence(case.plan, "words", command.words),
        *(held(case, aim) if command.result is Result.HELD else later(case)),
    ]
    if reasons:
        return Refused(tuple(reasons))
    attempt = Attempt(
        command.result,
        command.day,
        command.present,
        command.topics,
        command.words,
        case.actor.id,
        case.now,
        None if command.result is Result.HELD else command.again,
    )
    following = after(case)
    tried = e.TalkAttempted(command.id, attempt, following)
    if talk is not None:
        return (tried,)
    unplanned = Talk(command.id, aim, case.owner, command.day, (), command.words)
    return (e.TalkPlanned(unplanned, following), tried)


def held(case: VictimCase[c.RecordTalk], aim: Aim) -> list[Reason]:
    """What is missing of a talk that was held: a certified interviewer, who were there, what was asked.

    Its report is mandatory and names who was present (Aanwijzing mensenhandel, II.4).
    """
    reasons = []
    if aim in CERTIFIED and not case.is_interviewer:
        reasons.append(reason(Refusal.NOT_CERTIFIED))
    if aim in CERTIFIED and INTERVIEWER not in case.command.present:
        reasons.append(reason(Refusal.INTERVIEWER_MISSING))
    if not case.command.topics:
        reasons.append(reason(Refusal.TOPICS_MISSING))
    return reasons


def later(case: VictimCase[c.RecordTalk]) -> list[Reason]:
    """What is wrong with the day on which it is tried again; what was put off has one."""
    again = case.command.again
    if again is None:
        return [reason(Refusal.DATE_IN_PAST)] if case.command.result is Result.PUT_OFF else []
    return list(ahead(case.plan, case.today, again, Setting.PLAN_DAYS))


def after(case: VictimCase[c.RecordTalk]) -> NextAction:
    """What follows an attempt: to decide what it leads to, or to try again. Never nothing."""
    command, view = case.command, case.view
    if command.result is Result.HELD:
        return clocks.step(case.plan, clocks.FOLLOW, case.owner, case.now, view.needs)
    kind = clocks.HOLD if command.result is Result.PUT_OFF else clocks.PLAN
    if command.again is not None:
        return clocks.step_on(case.plan, kind, case.owner, case.now, command.again)
    return clocks.step(case.plan, kind, case.owner, case.now, view.needs)


def find(case: VictimCase[c.PlanTalk | c.RecordTalk], key: str) -> Talk | None:
    """The talk of a key, if the record has it."""
    return next((talk for talk in case.view.talks if talk.id == key), None)
