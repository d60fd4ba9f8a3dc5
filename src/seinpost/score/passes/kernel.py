"""The scoring pass over one batch: hits in, contributions and layers out; one core, no lock, no Python objects."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.kernels import kernel
from seinpost.score.passes.layers import (
    BEST,
    CAPPED,
    FACTOR_AT,
    GRADE,
    HEAD,
    ILO_COUNT,
    INDICATOR_AT,
    KNOWN,
    NET,
    ORDER,
    SAID,
    STANDS,
    TAIL,
    Facts,
    Local,
    cap_weak,
    combine,
    dimension_bits,
    layer_of,
    stand,
)
from seinpost.score.passes.rules import (
    DIMENSION_WEIGHT,
    FACTOR,
    IS_MINOR,
    STANDING_FACTOR,
    STEPS,
    STRENGTH,
    UNDAMPS,
    WEIGHT,
    Rules,
)

AFFIRMED, DENIED = 0, 7  # Context
NONE = 5  # Layer
INDICATOR, MINOR, COUNTER, DIMENSION, COMBINATION, RESEMBLANCE, ENCODER = 0, 1, 2, 3, 4, 5, 6  # Kind
FOUND, AGAIN, SILENCED, MARKS, LIFTED, AGAINST = 0, 1, 2, 3, 4, 5  # Variant
VARIANTS = 14


class Hits(NamedTuple):
    """The hit columns the score needs."""

    row: npt.NDArray[np.int64]
    pattern: npt.NDArray[np.int32]
    context: npt.NDArray[np.uint8]


# columns of Eyes.ints (row, index in the Resemblance, situation, sentence of the third reader counted from that of the
# first situation) and of Eyes.floats (its value, what the second eye adds, what the third reader adds to that)
EYE_ROW, EYE_INDEX, EYE_SITUATION, EYE_RAISED_BY = range(4)
EYE_VALUE, EYE_WEIGHT, EYE_RAISE = range(3)


class Eyes(NamedTuple):
    """The strongest sentence per row, by ascending row."""

    ints: npt.NDArray[np.int64]
    floats: npt.NDArray[np.float64]


ENTRY_COLUMNS = ("row", "layer", "cause", "minor", "known", "dimensions", "positive", "eye")
ROW, LAYER_AT, CAUSE, MINOR_AT, KNOWN_AT, DIMENSIONS_AT, POSITIVE, EYE_AT = range(8)
ADDEND_COLUMNS = ("kind", "rule", "hit", "sentence")
KIND, RULE, HIT_AT, SENTENCE = range(4)
STANDING_COLUMNS = ("standing", "grade")


class Out(NamedTuple):
    """Room for the columns of ScoreColumns, by the names above."""

    entries: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    first: npt.NDArray[np.int64]
    standing_first: npt.NDArray[np.int64]
    addends: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    standing: npt.NDArray[np.int64]
    net: npt.NDArray[np.float64]
    at: npt.NDArray[np.int64]


# places in Out.at: next hit, next eye; entries, contributions and standing indicators written
HIT, EYE, ENTRY, ADDEND, STANDING = 0, 1, 2, 3, 4


@kernel
def gather(rules: Rules, hits: Hits, local: Local, start: int, stop: int) -> int:
    """Collect the distinct indicators of hits start:stop with their best hit; give how many there are."""
    n = 0
    for h in range(start, stop):
        i = rules.indicator_of[hits.pattern[h]]
        factor = rules.numbers[FACTOR + hits.context[h]]
        s = local.slot[i]
        local.following[h] = -1
        if s >= 0:
            local.following[local.ints[s, TAIL]] = h
            local.ints[s, TAIL] = h
            if factor > local.floats[s, FACTOR_AT]:
                local.floats[s, FACTOR_AT] = factor
                local.ints[s, BEST] = h
            continue
        s = n
        n += 1
        local.slot[i] = s
        local.ints[s, INDICATOR_AT] = i
        local.floats[s, FACTOR_AT] = factor
        local.ints[s, BEST] = h
        local.ints[s, HEAD] = h
        local.ints[s, TAIL] = h
    for s in range(n):
        local.slot[local.ints[s, INDICATOR_AT]] = -1
    return n


@kernel
def undamp(rules: Rules, hits: Hits, local: Local, n: int) -> None:
    """Where an indicator stands that makes a denial say nothing, let denied hits count in full."""
    active = False
    for s in range(n):
        active |= (
            rules.indicators[local.ints[s, INDICATOR_AT], UNDAMPS]
            and local.floats[s, FACTOR_AT] >= rules.numbers[STANDING_FACTOR]
        )
    if not active:
        return
    for s in range(n):
        h = local.ints[s, HEAD]
        while h >= 0 and local.floats[s, FACTOR_AT] < 1.0:
            if hits.context[h] == DENIED:
                local.floats[s, FACTOR_AT] = 1.0
                local.ints[s, BEST] = h
            h = local.following[h]


@kernel
def concerns_minor(rules: Rules, hits: Hits, local: Local, n: int) -> bool:
    """An affirmed hit says that a minor is concerned."""
    for s in range(n):
        if rules.indicators[local.ints[s, INDICATOR_AT], IS_MINOR] and local.floats[s, FACTOR_AT] >= 1.0:
            h = local.ints[s, HEAD]
            while h >= 0:
                if hits.context[h] == AFFIRMED:
                    return True
                h = local.following[h]
    return False


@kernel
def taken(rules: Rules, local: Local, s: int) -> float:
    """What the context of its best hit takes from an indicator."""
    full = rules.numbers[WEIGHT + local.ints[s, SAID]]
    return float(math.floor(full * (1.0 - local.floats[s, FACTOR_AT]) * STEPS + 0.5) / STEPS)


@kernel
def weigh(rules: Rules, local: Local, n: int, positive: int) -> float:
    """Give every indicator what it adds, order them by that, then by code; give the sum with dimensions and all."""
    total = 0.0
    for d in range(ILO_COUNT):
        if positive >> d & 1:
            total += rules.numbers[DIMENSION_WEIGHT]
    for c in range(len(rules.combinations)):
        if local.holds[c]:
            total += rules.combination_weight[c]
    for s in range(n):
        net = 0.0 if local.ints[s, CAPPED] else rules.numbers[WEIGHT + local.ints[s, SAID]] - taken(rules, local, s)
        local.floats[s, NET] = net
        total += net
        k = s
        while k > 0:
            t = local.ints[k - 1, ORDER]
            if local.floats[t, NET] > net or (
                local.floats[t, NET] == net and local.ints[t, INDICATOR_AT] < local.ints[s, INDICATOR_AT]
            ):
                break
            local.ints[k, ORDER] = t
            k -= 1
        local.ints[k, ORDER] = s
    return total


class Found(NamedTuple):
    """One registration under way: row, distinct indicators, positive dimensions, place in Eyes, keep in any layer."""

    row: int
    n: int
    positive: int
    eye: int
    keep: bool


class Addend(NamedTuple):
    """One contribution before it is stored."""

    kind: int
    rule: int
    weight: float
    hit: int
    sentence: int


@kernel
def put(out: Out, addend: Addend) -> None:
    """Store one contribution."""
    k = out.at[ADDEND]
    out.addends[k, KIND] = addend.kind
    out.addends[k, RULE] = addend.rule
    out.addends[k, HIT_AT] = addend.hit
    out.addends[k, SENTENCE] = addend.sentence
    out.weight[k] = addend.weight
    out.at[ADDEND] = k + 1


@kernel
def put_indicator(rules: Rules, hits: Hits, local: Local, out: Out, s: int) -> None:
    """Store the contributions of one indicator: found, minors' profile, counter-evidence, then its other hits at 0."""
    i = local.ints[s, INDICATOR_AT]
    base = i * VARIANTS
    best = local.ints[s, BEST]
    weight = rules.numbers[WEIGHT + rules.indicators[i, STRENGTH]]
    variant = FOUND
    if local.ints[s, CAPPED] or local.ints[s, SAID] == 0:
        weight = 0.0
        variant = SILENCED if local.ints[s, CAPPED] else MARKS
    put(out, Addend(INDICATOR, i, weight, best, base + variant))
    lift = rules.numbers[WEIGHT + local.ints[s, SAID]] - rules.numbers[WEIGHT + rules.indicators[i, STRENGTH]]
    if lift > 0 and not local.ints[s, CAPPED]:
        put(out, Addend(MINOR, i, lift, best, base + LIFTED))
    if local.floats[s, FACTOR_AT] < 1.0:
        less = 0.0 if local.ints[s, CAPPED] else taken(rules, local, s)
        put(out, Addend(COUNTER, i, 0.0 - less, best, base + AGAINST + hits.context[best]))
    h = local.ints[s, HEAD]
    while h >= 0:
        if h != best:
            context = hits.context[h]
            if rules.numbers[FACTOR + context] >= 1.0:
                put(out, Addend(INDICATOR, i, 0.0, h, base + AGAIN))
            else:
                put(out, Addend(COUNTER, i, 0.0, h, base + AGAINST + context))
        h = local.following[h]


@kernel
def put_extras(rules: Rules, local: Local, eyes: Eyes, out: Out, positive: int, e: int) -> None:
    """Store the contributions of positive dimensions, of combinations, of the resembling sentence e (-1: none), and of
    the third reader.
    """
    rule = len(rules.indicators)
    sentence = rule * VARIANTS
    for d in range(ILO_COUNT):
        if positive >> d & 1:
            put(out, Addend(DIMENSION, rule + d, rules.numbers[DIMENSION_WEIGHT], -1, sentence + d))
    rule += ILO_COUNT
    sentence += ILO_COUNT
    for c in range(len(rules.combinations)):
        if local.holds[c]:
            put(out, Addend(COMBINATION, rule + c, rules.combination_weight[c], -1, sentence + c))
    rule += len(rules.combinations)
    sentence += len(rules.combinations) + 1
    if e >= 0 and eyes.floats[e, EYE_WEIGHT] > 0:
        told = sentence + eyes.ints[e, EYE_SITUATION]
        put(out, Addend(RESEMBLANCE, rule, eyes.floats[e, EYE_WEIGHT], -1, told))
    if e >= 0 and eyes.floats[e, EYE_RAISE] > 0:
        raised_by = sentence + eyes.ints[e, EYE_RAISED_BY]
        put(out, Addend(ENCODER, rule + 1, eyes.floats[e, EYE_RAISE], -1, raised_by))


@kernel
def put_all(rules: Rules, hits: Hits, eyes: Eyes, local: Local, out: Out, found: Found) -> None:
    """Store every contribution and standing indicator of one registration."""
    at = out.at[STANDING]
    for k in range(found.n):
        s = local.ints[k, ORDER]
        put_indicator(rules, hits, local, out, s)
        if local.ints[s, STANDS]:
            out.standing[at, 0] = local.ints[s, INDICATOR_AT]
            out.standing[at, 1] = local.ints[s, GRADE]
            out.net[at] = local.floats[s, NET]
            at += 1
    out.at[STANDING] = at
    put_extras(rules, local, eyes, out, found.positive, found.eye)


@kernel
def score_row(  # budget: one registration from its hits to its entry; the parts share all state
    rules: Rules, hits: Hits, eyes: Eyes, local: Local, out: Out, found: Found
) -> bool:
    """Score one registration and store it; False, with nothing stored, if it reaches no layer."""
    n = found.n
    minor = concerns_minor(rules, hits, local, n)
    undamp(rules, hits, local, n)
    stand(rules, local, n, minor)
    cap_weak(rules, local, n)
    present, positive = dimension_bits(local)
    combination = combine(rules, local, n)
    score = weigh(rules, local, n, positive)
    value = 0.0
    if found.eye >= 0:
        score += eyes.floats[found.eye, EYE_WEIGHT] + eyes.floats[found.eye, EYE_RAISE]
        value = eyes.floats[found.eye, EYE_VALUE]
    layer, cause = layer_of(rules, local, n, Facts(minor, positive, combination, score, value))
    if layer == NONE and not found.keep:
        return False
    put_all(rules, hits, eyes, local, out, Found(found.row, n, positive, found.eye, found.keep))
    k = out.at[ENTRY]
    out.entries[k, ROW] = found.row
    out.entries[k, LAYER_AT] = layer
    out.entries[k, CAUSE] = cause
    out.entries[k, MINOR_AT] = minor
    out.entries[k, KNOWN_AT] = local.tally[KNOWN] > 0
    out.entries[k, DIMENSIONS_AT] = present
    out.entries[k, POSITIVE] = positive
    out.entries[k, EYE_AT] = eyes.ints[found.eye, EYE_INDEX] if found.eye >= 0 else -1
    out.score[k] = score
    out.first[k + 1] = out.at[ADDEND]
    out.standing_first[k + 1] = out.at[STANDING]
    out.at[ENTRY] = k + 1
    return True


@kernel
def score_rows(rules: Rules, hits: Hits, eyes: Eyes, local: Local, out: Out, keep_all: bool) -> bool:
    """Score rows from the cursor on; False: `out` could run full, give more room and call again."""
    end = len(hits.row)
    while out.at[HIT] < end or out.at[EYE] < len(eyes.ints):
        start, e = out.at[HIT], out.at[EYE]
        row = hits.row[start] if start < end else eyes.ints[e, EYE_ROW]
        if e < len(eyes.ints):
            row = min(row, eyes.ints[e, EYE_ROW])
        stop = start
        while stop < end and hits.row[stop] == row:
            stop += 1
        if out.at[ADDEND] + 3 * (stop - start) + ILO_COUNT + len(rules.combinations) + 2 > len(out.weight):
            return False
        seen = e < len(eyes.ints) and eyes.ints[e, EYE_ROW] == row
        n = gather(rules, hits, local, start, stop)
        score_row(rules, hits, eyes, local, out, Found(row, n, 0, e if seen else -1, keep_all))
        out.at[HIT] = stop
        out.at[EYE] = e + seen
    return True
