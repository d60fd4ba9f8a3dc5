"""The proof, the threshold, the logs and emergency access, in words and drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from seinpost.packs.procedure.terms import Refusal
from seinpost.process.guarantee import Proof
from seinpost.process.measures.drift import Share, WeighedRow, wilson
from seinpost.process.speech import reference
from seinpost.store.queries.oversight import GlassRow, LookRow
from seinpost.web.pages.words import forms_told
from seinpost.web.reader import Reader, names, plan

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 260, 44, 12, 34


@dataclass(frozen=True, slots=True)
class OrphanLine:
    """A signal that nobody is bound to look after."""

    signal: str
    url: str
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareLine:
    """The share followed up of one group in one month."""

    unit: str
    form: str
    period: str
    followed_up: int
    weighed: int
    percent: str
    interval: str


@dataclass(frozen=True, slots=True)
class Point:
    """One month of the drawing: share with its interval, as places in the drawing."""

    label: str
    x: float
    y: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing: its size, its lines across, its points, and the line through them."""

    width: int
    height: int
    left: int
    right: int
    grid: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]
    line: str


@dataclass(frozen=True, slots=True)
class LookLine:
    """One line of the view log in words."""

    at: datetime
    person: str
    what: str
    why: str
    subject: str
    url: str
    count: int
    refused: str


@dataclass(frozen=True, slots=True)
class GlassLine:
    """One access by emergency in words."""

    key: UUID
    reference: str
    person: str
    person_id: str
    since: datetime
    until: datetime
    words: str
    reviewed: bool


def orphan_lines(proof: Proof, reader: Reader) -> tuple[OrphanLine, ...]:
    """The orphans; the list is always empty, and shown when it is not."""
    return tuple(
        OrphanLine(found.signal, reverse("signal", args=[found.signal]), tuple(flaw.value for flaw in found.flaws))
        for found in proof.orphans
        if reader
    )


def drift_rows(found: Iterable[Share], reader: Reader) -> tuple[ShareLine, ...]:
    """The table, newest month first."""
    rows = sorted(found, key=lambda share: (share.period, share.unit, share.form), reverse=True)
    return tuple(
        ShareLine(
            unit=share.unit,
            form=forms_told([share.form], names(), reader.language) if share.form else "",
            period=share.period,
            followed_up=share.followed_up,
            weighed=share.weighed,
            percent=f"{share.followed_up / share.weighed:.0%}",
            interval=f"{share.low:.0%}-{share.high:.0%}",
        )
        for share in rows
    )


def drift_chart(rows: Sequence[WeighedRow]) -> Chart | None:
    """Share followed up per month over the whole service, with its 95 % interval; None without weighings."""
    months: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        months[f"{row.day:%Y-%m}"][0] += row.followed_up
        months[f"{row.day:%Y-%m}"][1] += 1
    if not months:
        return None
    inner, tall = WIDTH - LEFT - 16, HEIGHT - TOP - BOTTOM
    points = []
    for number, (month, (done, total)) in enumerate(sorted(months.items())):
        x = LEFT + inner * (number + 0.5) / len(months)
        low, high = wilson(done, total)
        y, bottom, top = (round(TOP + tall * (1 - share), 1) for share in (done / total, low, high))
        points.append(Point(month, round(x, 1), y, bottom, top, f"{done} / {total}"))
    grid = tuple((TOP + tall * (1 - share / 100), f"{share}%") for share in (0, 25, 50, 75, 100))
    line = " ".join(f"{point.x},{point.y}" for point in points)
    return Chart(WIDTH, HEIGHT, LEFT, WIDTH - 16, grid, tuple(points), line)


def look_lines(found: Iterable[LookRow], reader: Reader) -> tuple[LookLine, ...]:
    """The view log in words."""
    told = plan().names
    lines = []
    for look in found:
        subject = reference(reader.acting.service, look.number) if look.number is not None else look.subject
        refused = (
            plan().refusals[Refusal(look.refused)].told(reader.language) if look.refused in KNOWN else look.refused
        )
        lines.append(
            LookLine(
                at=look.at,
                person=look.person,
                what=told["verb"][look.verb].told(reader.language) if look.verb in told["verb"] else look.verb,
                why=told["purpose"][look.purpose].told(reader.language),
                subject=subject,
                url=reverse("signal", args=[look.signal]) if look.signal else "",
                count=look.count,
                refused=refused,
            )
        )
    return tuple(lines)


KNOWN = frozenset(refusal.value for refusal in Refusal)


def glass_lines(rows: Iterable[GlassRow], reader: Reader) -> tuple[GlassLine, ...]:
    """Emergency access in words."""
    return tuple(
        GlassLine(
            key=row.signal,
            reference=reference(reader.acting.service, row.number),
            person=row.person,
            person_id=row.glass.person,
            since=row.glass.since,
            until=row.glass.until,
            words=row.glass.words,
            reviewed=row.glass.reviewed,
        )
        for row in rows
    )
