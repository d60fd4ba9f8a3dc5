"""The score as docs/reference/score.md says it, in plain Python and slowly: the measure for the compiled one."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from seinpost.packs.pack import Combination, Pack
from seinpost.types import Context, Dimension, Layer, Strength

ORDER = [Strength.CONTEXT, Strength.WEAK, Strength.MEDIUM, Strength.STRONG]
ILO = ["DR", "CR", "AVR", "EX", "CD", "AVD"]


@dataclass(frozen=True)
class PlainScore:
    layer: Layer
    cause: str
    score: float
    minor: bool
    known: bool
    standing: dict[str, Strength]
    positive: frozenset[str]


def whole(value: float) -> float:
    return math.floor(value * 1024 + 0.5) / 1024


class Reading:
    """(code, context) pairs of one registration, in text order, read by the rules of a pack."""

    def __init__(self, pack: Pack, hits: list[tuple[str, Context]]) -> None:
        self.pack, self.rules, self.hits = pack, pack.scoring, hits
        self.by_code = {indicator.code: indicator for indicator in pack.indicators}
        self.codes = sorted({code for code, _ in hits})
        self.minor = any(c in self.rules.minor_indicators and x is Context.AFFIRMED for c, x in hits)
        raw = {code: max(self.rules.context_factor[x] for c, x in hits if c == code) for code in self.codes}
        bar = self.rules.standing_factor
        self.believed = not any(c in self.rules.undamped_by and raw[c] >= bar for c in self.codes)

    def factor(self, code: str) -> float:
        table = dict(self.rules.context_factor)
        if not self.believed:
            table[Context.DENIED_BY_PERSON] = 1.0
        return max(table[context] for c, context in self.hits if c == code)

    def grade(self, code: str) -> Strength:
        indicator = self.by_code[code]
        choices = [indicator.strength]
        if self.minor and indicator.child_strength is not None:
            choices.append(indicator.child_strength)
        return max(choices, key=ORDER.index)

    def standing(self) -> dict[str, Strength]:
        found: dict[str, Strength] = {}
        for code in self.codes:
            own = self.grade(code)
            if self.factor(code) == 1:
                found[code] = own
            elif self.factor(code) >= self.rules.standing_factor and own in (Strength.STRONG, Strength.MEDIUM):
                found[code] = ORDER[ORDER.index(own) - 1]
        return found

    def net(self, code: str) -> float:
        weight = self.rules.strength_weight[self.grade(code)]
        return whole(weight) - whole(weight * (1 - self.factor(code)))

    def capped(self) -> set[str]:
        weak: dict[Dimension, list[tuple[float, str]]] = {}
        for code in self.codes:
            if self.grade(code) is Strength.WEAK:
                weak.setdefault(self.by_code[code].dimension, []).append((-self.factor(code), code))
        return {code for rivals in weak.values() for _, code in sorted(rivals)[1:]}


def plain_score(pack: Pack, hits: list[tuple[str, Context]], resemblance: float | None = None) -> PlainScore:
    """Score (code, context) pairs in text order."""
    reading = Reading(pack, hits)
    standing, capped = reading.standing(), reading.capped()
    dimension = {code: reading.by_code[code].dimension for code in standing}
    positive = frozenset(d for d in ILO if is_positive([s for c, s in standing.items() if dimension[c] == d]))
    held = [combination for combination in pack.combinations if held_by(combination, list(standing))]
    score = sum((reading.net(code) for code in reading.codes if code not in capped), 0.0)
    score += len(positive) * whole(pack.scoring.dimension_weight)
    score += sum(whole(combination.weight) for combination in held)
    if resemblance is not None:
        score += whole(
            pack.scoring.resemblance_weight
            * max(0.0, odds(min(resemblance, 0.999)) - odds(pack.scoring.resemblance_layer_d))
        )
    layer, cause = layer_of(pack, standing, positive, held, reading.minor, score, resemblance or 0.0)
    known = any(code in pack.scoring.known_indicators for code in standing)
    return PlainScore(layer, cause, score, reading.minor, known, standing, positive)


def odds(share: float) -> float:
    return math.log(share / (1 - share)) if share > 0 else -math.inf


def is_positive(grades: list[Strength]) -> bool:
    strong, medium = grades.count(Strength.STRONG), grades.count(Strength.MEDIUM)
    weak = min(1, grades.count(Strength.WEAK))
    ways = [strong >= 2, strong >= 1 and medium + weak >= 1, medium >= 3, medium >= 2 and weak >= 1]
    return any(ways)


def held_by(combination: Combination, codes: list[str]) -> bool:
    n = len(combination.all_of)
    return any(
        all(code in members for code, members in zip(choice, combination.all_of, strict=True))
        for choice in itertools.permutations(codes, n)
    )


def layer_of(
    pack: Pack,
    standing: dict[str, Strength],
    positive: frozenset[str],
    held: list[Combination],
    minor: bool,
    score: float,
    resemblance: float,
) -> tuple[Layer, str]:
    by_code = {indicator.code: indicator for indicator in pack.indicators}
    rules = pack.scoring
    strong = [by_code[c] for c, s in standing.items() if s is Strength.STRONG]
    medium = [by_code[c] for c, s in standing.items() if s is Strength.MEDIUM]
    statements = [i for i in strong if i.code in rules.statement_indicators]

    def minimum(layer: Layer) -> bool:
        return layer in rules.layer_minimum and score >= rules.layer_minimum[layer]

    def combined(layer: Layer) -> bool:
        return any(combination.layer is layer for combination in held)

    checks = {
        "A1": bool(positive - {"EX"}) and ("EX" in positive or any(i.dimension == "EX" for i in strong)),
        "A2": minor and any(i.dimension == "EX" or "oogmerk" in i.element for i in strong),
        "A3": bool(statements) and len(strong) > len(statements),
        "A4": combined(Layer.A),
        "A5": minimum(Layer.A),
        "B1": bool(positive),
        "B2": len({i.dimension for i in strong if i.dimension != "META"}) >= 2,
        "B3": bool(strong) and len(medium) >= 2,
        "B4": combined(Layer.B),
        "B5": minimum(Layer.B),
        "C1": bool(strong),
        "C2": any(
            a.family != b.family and not (a.dimension == b.dimension == "META")
            for a, b in itertools.combinations(medium, 2)
        ),
        "C3": combined(Layer.C),
        "C4": minimum(Layer.C),
        "C5": resemblance >= rules.resemblance_layer_c,
        "D1": bool(medium),
        "D2": combined(Layer.D) or minimum(Layer.D),
        "D3": resemblance >= rules.resemblance_layer_d,
    }
    cause = next((name for name, met in checks.items() if met), "none")
    return (Layer[cause[0]] if cause != "none" else Layer.NONE), cause
