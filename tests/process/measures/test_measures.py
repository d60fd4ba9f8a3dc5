"""Quality asks, never ranks; the alarm on a creeping bar rings as seldom as it says, and in time."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.process.world import plan

from seinpost.process.measures.drift import (
    GRID,
    WeighedRow,
    design,
    false_alarms,
    shares,
    watch,
    watch_groups,
    wilson,
)
from seinpost.process.measures.quality import aspects_open, not_told, rate

START = date(2026, 1, 1)


def rows(followed: np.ndarray, unit: str = "u1", form: str = "ARB") -> list[WeighedRow]:
    """Weighings in order, one a day."""
    return [
        WeighedRow("nla", unit, form, START + timedelta(days=number), bool(done))
        for number, done in enumerate(followed)
    ]


def rings(refused: np.ndarray, step: int, limit: int) -> np.ndarray:
    """For each row of a table of weighings, whether a chart rings; a second way to run it than `watch`."""
    level = np.zeros(len(refused), dtype=np.int64)
    rung = np.zeros(len(refused), dtype=bool)
    for column in refused.T:
        level = np.maximum(level + np.where(column, GRID, 0) - step, 0)
        rung |= level >= limit
    return rung


@pytest.mark.parametrize("normal", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_the_false_rate_is_what_it_says(normal: float) -> None:
    """20,000 simulated runs of 250 weighings: within four standard errors of the exact figure, and below 5 %."""
    chart = design(normal)
    (exact,) = false_alarms(np.array([normal]), chart.step, chart.limit, 250)
    assert exact <= 0.05 < false_alarms(np.array([normal]), chart.step, chart.limit - 1, 250)[0]
    random = np.random.default_rng(20261127)
    rung = rings(random.random((20_000, 250)) < normal, chart.step, chart.limit).mean()
    assert abs(rung - exact) < 4 * np.sqrt(exact * (1 - exact) / 20_000)


@pytest.mark.parametrize(("normal", "least"), [(0.3, 0.85), (0.5, 0.8), (0.7, 0.6)])
def test_it_rings_when_the_odds_double(normal: float, least: float) -> None:
    """Twice the odds of not being followed up: most runs ring within 250 weighings."""
    chart = design(normal)
    random = np.random.default_rng(7)
    assert rings(random.random((4_000, 250)) < chart.raised, chart.step, chart.limit).mean() > least


@pytest.mark.parametrize("normal", [0.3, 0.5, 0.8])
def test_the_false_rate_holds_for_a_normal_that_is_only_estimated(normal: float) -> None:
    """2,000 units that never change, each judged by its own first 200 weighings: 5 %, four standard errors more."""
    random = np.random.default_rng(11)
    rung = 0
    for refused, times in zip(*np.unique(random.binomial(200, normal, 2_000), return_counts=True), strict=True):
        chart = design((refused + 0.5) / 201, baseline=200)
        rung += rings(random.random((times, 250)) < normal, chart.step, chart.limit).sum()
    assert rung / 2_000 < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 2_000)


def test_watch_names_the_weighing_that_rang() -> None:
    always = np.ones(200, dtype=bool)
    assert watch(rows(always)) is None
    alarm = watch(rows(np.concatenate([always, np.zeros(30, dtype=bool)])))
    assert alarm is not None
    assert alarm.day == START + timedelta(days=199 + alarm.at)
    assert alarm.at < 10
    assert watch(rows(np.concatenate([always, always]))) is None


def test_groups_are_watched_apart_and_together() -> None:
    steady = np.tile([True, False], 300)
    creeping = np.concatenate([np.tile([True, False], 150), np.zeros(60, dtype=bool)])
    alarms = watch_groups([*rows(steady, "u1", "SEKS"), *rows(creeping, "u2", "ARB")])
    assert ("nla", "u2", "") in alarms
    assert ("nla", "", "ARB") in alarms
    assert ("nla", "u1", "") not in alarms
    assert watch_groups([]) == {}


def test_shares_by_service_unit_form_and_month() -> None:
    table = shares(rows(np.array([True, False] * 20)))
    assert [(share.period, share.followed_up, share.weighed) for share in table] == [
        ("2026-01", 16, 31),
        ("2026-02", 4, 9),
    ]
    assert all(share.low < share.followed_up / share.weighed < share.high for share in table)


def test_the_wilson_interval_of_a_known_share() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 gives 0.2553 to 0.3662."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20)[0] == 0
    assert wilson(20, 20)[1] == 1


def test_quality_is_a_share_of_weights_and_asks_the_heaviest_first() -> None:
    everything = frozenset(plan().questions)
    assert rate(plan(), everything).score == 100
    assert rate(plan(), everything).missing == ()
    nothing = rate(plan(), frozenset(("something-else",)))
    assert nothing.score == 0
    weights = [plan().questions[code].weight for code in nothing.missing]
    assert weights == sorted(weights, reverse=True)
    assert set(nothing.missing) == everything
    some = rate(plan(), frozenset(("where", "when")))
    assert 0 < some.score < 100
    assert "where" not in some.missing


def test_a_text_is_asked_what_was_not_found_in_it_and_nothing_it_was_not_searched_for() -> None:
    assert not_told(plan(), frozenset(("who", "where", "when"))) == ()
    assert set(not_told(plan(), frozenset(("when",)))) == {"who-victim", "who-suspect", "where"}
    everything = not_told(plan(), frozenset())
    assert set(everything) == {"who-victim", "who-suspect", "where", "when"}
    weights = [plan().questions[code].weight for code in everything]
    assert weights == sorted(weights, reverse=True)
    assert aspects_open(("when", "who-suspect", "contact")) == ("who", "when")
    assert aspects_open(()) == ()
