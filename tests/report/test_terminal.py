"""The terminal: words highlighted, codes readable without colour, nothing that a terminal could act on."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console, RenderableType
from tests.report.views import LEDGER, NAMES, hostile, signal
from tests.score.packs import SITUATIONS, hits_of, resemblance_of, small_pack

from seinpost.report.terminal import blocks, explanation, ledger_line, ranked_list
from seinpost.report.view import LedgerView, explained_view
from seinpost.score.explain import explain
from seinpost.score.scorer import Scorer
from seinpost.score.sentences import names
from seinpost.score.tables import TableBuilder
from seinpost.types import Context


def plain(renderable: RenderableType, colour: bool = False, width: int = 100) -> str:
    out = StringIO()
    Console(file=out, force_terminal=colour, color_system="standard" if colour else None, width=width).print(renderable)
    return out.getvalue()


def test_a_pipe_gets_plain_text_with_codes() -> None:
    text = plain(ranked_list([signal()], 1200))
    assert "\x1b" not in text
    assert "paspoort afgepakt⟨DOC-01⟩" in text
    assert "⟨≠SCH-02⟩" in text
    assert "1. [C] R-1  score 5.50  ARB  minderjarige  misschien al bekend" in text
    assert "… en 1.200 signalen meer" in text


def test_a_terminal_gets_colour() -> None:
    assert "\x1b[" in plain(ranked_list([signal()]), colour=True)


def test_hostile_text_cannot_steer_the_terminal() -> None:
    text = plain(ranked_list([hostile()])) + plain(explanation(hostile(), NAMES))
    assert not {"\x1b", "\x00", "\u202e"} & set(text)


def test_no_signals() -> None:
    assert plain(ranked_list([])) == "Geen signalen voor een lezer.\n"


def test_the_ledger_in_one_line() -> None:
    assert "1.234.567 ontvangen = 1 A + 0 B + 1 C + 3 D + 1.234.560 niet aangemerkt + 2 mislukt (klopt)" in plain(
        ledger_line(LEDGER)
    )
    assert "KLOPT NIET" in plain(ledger_line(LedgerView(1, {}, 0, 0, (), "nl", "1", "ab", "nu")))


def test_an_explanation_with_its_waterfall() -> None:
    text = plain(explanation(signal(), NAMES))
    for told in ("Eén sterke aanwijzing", "dwang ter plaatse (genoeg)", "+4.00", "-2.00", "totaal", "5.50", "░", "█"):
        assert told in text
    assert "telt niet mee: Er is een minderjarige bij." in text


def test_why_not_is_told_from_an_explanation_of_the_score() -> None:
    builder = TableBuilder(Scorer(small_pack(), SITUATIONS))
    hits = hits_of([(0, "BEW-01", 0, Context.NEGATED)])
    view = explained_view(explain(builder, "Zij mag wel weg.", hits, resemblance_of([(0, 0.5, 0)]), "R9"))
    text = plain(explanation(view, names(builder.scorer.pack)), width=160)
    assert "[-] R9" in text
    assert "Wat ontbrak voor een hogere laag:" in text
    assert "Nodig: één sterke aanwijzing." in text
    assert "ontkend in de tekst" in text


@pytest.mark.parametrize(
    ("start", "end", "bar"), [(0.0, 4.0, "█" * 14), (4.0, 8.0, " " * 14 + "█" * 14), (8.0, 4.0, " " * 14 + "░" * 14)]
)
def test_bars_start_where_the_sum_stood(start: float, end: float, bar: str) -> None:
    assert blocks(start, end, 8.0) == bar
