"""What changed between two packs, as data: for `pack diff`, release notes and reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from seinpost.packs.build import CUE_ROLES
from seinpost.packs.pack import Cues, Pack, Scoring


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs; `what` is a dotted name such as "SCH-01.strength" or "scoring.dimension_weight"."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is in one of two lists only, each sorted."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


@dataclass(frozen=True, slots=True)
class PackDiff:
    """All differences between two packs; `same_results` when their digests are equal."""

    old: str  # "nl 0.1.0"
    new: str
    same_results: bool
    indicators: Difference  # codes
    changes: tuple[Change, ...]  # fields of indicators and combinations, weights, scopes
    patterns: Mapping[str, Difference]  # code -> pattern texts, changed indicators only
    reshaped: tuple[str, ...]  # ids of patterns with the same text that a macro made match other words
    cues: Mapping[str, Difference]  # role -> cue texts, changed roles only
    combinations: Difference  # ids
    registrations: Difference  # ids of example registrations

    def __bool__(self) -> bool:
        listed = (self.indicators, self.changes, self.patterns, self.reshaped, self.cues)
        return any(listed) or bool(self.combinations or self.registrations)


_NAMED = ("code", "unless", "family")


def diff_packs(old: Pack, new: Pack) -> PackDiff:
    """Compare two packs, the older first."""
    before = {indicator.code: indicator for indicator in old.indicators}
    after = {indicator.code: indicator for indicator in new.indicators}
    both = sorted(before.keys() & after.keys())
    changes = [change for code in both for change in _fields(code, before[code], after[code], skip=_NAMED)]
    changes += _combination_changes(old, new)
    changes += _scoring(old.scoring, new.scoring)
    changes += _fields("cues.scope", old.cues.scope, new.cues.scope)
    return PackDiff(
        old=f"{old.id} {old.version}",
        new=f"{new.id} {new.version}",
        same_results=old.digest == new.digest,
        indicators=_lists(before, after),
        changes=tuple(changes),
        patterns=_patterns(old, new),
        reshaped=_reshaped(old, new),
        cues=_cues(old, new),
        combinations=_lists((c.id for c in old.combinations), (c.id for c in new.combinations)),
        registrations=_lists((r.id for r in old.registrations), (r.id for r in new.registrations)),
    )


def _lists(old: Iterable[str], new: Iterable[str]) -> Difference:
    before, after = set(old), set(new)
    return Difference(tuple(sorted(after - before)), tuple(sorted(before - after)))


def _fields(name: str, old: Any, new: Any, skip: tuple[str, ...] = ()) -> list[Change]:
    return [
        Change(f"{name}.{field.name}", _show(getattr(old, field.name)), _show(getattr(new, field.name)))
        for field in fields(old)
        if field.name not in skip and getattr(old, field.name) != getattr(new, field.name)
    ]


def _show(value: Any) -> str:
    if isinstance(value, frozenset):
        return " | ".join(sorted(map(_show, value)))
    if isinstance(value, tuple):
        return ", ".join(map(_show, value))
    return str(getattr(value, "value", value))


def _combination_changes(old: Pack, new: Pack) -> list[Change]:
    before = {combination.id: combination for combination in old.combinations}
    after = {combination.id: combination for combination in new.combinations}
    both = sorted(before.keys() & after.keys())
    return [change for key in both for change in _fields(key, before[key], after[key], skip=("id",))]


def _scoring(old: Scoring, new: Scoring) -> list[Change]:
    changes: list[Change] = []
    for field in fields(old):
        before, after = getattr(old, field.name), getattr(new, field.name)
        name = f"scoring.{field.name}"
        if not isinstance(before, dict):
            changes += [Change(name, _show(before), _show(after))] if before != after else []
            continue
        keys = [*before, *(key for key in after if key not in before)]
        changes += [
            Change(f"{name}.{_key(key)}", _show(before.get(key)), _show(after.get(key)))
            for key in keys
            if before.get(key) != after.get(key)
        ]
    return changes


def _key(key: Enum) -> str:
    return key.value if isinstance(key.value, str) else key.name.lower()


def _texts(pack: Pack) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {indicator.code: set() for indicator in pack.indicators}
    for rule in pack.patterns:
        found[pack.indicators[rule.indicator].code].add(rule.pattern.text)
    for indicator in pack.indicators:
        found[indicator.code].update(f"unless {pattern.text}" for pattern in indicator.unless)
    return found


def _patterns(old: Pack, new: Pack) -> dict[str, Difference]:
    before, after = _texts(old), _texts(new)
    codes = sorted(before.keys() | after.keys())
    found = {code: _lists(before.get(code, ()), after.get(code, ())) for code in codes}
    return {code: difference for code, difference in found.items() if difference}


def _reshaped(old: Pack, new: Pack) -> tuple[str, ...]:
    before = {rule.id: rule.pattern for rule in old.patterns}
    return tuple(rule.id for rule in new.patterns if before.get(rule.id, rule.pattern) != rule.pattern)


def _cues(old: Pack, new: Pack) -> dict[str, Difference]:
    found = {role: _lists(_cue_texts(old.cues, role), _cue_texts(new.cues, role)) for role in CUE_ROLES}
    found["terminators"] = _lists(old.cues.terminators, new.cues.terminators)
    found["abbreviations"] = _lists(old.abbreviations, new.abbreviations)
    found["traits"] = _lists(old.trait_words, new.trait_words)
    return {role: difference for role, difference in found.items() if difference}


def _cue_texts(cues: Cues, role: str) -> list[str]:
    return [pattern.text for pattern in getattr(cues, role)]
