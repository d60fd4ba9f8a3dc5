"""The queue: open signals that wait for somebody, in the order they should be read, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject, Left

from seinpost.packs.procedure.terms import OPEN_PHASES, Phase
from seinpost.process.deadlines import end_of, local_day
from seinpost.process.events import Doubted
from seinpost.process.fold import fold
from seinpost.process.people import Actor
from seinpost.process.work.dealing import doubted as doubts_about
from seinpost.report.distress import NOTHING, Distress, distressing, folds, outside, tells
from seinpost.report.view import Mark
from seinpost.store.log import histories
from seinpost.store.models import CaseEvent, Hit, Signal, TextVersion
from seinpost.store.order import asked_for, first, length
from seinpost.store.queries.around import ALONE, Around, around
from seinpost.store.queries.scope import signals_for
from seinpost.store.statement import Statement

PAGE = 25  # a look shows no more people than a reader takes in
COUNTED = 1_000
TITLE = 120  # characters of the text that stand for a title
SENTENCES = 600  # characters in which the sentences of a title are looked for
OPEN = sorted(phase.value for phase in OPEN_PHASES)
MINE, NOBODY = "me", "nobody"
NOT_READING = ("review-pause", "decide-escalation")
"""Next actions that are no work for whoever reads next."""
SILENT = "suppressed"
"""The lane of what silent rules keep out of the queue."""
DAILY, HISTORICAL, EVERY = "daily", "historical", ""
URGENT = Q(risk_to_life=True) | Q(minor=True)
ALSO, ONLY = "also", "only"
"""Whether what was put off to a later day is shown beside the rest, or alone; not, unless asked for."""
OWNS, WAITS, DOES = "owns", "waits", "does"
SHARES = {
    OWNS: Q(owner__isnull=False),
    WAITS: Q(owner__isnull=False)
    & (Q(next_person__isnull=True) | ~Q(next_person=F("owner")) | Q(next_kind="review-pause")),
    DOES: Q(next_person__isnull=False) & (Q(owner__isnull=True) | ~Q(next_person=F("owner"))),
}
"""What a person has to do with a signal: it is theirs; it is, and waits for somebody else; or only its next action is.
A clock that stands still waits for somebody else too: for an answer, for another authority."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue to show; empty fields do not filter. `owner` is "me", "nobody", a person's key or empty.

    `share` is a key of SHARES: of a person, what they have to do with it; `task`: a task is late or due today.
    """

    phase: str = ""
    layer: str = ""
    form: str = ""
    owner: str = ""
    unit: str = ""
    late: bool = False
    very_late: bool = False
    urgent: bool = False
    lane: str = DAILY  # or HISTORICAL, SILENT, EVERY
    share: str = ""
    later: str = ""  # or ALSO, ONLY
    task: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands for a text in a list; `folded`: a distressing passage was left out of it."""

    text: str
    folded: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue: enough to choose by, nothing that needs opening."""

    id: UUID
    number: int
    title: Heading
    reason_nl: str
    reason_en: str
    layer: str
    score: float | None
    forms: tuple[str, ...]
    phase: Phase
    channel: str
    received_at: datetime
    due: datetime
    very_late: datetime
    unit: str
    owner: str
    held_by: str
    risk_to_life: bool
    minor: bool
    came_back: bool
    from_scan: bool
    missing: tuple[str, ...]
    silent_sample: bool
    task_late: bool
    around: Around = ALONE


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue, how long the queue is, and since when its oldest waits.

    A queue is counted up to COUNTED; `more` says that it is longer.
    """

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    oldest: datetime | None
    more: bool = False

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


def queue(
    actor: Actor, wanted: QueueFilter, now: datetime, page: int = 1, *, distress: Distress = NOTHING
) -> QueuePage:
    """A page of the queue: danger first, then minors, diary dates that came, what is late, layer and score, then date.

    Call it inside the transaction that knows for whom it works; a fixed number of queries, however long it is.
    """
    asked = asked_for(shown(actor, wanted, now))
    total, oldest = length(asked, COUNTED + 1)
    if total == 0:
        return QueuePage((), 0, 1, None)
    total, more = min(total, COUNTED), total > COUNTED
    page = min(max(page, 1), -(-total // PAGE))
    keys = first(asked, now, page * PAGE)[(page - 1) * PAGE :]
    return QueuePage(surrounded(actor, lines(keys, now, distress), now), total, page, oldest, more)


def surrounded(actor: Actor, rows: tuple[QueueRow, ...], now: datetime) -> tuple[QueueRow, ...]:
    """The lines with what is known around each; a fixed number of queries for all of them."""
    found = around(actor, [row.id for row in rows], [row.id for row in rows if row.came_back], now)
    return tuple(replace(row, around=found.get(row.id, ALONE)) for row in rows)


def shown(actor: Actor, wanted: QueueFilter, now: datetime) -> QuerySet[Signal]:
    """Exactly the signals that the queue shows with a filter, in no order."""
    rows = silent(actor, now) if wanted.lane == SILENT else waiting(actor, now, wanted.later)
    return filtered(rows, wanted, actor, now)


def takeable(
    actor: Actor, wanted: QueueFilter, now: datetime, passed: Collection[UUID]
) -> tuple[list[UUID], set[UUID]]:
    """The next few of a filter for the actor, in the order of reading, and those of them that they doubted about.

    Those are, of what nobody else has in hand: the first reading (or the work of the phase that the filter names) that
    is nobody's or the actor's own, and the actor's next actions that are due. What they doubted about is for a
    colleague to read again. `passed` were looked at before.
    """
    me = UUID(actor.id)
    free = Q(owner=me) | Q(owner__isnull=True, next_person__isnull=True)
    work = Q(phase=wanted.phase or Phase.REGISTERED.value) & ~Q(next_kind__in=NOT_READING)
    at_hand = Q(held_by__isnull=True) | Q(held_by=me) | Q(held_until__lte=now)
    rows = shown(actor, wanted, now).filter((free & work) | Q(next_person=me, due__lte=now)).filter(at_hand)
    rows = rows.exclude(put_off(now))
    keys = first(asked_for(rows.exclude(pk__in=passed)), now, PAGE)
    return keys, doubted(actor, keys)


def doubted(actor: Actor, keys: Collection[UUID]) -> set[UUID]:
    """Those of the signals about which the actor said to be unsure, and did not take that back."""
    doubts = CaseEvent.objects.filter(signal__in=keys, kind=Doubted.kind, by=actor.id).values_list("signal", flat=True)
    told = histories({key for key in doubts if key is not None})
    return {key for key, events in told.items() if doubts_about(fold(events), actor.id)}


def lines(keys: Sequence[UUID], now: datetime, distress: Distress = NOTHING) -> tuple[QueueRow, ...]:
    """The lines of these signals, in their order; no title shows what is folded."""
    codes = sorted(distress.codes)
    found = FOLDING(keys=list(keys), codes=codes) if codes else LINES(keys=list(keys))
    rows = {row["id"]: row_of(row, now, distress) for row in found}
    return tuple(rows[key] for key in keys if key in rows)


def waiting(actor: Actor, now: datetime, later: str = "") -> QuerySet[Signal]:
    """Open signals the actor may read that ask for work now; what is silent never, what waits for a later day if asked
    for: ALSO or ONLY."""
    rows = signals_for(actor, now).filter(phase__in=OPEN).exclude(silent_until__gt=local_day(now))
    if later == ALSO:
        return rows
    return rows.filter(put_off(now)) if later == ONLY else rows.exclude(put_off(now))


def put_off(now: datetime) -> Q:
    """What waits for a later day."""
    return Q(diary__isnull=False, due__gt=now)


def task_due(now: datetime) -> Q:
    """A task is late, or this is its last day."""
    return Q(task_due__lte=end_of(local_day(now)))


def silent(actor: Actor, now: datetime) -> QuerySet[Signal]:
    """Open signals the actor may read that silent rules keep out of the queue: a lane of its own."""
    return signals_for(actor, now).filter(phase__in=OPEN, silent_until__gt=local_day(now))


def filtered(rows: QuerySet[Signal], wanted: QueueFilter, actor: Actor, now: datetime) -> QuerySet[Signal]:
    """Only what the filter names."""
    exact = {
        "phase": wanted.phase,
        "layer": wanted.layer,
        "unit": wanted.unit,
    }
    rows = in_lane(rows, wanted.lane).filter(**{name: value for name, value in exact.items() if value})
    if wanted.form:
        rows = rows.filter(forms__contains=[wanted.form])
    if wanted.owner == NOBODY:
        rows = rows.filter(owner__isnull=True)
    elif wanted.owner:
        rows = rows.filter(of_person(UUID(actor.id if wanted.owner == MINE else wanted.owner), wanted.share))
    if wanted.share in SHARES:
        rows = rows.filter(SHARES[wanted.share])
    if wanted.late:
        rows = rows.filter(due__lte=now)
    if wanted.very_late:
        rows = rows.filter(very_late__lte=now)
    if wanted.urgent:
        rows = rows.filter(URGENT)
    return rows.filter(task_due(now)) if wanted.task else rows


def of_person(person: UUID, share: str) -> Q:
    """What lies with a person: theirs, or theirs to do; with a share only the one or the other."""
    owns, does = Q(owner=person), Q(next_person=person)
    return {OWNS: owns, WAITS: owns, DOES: does}.get(share, owns | does)


def in_lane(rows: QuerySet[Signal], lane: str) -> QuerySet[Signal]:
    """The rows of a lane: earlier registrations wait in one of their own, unless there is danger or a minor."""
    if lane == DAILY:
        return rows.filter(Q(lane=DAILY) | URGENT)
    return rows.filter(lane=HISTORICAL).exclude(URGENT) if lane == HISTORICAL else rows


def described(rows: QuerySet[Signal], codes: list[str]) -> QuerySet[Signal, dict[str, Any]]:
    """The columns of a line, with the first words of the text, and the names of people.

    With codes of distressing indicators also where those stand, and enough words to see whole sentences.
    """
    most = SENTENCES if codes else TITLE
    first = TextVersion.objects.filter(signal=OuterRef("pk"), number=1).values(start=Left("text", most))[:1]
    hits = Hit.objects.filter(signal=OuterRef("pk"), version=1, indicator__among=codes)
    place = JSONObject(start="start", end="end", code="indicator", context="context")
    if codes:
        rows = rows.annotate(distressing=ArraySubquery(hits.values(place=place)))
    columns = ("distressing",) if codes else ()
    described_rows: QuerySet[Signal, dict[str, Any]] = rows.values(
        *("id", "number", "layer", "score", "forms", "phase", "channel", "received_at", "due", "very_late", "unit"),
        *("risk_to_life", "minor", "silent_sample", "diary", "reason_nl", "reason_en", "details", "held_until"),
        *("from_scan", "missing", "task_due", *columns),
        start=Subquery(first),
        owner_name=F("owner__name"),
        holder=F("held_by__name"),
    )
    return described_rows


LINES = Statement(lambda keys: described(Signal.objects.filter(pk__among=keys), []), keys=list)
FOLDING = Statement(
    lambda keys, codes: described(Signal.objects.filter(pk__among=keys), codes), **{"keys": list, "codes": list}
)
"""The lines of some signals, as they are, and for who wants distressing passages folded."""


def row_of(row: dict[str, Any], now: datetime, distress: Distress = NOTHING) -> QueueRow:
    """One line from its columns."""
    held = row["held_until"] is not None and row["held_until"] > now
    return QueueRow(
        id=row["id"],
        number=row["number"],
        title=heading_of(row, distress),
        reason_nl=row["reason_nl"],
        reason_en=row["reason_en"],
        layer=row["layer"],
        score=row["score"],
        forms=tuple(row["forms"]),
        phase=Phase(row["phase"]),
        channel=row["channel"],
        received_at=row["received_at"],
        due=row["due"],
        very_late=row["very_late"],
        unit=row["unit"],
        owner=row["owner_name"] or "",
        held_by=(row["holder"] or "") if held else "",
        risk_to_life=row["risk_to_life"],
        minor=row["minor"],
        came_back=row["diary"] is not None and row["due"] <= now,
        from_scan=row["from_scan"],
        missing=tuple(row["missing"]),
        silent_sample=row["silent_sample"],
        task_late=row["task_due"] is not None and row["task_due"] <= now,
    )


def heading_of(row: dict[str, Any], distress: Distress) -> Heading:
    """The title of a line. Of a text that is cut off, whatever is found further on is taken to be in its last words."""
    start = row["start"] or ""
    marks = [
        Mark(min(one["start"], len(start) - 1), min(one["end"], len(start)), "", one["code"], one["context"])
        for one in row.get("distressing", ())
        if start
    ]
    return heading(row["details"].get("title") or "", start, marks, distress)


def heading(called: str, text: str, marks: Iterable[Mark], distress: Distress) -> Heading:
    """What the service called it, else the first words of the text: outside what is folded, and saying none of it."""
    found = folds(text, marks, distress)
    if not found:
        return Heading(called or title(text[:TITLE]))
    if called and not tells(called, [text[m.start : m.end] for m in distressing(marks, distress)]):
        return Heading(called)
    rest = outside(text, found).splitlines()
    return Heading(title(next((line[:TITLE] for line in rest if any(map(str.isalnum, line))), "")), folded=True)


def title(start: str) -> str:
    """The first line of a text, cut at a word."""
    line = start.strip().split("\n", 1)[0]
    if len(line) < TITLE // 2:
        return line
    return line[: TITLE // 2].rsplit(" ", 1)[0].rstrip(" ,.;:") + " …"
