"""Is the bar creeping up? Shares followed up by service, unit, form and month, and an alarm with a known false rate.

The alarm is a Bernoulli CUSUM (Reynolds and Stoumbos, Journal of Quality Technology 31, 1999, 87-108) on single
weighings in order: one *not* followed up adds, one followed up takes off, never below zero. Its limit is the smallest
for which, while the share stays what it was, the chance of a false alarm within `horizon` weighings is at most
`false_rate`: computed exactly on the chart's own grid (a Markov chain), not by an approximation. The share "as it was"
is itself only estimated, from the first `baseline` weighings; the chance is averaged over what it may really be (a
normal distribution of its log odds, seven Gauss-Hermite points), or the alarm would ring twice as often as it says.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
GRID = 40  # steps of the chart per full weighing; the reference value is rounded to it
MAX_LIMIT = 40 * GRID


@dataclass(frozen=True, slots=True)
class WeighedRow:
    """One weighing as a plain row."""

    service: str
    unit: str
    form: str
    day: date
    followed_up: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many were followed up in one group; `low` and `high` bound the share (Wilson, 95 %)."""

    service: str
    unit: str
    form: str
    period: str
    followed_up: int
    weighed: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for one group: the share that was, the share it must notice, its step down and its limit on the grid."""

    normal: float  # share not followed up while nothing changes
    raised: float  # share not followed up that must be noticed
    step: int  # what a weighing that was followed up takes off
    limit: int  # alarm from here


@dataclass(frozen=True, slots=True)
class Alarm:
    """The chart of a group passed its limit at this weighing (counted from 1, after the baseline)."""

    at: int
    day: date
    chart: Chart


def shares(rows: Iterable[WeighedRow]) -> tuple[Share, ...]:
    """Share followed up per service, unit, form and month, in that order."""
    counts: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        count = counts[row.service, row.unit, row.form, f"{row.day:%Y-%m}"]
        count[0] += row.followed_up
        count[1] += 1
    return tuple(Share(*key, done, all_, *wilson(done, all_)) for key, (done, all_) in sorted(counts.items()))


def wilson(done: int, total: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson, JASA 22, 1927, 209-212)."""
    share, square = done / total, z * z / total
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


@lru_cache(maxsize=256)
def design(
    normal: float, *, odds: float = 2.0, horizon: int = 250, false_rate: float = 0.05, baseline: int = 0
) -> Chart:
    """The chart that notices the odds of not being followed up rising by a factor, with a bounded false rate.

    `baseline` is the number of weighings the normal share was estimated from; 0: it is known.
    """
    raised = normal * odds / (1 - normal + normal * odds)
    down = math.log((1 - normal) / (1 - raised))
    up = math.log(raised * (1 - normal) / (normal * (1 - raised)))
    step = min(max(round(GRID * down / up), 1), GRID - 1)
    shares_, weights = _possible(normal, baseline)
    low, high = GRID, MAX_LIMIT
    while low < high:
        middle = (low + high) // 2
        if float(weights @ false_alarms(shares_, step, middle, horizon)) <= false_rate:
            high = middle
        else:
            low = middle + 1
    return Chart(normal, raised, step, low)


def _possible(normal: float, baseline: int) -> tuple[Floats, Floats]:
    """What the share may really be, and how likely each is, given an estimate from `baseline` weighings."""
    if not baseline:
        return np.array([normal]), np.array([1.0])
    points, weights = np.polynomial.hermite_e.hermegauss(7)
    odds = math.log(normal / (1 - normal)) + points / math.sqrt(baseline * normal * (1 - normal))
    return 1 / (1 + np.exp(-odds)), weights / weights.sum()


def false_alarms(normal: Floats, step: int, limit: int, horizon: int) -> Floats:
    """For each share not followed up, the exact chance that the chart passes its limit within `horizon` weighings."""
    share = normal[:, None]
    chance = np.zeros((len(normal), limit))
    chance[:, 0] = 1.0
    rise = GRID - step
    for _ in range(horizon):
        following = np.zeros_like(chance)
        following[:, rise:] += share * chance[:, : limit - rise]
        following[:, : limit - step] += (1 - share) * chance[:, step:]
        following[:, 0] += (1 - normal) * chance[:, :step].sum(axis=1)
        chance = following
    rung: Floats = 1 - chance.sum(axis=1)
    return rung


def watch(rows: Iterable[WeighedRow], *, baseline: int = 200, false_rate: float = 0.05) -> Alarm | None:
    """Watch the weighings of one group in order of day; the first `baseline` say what is normal. First alarm, or none.

    A normal share is kept within 2 and 98 %, so that a group that always or never followed up can be watched too. With
    no more than `baseline` weighings there is nothing to watch yet: None.
    """
    ordered = sorted(rows, key=lambda row: row.day)
    if len(ordered) <= baseline:
        return None
    refused = sum(not row.followed_up for row in ordered[:baseline])
    normal = min(max((refused + 0.5) / (baseline + 1), 0.02), 0.98)
    chart = design(normal, false_rate=false_rate, baseline=baseline)
    level = 0
    for number, row in enumerate(ordered[baseline:], 1):
        level = max(0, level + (0 if row.followed_up else GRID) - chart.step)
        if level >= chart.limit:
            return Alarm(number, row.day, chart)
    return None


def watch_groups(rows: Iterable[WeighedRow], *, baseline: int = 200) -> dict[tuple[str, str, str], Alarm]:
    """The alarms per service, per unit and per form of a service ("" stands for all); groups without one are absent.

    The false rate is shared out over the groups that are watched (Bonferroni), so it holds for all of them together.
    """
    groups: dict[tuple[str, str, str], list[WeighedRow]] = defaultdict(list)
    for row in rows:
        for key in ((row.service, "", ""), (row.service, row.unit, ""), (row.service, "", row.form)):
            groups[key].append(row)
    watched = {key: found for key, found in groups.items() if len(found) > baseline}
    alarms = {key: watch(found, baseline=baseline, false_rate=0.05 / len(watched)) for key, found in watched.items()}
    return {key: alarm for key, alarm in sorted(alarms.items()) if alarm is not None}
