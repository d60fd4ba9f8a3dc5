"""A registration as a page shows it: the text in pieces with its marks, and the reasons as bars that add up.

Both come from the explanation that was frozen when the registration was filed, so that a page shows what the reader of
that day saw, whatever the pack says now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from seinpost.report.distress import Fold, tells
from seinpost.report.passages import Passage, passages
from seinpost.report.view import Bar, Mark, Names, SignalView

MOST = 20_000  # characters shown at once; a longer text is shortened around its marks
BARS = 100  # width of the drawing of a bar
LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Piece:
    """Adjacent characters with the same marks. `sign` and `anchor` stand on the piece where a mark ends and begins."""

    text: str
    kind: str = ""  # evidence, counter, likeness, same; where texts are compared del or ins; empty: no mark
    title: str = ""
    sign: str = ""
    anchor: str = ""
    gap: bool = False

    @property
    def marks(self) -> bool:
        """Whether anything is said about these words."""
        return self.kind != ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces that follow each other; `about` says what kind of passage is folded here, empty for open text."""

    pieces: tuple[Piece, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One contribution: what it says, its words, its weight, and where its bar stands in the sum, 0-100.

    `folded`: its words stand in a folded passage, and not here.
    """

    sentence: str
    quote: str
    weight: float
    start: float
    width: float
    shows: str  # anchors of the marks it rests on
    folded: bool = False

    @property
    def weight_text(self) -> str:
        """The weight with its sign, as it is read in Dutch and English pages alike: +1.5 or −0.5."""
        return f"{self.weight:+.2f}".rstrip("0").rstrip(".").replace("-", "−")

    @property
    def from_text(self) -> str:
        """Where the bar begins, as an SVG attribute."""
        return f"{self.start:.1f}"

    @property
    def width_text(self) -> str:
        """How wide it is, as an SVG attribute."""
        return f"{self.width:.1f}"


def pieces(view: SignalView, names: Names, language: str) -> list[Piece]:
    """Cut the text at its marks; marks are numbered in the order of the text."""
    return [one for stretch in stretches(view.text, view.marks, (), names, language) for one in stretch.pieces]


def stretches(
    text: str,
    marks: Sequence[Mark],
    folded: Sequence[Fold],
    names: Names,
    language: str,
    *,
    numbers: Mapping[str, int] | None = None,
) -> tuple[Stretch, ...]:
    """A text in its pieces, those of each folded passage together.

    Marks are numbered in the order of the text, or by their code where `numbers` says so.
    """
    order = {mark: number for number, mark in enumerate(sorted(set(marks), key=place), start=1)}
    if numbers is not None:
        order = {mark: numbers[mark.code] for mark in order}
    begun: set[Mark] = set()
    cut = passages(text, marks, MOST if marks else len(text), [edge for one in folded for edge in (one.start, one.end)])
    made = [(within(one, folded), piece(one, order, begun, names, LANGUAGES.index(language))) for one in cut]
    return tuple(
        Stretch(tuple(one for _fold, one in group), about(fold, names, language) if fold else "")
        for fold, group in groupby(made, key=lambda pair: pair[0])
    )


def within(passage: Passage, folded: Sequence[Fold]) -> Fold | None:
    """The fold that a passage stands in; what is left out of a long text stands in none."""
    return None if passage.gap else next((one for one in folded if one.start <= passage.start < one.end), None)


def about(fold: Fold, names: Names, language: str) -> str:
    """What kind of passage it is: the names of its indicators."""
    return "; ".join(names["indicator"].get(code, (code, code))[LANGUAGES.index(language)] for code in fold.codes)


def sheltered(found: Sequence[Reason], text: str, folded: Sequence[Fold]) -> list[Reason]:
    """The reasons without the words of what is folded."""
    words = [text[one.start : one.end] for one in folded]
    return [replace(r, quote="", folded=True) if tells(r.quote, words) else r for r in found]


def piece(passage: Passage, order: Mapping[Mark, int], begun: set[Mark], names: Names, language: int) -> Piece:
    """One passage with what its strongest mark says; `begun` are the marks whose anchor stands already."""
    if not passage.marks:
        return Piece(passage.text, gap=passage.gap)
    new = [mark for mark in passage.marks if mark not in begun]
    begun.update(new)
    strongest = min(passage.marks, key=lambda mark: (KINDS.index(mark.kind), order[mark]))
    return Piece(
        passage.text,
        kind=strongest.kind,
        title="; ".join(dict.fromkeys(title(mark, names, language) for mark in passage.marks)),
        sign=" ".join(str(order[mark]) for mark in passage.ending),
        anchor=f"m{order[new[0]]}" if new else "",
    )


KINDS = ("evidence", "likeness", "counter", "same")


def place(mark: Mark) -> tuple[int, int, str, str]:
    """Where a mark stands among the others."""
    return mark.start, mark.end, mark.kind, mark.code


def title(mark: Mark, names: Names, language: int) -> str:
    """What a mark says: the name of the indicator, and the context when it speaks against."""
    said = names["indicator"].get(mark.code, (mark.code, mark.code))[language]
    context = names["context"].get(mark.context)
    return f"{said} ({context[language]})" if mark.kind == "counter" and context else said


def reasons(view: SignalView, language: str) -> tuple[list[Reason], list[Reason]]:
    """What speaks for it and what against, in the order of the explanation, as bars of one sum."""
    anchors = anchors_by_code(view.marks)
    edges, total = [], 0.0
    for bar in view.bars:
        edges.append((total, total + bar.weight))
        total += bar.weight
    reach = max([abs(edge) for pair in edges for edge in pair], default=0.0) or 1.0
    found = [reason(bar, edge, reach, anchors, language) for bar, edge in zip(view.bars, edges, strict=True)]
    against = [r for r, bar in zip(found, view.bars, strict=True) if bar.kind == "counter" or bar.weight < 0]
    return [r for r in found if r not in against and r.weight > 0], against


def reason(bar: Bar, edge: tuple[float, float], reach: float, anchors: Mapping[str, str], language: str) -> Reason:
    """One bar; where a counterweight pulls the sum below nothing it is cut off at the left."""
    low, high = (max(0.0, part) / reach * BARS for part in sorted(edge))
    shows = anchors.get("likeness" if bar.kind == "resemblance" else bar.rule, "")
    sentence = bar.sentence_en if language == "en" else bar.sentence_nl
    return Reason(sentence, bar.quote or "", bar.weight, low, high - low, shows)


def anchors_by_code(marks: Sequence[Mark]) -> dict[str, str]:
    """The anchors of the marks of each indicator, and of the likeness."""
    found: dict[str, list[str]] = {}
    for number, mark in enumerate(sorted(set(marks), key=place), start=1):
        found.setdefault("likeness" if mark.kind == "likeness" else mark.code, []).append(f"m{number}")
    return {code: " ".join(names) for code, names in found.items()}
