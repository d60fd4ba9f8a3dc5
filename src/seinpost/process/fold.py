"""A signal is the fold of its events: `apply` adds one, and nothing else ever changes a view.

What a fact does to the standing (owner, phase, next action) is one small function per kind; what it adds besides, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from seinpost.errors import RunError
from seinpost.packs.procedure.terms import Phase
from seinpost.process import events as e
from seinpost.process.deadlines import local_day
from seinpost.process.shapes import Attachment, Decision, NextAction, SignalView, Standing, Urgency

# A decision keeps the standing it found, so that it can be taken back.
DECISIONS = (
    e.Confirmed,
    e.Joined,
    e.Dismissed,
    e.Doubted,
    e.Postponed,
    e.Submitted,
    e.Weighed,
    e.ClosingProposed,
    e.Closed,
    e.Disagreed,
)
Change = dict[str, Any]


def fold(events: Iterable[e.Event]) -> SignalView:
    """The signal that a whole history leaves."""
    view: SignalView | None = None
    for event in events:
        view = apply(view, event)
    if view is None:
        raise RunError("a signal without events")
    return view


def apply(view: SignalView | None, event: e.Event) -> SignalView:
    """The view after one more event; pure."""
    fact = event.fact
    if isinstance(fact, e.Registered):
        return _begin(event, fact)
    if view is None:
        raise RunError(f"the history of signal {event.signal} does not begin with its registration")
    sequence = view.sequence + 1
    standing = _standing(view, fact)
    change: Change = {"sequence": sequence, "last_at": event.at}
    if standing != view.standing:
        change |= {"standing": standing, "moved": sequence}
    if isinstance(fact, DECISIONS):
        taken = Decision(sequence, event.verb, event.by, event.at, view.standing)
        change |= {"decisions": (*view.decisions, taken), "hold": None, "moved": sequence}
    if type(fact) in EXTRAS:
        change |= EXTRAS[type(fact)](view, fact, event)
    return replace(view, **change)


def _begin(event: e.Event, fact: e.Registered) -> SignalView:
    return SignalView(
        id=event.signal,
        service=fact.service,
        profile=fact.profile,
        task=fact.task,
        processing=fact.processing,
        practice=fact.practice,
        channel=fact.channel,
        from_scan=fact.from_scan,
        author=fact.author,
        received_at=fact.received_at,
        last_at=event.at,
        sequence=1,
        moved=1,
        standing=Standing(Phase.REGISTERED, fact.owner, fact.next),
        forms=frozenset(fact.forms),
        urgency=fact.urgency,
        compartment=fact.compartment,
        missing=fact.missing,
    )


# --- the standing ---------------------------------------------------------------------------------------------------


def _standing(view: SignalView, fact: e.Fact) -> Standing:
    rule = STANDINGS.get(type(fact))
    if rule is None:
        return view.standing
    after = rule(view, fact)
    if view.standing.silent_until is not None and not isinstance(fact, e.DecisionUndone):
        return replace(after, silent_until=None)  # whatever is done with it ends its silence
    return after


def _goes_on(view: SignalView, fact: Any, **change: Any) -> Standing:
    """The signal goes on with a new next action: whatever was set aside or pending before is settled."""
    settled: Change = {"suspended": None, "diary": None, "pending": None, "escalated": 0}
    owner = getattr(fact, "owner", view.standing.owner)
    return replace(view.standing, **(settled | {"owner": owner, "next_action": fact.next} | change))


def _passes(view: SignalView, fact: Any) -> Standing:
    """Only whose it is changes, and with that who does the next action; what a silence put off is that action then."""
    kept = None if view.standing.silent_until is not None else view.standing.suspended
    return replace(view.standing, owner=fact.owner, next_action=fact.next, suspended=kept)


def _silenced(view: SignalView, fact: e.Silenced) -> Standing:
    """A sample stays where it is; the rest waits for the end of the silence."""
    if fact.sampled:
        return view.standing
    return replace(view.standing, next_action=fact.next, suspended=set_aside(view), silent_until=fact.until)


def _assigned(view: SignalView, fact: e.Assigned) -> Standing:
    """Assigning an escalated signal is the supervisor's answer: what was set aside goes on."""
    escalated = view.standing.escalated and not view.is_paused
    return replace(
        view.standing,
        owner=fact.owner,
        next_action=fact.next,
        suspended=None if escalated or view.standing.silent_until is not None else view.standing.suspended,
        escalated=0 if escalated else view.standing.escalated,
    )


def set_aside(view: SignalView) -> NextAction | None:
    """The work a pause, a diary date or an escalation puts off: once put off, it stays what it was."""
    return view.standing.suspended or view.standing.next_action


def _rests(view: SignalView, phase: Phase, **change: Any) -> Standing:
    return replace(Standing(phase, view.standing.owner, None, outcome=view.standing.outcome), **change)


def _confirmed(view: SignalView, fact: e.Confirmed) -> Standing:
    return _goes_on(view, fact, phase=Phase.ENRICHMENT, read_by="")


def _joined(view: SignalView, fact: e.Joined) -> Standing:
    return _rests(view, Phase.JOINED, joined_to=fact.target)


def _dismissed(view: SignalView, fact: e.Dismissed) -> Standing:
    return _rests(view, Phase.DISMISSED, dismissal=fact.dismissal)


def _postponed(view: SignalView, fact: e.Postponed) -> Standing:
    return _goes_on(view, fact, diary=local_day(fact.next.due), suspended=set_aside(view))


def _undone(view: SignalView, fact: e.DecisionUndone) -> Standing:
    for decision in view.decisions:
        if decision.number == fact.number:
            return decision.before
    raise RunError(f"signal {view.id} has no decision {fact.number} to take back")


def _submitted(view: SignalView, fact: e.Submitted) -> Standing:
    return _goes_on(view, fact, phase=Phase.WEIGHING)


def _weighed(view: SignalView, fact: e.Weighed) -> Standing:
    return _goes_on(view, fact, phase=fact.phase, pending=fact.pending, outcome=fact.weighing.outcome)


def _proposed(view: SignalView, fact: e.ClosingProposed) -> Standing:
    return _goes_on(view, fact, pending=fact.pending)


def _closed(view: SignalView, fact: e.Closed) -> Standing:
    return _rests(view, Phase.CLOSED, closing=fact.closing)


def _disagreed(view: SignalView, fact: e.Disagreed) -> Standing:
    return _goes_on(view, fact, phase=fact.phase)


def _reopened(view: SignalView, fact: e.Reopened) -> Standing:
    dismissal = view.standing.dismissal if fact.ground == e.SAMPLE else None
    read_by = dismissal.by if dismissal is not None else ""
    return _goes_on(view, fact, phase=fact.phase, joined_to="", closing=None, dismissal=None, read_by=read_by)


def _paused(view: SignalView, fact: e.Paused) -> Standing:
    return replace(view.standing, next_action=fact.next, suspended=set_aside(view), diary=None, escalated=0)


def _resumed(view: SignalView, fact: e.Resumed) -> Standing:
    return replace(view.standing, next_action=fact.next, suspended=None, escalated=0)


def _urgent(view: SignalView, fact: e.MarkedUrgent) -> Standing:
    kept = view.standing.suspended if view.standing.escalated and not view.is_paused else None
    escalated = 0 if view.is_paused else view.standing.escalated
    return replace(view.standing, next_action=fact.next, suspended=kept, diary=None, escalated=escalated)


def _escalated(view: SignalView, fact: e.Escalated) -> Standing:
    level = fact.escalation.level
    return replace(view.standing, next_action=fact.next, suspended=set_aside(view), escalated=level)


STANDINGS: dict[type[e.Fact], Callable[[SignalView, Any], Standing]] = {
    e.Taken: _passes,
    e.Released: _passes,
    e.Assigned: _assigned,
    e.Confirmed: _confirmed,
    e.Joined: _joined,
    e.Dismissed: _dismissed,
    e.Doubted: _goes_on,
    e.Postponed: _postponed,
    e.DecisionUndone: _undone,
    e.Submitted: _submitted,
    e.Weighed: _weighed,
    e.ClosingProposed: _proposed,
    e.Closed: _closed,
    e.Disagreed: _disagreed,
    e.Reopened: _reopened,
    e.ActionPlanned: _goes_on,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.MarkedUrgent: _urgent,
    e.Escalated: _escalated,
    e.Silenced: _silenced,
}


# --- what is added besides ------------------------------------------------------------------------------------------


def _undo_extras(view: SignalView, fact: e.DecisionUndone, _event: e.Event) -> Change:
    """The decision stays on record, marked; so does the weighing it made."""
    return {
        "decisions": tuple(replace(d, undone=True) if d.number == fact.number else d for d in view.decisions),
        "weighings": tuple(replace(w, undone=True) if w.number == fact.number else w for w in view.weighings),
        "hold": None,
    }


def _finish(view: SignalView, fact: e.TaskFinished, _event: e.Event) -> Change:
    todos = tuple(replace(todo, done=True) if todo.id == fact.id else todo for todo in view.todos)
    return {"todos": todos, "missing": tuple(code for code in view.missing if code not in fact.answered)}


def _end_pause(view: SignalView, _fact: e.Fact, event: e.Event) -> Change:
    if not view.is_paused:
        return {}
    return {"pauses": (*view.pauses[:-1], replace(view.pauses[-1], ended=event.at))}


def _mark(view: SignalView, fact: e.MarkedUrgent, event: e.Event) -> Change:
    return _end_pause(view, fact, event) | {"urgency": both(view.urgency, fact.urgency)}


def both(one: Urgency, other: Urgency) -> Urgency:
    """Whatever makes either urgent makes both urgent together."""
    return Urgency(one.risk_to_life or other.risk_to_life, one.minor or other.minor)


def _review(view: SignalView, fact: e.GlassReviewed, _event: e.Event) -> Change:
    reviewed = (fact.person, fact.since)
    return {"glass": tuple(replace(g, reviewed=True) if (g.person, g.since) == reviewed else g for g in view.glass)}


def _unsuppress(view: SignalView, fact: e.RuleUnsuppressed, _event: e.Event) -> Change:
    gone = (fact.rule, fact.entity)
    return {"suppressions": tuple(s for s in view.suppressions if (s.rule, s.entity) != gone)}


def _suppress(view: SignalView, fact: e.RuleSuppressed, _event: e.Event) -> Change:
    """A new suppression takes the place of one that has run out."""
    new = (fact.suppression.rule, fact.suppression.entity)
    others = tuple(s for s in view.suppressions if (s.rule, s.entity) != new)
    return {"suppressions": (*others, fact.suppression)}


def _attach(view: SignalView, fact: e.Attached, event: e.Event) -> Change:
    """Attachments are numbered in the order in which they came, and keep their number."""
    new = Attachment(
        number=len(view.attachments) + 1,
        digest=fact.digest,
        kind=fact.media,
        size=fact.size,
        name=fact.name,
        origin=fact.origin,
        shows_source=fact.shows_source,
        by=event.by,
        at=event.at,
    )
    return {"attachments": (*view.attachments, new)}


def _erase(view: SignalView, fact: e.AttachmentErased, event: e.Event) -> Change:
    """The line stays. The same file may come again later, so only what is still there is marked."""
    return {
        "attachments": tuple(
            replace(one, erased_by=event.by, erased_at=event.at)
            if one.digest == fact.digest and one.erased_at is None
            else one
            for one in view.attachments
        )
    }


EXTRAS: dict[type[e.Fact], Callable[[SignalView, Any, e.Event], Change]] = {
    e.Taken: lambda _v, f, _e: {"hold": f.hold},
    e.Released: lambda _v, _f, _e: {"hold": None},
    e.Assigned: lambda _v, _f, _e: {"hold": None},
    e.Confirmed: lambda v, f, _e: {"forms": v.forms | frozenset(f.forms)},
    e.JoinReceived: lambda v, f, _e: {"joined_here": v.joined_here | {f.source}},
    e.JoinEnded: lambda v, f, _e: {"joined_here": v.joined_here - {f.source}},
    e.DecisionUndone: _undo_extras,
    e.LookedUp: lambda v, f, _e: {"look_ups": (*v.look_ups, f.look_up)},
    e.StepWaived: lambda v, f, _e: {"waivers": (*v.waivers, f.waiver)},
    e.Weighed: lambda v, f, _e: {"weighings": (*v.weighings, f.weighing)},
    e.Closed: lambda v, f, _e: {"opinions": (*v.opinions, f.opinion)},
    e.Disagreed: lambda v, f, _e: {"opinions": (*v.opinions, f.opinion)},
    e.Reopened: lambda v, f, ev: _end_pause(v, f, ev) | {"reopened": v.reopened + 1, "hold": None},
    e.Corrected: lambda _v, f, _e: {"versions": f.number},
    e.TaskAdded: lambda v, f, _e: {"todos": (*v.todos, f.todo)},
    e.TaskFinished: _finish,
    e.Paused: lambda v, f, _e: {"pauses": (*v.pauses, f.pause), "hold": None},
    e.Resumed: _end_pause,
    e.MarkedUrgent: _mark,
    e.Restricted: lambda _v, f, _e: {"need_to_know": frozenset(f.people), "supervisor": f.supervisor},
    e.RestrictionLifted: lambda _v, _f, _e: {"need_to_know": frozenset(), "supervisor": ""},
    e.SourceProtected: lambda _v, f, _e: {"compartment": f.compartment},
    e.GlassBroken: lambda v, f, _e: {"glass": (*v.glass, f.glass)},
    e.GlassReviewed: _review,
    e.RuleSuppressed: _suppress,
    e.RuleUnsuppressed: _unsuppress,
    e.Silenced: lambda _v, f, _e: {"silenced_by": f.by, "silent_sample": f.sampled},
    e.Attached: _attach,
    e.AttachmentErased: _erase,
    e.Escalated: lambda v, f, _e: {"escalations": (*v.escalations, f.escalation)},
    e.TaskEscalated: lambda v, f, _e: {"tasks_escalated": v.tasks_escalated | {f.task}},
}
