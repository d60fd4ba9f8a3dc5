"""From the queue to a first decision: register, take, give back, assign; signal, joins, not a signal, unsure, later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seinpost.packs.procedure.terms import ListName, Phase, Refusal, Setting, Verb
from seinpost.process import commands as c
from seinpost.process import events as e
from seinpost.process.deadlines import diary_action, next_action
from seinpost.process.fold import both
from seinpost.process.people import Words
from seinpost.process.shapes import Dismissal, Hold, NextAction, Reason, Refused, SignalView
from seinpost.process.verbs.case import Built, Case, ahead, listed, reason, refuse, sentence


def open_action(case: Case[c.Command]) -> NextAction:
    """The next action of an open signal; by construction every open signal has one.

    Of a silent signal it is the work that was put off, by a clock that begins now.
    """
    standing = case.view.standing
    if standing.silent_until is not None and standing.suspended is not None:
        work = standing.suspended
        return next_action(
            case.plan, work.kind, work.by, case.now, profile=case.view.profile, urgency=case.view.urgency
        )  # fmt: skip
    action = standing.next_action
    if action is None:
        raise LookupError(f"open signal {case.view.id} has no next action")
    return action


def take(case: Case[c.Take]) -> Built:
    """Take it and lock it. Who proposed a closing cannot take the second person's work."""
    pending = case.view.standing.pending
    if pending is not None and pending.proposed_by == case.actor.id:
        return refuse(reason(Refusal.SAME_PERSON))
    until = case.now + timedelta(minutes=case.plan.settings[Setting.HOLD_MINUTES])
    action = replace(open_action(case), by=case.me)
    return case.here(e.Taken(case.me, Hold(case.actor.id, until), action))


def release(case: Case[c.Release]) -> Built:
    """Give it back to the queue of its unit."""
    action = replace(open_action(case), by=case.queue)
    return case.here(e.Released(case.queue, case.command.words, action))


def assign(case: Case[c.Assign]) -> Built:
    """Give it to a unit or a person of the same service. The date stays, so passing on gains no time.

    A signal that went up the line gets a fresh date for what was set aside: assigning is the supervisor's answer.
    """
    command, view = case.command, case.view
    reasons = []
    if command.to_service != view.service:
        reasons.append(reason(Refusal.ASSIGNEE_OTHER_SERVICE))
    if command.to.person is not None and not command.to_active:
        reasons.append(reason(Refusal.ASSIGNEE_INACTIVE))
    if view.need_to_know and command.to.person is not None and command.to.person not in view.need_to_know:
        reasons.append(reason(Refusal.NOT_IN_NEED_TO_KNOW))
    pending = view.standing.pending
    first = pending.proposed_by if pending is not None else view.standing.read_by
    if first and command.to.person == first:
        reasons.append(reason(Refusal.SAME_PERSON))
    if reasons:
        return Refused(tuple(reasons))
    suspended = view.standing.suspended
    if view.standing.escalated and suspended is not None and not view.is_paused:
        action = case.next(suspended.kind, command.to)
    else:
        action = replace(open_action(case), by=command.to)
    return case.here(e.Assigned(command.to, command.words, action))


def confirm(case: Case[c.Confirm]) -> Built:
    """Call it a signal; from here on it cannot rest without a second person."""
    action = case.next(case.move.then, case.me)
    return case.here(e.Confirmed(tuple(sorted(set(case.command.forms))), case.command.words, case.me, action))


def join(case: Case[c.Join]) -> Built:
    """Let it go on inside another signal of the service, which takes over what is urgent, and goes on if it rested."""
    target = case.command.target
    if not may_receive(case.view, target):
        return refuse(reason(Refusal.JOIN_TARGET, signal=target.standing.joined_to or target.id))
    urgency = both(target.urgency, case.view.urgency)
    there: Case[c.Join] = replace(case, view=replace(target, urgency=urgency))
    facts: list[e.Fact] = [e.JoinReceived(case.view.id)]
    action = open_action(there) if target.standing.silent_until is not None else target.standing.next_action
    if action is not None and target.standing.silent_until is not None:  # what goes on in it must not be silent
        facts.append(e.Released(there.queue, Words(""), action))
    if action is None:
        action = there.next("enrich", there.queue)
        facts.append(e.Reopened("new-signal", Words(""), Phase.ENRICHMENT, there.queue, action))
    if urgency != target.urgency:
        facts.append(e.MarkedUrgent(urgency, Words(""), sooner(there, action)))
    return (*case.here(e.Joined(target.id, case.command.words)), *there.here(*facts))


def may_receive(view: SignalView, target: SignalView) -> bool:
    """Another signal can receive one if, and only if, it is of the same service and kind, and open or closed."""
    same = target.service == view.service and target.practice == view.practice
    return same and target.id != view.id and (target.is_open or target.phase is Phase.CLOSED)


def sooner(case: Case[c.Command], action: NextAction) -> NextAction:
    """A next action by the clock of an urgent signal, never later than it was.

    What a pause or a diary date put off is taken up again; a supervisor's decision stays one.
    """
    put_off = case.view.standing.suspended
    base = put_off if put_off is not None and not case.view.standing.escalated else action
    urgent = case.next(base.kind, action.by)
    return base if base.kind == action.kind and base.due < urgent.due else urgent


def dismiss(case: Case[c.Dismiss]) -> Built:
    """Find that it is no signal, for a reason of the list; "other" needs a sentence."""
    command = case.command
    reasons = list(listed(case.plan, ListName.DISMISSAL, "reason", [command.reason]))
    if not reasons and case.plan.lists[ListName.DISMISSAL][command.reason].always:
        reasons += sentence(case.plan, "words", command.words)
    if reasons:
        return Refused(tuple(reasons))
    dismissal = Dismissal(command.reason, command.words, case.actor.id, case.now)
    return case.here(e.Dismissed(dismissal))


def unsure(case: Case[c.Unsure]) -> Built:
    """Leave it to somebody else of the unit."""
    return case.here(e.Doubted(case.command.words, case.queue, case.next(case.move.then, case.queue)))


def postpone(case: Case[c.Postpone]) -> Built:
    """Look again on a day, with a reason, a few times at most; due from that day's first moment, so it comes on top."""
    command = case.command
    reasons: list[Reason] = [
        *ahead(case.plan, case.today, command.until, Setting.POSTPONE_DAYS),
        *sentence(case.plan, "words", command.words),
    ]
    times = case.plan.settings[Setting.POSTPONE_TIMES]
    if sum(d.verb is Verb.POSTPONE and not d.undone for d in case.view.decisions) >= times:
        reasons.append(reason(Refusal.POSTPONED_ENOUGH, times=times))
    if reasons:
        return Refused(tuple(reasons))
    by = case.view.standing.owner or case.queue
    return case.here(e.Postponed(command.words, diary_action(case.plan, case.move.then, by, case.now, command.until)))
