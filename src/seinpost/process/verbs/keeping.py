"""What goes on around a signal: notes, corrections, questions, tasks, next action, clock, urgency, the line up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seinpost.packs.procedure.terms import Calendar, ListName, Phase, Refusal, Setting
from seinpost.process import commands as c
from seinpost.process import events as e
from seinpost.process.deadlines import Lateness, add_days, chosen_action, end_of, resume_action
from seinpost.process.fold import both
from seinpost.process.people import Words
from seinpost.process.shapes import Escalation, Holder, NextAction, Pause, Reason, Refused, ToDo
from seinpost.process.telling.concerns import task_lateness
from seinpost.process.verbs.case import Built, Case, Placed, ahead, gone, listed, outside, reason, refuse, sentence
from seinpost.process.verbs.triage import open_action, sooner

ASK = "ask-author"
ASK_WORKING_DAYS = 5


def note(case: Case[c.Note]) -> Built:
    """Write something down."""
    if not case.command.words.strip():
        return Refused(tuple(sentence(case.plan, "words", case.command.words)))
    return case.here(e.Noted(case.command.words))


def correct(case: Case[c.Correct]) -> Built:
    """Append a version; nothing that was is overwritten.

    One that changes the meaning lets go on what rests, and weighs again what was weighed or is to be closed: that was
    decided on other words.
    """
    command, view = case.command, case.view
    reasons = [*sentence(case.plan, "words", command.words)]
    if not command.digest:
        reasons.append(reason(Refusal.UNKNOWN_CODE, field="digest", code=command.digest))
    if reasons:
        return Refused(tuple(reasons))
    facts = case.here(e.Corrected(view.versions + 1, command.digest, command.words, command.changes_meaning))
    if command.changes_meaning and view.standing.silent_until is not None:  # its silence was decided on other words
        action = open_action(case)
        return (*facts, *case.here(e.Released(case.queue, Words(""), action)), *urged(case, hastened(case, action)))
    again = (Phase.WEIGHING, "weigh-again") if view.standing.pending is not None else (case.move.to, case.move.then)
    to, then = again
    if to is None or not command.changes_meaning:
        return (*facts, *(urged(case, hastened(case, open_action(case))) if view.is_open else ()))
    action = case.next(then, case.queue, both(view.urgency, command.urgency))
    return (*facts, *case.here(e.Reopened("correction", Words(""), to, case.queue, action)), *urged(case, action))


def urged(case: Case[c.Correct], action: NextAction) -> tuple[Placed, ...]:
    """That danger or a minor was found in other words, if it was not known yet, with what is to be done then."""
    urgency = both(case.view.urgency, case.command.urgency)
    return () if urgency == case.view.urgency else case.here(e.MarkedUrgent(urgency, Words(""), action))


def hastened(case: Case[c.Correct], action: NextAction) -> NextAction:
    """A next action by the clock of what was found in other words."""
    urgency = both(case.view.urgency, case.command.urgency)
    return sooner(replace(case, view=replace(case.view, urgency=urgency)), action)


def ask_author(case: Case[c.AskAuthor]) -> Built:
    """Ask what is missing: questions of the list, or one's own in words."""
    command = case.command
    unknown = [code for code in command.questions if code not in case.plan.questions]
    reasons = [reason(Refusal.UNKNOWN_CODE, field="questions", code=code) for code in unknown]
    if not command.questions:
        reasons += sentence(case.plan, "words", command.words)
    reasons += [*fresh(case, command.id, command.to), *gone(command, "to")]
    if reasons:
        return Refused(tuple(reasons))
    day = add_days(case.today, ASK_WORKING_DAYS, Calendar.WORKING_DAYS, case.plan.holidays)
    todo = ToDo(command.id, ASK, command.words, command.to, end_of(day))
    return case.here(e.TaskAdded(todo, command.questions))


def fresh(case: Case[c.Command], task: str, by: Holder) -> list[Reason]:
    """A new task needs an id that is not used yet, somebody who may know of it, and for a question a person."""
    reasons: list[Reason] = []
    if not task or any(todo.id == task for todo in case.view.todos):
        reasons.append(reason(Refusal.UNKNOWN_CODE, field="id", code=task))
    if isinstance(case.command, c.AskAuthor) and not by.person:
        reasons.append(reason(Refusal.UNKNOWN_CODE, field="to", code=by.unit))
    return [*reasons, *outside(case.view, by)]


def answer(case: Case[c.Answer]) -> Built:
    """Answer a question that was put to the actor."""
    command = case.command
    todo = next((t for t in case.view.open_todos if t.id == command.id and t.kind == ASK), None)
    if todo is None:
        return refuse(reason(Refusal.UNKNOWN_TASK))
    reasons = [*sentence(case.plan, "words", command.words)]
    if todo.by.person != case.actor.id:
        reasons.append(reason(Refusal.NOT_ASKED))
    unknown = [code for code in command.answered if code not in case.plan.questions]
    reasons += [reason(Refusal.UNKNOWN_CODE, field="answered", code=code) for code in unknown]
    if reasons:
        return Refused(tuple(reasons))
    return case.here(e.TaskFinished(todo.id, "answered", command.words, command.answered))


def add_task(case: Case[c.AddTask]) -> Built:
    """Put a task beside the next action. Questions to the author have their own verb."""
    command = case.command
    reasons: list[Reason] = [
        *listed(case.plan, ListName.TASKS, "kind", [command.kind]),
        *([reason(Refusal.UNKNOWN_CODE, field="kind", code=ASK)] if command.kind == ASK else []),
        *ahead(case.plan, case.today - timedelta(days=1), command.due, Setting.PLAN_DAYS),
        *sentence(case.plan, "words", command.words),
        *fresh(case, command.id, command.by),
        *gone(command, "by"),
    ]
    if reasons:
        return Refused(tuple(reasons))
    todo = ToDo(command.id, command.kind, command.words, command.by, end_of(command.due))
    return case.here(e.TaskAdded(todo))


def finish_task(case: Case[c.FinishTask]) -> Built:
    """Finish a task, or drop it with a reason; a question nobody answers is dropped too."""
    command = case.command
    if all(todo.id != command.id for todo in case.view.open_todos):
        return refuse(reason(Refusal.UNKNOWN_TASK))
    todo = next(todo for todo in case.view.open_todos if todo.id == command.id)
    reasons = tuple(sentence(case.plan, "words", command.words)) if command.dropped or todo.kind == ASK else ()
    if reasons:
        return Refused(reasons)
    return case.here(e.TaskFinished(command.id, "dropped" if command.dropped else "done", command.words))


def plan(case: Case[c.Plan]) -> Built:
    """Set the next action: of a kind that fits the phase, at the date of the pack or at one's own with a reason."""
    command = case.command
    kind = case.plan.actions.get(command.kind)
    reasons: list[Reason] = []
    if kind is None or case.view.phase not in kind.phases:
        reasons.append(reason(Refusal.UNKNOWN_CODE, field="kind", code=command.kind))
    if command.due is not None:
        reasons += ahead(case.plan, case.today - timedelta(days=1), command.due, Setting.PLAN_DAYS)
        reasons += sentence(case.plan, "words", command.words)
    if command.by is not None and command.by.unit != case.view.unit:
        reasons.append(reason(Refusal.OTHER_UNIT))
    reasons += [*outside(case.view, command.by), *gone(command, "by")]
    if reasons:
        return Refused(tuple(reasons))
    by = command.by or case.view.standing.owner or case.queue
    if command.due is None:
        return case.here(e.ActionPlanned(command.words, case.next(command.kind, by)))
    chosen = chosen_action(case.plan, command.kind, by, case.now, command.due)
    urgent = case.next(command.kind, by)
    # Danger or a minor keeps its own clock: nobody can plan it further away.
    action = urgent if case.view.urgency.any and urgent.due < chosen.due else chosen
    return case.here(e.ActionPlanned(command.words, action))


def pause(case: Case[c.PauseClock]) -> Built:
    """Stop the clock for a reason of the list, until a day at the latest; that day is the next action."""
    command = case.command
    reasons: list[Reason] = [
        *listed(case.plan, ListName.PAUSE, "reason", [command.reason]),
        *ahead(case.plan, case.today, command.until, Setting.PAUSE_DAYS),
        *sentence(case.plan, "words", command.words),
    ]
    if reasons:
        return Refused(tuple(reasons))
    by = case.view.standing.owner or case.queue
    action = chosen_action(case.plan, case.move.then, by, case.now, command.until)
    return case.here(e.Paused(Pause(command.reason, command.words, case.now, command.until), action))


def resume(case: Case[c.ResumeClock]) -> Built:
    """Let the clock run again: what was left then is left now."""
    put_off = case.view.standing.suspended or open_action(case)
    action = resume_action(case.plan, put_off, case.view.pauses[-1].since, case.now)
    return case.here(e.Resumed(case.command.words, action))


def mark_urgent(case: Case[c.MarkUrgent]) -> Built:
    """Put it before everything else, by the clock of danger or of a minor; never later than it was."""
    urgency = both(case.view.urgency, case.command.urgency)
    reasons = [*sentence(case.plan, "words", case.command.words)]
    if urgency == case.view.urgency:
        reasons.append(reason(Refusal.NOTHING_CHANGES))
    if reasons:
        return Refused(tuple(reasons))
    there = replace(case, view=replace(case.view, urgency=urgency))
    return case.here(e.MarkedUrgent(urgency, case.command.words, sooner(there, open_action(case))))


def escalate_task(case: Case[c.Escalate]) -> Built:
    """Tell who leads that a task is very late, once; of a restricted signal its supervisor, or who leads in its circle.

    Nothing else changes: the signal keeps its owner, its next action and its date.
    """
    view, command = case.view, case.command
    todo = next((one for one in view.open_todos if one.id == command.task), None)
    if not case.actor.is_system:
        return refuse(reason(Refusal.ONLY_FOR_SYSTEM))
    if todo is None or command.task in view.tasks_escalated:
        return refuse(reason(Refusal.UNKNOWN_TASK))
    if task_lateness(todo, case.now, case.plan) is not Lateness.VERY_LATE:
        return refuse(reason(Refusal.NOT_VERY_LATE))
    return case.here(e.TaskEscalated(todo.id, tuple(sorted(first_line(case)))))


def first_line(case: Case[c.Escalate]) -> frozenset[str]:
    """Who is told first: the supervisor of a restricted signal, who leads the unit, or who leads the service."""
    view, command = case.view, case.command
    circle = view.need_to_know
    unit, service = (leads & circle if circle else leads for leads in (command.unit_leads, command.service_leads))
    return frozenset((view.supervisor,)) if view.supervisor else unit or service


def line_up(case: Case[c.Escalate]) -> tuple[str, ...]:
    """Who is told at the next level: other people than at the levels before, as long as there are any.

    Where nobody stands higher, those who were told are told again: never nobody, if anybody leads.
    """
    view, command = case.view, case.command
    circle = view.need_to_know
    unit, service = (leads & circle if circle else leads for leads in (command.unit_leads, command.service_leads))
    level = view.standing.escalated
    told = frozenset(person for one in view.escalations[len(view.escalations) - level :] for person in one.people)
    higher = service - told or unit - told or told or unit | service
    return tuple(sorted(first_line(case) if level == 0 else higher))


def escalate(case: Case[c.Escalate]) -> Built:
    """Send it up the line: first to who leads the unit, then to others, who lead the service.

    A restricted signal stays in its circle: first its supervisor, then others of it who lead.
    """
    view = case.view
    if case.command.task:
        return escalate_task(case)
    level = view.standing.escalated + 1
    if level > case.plan.settings[Setting.ESCALATION_LEVELS]:
        return refuse(reason(Refusal.ESCALATED_TO_THE_TOP, level=level - 1))
    reasons = () if case.actor.is_system else tuple(sentence(case.plan, "words", case.command.words))
    if reasons:
        return Refused(reasons)
    people = line_up(case)
    to = Holder(view.unit, people[0] if len(people) == 1 else None)
    escalation = Escalation(level, to, case.command.words, case.actor.id, case.now, people)
    return case.here(e.Escalated(escalation, case.next(case.move.then, to)))
