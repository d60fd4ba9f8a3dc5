"""Why one registration is flagged, or why it is not: everything the score knows of one text, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from seinpost.score.missing import Missing, missing, standing_of
from seinpost.score.resemblance import (
    Raised,
    Resemblance,
    SituationName,
    WordWeight,
    named_situation,
    strongest_per_row,
)
from seinpost.score.scorer import Scorer
from seinpost.score.sentences import CAUSE_SENTENCES, CONTEXT_NAMES, LAYER_NAMES
from seinpost.score.tables import Batch, TableBuilder
from seinpost.types import Context, HitColumns, Layer


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """One hit with its names; `counts` is False where its context or a better hit keeps it from adding anything."""

    indicator: str
    pattern: str
    start: int
    end: int
    quote: str
    context: str
    context_nl: str
    context_en: str
    name_nl: str
    name_en: str
    counts: bool


@dataclass(frozen=True, slots=True)
class ExplainedContribution:
    """One addend of the score; the words it rests on are None where it rests on none."""

    rule: str
    kind: str
    weight: float
    context: str | None
    start: int | None
    end: int | None
    quote: str | None
    sentence_nl: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """The sentence that most resembles a known situation, and the near miss that held it back, if one did.

    `words` are those that weigh most for or against, the heaviest first; empty where nobody looked them up.
    """

    value: float
    situation: str | None
    why_nl: str | None
    start: int
    end: int
    quote: str
    damped_by: str | None
    damped_why_nl: str | None
    words: tuple[WordWeight, ...] = ()


@dataclass(frozen=True, slots=True)
class RaisedLikeness(Likeness):
    """A likeness beside which a third reader stood.

    `alone` is the value of the second eye, of which `words` tell; `log_odds` what the third reader added to its
    log-odds, of which no words can tell: it is of the piece `read_start` to `read_end` as a whole. `nearest` is the
    situation nearest to that. `was_read` False: the second eye was sure, and the third reader did not read.
    """

    alone: float = 0.0
    log_odds: float = 0.0
    nearest: str | None = None
    nearest_why_nl: str | None = None
    was_read: bool = False
    read_start: int = 0
    read_end: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text is, or is not, flagged. `layer` is "-" when it is not; `likeness` None: the eye did not speak."""

    registration_id: str
    text: str
    layer: str
    layer_nl: str
    layer_en: str
    score: float
    cause: str
    cause_nl: str
    cause_en: str
    reason_nl: str
    reason_en: str
    forms: tuple[str, ...]
    indicators: tuple[str, ...]
    dimensions: tuple[str, ...]
    positive_dimensions: tuple[str, ...]
    elements: tuple[str, ...]
    minor: bool
    already_known: bool
    hits: tuple[ExplainedHit, ...]
    contributions: tuple[ExplainedContribution, ...]
    likeness: Likeness | None
    missing: tuple[Missing, ...]
    pack_id: str
    pack_version: str
    pack_digest: str


MOST_WORDS = 8
NOT_FLAGGED = ("Niet aangemerkt.", "Not flagged.")
EMPTY: dict[str, object] = {
    "layer": "-",
    "score": 0.0,
    "cause": "none",
    "forms": (),
    "indicators": (),
    "dimensions": (),
    "positive_dimensions": (),
    "elements": (),
    "minor": False,
    "already_known": False,
}


def explain(
    builder: TableBuilder,
    text: str,
    hits: HitColumns,
    resemblance: Resemblance | None = None,
    registration_id: str = "-",
    *,
    words: tuple[WordWeight, ...] = (),
) -> Explanation:
    """Explain one text from its hits and resemblance (both with row 0 only), flagged or not; `words`: what weighs."""
    scorer = builder.scorer
    scores = scorer.score(hits, 1, resemblance, keep_all=True)
    batch = Batch(pa.array([registration_id]), pa.array([text], pa.large_string()), "-", np.zeros(1, dtype=np.int64))
    tables = builder.build(hits, scores, batch, resemblance)
    signal = tables.signals.to_pylist()[0] if len(scores) else EMPTY
    rows, names = tables.contributions.to_pylist(), ExplainedContribution.__slots__
    contributions = tuple(ExplainedContribution(**{name: row[name] for name in names}) for row in rows)
    layer = str(signal["layer"])
    layer_nl, layer_en = LAYER_NAMES[Layer.NONE if layer == "-" else Layer[layer]]
    cause_nl, cause_en = CAUSE_SENTENCES[str(signal["cause"])]
    likeness = likeness_of(text, resemblance, scorer, words)
    standing = standing_of(scorer, scores, None if resemblance is None else likeness.value if likeness else 0.0)
    return Explanation(
        registration_id=registration_id,
        text=text,
        layer=layer,
        layer_nl=layer_nl,
        layer_en=layer_en,
        score=float(str(signal["score"])),
        cause=str(signal["cause"]),
        cause_nl=cause_nl,
        cause_en=cause_en,
        reason_nl=str(signal["reason_nl"]) if layer != "-" else NOT_FLAGGED[0],
        reason_en=str(signal["reason_en"]) if layer != "-" else NOT_FLAGGED[1],
        forms=strings(signal["forms"]),
        indicators=strings(signal["indicators"]),
        dimensions=strings(signal["dimensions"]),
        positive_dimensions=strings(signal["positive_dimensions"]),
        elements=strings(signal["elements"]),
        minor=bool(signal["minor"]),
        already_known=bool(signal["already_known"]),
        hits=explained_hits(builder, tables.hits, contributions),
        contributions=contributions,
        likeness=likeness,
        missing=missing(scorer, standing, hits),
        pack_id=scorer.pack.id,
        pack_version=scorer.pack.version,
        pack_digest=scorer.pack.digest,
    )


def strings(value: object) -> tuple[str, ...]:
    """A list column's cell as a tuple."""
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def explained_hits(
    builder: TableBuilder, hits: pa.Table, contributions: tuple[ExplainedContribution, ...]
) -> tuple[ExplainedHit, ...]:
    """The hits with the names of their indicators and contexts."""
    indicators = {indicator.code: indicator for indicator in builder.scorer.pack.indicators}
    net: dict[tuple[str, int | None, int | None], float] = {}
    for addend in contributions:
        key = (addend.rule, addend.start, addend.end)
        net[key] = net.get(key, 0.0) + addend.weight
    found = []
    for row in hits.to_pylist():
        indicator = indicators[row["indicator"]]
        context_nl, context_en = CONTEXT_NAMES[Context[row["context"].upper()]]
        found.append(
            ExplainedHit(
                indicator=indicator.code,
                pattern=row["pattern"],
                start=row["start"],
                end=row["end"],
                quote=row["quote"],
                context=row["context"],
                context_nl=context_nl,
                context_en=context_en,
                name_nl=indicator.name_nl,
                name_en=indicator.name_en,
                counts=net.get((indicator.code, row["start"], row["end"]), 0.0) > 0,
            )
        )
    return tuple(found)


def likeness_of(
    text: str,
    resemblance: Resemblance | None,
    scorer: Scorer,
    words: tuple[WordWeight, ...] = (),
) -> Likeness | None:
    """The strongest sentence of the text, with the names of its situation and near miss, and of the third reader's."""
    if resemblance is None or not len(resemblance):
        return None
    at = int(strongest_per_row(resemblance)[0])
    situations, raised = scorer.situations, resemblance.raised
    known = int(named_situation(resemblance, scorer.pack.scoring.resemblance_layer_d)[at])
    near = int(resemblance.damped_by[at])
    start, end = int(resemblance.start[at]), int(resemblance.end[at])
    found = Likeness(
        value=float(resemblance.value[at]),
        situation=situations[known].id if known >= 0 else None,
        why_nl=situations[known].why_nl if known >= 0 else None,
        start=start,
        end=end,
        quote=text[start:end],
        damped_by=situations[near].id if near >= 0 else None,
        damped_why_nl=situations[near].why_nl if near >= 0 else None,
        words=words[:MOST_WORDS],
    )
    return found if raised is None else with_raise(found, raised, at, situations)


def with_raise(found: Likeness, raised: Raised, at: int, situations: tuple[SituationName, ...]) -> RaisedLikeness:
    """A likeness with what the third reader did to it."""
    by = int(raised.situation[at]) if raised.log_odds[at] > 0 else -1
    return RaisedLikeness(
        **{name: getattr(found, name) for name in Likeness.__slots__},
        alone=float(raised.alone[at]),
        log_odds=float(raised.log_odds[at]),
        nearest=situations[by].id if by >= 0 else None,
        nearest_why_nl=situations[by].why_nl if by >= 0 else None,
        was_read=bool(raised.was_read[at]),
        read_start=int(raised.start[at]),
        read_end=int(raised.end[at]),
    )
