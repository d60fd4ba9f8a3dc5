"""Which sentences of a text hold a distressing passage, so that a page can fold them until its reader opens them. Pure.

Sentences are those of the scanner (docs/reference/pattern-language.md, section 2), read here without its tables: only
the few around a hit are asked for.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seinpost.packs.words import fold
from seinpost.report.view import Mark

OTHER_MEANING = "other_meaning"
"""The one context in which the words are not about what the indicator names; denied or ruled out they read the same."""
ASIDE = "aside"
"""Kept as the context of hits that only fold: no result of the scan has them, and no page marks them."""
STOP = re.compile(r"[!?;.](?=\s)")
LINE_ENDS = re.compile(r"(?:\r\n|[\n\r\u2028\u2029\x85])(\s*)")
LAST_WORD = re.compile(r"[\w'’]{1,40}$")
LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Distress:
    """What is folded for a reader: the indicators, and the abbreviations of their pack after which a sentence goes on.

    Without codes nothing is folded.
    """

    codes: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()


NOTHING = Distress()


@dataclass(frozen=True, slots=True, order=True)
class Fold:
    """Sentences that follow each other, half-open characters, and the indicators they are folded for."""

    start: int
    end: int
    codes: tuple[str, ...]


def distressing(marks: Iterable[Mark], distress: Distress) -> tuple[Mark, ...]:
    """The marks of distressing indicators; a likeness is never one: it names a situation, not words."""
    return tuple(m for m in marks if m.code in distress.codes and m.kind != "likeness" and m.context != OTHER_MEANING)


def folds(text: str, marks: Iterable[Mark], distress: Distress) -> tuple[Fold, ...]:
    """The sentences that hold a distressing mark, in order; neighbours with only white space between are one."""
    found = distressing(marks, distress)
    if not found:
        return ()
    edges = [0, *sorted(breaks(text, distress.abbreviations)), len(text)]
    spans = [
        Fold(edges[bisect_right(edges, m.start) - 1], edges[bisect_left(edges, m.end)], (m.code,))
        for m in found
        if 0 <= m.start < m.end <= len(text)
    ]
    joined: list[Fold] = []
    for span in sorted(trimmed(text, span) for span in spans):
        if joined and not text[joined[-1].end : span.start].strip():
            last = joined.pop()
            span = Fold(last.start, max(last.end, span.end), tuple(dict.fromkeys((*last.codes, *span.codes))))
        joined.append(span)
    return tuple(joined)


def folds_in(
    text: str, first: str, marks: Iterable[Mark], distress: Distress, own: Iterable[Mark] = ()
) -> tuple[Fold, ...]:
    """The folds of a version of a text, of which `marks` are those of the `first` and `own` those of itself."""
    return folds(text, [*marks, *own], distress) if text == first else folds_again(text, first, marks, distress, own)


def folds_again(
    text: str, first: str, marks: Iterable[Mark], distress: Distress, own: Iterable[Mark] = ()
) -> tuple[Fold, ...]:
    """The folds of a later version of a text: around its `own` marks, and where words marked in `first` stand again."""
    again = [
        Mark(found.start(), found.end(), mark.kind, mark.code, mark.context)
        for mark in distressing(marks, distress)
        if (words := first[mark.start : mark.end].split())
        for found in re.finditer(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE)
    ]
    return folds(text, [*again, *own], distress)


def trimmed(text: str, span: Fold) -> Fold:
    """The same without white space at its ends."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Fold(start, max(start, span.start + len(words.rstrip())), span.codes)


def breaks(text: str, abbreviations: frozenset[str]) -> Iterator[int]:
    """Where sentences end: behind their mark, or where a line ends."""
    for found in STOP.finditer(text):
        if found[0] != "." or not goes_on(text[: found.start()][-40:], abbreviations):
            yield found.end()
    for found in LINE_ENDS.finditer(text):
        after = text[found.end() : found.end() + 1]
        if found[1].strip(" \t") or (after and unicodedata.category(after) != "Ll"):
            yield found.start()


def goes_on(before: str, abbreviations: frozenset[str]) -> bool:
    """Whether a full stop after these words ends no sentence: an abbreviation, or an initial."""
    last = LAST_WORD.search(before)
    word = fold(last[0]) if last else ""
    return word in abbreviations or (len(word) == 1 and word.isalpha())


def outside(text: str, found: Sequence[Fold]) -> str:
    """The text with each fold left out."""
    for span in reversed(found):
        text = text[: span.start] + LEFT_OUT + text[span.end :]
    return text


def tells(words: str, folded: Iterable[str]) -> bool:
    """Whether words say something of what is folded: they stand in it, or it stands in them."""
    said = plain(words)
    return bool(said) and any(said in one or one in said for one in map(plain, folded) if one)


def plain(words: str) -> str:
    """Words as they are compared: small, with single spaces."""
    return " ".join(words.split()).casefold()
