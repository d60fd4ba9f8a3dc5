"""The layer rules of docs/reference/score.md, compiled: what stands, what is positive, which layer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.kernels import kernel
from seinpost.score.passes.rules import (
    CHILD,
    DIMENSION_OF,
    FAMILY,
    IS_KNOWN,
    IS_STATEMENT,
    LAYER,
    MINIMUM,
    PURPOSE,
    RESEMBLANCE_C,
    RESEMBLANCE_D,
    SETS,
    STANDING_FACTOR,
    STRENGTH,
    Rules,
)

EXPLOITATION = 3  # positions in DIMENSIONS; the five others among the first six are means
META = 8
ILO_COUNT = 6
STRONG, MEDIUM, WEAK = 3, 2, 1
A, B, C, D, NONE = 1, 2, 3, 4, 5


# columns of Local.ints: the indicator, its best, first and last hit, its grade with the minors' profile but before the
# context, the grade it stands with, whether it stands, whether the cap on weak ones silences it, the order of telling
INDICATOR_AT, BEST, HEAD, TAIL, SAID, GRADE, STANDS, CAPPED, ORDER = range(9)
# places in Local.tally: standing strong ones in all, showing a purpose, own statement, other; medium ones; known
STRONGS, PURPOSES, STATEMENTS, OTHERS, MEDIUMS, KNOWN = range(6)
# columns of Local.floats: the context factor of its best hit, what it adds
FACTOR_AT, NET = range(2)


class Local(NamedTuple):
    """Scratch for one registration: its distinct indicators, in order of first hit."""

    slot: npt.NDArray[np.int64]  # I: place of an indicator in the arrays below, -1: not here
    ints: npt.NDArray[np.int64]  # I x 9
    floats: npt.NDArray[np.float64]  # I x 2
    numbers: npt.NDArray[np.int64]  # 9 dimensions x 4 grades: how many stand
    tally: npt.NDArray[np.int64]  # 6: sums over the dimensions
    holds: npt.NDArray[np.bool_]  # C: the combination holds
    following: npt.NDArray[np.int64]  # H: chains the hits of one indicator


def new_local(rules: Rules, hits: int) -> Local:
    """Fresh scratch for a batch of so many hits."""
    n = len(rules.indicators)
    return Local(
        slot=np.full(n, -1, dtype=np.int64),
        ints=np.zeros((n, 9), dtype=np.int64),
        floats=np.zeros((n, 2), dtype=np.float64),
        numbers=np.zeros((9, 4), dtype=np.int64),
        tally=np.zeros(6, dtype=np.int64),
        holds=np.zeros(len(rules.combinations), dtype=np.bool_),
        following=np.full(hits, -1, dtype=np.int64),
    )


@kernel
def tally(rules: Rules, local: Local, i: int, grade: int) -> None:
    """Count one standing indicator."""
    local.tally[KNOWN] += rules.indicators[i, IS_KNOWN]
    if grade == MEDIUM:
        local.tally[MEDIUMS] += 1
    if grade == STRONG:
        local.tally[STRONGS] += 1
        local.tally[PURPOSES] += rules.indicators[i, PURPOSE]
        local.tally[STATEMENTS] += rules.indicators[i, IS_STATEMENT]
        local.tally[OTHERS] += 1 - rules.indicators[i, IS_STATEMENT]


@kernel
def stand(rules: Rules, local: Local, n: int, minor: bool) -> None:
    """Give every indicator its grade: its own, one lower in a damping context, none below the standing factor."""
    for d in range(9):
        for g in range(4):
            local.numbers[d, g] = 0
    for place in range(6):
        local.tally[place] = 0
    for s in range(n):
        i = local.ints[s, INDICATOR_AT]
        said = rules.indicators[i, CHILD] if minor else rules.indicators[i, STRENGTH]
        factor = local.floats[s, FACTOR_AT]
        grade = said
        stands = factor >= rules.numbers[STANDING_FACTOR]
        if factor < 1.0:
            stands = stands and said > WEAK
            grade = max(said - 1, 0)
        local.ints[s, SAID] = said
        local.ints[s, GRADE] = grade
        local.ints[s, STANDS] = stands
        if stands:
            local.numbers[rules.indicators[i, DIMENSION_OF], grade] += 1
            tally(rules, local, i, grade)


@kernel
def cap_weak(rules: Rules, local: Local, n: int) -> None:
    """Let one weak indicator count in each dimension: the least damped, then the first by code."""
    for s in range(n):
        local.ints[s, CAPPED] = False
        if local.ints[s, SAID] != WEAK:
            continue
        for t in range(n):
            if t == s or local.ints[t, SAID] != WEAK:
                continue
            if (
                rules.indicators[local.ints[t, INDICATOR_AT], DIMENSION_OF]
                != rules.indicators[local.ints[s, INDICATOR_AT], DIMENSION_OF]
            ):
                continue
            if local.floats[t, FACTOR_AT] > local.floats[s, FACTOR_AT] or (
                local.floats[t, FACTOR_AT] == local.floats[s, FACTOR_AT]
                and local.ints[t, INDICATOR_AT] < local.ints[s, INDICATOR_AT]
            ):
                local.ints[s, CAPPED] = True
                break


@kernel
def dimension_bits(local: Local) -> tuple[int, int]:
    """Bits of the ILO dimensions with a standing graded indicator, and of the positive ones."""
    present, positive = 0, 0
    for d in range(ILO_COUNT):
        strong, medium = local.numbers[d, STRONG], local.numbers[d, MEDIUM]
        weak = min(local.numbers[d, WEAK], 1)
        if strong + medium + weak:
            present |= 1 << d
        if strong >= 2 or (strong and medium + weak) or medium >= 3 or (medium == 2 and weak):
            positive |= 1 << d
    return present, positive


@kernel
def combine(rules: Rules, local: Local, n: int) -> int:
    """Mark the combinations that hold; give the highest layer among them (NONE: no combination)."""
    best = NONE
    for c in range(len(rules.combinations)):
        met = 0
        for s in range(n):
            if local.ints[s, STANDS]:
                met |= rules.member[c, local.ints[s, INDICATOR_AT]]
        local.holds[c] = met + 1 == 1 << rules.combinations[c, SETS] and holds(rules, local, n, c)
        if local.holds[c]:
            best = min(best, rules.combinations[c, LAYER])
    return best


@kernel
def holds(rules: Rules, local: Local, n: int, c: int) -> bool:
    """A combination holds if, and only if, its sets have distinct standing members (Hall's condition)."""
    subsets = 1 << rules.combinations[c, SETS]
    for subset in range(1, subsets):
        need, have = 0, 0
        for bit in range(rules.combinations[c, SETS]):
            need += (subset >> bit) & 1
        for s in range(n):
            if local.ints[s, STANDS] and rules.member[c, local.ints[s, INDICATOR_AT]] & subset:
                have += 1
        if have < need:
            return False
    return True


@kernel
def two_families(rules: Rules, local: Local, n: int) -> bool:
    """Two medium indicators of different families stand, not both META."""
    for s in range(n):
        if (
            not local.ints[s, STANDS]
            or local.ints[s, GRADE] != MEDIUM
            or rules.indicators[local.ints[s, INDICATOR_AT], DIMENSION_OF] == META
        ):
            continue
        family = rules.indicators[local.ints[s, INDICATOR_AT], FAMILY]
        for t in range(n):
            other = rules.indicators[local.ints[t, INDICATOR_AT], FAMILY] != family
            if other and local.ints[t, STANDS] and local.ints[t, GRADE] == MEDIUM:
                return True
    return False


class Facts(NamedTuple):
    """What the layer of one registration depends on, beside its standing indicators."""

    minor: bool
    positive: int
    combination: int
    score: float
    resemblance: float


@kernel
def layer_a(rules: Rules, local: Local, facts: Facts) -> int:
    """Number of the first rule for layer A that holds, 0: none."""
    exploitation = facts.positive >> EXPLOITATION & 1
    if facts.positive & ~(1 << EXPLOITATION) and (exploitation or local.numbers[EXPLOITATION, STRONG]):
        return 1
    if facts.minor and local.tally[PURPOSES]:
        return 2
    if local.tally[STATEMENTS] and local.tally[OTHERS]:
        return 3
    if facts.combination == A:
        return 4
    return 5 if facts.score >= rules.numbers[MINIMUM + A] else 0


@kernel
def layer_b(rules: Rules, local: Local, facts: Facts) -> int:
    """Number of the first rule for layer B that holds, 0: none."""
    if facts.positive:
        return 1
    filled = 0
    for d in range(META):
        filled += local.numbers[d, STRONG] > 0
    if filled >= 2:
        return 2
    if local.tally[STRONGS] and local.tally[MEDIUMS] >= 2:
        return 3
    if facts.combination == B:
        return 4
    return 5 if facts.score >= rules.numbers[MINIMUM + B] else 0


@kernel
def layer_c(rules: Rules, local: Local, n: int, facts: Facts) -> int:
    """Number of the first rule for layer C that holds, 0: none."""
    if local.tally[STRONGS]:
        return 1
    if two_families(rules, local, n):
        return 2
    if facts.combination == C:
        return 3
    if facts.score >= rules.numbers[MINIMUM + C]:
        return 4
    return 5 if facts.resemblance >= rules.numbers[RESEMBLANCE_C] else 0


@kernel
def layer_of(rules: Rules, local: Local, n: int, facts: Facts) -> tuple[int, int]:
    """The layer, and the place in CAUSES of the rule that made it."""
    rule = layer_a(rules, local, facts)
    if rule:
        return A, rule
    rule = layer_b(rules, local, facts)
    if rule:
        return B, 5 + rule
    rule = layer_c(rules, local, n, facts)
    if rule:
        return C, 10 + rule
    if local.tally[MEDIUMS]:
        return D, 16
    if facts.score >= rules.numbers[MINIMUM + D] or facts.combination == D:
        return D, 17
    if facts.resemblance >= rules.numbers[RESEMBLANCE_D]:
        return D, 18
    return NONE, 0
