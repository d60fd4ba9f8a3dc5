"""Who, where and when in a text: found with its words, or honestly not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seinpost.link.telling import Aspect, aspects_of, told_in

WHO, WHERE, WHEN = Aspect.WHO, Aspect.WHERE, Aspect.WHEN


def said(text: str, aspect: Aspect) -> list[str]:
    return [one.quote for one in told_in(text) if one.aspect is aspect]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Zij is te bereiken op 06-12345678.", "06-12345678"),
        ("Hij reed in een bus met kenteken 12-ABC-3.", "12-ABC-3"),
        ("Zij werkt voor Schoon Net B.V. in een loods.", "Schoon Net B.V."),
        ("De baas heet Karim en bewaart de papieren.", "Karim"),
        ("Verdachte Van der Meer stond erbij.", "Van der Meer"),
        ("Ik sprak met J. de Vries over het werk.", "J. de Vries"),
        ("De vrouw, geb. 01-02-1999, huilde.", "geb. 01-02-1999"),
        ("Een man met bijnaam 'Bolle' haalt hen op.", "Bolle"),
        ("Mevrouw van Leeuwen heeft het gezien.", "van Leeuwen"),
        ("[persoon 1] zei dat hij niet weg mag.", "[persoon 1]"),
    ],
)
def test_it_says_who(text: str, quote: str) -> None:
    assert quote in said(text, WHO)


@pytest.mark.parametrize(
    "text",
    [
        "Betrokkene verklaarde dat de baas de papieren heeft.",
        "Er zaten vier vrouwen in het pand.",
        "Betrokkene Roemeense vrouw wilde niets zeggen.",
        "Verdachte. De baas kwam daarna.",
        "Slachtoffer Onbekend.",
        "De getuige zei dat hij betaald werd.",
        "De eigenaar van de AirPods kwam langs.",
        "VERDACHTE ZEI HAAST TE HEBBEN.",
        "Verdachte NN1 liep weg.",
    ],
)
def test_a_role_is_nobody_yet(text: str) -> None:
    assert said(text, WHO) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Gezien op de Kadelaan 12, 1234 AB.", "Kadelaan 12, 1234 AB"),
        ("Zij stond op de Havenstraat te wachten.", "Havenstraat"),
        ("De groep slaapt in Zevenaar.", "Zevenaar"),
        ("In Zevenaar zei zij niets.", "Zevenaar"),
        ("Gecontroleerd op de A12 richting de grens.", "A12"),
        ("Zij verblijft in hotel Zonneberg.", "Zonneberg"),
    ],
)
def test_it_says_where(text: str, quote: str) -> None:
    assert quote in said(text, WHERE)


@pytest.mark.parametrize(
    "text",
    [
        "Zij slapen in een loods achter het bedrijf.",
        "Zij kwam in Nederland aan en wil in Polen wonen.",
        "Zij werd in WhatsApp benaderd, in Nederlandse taal.",
        "In Januari begon het.",
    ],
)
def test_a_kind_of_place_or_a_country_is_not_where(text: str) -> None:
    assert said(text, WHERE) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Op 12-11-2026 kwam zij langs.", "12-11-2026"),
        ("Het was 3 november 2026.", "3 november 2026"),
        ("Zij werkt al maanden zonder loon.", "al maanden"),
        ("Hij wordt elke nacht opgehaald.", "elke nacht"),
        ("Rond 23:15 uur kwam de bus.", "23:15 uur"),
        ("Gisteren belde zij.", "Gisteren"),
        ("Sinds augustus woont zij daar.", "Sinds augustus"),
    ],
)
def test_it_says_when(text: str, quote: str) -> None:
    assert quote in said(text, WHEN)


@pytest.mark.parametrize(
    "text",
    [
        "De vrouw, geb. 01-02-1999, huilde.",
        "Later kwam hij terug.",
        "Bel 06-12345678.",
        "Zij kreeg 19.17 euro.",
        "Ik werk 8 uur per dag en woon al 15 jaar hier.",
    ],
)
def test_a_birthday_or_later_is_not_when(text: str) -> None:
    assert said(text, WHEN) == []


def test_a_whole_registration_and_an_empty_one() -> None:
    text = "Op 12-11-2026 om 10:15 uur sprak ik in Zevenaar met mevrouw Jansen, 06-12345678."
    assert aspects_of(text) == {WHO, WHERE, WHEN}
    assert aspects_of("") == frozenset()


@given(st.text(max_size=400))
def test_what_is_found_stands_in_the_text_in_order(text: str) -> None:
    found = told_in(text)
    assert list(found) == sorted(set(found))
    assert all(text[one.span.start : one.span.end] == one.quote != "" for one in found)


PIECES = ["Van ", "der ", "betrokkene ", "in ", "A.", "1-", "12", "J", "an", " ", "hof", "al ", "sinds ", "de "]


@given(st.lists(st.sampled_from(PIECES), min_size=50, max_size=60))
def test_a_text_made_to_be_hard_is_read_in_time_that_grows_with_its_length(pieces: list[str]) -> None:
    told_in("".join(pieces) * 40)  # the time limit of hypothesis is the assertion
