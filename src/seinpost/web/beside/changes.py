"""What changed between two texts, as pieces that follow each other: the same, taken out, put in. Pure.

Whole sentences are matched first and words only inside what differs, so that one long text with one word corrected is
read as that, and no text makes a page wait: what is too long to be matched is shown as taken out and put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from seinpost.report.distress import Fold
from seinpost.report.passages import visible
from seinpost.report.view import Names
from seinpost.web.reading import Piece, Stretch, about

SENTENCE = re.compile(r".*?(?:[.!?;](?=\s)|\n|$)\s*", re.DOTALL)
WORD = re.compile(r"\w+|\s+|[^\w\s]")
MOST_SENTENCES, MOST_WORDS = 2_000, 2_000
SCRAP = 4  # letters and digits: fewer of them that stay between two changes are no place to rest one's eyes
SAME, OUT, IN = "", "del", "ins"


@dataclass(frozen=True, slots=True)
class Change:
    """Adjacent characters of one fate: `old` and `new` are where they stand in each text, empty where they do not."""

    kind: str
    old: tuple[int, int]
    new: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Some adjacent characters of a text."""

    text: str
    start: int
    end: int

    @property
    def at(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Tally:
    """How many places differ, and how many words were taken out and put in there."""

    places: int
    words_out: int
    words_in: int


def changes(old: str, new: str) -> tuple[Change, ...]:
    """What happened to every character of both texts, in the order of reading; what was taken out stands first."""
    found: list[Change] = []
    for kind, here, there in compared(Part(old, 0, len(old)), Part(new, 0, len(new)), SENTENCE, MOST_SENTENCES):
        inner = [(kind, here, there)] if kind == SAME else compared(here, there, WORD, MOST_WORDS)
        for fate, left, right in inner:
            if fate == SAME:
                found.append(Change(SAME, left.at, right.at))
                continue
            if left.start < left.end:
                found.append(Change(OUT, left.at, (right.start, right.start)))
            if right.start < right.end:
                found.append(Change(IN, (left.end, left.end), right.at))
    return tuple(found)


def compared(here: Part, there: Part, unit: re.Pattern[str], most: int) -> Iterator[tuple[str, Part, Part]]:
    """Two parts in pieces that are the same or differ, in units; of more than `most` only start and end are matched."""
    left, right = edges(here, unit), edges(there, unit)
    ours, theirs = words(here.text, left), words(there.text, right)
    rest = min(len(ours), len(theirs))
    first = next((n for n in range(rest) if ours[n] != theirs[n]), rest)
    rest -= first
    last = next((n for n in range(rest) if ours[-1 - n] != theirs[-1 - n]), rest)
    end, stop = len(ours) - last, len(theirs) - last
    blocks = [(SAME, 0, first, 0, first)]
    if max(end, stop) - first <= most:
        blocks += joined(ours[first:end], theirs[first:stop], first)
    else:
        blocks.append((OUT, first, end, first, stop))
    blocks.append((SAME, end, len(ours), stop, len(theirs)))
    for kind, a, b, c, d in blocks:
        if a < b or c < d:
            yield kind, Part(here.text, left[a], left[b]), Part(there.text, right[c], right[d])


def joined(ours: Sequence[str], theirs: Sequence[str], first: int) -> Iterator[tuple[str, int, int, int, int]]:
    """The places where units differ or not; a scrap between two that differ goes with them, or it reads as confetti.

    Which units occur often is left to difflib: they start no match, so no text takes long.
    """
    codes = SequenceMatcher(None, ours, theirs).get_opcodes()
    kinds = [SAME if tag == "equal" else OUT for tag, *_places in codes]
    for n, (_tag, a, b, _c, _d) in enumerate(codes):
        if 0 < n < len(codes) - 1 and sum(map(str.isalnum, "".join(ours[a:b]))) < SCRAP:
            kinds[n] = OUT
    for kind, group in groupby(zip(kinds, codes, strict=True), key=lambda pair: pair[0]):
        run = [code for _kind, code in group]
        yield kind, first + run[0][1], first + run[-1][2], first + run[0][3], first + run[-1][4]


def edges(part: Part, unit: re.Pattern[str]) -> list[int]:
    """Where the units of a part begin, and where the last ends."""
    starts = [one.start() for one in unit.finditer(part.text, part.start, part.end) if one.end() > one.start()]
    return [*starts, part.end] if starts else [part.start]


def words(text: str, at: Sequence[int]) -> list[str]:
    """The units themselves."""
    return [text[start:end] for start, end in pairwise(at)]


def tally(old: str, new: str, found: Sequence[Change]) -> Tally:
    """The changes counted."""
    places = sum(same is False for same, _group in groupby(found, key=lambda one: one.kind == SAME))
    count = re.compile(r"\w+")
    return Tally(
        places,
        sum(len(count.findall(old[slice(*one.old)])) for one in found if one.kind == OUT),
        sum(len(count.findall(new[slice(*one.new)])) for one in found if one.kind == IN),
    )


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with what of it is folded for its reader."""

    text: str
    folds: Sequence[Fold] = ()


def changed(old: Folded, new: Folded, names: Names, language: str) -> tuple[tuple[Stretch, ...], Tally]:
    """Both texts in one, with what changed, and that counted; what is folded in either stays folded."""
    found = changes(old.text, new.text)
    pieces = [one for change in found for one in cut(change, old, new)]
    read = tuple(
        Stretch(tuple(piece for _codes, piece in group), about(Fold(0, 0, codes), names, language) if codes else "")
        for codes, group in groupby(pieces, key=lambda pair: pair[0])
    )
    return read, tally(old.text, new.text, found)


def cut(change: Change, old: Folded, new: Folded) -> Iterator[tuple[tuple[str, ...], Piece]]:
    """A change in pieces that lie inside one fold or outside all, each with what it is folded for."""
    text, (start, end) = (old.text, change.old) if change.kind == OUT else (new.text, change.new)
    sides = [(old, start - change.old[0])] if change.kind != IN else []
    sides += [(new, 0)] if change.kind != OUT else []
    spans = [Fold(f.start + shift, f.end + shift, f.codes) for side, shift in sides for f in side.folds]
    at = sorted({start, end, *(edge for one in spans for edge in (one.start, one.end) if start < edge < end)})
    for first, last in pairwise(at):
        codes = dict.fromkeys(code for one in spans if one.start <= first < one.end for code in one.codes)
        yield tuple(codes), Piece(visible(text[first:last]), change.kind)
