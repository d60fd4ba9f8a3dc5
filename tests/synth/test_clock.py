"""Dutch civil time without a time zone database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seinpost.synth.clock import Clock, ahead, midnight
from seinpost.synth.files import iso

DUTCH = ZoneInfo("Europe/Amsterdam")


@given(st.integers(820_454_400, 4_102_444_800))  # 1996-2099
def test_offset_is_that_of_the_time_zone(utc: int) -> None:
    offset = datetime.fromtimestamp(utc, DUTCH).utcoffset()
    assert offset == timedelta(seconds=ahead(utc))
    assert iso(np.array([utc]))[0] == datetime.fromtimestamp(utc, DUTCH).isoformat()


@given(st.dates(date(1996, 1, 2), date(2098, 12, 31)))
def test_midnight_is_dutch_midnight(day: date) -> None:
    assert datetime.fromtimestamp(midnight(day), DUTCH) == datetime(day.year, day.month, day.day, tzinfo=DUTCH)


@given(st.integers(0, 10**7), st.floats(0, 1, exclude_max=True))
def test_every_moment_falls_on_its_day(first: int, moment: float) -> None:
    clock = Clock(date(2024, 1, 1), 1_000, [1.0] * 24)
    days, seconds = clock.moments(first, np.array([moment]))
    assert datetime.fromtimestamp(int(seconds[0]), DUTCH).date() == date(1970, 1, 1) + timedelta(days=int(days[0]))
