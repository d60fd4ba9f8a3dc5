"""A checked pack as plain values, and back: so that a start need not read and check the same YAML as the one before.

Patterns are kept as their text and read when somebody looks inside one: a scan with kept tables never does.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from functools import partial
from typing import Any

from seinpost.packs.language import Item, Pattern
from seinpost.packs.pack import (
    Combination,
    Cues,
    CueScope,
    ExampleRegistration,
    Indicator,
    Pack,
    PatternRule,
    Scoring,
    Source,
)
from seinpost.packs.parser import PatternParser
from seinpost.types import Context, Dimension, Form, Layer, Strength


class Reading:
    """Reads kept patterns; the parser remembers macros as it goes, so one thread at a time."""

    def __init__(self, macros: Mapping[str, str]) -> None:
        self.parser, self.lock = PatternParser(macros), threading.Lock()

    def read(self, text: str, cue: bool) -> Pattern:
        """The pattern of a text that was checked when it was kept."""
        with self.lock:
            return self.parser.parse(text, cue=cue)


class KeptPattern(Pattern):
    """A pattern that is read from its text at the first look inside; equal to the one that was kept."""

    __slots__ = ("_cue", "_reading", "_whole")
    _cue: bool
    _reading: Reading
    _whole: Pattern | None

    def __init__(self, text: str, reading: Reading, cue: bool) -> None:
        for name, value in (("text", text), ("_reading", reading), ("_cue", cue), ("_whole", None)):
            object.__setattr__(self, name, value)

    @property
    def whole(self) -> Pattern:
        """The pattern as the parser reads it."""
        whole = self._whole
        if whole is None:  # two threads may both read it: the same comes out
            whole = self._reading.read(self.text, self._cue)
            object.__setattr__(self, "_whole", whole)
        return whole

    @property
    def left(self) -> tuple[Item, ...]:
        """Items before `&N`."""
        return self.whole.left

    @property
    def right(self) -> tuple[Item, ...]:
        """Items after `&N`."""
        return self.whole.right

    @property
    def within(self) -> int | None:
        """The N of `&N`."""
        return self.whole.within

    def __eq__(self, other: object) -> bool:
        return self.whole == (other.whole if isinstance(other, KeptPattern) else other)

    def __hash__(self) -> int:
        return hash(self.whole)


def as_plain(value: Any) -> Any:
    """A pack, or a part of one, as JSON knows it; the fields of each part in order, sets sorted, patterns as text."""
    if isinstance(value, Pattern):
        return value.text
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Mapping):
        return [[as_plain(key), as_plain(inside)] for key, inside in value.items()]
    if isinstance(value, frozenset):
        return sorted(map(as_plain, value))
    if isinstance(value, tuple):
        return [as_plain(inside) for inside in value]
    return [as_plain(getattr(value, field.name)) for field in fields(value)]


def from_plain(plain: Any, macros: Mapping[str, str]) -> Pack:
    """The pack that `as_plain` was given; `macros` are those its patterns use."""
    reading = Reading(macros)
    cue = partial(KeptPattern, reading=reading, cue=True)
    (number, version, dated, language, digest, sources, indicators, patterns, cues, *rest) = plain
    (abbreviations, combinations, scoring, registrations, trait_words, frequency) = rest
    return Pack(
        id=number,
        version=version,
        dated=date.fromisoformat(dated),
        language=language,
        digest=digest,
        sources=tuple(Source(*source) for source in sources),
        indicators=tuple(_indicator(*indicator, cue=cue) for indicator in indicators),
        patterns=tuple(PatternRule(rule, index, KeptPattern(text, reading, False)) for rule, index, text in patterns),
        cues=_cues(cues, cue),
        abbreviations=frozenset(abbreviations),
        combinations=tuple(_combination(*combination) for combination in combinations),
        scoring=_scoring(*scoring),
        registrations=tuple(
            ExampleRegistration(key, text, Form(form) if form else None, why, signal)
            for key, text, form, why, signal in registrations
        ),
        trait_words=tuple(trait_words),
        frequency=dict(frequency),
    )


def _indicator(*row: Any, cue: partial[KeptPattern]) -> Indicator:
    values = dict(zip((field.name for field in fields(Indicator)), row, strict=True))
    for name in ("element", "sources", "false_positives", "examples_hit", "examples_miss"):
        values[name] = tuple(values[name])
    values["forms"] = tuple(map(Form, values["forms"]))
    values["dimension"] = Dimension(values["dimension"])
    values["strength"] = Strength(values["strength"])
    values["child_strength"] = Strength(values["child_strength"]) if values["child_strength"] else None
    values["unless"] = tuple(map(cue, values["unless"]))
    return Indicator(**values)


def _cues(row: list[Any], cue: partial[KeptPattern]) -> Cues:
    values = dict(zip((field.name for field in fields(Cues)), row, strict=True))
    scope, terminators = CueScope(*values.pop("scope")), frozenset(values.pop("terminators"))
    return Cues(
        scope=scope, terminators=terminators, **{role: tuple(map(cue, texts)) for role, texts in values.items()}
    )


def _combination(key: str, nl: str, en: str, all_of: list[list[str]], *rest: Any) -> Combination:
    weight, layer, basis = rest
    return Combination(key, nl, en, tuple(map(frozenset, all_of)), weight, Layer(layer), basis)


def _scoring(*row: Any) -> Scoring:
    values = dict(zip((field.name for field in fields(Scoring)), row, strict=True))
    values["dated"] = date.fromisoformat(values["dated"])
    values["strength_weight"] = {Strength(key): weight for key, weight in values["strength_weight"]}
    values["context_factor"] = {Context(key): factor for key, factor in values["context_factor"]}
    values["layer_minimum"] = {Layer(key): minimum for key, minimum in values["layer_minimum"]}
    for name in ("minor_indicators", "statement_indicators", "known_indicators", "undamped_by"):
        values[name] = frozenset(values[name])
    return Scoring(**values)
