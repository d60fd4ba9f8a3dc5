"""The reading page's pieces are the text, its marks numbered once, and its bars a sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seinpost.report.passages import visible
from seinpost.report.view import Bar, Mark, SignalView
from seinpost.web.reading import BARS, pieces, reasons

NAMES = {
    "indicator": {"DOC-01": ("Paspoort ingehouden", "Passport kept"), "ARB-01": ("Lange dagen", "Long days")},
    "context": {"negated": ("ontkend", "negated")},
}
TEXT = "De baas heeft zijn paspoort. Hij werkt lange dagen."


def view(text: str, marks: tuple[Mark, ...], bars: tuple[Bar, ...] = ()) -> SignalView:
    return SignalView(
        "R-1", 1, "A", 6.0, "A1", "Omdat.", "Because.", (), (), (), (), (), False, False, None, None, text, marks, bars
    )


def bar(rule: str, weight: float, kind: str = "indicator") -> Bar:
    return Bar(rule, kind, weight, "woorden", f"{rule} zegt", f"{rule} says")


def test_pieces_name_number_and_anchor_each_mark_once() -> None:
    marks = (Mark(13, 27, "evidence", "DOC-01", "affirmed"), Mark(18, 27, "counter", "ARB-01", "negated"))
    found = pieces(view(TEXT, marks), NAMES, "nl")
    assert [(p.text, p.kind, p.sign, p.anchor) for p in found] == [
        ("De baas heeft", "", "", ""),
        (" zijn", "evidence", "", "m1"),
        (" paspoort", "evidence", "1 2", "m2"),
        (". Hij werkt lange dagen.", "", "", ""),
    ]
    assert found[2].title == "Paspoort ingehouden; Lange dagen (ontkend)"
    assert pieces(view(TEXT, marks), NAMES, "en")[1].title == "Passport kept"


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Mark, ...]]:
    text = draw(st.text(max_size=60))
    places = st.integers(0, len(text) + 2)
    mark = st.builds(
        Mark,
        places,
        places,
        st.sampled_from(["evidence", "counter", "likeness"]),
        st.just("DOC-01"),
        st.just("negated"),
    )
    return text, tuple(draw(st.lists(mark, max_size=6)))


@given(marked())
def test_pieces_are_the_text_and_every_shown_mark_has_one_anchor_and_one_sign(
    case: tuple[str, tuple[Mark, ...]],
) -> None:
    text, marks = case
    found = pieces(view(text, marks), NAMES, "nl")
    assert "".join(piece.text for piece in found) == visible(text)
    inside = {mark for mark in marks if 0 <= mark.start < mark.end <= len(text)}
    signs = [number for piece in found for number in piece.sign.split()]
    assert len(signs) == len(set(signs)) == len(inside)
    anchors = [piece.anchor for piece in found if piece.anchor]
    assert len(anchors) == len(set(anchors))


def test_reasons_show_their_marks_and_what_speaks_against_stands_apart() -> None:
    marks = (Mark(0, 7, "evidence", "ARB-01", "affirmed"), Mark(8, 13, "likeness", "K-1", ""))
    bars = (bar("ARB-01", 4.0), bar("RESEMBLANCE", 1.5, "resemblance"), bar("ARB-01", -0.5, "counter"))
    speaks_for, against = reasons(view(TEXT, marks, bars), "nl")
    assert [(r.sentence, r.weight_text, r.shows) for r in speaks_for] == [
        ("ARB-01 zegt", "+4", "m1"),
        ("RESEMBLANCE zegt", "+1.5", "m2"),
    ]
    assert [(r.sentence, r.weight_text) for r in against] == [("ARB-01 zegt", "−0.5")]
    assert reasons(view(TEXT, marks, bars), "en")[0][0].sentence == "ARB-01 says"


@given(st.lists(st.floats(-5, 5).map(lambda x: round(x, 2)), max_size=8))
def test_bars_stay_within_the_drawing_and_follow_each_other(weights: list[float]) -> None:
    speaks_for, against = reasons(view(TEXT, (), tuple(bar("ARB-01", w) for w in weights)), "nl")
    for reason in [*speaks_for, *against]:
        assert 0 <= reason.start <= reason.start + reason.width <= BARS + 1e-9
    assert len(speaks_for) == sum(w > 0 for w in weights)
    assert len(against) == sum(w < 0 for w in weights)


@pytest.mark.parametrize(("weight", "text"), [(2.0, "+2"), (0.25, "+0.25"), (-1.5, "−1.5"), (10.0, "+10")])
def test_weights_read_well(weight: float, text: str) -> None:
    speaks_for, against = reasons(view(TEXT, (), (bar("ARB-01", weight),)), "nl")
    assert (speaks_for + against)[0].weight_text == text
