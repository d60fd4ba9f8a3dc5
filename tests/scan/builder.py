"""Small packs for tests of the scanner, made of patterns only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import TypeVar

import pyarrow as pa
from tests.scan.reference import Row

from seinpost.packs.language import Pattern
from seinpost.packs.pack import Cues, CueScope, Indicator, Pack, PatternRule
from seinpost.packs.parser import PatternParser
from seinpost.scan.scanner import Scanner, Workspace

ROLES = (
    "negation_before",
    "negation_bare",
    "negation_after",
    "pseudo",
    "template",
    "excluded_by_officer",
    "hypothetical",
    "historical",
    "other_person",
    "denied_by_person",
)


def patterns(texts: Sequence[str], macros: Mapping[str, str] | None = None) -> tuple[Pattern, ...]:
    """Parse patterns, as cues are: function words alone are allowed."""
    parser = PatternParser(macros or {})
    return tuple(parser.parse(text, cue=True) for text in texts)


Shape = TypeVar("Shape")


def fill(shape: Callable[..., Shape], **known: object) -> Shape:
    """A value of a pack's dataclass in which the scanner looks only at the fields that are given."""
    names = [field.name for field in fields(shape)]  # type: ignore[arg-type]
    return shape(**{name: known.get(name, ()) for name in names})


def pack(
    rules: Sequence[Sequence[Pattern]],
    cues: Mapping[str, tuple[Pattern, ...]] | None = None,
    unless: Mapping[int, tuple[Pattern, ...]] | None = None,
    terminators: Sequence[str] = (),
    abbreviations: Sequence[str] = (),
    scope: tuple[int, int, int] = (6, 3, 6),
) -> Pack:
    """A pack with one indicator per group of patterns."""
    by_role = {role: (cues or {}).get(role, ()) for role in ROLES}
    return fill(
        Pack,
        digest="test",
        indicators=tuple(fill(Indicator, code=f"T-{n}", unless=(unless or {}).get(n, ())) for n in range(len(rules))),
        patterns=tuple(PatternRule(f"T-{n}/{m}", n, p) for n, group in enumerate(rules) for m, p in enumerate(group)),
        cues=Cues(CueScope(*scope), terminators=frozenset(terminators), **by_role),
        abbreviations=frozenset(abbreviations),
    )


def rows(scanner: Scanner, texts: pa.Array | pa.ChunkedArray, workspace: Workspace | None = None) -> list[Row]:
    """Scan an Arrow array and give the hits as the reference reader does; both ways unless told which workspace."""
    if workspace is None:
        wide, narrow = (rows(scanner, texts, scanner.workspace(wide=way)) for way in (True, False))
        assert wide == narrow
        return wide
    hits = scanner.scan(texts, workspace)
    columns = (
        hits.row,
        hits.start,
        hits.end,
        hits.pattern,
        hits.byte_start,
        hits.byte_end,
        hits.context,
        hits.sentence,
    )
    return [tuple(int(value) for value in row) for row in zip(*columns, strict=True)]  # type: ignore[misc]
