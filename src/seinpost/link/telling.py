"""Whether the words of a registration say who, where and when: what was found, and where it stands. Pure.

It answers "was it found in the text", never "is it so": a name is no identity, and what is not found may still be there
in a way that is not known here. So only what points at one person, one place or one moment counts; "a woman", "a shed"
and "later" do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from seinpost.link.entities import EntityKind
from seinpost.link.find import find_entities
from seinpost.types import Span


class Aspect(str, Enum):
    """What a registration should tell."""

    WHO = "who"
    WHERE = "where"
    WHEN = "when"


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """Words that tell something of an aspect."""

    span: Span
    aspect: Aspect
    quote: str


# a site is a web page and no person: it tells neither who nor where
OF_ENTITY = {
    **dict.fromkeys(
        (
            *(EntityKind.PHONE, EntityKind.PLATE, EntityKind.IBAN, EntityKind.FIRM),
            *(EntityKind.CHAMBER, EntityKind.EMAIL, EntityKind.HANDLE),
        ),
        Aspect.WHO,
    ),
    EntityKind.ADDRESS: Aspect.WHERE,
}
CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,29}\w"
PARTS = r"(?:(?:[Vv]an|[Dd]e|der|den|het|[Tt]en|[Tt]er|von|[Aa]l|[Ee]l)\s){0,3}"
FIRST = r"(?:(?:Van|De|Ten|Ter|Al|El)\s(?:(?:de|der|den|het)\s)?)?"
NAME = CAPITAL + r"(?:\s" + PARTS + CAPITAL + r"){0,2}"
ADDRESSED = re.compile(
    r"\b(?i:genaamd|geheten|heet|heette|noemt\szich|bijnaam|alias|voornaam|achternaam|meneer|mevrouw|mevr\.|mw\.|dhr\.|"
    r"de\sheer)[\s:]{1,2}[\"'“‘„]?(" + PARTS + NAME + ")"
)
ROLE = re.compile(  # no small "van" after a role: "the owner of the AirPods" names nobody
    r"\b(?i:verdachte|slachtoffer|betrokkene|getuige|aangever|aangeefster|melder|meldster|eigenaar|eigenaresse|"
    r"bestuurder|werkgever|uitbater|broer|zus|vriend|vriendin|collega)\s[\"'“‘„]?(" + FIRST + NAME + ")"
)
MASKED = re.compile(r"\[(persoon|naam|adres|straat|plaats|datum)(?:\s\d{1,4})?\]", re.IGNORECASE)
OF_MASK = {
    **dict.fromkeys(("persoon", "naam"), Aspect.WHO),
    **dict.fromkeys(("adres", "straat", "plaats"), Aspect.WHERE),
    "datum": Aspect.WHEN,
}
INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.){1,4}\s?(" + PARTS + CAPITAL + ")")
BORN = re.compile(r"\bgeb(?:oren|\.)?(?:\s(?:op|d\.d\.))?\s?\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b", re.IGNORECASE)
STREET = re.compile(
    r"\b[A-Z][\w'’-]{2,30}(?:straat|laan|weg|plein|dijk|kade|gracht|singel|steeg|hof|markt|haven|boulevard)\b"
)
ROAD = re.compile(r"(?<![\w-])[AN]\s?\d{1,3}(?=\s(?:bij|ter|thv|t\.h\.v\.|richting|hmp|afrit|nabij)\b)")
PLACE = re.compile(
    r"\b(?i:te|in|nabij|omgeving|gemeente|vlakbij|station|hotel|camping|restaurant|caf[eé])\s(" + CAPITAL + ")"
)
DATE = re.compile(r"(?<![\d./-])(?:\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?![\d/-])")
MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
DAYS = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
SAID = re.compile(
    rf"\b(?:\d{{1,2}}\s(?:{MONTHS})(?:\s\d{{4}})?|(?:{DAYS})(?:ochtend|middag|avond|nacht)?|gisteren|eergisteren|vandaag|"
    r"vannacht|vanmorgen|vanochtend|vanmiddag|vanavond|(?:vorige|afgelopen|deze)\s(?:dag|nacht|week|maand|weekend|zomer|"
    rf"winter|jaar)|(?:sinds|begin|eind|medio|in)\s(?:{MONTHS})(?:\s\d{{4}})?|sinds\s\d{{4}}|"
    r"(?:al|sinds)\s(?:\w+\s)?(?:dagen|weken|maanden)|(?:elke|iedere)\s(?:dag|nacht|week|maand|ochtend|avond)|"
    r"dagelijks|wekelijks)\b",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"(?<![\d:.,€])(?:[01]?\d|2[0-3])(?::[0-5]\d(?:\s?(?:uur|u)\b|(?![\d:]))|\.[0-5]\d\s?(?:uur|u)\b)"
    r"|\b(?:om|rond|omstreeks|vanaf)\s(?:[01]?\d|2[0-3])\su(?:ur)?\b"
)
SHOUTED = 0.5  # of the letters: in a text in capitals a name cannot be told from a word


def listed(*words: str) -> frozenset[str]:
    """The words of some lines."""
    return frozenset(word for line in words for word in line.split())


PARTICLES = listed("van de der den het ten ter von al el")
NO_NAME = listed(
    "de het een hij zij ik we wij men dit dat die deze er en of in op te bij met voor naar niet is was heeft had kan",
    "wil mag moet zou werd wordt wie wat waar politie kmar avim nla nn man vrouw onbekend onbekende",
)
NO_PLACE = listed(
    "nederland nederlands nederlandse duitsland belgie belgië polen roemenie roemenië bulgarije hongarije turkije",
    "marokko china vietnam thailand nigeria ghana oekraine oekraïne spanje italie italië frankrijk engeland europa eu",
    "eer azie azië afrika whatsapp facebook instagram snapchat telegram signal tiktok google bvh avim kmar ind uwv kvk",
    "nla nn",
    MONTHS.replace("|", " "),
    DAYS.replace("|", " "),
)


def told_in(text: str) -> tuple[Told, ...]:
    """Everything in a text that says who, where or when, in the order of the text."""
    found = {*of_entities(text), *masked(text), *people(text), *places(text), *moments(text)}
    return tuple(sorted(found))


def aspects_of(text: str) -> frozenset[Aspect]:
    """The aspects of which something was found."""
    return frozenset(one.aspect for one in told_in(text))


def of_entities(text: str) -> Iterator[Told]:
    """What has an exact normal form: a phone, a plate, an account, a firm tell who; an address tells where."""
    for entity in find_entities(text):
        if entity.kind in OF_ENTITY:
            yield Told(entity.span, OF_ENTITY[entity.kind], entity.quote)


def masked(text: str) -> Iterator[Told]:
    """What was made unrecognisable before it came here, as `[persoon 1]`: the source says it."""
    for match in MASKED.finditer(text):
        yield told(OF_MASK[match[1].casefold()], match, 0)


def shouts(text: str) -> bool:
    """Whether a text is in capitals."""
    return sum(sign.isupper() for sign in text) > SHOUTED * sum(sign.isalpha() for sign in text)


def people(text: str) -> Iterator[Told]:
    """Names after a word that announces one, initials with a name, and dates of birth."""
    loud = shouts(text)
    for pattern in () if loud else (ADDRESSED, ROLE):
        yield from (told(Aspect.WHO, match, 1) for match in pattern.finditer(text) if is_name(match[1]))
    for match in () if loud else INITIALS.finditer(text):
        if is_name(match[1]):
            yield told(Aspect.WHO, match, 0)
    yield from (told(Aspect.WHO, match, 0) for match in BORN.finditer(text))


def is_name(said: str) -> bool:
    """Whether what follows an announcing word is a name: capitals, and neither a plain word nor a nationality."""
    words = [word for word in said.split() if word[0].isupper() and word.casefold() not in PARTICLES]
    if not words or any(sign.isdigit() for sign in said):
        return False
    return words[0].casefold() not in NO_NAME and not words[0].endswith(("se", "sche", "s'"))


def places(text: str) -> Iterator[Told]:
    """Streets, roads at a point, and places by name; a country is too large to be one."""
    for pattern in (STREET, ROAD):
        yield from (told(Aspect.WHERE, match, 0) for match in pattern.finditer(text))
    for match in () if shouts(text) else PLACE.finditer(text):
        if match[1].casefold() not in NO_PLACE and not match[1].endswith("se"):
            yield told(Aspect.WHERE, match, 1)


def moments(text: str) -> Iterator[Told]:
    """Dates, days, hours, and since when or how often."""
    births = [match.span() for match in BORN.finditer(text)]
    for pattern in (DATE, SAID, CLOCK):
        for match in pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in births):
                yield told(Aspect.WHEN, match, 0)


def told(aspect: Aspect, match: re.Match[str], group: int) -> Told:
    """The words of a match."""
    return Told(Span(*match.span(group)), aspect, match[group])
