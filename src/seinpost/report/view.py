"""What the reports show, as plain values: made from the result tables, so that a report repeats a run and adds nothing.

`Names` is `seinpost.score.sentences.names(pack)`: Dutch and English names, by what they name, then by code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

Names = Mapping[str, Mapping[str, tuple[str, str]]]
PEOPLE = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words to highlight; `kind` is evidence, counter (speaks against) or likeness; half-open characters."""

    start: int
    end: int
    kind: str
    code: str
    context: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One contribution: what it adds or takes, on which words, and what it says."""

    rule: str
    kind: str
    weight: float
    quote: str | None
    sentence_nl: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class Third:
    """What the third reader did to a resemblance: the value without it, what it added in log-odds, and the situation
    nearest to what it read; `was_read` False: the second eye was sure, and it did not read.
    """

    alone: float
    log_odds: float
    nearest: str | None
    was_read: bool


@dataclass(frozen=True, slots=True)
class SignalView:
    """One registration as a reader sees it; not flagged: `layer` "-". `missing`: (layer, nl, en) per way up."""

    registration_id: str
    rank: int | None
    layer: str
    score: float
    cause: str
    reason_nl: str
    reason_en: str
    forms: tuple[str, ...]
    indicators: tuple[str, ...]
    dimensions: tuple[str, ...]
    positive_dimensions: tuple[str, ...]
    elements: tuple[str, ...]
    minor: bool
    already_known: bool
    resembles: str | None
    resemblance: float | None
    text: str
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    source: str = ""
    row: int | None = None
    missing: tuple[tuple[str, str, str], ...] = ()
    words: tuple[tuple[str, float], ...] = ()  # what weighs most for the second eye, in log-odds
    third: Third | None = None  # None: no third reader, or nothing told of it


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The proof on top of a report: received = flagged + not flagged + failed. `made` is told, never taken."""

    received: int
    flagged: Mapping[str, int]  # by layer
    not_flagged: int
    failed: int
    sources: tuple[str, ...]
    pack_id: str
    pack_version: str
    pack_digest: str
    made: str

    @property
    def balanced(self) -> bool:
        """The sum holds."""
        return self.received == sum(self.flagged.values()) + self.not_flagged + self.failed


def signal_views(
    signals: pa.Table,
    hits: pa.Table,
    contributions: pa.Table,
    limit: int,
    layers: Sequence[str] = PEOPLE,
) -> tuple[list[SignalView], int]:
    """The first `limit` signals of the layers, in their order of rank, and how many more there were.

    `signals` needs the column `text` that the run adds; registrations are matched by source and row.
    """
    wanted = signals.filter(pc.is_in(signals["layer"], pa.array(list(layers))))
    if wanted["rank"].null_count == 0:
        wanted = wanted.sort_by("rank")
    shown = wanted.slice(0, limit)
    keys = {(row["source"], row["row"]) for row in shown.select(["source", "row"]).to_pylist()}
    hits_of, addends_of = grouped(hits, shown, keys), grouped(contributions, shown, keys)
    views = [
        signal_view(row, hits_of.get((row["source"], row["row"]), []), addends_of.get((row["source"], row["row"]), []))
        for row in shown.to_pylist()
    ]
    return views, len(wanted) - len(shown)


def grouped(
    table: pa.Table, shown: pa.Table, keys: set[tuple[str, int]]
) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """The rows of a table that belong to the shown registrations, by registration."""
    near = table.filter(pc.is_in(table["registration_id"], shown["registration_id"].combine_chunks()))
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {key: [] for key in keys}
    for row in near.to_pylist():
        if (row["source"], row["row"]) in groups:
            groups[row["source"], row["row"]].append(row)
    return groups


def signal_view(row: dict[str, Any], hits: list[dict[str, Any]], addends: list[dict[str, Any]]) -> SignalView:
    """One signal from its table rows."""
    fields = {name: row[name] for name in SignalView.__slots__ if name in row}
    for name in ("forms", "indicators", "dimensions", "positive_dimensions", "elements"):
        fields[name] = tuple(fields[name])
    marks = [Mark(h["start"], h["end"], mark_kind(h["context"]), h["indicator"], h["context"]) for h in hits]
    marks += [
        Mark(a["start"], a["end"], "likeness", row["resembles"] or a["rule"], "")
        for a in addends
        if a["kind"] == "resemblance" and a["start"] is not None
    ]
    return SignalView(**fields, marks=tuple(marks), bars=tuple(bar(a) for a in addends))


def mark_kind(context: str) -> str:
    """Evidence if, and only if, nothing speaks against the hit."""
    return "evidence" if context == "affirmed" else "counter"


def bar(addend: Mapping[str, Any]) -> Bar:
    """One contribution from its table row."""
    return Bar(**{name: addend[name] for name in Bar.__slots__})


class ExplanationLike(Protocol):
    """What `explained_view` needs of seinpost.score.explain.Explanation; the report may not import the score."""

    @property
    def hits(self) -> Sequence[Any]: ...

    @property
    def contributions(self) -> Sequence[Any]: ...

    @property
    def likeness(self) -> Any: ...

    @property
    def missing(self) -> Sequence[Any]: ...


COPIED: tuple[str, ...] = (
    *("registration_id", "layer", "score", "cause", "reason_nl", "reason_en", "forms", "indicators", "dimensions"),
    *("positive_dimensions", "elements", "minor", "already_known", "text"),
)


def explained_view(explanation: ExplanationLike) -> SignalView:
    """The view of one explanation, flagged or not."""
    likeness = explanation.likeness
    marks = [Mark(h.start, h.end, mark_kind(h.context), h.indicator, h.context) for h in explanation.hits]
    if likeness is not None and any(a.kind == "resemblance" for a in explanation.contributions):
        marks.append(Mark(likeness.start, likeness.end, "likeness", likeness.situation or "?", ""))
    return SignalView(
        **{name: getattr(explanation, name) for name in COPIED},
        rank=None,
        resembles=likeness.situation if likeness is not None else None,
        resemblance=likeness.value if likeness is not None else None,
        marks=tuple(marks),
        bars=tuple(Bar(**{name: getattr(a, name) for name in Bar.__slots__}) for a in explanation.contributions),
        missing=tuple((m.layer, m.nl, m.en) for m in explanation.missing),
        words=tuple((one.words, one.weight) for one in likeness.words) if likeness is not None else (),
        third=third_of(likeness),
    )


def third_of(likeness: Any) -> Third | None:
    """What a third reader did to the likeness of an explanation; None where there was none."""
    if not hasattr(likeness, "nearest"):
        return None
    return Third(**{name: getattr(likeness, name) for name in Third.__slots__})
