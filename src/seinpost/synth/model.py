"""What each data file of the synthetic world must hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from seinpost.packs.model import FormCode, Part


def _lines(value: Any) -> Any:
    """A block of text is a list of its lines: YAML lists would want quotes around braces, quotes and colons."""
    return value.rstrip("\n").split("\n") if isinstance(value, str) else value


def _items(value: Any) -> Any:
    """Items of a list are parted by line ends or by " ; "; `\\r` and `\\n` in them are line ends."""
    if not isinstance(value, str):
        return value
    items = [item for line in _lines(value) for item in line.split(" ; ")]
    return [item.replace("\\r", "\r").replace("\\n", "\n") for item in items]


Fragment = Annotated[str, Field(min_length=1, max_length=1_200)]
Fragments = Annotated[list[Fragment], BeforeValidator(_lines), Field(default_factory=list)]
Items = Annotated[list[Fragment], BeforeValidator(_items), Field(min_length=1)]
Service = Literal["politie", "nla", "kmar"]
Percentage = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Register = Literal["patrol", "desk", "inspector", "border", "tip", "care", "neighbour", "dossier", "policy"]


class RolePart(Part):
    """Fragments by the place they take in a registration."""

    opening: Fragments
    event: Fragments
    statement: Fragments
    detail: Fragments
    negation: Fragments
    handling: Fragments
    closing: Fragments
    form: Fragments
    ruled_out: Fragments


class TypePart(RolePart):
    """One incident type: its name as booked, its share, the families it borrows fragments from."""

    name: Annotated[str, Field(min_length=3, max_length=80)]
    service: Service
    share: Percentage
    families: Annotated[list[str], Field(min_length=1)]
    hides: Annotated[list[str], Field(default_factory=list)]  # word beginnings of casebook disguises


class ListsSheet(Part):
    """lists.yaml: what fills a slot; gendered lists have two items, the first for a man."""

    gendered: dict[str, Annotated[list[Fragment], BeforeValidator(_items), Field(min_length=2, max_length=2)]]
    lists: dict[str, Items]


class ShapesSheet(Part):
    """shapes.yaml: the order of roles in a registration."""

    plain: Annotated[list[Fragment], BeforeValidator(_lines), Field(min_length=1)]
    signal: Annotated[list[Fragment], BeforeValidator(_lines), Field(min_length=1)]
    beside: Annotated[list[Fragment], BeforeValidator(_lines), Field(min_length=1)]
    alone: Annotated[list[Fragment], BeforeValidator(_lines), Field(min_length=1)]


class UnitPart(Part):
    """One unit: the prefix of its registration numbers, its name, its share within its service."""

    prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,3}[0-9]{0,4}$")]
    name: Annotated[str, Field(min_length=3, max_length=80)]
    service: Service
    share: Percentage


class WorldSheet(Part):
    """world.yaml: units, hours of the day, shares of forms, who may write what."""

    starts_on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    registrations_a_day: Annotated[int, Field(ge=1, le=10_000_000)]
    alone: Annotated[float, Field(ge=0, le=1)]
    ordinary_situations: Annotated[float, Field(ge=0, le=0.5)]
    hours: Annotated[list[Percentage], Field(min_length=24, max_length=24)]
    forms: dict[FormCode, Percentage]
    services: dict[Register, Annotated[list[Service], Field(min_length=1)]]
    fallback: dict[Service, Annotated[list[str], Field(min_length=1)]]
    units: Annotated[list[UnitPart], Field(min_length=1)]
