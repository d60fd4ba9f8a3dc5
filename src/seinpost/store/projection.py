"""The columns of a signal, from what its events say: the only place that fills them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from seinpost.process.shapes import NextAction, SignalView
from seinpost.store.models import Signal


def columns(view: SignalView) -> dict[str, Any]:
    """Every column that repeats what the events say."""
    standing, hold = view.standing, view.hold
    return {
        "phase": standing.phase.value,
        "unit_id": view.unit or None,
        "owner_id": person(view.person),
        "held_by_id": person(hold.person) if hold else None,
        "held_until": hold.until if hold else None,
        **next_columns(standing.next_action),
        "diary": standing.diary,
        "silent_until": standing.silent_until,
        "silenced_by": [f"{one.rule} {one.entity}" for one in view.silenced_by],
        "silent_sample": view.silent_sample,
        "risk_to_life": view.urgency.risk_to_life,
        "minor": view.urgency.minor,
        "forms": sorted(view.forms),
        "missing": list(view.missing),
        "need_to_know": sorted(view.need_to_know),
        "glass": [{"person": glass.person, "until": glass.until.isoformat()} for glass in view.glass],
        "asked": sorted(view.thing.asked),
        "task_people": sorted({todo.by.person for todo in view.open_todos if todo.by.person}),
        "task_due": min((todo.due for todo in view.open_todos), default=None),
        "compartment": view.compartment,
        "joined_to": UUID(standing.joined_to) if standing.joined_to else None,
        "outcome": standing.outcome.value if standing.outcome else "",
        "events": view.sequence,
        "last_at": view.last_at,
    }


def next_columns(action: NextAction | None) -> dict[str, Any]:
    """The columns of the next action; a signal at rest has none."""
    if action is None:
        return {"next_kind": "", "next_person_id": None, "due": None, "very_late": None}
    return {
        "next_kind": action.kind,
        "next_person_id": person(action.by.person),
        "due": action.due,
        "very_late": action.very_late,
    }


def person(code: str | None) -> UUID | None:
    """The key of a person in a view."""
    return UUID(code) if code else None


def project(row: Signal, view: SignalView) -> Signal:
    """Put what the events say into a row; a signal at rest keeps the unit that owned it last."""
    for name, value in columns(view).items():
        if name != "unit_id" or value is not None:
            setattr(row, name, value)
    return row
