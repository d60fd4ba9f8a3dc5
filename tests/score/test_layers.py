"""One story per rule of docs/reference/score.md: the least that meets it, and what just does not."""

from __future__ import annotations

import pytest
from tests.score.packs import SITUATIONS, combination, hits_of, resemblance_of, small_pack

from seinpost.score.columns import CAUSES
from seinpost.score.scorer import Scorer
from seinpost.types import Context, Layer

A, DENIED, OLD = Context.AFFIRMED, Context.DENIED_BY_PERSON, Context.HISTORICAL
PLAIN = Scorer(small_pack(combinations=()), SITUATIONS)

STORIES: tuple[tuple[str, list[tuple[str, Context]], str], ...] = (
    ("coercion positive, one strong of exploitation", [("BEW-01", A), ("DOC-01", A), ("ARB-01", A)], "A1"),
    ("coercion positive, exploitation only medium", [("BEW-01", A), ("DOC-01", A), ("ARB-02", A)], "B1"),
    ("minor with a fact that is strong for a child", [("AFH-06", A), ("CRI-03", A)], "A2"),
    ("the same fact, minor only hypothetical", [("AFH-06", Context.HYPOTHETICAL), ("CRI-03", A)], "D1"),
    ("minor held, no exploitation", [("AFH-06", A), ("BEW-01", A)], "C1"),
    ("own statement and another strong fact", [("MEL-03", A), ("WRV-06", A)], "A3"),
    ("own statement alone", [("MEL-03", A)], "C1"),
    ("two strong in two dimensions", [("WRV-06", A), ("BEW-01", A)], "B2"),
    ("one strong, two medium, no dimension positive", [("WRV-06", A), ("ARB-02", A), ("VRV-03", A)], "B3"),
    ("one strong fact", [("ARB-01", A)], "C1"),
    ("two medium of two families", [("ARB-02", A), ("VRV-03", A)], "C2"),
    ("two medium of one family", [("MEL-01", A), ("MEL-02", A)], "D1"),
    ("a report and a fact", [("MEL-01", A), ("ARB-02", A)], "C2"),
    ("one medium", [("ARB-02", A)], "D1"),
    ("a strong fact of long ago stands as medium", [("ARB-01", OLD)], "D1"),
    ("a medium fact of long ago stands as weak", [("ARB-02", OLD)], "none"),
    ("weak only", [("GED-01", A), ("GED-02", A), ("ARB-05", A)], "none"),
    ("a strong fact negated", [("ARB-01", Context.NEGATED)], "none"),
    ("already in the chain", [("MEL-04", A)], "none"),
    ("denied, but her passport is with him", [("DOC-01", A), ("BEW-01", DENIED)], "B1"),
    ("denied, and nothing else", [("BEW-01", DENIED)], "D1"),
    ("excluded by the officer", [("ARB-01", Context.EXCLUDED_BY_OFFICER)], "none"),
)


@pytest.mark.parametrize(("story", "hits", "cause"), STORIES, ids=[story for story, _, _ in STORIES])
def test_story(story: str, hits: list[tuple[str, Context]], cause: str) -> None:
    columns = PLAIN.score(hits_of([(0, code, 0, context) for code, context in hits]), 1, keep_all=True)
    assert CAUSES[int(columns.cause[0])] == cause, story


@pytest.mark.parametrize(("value", "cause"), [(0.69, "none"), (0.7, "D3"), (0.89, "D3"), (0.9, "C5"), (1.0, "C5")])
def test_resemblance_alone(value: float, cause: str) -> None:
    columns = PLAIN.score(hits_of([]), 1, resemblance_of([(0, value + 1e-6 if value < 1 else value, 1)]), keep_all=True)
    assert CAUSES[int(columns.cause[0])] == cause


@pytest.mark.parametrize(("layer", "cause"), [(Layer.A, "A4"), (Layer.B, "B4"), (Layer.C, "C3"), (Layer.D, "D2")])
def test_a_combination_lifts_to_its_layer(layer: Layer, cause: str) -> None:
    scorer = Scorer(small_pack(combinations=(combination("G", [["GED-01"], ["ARB-05"]], layer=layer),)))
    found = hits_of([(0, "GED-01", 0, A), (0, "ARB-05", 0, A)])
    columns = scorer.score(found, 1)
    assert CAUSES[int(columns.cause[0])] == cause
    assert columns.score[0] == 5.0


def test_one_indicator_cannot_fill_two_sets_of_a_combination() -> None:
    scorer = Scorer(small_pack(combinations=(combination("G", [["GED-01", "GED-02"], ["GED-01", "GED-02"]]),)))
    assert len(scorer.score(hits_of([(0, "GED-01", 0, A)]), 1)) == 0
    assert len(scorer.score(hits_of([(0, "GED-01", 0, A), (0, "GED-02", 0, A)]), 1)) == 1


@pytest.mark.parametrize("layer", [Layer.A, Layer.B, Layer.C, Layer.D])
def test_a_minimum_of_the_pack_lifts(layer: Layer) -> None:
    scorer = Scorer(small_pack(combinations=(), layer_minimum={layer: 1.0}))
    assert scorer.score(hits_of([(0, "ARB-05", 0, A)]), 1).layer[0] == layer


def test_weak_indicators_of_one_dimension_add_once() -> None:
    columns = PLAIN.score(hits_of([(0, "GED-01", 0, A), (0, "GED-02", 0, A), (0, "ARB-02", 0, A)]), 1)
    assert columns.score[0] == 3.0


def test_what_only_marks_is_marked() -> None:
    columns = PLAIN.score(hits_of([(0, "MEL-04", 0, A), (0, "ARB-01", 0, A)]), 1)
    assert bool(columns.known[0])
    assert columns.score[0] == 4.0
