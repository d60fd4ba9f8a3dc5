"""The folding and word check that every peer per document needs: lower case, no accents, single spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

import pyarrow as pa

Match = tuple[int, int, int]
"""(term, start, end) in characters of the folded text."""
MARKS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Fold a text; its length may change."""
    text = text.lower()
    if not text.isascii():
        text = MARKS.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(text.split())


@lru_cache(maxsize=4_096)
def fold_char(char: str) -> str:
    """Fold one character."""
    return MARKS.sub("", unicodedata.normalize("NFKD", char.lower()))


def places(text: str) -> list[int]:
    """Place in the original of every character of the folded text, and the length of the original at the end."""
    found: list[int] = []
    spaced = True
    for place, char in enumerate(text):
        for part in fold_char(char):
            if part.isspace():
                if not spaced:
                    found.append(place)
                spaced = True
            else:
                found.append(place)
                spaced = False
    return [*found, len(text)]


def whole_words(folded: str, matches: Iterable[Match]) -> list[Match]:
    """Keep the matches that no letter, digit or _ touches."""
    return [match for match in matches if not _inside(folded, match[1]) and not _inside(folded, match[2])]


def _inside(folded: str, place: int) -> bool:
    """A place is inside a word if, and only if, word characters stand on both sides of it."""
    return 0 < place < len(folded) and _is_word(folded[place - 1]) and _is_word(folded[place])


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def per_document(find: Callable[[str], Iterable[Match]]) -> Callable[[pa.Array], list[tuple[int, int, int, int]]]:
    """Make the whole job of a search on one folded text: fold each text, search, give spans in the original."""

    def job(texts: pa.Array) -> list[tuple[int, int, int, int]]:
        found = []
        for row, text in enumerate(texts.to_pylist()):
            matches = find(fold(text))
            if matches:
                origin = places(text)
                found += [(row, term, origin[start], origin[end - 1] + 1) for term, start, end in matches]
        return found

    return job
