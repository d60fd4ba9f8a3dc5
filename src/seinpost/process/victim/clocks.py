"""What happens next for a victim, and by when: by the terms of the pack, or on a day that somebody chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from seinpost.packs.procedure.procedure import Procedure
from seinpost.process.deadlines import add_days, chosen_action, end_of, local_day
from seinpost.process.shapes import Holder, NextAction
from seinpost.process.victim.shapes import Ground, Needs, Reflection, VictimView

PLAN, HOLD, FOLLOW = "plan-talk", "hold-talk", "follow-talk"
REPORT, END = "report-reflection", "end-reflection"


def step(plan: Procedure, kind: str, by: Holder, now: datetime, needs: Needs) -> NextAction:
    """A step by its term; a minor, or who is vulnerable, waits shorter where the pack says so."""
    rule = plan.victim.steps[kind]
    length, very_late = rule.special if needs.special and rule.special is not None else (rule.length, rule.very_late)
    last = add_days(local_day(now), length, rule.calendar, plan.holidays)
    late = add_days(last, very_late, rule.calendar, plan.holidays)
    return NextAction(kind, by, now, end_of(last), end_of(late), kind)


def step_on(plan: Procedure, kind: str, by: Holder, now: datetime, day: date) -> NextAction:
    """A step on a day that somebody chose; very late one working day after."""
    return chosen_action(plan, kind, by, now, day)


def reflection_ends(plan: Procedure, ground: Ground, started: date) -> date:
    """The last day of a reflection period (Vreemdelingencirculaire B8/3; WBV 2023/11 for Dublin claimants)."""
    term = plan.victim.reflection[ground.value]
    return add_days(started, term.length, term.calendar, plan.holidays)


def in_reflection(plan: Procedure, period: Reflection, by: Holder, now: datetime) -> NextAction:
    """The next step while a period runs: the first monthly report that was not made, or its end, if that is sooner."""
    if period.started is None or period.last_day is None:
        raise ValueError(f"a reflection period that did not start has no next step: {period}")
    report = plan.victim.report
    length = (len(period.reports) + 1) * report.length
    day = add_days(period.started, length, report.calendar, plan.holidays)
    return step_on(plan, *((REPORT, by, now, day) if day < period.last_day else (END, by, now, period.last_day)))


def bound(plan: Procedure, view: VictimView, now: datetime) -> Iterator[NextAction]:
    """What has a day of its own, whatever else somebody plans: a talk that waits, a reflection period that runs."""
    for talk in view.talks:
        if talk.is_open:
            yield step_on(plan, HOLD, talk.by, now, talk.day)
    if view.reflection is not None and view.reflection.runs:
        yield in_reflection(plan, view.reflection, view.owner, now)
