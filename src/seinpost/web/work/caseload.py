"""The work at hand, as its page shows it: bars, a table with the same numbers, and each number a link to its queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seinpost.process.deadlines import local_day
from seinpost.store.queries.queue import MINE, NOBODY
from seinpost.store.watching.caseload import Load, OfPerson, OfUnit, Place
from seinpost.web.pages.queue import ALL, ALSO_SHOWN, LATE, ONLY_SHOWN, OWNER, VERY_LATE, WAITING, query
from seinpost.web.reader import Reader

WIDE, TALL, GAP, LABEL, NUMBER = 720, 22, 8, 230, 48
FIT = 32  # characters of a name that stand beside a bar
NOBODYS = {"eigenaar": NOBODY, "baan": ALL}
KINDS = ("very-late", "late", "on-time")


@dataclass(frozen=True, slots=True)
class Number:
    """How many, and the queue that shows exactly those; no address for none."""

    name: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """What lies with somebody, or with nobody."""

    name: str
    numbers: tuple[Number, ...]
    oldest: datetime | None
    waits: str  # how long the oldest has been there, in words
    trouble: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar, as a place in the drawing."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its name before it and its number after it."""

    y: int
    text_y: int
    name: str
    end: str
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A unit: its bars, and the table that says the same."""

    code: str
    name: str
    head: str
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    height: int
    labels: tuple[str, ...]
    deal_url: str  # where what is nobody's is spread; empty for who gives no work, and when there is none


@dataclass(frozen=True, slots=True)
class CaseloadView:
    """The page. `stuck`: what lies with who cannot go on with it, by unit."""

    panels: tuple[Panel, ...]
    stuck: tuple[tuple[str, Row], ...]
    width: int = WIDE
    tall: int = TALL
    label: int = LABEL


def caseload_view(found: tuple[OfUnit, ...], names: Mapping[str, str], reader: Reader, *, deals: bool) -> CaseloadView:
    """The work of every unit, the units by name and in each the people by name: nobody is ranked."""
    most = max((load.open for unit in found for load in loads_of(unit)), default=0)
    units = sorted(found, key=lambda unit: (names.get(unit.code, unit.code), unit.code))
    stuck = [
        (names.get(unit.code, unit.code), person_row(one, unit.code, reader))
        for unit in units
        for one in unit.people
        if one.place is not Place.HERE
    ]
    return CaseloadView(
        tuple(panel(unit, names.get(unit.code, unit.code), most, reader, deals=deals) for unit in units), tuple(stuck)
    )


def loads_of(unit: OfUnit) -> Iterable[Load]:
    """What each bar of a unit stands for."""
    return (unit.nobody, *(one.load for one in unit.people))


def panel(unit: OfUnit, name: str, most: int, reader: Reader, *, deals: bool) -> Panel:
    """One unit. What comes back on a later day is not spread now."""
    waits = unit.nobody.open > unit.nobody.later
    nobody = row(_("nog van niemand"), unit.nobody, {"eenheid": unit.code, "eigenaar": NOBODY}, reader)
    whole = row(_("Eenheid samen"), unit.whole, {"eenheid": unit.code}, reader)
    people = tuple(person_row(one, unit.code, reader) for one in unit.people)
    drawn = zip((nobody, *people), loads_of(unit), strict=True)
    bars = tuple(bar(place, one.name, load, most) for place, (one, load) in enumerate(drawn))
    return Panel(
        code=unit.code,
        name=name,
        head=open_told(unit.whole.open),
        rows=(nobody, *people, whole),
        bars=bars,
        height=len(bars) * (TALL + GAP),
        labels=tuple(number.label for number in whole.numbers),
        deal_url=reverse("queue-deal") + query({**NOBODYS, "eenheid": unit.code}) if deals and waits else "",
    )


def person_row(one: OfPerson, unit: str, reader: Reader) -> Row:
    """What lies with one person in a unit."""
    owner = MINE if one.id == reader.acting.person else one.id
    found = row(one.name, one.load, {"eenheid": unit, "eigenaar": owner, "rol": OWNER}, reader)
    trouble = {
        Place.GONE: _("vertrokken"),
        Place.NO_RIGHT: _("geen geldig recht meer in deze eenheid"),
        Place.HERE: "",
    }[one.place]
    return Row(found.name, found.numbers, found.oldest, found.waits, trouble, found.numbers[0].url if trouble else "")


def row(name: str, load: Load, asked: dict[str, str], reader: Reader) -> Row:
    """The numbers of a load. What was put off is counted where it lies, and so is shown by each link."""
    base = {**asked, "baan": ALL, "uitgesteld": ALSO_SHOWN}
    told: tuple[tuple[str, str, int, dict[str, str]], ...] = (
        ("open", _("Open"), load.open, {}),
        ("urgent", _("Spoed"), load.urgent, {"spoed": "ja"}),
        ("late", _("Te laat"), load.late, {"laat": LATE}),
        ("very-late", _("Veel te laat"), load.very_late, {"laat": VERY_LATE}),
        ("waits", _("Wacht op een ander"), load.waits, {"rol": WAITING}),
        ("later", _("Uitgesteld"), load.later, {"uitgesteld": ONLY_SHOWN}),
        ("task", _("Taak vandaag of te laat"), load.task, {"taak": "nu"}),
    )
    numbers = tuple(
        Number(code, label, count, reverse("queue") + query({**base, **more}) if count else "")
        for code, label, count, more in told
    )
    return Row(name, numbers, load.oldest, waited(load.oldest, reader))


def waited(since: datetime | None, reader: Reader) -> str:
    """How many days ago something was received, in words."""
    if since is None:
        return ""
    days = (local_day(reader.now) - local_day(since)).days
    return ngettext("%(days)s dag", "%(days)s dagen", days) % {"days": days}


def open_told(count: int) -> str:
    """How many signals are open, in words."""
    return ngettext("%(count)s open signaal", "%(count)s open signalen", count) % {"count": count}


def bar(place: int, name: str, load: Load, most: int) -> Bar:
    """One bar: very late, late, on time, all bars on one scale."""
    y, x = place * (TALL + GAP), float(LABEL)
    room = (WIDE - LABEL - NUMBER) / most if most else 0.0
    parts = []
    pieces = (load.very_late, load.late - load.very_late, load.open - load.late)
    for kind, count in zip(KINDS, pieces, strict=True):
        if count:
            parts.append(Part(kind, f"{x:.1f}", f"{count * room:.1f}"))
            x += count * room
    short = name if len(name) <= FIT else name[: FIT - 1].rstrip() + "…"
    return Bar(y, y + TALL // 2, short, f"{x + 8:.1f}", str(load.open), tuple(parts))
