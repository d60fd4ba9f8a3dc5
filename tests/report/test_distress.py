"""Distressing passages: whole sentences as the scanner cuts them, never a word of one outside its fold."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scan.reference import read

from seinpost.report.distress import NOTHING, Distress, Fold, breaks, folds, folds_again, outside, tells
from seinpost.report.view import Mark

DISTRESS = Distress(frozenset({"SEK-01", "GEW-01"}), frozenset({"vdt"}))
TEXT = "Aangeefster kwam binnen. Zij werd door vdt. X geslagen en moest met mannen mee. Zij huilde. Gesprek gestopt."


def mark(words: str, code: str = "SEK-01", text: str = TEXT, context: str = "affirmed", kind: str = "evidence") -> Mark:
    start = text.index(words)
    return Mark(start, start + len(words), kind, code, context)


def shown(text: str, found: tuple[Fold, ...]) -> list[str]:
    return [text[one.start : one.end] for one in found]


def test_the_whole_sentence_is_folded_across_an_abbreviation_and_an_initial() -> None:
    found = folds(TEXT, [mark("moest met mannen")], DISTRESS)
    assert shown(TEXT, found) == ["Zij werd door vdt. X geslagen en moest met mannen mee."]
    assert outside(TEXT, found) == "Aangeefster kwam binnen. … Zij huilde. Gesprek gestopt."


def test_sentences_next_to_each_other_are_one_fold_that_names_both_kinds() -> None:
    found = folds(TEXT, [mark("huilde", "GEW-01"), mark("mannen"), mark("geslagen", "GEW-01")], DISTRESS)
    assert shown(TEXT, found) == ["Zij werd door vdt. X geslagen en moest met mannen mee. Zij huilde."]
    assert set(found[0].codes) == {"SEK-01", "GEW-01"}


@pytest.mark.parametrize("context", ["affirmed", "negated", "historical", "template", "denied_by_person"])
def test_words_that_are_denied_or_of_long_ago_read_the_same(context: str) -> None:
    assert folds(TEXT, [mark("mannen", context=context)], DISTRESS)


def test_nothing_is_folded_for_another_meaning_an_other_indicator_a_likeness_or_a_reader_who_wants_none() -> None:
    marks = [mark("mannen", context="other_meaning"), mark("huilde", "DOC-01"), mark("huilde", kind="likeness")]
    assert folds(TEXT, marks, DISTRESS) == ()
    assert folds(TEXT, [mark("mannen")], NOTHING) == ()


def test_a_correction_folds_the_same_words_wherever_they_went() -> None:
    later = "Verbeterd: zij moest\nMET  mannen mee. De rest klopte."
    found = folds_again(later, TEXT, [mark("moest met mannen")], DISTRESS)
    assert shown(later, found) == ["Verbeterd: zij moest\nMET  mannen mee."]
    assert folds_again("Alles is anders.", TEXT, [mark("moest met mannen")], DISTRESS) == ()


def test_words_tell_of_a_fold_if_one_stands_in_the_other() -> None:
    assert tells("met\nMannen", ["Zij moest met mannen mee."])
    assert tells("Zij moest met mannen mee, en meer", ["met mannen mee"])
    assert not tells("zijn paspoort", ["Zij moest met mannen mee."])
    assert not tells("", ["iets"])


WRITTEN = st.lists(
    st.sampled_from(["Zij", "vdt", "was", "X", "12", ".", ". ", "! ", ";", "; ", ", ", " ", "\n", "\r\n", "\n\n", "- "])
).map("".join)


@given(WRITTEN)
def test_sentences_are_cut_where_the_scanner_cuts_them(text: str) -> None:
    reading = read(text, DISTRESS.abbreviations)
    cuts = sorted(breaks(text, DISTRESS.abbreviations))
    for left, right, one, two in zip(
        reading.words, reading.words[1:], reading.sentence, reading.sentence[1:], strict=False
    ):
        assert (one != two) == any(left.end <= cut <= right.start for cut in cuts), text


@given(WRITTEN, st.data())
def test_a_fold_holds_every_mark_whole_and_no_two_touch(text: str, data: st.DataObject) -> None:
    words = [(w.start, w.end) for w in read(text, frozenset()).words]
    places = data.draw(st.lists(st.sampled_from(words), max_size=4)) if words else []
    marks = [Mark(start, end, "evidence", "SEK-01", "affirmed") for start, end in places]
    found = folds(text, marks, DISTRESS)
    for one in marks:
        assert any(fold.start <= one.start and one.end <= fold.end for fold in found)
    for before, after in itertools.pairwise(found):
        assert text[before.end : after.start].strip()
    assert len(found) == outside(text, found).count("…")
