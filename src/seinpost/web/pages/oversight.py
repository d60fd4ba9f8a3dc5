"""The proof, the threshold, the logs and emergency access, in words and drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from seinpost.packs.procedure.terms import Refusal
from seinpost.process.guarantee import Flaw, Proof
from seinpost.process.measures.agreement import Agreement
from seinpost.process.measures.bar import SEVERAL, Difference
from seinpost.process.measures.drift import Alarm, Share, WeighedRow, wilson
from seinpost.process.speech import reference
from seinpost.run.read.quarantine import SENTENCES
from seinpost.store.models import ImportFault
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


def flaws_told() -> dict[Flaw, str]:
    """Every way in which a signal could disappear, in words."""
    return {
        Flaw.NO_OWNER: _("geen eigenaar"),
        Flaw.OWNER_GONE: _("de eigenaar is vertrokken"),
        Flaw.OWNER_MAY_NOT_SEE: _("de eigenaar mag het niet zien"),
        Flaw.NO_NEXT_ACTION: _("geen volgende stap"),
        Flaw.NOBODY_ACTS: _("niemand doet de volgende stap"),
        Flaw.NO_DATE: _("geen datum"),
        Flaw.PAUSED_FOR_GOOD: _("staat stil zonder einde"),
        Flaw.SILENT_FOR_GOOD: _("wordt stil gehouden zonder einde"),
        Flaw.NO_REASON: _("gesloten zonder reden"),
        Flaw.NO_LEADS: _("gesloten zonder dat naar aanknopingspunten is gezocht"),
        Flaw.NO_NAME: _("gesloten zonder naam"),
        Flaw.NO_SECOND_PERSON: _("gesloten zonder tweede persoon"),
        Flaw.NO_VICTIM_ANSWER: _("gesloten zonder antwoord over het slachtoffer"),
        Flaw.FILED_AND_DISMISSED: _("door een mens gemeld, en toch terzijde gelegd"),
        Flaw.JOINED_TO_NOTHING: _("gevoegd bij iets dat niet verder gaat"),
    }


def orphan_lines(proof: Proof, numbers: Mapping[UUID, int], reader: Reader) -> tuple[OrphanLine, ...]:
    """The orphans; the list is always empty, and shown when it is not."""
    words = flaws_told()
    return tuple(
        OrphanLine(
            reference(reader.acting.service, numbers[UUID(found.signal)]),
            reverse("signal", args=[found.signal]),
            tuple(words[flaw] for flaw in found.flaws),
        )
        for found in proof.orphans
    )


@dataclass(frozen=True, slots=True)
class FaultLine:
    """What could not be read of an import: when, where, why."""

    at: datetime
    source: str
    place: str
    problem: str


def fault_lines(faults: Iterable[ImportFault], reader: Reader) -> tuple[FaultLine, ...]:
    """What could not be read or filed, in words; a field or place is the sender's and stays as it is."""
    known = {reason.value: told[reader.language == "en"] for reason, told in SENTENCES.items()}
    return tuple(
        FaultLine(one.batch.started_at, one.batch.source, one.place, " ".join((known.get(code, code), *field)))
        for one in faults
        for code, *field in [one.problem.split(" ", 1)]
    )


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team that follows up more or less than the other teams do on the same forms."""

    unit: str
    followed_up: int
    weighed: int
    expected: str
    more: bool


@dataclass(frozen=True, slots=True)
class SampleLine:
    """What second readers said of what was dismissed."""

    read: int
    agreed: int
    waiting: int
    percent: str
    interval: str


def alarm_lines(
    alarms: Mapping[tuple[str, str, str], Alarm], teams: Mapping[str, str], reader: Reader
) -> tuple[tuple[str, date], ...]:
    """The alarms: of which team or form, or of the whole service, and since when."""
    lines = []
    for (_service, unit, form), alarm in alarms.items():
        which = teams.get(unit, unit) if unit else form_told(form, reader) if form else _("de hele dienst")
        lines.append((which, alarm.day))
    return tuple(lines)


def team_lines(found: Iterable[Difference], teams: Mapping[str, str]) -> tuple[TeamLine, ...]:
    """The teams that differ, by name."""
    return tuple(
        TeamLine(
            unit=teams.get(one.unit, one.unit),
            followed_up=one.followed_up,
            weighed=one.weighed,
            expected=f"{one.expected:.1f}",
            more=one.followed_up > one.expected,
        )
        for one in found
    )


def sample_line(found: Agreement) -> SampleLine:
    """The figures of the sample."""
    percent = f"{found.agreed / found.read:.0%}" if found.read else ""
    return SampleLine(found.read, found.agreed, found.waiting, percent, f"{found.low:.0%}-{found.high:.0%}")


def form_told(form: str, reader: Reader) -> str:
    """A form, or that there were several, in words."""
    return _("meer dan één vorm") if form == SEVERAL else forms_told([form], names(), reader.language)


def drift_rows(found: Iterable[Share], teams: Mapping[str, str], reader: Reader) -> tuple[ShareLine, ...]:
    """The table, newest month first."""
    rows = sorted(found, key=lambda share: (share.period, share.unit, share.form), reverse=True)
    return tuple(
        ShareLine(
            unit=teams.get(share.unit, share.unit),
            form=form_told(share.form, reader) if share.form else "",
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
