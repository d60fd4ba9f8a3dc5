"""An explanation tells why, and why not."""

from __future__ import annotations

import pytest
from tests.score.packs import SITUATIONS, hits_of, resemblance_of, small_pack

from seinpost.score.explain import Explanation, explain
from seinpost.score.scorer import Scorer
from seinpost.score.tables import TableBuilder
from seinpost.types import Context

A = Context.AFFIRMED
BUILDER = TableBuilder(Scorer(small_pack(), SITUATIONS))
TEXT = "Zij mag niet weg. Loon? Niets. Haar baas houdt het paspoort. Ééntje zegt vrijwillig."


def told(found: list[tuple[str, Context]], eye: float | None = None) -> Explanation:
    hits = hits_of([(0, code, 0, context) for code, context in found])
    return explain(BUILDER, TEXT, hits, None if eye is None else resemblance_of([(0, eye, 0)]), "R1")


def ways(explanation: Explanation, layer: str) -> str:
    return " ".join(missing.nl for missing in explanation.missing if missing.layer == layer)


def test_a_flagged_registration_tells_everything() -> None:
    explanation = told([("BEW-01", A), ("DOC-01", A), ("ARB-01", A)], 0.8)
    assert (explanation.layer, explanation.cause) == ("A", "A1")
    assert explanation.score == sum(c.weight for c in explanation.contributions)
    assert explanation.missing == ()
    assert all(hit.quote == TEXT[hit.start : hit.end] and hit.counts for hit in explanation.hits)
    assert explanation.likeness is not None
    assert explanation.likeness.situation == "SEKS-0001"
    assert explanation.likeness.quote == TEXT[:20]
    assert explanation.pack_digest == "0" * 64


def test_nothing_found() -> None:
    explanation = told([])
    assert (explanation.layer, explanation.score, explanation.hits) == ("-", 0.0, ())
    assert "geen enkele bekende aanwijzing" in ways(explanation, "NONE")
    assert "Onbekend: of een zin op een bekende situatie lijkt" in ways(explanation, "C")
    assert explanation.reason_nl == "Niet aangemerkt."


def test_why_not_names_what_was_found_and_its_context() -> None:
    explanation = told([("BEW-01", Context.NEGATED), ("ARB-02", Context.TEMPLATE)], 0.4)
    assert explanation.layer == "-"
    assert "(ontkend in de tekst): Naam BEW-01" in ways(explanation, "NONE")
    assert "(vaste tekst of les): Naam ARB-02" in ways(explanation, "NONE")
    assert "minstens 0.90 op een bekende situatie lijkt (nu 0.40)" in ways(explanation, "C")
    assert [hit.counts for hit in explanation.hits] == [False, False]
    assert {c.kind for c in explanation.contributions} >= {"indicator", "counter"}


def test_what_was_missing_for_each_next_layer() -> None:
    d = told([("VRV-03", A)])
    assert "nog één middelsterke aanwijzing" in ways(d, "C")
    assert "BEW-03, DOC-01, voor de combinatie “samen G01”" in ways(d, "C")
    c = told([("BEW-01", A)])
    assert "tweede sterke aanwijzing" in ways(c, "B")
    assert "binnen “dwang ter plaatse” nog één aanwijzing" in ways(c, "B")
    b = told([("BEW-01", A), ("DOC-01", A)])
    assert "sterke aanwijzing van uitbuiting zelf" in ways(b, "A")
    assert "dwangmiddel" not in ways(b, "A")
    b2 = told([("ARB-01", A), ("ARB-02", A)])
    assert "genoeg aanwijzingen van een dwangmiddel" in ways(b2, "A")
    assert "sterke aanwijzing van uitbuiting zelf" not in ways(b2, "A")


def test_a_minimum_of_the_pack_is_told() -> None:
    scorer = Scorer(small_pack(layer_minimum={level: 9.5 for level in (1, 2, 3)}))
    hits = hits_of([(0, "VRV-03", 0, A)])
    explanation = explain(TableBuilder(scorer), TEXT, hits)
    assert "score van minstens 9.50 (nu 2.00)" in ways(explanation, "C")


@pytest.mark.parametrize("context", list(Context))
def test_both_languages_are_always_there(context: Context) -> None:
    explanation = told([("ARB-01", context), ("CRI-03", context)], 0.72)
    assert all(c.sentence_nl and c.sentence_en for c in explanation.contributions)
    assert all(m.nl and m.en and "{" not in m.nl + m.en for m in explanation.missing)
    assert all(h.context_nl and h.context_en for h in explanation.hits)
