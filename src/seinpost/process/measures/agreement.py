"""Do second readers agree with what was dismissed? Read from the histories of the sample, with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from seinpost.process import events as e
from seinpost.process.measures.drift import wilson

DECIDED = (e.Confirmed, e.Joined, e.Dismissed)


@dataclass(frozen=True, slots=True)
class Sampled:
    """One dismissed registration that came to a second reader; without `second` it waits for one."""

    first: str
    since: datetime
    second: str = ""
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many were read again, how many of those were dismissed again, how many wait; the share's 95 % interval."""

    read: int
    agreed: int
    waiting: int
    low: float
    high: float


def sampled(history: Sequence[e.Event]) -> Sampled | None:
    """What became of the sample in one history, if it was drawn; a decision that was taken back is none."""
    undone = {event.fact.number for event in history if isinstance(event.fact, e.DecisionUndone)}
    first, found = "", None
    for number, event in enumerate(history, 1):
        if isinstance(event.fact, DECIDED) and number not in undone:
            if found is not None:
                return Sampled(found.first, found.since, event.by, isinstance(event.fact, e.Dismissed))
            first = event.by if isinstance(event.fact, e.Dismissed) else first
        elif isinstance(event.fact, e.Reopened) and event.fact.ground == e.SAMPLE:
            found = Sampled(first, event.at)
    return found


def agreement(found: Iterable[Sampled]) -> Agreement:
    """The figures over a sample."""
    rows = list(found)
    read = [row for row in rows if row.second]
    agreed = sum(row.agrees for row in read)
    low, high = wilson(agreed, len(read)) if read else (0.0, 1.0)
    return Agreement(len(read), agreed, len(rows) - len(read), low, high)
