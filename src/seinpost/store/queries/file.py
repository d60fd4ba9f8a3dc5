"""One signal with all a page shows of it: opened only if the policy allows, and recorded in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Phase, Purpose, Refusal, Verb
from seinpost.process.events import Event, Registered, TaskAdded
from seinpost.process.fold import fold
from seinpost.process.people import Actor
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Reason, Refused, SignalView, Standing, ToDo
from seinpost.process.telling.concerns import SECOND_LOOK
from seinpost.process.verbs.keeping import ASK
from seinpost.report import view as report
from seinpost.report.distress import ASIDE
from seinpost.store.acting import Acting, actor_of, working_for
from seinpost.store.log import Look, histories, history, record_look
from seinpost.store.models import (
    CaseEvent,
    Person,
    Signal,
)
from seinpost.store.opening import (
    ASKED,
    CONTRIBUTIONS,
    HITS,
    KEYS,
    MOST,
    NAMES,
    SAME_FILE,
    SAME_KEY,
    SAME_WORDS,
    SIGNAL,
    TEXTS,
    UNIT,
    files_of_others,
    keys_of_others,
    words_of_others,
)
from seinpost.store.queries.around import reading
from seinpost.store.queries.scope import PURPOSES, signals_for
from seinpost.store.watching.second_look import SAME

EARLY = frozenset(phase.value for phase in (Phase.REGISTERED, Phase.ENRICHMENT, Phase.WEIGHING))
POINTING = frozenset(("text", *SAME))
"""What two signals share that points at one person, firm or event."""
UNKNOWN = Refused((Reason(Refusal.UNKNOWN_SIGNAL.value),))


@dataclass(frozen=True, slots=True)
class Related:
    """Another signal that names the same thing. Without `id` the reader may not open it: a hit without content."""

    what: tuple[tuple[str, str], ...]  # kind and key
    id: UUID | None
    number: int
    unit: str
    phase: str
    came_at: datetime | None  # when it was filed; only told of what was weighed or rests
    key: UUID  # always there: for the record of what was shown, never for the page
    ended: Standing | None  # how it ended or was weighed, only for who may open it


@dataclass(frozen=True, slots=True)
class Relations:
    """Of signals that were once shown as related: which still name the same, and the numbers of those one may read."""

    still: frozenset[UUID]
    readable: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the text, with what was found in it: what the scan told, if it did, and what pages fold."""

    number: int
    text: str
    recorded_at: datetime
    recorded_by: str
    marks: tuple[report.Mark, ...]


class Source(Enum):
    """Whether a reader sees who told it; sealed: their rights open it, but only after a fresh proof of who they are."""

    OPEN = "open"
    SEALED = "sealed"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class SignalFile:
    """Everything a page about one signal shows. `explained` is the scan's word of the day it was received, if any.

    `marks` are what was found in its first words, what only folds among it.
    """

    row: Signal
    view: SignalView
    purpose: Purpose
    actor: Actor
    versions: tuple[Version, ...]
    explained: report.SignalView | None
    marks: tuple[report.Mark, ...]
    related: tuple[Related, ...]
    keys: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    names: Mapping[str, str]  # people by id
    present: tuple[str, ...]  # names of others who opened it just now
    source: Source

    @property
    def source_open(self) -> bool:
        """Whether who told it may be shown."""
        return self.source is Source.OPEN


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody sees it who was asked and may not read the signal; of `view` nothing else is shown."""

    number: int
    view: SignalView
    purpose: Purpose
    task: ToDo
    asked: tuple[str, ...]  # questions of the procedure
    by: str  # who asks, by name
    at: datetime
    first: Version
    latest: Version


def open_question(*, acting: Acting, signal: UUID, task: str, now: datetime, plan: Procedure) -> Question | None:
    """Open the one question that was put to somebody who may not read the signal, with the words it is about.

    None where there is none: they may read the signal itself, were not asked this, or answered. The look is recorded
    as one to answer, in the transaction that reads.
    """
    with working_for(acting, reach="all"):
        row = Signal.objects.filter(pk=signal).first()
        view, events, purpose, todos = put_to(acting, signal, now)
        todo = next((one for one in todos if one.id == task), None)
        if row is None or view is None or todo is None or (Verb.ANSWER, view.phase) not in plan.moves:
            return None
        put = next(e for e in events if isinstance(e.fact, TaskAdded) and e.fact.todo.id == task)
        by = Person.objects.filter(pk=put.by).values_list("name", flat=True).first() or ""
        texts = versions_of(row)
        record_look(Look(acting=acting, at=now, purpose=purpose, verb=Verb.ANSWER, signal=signal))
        asked = put.fact.questions if isinstance(put.fact, TaskAdded) else ()
        return Question(row.number, view, purpose, todo, asked, by, put.at, texts[0], texts[-1])


def question_for(*, acting: Acting, signal: UUID, now: datetime) -> str:
    """The first question that waits for somebody who may not read the signal; empty where there is none."""
    with working_for(acting, reach="all"):
        if not ASKED(key=signal, person=acting.person):
            return ""
        todos = put_to(acting, signal, now)[3]
        return min(todos, key=lambda one: one.due).id if todos else ""


def put_to(
    acting: Acting, signal: UUID, now: datetime
) -> tuple[SignalView | None, tuple[Event, ...], Purpose, tuple[ToDo, ...]]:
    """The signal, and the open questions on it to somebody who may answer them but not read it."""
    actor, events = actor_of(acting, now), history(signal)
    if not events:
        return None, (), Purpose.FOLLOW_UP, ()
    view = fold(events)
    purpose, verdict = why(actor, view, now, Verb.ANSWER)
    asked = isinstance(verdict, Allowed) and view.is_open and isinstance(why(actor, view, now)[1], Refused)
    own = [todo for todo in view.open_todos if todo.kind == ASK and todo.by.person == actor.id]
    return view, events, purpose, tuple(own) if asked else ()


def open_signal(*, acting: Acting, signal: UUID, now: datetime, proved: bool = False) -> SignalFile | Refused:
    """Open a signal for reading, or say why not. For somebody of another service it does not exist.

    A protected source is open if, and only if, their rights open it and the reader just `proved` who they are; that it
    was is a look of its own. Looks are recorded in the transaction that reads; when one cannot be, nothing is shown.
    """
    with working_for(acting, reach="all"):
        actor = actor_of(acting, now)
        row = SIGNAL.first(key=signal)
        if row is None:
            return UNKNOWN
        row.unit = UNIT(code=row.unit_id)[0]
        events = history(signal)
        view = fold(events)
        purpose, verdict = why(actor, view, now)
        if isinstance(verdict, Refused):
            code = verdict.reasons[0].code
            look(acting, now, purpose, signal, refused=code)
            return verdict
        look(acting, now, purpose, signal)
        file = gather(actor, row, view, events, purpose, now)
        source = source_for(actor, view, purpose, now, proved=proved)
        if view.compartment and source is Source.OPEN:
            record_look(Look(acting=acting, at=now, purpose=purpose, verb=Verb.READ_SOURCE, signal=signal))
        return replace(file, source=source)


def verdict(
    *, acting: Acting, signal: UUID, verb: Verb, purpose: Purpose, now: datetime, file: SignalFile | None = None
) -> Allowed | Refused:
    """Whether the policy lets somebody do a verb to a signal; a refusal is in the view log.

    `file` spares reading a signal that is open already. For somebody of another service it does not exist.
    """
    with working_for(acting, reach="all"):
        if file is not None:
            actor, thing = file.actor, file.view.thing
        elif events := history(signal):
            actor, thing = actor_of(acting, now), fold(events).thing
        else:
            return UNKNOWN
        found = may(actor, verb, thing, purpose, now)
        if isinstance(found, Refused):
            reason = found.reasons[0].code
            record_look(Look(acting=acting, at=now, purpose=purpose, verb=verb, signal=signal, refused=reason))
        return found


def may_break_glass(*, acting: Acting, signal: UUID, now: datetime) -> bool:
    """Whether emergency access can be offered; asking is no attempt, so it is not in the view log."""
    with working_for(acting, reach="all"):
        events = history(signal)
        if not events:
            return False
        thing, actor = fold(events).thing, actor_of(acting, now)
        return isinstance(may(actor, Verb.BREAK_GLASS, thing, Purpose.EMERGENCY, now), Allowed)


def why(actor: Actor, view: SignalView, now: datetime, verb: Verb = Verb.READ) -> tuple[Purpose, Allowed | Refused]:
    """The first purpose for which the actor may read it; else the refusal that came nearest."""
    held = [p for p in PURPOSES if any(p in grant.purposes for grant in actor.grants)] or [Purpose.FOLLOW_UP]
    verdicts = [(purpose, may(actor, verb, view.thing, purpose, now)) for purpose in held]
    return next(((p, v) for p, v in verdicts if isinstance(v, Allowed)), verdicts[0])


def look(acting: Acting, now: datetime, purpose: Purpose, signal: UUID, refused: str = "") -> None:
    """Record that somebody read a signal, or was refused."""
    record_look(Look(acting=acting, at=now, purpose=purpose, verb=Verb.READ, signal=signal, refused=refused))


def gather(
    actor: Actor,
    row: Signal,
    view: SignalView,
    events: tuple[Event, ...],
    purpose: Purpose,
    now: datetime,
) -> SignalFile:
    """Read everything else; a fixed number of queries, whatever the signal holds."""
    versions = versions_of(row)
    keys = tuple(KEYS(signal=row.pk))
    names = {str(key): name for key, name in NAMES(service=row.service_id)}
    there = reading(actor, [row.pk], now).get(row.pk, set())
    said = explained(row, versions[0]) if row.from_scan and versions else None
    return SignalFile(
        row=row,
        view=view,
        purpose=purpose,
        actor=actor,
        versions=versions,
        explained=said,
        marks=versions[0].marks if versions else (),
        related=related(actor, row, now),
        keys=keys,
        events=events,
        names=names,
        present=tuple(sorted(names[one] for one in there if one in names)),
        source=Source.SHUT,
    )


def source_for(actor: Actor, view: SignalView, purpose: Purpose, now: datetime, *, proved: bool) -> Source:
    """Whether a reader may know the source, who `proved` just now who they are or did not."""
    if not view.compartment:
        return Source.OPEN
    if not isinstance(may(actor, Verb.READ_SOURCE, view.thing, purpose, now), Allowed):
        return Source.SHUT
    return Source.OPEN if proved else Source.SEALED


def versions_of(row: Signal) -> tuple[Version, ...]:
    """The versions of the words of a signal, with what was found in each in its order."""
    found: dict[int, list[report.Mark]] = defaultdict(list)
    for h in HITS(signal=row.pk):
        found[h.version].append(report.Mark(h.start, h.end, report.mark_kind(h.context), h.indicator, h.context))
    return tuple(
        Version(v.number, v.text, v.recorded_at, v.recorded_by, tuple(found[v.number])) for v in TEXTS(signal=row.pk)
    )


def explained(row: Signal, first: Version) -> report.SignalView:
    """What the scan said, as the reports know it."""
    marks = [one for one in first.marks if one.context != ASIDE]
    bars = []
    for c in CONTRIBUTIONS(signal=row.pk):
        bars.append(report.Bar(c.rule, c.kind, c.weight, c.quote or None, c.sentence_nl, c.sentence_en))
        if c.kind == "resemblance" and c.start is not None and c.end is not None:
            marks.append(report.Mark(c.start, c.end, "likeness", row.details.get("resembles") or c.rule, ""))
    details: dict[str, Any] = row.details
    return report.SignalView(
        registration_id=row.external_id,
        rank=None,
        layer=row.layer,
        score=row.score or 0.0,
        cause=details.get("cause", ""),
        reason_nl=row.reason_nl,
        reason_en=row.reason_en,
        forms=tuple(details.get("forms", ())),
        indicators=tuple(details.get("indicators", ())),
        dimensions=tuple(details.get("dimensions", ())),
        positive_dimensions=tuple(details.get("positive_dimensions", ())),
        elements=tuple(details.get("elements", ())),
        minor=bool(details.get("minor", False)),
        already_known=bool(details.get("already_known", False)),
        resembles=details.get("resembles"),
        resemblance=details.get("resemblance"),
        text=first.text,
        marks=tuple(marks),
        bars=tuple(bars),
        source=row.source,
    )


def related(actor: Actor, row: Signal, now: datetime) -> tuple[Related, ...]:
    """Other signals of the service with the same words, file, phone, plate, address, firm: newest first."""
    shared: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for other in SAME_WORDS(signal=row.pk, digest=row.digest):
        shared[other].append(("text", ""))
    for other in SAME_FILE(signal=row.pk):
        shared[other].append(("file", ""))
    for other, kind, key in SAME_KEY(signal=row.pk):
        shared[other].append((kind, key))
    if not shared:
        return ()
    readable = set(signals_for(actor, now).filter(pk__in=shared).values_list("pk", flat=True))
    rows = Signal.objects.filter(pk__in=shared).order_by("-received_at")[:MOST]
    came: dict[UUID | None, datetime] = {}
    if row.phase in [phase.value for phase in SECOND_LOOK]:
        first = CaseEvent.objects.filter(signal__in=[other.pk for other in rows], kind=Registered.kind)
        came = dict(first.values_list("signal", "at"))
    ended = standings([o.pk for o in rows if o.pk in readable and o.phase not in EARLY])
    return tuple(
        Related(
            tuple(sorted(shared[o.pk])),
            o.pk if o.pk in readable else None,
            o.number,
            o.unit_id,
            o.phase,
            came.get(o.pk),
            o.pk,
            ended.get(o.pk),
        )
        for o in rows
    )


def standings(signals: Sequence[UUID]) -> dict[UUID, Standing]:
    """How signals stand, by their events: two queries, none for no signals."""
    return {key: fold(events).standing for key, events in histories(signals).items()} if signals else {}


def relations(acting: Acting, file: SignalFile, others: Collection[UUID], now: datetime) -> Relations:
    """How signals that were once shown as related to one stand to it now."""
    if not others:
        return Relations(frozenset(), {})
    with working_for(acting, reach="all"):
        still = {*words_of_others(file.row.pk, file.row.digest).filter(pk__in=others).values_list("pk", flat=True)}
        still |= {*files_of_others(file.row.pk).filter(signal__in=others).values_list("signal", flat=True)}
        still |= {*keys_of_others(file.row.pk).filter(signal__in=others).values_list("signal", flat=True)}
        numbers = dict(signals_for(file.actor, now).filter(pk__in=others).values_list("pk", "number"))
    return Relations(frozenset(still), numbers)
