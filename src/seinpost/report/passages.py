"""A text cut into passages for highlighting: overlapping marks split cleanly, long texts shortened around the marks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from seinpost.report.view import Mark

AROUND = 220
MARKS_MAX = 200
# signs for C0 controls, nothing for carriage returns, a replacement sign for C1 controls and bidirectional overrides
CONTROLS: dict[int, int | None] = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
CONTROLS |= {13: None, 127: 0x2421}
CONTROLS |= dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
CONTROLS[0x85] = ord("\n")
ANY_CONTROL = re.compile(f"[{re.escape(''.join(map(chr, CONTROLS)))}]")


@dataclass(frozen=True, slots=True)
class Passage:
    """Adjacent characters with the same marks; `ending` are the marks that end here; a gap is text left out.

    `start` is where it begins in the text.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    ending: tuple[Mark, ...] = ()
    gap: bool = False
    start: int = 0


def passages(text: str, marks: Sequence[Mark], most: int, cuts: Sequence[int] = ()) -> list[Passage]:
    """Cut `text` at the edges of the marks; longer than `most` characters: its start and its first 200 marks stay.

    `cuts` are further places to cut at.
    """
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)][:MARKS_MAX]
    found: list[Passage] = []
    shown = windows(len(text), inside, most)
    for start, end in shown:
        if found or start > 0:
            found.append(Passage("", gap=True, start=start))
        here = [mark for mark in inside if start <= mark.start and mark.end <= end]
        marked = {edge for mark in here for edge in (mark.start, mark.end)}
        edges = sorted({start, end, *marked, *(cut for cut in cuts if start < cut < end)})
        for first, last in itertools.pairwise(edges):
            over = tuple(dict.fromkeys(m for m in here if m.start <= first and last <= m.end))
            ending = tuple(m for m in over if m.end == last)
            found.append(Passage(visible(text[first:last]), over, ending, start=first))
        if end < len(text) and (start, end) == shown[-1]:
            found.append(Passage("", gap=True, start=end))
    return found


def windows(length: int, marks: Sequence[Mark], most: int) -> list[tuple[int, int]]:
    """The parts of the text to show, in order, not touching."""
    if length <= most:
        return [(0, length)]
    wanted = sorted([(0, AROUND), *((max(0, m.start - AROUND), min(length, m.end + AROUND)) for m in marks)])
    joined: list[tuple[int, int]] = []
    for start, end in wanted:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def visible(text: str) -> str:
    """Show control characters as their signs, so that no page or terminal acts on them."""
    return text.translate(CONTROLS) if ANY_CONTROL.search(text) else text  # most have none, and looking is faster
