"""Enrich, weigh, a second person, close, reopen, take back: what a signal is owed, and what it may not rest without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from seinpost.packs.procedure.terms import Calendar, ListName, Outcome, Phase, Refusal, Role, Setting, VictimContact
from seinpost.process import commands as c
from seinpost.process import events as e
from seinpost.process.deadlines import add_days, end_of
from seinpost.process.people import Words
from seinpost.process.shapes import (
    Closing,
    Decision,
    LookUp,
    Opinion,
    Reason,
    Refused,
    SignalView,
    ToDo,
    Waiver,
    Weighing,
)
from seinpost.process.verbs.case import (
    DONE,
    UNAVAILABLE,
    Built,
    Case,
    Placed,
    competence_steps,
    listed,
    reason,
    refuse,
    sentence,
    step_state,
    steps_of,
    steps_open,
)  # fmt: skip

OTHER = "other"
"""Stands for the step of a look-up that belongs to none."""
OTHER_DAYS = 30
RECORD_STEPS = "record-steps"


def record_look_up(case: Case[c.RecordLookUp]) -> Built:
    """Record what was looked up where, why, on what ground, with what result, and until when it counts.

    Of a step the purpose and ground are those of the pack; of another look-up those the person gives.
    """
    command, other = case.command, case.command.step == OTHER
    step = next((step for step in case.plan.steps[case.view.profile] if step.code == command.step), None)
    system = command.system.strip() or (step.system if step is not None and len(step.systems) == 1 else "")
    results = step.results if step is not None else ListName.RESULT
    reasons: list[Reason] = [
        *([] if step is not None or other else [reason(Refusal.UNKNOWN_CODE, field="step", code=command.step)]),
        *([] if system or (step is None and not other) else [reason(Refusal.SYSTEM_MISSING)]),
        *([reason(Refusal.LOOK_UP_WHY)] if other and not (command.purpose.strip() and command.ground.strip()) else []),
        *(listed(case.plan, results, "result", [command.result]) if command.result != UNAVAILABLE else []),
        *listed(case.plan, ListName.GRADE, "grade", [command.grade]),
        *sentence(case.plan, "words", command.words),
        *([reason(Refusal.DATE_IN_PAST)] if command.expires is not None and command.expires < case.today else []),
    ]
    if reasons:
        return Refused(tuple(reasons))
    look_up = LookUp(
        step=command.step,
        system=system,
        purpose=step.purpose if step is not None else command.purpose.strip(),
        ground=step.ground if step is not None else command.ground.strip(),
        result=command.result,
        words=command.words,
        grade=command.grade,
        by=case.actor.id,
        at=case.now,
        expires=command.expires or case.today + timedelta(days=step.days_valid if step is not None else OTHER_DAYS),
    )
    return case.here(e.LookedUp(look_up))


def waive(case: Case[c.Waive]) -> Built:
    """Reason a step away; it stays on record that it was not done, and why."""
    known = [step.code for step in steps_of(case.view, case.plan)]
    reasons: list[Reason] = []
    if case.command.step not in known:
        reasons.append(reason(Refusal.UNKNOWN_CODE, field="step", code=case.command.step))
    reasons += sentence(case.plan, "words", case.command.words)
    if reasons:
        return Refused(tuple(reasons))
    return case.here(e.StepWaived(Waiver(case.command.step, case.command.words, case.actor.id, case.now)))


def submit(case: Case[c.Submit]) -> Built:
    """Put it in the weighers' queue."""
    action = case.next(case.move.then, case.queue)
    return case.here(e.Submitted(case.command.words, case.queue, action))


def weigh(case: Case[c.Weigh]) -> Built:
    """Judge every criterion with a sentence and decide; "no follow-up" only proposes to close."""
    command = case.command
    ends = command.outcome is Outcome.NO_FOLLOW_UP
    reasons = [*judged(case), *sentence(case.plan, "words", command.words)]
    if ends:
        reasons += proposable(case, command.closing)
    reasons += competent(case)
    if reasons:
        return Refused(tuple(reasons))
    rule = case.plan.outcomes[command.outcome]
    weighing = Weighing(
        number=case.view.sequence + 1,
        judgements=command.judgements,
        outcome=command.outcome,
        words=command.words,
        criteria=f"{case.plan.id} {case.plan.version}",
        seen=command.seen,
        prosecutor_consulted=command.prosecutor_consulted,
        by=case.actor.id,
        at=case.now,
    )
    pending = proposal(case, command.closing) if ends and command.closing is not None else None
    action = case.next(rule.then, case.queue if ends else case.me)
    return case.here(e.Weighed(weighing, rule.to, pending, case.me, action), *recorded_after(case))


def competent(case: Case[c.Weigh]) -> Iterator[Reason]:
    """Handing over asks that it was recorded who is to go on with it, where that is a step; danger goes past it."""
    left = case.command.outcome is Outcome.HAND_OVER and not case.view.urgency.any
    for step in competence_steps(case.view, case.plan) if left else ():
        if step_state(case.view, step, case.today)[0] != DONE:
            yield reason(Refusal.COMPETENCE_MISSING)


def recorded_after(case: Case[c.Weigh]) -> tuple[e.Fact, ...]:
    """What danger or a minor went past is recorded afterwards, where a standard enrichment belongs to every signal."""
    view = case.view
    there = any(todo.kind == RECORD_STEPS for todo in view.open_todos)
    if there or not competence_steps(view, case.plan) or not steps_open(view, case.plan, case.now):
        return ()
    if case.command.outcome in (Outcome.MORE_ENRICHMENT, Outcome.NO_FOLLOW_UP):  # which go through the steps anyway
        return ()
    day = add_days(case.today, 1, Calendar.WORKING_DAYS, case.plan.holidays)
    todo = ToDo(f"steps-{view.sequence + 1}", RECORD_STEPS, Words(""), case.me, end_of(day))
    return (e.TaskAdded(todo),)


def judged(case: Case[c.Weigh]) -> Iterator[Reason]:
    """Every criterion of the service is judged, once, with an answer of the list and a sentence; no other is."""
    wanted = [criterion.code for criterion in case.plan.criteria[case.view.profile]]
    given = [judgement.criterion for judgement in case.command.judgements]
    missing = [code for code in wanted if given.count(code) != 1]
    if missing:
        yield reason(Refusal.CRITERIA_MISSING, criteria=", ".join(missing))
    for judgement in case.command.judgements:
        if judgement.criterion not in wanted:
            yield reason(Refusal.UNKNOWN_CODE, field="criterion", code=judgement.criterion)
        yield from listed(case.plan, ListName.ANSWER, judgement.criterion, [judgement.answer])
        yield from sentence(case.plan, judgement.criterion, judgement.words)


def proposable(case: Case[c.Command], answers: c.ClosingAnswers | None) -> Iterator[Reason]:
    """A closing can be proposed if, and only if, leads were looked for and listed, a reason of the list is given with a
    sentence, the victim question is answered, enrichment is complete (urgent or not) and no task is open."""
    plan = case.plan
    left = steps_open(case.view, plan, case.now)
    if left:
        yield reason(Refusal.ENRICHMENT_INCOMPLETE, steps=", ".join(step.code for step in left))
    if case.view.open_todos:
        yield reason(Refusal.TASKS_OPEN, count=len(case.view.open_todos))
    looked = {lead.kind for lead in answers.leads} if answers is not None else set()
    missing = [entry.code for entry in plan.lists[ListName.LEADS].values() if entry.always and entry.code not in looked]
    if missing:
        yield reason(Refusal.LEADS_MISSING, leads=", ".join(missing))
    if answers is None:
        return
    yield from listed(plan, ListName.LEADS, "leads", [lead.kind for lead in answers.leads])
    for lead in answers.leads:
        yield from sentence(plan, lead.kind, lead.words)
    yield from listed(plan, ListName.CLOSING, "reason", [answers.reason])
    yield from sentence(plan, "closing_words", answers.words)
    if answers.victim is not VictimContact.SPOKEN and any(sentence(plan, "victim", answers.victim_words)):
        yield reason(Refusal.VICTIM_CONTACT_REASON)


def proposal(case: Case[c.Command], answers: c.ClosingAnswers) -> Closing:
    """The closing as proposed by the actor."""
    return Closing(
        reason=answers.reason,
        words=answers.words,
        leads=answers.leads,
        victim=answers.victim,
        victim_words=answers.victim_words,
        proposed_by=case.actor.id,
        proposed_at=case.now,
    )


def close(case: Case[c.Close]) -> Built:
    """Propose to close outside a weighing, on the same conditions."""
    # The guard `fully-enriched` told already what is open; here only what was filled in counts.
    known = (Refusal.ENRICHMENT_INCOMPLETE.value, Refusal.TASKS_OPEN.value)
    reasons = [r for r in proposable(case, case.command.closing) if r.code not in known]
    if reasons:
        return Refused(tuple(reasons))
    action = case.next(case.move.then, case.queue)
    return case.here(e.ClosingProposed(proposal(case, case.command.closing), case.me, action))


def agree(case: Case[c.Agree]) -> Built:
    """Agree as second person: the signal rests."""
    pending = case.view.standing.pending
    if pending is None:
        return refuse(reason(Refusal.NO_OPINION_PENDING))
    reasons = tuple(sentence(case.plan, "words", case.command.words))
    if reasons:
        return Refused(reasons)
    closing = replace(pending, agreed_by=case.actor.id, agreed_at=case.now)
    return case.here(e.Closed(Opinion(True, case.command.words, case.actor.id, case.now), closing))


def disagree(case: Case[c.Disagree]) -> Built:
    """Not agree: the disagreement stays on record, and the signal is weighed again by the unit."""
    reasons = tuple(sentence(case.plan, "words", case.command.words))
    if reasons:
        return Refused(reasons)
    opinion = Opinion(False, case.command.words, case.actor.id, case.now)
    action = case.next(case.move.then, case.queue)
    return case.here(e.Disagreed(opinion, case.move.to or case.view.phase, case.queue, action))


def reopen(case: Case[c.Reopen]) -> Built:
    """Let what rests go on, or weigh again what was weighed: on a ground of the list, with a sentence.

    Anybody who follows up may: the threshold is low.
    """
    reasons: list[Reason] = [
        *listed(case.plan, ListName.REOPENING, "ground", [case.command.ground]),
        *sentence(case.plan, "words", case.command.words),
    ]
    if case.command.ground == e.SAMPLE and not (case.actor.is_system and case.view.phase is Phase.DISMISSED):
        reasons.append(reason(Refusal.ONLY_FOR_SYSTEM))
    apart = parted(case, case.command.other)
    if isinstance(apart, Refused):
        reasons += apart.reasons
    if reasons or isinstance(apart, Refused):
        return Refused(tuple(reasons))
    phase = case.move.to or Phase.REGISTERED
    action = case.next(case.move.then, case.queue)
    fact = e.Reopened(case.command.ground, case.command.words, phase, case.queue, action)
    return (*case.here(fact), *apart)


def parted(case: Case[c.Command], other: SignalView | None) -> tuple[Placed, ...] | Refused:
    """What the signal it was joined to must be told: nothing, if it was not joined."""
    target = case.view.standing.joined_to
    if not target:
        return ()
    if other is None or other.id != target:
        return refuse(reason(Refusal.OTHER_SIGNAL_NEEDED, signal=target))
    return ((target, e.JoinEnded(case.view.id)),)


def undo(case: Case[c.Undo]) -> Built:
    """Take the last decision back: by who took it within some hours, or by a coordinator."""
    view, command = case.view, case.command
    decision = next((d for d in reversed(view.decisions) if not d.undone), None)
    if decision is None:
        return refuse(reason(Refusal.NOTHING_TO_UNDO))
    reasons = tuple(undoable(case, decision))
    apart = parted(case, command.other) if view.phase is Phase.JOINED else ()
    if isinstance(apart, Refused):
        reasons += apart.reasons
    if reasons or isinstance(apart, Refused):
        return Refused(reasons)
    return (*case.here(e.DecisionUndone(decision.number, decision.verb, command.words)), *apart)


def undoable(case: Case[c.Undo], decision: Decision) -> Iterator[Reason]:
    """It can be taken back if, and only if, nothing changed the standing since, by the right person, in time."""
    if case.view.moved != decision.number:
        yield reason(Refusal.NOT_THE_LAST)
    action = decision.before.next_action
    had = {who.person for who in (decision.before.owner, action.by if action else None) if who is not None} - {None}
    if case.view.need_to_know and not had <= case.view.need_to_know:  # it was restricted since: who had it is outside
        yield reason(Refusal.NOT_IN_NEED_TO_KNOW)
    leads = any(g.role is Role.COORDINATOR and g.runs(case.now) for g in case.actor.grants)
    if decision.by != case.actor.id and not leads:
        yield reason(Refusal.NOT_YOUR_DECISION)
    hours = case.plan.settings[Setting.UNDO_HOURS]
    if not leads and case.now >= decision.at + timedelta(hours=hours):
        yield reason(Refusal.TOO_LATE_TO_UNDO, hours=hours)
