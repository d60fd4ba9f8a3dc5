"""When a next action is late: lengths counted in local days with Dutch holidays, safe over daylight saving.

A term in days runs to the end of its last day: the first late moment is the midnight after it, local time. A term in
hours is elapsed time. On time if, and only if, now lies before `due`; late from `due`, very late from `very_late`.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from seinpost.packs.procedure.procedure import Deadline, Holidays, Procedure
from seinpost.packs.procedure.terms import Calendar, Profile, StartsOn
from seinpost.process.shapes import Holder, NextAction, Urgency

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SATURDAY = 5


class Lateness(IntEnum):
    """How late something is; a larger value is worse."""

    ON_TIME = 0
    LATE = 1
    VERY_LATE = 2


def lateness(action: NextAction, now: datetime) -> Lateness:
    """How late a next action is."""
    if now < action.due:
        return Lateness.ON_TIME
    return Lateness.LATE if now < action.very_late else Lateness.VERY_LATE


def local_day(moment: datetime) -> date:
    """The day it is in the Netherlands at a moment."""
    return moment.astimezone(AMSTERDAM).date()


def end_of(day: date) -> datetime:
    """The first moment after a local day, in UTC; 23, 24 or 25 hours after its beginning."""
    return datetime.combine(day + timedelta(days=1), time.min, AMSTERDAM).astimezone(UTC)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, as in Meeus, Astronomical Algorithms)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def holidays_of(rules: Holidays, year: int) -> frozenset[date]:
    """Every public holiday of a year by the rules of the pack."""
    days = set()
    for fixed in rules.fixed:
        day = date(year, fixed.month, fixed.day)
        days.add(day + timedelta(days=fixed.on_sunday) if day.isoweekday() == 7 else day)
    days |= {easter(year) + timedelta(days=moving.offset) for moving in rules.easter}
    return frozenset(days | {day for day in rules.extra if day.year == year})


def is_working_day(day: date, rules: Holidays) -> bool:
    """A working day if, and only if, it is Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in holidays_of(rules, day.year)


def add_days(day: date, count: int, unit: Calendar, rules: Holidays) -> date:
    """The last day of a term that begins after `day`; a month that is too short gives its last day."""
    if unit is Calendar.WORKING_DAYS:
        while count:
            day += timedelta(days=1)
            count -= is_working_day(day, rules)
        return day
    if unit is Calendar.MONTHS:
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return day + timedelta(days=count * (7 if unit is Calendar.WEEKS else 1))


def reckon(rule: Deadline, start: datetime, rules: Holidays) -> tuple[datetime, datetime]:
    """The moments from which it is late and very late, for a clock that began at `start`."""
    if rule.calendar is Calendar.HOURS:
        due = start + timedelta(hours=rule.length)
        return due, due + timedelta(hours=rule.very_late)
    last = add_days(local_day(start), rule.length, rule.calendar, rules)
    return end_of(last), end_of(add_days(last, rule.very_late, rule.calendar, rules))


def find_deadline(plan: Procedure, action: str, profile: Profile, urgency: Urgency) -> Deadline:
    """The most specific deadline that fits: danger before a minor, urgent before a profile, a profile before neither.

    The linter of the pack sees to it that a general one always exists.
    """
    urgent = [name for name, on in (("risk-to-life", urgency.risk_to_life), ("minor", urgency.minor)) if on]
    best: tuple[int, int, Deadline] | None = None
    for rule in plan.deadlines:
        fits = rule.action == action and rule.profile in (None, profile) and (not rule.urgent or rule.urgent in urgent)
        if fits:
            rank = len(urgent) - urgent.index(rule.urgent) if rule.urgent else 0
            if best is None or (rank, rule.profile is not None) > best[:2]:
                best = (rank, int(rule.profile is not None), rule)
    if best is None:
        raise LookupError(f"no deadline for next action {action!r}: the pack was not linted")
    return best[2]


def next_action(
    plan: Procedure,
    kind: str,
    by: Holder,
    now: datetime,
    *,
    profile: Profile,
    urgency: Urgency,
    received: datetime | None = None,
) -> NextAction:
    """The next action of a kind, with its date by the pack."""
    rule = find_deadline(plan, kind, profile, urgency)
    start = received if received is not None and rule.starts_on is StartsOn.RECEIVED else now
    due, very_late = reckon(rule, start, plan.holidays)
    return NextAction(kind, by, now, due, very_late, rule.code, start)


def chosen_action(plan: Procedure, kind: str, by: Holder, now: datetime, day: date) -> NextAction:
    """The next action of a kind at a day that a person chose; very late one working day after."""
    late = add_days(day, 1, Calendar.WORKING_DAYS, plan.holidays)
    return NextAction(kind, by, now, end_of(day), end_of(late))


def diary_action(plan: Procedure, kind: str, by: Holder, now: datetime, day: date) -> NextAction:
    """The next action that comes back at the start of a diary day: due from its first moment, to come back on top."""
    start = end_of(day - timedelta(days=1))
    late = add_days(day, 1, Calendar.WORKING_DAYS, plan.holidays)
    return NextAction(kind, by, now, start, end_of(late))


def resume_action(plan: Procedure, action: NextAction, since: datetime, now: datetime) -> NextAction:
    """A next action whose clock stood still from `since` to `now`: what was left then is left now.

    Hours, and what was late already, move by the time that passed; a term in days keeps the number of its days
    (working days for a term in working days) that still lay ahead.
    """
    rule = next((rule for rule in plan.deadlines if rule.code == action.deadline), None)
    unit = rule.calendar if rule is not None else Calendar.DAYS
    if unit is Calendar.HOURS or action.due <= since:
        return replace(action, due=action.due + (now - since), very_late=action.very_late + (now - since))
    counted = Calendar.WORKING_DAYS if unit is Calendar.WORKING_DAYS else Calendar.DAYS
    ahead = days_between(local_day(since), last_day(action.due), counted, plan.holidays)
    margin = days_between(last_day(action.due), last_day(action.very_late), counted, plan.holidays)
    last = add_days(local_day(now), ahead, counted, plan.holidays)
    return replace(action, due=end_of(last), very_late=end_of(add_days(last, margin, counted, plan.holidays)))


def last_day(due: datetime) -> date:
    """The last local day on which it is still on time."""
    return local_day(due - timedelta(microseconds=1))


def days_between(first: date, last: date, unit: Calendar, rules: Holidays) -> int:
    """How many days after `first`, up to and with `last`; only working days, if that is the unit."""
    span = (last - first).days
    if unit is not Calendar.WORKING_DAYS:
        return max(span, 0)
    return sum(is_working_day(first + timedelta(days=n), rules) for n in range(1, span + 1))


def reckon_local(rule: Deadline, start: str, rules: Holidays) -> tuple[str, str]:
    """The worked dates of the pack, as people write them: local start to local due and very late."""
    moment = datetime.fromisoformat(start).replace(tzinfo=AMSTERDAM).astimezone(UTC)
    due, late = reckon(rule, moment, rules)
    return due.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M"), late.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")
