"""A victim's record is the fold of its events; nothing else ever changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from seinpost.errors import RunError
from seinpost.process.events import Event
from seinpost.process.victim import events as e
from seinpost.process.victim.shapes import Ending, Reflection, Result, VictimView

Change = dict[str, Any]


def fold_victim(events: Iterable[Event]) -> VictimView:
    """The record that a whole history leaves."""
    view: VictimView | None = None
    for event in events:
        view = apply_victim(view, event)
    if view is None:
        raise RunError("a victim's record without events")
    return view


def apply_victim(view: VictimView | None, event: Event) -> VictimView:
    """The record after one more event; pure."""
    fact = event.fact
    if isinstance(fact, e.VictimMet):
        return VictimView(
            id=event.signal,
            service=fact.service,
            task=fact.task,
            processing=fact.processing,
            practice=fact.practice,
            signals=frozenset((fact.signal,)),
            called=fact.called,
            needs=fact.needs,
            owner=fact.owner,
            last_at=event.at,
            sequence=1,
            next_action=fact.next,
        )
    if view is None:
        raise RunError(f"the history of victim {event.signal} does not begin with how they were met")
    change: Change = {"sequence": view.sequence + 1, "last_at": event.at}
    following = getattr(fact, "next", None)
    if following is not None:
        change["next_action"] = following
    return replace(view, **(change | CHANGES[type(fact)](view, fact)))


def _attempted(view: VictimView, fact: e.TalkAttempted) -> Change:
    """A talk that was put off has another day from then on."""
    again = fact.attempt.again if fact.attempt.result is Result.PUT_OFF else None
    talks = tuple(
        replace(talk, attempts=(*talk.attempts, fact.attempt), day=again or talk.day) if talk.id == fact.talk else talk
        for talk in view.talks
    )
    return {"talks": talks}


def _planned(view: VictimView, fact: e.TalkPlanned) -> Change:
    """A talk that is planned anew keeps what was tried."""
    before = next((talk for talk in view.talks if talk.id == fact.talk.id), None)
    if before is None:
        return {"talks": (*view.talks, fact.talk)}
    again = replace(fact.talk, attempts=before.attempts)
    return {"talks": tuple(again if talk.id == again.id else talk for talk in view.talks)}


def _answered(view: VictimView, fact: e.ReflectionAnswered) -> Change:
    assert view.reflection is not None
    started = fact.day if fact.taken else None
    return {"reflection": replace(view.reflection, taken=fact.taken, started=started, last_day=fact.last_day)}


def _reported(view: VictimView, fact: e.ReflectionReported) -> Change:
    assert view.reflection is not None
    return {"reflection": replace(view.reflection, reports=(*view.reflection.reports, fact.day))}


def _ended(view: VictimView, fact: e.ReflectionEnded) -> Change:
    assert view.reflection is not None
    complaint = fact.day if fact.ending is Ending.COMPLAINT and view.complaint is None else view.complaint
    return {"reflection": replace(view.reflection, ended=fact.day, ending=fact.ending), "complaint": complaint}


def _withdrawn(view: VictimView, fact: e.ConsentWithdrawn) -> Change:
    return {
        "consents": tuple(
            replace(one, withdrawn=fact.day) if one.recipient == fact.recipient and one.withdrawn is None else one
            for one in view.consents
        )
    }


CHANGES: dict[type[Any], Callable[[VictimView, Any], Change]] = {
    e.VictimSeenAgain: lambda v, f: {"signals": v.signals | {f.signal}},
    e.NeedsNoted: lambda _v, f: {"needs": f.needs},
    e.TalkPlanned: _planned,
    e.TalkAttempted: _attempted,
    e.ReflectionOffered: lambda _v, f: {"reflection": Reflection(f.day, f.ground)},
    e.ReflectionAnswered: _answered,
    e.ReflectionReported: _reported,
    e.ReflectionEnded: _ended,
    e.ConsentGiven: lambda v, f: {"consents": (*v.consents, f.consent)},
    e.ConsentWithdrawn: _withdrawn,
    e.Assessed: lambda v, f: {"assessments": (*v.assessments, f.assessment)},
    e.VictimHandedOn: lambda _v, f: {"owner": f.owner},
    e.StepPlanned: lambda _v, _f: {},
    e.Rested: lambda _v, f: {"rest": f.rest, "next_action": None},
    e.WentOn: lambda _v, f: {"rest": None, "owner": f.owner},
}
