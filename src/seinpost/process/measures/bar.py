"""From the history of a signal to what it tells of the bar: each weighing once, under who weighed it then; and teams.

More enrichment is no answer yet, so it does not count. A signal that was closed without ever having been weighed counts
as not followed up, or closing would be the way around the figures.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seinpost.packs.procedure.terms import Outcome
from seinpost.process import events as e
from seinpost.process.deadlines import local_day
from seinpost.process.measures.drift import WeighedRow

SEVERAL = "several"
"""Stands for the form of a signal of which several are suspected: it is counted once."""
FEWEST = 30  # weighings of a team, before it is compared


def weighed_rows(history: Sequence[e.Event], service: str) -> Iterator[WeighedRow]:
    """Every answer in one history that stands, by the unit that gave it and the forms suspected at that moment."""
    undone = {event.fact.number for event in history if isinstance(event.fact, e.DecisionUndone)}
    forms: set[str] = set()
    unit, answered = "", False
    for number, event in enumerate(history, 1):
        fact = event.fact
        if isinstance(fact, e.Registered | e.Confirmed):
            forms |= set(fact.forms)
        if number in undone:
            continue
        if isinstance(fact, e.Reopened):
            answered = False
        elif isinstance(fact, e.ClosingProposed):
            unit = fact.owner.unit
        elif isinstance(fact, e.Weighed) and fact.weighing.outcome is not Outcome.MORE_ENRICHMENT:
            answered = True
            followed = fact.weighing.outcome is not Outcome.NO_FOLLOW_UP
            yield WeighedRow(service, fact.owner.unit, form_of(forms), local_day(event.at), followed)
        elif isinstance(fact, e.Closed) and not answered:
            answered = True
            yield WeighedRow(service, unit, form_of(forms), local_day(event.at), followed_up=False)


def form_of(forms: set[str]) -> str:
    """The form a signal is counted under."""
    return next(iter(forms), "") if len(forms) < 2 else SEVERAL


@dataclass(frozen=True, slots=True)
class Difference:
    """A team whose share followed up differs from that of the other teams of its service, form by form."""

    unit: str
    weighed: int
    followed_up: int
    expected: float  # followed up, if it had done as all teams together, form by form
    p: float  # chance of a difference this large if there is none


def differing(rows: Iterable[WeighedRow], false_rate: float = 0.05) -> tuple[Difference, ...]:
    """The teams of one service that differ, by the Cochran-Mantel-Haenszel test over the forms (continuity corrected).

    Comparing form by form, what comes in at a team is not held against it. The false rate is shared out over the teams
    that are compared (Bonferroni). Two teams differ from each other both, so both are named.
    """
    listed = list(rows)
    units = sorted({row.unit for row in listed})
    compared = [unit for unit in units if sum(row.unit == unit for row in listed) >= FEWEST] if len(units) > 1 else []
    found = [compare(listed, unit) for unit in compared]
    return tuple(one for one in found if one.p * len(compared) < false_rate)


def compare(rows: Sequence[WeighedRow], unit: str) -> Difference:
    """One team against the others."""
    strata: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])  # followed up and weighed: by the team, by all
    for row in rows:
        stratum = strata[row.form]
        mine = row.unit == unit
        for place, value in enumerate((mine and row.followed_up, mine, row.followed_up, True)):
            stratum[place] += value
    expected = variance = 0.0
    for _done, weighed, followed, all_ in strata.values():
        expected += weighed * followed / all_
        if all_ > 1:
            variance += weighed * (all_ - weighed) * followed * (all_ - followed) / (all_ * all_ * (all_ - 1))
    done, total = (sum(stratum[place] for stratum in strata.values()) for place in (0, 1))
    distance = max(0.0, abs(done - expected) - 0.5)
    p = math.erfc(distance / math.sqrt(2 * variance)) if variance else 1.0
    return Difference(unit, total, done, expected, p)
