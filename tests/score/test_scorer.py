"""What the score promises, over random registrations: it adds up, no order matters, more evidence never lowers."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.score.packs import (
    CODES,
    FACTORS,
    SITUATIONS,
    WEIGHTS,
    Found,
    combination,
    hits_of,
    resemblance_of,
    small_pack,
)
from tests.score.reference import plain_score

from seinpost.errors import SettingError
from seinpost.score.columns import CAUSES, Kind, ScoreColumns
from seinpost.score.scorer import Scorer
from seinpost.types import Context, Layer, Strength

MINIMA = {Layer.A: 25.0, Layer.B: 18.0, Layer.C: 8.0, Layer.D: 1.5}
SCORER = Scorer(small_pack(), SITUATIONS)
WITH_MINIMA = Scorer(small_pack(layer_minimum=MINIMA), SITUATIONS)
PLAIN_RULES = Scorer(small_pack(combinations=()), SITUATIONS)

contexts = st.sampled_from([Context.AFFIRMED] * 6 + list(Context))
one_hit = st.tuples(st.sampled_from(CODES), st.integers(0, 1), contexts)
registration = st.lists(one_hit, max_size=9)
value = st.one_of(st.none(), st.floats(0, 1, width=32))


def score_one(scorer: Scorer, hits: list[tuple[str, int, Context]], eye: float | None = None) -> ScoreColumns:
    resemblance = None if eye is None else resemblance_of([(0, eye, 0)])
    return scorer.score(hits_of([(0, *hit) for hit in hits]), 1, resemblance, keep_all=True)


def place(columns: ScoreColumns) -> tuple[int, float]:
    return (int(columns.layer[0]), float(columns.score[0])) if len(columns) else (int(Layer.NONE), 0.0)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([SCORER, WITH_MINIMA, PLAIN_RULES]), registration, value)
def test_agrees_with_the_plain_scorer(scorer: Scorer, hits: list[tuple[str, int, Context]], eye: float | None) -> None:
    columns = score_one(scorer, hits, eye)
    plain = plain_score(scorer.pack, [(code, context) for code, _, context in hits], eye)
    if not len(columns):
        assert not hits
        assert eye is None
        return
    assert (Layer(int(columns.layer[0])), CAUSES[int(columns.cause[0])]) == (plain.layer, plain.cause)
    assert columns.score[0] == plain.score
    assert (bool(columns.minor[0]), bool(columns.known[0])) == (plain.minor, plain.known)
    assert {CODES[i] for i in columns.standing} == set(plain.standing)
    assert {d for k, d in enumerate(["DR", "CR", "AVR", "EX", "CD", "AVD"]) if columns.positive[0] >> k & 1} == set(
        plain.positive
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(registration, max_size=6), st.randoms(use_true_random=False))
def test_adds_up_exactly_in_any_order(rows: list[list[tuple[str, int, Context]]], rng: random.Random) -> None:
    found: list[Found] = [(row, *hit) for row, hits in enumerate(rows) for hit in hits]
    columns = SCORER.score(hits_of(found), len(rows), resemblance_of([(r, 0.83, 0) for r in range(len(rows))]))
    for k in range(len(columns)):
        weights = list(columns.weight[columns.first[k] : columns.first[k + 1]])
        rng.shuffle(weights)
        assert sum(weights) == math.fsum(weights) == float(np.sum(weights)) == columns.score[k]


@settings(max_examples=200, deadline=None)
@given(registration, value, st.data())
def test_a_removed_hit_takes_its_contribution_along(
    hits: list[tuple[str, int, Context]], eye: float | None, data: st.DataObject
) -> None:
    if not hits:
        return
    gone = data.draw(st.integers(0, len(hits) - 1))
    layer, score = place(score_one(SCORER, hits, eye))
    fewer = score_one(SCORER, hits[:gone] + hits[gone + 1 :], eye)
    less_layer, less_score = place(fewer)
    assert less_score <= score
    assert less_layer >= layer
    assert all(hit < len(hits) - 1 for hit in fewer.hit)


@settings(max_examples=100, deadline=None)
@given(st.lists(registration, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[list[tuple[str, int, Context]]], rng: random.Random) -> None:
    order = list(range(len(rows)))
    rng.shuffle(order)
    straight = SCORER.score(hits_of([(r, *h) for r, hits in enumerate(rows) for h in hits]), len(rows), keep_all=True)
    mixed = SCORER.score(
        hits_of([(new, *h) for new, old in enumerate(order) for h in rows[old]]), len(rows), keep_all=True
    )
    one = {int(r): (int(a), float(s)) for r, a, s in zip(straight.row, straight.layer, straight.score, strict=True)}
    two = {order[int(r)]: (int(a), float(s)) for r, a, s in zip(mixed.row, mixed.layer, mixed.score, strict=True)}
    assert one == two


@given(st.sampled_from(CODES), registration)
@settings(max_examples=150, deadline=None)
def test_one_strong_affirmed_fact_always_reaches_a_person(code: str, others: list[tuple[str, int, Context]]) -> None:
    strong = {i.code for i in SCORER.pack.indicators if i.strength is Strength.STRONG}
    if code in strong:
        columns = score_one(SCORER, [(code, 0, Context.AFFIRMED), *others])
        assert columns.layer[0] <= Layer.C


@given(registration, st.floats(0, 1, width=32))
@settings(max_examples=150, deadline=None)
def test_resemblance_never_lowers(hits: list[tuple[str, int, Context]], eye: float) -> None:
    layer, score = place(score_one(SCORER, hits))
    with_layer, with_score = place(score_one(SCORER, hits, eye))
    assert with_layer <= layer
    assert with_score >= score


def test_the_same_indicator_twice_counts_once() -> None:
    once = score_one(SCORER, [("BEW-01", 0, Context.AFFIRMED)])
    twice = score_one(SCORER, [("BEW-01", 0, Context.AFFIRMED), ("BEW-01", 1, Context.AFFIRMED)])
    assert once.score[0] == twice.score[0] == 4.0
    assert list(twice.weight) == [4.0, 0.0]
    assert SCORER.sentences.key[twice.sentence[1]] == "again/BEW-01"


def test_counter_evidence_is_shown_with_what_it_took() -> None:
    columns = score_one(SCORER, [("BEW-01", 0, Context.NEGATED), ("ARB-02", 0, Context.DENIED_BY_PERSON)])
    told = [
        (Kind(int(k)).name, SCORER.rules[r], float(w))
        for k, r, w in zip(columns.kind, columns.rule, columns.weight, strict=True)
    ]
    assert ("COUNTER", "BEW-01", -4.0) in told
    assert ("COUNTER", "ARB-02", -0.7998046875) in told
    assert columns.layer[0] == Layer.NONE


def test_a_full_batch_grows_its_room_and_keeps_every_contribution() -> None:
    many: list[Found] = [(0, code, k % 2, Context.HISTORICAL) for k in range(300) for code in CODES]
    columns = SCORER.score(hits_of(many), 1)
    assert len(columns.hit) >= len(many)
    assert set(columns.hit[columns.hit >= 0]) == set(range(len(many)))


def test_same_batch_same_bytes() -> None:
    hits = hits_of([(r, CODES[r % len(CODES)], r % 2, Context(r % 9)) for r in range(500)])
    first, second = SCORER.score(hits, 500), Scorer(small_pack(), SITUATIONS).score(hits, 500)
    for name in ScoreColumns.__slots__:
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


def test_empty_batches_and_batches_without_hits() -> None:
    assert len(SCORER.score(hits_of([]), 0)) == 0
    assert len(SCORER.score(hits_of([]), 10, resemblance_of([]))) == 0


def test_rows_out_of_place_are_refused() -> None:
    with pytest.raises(ValueError, match="rows of hits must rise within 0-0"):
        SCORER.score(hits_of([(1, "BEW-01", 0, Context.AFFIRMED)]), 1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        SCORER.score(hits_of([]), 1, resemblance_of([(0, 1.5, 0)]))
    with pytest.raises(ValueError, match="outside the 2 given"):
        SCORER.score(hits_of([]), 1, resemblance_of([(0, 0.5, 2)]))


def test_a_scoring_that_cannot_be_is_refused_with_every_reason() -> None:
    with pytest.raises(SettingError, match=r"misses zwak.*standing_factor out of 0-1: 0.*G09 has 9 sets"):
        Scorer(
            small_pack(
                combinations=(combination("G09", [["BEW-01"]] * 9),),
                strength_weight={s: w for s, w in WEIGHTS.items() if s is not Strength.WEAK},
                standing_factor=0,
            )
        )
    with pytest.raises(SettingError, match="affirmed must be 1"):
        Scorer(small_pack(context_factor={**FACTORS, Context.AFFIRMED: 0.9}))
