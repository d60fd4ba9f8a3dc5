"""The people and units of a service, as forms and lists name them."""

from __future__ import annotations

from dataclasses import dataclass

from seinpost.store.models import Person, Unit


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is there, and the unit they work in."""

    id: str
    name: str
    unit: str


def colleagues(service: str) -> tuple[Named, ...]:
    """Everybody of the service who is there, by name."""
    people = Person.objects.filter(service=service, is_active=True, unit__isnull=False).order_by("name")
    return tuple(Named(str(key), name, unit or "") for key, name, unit in people.values_list("pk", "name", "unit"))


def units(service: str, language: str) -> dict[str, str]:
    """Names of the units of the service by code."""
    name = "name_en" if language == "en" else "name_nl"
    return dict(Unit.objects.filter(service=service).order_by(name).values_list("code", name))
