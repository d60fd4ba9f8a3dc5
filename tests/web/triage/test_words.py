"""Words by code, in the language of the reader."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from seinpost.web.pages.day import OWN
from seinpost.web.pages.words import (
    ASPECTS,
    KINDS,
    LATENESS,
    aspect_told,
    day_told,
    gaps_told,
    kind_told,
    lateness_told,
)


@pytest.mark.parametrize("words", [ASPECTS, KINDS, LATENESS, OWN])
def test_every_word_by_code_has_its_english(words: dict[str, str]) -> None:
    with translation.override("en"):
        untold = {word for word in words.values() if translation.gettext(word) == word}
    assert untold <= {"account", "website"}, "words that are the same in both languages"


def test_a_list_says_them_in_the_language_of_its_reader() -> None:
    with translation.override("en"):
        assert (kind_told("plate"), lateness_told("very-late"), aspect_told("when")) == (
            "number plate",
            "very late",
            "when",
        )
        assert gaps_told(("where",), from_scan=True) == "not found in the text: where"
        assert day_told(date(2026, 5, 3)) == "3 may"
    with translation.override("nl"):
        assert (kind_told("plate"), lateness_told("late"), day_told(date(2026, 5, 3))) == (
            "kenteken",
            "te laat",
            "3 mei",
        )
        assert kind_told("something-new") == "something-new"
