"""Find what a text names. Every search is linear in the length of the text: no pattern can repeat inside a repeat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from seinpost.link import normal
from seinpost.link.entities import Entity, EntityKind
from seinpost.types import Span

Search = Callable[[str], Iterator[tuple[int, int, str | None]]]

PHONE = re.compile(r"(?<![\w+/.,-])(?:\+\d|\(?0)[\d ().\-]{6,18}\d(?![\w/])")
PLATE = re.compile(r"(?<![\w-])[A-Za-z0-9]{1,3}[-–][A-Za-z0-9]{1,3}[-–][A-Za-z0-9]{1,3}(?![\w-])")
SAID_PLATE = re.compile(
    r"\b(?:kenteken|kent|kt|plaat|gekentekend)\b[.:]?\s{0,3}(?:nr\.?\s)?([^\W_][\w\- ]{3,10})", re.I
)
IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:\s?[A-Za-z0-9]{2,4}){3,8}\b")
POSTAL = re.compile(
    r"(?<![\w-])([1-9]\d{3}\s?[A-Za-z]{2})\b(?:[,\s]{1,3}(?:nr\.?\s|huisnummer\s)?(\d{1,5})\b(?:\s?([A-Za-z]|-\d{1,4})\b)?)?"
)
BEFORE_STREET = (
    r"(?:(?:Burg(?:emeester|\.)?|Prof(?:essor|\.)?|Dr\.?|Mr\.?|Ds\.?|Pastoor|Prins(?:es)?|Kon(?:ing|ingin|\.)|Sint|St\.|"
    r"Oude|Nieuwe|Lange|Korte|Grote|Kleine|Jan|Van)\s(?:(?:van|de|der|den|het)\s){0,2}){0,2}"
)
STREET = re.compile(
    r"\b("
    + BEFORE_STREET
    + r"[A-Z][\w'’-]{1,30}(?:straat|laan|weg|plein|dijk|kade|gracht|singel|steeg|hof|pad|markt|str\.|ln\.))"
    r"\s(?:nr\.?\s)?(\d{1,5})(?:\s?([A-Za-z]|-\d{1,4}|hs|bis)\b)?"
    r"(?:[,\s]{1,3}([1-9]\d{3}\s?[A-Z]{2})\b)?(?:,?\s(?:in|te)\s((?:'s-|Den\s|De\s)?[A-Z][\w'’-]{1,30}))?"
)
FIRM = re.compile(
    r"\b((?:[A-Z0-9&][\w&'’.-]{0,30}\s){1,4}(?:B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|C\.V\.|GmbH|EOOD|Ltd\.?)(?!\w))"
)
CHAMBER = re.compile(r"\b(?:kvk|kamer van koophandel)\b[\s:.-]{0,3}(?:nr|nummer|dossier)?[\s:.]{0,3}(\d{8})\b", re.I)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,3}\b")
SITE = re.compile(r"\b(?:https?://)?(?:www\.)([\w-]{1,63}(?:\.[\w-]{2,63}){1,3})", re.I)
HANDLE = re.compile(
    r"\b(snap(?:chat)?|insta(?:gram)?|telegram|tiktok|facebook|signal|wickr)\b[\s:]{0,3}"
    r"(?:account|naam|gebruikersnaam)?[\s:]{0,3}(?:@|[\"'“‘])([\w.]{3,30})",
    re.I,
)
PLATFORMS = {"snap": "snapchat", "insta": "instagram"}


def phones(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Telephone numbers."""
    for match in PHONE.finditer(text):
        yield match.start(), match.end(), normal.phone(match[0])


def plates(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Number plates: with hyphens anywhere, without them where the text says that it is one."""
    for match in PLATE.finditer(text):
        yield match.start(), match.end(), normal.plate(match[0])
    for match in SAID_PLATE.finditer(text):
        words = match[1].split(" ")
        for count in range(min(3, len(words)), 0, -1):
            said = " ".join(words[:count]).rstrip("- ")
            if key := normal.any_plate(said):
                yield match.start(1), match.start(1) + len(said), key
                break


def accounts(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Bank accounts."""
    for match in IBAN.finditer(text):
        key, end = normal.account(match[0]), match.end()
        while key is None and (cut := text.rfind(" ", match.start(), end)) > match.start():  # a word follows it
            end = cut
            key = normal.account(text[match.start() : end])
        yield match.start(), end, key


def addresses(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Addresses: by postcode and house number where both stand, else by street, number and place."""
    for match in POSTAL.finditer(text):
        code = normal.postcode(match[1])
        if code and match[2]:
            yield match.start(), match.end(), f"{code} {normal.house(match[2], match[3])}"
    for match in STREET.finditer(text):
        number, code = normal.house(match[2], match[3]), normal.postcode(match[4] or "")
        place = normal.fold(match[5] or "")
        key = f"{code} {number}" if code else f"{normal.street(match[1])} {number} {place}".strip()
        yield match.start(), match.end(), key


def firms(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Firms by a name with its legal form."""
    for match in FIRM.finditer(text):
        yield match.start(), match.end(), normal.firm(match[1])


def chambers(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Numbers in the register of the Chamber of Commerce."""
    for match in CHAMBER.finditer(text):
        yield match.start(1), match.end(1), match[1]


def emails(text: str) -> Iterator[tuple[int, int, str | None]]:
    """E-mail addresses."""
    for match in EMAIL.finditer(text):
        yield match.start(), match.end(), match[0].casefold()


def sites(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Hosts of web addresses."""
    for match in SITE.finditer(text):
        yield match.start(), match.end(), match[1].casefold()


def handles(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Accounts on a platform."""
    for match in HANDLE.finditer(text):
        platform = match[1].casefold()
        yield match.start(2), match.end(2), f"{PLATFORMS.get(platform, platform)}:{match[2].casefold().rstrip('.')}"


SEARCHES: tuple[tuple[EntityKind, Search], ...] = (
    (EntityKind.IBAN, accounts),
    (EntityKind.EMAIL, emails),
    (EntityKind.SITE, sites),
    (EntityKind.CHAMBER, chambers),
    (EntityKind.HANDLE, handles),
    (EntityKind.PLATE, plates),
    (EntityKind.ADDRESS, addresses),
    (EntityKind.PHONE, phones),
    (EntityKind.FIRM, firms),
)


def find_entities(text: str) -> tuple[Entity, ...]:
    """Find all that the text names, in the order of the text; where two overlap, the surer kind stays.

    A citizen service number (BSN) is none of the kinds: it is never turned into a key.
    """
    found: list[Entity] = []
    taken = bytearray(len(text))
    for kind, search in SEARCHES:
        for start, end, key in search(text):
            if key is not None and 1 not in taken[start:end]:
                taken[start:end] = b"\x01" * (end - start)
                found.append(Entity(Span(start, end), kind, key, text[start:end]))
    return tuple(sorted(found))
