"""What was missing for a higher layer: one plain line per way up, the nearest ways only."""

from __future__ import annotations

from dataclasses import dataclass

from seinpost.packs.pack import Combination, Indicator
from seinpost.score.columns import ScoreColumns
from seinpost.score.passes.rules import ILO_DIMENSIONS
from seinpost.score.scorer import Scorer
from seinpost.score.sentences import CONTEXT_NAMES, DIMENSION_NAMES, MISSING_FRAMES, MORE
from seinpost.types import Context, Dimension, HitColumns, Layer

STRONG, MEDIUM, WEAK = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Missing:
    """One way to `layer` that the registration does not have."""

    layer: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing indicators of one registration with their grades; `resemblance` None: the eye did not read."""

    indicators: tuple[Indicator, ...]
    grades: tuple[int, ...]
    layer: Layer
    score: float
    resemblance: float | None

    def count(self, grade: int, dimension: Dimension | None = None) -> int:
        """How many stand with a grade, in all or in one dimension."""
        pairs = zip(self.indicators, self.grades, strict=True)
        return sum(g == grade and dimension in (None, i.dimension) for i, g in pairs)

    @property
    def codes(self) -> frozenset[str]:
        """Codes of the standing indicators."""
        return frozenset(indicator.code for indicator in self.indicators)


def standing_of(scorer: Scorer, scores: ScoreColumns, resemblance: float | None) -> Standing:
    """The standing indicators of the only entry of `scores`; without an entry: none."""
    if not len(scores):
        return Standing((), (), Layer.NONE, 0.0, resemblance)
    return Standing(
        tuple(scorer.pack.indicators[i] for i in scores.standing),
        tuple(int(grade) for grade in scores.grade),
        Layer(int(scores.layer[0])),
        float(scores.score[0]),
        resemblance,
    )


def line(layer: Layer, key: str, **values: object) -> Missing:
    """One line from the table of sentences."""
    nl, en = MISSING_FRAMES[key]
    return Missing(layer.name, nl.format(**values), en.format(**values))


def missing(scorer: Scorer, standing: Standing, hits: HitColumns) -> tuple[Missing, ...]:
    """The nearest ways to the next layer that reads more; for a registration not flagged, to D and to C."""
    if standing.layer is Layer.A:
        return ()
    if standing.layer is Layer.B:
        return to_a(scorer, standing)
    if standing.layer is Layer.C:
        return to_b(scorer, standing)
    lines = to_c(scorer, standing)
    if standing.layer is Layer.NONE:
        lines = (*damped(scorer, standing, hits), line(Layer.D, "medium"), *lines)
    return lines


def damped(scorer: Scorer, standing: Standing, hits: HitColumns) -> tuple[Missing, ...]:
    """The indicators that were found but do not stand, each with the context of its least damped hit."""
    if not len(hits):
        return (line(Layer.NONE, "nothing"),)
    best: dict[int, Context] = {}
    factor = scorer.pack.scoring.context_factor
    for pattern, code in zip(hits.pattern, hits.context, strict=True):
        index, context = scorer.pack.patterns[int(pattern)].indicator, Context(int(code))
        if index not in best or factor[context] > factor[best[index]]:
            best[index] = context
    lines = []
    for index, context in sorted(best.items()):
        indicator = scorer.pack.indicators[index]
        if indicator.code not in standing.codes and context is not Context.AFFIRMED:
            nl, en = CONTEXT_NAMES[context]
            names = {"name": indicator.name_nl, "name_en": indicator.name_en}
            lines.append(line(Layer.NONE, "damped", context=nl, context_en=en, **names))
    return tuple(lines)


def to_c(scorer: Scorer, standing: Standing) -> tuple[Missing, ...]:
    """Ways to layer C."""
    lines = [line(Layer.C, "strong")]
    lines.append(line(Layer.C, "other_medium" if standing.count(MEDIUM) else "two_mediums"))
    lines += nearly(scorer, standing, Layer.C)
    bar = scorer.pack.scoring.resemblance_layer_c
    if standing.resemblance is None:
        lines.append(line(Layer.C, "resemblance_unknown"))
    else:
        lines.append(line(Layer.C, "resemblance", bar=bar, now=standing.resemblance))
    return (*lines, *minimum(scorer, standing, Layer.C))


def to_b(scorer: Scorer, standing: Standing) -> tuple[Missing, ...]:
    """Ways to layer B."""
    lines = [line(Layer.B, "strong_elsewhere" if standing.count(STRONG) else "strong")]
    if standing.count(STRONG):
        lines.append(line(Layer.B, "two_mediums_beside"))
    for dimension in ILO_DIMENSIONS:
        more = short_of(standing, dimension)
        if more:
            name, name_en = DIMENSION_NAMES[dimension]
            nl, en = MORE[more]
            lines.append(line(Layer.B, "dimension", name=name, name_en=name_en, more=nl, more_en=en))
    lines += nearly(scorer, standing, Layer.B)
    return (*lines, *minimum(scorer, standing, Layer.B))


def to_a(scorer: Scorer, standing: Standing) -> tuple[Missing, ...]:
    """Ways to layer A."""
    exploited = standing.count(STRONG, Dimension.EXPLOITATION) or is_positive(standing, Dimension.EXPLOITATION)
    coerced = any(is_positive(standing, d) for d in ILO_DIMENSIONS if d is not Dimension.EXPLOITATION)
    lines = [line(Layer.A, key) for key, met in (("exploitation", exploited), ("means", coerced)) if not met]
    if not standing.codes & scorer.pack.scoring.statement_indicators:
        lines.append(line(Layer.A, "statement"))
    lines += nearly(scorer, standing, Layer.A)
    return (*lines, *minimum(scorer, standing, Layer.A))


def is_positive(standing: Standing, dimension: Dimension) -> bool:
    """The ILO rule for one dimension, in words in docs/reference/score.md."""
    strong, medium, weak = (standing.count(grade, dimension) for grade in (STRONG, MEDIUM, WEAK))
    weak = min(weak, 1)
    return strong >= 2 or (strong == 1 and medium + weak > 0) or medium >= 3 or (medium == 2 and weak == 1)


def short_of(standing: Standing, dimension: Dimension) -> str:
    """What a dimension is short of: key in MORE; empty if it is positive or has nothing."""
    strong, medium = standing.count(STRONG, dimension), standing.count(MEDIUM, dimension)
    if is_positive(standing, dimension) or not strong + medium:
        return ""
    return "any" if strong or medium == 2 else "strong_or_two"


def nearly(scorer: Scorer, standing: Standing, layer: Layer) -> list[Missing]:
    """Combinations that would bring the registration to the layer and miss exactly one of their sets."""
    lines = []
    for combination in scorer.pack.combinations:
        unmet = [codes for codes in combination.all_of if not codes & standing.codes]
        if combination.layer <= layer and len(unmet) == 1 and len(combination.all_of) > 1:
            lines.append(almost(layer, combination, unmet[0]))
    return lines


def almost(layer: Layer, combination: Combination, codes: frozenset[str]) -> Missing:
    """The line of a combination that misses one set; long sets are cut after six codes."""
    shown = sorted(codes)
    text = ", ".join(shown[:6]) + (" …" if len(shown) > 6 else "")
    return line(layer, "combination", codes=text, name=combination.name_nl, name_en=combination.name_en)


def minimum(scorer: Scorer, standing: Standing, layer: Layer) -> tuple[Missing, ...]:
    """The score that would be enough, if the pack sets one."""
    bar = scorer.pack.scoring.layer_minimum.get(layer)
    return () if bar is None else (line(layer, "minimum", bar=bar, now=standing.score),)
