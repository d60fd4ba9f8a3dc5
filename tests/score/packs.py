"""A small pack and hit columns for the tests of the score: real shapes, few rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from seinpost.packs.language import Item, Pattern, TokenTest
from seinpost.packs.pack import Combination, Cues, CueScope, Indicator, Pack, PatternRule, Scoring, Source
from seinpost.score.resemblance import Resemblance, SituationName
from seinpost.types import Context, Dimension, Form, HitColumns, Layer, Strength

ALL_FORMS = tuple(Form)
WEIGHTS = {Strength.STRONG: 4.0, Strength.MEDIUM: 2.0, Strength.WEAK: 1.0, Strength.CONTEXT: 0.0}
FACTORS = {
    Context.AFFIRMED: 1.0,
    Context.NEGATED: 0.0,
    Context.TEMPLATE: 0.0,
    Context.EXCLUDED_BY_OFFICER: 0.15,
    Context.HYPOTHETICAL: 0.2,
    Context.HISTORICAL: 0.5,
    Context.OTHER_PERSON: 0.5,
    Context.DENIED_BY_PERSON: 0.6,
    Context.OTHER_MEANING: 0.0,
}
# code, dimension, strength, child strength, element, forms
INDICATORS: tuple[tuple[str, str, str, str | None, tuple[str, ...], tuple[Form, ...]], ...] = (
    ("AFH-06", "META", "context", None, ("context",), ALL_FORMS),
    ("ARB-01", "EX", "sterk", None, ("oogmerk",), (Form.LABOUR, Form.DOMESTIC, Form.SEXUAL)),
    ("ARB-02", "EX", "middel", None, ("oogmerk",), (Form.LABOUR,)),
    ("ARB-05", "EX", "zwak", None, ("oogmerk", "kwetsbaarheid"), (Form.LABOUR, Form.DOMESTIC)),
    ("ARB-06", "EX", "zwak", "middel", ("oogmerk",), (Form.LABOUR,)),
    ("BEW-01", "CD", "sterk", None, ("dwangmiddel",), ALL_FORMS),
    ("BEW-03", "CD", "middel", None, ("dwangmiddel",), ALL_FORMS),
    ("CRI-03", "EX", "middel", "sterk", ("oogmerk",), (Form.CRIMINAL,)),
    ("DOC-01", "CD", "sterk", None, ("dwangmiddel",), ALL_FORMS),
    ("GED-01", "PRES", "zwak", None, ("context",), ALL_FORMS),
    ("GED-02", "PRES", "zwak", None, ("context",), ALL_FORMS),
    ("MEL-01", "META", "middel", None, ("context",), ALL_FORMS),
    ("MEL-02", "META", "middel", None, ("context",), ALL_FORMS),
    ("MEL-03", "CD", "sterk", None, ("dwangmiddel",), ALL_FORMS),
    ("MEL-04", "META", "context", None, ("context",), ALL_FORMS),
    ("VRV-03", "AVD", "middel", None, ("handeling", "dwangmiddel"), (Form.LABOUR, Form.SEXUAL)),
    ("WRV-06", "CR", "sterk", None, ("handeling", "dwangmiddel"), (Form.SEXUAL,)),
)
CODES = tuple(row[0] for row in INDICATORS)
PATTERNS_EACH = 2
SITUATIONS = (
    SituationName("SEKS-0001", "Derde boekt en int, vrouw komt de kamer niet uit", Form.SEXUAL),
    SituationName("ARB-0002", "Werknemer slaapt boven de zaak en krijgt niets", Form.LABOUR),
)


def indicator(row: tuple[str, str, str, str | None, tuple[str, ...], tuple[Form, ...]]) -> Indicator:
    """One indicator of the small pack."""
    code, dimension, strength, child, element, forms = row
    return Indicator(
        code=code,
        family=code[:3],
        name_nl=f"Naam {code}",
        name_en=f"Name {code}",
        why_nl=f"feit van {code}",
        why_en=f"fact of {code}",
        forms=forms,
        element=element,
        sr273f="dwang",
        dimension=Dimension(dimension),
        strength=Strength(strength),
        child_strength=Strength(child) if child else None,
        distressing=False,
        basis="eigen",
        sources=("EIGEN",),
        false_positives=(),
        unless=(),
        examples_hit=(),
        examples_miss=(),
    )


def scoring(**changes: object) -> Scoring:
    """The scoring of the small pack, with changes."""
    values: dict[str, object] = {
        "dated": date(2026, 11, 24),
        "strength_weight": WEIGHTS,
        "context_factor": FACTORS,
        "layer_minimum": {},
        "resemblance_weight": 4.0,
        "resemblance_layer_c": 0.9,
        "resemblance_layer_d": 0.7,
        "dimension_weight": 2.0,
        "standing_factor": 0.5,
        "minor_indicators": frozenset({"AFH-06"}),
        "statement_indicators": frozenset({"MEL-03"}),
        "known_indicators": frozenset({"MEL-04"}),
        "undamped_by": frozenset({"DOC-01"}),
        **changes,
    }
    return Scoring(**values)  # type: ignore[arg-type]


def combination(name: str, sets: Sequence[Sequence[str]], weight: float = 3.0, layer: Layer = Layer.C) -> Combination:
    """One combination of the small pack."""
    return Combination(
        name, f"samen {name}", f"together {name}", tuple(frozenset(s) for s in sets), weight, layer, "eigen"
    )


COMBINATIONS = (
    combination("G01", [["BEW-03", "DOC-01"], ["VRV-03", "ARB-02"]], layer=Layer.B),
    combination("G02", [["GED-01", "GED-02"], ["GED-01", "GED-02", "ARB-05"]]),
)


def small_pack(combinations: tuple[Combination, ...] = COMBINATIONS, **changes: object) -> Pack:
    """The small pack: two patterns to each indicator."""
    rules = tuple(
        PatternRule(f"{code}/{number:06x}", index, Pattern("woord", (Item(((frozenset({TokenTest("woord")}),),)),)))
        for index, code in enumerate(CODES)
        for number in range(PATTERNS_EACH)
    )
    none = CueScope(6, 3, 6)
    return Pack(
        id="klein",
        version="1",
        dated=date(2026, 11, 24),
        language="nl",
        digest="0" * 64,
        sources=(Source("EIGEN", "eigen", None, "laag"),),
        indicators=tuple(indicator(row) for row in INDICATORS),
        patterns=rules,
        cues=Cues(none, (), (), (), (), frozenset(), (), (), (), (), (), ()),
        abbreviations=frozenset(),
        combinations=combinations,
        scoring=scoring(**changes),
        registrations=(),
        trait_words=(),
    )


Found = tuple[int, str, int, Context]  # row, code, which of its patterns, context


def hits_of(found: Sequence[Found], step: int = 10, length: int = 5) -> HitColumns:
    """Hit columns for (row, code, pattern number, context); hit k of a row stands at k * step."""
    rows = sorted(found, key=lambda f: f[0])
    place: dict[int, int] = {}
    starts = []
    for row, *_ in rows:
        starts.append(place.get(row, 0) * step)
        place[row] = place.get(row, 0) + 1
    start = np.array(starts, dtype=np.int32)
    return HitColumns(
        row=np.array([f[0] for f in rows], dtype=np.int64),
        pattern=np.array([CODES.index(f[1]) * PATTERNS_EACH + f[2] for f in rows], dtype=np.int32),
        start=start,
        end=start + np.int32(length),
        byte_start=start.copy(),
        byte_end=start + np.int32(length),
        context=np.array([f[3] for f in rows], dtype=np.uint8),
        sentence=np.zeros(len(rows), dtype=np.int32),
    )


def resemblance_of(found: Sequence[tuple[int, float, int]]) -> Resemblance:
    """Resemblance columns for (row, value, situation); the sentence is the first 20 characters."""
    n = len(found)
    return Resemblance(
        row=np.array([f[0] for f in found], dtype=np.int64),
        value=np.array([f[1] for f in found], dtype=np.float32),
        situation=np.array([f[2] for f in found], dtype=np.int32),
        byte_start=np.zeros(n, dtype=np.int32),
        byte_end=np.full(n, 20, dtype=np.int32),
        start=np.zeros(n, dtype=np.int32),
        end=np.full(n, 20, dtype=np.int32),
        damped_by=np.full(n, -1, dtype=np.int32),
    )
