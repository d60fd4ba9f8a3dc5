"""Dates: Dutch holidays, working days, daylight saving, pauses; the minute before, at and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import NOW, plan

from seinpost.packs.procedure.terms import Authority, Calendar, Profile
from seinpost.process.deadlines import (
    AMSTERDAM,
    Lateness,
    add_days,
    chosen_action,
    days_between,
    easter,
    end_of,
    find_deadline,
    holidays_of,
    is_working_day,
    last_day,
    lateness,
    local_day,
    next_action,
    reckon,
    resume_action,
)
from seinpost.process.shapes import CALM, Holder, Urgency

RULES = plan().holidays
ME = Holder("avim", "ana")
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
days = st.dates(date(2024, 1, 1), date(2034, 1, 1))
rules = st.sampled_from(plan().deadlines)


def test_easter_of_years_that_are_known() -> None:
    """From the tables of the Royal Observatory, as printed in many almanacs."""
    known = {1961: (4, 2), 2000: (4, 23), 2008: (3, 23), 2016: (3, 27), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5)}
    known |= {2027: (3, 28), 2038: (4, 25), 2285: (3, 22)}
    assert {year: (easter(year).month, easter(year).day) for year in known} == known


@given(year=st.integers(1900, 2400))
def test_easter_agrees_with_a_second_algorithm(year: int) -> None:
    """Gauss's rule with its two exceptions, written from another source than the first."""
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    m = (15 - (13 + 8 * k) // 25 + k - k // 4) % 30
    n = (4 + k - k // 4) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    day = 22 + d + e
    if (d, e) == (29, 6):
        day = 50
    elif (d, e) == (28, 6) and (11 * m + 11) % 30 < 19:
        day = 49
    assert easter(year) == date(year, 3, 1) + timedelta(days=day - 1)


def test_the_holidays_of_2026_and_a_moved_kings_day() -> None:
    assert sorted(holidays_of(RULES, 2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]
    assert date(2025, 4, 26) in holidays_of(RULES, 2025)  # 27 April 2025 is a Sunday
    assert date(2025, 4, 27) not in holidays_of(RULES, 2025)
    extra = replace(RULES, extra=frozenset((date(2026, 5, 15),)))
    assert not is_working_day(date(2026, 5, 15), extra)


def test_the_minute_before_at_and_after() -> None:
    action = next_action(plan(), "triage", ME, NOW, profile=Profile.POLITIE, urgency=CALM, received=NOW)
    late, very_late = datetime(2026, 12, 1, 23, tzinfo=UTC), datetime(2026, 12, 3, 23, tzinfo=UTC)
    assert (action.due, action.very_late) == (late, very_late)
    minute = timedelta(minutes=1)
    expected = {late - minute: 0, late: 1, late + minute: 1, very_late - minute: 1, very_late: 2}
    assert {moment: lateness(action, moment).value for moment in expected} == expected
    assert lateness(action, very_late + minute) is Lateness.VERY_LATE


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 28), 23), (date(2026, 10, 25), 25), (date(2026, 11, 30), 24)]
)
def test_a_day_is_as_long_as_it_is(day: date, hours: int) -> None:
    assert end_of(day) - end_of(day - timedelta(days=1)) == timedelta(hours=hours)
    assert end_of(day).astimezone(AMSTERDAM).hour == 0


@given(start=moments, rule=rules)
def test_a_term_ends_at_local_midnight_or_after_its_hours(start: datetime, rule: object) -> None:
    found = next(known for known in plan().deadlines if known is rule)
    due, very_late = reckon(found, start, RULES)
    assert start < due < very_late
    if found.calendar is Calendar.HOURS:
        assert due - start == timedelta(hours=found.length)
    else:
        local = due.astimezone(AMSTERDAM)
        assert (local.hour, local.minute, local.second) == (0, 0, 0)
    if found.calendar is Calendar.WORKING_DAYS:
        assert is_working_day(last_day(due), RULES)
        assert days_between(local_day(start), last_day(due), Calendar.WORKING_DAYS, RULES) == found.length


@given(start=moments, later=st.timedeltas(timedelta(0), timedelta(days=40)), rule=rules)
def test_who_starts_later_is_never_due_earlier(start: datetime, later: timedelta, rule: object) -> None:
    found = next(known for known in plan().deadlines if known is rule)
    first, second = reckon(found, start, RULES), reckon(found, start + later, RULES)
    assert first[0] <= second[0]
    assert first[1] <= second[1]


@given(day=days, count=st.integers(1, 60))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    found = add_days(day, count, Calendar.WORKING_DAYS, RULES)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert sum(one.isoweekday() <= 5 and one not in holidays_of(RULES, one.year) for one in between) == count


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_last_day_there_is(day: date, count: int, expected: date) -> None:
    assert add_days(day, count, Calendar.MONTHS, RULES) == expected


@given(
    start=moments,
    before=st.timedeltas(timedelta(0), timedelta(days=30)),
    pause=st.timedeltas(timedelta(0), timedelta(days=40)),
    kind=st.sampled_from(sorted(plan().actions)),
    urgent=st.sampled_from((CALM, Urgency(minor=True), Urgency(risk_to_life=True))),
)
def test_a_pause_never_takes_time_and_keeps_what_was_left(
    start: datetime, before: timedelta, pause: timedelta, kind: str, urgent: Urgency
) -> None:
    action = next_action(plan(), kind, ME, start, profile=Profile.NLA, urgency=urgent)
    since = start + before
    resumed = resume_action(plan(), action, since, since + pause)
    assert resumed.due >= action.due
    assert resumed.very_late > resumed.due
    assert (lateness(action, since) is Lateness.ON_TIME) == (lateness(resumed, since + pause) is Lateness.ON_TIME)
    rule = find_deadline(plan(), kind, Profile.NLA, urgent)
    if rule.calendar is Calendar.WORKING_DAYS and action.due > since:
        left = days_between(local_day(since), last_day(action.due), Calendar.WORKING_DAYS, RULES)
        now_left = days_between(local_day(since + pause), last_day(resumed.due), Calendar.WORKING_DAYS, RULES)
        assert left == now_left


def test_the_most_specific_deadline_holds() -> None:
    def code(action: str, profile: Profile, **urgent: bool) -> str:
        return find_deadline(plan(), action, profile, Urgency(**urgent)).code

    assert code("enrich", Profile.POLITIE) == "enrich"
    assert code("enrich", Profile.KMAR) == "enrich-kmar"
    assert code("enrich", Profile.KMAR, minor=True) == "enrich-minor"
    assert code("enrich", Profile.KMAR, minor=True, risk_to_life=True) == "enrich-life"
    assert code("look-again", Profile.POLITIE, minor=True) == "look-again"
    with pytest.raises(LookupError):
        code("sleep", Profile.POLITIE)


def test_a_date_of_ones_own_is_kept_to_its_last_minute() -> None:
    action = chosen_action(plan(), "enrich", ME, NOW, date(2026, 12, 4))
    assert action.due == datetime(2026, 12, 4, 23, tzinfo=UTC)
    assert action.very_late == datetime(2026, 12, 7, 23, tzinfo=UTC)
    assert action.deadline == ""


def test_no_deadline_claims_to_be_law() -> None:
    """No statutory term for weighing or follow-up was found; the day one is, this test asks for its source."""
    assert {deadline.basis.authority for deadline in plan().deadlines} <= {Authority.POLICY, Authority.PROPOSAL}
