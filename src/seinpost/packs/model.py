"""Gate 2: what each file of a pack must hold, as pydantic models; every fault of a file is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from seinpost.errors import Fault
from seinpost.packs.strict import Key, Sheet
from seinpost.types import Context, Dimension, Strength

FormCode = Literal["SEKS", "ARB", "CRIM", "HUISH", "BEDEL", "ORG", "HUW", "DIENST"]
Element = Literal["handeling", "dwangmiddel", "oogmerk", "voordeel", "kwetsbaarheid", "context"]
Confidence = Literal["hoog", "middel", "laag"]
LayerName = Literal["A", "B", "C", "D"]
ContextName = Literal[
    "affirmed",
    "negated",
    "template",
    "excluded_by_officer",
    "hypothetical",
    "historical",
    "other_person",
    "denied_by_person",
    "other_meaning",
]
Code = Annotated[str, Field(pattern=r"^[A-Z]{3}-[0-9]{2}$")]
Name = Annotated[str, Field(min_length=3, max_length=200)]
Remark = Annotated[str, Field(min_length=3, max_length=600)]
Clause = Annotated[str, Field(min_length=8, max_length=140)]
Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Tokens = Annotated[int, Field(ge=0, le=60)]


def _only_iso(value: Any) -> Any:
    # pydantic reads "1609459200" as a date too.
    if isinstance(value, str) and (len(value) != 10 or value[4] != "-" or value[7] != "-"):
        raise ValueError("not a date written as 2026-01-31")
    return value


Day = Annotated[date, BeforeValidator(_only_iso)]
Model = TypeVar("Model")


class Part(BaseModel):
    """A mapping of which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourcePart(Part):
    """One source: what it is, where, how sure; `seen` tells how much of it was read."""

    what: Remark
    url: str | None = None
    seen: str | None = None
    confidence: Confidence
    note: str | None = None


class PackSheet(Part):
    """pack.yaml"""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9.]+)?$")]
    dated: Day
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    sources: Annotated[dict[str, SourcePart], Field(min_length=1)]


class ExamplesPart(Part):
    """Sentences that must give a live hit of the indicator, and sentences that must not."""

    hit: list[str]
    miss: list[str]


class IndicatorPart(Part):
    """One entry of indicators/<FAMILY>.yaml."""

    code: Code
    name_nl: Name
    name_en: Name
    why_nl: Clause
    why_en: Clause
    forms: Annotated[list[Literal[FormCode, "ALLE"]], Field(min_length=1)]
    element: Annotated[list[Element], Field(min_length=1)]
    sr273f: Name
    dimension: Dimension
    strength: Strength
    child_strength: Strength | None = None
    distressing: Literal["true", "false"] = "false"
    basis: Remark
    sources: Annotated[list[str], Field(min_length=1)]
    note: str | None = None
    patterns: Annotated[list[str], Field(min_length=1)]
    unless: list[str] = []
    false_positives: list[str] = []
    examples: ExamplesPart


class ScopePart(Part):
    """Reach of negation in tokens."""

    before: Tokens
    before_bare: Tokens
    after: Tokens


class CuesSheet(Part):
    """cues.yaml"""

    scope: ScopePart
    negation_before: list[str]
    negation_bare: list[str]
    negation_after: list[str]
    pseudo: list[str]
    terminators: list[str]
    template: list[str]
    excluded_by_officer: list[str]
    hypothetical: list[str]
    historical: list[str]
    other_person: list[str]
    denied_by_person: list[str]


class AbbreviationsSheet(Part):
    """abbreviations.yaml: short forms with their meaning; only those `with_stop` keep a sentence together."""

    with_stop: dict[str, str]
    without_stop: dict[str, str]


class TraitsSheet(Part):
    """traits.yaml: words that never score by themselves."""

    nationality_ethnicity: list[str]
    religion: list[str]
    language: list[str]
    legal_status: list[str]
    sex_work: list[str]
    social: list[str]


class ScoringSheet(Part):
    """scoring.yaml"""

    dated: Day
    strength_weight: dict[Strength, Weight]
    context_factor: dict[ContextName, Share]
    layer_minimum: dict[LayerName, Weight]
    resemblance_weight: Weight
    resemblance_layer_c: Share
    resemblance_layer_d: Share
    dimension_weight: Weight
    standing_factor: Share
    minor_indicators: list[Code]
    statement_indicators: list[Code]
    known_indicators: list[Code]
    undamped_by: list[Code]


class CombinationPart(Part):
    """One entry of combinations.yaml: of every list in `all_of` one indicator must stand."""

    id: Annotated[str, Field(pattern=r"^G[0-9]{2}[a-z]?$")]
    name_nl: Name
    name_en: Name
    all_of: Annotated[list[Annotated[list[Code], Field(min_length=1)]], Field(min_length=2, max_length=8)]
    weight: Weight
    layer: LayerName
    basis: Remark


class RegistrationPart(Part):
    """One entry of examples/registrations.yaml."""

    id: Annotated[str, Field(pattern=r"^[A-Z]+-?[0-9]{2,5}$")]
    expect: Literal["signal", "silence"]
    form: FormCode | None = None
    why: Name
    text: Annotated[str, Field(min_length=20)]


MacrosSheet = dict[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")], Annotated[list[str], Field(min_length=1)]]
CONTEXTS: Mapping[str, Context] = {context.name.lower(): context for context in Context}


def check(sheet: Sheet, shape: Any, faults: list[Fault]) -> Any:
    """Give the sheet's data in the given shape, or None after adding its faults to `faults`."""
    try:
        return _adapter(shape).validate_python(sheet.data)
    except ValidationError as error:
        faults.extend(_faults(sheet, shape, error))
        return None


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _faults(sheet: Sheet, shape: Any, error: ValidationError) -> Iterator[Fault]:
    for detail in error.errors(include_url=False):
        keys = tuple(key for key in detail["loc"] if key != "[key]")
        value = sheet.value(*keys)
        shown = value if isinstance(value, str) else None
        problem, allowed = _describe(detail["type"], detail["msg"], detail.get("ctx", {}))
        if detail["type"] == "extra_forbidden":
            shown = str(keys[-1])
            allowed = ", ".join(_fields(shape, keys[:-1]))
        yield Fault(sheet.place(*keys), problem, shown, allowed)


_PROBLEMS: Mapping[str, tuple[str, str | None]] = {
    "extra_forbidden": ("unknown key", None),
    "missing": ("missing key", None),
    "string_type": ("must be text", "text"),
    "list_type": ("must be a list", "a list, one entry a line after '- '"),
    "dict_type": ("must be a mapping", "key: value"),
    "model_type": ("must be a mapping", "key: value"),
    "float_parsing": ("must be a number", "a number such as 0.5"),
    "int_parsing": ("must be a whole number", "a whole number such as 6"),
    "date_from_datetime_parsing": ("must be a date", "a date such as 2026-01-31"),
    "date_parsing": ("must be a date", "a date such as 2026-01-31"),
    "value_error": ("must be a date", "a date such as 2026-01-31"),
}
_LIMITS: Mapping[str, tuple[str, str, str]] = {
    "string_pattern_mismatch": ("is not written as it should be", "pattern", "{}"),
    "string_too_short": ("is too short", "min_length", "at least {} characters"),
    "string_too_long": ("is too long", "max_length", "at most {} characters"),
    "too_short": ("has too few entries", "min_length", "at least {}"),
    "too_long": ("has too many entries", "max_length", "at most {}"),
    "literal_error": ("is not allowed", "expected", "{}"),
    "enum": ("is not allowed", "expected", "{}"),
    "greater_than_equal": ("is too small", "ge", "at least {}"),
    "less_than_equal": ("is too large", "le", "at most {}"),
}


def _describe(kind: str, message: str, context: Mapping[str, Any]) -> tuple[str, str | None]:
    if kind in _PROBLEMS:
        return _PROBLEMS[kind]
    if kind in _LIMITS:
        problem, field, form = _LIMITS[kind]
        return problem, form.format(context.get(field))
    return message, None


def _fields(shape: Any, keys: tuple[Key, ...]) -> list[str]:
    """Give the keys allowed in the mapping that stands under `keys` in a shape."""
    for key in keys:
        shape = _inner(_plain(shape), key)
    shape = _plain(shape)
    if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
        return []
    return sorted(field.alias or name for name, field in shape.model_fields.items())


def _plain(shape: Any) -> Any:
    while get_origin(shape) is Annotated:
        shape = get_args(shape)[0]
    if get_origin(shape) in (Union, UnionType):
        return next(_plain(arg) for arg in get_args(shape) if arg is not type(None))
    return shape


def _inner(shape: Any, key: Key) -> Any:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        field = shape.model_fields.get(str(key))
        return field.annotation if field else None
    return get_args(shape)[-1] if get_args(shape) else None
