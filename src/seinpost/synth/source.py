"""Read the data of the synthetic world and compile it into grammar, odds and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from seinpost.errors import Fault, PackError, Place
from seinpost.packs.casebook import Situation, load_casebook
from seinpost.packs.model import check
from seinpost.packs.strict import Sheet, read_sheet
from seinpost.synth import layout as at
from seinpost.synth.clock import Clock
from seinpost.synth.grammar import Builder, Grammar, Line, bounds
from seinpost.synth.model import ListsSheet, RolePart, ShapesSheet, TypePart, UnitPart, WorldSheet
from seinpost.synth.rows import Odds

DATA = Path(__file__).with_name("data")
SERVICES = ("politie", "nla", "kmar")
SHORTEST = 270
"""Characters a casebook situation has at least to stand in a registration; shorter ones only teach the second eye."""
LONGEST = 650
"""Longer ones are paragraphs of courts and ministries, nearly all ordinary: in a registration length would tell."""
_OWN_WEIGHT, _THEME_WEIGHT, _SERVICE_WEIGHT = 3, 3, 2


@dataclass(frozen=True, slots=True)
class Source:
    """Everything a world is made from, compiled."""

    grammar: Grammar
    odds: Odds  # `kinds` still empty: the rates are an argument
    clock: Clock
    types: tuple[str, ...]
    units: tuple[UnitPart, ...]
    situations: tuple[Situation, ...]
    ordinary_situations: float
    longest: int  # bytes a registration can have before noise
    depth: int


def load_source(folder: Path = DATA, situations: Sequence[Situation] | None = None) -> Source:
    """Read and compile the world; `situations` default to the Dutch training casebook, SHORTEST to LONGEST.

    Raises PackError with every fault, located.
    """
    if situations is None:  # the length of a text must not tell its label
        situations = [story for story in load_casebook("train") if SHORTEST <= len(story.text) <= LONGEST]
    stories = tuple(situations)
    faults: list[Fault] = []
    read = _Reading(folder, faults)
    if faults:
        raise PackError(tuple(faults))
    grammar, roots = _compile(read, stories)
    try:
        longest, depth = bounds(grammar, roots)
    except RecursionError as error:
        raise PackError((Fault(Place(folder / "lists.yaml"), f"a list contains itself ({error})"),)) from error
    world = read.world
    return Source(
        grammar=grammar,
        odds=_odds(read, stories, roots),
        clock=Clock(date.fromisoformat(world.starts_on), world.registrations_a_day, world.hours),
        types=tuple(part.name for part in read.types),
        units=tuple(sorted(world.units, key=lambda unit: SERVICES.index(unit.service))),
        situations=stories,
        ordinary_situations=world.ordinary_situations,
        longest=longest,
        depth=depth,
    )


class _Reading:
    """All data files, read and checked one by one and against each other."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.lists_sheet = read_sheet(folder / "lists.yaml")
        self.shapes_sheet = read_sheet(folder / "shapes.yaml")
        world_sheet = read_sheet(folder / "world.yaml")
        self.lists: ListsSheet = check(self.lists_sheet, ListsSheet, faults)
        self.shapes: ShapesSheet = check(self.shapes_sheet, ShapesSheet, faults)
        self.world: WorldSheet = check(world_sheet, WorldSheet, faults)
        self.families: dict[str, tuple[Sheet, RolePart]] = {}
        self.types: list[TypePart] = []
        self.sheets: list[tuple[Sheet, int]] = []
        for path in sorted(folder.glob("families_*.yaml")):
            sheet = read_sheet(path)
            for name, part in (check(sheet, dict[str, RolePart], faults) or {}).items():
                if name in self.families:
                    faults.append(Fault(sheet.place(name), "is a family twice", name))
                self.families[name] = (sheet, part)
        for path in sorted(folder.glob("types_*.yaml")):
            sheet = read_sheet(path)
            for number, part in enumerate(check(sheet, list[TypePart], faults) or []):
                self.types.append(part)
                self.sheets.append((sheet, number))
        faults.extend(self._across(world_sheet))

    def _across(self, world_sheet: Sheet) -> Iterator[Fault]:
        names: set[str] = set()
        for part, (sheet, number) in zip(self.types, self.sheets, strict=True):
            if part.name in names:
                yield Fault(sheet.place(number, "name"), "is an incident type twice", part.name)
            names.add(part.name)
            for index, family in enumerate(part.families):
                if family not in self.families:
                    allowed = ", ".join(sorted(self.families))
                    yield Fault(sheet.place(number, "families", index), "unknown family", family, allowed)
        if self.world is not None:
            for service, fallback in self.world.fallback.items():
                for index, name in enumerate(fallback):
                    if name not in names:
                        yield Fault(world_sheet.place("fallback", service, index), "unknown incident type", name)


def _compile(read: _Reading, stories: Sequence[Situation]) -> tuple[Grammar, tuple[int, ...]]:
    builder = Builder(
        {name: _lines(read.lists_sheet, ("lists", name), items) for name, items in read.lists.lists.items()},
        {name: _lines(read.lists_sheet, ("gendered", name), items) for name, items in read.lists.gendered.items()},
    )
    shared = {
        (name, role): builder.fragments(_lines(sheet, (name, role), getattr(part, role)))
        for name, (sheet, part) in read.families.items()
        for role in at.ROLES
        if getattr(part, role)
    }
    roles = np.full((len(read.types), len(at.ROLES)), -1, dtype=np.int32)
    for number, (part, (sheet, entry)) in enumerate(zip(read.types, read.sheets, strict=True)):
        for column, role in enumerate(at.ROLES):
            weighted = [
                (shared[name, role], _SERVICE_WEIGHT if name == part.families[-1] else _THEME_WEIGHT)
                for name in part.families
                if (name, role) in shared
            ]
            own = getattr(part, role)
            if own:
                weighted.append((builder.fragments(_lines(sheet, (entry, role), own)), _OWN_WEIGHT))
            if weighted:
                roles[number, column] = builder.either(weighted)
    roots = tuple(
        builder.root(builder.fragments(_lines(read.shapes_sheet, (shape,), getattr(read.shapes, shape))))
        for shape in at.SHAPES
    )
    texts = [builder.literal(story.text) for story in stories]
    if builder.faults:
        raise PackError(tuple(builder.faults))
    return builder.freeze(roles, texts), roots


def _lines(sheet: Sheet, keys: tuple[str | int, ...], items: Sequence[str]) -> list[Line]:
    """A fragment stands on its own line below its key; of a list of items only the line of the key is known."""
    place = sheet.place(*keys)
    below = keys[0] not in ("lists", "gendered") and place.line is not None
    return [
        Line(item, Place(place.path, (place.line or 0) + 1 + number if below else place.line, place.field))
        for number, item in enumerate(items)
    ]


def _odds(read: _Reading, stories: Sequence[Situation], roots: Sequence[int]) -> Odds:
    world = read.world
    forms = [form for form in world.forms if any(story.form == form for story in stories)]
    shelves = [[number for number, story in enumerate(stories) if story.form == form] for form in forms]
    shelves += [
        [number for number, story in enumerate(stories) if story.label == label] for label in ("near_miss", "ordinary")
    ]
    homes = [_homes(read, story) for story in stories]
    units = [[unit.share for unit in world.units if unit.service == service] for service in SERVICES]
    return Odds(
        kinds=np.zeros(3),
        alone=world.alone,
        types=_rising([part.share for part in read.types]),
        forms=_rising([world.forms[form] for form in forms]),
        stories=np.array([number for shelf in shelves for number in shelf], dtype=np.int32),
        shelves=_edges(shelves),
        homes=np.array([number for home in homes for number in home], dtype=np.int32),
        home=_edges(homes),
        service=np.array([SERVICES.index(part.service) for part in read.types], dtype=np.int32),
        units=np.concatenate([_rising(shares) for shares in units]),
        unit=_edges(units),
        roots=np.array(roots, dtype=np.int32),
    )


def _homes(read: _Reading, story: Situation) -> list[int]:
    """Give the incident types a situation is booked under: those that name its disguise, else those of its service."""
    services = read.world.services[story.register]
    disguise = (story.disguise or "").lower()
    found: dict[int, int] = {}
    for number, part in enumerate(read.types):
        if part.service in services:
            found[number] = max((len(word) for word in part.hides if word in disguise), default=0)
    best = max(found.values(), default=0)
    if best:
        return [number for number, length in found.items() if length == best]
    names = {name for service in services for name in read.world.fallback[service]}
    return [number for number, part in enumerate(read.types) if part.name in names]


def _rising(shares: Sequence[float]) -> Any:
    total = np.cumsum(np.asarray(shares, dtype=np.float64))
    return total / total[-1] if len(total) else total


def _edges(groups: Sequence[Sequence[object]]) -> Any:
    return np.cumsum([0, *(len(group) for group in groups)]).astype(np.int32)


def fragments(folder: Path = DATA) -> Mapping[str, int]:
    """Count the fragments by role over all families and types."""
    faults: list[Fault] = []
    read = _Reading(folder, faults)
    if faults:
        raise PackError(tuple(faults))
    parts: list[RolePart] = [*(part for _, part in read.families.values()), *read.types]
    return {role: sum(len(getattr(part, role)) for part in parts) for role in at.ROLES}
