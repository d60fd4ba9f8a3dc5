"""A frozen pack: Dutch knowledge as data, ready for the scan and the score.

Built by `seinpost.packs.load_pack`; nothing here reads a file. All tuples keep the order of the pack's files, which is
sorted by id, so the same pack gives the same indexes everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from seinpost.packs.language import Pattern
from seinpost.types import Context, Dimension, Form, Layer, Strength


@dataclass(frozen=True, slots=True)
class Source:
    """Where knowledge comes from, and how sure that is (pack field `confidence`: hoog, middel, laag)."""

    id: str
    what: str
    url: str | None
    confidence: str


@dataclass(frozen=True, slots=True)
class PatternRule:
    """One pattern of one indicator. `id` is "CODE/xxxxxx": the first six hex digits of SHA-256 of its text."""

    id: str
    indicator: int  # index into Pack.indicators
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to look for, with what an explanation needs."""

    code: str
    family: str
    name_nl: str
    name_en: str
    why_nl: str  # one plain B1 clause for the sentence that says why
    why_en: str
    forms: tuple[Form, ...]  # all eight where the pack says ALLE
    element: tuple[str, ...]
    sr273f: str
    dimension: Dimension
    strength: Strength
    child_strength: Strength | None  # strength when a minor is concerned; None: the same
    distressing: bool  # a page folds the sentence until its reader opens it; changes no result
    basis: str
    sources: tuple[str, ...]
    false_positives: tuple[str, ...]
    unless: tuple[Pattern, ...]  # same sentence: the hit has another meaning
    examples_hit: tuple[str, ...]
    examples_miss: tuple[str, ...]

    @property
    def aside(self) -> bool:
        """Whether it only tells pages what to fold: a distressing one that never scores is in no result of a scan."""
        return self.distressing and self.strength is Strength.CONTEXT


@dataclass(frozen=True, slots=True)
class CueScope:
    """How far negation reaches, in tokens before (bare words: before_bare) and after the hit."""

    before: int
    before_bare: int
    after: int


@dataclass(frozen=True, slots=True)
class Cues:
    """The words that turn a hit: patterns per role. Meaning: docs/reference/pattern-language.md, "Context"."""

    scope: CueScope
    negation_before: tuple[Pattern, ...]
    negation_bare: tuple[Pattern, ...]
    negation_after: tuple[Pattern, ...]
    pseudo: tuple[Pattern, ...]
    terminators: frozenset[str]  # single folded tokens; a comma always ends a scope
    template: tuple[Pattern, ...]
    excluded_by_officer: tuple[Pattern, ...]
    hypothetical: tuple[Pattern, ...]
    historical: tuple[Pattern, ...]
    other_person: tuple[Pattern, ...]
    denied_by_person: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Indicators that together say more. Every member of `all_of` is a set of codes of which one must be present."""

    id: str
    name_nl: str
    name_en: str
    all_of: tuple[frozenset[str], ...]
    weight: float
    layer: Layer  # the registration comes at least here
    basis: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """Every number of the score, dated. Their meaning stands in docs/reference/score.md.

    `strength_weight` names all four strengths (context: 0), `context_factor` all nine contexts (0-1, affirmed: 1);
    a layer without `layer_minimum` is reached by the rules alone. `standing_factor` is the context factor from which a
    hit counts for layers, dimensions and combinations (0.5: historical, another person and denied still do, one grade
    lower). nl: minor_indicators AFH-06 and those that name a child themselves (SEK-02, ARB-07, HUI-03 ...),
    statement_indicators MEL-03, known_indicators MEL-04, undamped_by the second half of rule G17 (SCH-04, DOC-01,
    BEW-02, BEW-04, SEK-06): where one of those stands, "denied by the person" takes nothing away.
    """

    dated: date
    strength_weight: dict[Strength, float]
    context_factor: dict[Context, float]
    layer_minimum: dict[Layer, float]  # total from which a registration comes at least in this layer
    resemblance_weight: float  # per unit of log-odds above resemblance_layer_d
    resemblance_layer_c: float  # resemblance (0-1) that alone brings a registration to layer C
    resemblance_layer_d: float
    dimension_weight: float  # added once per positive ILO dimension
    standing_factor: float
    minor_indicators: frozenset[str]  # affirmed: a minor is concerned, so child_strength counts
    statement_indicators: frozenset[str]  # the person's own statement: with another strong fact it makes layer A
    known_indicators: frozenset[str]  # already in the chain: marks, does not score
    undamped_by: frozenset[str]  # indicators that make a denial by the person say nothing


@dataclass(frozen=True, slots=True)
class ExampleRegistration:
    """A whole example registration with the signal or the silence it must give."""

    id: str
    text: str
    form: Form | None  # None: any form, or no signal at all
    why: str  # a signal: behind which other incident it hides; silence: why it is none
    signal: bool  # True: must reach a person (layers A-C); False: must not


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole checked pack; `digest` is SHA-256 over its canonical content. Every result names id, version, digest."""

    id: str
    version: str
    dated: date
    language: str
    digest: str
    sources: tuple[Source, ...]
    indicators: tuple[Indicator, ...]
    patterns: tuple[PatternRule, ...]
    cues: Cues
    abbreviations: frozenset[str]  # folded tokens after which a full stop does not end a sentence
    combinations: tuple[Combination, ...]
    scoring: Scoring
    registrations: tuple[ExampleRegistration, ...]
    trait_words: tuple[str, ...]  # never a feature, never a score: nationality, religion, status, sex work, social
    frequency: Mapping[str, int] = field(default_factory=dict)  # folded word counts; speed only, so not in the digest
