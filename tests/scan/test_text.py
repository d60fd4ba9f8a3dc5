"""The shipped folding table, and cutting in plain Python, against the slow reader's own folding."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scan import reference

from seinpost.scan.text import FOLDING, fold_text, tokens

KINDS = {0: None, 2: "", 3: ""}
# characters that this Python's Unicode and the table's both know, and know alike
OLD = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}]


def test_every_character_folds_as_the_reader_says() -> None:
    """All of Unicode that Unicode 3.2 already had: no later version changed how it folds."""
    for char in OLD:
        if unicodedata.ucd_3_2_0.category(char) == "Cn":
            continue
        kind = FOLDING.entry(char) & 7
        found = FOLDING.fold(char) if kind == 1 else KINDS[kind]
        assert found == reference.fold(char), hex(ord(char))


def test_the_table_names_its_version() -> None:
    assert FOLDING.unicode_version.count(".") == 2


def test_examples_of_the_language_reference() -> None:
    assert fold_text("foto's ’s avonds 17-jarige É ĳ Ａ ²") == "fotos s avonds 17 jarige e ij a 2"
    assert fold_text("1.500 1.500.000 17.30") == "1500 1500000 17 30"


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=0x24F), max_size=60))
def test_cutting_agrees_with_the_reader(text: str) -> None:
    assert [(t.word, t.start, t.end) for t in tokens(text)] == [(w.form, w.start, w.end) for w in reference.cut(text)]
