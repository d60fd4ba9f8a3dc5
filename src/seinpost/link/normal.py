"""Normal forms: one thing, however it is written, has one key; None when it is no such thing after all.

Formats: telephone numbers by the numbering plans that `phonenumbers` carries; IBAN and its check by `stdnum`; Dutch
number plates by the sidecodes of the vehicle register (RDW); postcode without SA, SD and SS (PostNL).
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from stdnum import iban

REGION = "NL"
LATIN = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")  # Cyrillic letters that look like the Latin ones of a plate

PLATE = re.compile(
    r"[A-Z]{2}\d{4}|\d{4}[A-Z]{2}|\d{2}[A-Z]{2}\d{2}|[A-Z]{2}\d{2}[A-Z]{2}|[A-Z]{4}\d{2}|\d{2}[A-Z]{4}|\d{2}[A-Z]{3}\d"
    r"|\d[A-Z]{3}\d{2}|[A-Z]{2}\d{3}[A-Z]|[A-Z]\d{3}[A-Z]{2}|[A-Z]{3}\d{2}[A-Z]|[A-Z]\d{2}[A-Z]{3}|\d[A-Z]{2}\d{3}|\d{3}[A-Z]{2}\d"
)
FOREIGN_PLATE = re.compile(r"[A-Z]{1,3}\d{1,5}[A-Z]{0,3}|\d[A-Z]{3}\d{3}")
POSTCODE = re.compile(r"([1-9]\d{3})\s?([A-Za-z]{2})")
NOT_ISSUED = {"SA", "SD", "SS"}
WORDS = {"af", "al", "de", "en", "er", "in", "is", "na", "of", "om", "op", "te", "uw", "we", "ze", "zo"}

LEGAL_FORMS = {
    "bv",
    "nv",
    "vof",
    "cv",
    "ltd",
    "gmbh",
    "sp zoo",
    "srl",
    "eood",
    "ood",
    "bvba",
    "maatschap",
    "uitzendbureau",
}
STREET_SHORT = (
    (r"str\.?$", "straat"),
    (r"ln\.?$", "laan"),
    (r"wg\.?$", "weg"),
    (r"pl\.?$", "plein"),
    (r"\bburg\.? ", "burgemeester "),
)


def fold(text: str) -> str:
    """Lower case without diacritics, one space between words, no other signs."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def phone(text: str) -> str | None:
    """E.164 of a telephone number that can exist; free and paid service numbers (0800, 0900) are nobody's."""
    cleaned = re.sub(r"\(0\)", "", text)
    if cleaned.startswith("00"):
        cleaned = "+" + cleaned[2:]
    try:
        number = phonenumbers.parse(cleaned, REGION)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    shared = (phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.PREMIUM_RATE)
    if not phonenumbers.is_possible_number(number) or kind in shared:
        return None
    if number.country_code == 31 and len(str(number.national_number)) != 9:  # "06.40-07.25" is a time
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def plate(text: str) -> str | None:
    """A Dutch plate without its hyphens, as NL-12ABC3."""
    key = re.sub(r"[\s\-–.]", "", text.upper())
    return f"NL-{key}" if PLATE.fullmatch(key) else None


def any_plate(text: str) -> str | None:
    """A plate of any country, for where the text says that it is one: the country is unknown unless Dutch."""
    key = re.sub(r"[\s\-–.]", "", text.upper().translate(LATIN))
    if dutch := plate(key):
        return dutch
    return f"??-{key}" if 4 <= len(key) <= 9 and FOREIGN_PLATE.fullmatch(key) else None


def account(text: str) -> str | None:
    """An IBAN in one piece, if its check holds."""
    key = re.sub(r"\s", "", text.upper())
    return key if iban.is_valid(key) else None


def postcode(text: str) -> str | None:
    """A postcode as 1234AB."""
    match = POSTCODE.fullmatch(text.strip())
    if match is None or match[2].upper() in NOT_ISSUED:
        return None
    if match[2] in WORDS and " " in match[0]:  # "2026 in": a number and a word
        return None
    return match[1] + match[2].upper()


def house(number: str, addition: str | None) -> str:
    """A house number with its addition: 12, 12a, 12-2."""
    tail = re.sub(r"[\s\-]", "", (addition or "").casefold())
    return number + ("-" if tail[:1].isdigit() else "") + tail


def street(text: str) -> str:
    """A street name with its commonest short forms written out."""
    name = " ".join(text.casefold().split())
    for short, whole in STREET_SHORT:
        name = re.sub(short, whole, name)
    return fold(name)


def firm(text: str) -> str | None:
    """The name of a firm without its legal form; None when nothing is left."""
    words = fold(text.replace(".", "")).split()
    while words and words[-1] in LEGAL_FORMS:
        words.pop()
    key = " ".join(words)
    return key if len(key) > 2 else None
