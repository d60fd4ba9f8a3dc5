"""What a text names: one thing however it is written, exact spans, nothing that is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seinpost.link import EntityKind, find_entities

K = EntityKind


def keys(text: str) -> list[tuple[str, str]]:
    return [(entity.kind.value, entity.key) for entity in find_entities(text)]


@pytest.mark.parametrize(
    "written",
    [
        "06-10000042",
        "06 1000 0042",
        "0610000042",
        "+31 6 10000042",
        "+31(0)6-10000042",
        "0031610000042",
        "06.10.00.00.42",
    ],
)
def test_one_phone_however_it_is_written(written: str) -> None:
    assert keys(f"Gebeld met {written}, geen gehoor.") == [("phone", "+31610000042")]


@pytest.mark.parametrize(
    "written",
    ["12-ABC-3", "12-abc-3", "kenteken 12ABC3", "kenteken 12 ABC 3", "kt. 12abc3", "kenteken: 12-ABC-3 gezien"],
)
def test_one_plate_however_it_is_written(written: str) -> None:
    assert keys(f"Bestelbus met {written}") == [("plate", "NL-12ABC3")]


def test_a_foreign_plate_is_known_where_the_text_says_it_is_one() -> None:
    assert keys("bus met kenteken CA 1234 BC") == [("plate", "??-CA1234BC")]
    assert keys("bus met kenteken СА 1234 ВС") == [("plate", "??-CA1234BC")]  # Cyrillic letters
    assert keys("de CA 1234 BC stond er") == []


@pytest.mark.parametrize("written", ["NL91ABNA0417164300", "NL91 ABNA 0417 1643 00", "nl91abna0417164300 op naam van"])
def test_one_account_however_it_is_written(written: str) -> None:
    assert keys(f"Loon naar {written}") == [("iban", "NL91ABNA0417164300")]


def test_an_account_whose_check_fails_is_none() -> None:
    assert keys("Loon naar NL92ABNA0417164300") == []


@pytest.mark.parametrize("written", ["1234 AB 12", "1234AB 12", "1234 ab, 12", "Dorpsstraat 12, 1234 AB"])
def test_an_address_with_a_postcode_has_one_key(written: str) -> None:
    assert keys(f"Woont {written} beneden") == [("address", "1234AB 12")]


def test_an_address_without_a_postcode_goes_by_street_number_and_place() -> None:
    assert keys("Pand aan de Burg. Jansenstr. 12a te Utrecht") == keys(
        "Pand aan de Burgemeester Jansenstraat 12 A in Utrecht"
    )
    assert keys("Aan de Industrieweg 4 in Ede en Industrieweg 4 te Tiel") == [
        ("address", "industrieweg 4 ede"),
        ("address", "industrieweg 4 tiel"),
    ]


@pytest.mark.parametrize("written", ["Van Dam Uien B.V.", "Van Dam Uien BV", "VAN DAM UIEN B.V."])
def test_a_firm_goes_by_its_name_without_the_legal_form(written: str) -> None:
    assert ("firm", "van dam uien") in keys(f"eigenaar van {written} was er")


def test_numbers_of_other_kinds_are_no_phones() -> None:
    assert keys("BSN 111222333, om 12.30 uur, op 27-11-2026, bedrag 12.500,00 en mutatie 2026311234") == []
    assert keys("bel 0800-5151 of 112") == []


def test_a_street_takes_no_words_before_it_that_are_not_its_own() -> None:
    assert keys("Binnentreden Esdoornhof 61") == [("address", "esdoornhof 61")]
    assert keys("van 06.40-07.25 uur gezien") == []


def test_other_kinds() -> None:
    assert keys("insta @Mooi_Meisje, mail a.b@voorbeeld.nl, www.Voorbeeld.nl/x, kvk 12345678") == [
        ("handle", "instagram:mooi_meisje"),
        ("email", "a.b@voorbeeld.nl"),
        ("site", "voorbeeld.nl"),
        ("chamber", "12345678"),
    ]


@given(st.text(max_size=400) | st.from_regex(r"[0-9A-Za-z@.+\-() ,\n]{0,300}", fullmatch=True))
def test_spans_are_exact_and_do_not_overlap(text: str) -> None:
    last = 0
    for entity in find_entities(text):
        assert text[entity.span.start : entity.span.end] == entity.quote
        assert last <= entity.span.start < entity.span.end
        assert entity.key == entity.key.strip() != ""
        last = entity.span.end


@given(st.integers(0, 99_999_999), st.sampled_from(["", "-", " ", "."]))
def test_every_mobile_number_is_found_with_any_separator(number: int, separator: str) -> None:
    digits = f"{number:08d}"
    if digits[0] in "123458":
        assert keys(f"tel 06{separator}{digits} gebeld") == [("phone", "+316" + digits)]


@pytest.mark.parametrize("worst", ["0" * 200_000, "a-" * 100_000, "A " * 100_000, "1234 AB " * 20_000, "@" * 200_000])
def test_no_text_makes_it_slow(worst: str) -> None:
    find_entities(worst)  # a pattern that backtracks would not come back
