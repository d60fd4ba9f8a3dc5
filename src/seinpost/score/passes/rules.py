"""A pack's scoring as arrays for the kernel, checked once."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seinpost.errors import SettingError
from seinpost.packs.pack import Combination, Indicator, Pack, Scoring
from seinpost.types import Context, Dimension, Layer, Strength

GRADES = (Strength.CONTEXT, Strength.WEAK, Strength.MEDIUM, Strength.STRONG)
DIMENSIONS = tuple(Dimension)
ILO_DIMENSIONS = DIMENSIONS[:6]
STEPS = 1024  # every weight is a whole number of 1/1024, so sums are exact in any order and in any tool
MEMBERS_MAX = 8


class Variant(IntEnum):
    """Which sentence of an indicator a contribution is told with; counter-evidence follows, one per Context."""

    FOUND = 0
    AGAIN = 1  # the same indicator once more: shown, adds nothing
    CAPPED = 2  # another weak indicator of its dimension already counts
    MARKS = 3  # context: never scores
    MINOR = 4
    COUNTER = 5


VARIANTS = Variant.COUNTER + len(Context)


# columns of Rules.indicators
STRENGTH, CHILD, DIMENSION_OF, FAMILY, PURPOSE, IS_MINOR, IS_STATEMENT, IS_KNOWN, UNDAMPS = range(9)
# places in Rules.numbers: weight per grade, factor per context, minimum per layer, then single numbers
WEIGHT, FACTOR, MINIMUM = 0, 4, 13
DIMENSION_WEIGHT, STANDING_FACTOR, RESEMBLANCE_C, RESEMBLANCE_D = 19, 20, 21, 22
# columns of Rules.combinations
SETS, LAYER = range(2)


class Rules(NamedTuple):
    """Few, wide arrays (each array costs the compiled calls time): patterns P, indicators I, combinations C.

    `indicators` holds int codes by the columns above: strength and child_strength (index in GRADES; child_strength
    never below strength), dimension (index in DIMENSIONS), family, and 0/1: shows the purpose of exploitation (enough
    for a minor), says minor, own statement, already known, makes a denial say nothing. `member[c, i]` has bit b set if
    indicator i is in set b of combination c.
    """

    indicator_of: npt.NDArray[np.int32]  # P
    indicators: npt.NDArray[np.int64]  # I x 9
    numbers: npt.NDArray[np.float64]  # 23
    combinations: npt.NDArray[np.int64]  # C x 2
    combination_weight: npt.NDArray[np.float64]  # C
    member: npt.NDArray[np.uint8]  # C x I


def quantised(value: float) -> float:
    """The nearest whole number of 1/1024."""
    return float(np.floor(value * STEPS + 0.5) / STEPS)


def build_rules(pack: Pack) -> Rules:
    """Turn the scoring of a pack into arrays; a SettingError names every number that cannot be."""
    check(pack.scoring, pack.combinations)
    codes = {indicator.code: index for index, indicator in enumerate(pack.indicators)}
    families = {family: index for index, family in enumerate(sorted({i.family for i in pack.indicators}))}
    rows = [indicator_row(indicator, families, pack.scoring) for indicator in pack.indicators]
    return Rules(
        indicator_of=np.array([rule.indicator for rule in pack.patterns], dtype=np.int32),
        indicators=np.array(rows, dtype=np.int64).reshape(-1, 9),
        numbers=numbers(pack.scoring),
        combinations=np.array([(len(c.all_of), c.layer) for c in pack.combinations], dtype=np.int64).reshape(-1, 2),
        combination_weight=np.array([quantised(c.weight) for c in pack.combinations], dtype=np.float64),
        member=members(pack.combinations, codes),
    )


def indicator_row(indicator: Indicator, families: dict[str, int], scoring: Scoring) -> tuple[int, ...]:
    """One row of Rules.indicators."""
    purpose = indicator.dimension is Dimension.EXPLOITATION or "oogmerk" in indicator.element
    named = (scoring.minor_indicators, scoring.statement_indicators, scoring.known_indicators, scoring.undamped_by)
    return (
        GRADES.index(indicator.strength),
        child_grade(indicator),
        DIMENSIONS.index(indicator.dimension),
        families[indicator.family],
        int(purpose),
        *(int(indicator.code in codes) for codes in named),
    )


def numbers(scoring: Scoring) -> npt.NDArray[np.float64]:
    """Rules.numbers: weights in whole 1/1024; a layer without a minimum gets infinity."""
    minimum = [np.inf] + [scoring.layer_minimum.get(layer, np.inf) for layer in Layer]
    return np.array(
        [
            *(quantised(scoring.strength_weight[grade]) for grade in GRADES),
            *(scoring.context_factor[context] for context in Context),
            *minimum,
            quantised(scoring.dimension_weight),
            scoring.standing_factor,
            scoring.resemblance_layer_c,
            scoring.resemblance_layer_d,
        ],
        dtype=np.float64,
    )


def child_grade(indicator: Indicator) -> int:
    """The grade when a minor is concerned: never lower than for an adult."""
    own = GRADES.index(indicator.strength)
    return own if indicator.child_strength is None else max(own, GRADES.index(indicator.child_strength))


def members(combinations: tuple[Combination, ...], codes: dict[str, int]) -> npt.NDArray[np.uint8]:
    """The sets of each combination that each indicator belongs to, as bits."""
    table = np.zeros((len(combinations), len(codes)), dtype=np.uint8)
    for c, combination in enumerate(combinations):
        for bit, names in enumerate(combination.all_of):
            for code in names:
                table[c, codes[code]] |= 1 << bit
    return table


def check(scoring: Scoring, combinations: tuple[Combination, ...]) -> None:
    """Refuse a scoring with a hole or a number out of range."""
    wrong = [f"strength_weight misses {grade.value}" for grade in GRADES if grade not in scoring.strength_weight]
    wrong += [
        f"context_factor misses {context.name.lower()}" for context in Context if context not in scoring.context_factor
    ]
    if not wrong:
        weights = [scoring.strength_weight[grade] for grade in GRADES]
        if weights[0] != 0 or sorted(weights) != weights:
            wrong.append(f"strength_weight must rise from context = 0: {weights}")
        wrong += [f"context_factor out of 0-1: {f}" for f in scoring.context_factor.values() if not 0 <= f <= 1]
        if scoring.context_factor[Context.AFFIRMED] != 1:
            wrong.append("context_factor of affirmed must be 1")
    wrong += [
        f"{name} out of 0-1: {value}"
        for name, value in (
            ("standing_factor", scoring.standing_factor),
            ("resemblance_layer_c", scoring.resemblance_layer_c),
            ("resemblance_layer_d", scoring.resemblance_layer_d),
        )
        if not 0 < value <= 1
    ]
    wrong += [
        f"{name} must not be negative: {value}"
        for name, value in (
            ("dimension_weight", scoring.dimension_weight),
            ("resemblance_weight", scoring.resemblance_weight),
            *((f"weight of {c.id}", c.weight) for c in combinations),
        )
        if value < 0
    ]
    wrong += [
        f"{c.id} has {len(c.all_of)} sets (allowed: 1 to {MEMBERS_MAX})"
        for c in combinations
        if not 0 < len(c.all_of) <= MEMBERS_MAX
    ]
    if wrong:
        raise SettingError("scoring of the pack: " + "; ".join(wrong))
