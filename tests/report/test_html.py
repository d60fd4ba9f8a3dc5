"""The HTML report: well-formed, closed to hostile text and to the network, complete."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.views import HOSTILE, LEDGER, NAMES, hostile, signal
from tests.score.packs import SITUATIONS, hits_of, resemblance_of, small_pack

from seinpost.report.html import render_html
from seinpost.report.passages import passages, visible
from seinpost.report.view import Mark, signal_views
from seinpost.score.order import ranked
from seinpost.score.scorer import Scorer
from seinpost.score.sentences import names
from seinpost.score.tables import Batch, TableBuilder
from seinpost.types import Context

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Checks that tags close in order, and keeps tags, attributes, ids and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.stack, f"not closed: {self.stack}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] not in {"script", "style"}:
            self.text += data


def test_a_report_is_well_formed_and_tells_all() -> None:
    page = Page(render_html([signal(), signal(registration_id="R-2", rank=2)], LEDGER, NAMES, 1500))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for told in ("R-1", "R-2", "Paspoort ingenomen", "arbeidsuitbuiting", "DOC-01", "≠ SCH-02", "≈ ARB-0002", "−2.00"):
        assert told in page.text
    for told in ("1\u202f234\u202f567", "1\u202f500 signalen lager", "De telling klopt.", "minderjarige", "totaal"):
        assert told in page.text
    assert sum(tag == "article" for tag, _ in page.tags) == 2


def test_a_count_that_does_not_hold_is_said() -> None:
    wrong = type(LEDGER)(2, {"A": 0}, 1, 0, (), "nl", "1", "ab", "nu")
    assert "De telling klopt NIET." in Page(render_html([], wrong, NAMES)).text


def test_nothing_is_loaded_and_no_style_attribute_breaks_the_policy() -> None:
    html = render_html([signal(), hostile()], LEDGER, NAMES)
    page = Page(html)
    policy = next(
        a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag, attrs in page.tags:
        assert not {"src", "style", "onclick", "onerror", "onload"} & attrs.keys(), (tag, attrs)
        assert attrs.get("href", "#").startswith("#")  # type: ignore[union-attr]
    assert not re.search(r"url\(|@import|https?://|fetch\(|XMLHttp|innerHTML", html)


def test_hostile_text_stays_text() -> None:
    html = render_html([hostile()], LEDGER, NAMES)
    page = Page(html)
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not any(tag == "img" for tag, _ in page.tags)
    assert "<script>alert('x')</script>" in page.text
    for sign in ("\x00", "\x1b", "\u202e"):
        assert sign not in html
    assert "␀" in page.text


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render_html([signal()], LEDGER, NAMES) == render_html([signal()], LEDGER, NAMES)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-2, 62), st.integers(-2, 62)), max_size=6))
def test_passages_keep_every_character(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(a, b, "evidence", f"C{k}", "") for k, (a, b) in enumerate(spans)]
    found = passages(text, marks, 100)
    assert not any(passage.gap for passage in found)
    assert "".join(passage.text for passage in found) == visible(text)
    inside = {mark.code for mark in marks if 0 <= mark.start < mark.end <= len(text)}
    assert {mark.code for passage in found for mark in passage.ending} == inside


@pytest.mark.parametrize("length", [5000, 2_000_000])
def test_a_long_text_is_shortened_around_its_marks(length: int) -> None:
    text = "x" * length
    marks = [Mark(length // 2, length // 2 + 5, "evidence", "DOC-01", "affirmed")]
    found = passages(text, marks, 4000)
    assert sum(len(passage.text) for passage in found) < 1000
    assert sum(passage.gap for passage in found) == 2
    assert any(passage.ending for passage in found)


def test_views_come_from_the_tables_of_the_score() -> None:
    builder = TableBuilder(Scorer(small_pack(), SITUATIONS))
    found = [(r, code, 0, Context.AFFIRMED) for r in range(4) for code in ("ARB-01", "BEW-01")[: 1 + r % 2]]
    found += [(2, "ARB-02", 0, Context.NEGATED), (5, "VRV-03", 0, Context.AFFIRMED)]
    hits, eye = hits_of(found), resemblance_of([(1, 0.95, 0)])
    texts = pa.array([HOSTILE + str(k) for k in range(6)])
    scores = builder.scorer.score(hits, 6, eye)
    ids = pa.array(["dubbel"] * 6)  # ids alone do not tell registrations apart
    tables = builder.build(hits, scores, Batch(ids, texts, "dag", np.arange(6)), eye)
    signals = ranked(tables.signals.append_column("text", texts.take(pa.array(scores.row))))
    assert signal_views(signals, tables.hits, tables.contributions, 1)[1] == 3
    views, left = signal_views(signals, tables.hits, tables.contributions, 4)
    assert ([view.rank for view in views], left) == ([1, 2, 3, 4], 0)
    assert [view.row for view in views] == [1, 3, 0, 2]
    for view in views:
        assert sum(bar.weight for bar in view.bars) == view.score
        assert view.text == HOSTILE + str(view.row)
    assert {mark.kind for mark in views[0].marks} == {"evidence", "likeness"}
    assert {mark.kind for mark in views[3].marks} == {"evidence", "counter"}
    assert "R-" not in Page(render_html(views, LEDGER, names(builder.scorer.pack), left)).text
    everything, none_left = signal_views(signals, tables.hits, tables.contributions, 99, ("A", "B", "C", "D"))
    assert (len(everything), none_left) == (5, 0)
