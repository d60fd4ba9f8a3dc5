"""When registrations are made: so many a day, spread over the hours, in Dutch civil time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

DAY = 86_400
EPOCH = date(1970, 1, 1)
WINTER, SUMMER = 3_600, 7_200  # seconds ahead of UTC


class Clock:
    """Moments of rows; the same for a row whatever the size of the world."""

    def __init__(self, starts_on: date, a_day: int, hours: Sequence[float]) -> None:
        self._first = (starts_on - EPOCH).days
        self._a_day = a_day
        self._edges = np.concatenate(([0.0], np.cumsum(np.asarray(hours, dtype=np.float64))))
        self._edges /= self._edges[-1]

    def moments(self, first: int, moment: Any) -> tuple[Any, Any]:
        """Give days since 1970 (Dutch civil date, int32) and seconds since 1970 (UTC, int64) of rows from `first` on.

        `moment` holds each row's place in [0, 1) within its slice of the day; both results never fall.
        """
        rows = first + np.arange(len(moment), dtype=np.int64)
        days = self._first + rows // self._a_day
        share = (rows % self._a_day + moment) / self._a_day
        seconds = np.interp(share, self._edges, np.arange(25) / 24.0)  # share of the day, as the hours have it
        start, length = self._starts(days)
        return days.astype(np.int32), start + np.floor(seconds * length).astype(np.int64)

    @staticmethod
    def _starts(days: Any) -> tuple[Any, Any]:
        """Seconds since 1970 at which each day starts, and how long it lasts."""
        if len(days) == 0:
            return days, days
        low, high = int(days[0]), int(days[-1])
        starts = np.array([midnight(EPOCH + timedelta(days=day)) for day in range(low, high + 2)], dtype=np.int64)
        return starts[days - low], (starts[1:] - starts[:-1])[days - low]


def midnight(day: date) -> int:
    """Give seconds since 1970, UTC, at 00:00 Dutch time of a day."""
    local = (day - EPOCH).days * DAY
    return local - ahead(local - WINTER)


def ahead(utc: int) -> int:
    """Give how many seconds Dutch time is ahead of UTC at a moment (EU rule since 1996, Directive 2000/84/EC)."""
    year = (EPOCH + timedelta(seconds=utc)).year
    return SUMMER if _last_sunday(year, 3) <= utc < _last_sunday(year, 10) else WINTER


def _last_sunday(year: int, month: int) -> int:
    last = date(year, month, 31)  # March and October
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return (sunday - EPOCH).days * DAY + 3_600
