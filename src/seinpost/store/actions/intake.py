"""File registrations as signals: from a scan in batches, from a person one at a time; never twice, never lost.

Handing in again changes nothing: what is known by source, external id and words is counted as known. Other words under
a known id are appended as a version; the first ones never change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F

from seinpost.link.telling import aspects_of
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Processing, Profile, Purpose, Refusal, Task
from seinpost.process import commands as c
from seinpost.process.deadlines import local_day
from seinpost.process.decide import decide
from seinpost.process.events import Event
from seinpost.process.filing.silence import Addend, is_silent_sample, silenced_by
from seinpost.process.fold import apply, fold
from seinpost.process.measures.quality import not_told
from seinpost.process.people import Actor, Words
from seinpost.process.shapes import Reason, Refused, SignalView, Suppression
from seinpost.store.acting import Acting, actor_of, working_for
from seinpost.store.actions.attachments import commands_of, store_attachment
from seinpost.store.actions.notify import leave_notices
from seinpost.store.actions.versions import hit_rows, keys_of, store_version, stored_text
from seinpost.store.log import append_events, histories
from seinpost.store.models import (
    Contribution,
    Draft,
    DraftFile,
    Hit,
    Import,
    ImportFault,
    Signal,
    SignalKey,
    TextVersion,
    Unit,
)
from seinpost.store.projection import project
from seinpost.store.queries.silence import running_suppressions
from seinpost.store.received import NewText, Received
from seinpost.store.watching.second_look import ask_second_look

Known = dict[tuple[str, str], tuple[UUID, set[str]]]
"""Of registrations by source and external id: the signal each is, and the digests of its versions."""
SCAN, HISTORY, HISTORICAL = "scan", "history", "historical"
BECAME = ("filed", "known", "corrected", "refused")
NEW_WORDS = Words("De bron gaf dezelfde registratie met andere woorden.")


Made = tuple[Received, Signal, tuple[Event, ...]]
"""A signal that was decided on and is not stored yet."""


@dataclass(frozen=True, slots=True)
class Into:
    """Where what is handed in goes: a unit, and the lane of its queue."""

    unit: Unit
    lane: str = "daily"

    def channel_of(self, item: Received) -> str:
        """How a registration came in: what the scan finds in the historical lane has terms of its own."""
        return HISTORY if self.lane == HISTORICAL and item.channel == SCAN else item.channel


@dataclass(frozen=True, slots=True)
class FiledItem:
    """What became of one registration of an import, in a word of `BECAME`; when refused, also why."""

    became: str
    signal: UUID | None = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A signal that was filed."""

    signal: UUID
    view: SignalView


def file_batch(
    *, acting: Acting, batch: UUID, into: Into, items: Sequence[Received], now: datetime, plan: Procedure
) -> Counter[str]:
    """File one batch of an import in one transaction, with its counts; what became of the items, by word.

    A batch that is broken off leaves nothing; the import is handed in again and goes on behind what is known.
    """
    with working_for(acting, reach="all"):
        one_at_a_time(acting.service)
        known = known_versions(items)
        filed = file_items(acting=acting, batch=batch, into=into, items=items, known=known, now=now, plan=plan)
        counts = Counter(one.became for one in filed)
        add = {name: F(name) + counts[name] for name in BECAME}
        Import.objects.filter(pk=batch).update(**add)
        return counts


def file_items(
    *,
    acting: Acting,
    batch: UUID,
    into: Into,
    items: Sequence[Received],
    known: Known,
    now: datetime,
    plan: Procedure,
) -> list[FiledItem]:
    """File registrations inside the transaction of their import, which holds the lock; what became of each, in order.

    `known` is what was a signal before, and is added to.
    """
    actor = actor_of(acting, now)
    running = running_suppressions(acting.service, local_day(now))
    silent = running.get((Task(into.unit.task), Processing(into.unit.processing)), [])
    filed: list[FiledItem] = []
    fresh: list[tuple[Received, Signal, tuple[Event, ...]]] = []
    for item in items:
        key = (item.source, item.external_id)
        if key in known:
            signal, digests = known[key]
            filed.append(FiledItem("known" if item.digest in digests else "corrected", signal))
            if item.digest not in digests:
                if any(row.pk == signal for _, row, _ in fresh):  # of this same batch: it must be there to be corrected
                    insert(acting, fresh, now)
                    fresh = []
                append_version(acting, signal, item, now, plan)
                digests.add(item.digest)
            continue
        made = build(item, into, actor, now, plan, by_person=False, silent=silent)
        if isinstance(made, Refused):
            note_fault(acting, batch, item, made)
            filed.append(FiledItem("refused", None, made))
            continue
        fresh.append(made)
        known[key] = (made[1].pk, {item.digest})
        filed.append(FiledItem("filed", made[1].pk))
    insert(acting, fresh, now)
    return filed


def file_signal(
    *,
    acting: Acting,
    into: Into,
    item: Received,
    now: datetime,
    plan: Procedure,
    purpose: Purpose = Purpose.FOLLOW_UP,
    draft: UUID | None = None,
) -> Place | Refused:
    """File a signal that a person fills in: by phone, at the desk, from a partner. The form it came from is erased."""
    with working_for(acting, reach="all"):
        one_at_a_time(acting.service)
        key = (item.source, item.external_id)
        found = known_versions([item]).get(key)
        if found is not None:  # the form was sent twice
            erase(draft)
            return Place(found[0], fold(histories([found[0]])[found[0]]))
        made = build(item, into, actor_of(acting, now), now, plan, by_person=not acting.is_system, purpose=purpose)
        if isinstance(made, Refused):
            return made
        files = commands_of(files_of(draft), shows_source=bool(made[1].compartment))
        made = with_files(acting, made, files, now, plan, purpose)
        if isinstance(made, Refused):
            return made
        insert(acting, [made], now)
        for file in files:
            store_attachment(acting, made[1], file, now)
        erase(draft)
        return Place(made[1].pk, fold(made[2]))


def files_of(draft: UUID | None) -> list[DraftFile]:
    """The files of a form, in the order in which they came."""
    return list(DraftFile.objects.filter(draft=draft).order_by("pk")) if draft is not None else []


def with_files(
    acting: Acting, made: Made, files: Sequence[c.Attach], now: datetime, plan: Procedure, purpose: Purpose
) -> Made | Refused:  # budget: a decision has these parts
    """A signal with the files of its form, each an event of its own; the bytes are on the disk already."""
    item, row, events = made
    view = fold(events)
    for file in files:
        decided = decide(view, file, actor_of(acting, now), now, plan, purpose=purpose)
        if isinstance(decided, Refused):
            return decided
        events = (*events, *decided)
        view = apply(view, decided[0])
    return item, project(row, view), events


def erase(draft: UUID | None) -> None:
    """Erase the form that a signal came from, if it came from one."""
    if draft is not None:
        Draft.objects.filter(pk=draft).delete()


def one_at_a_time(service: str) -> None:
    """Let one hand-in of a service wait for another: two of the same registration must not both find it unknown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"intake {service}"])


def known_versions(items: Sequence[Received]) -> Known:
    """Of the registrations that are already signals: the signal, and the digests of its versions."""
    ids = {stored_text(item.external_id) for item in items}
    rows = TextVersion.objects.filter(signal__external_id__in=ids).values_list(
        "signal__source", "signal__external_id", "signal_id", "digest"
    )
    known: Known = {}
    for source, external_id, signal, digest in rows:
        known.setdefault((source, external_id), (signal, set()))[1].add(digest)
    return known


def build(
    item: Received,
    into: Into,
    actor: Actor,
    now: datetime,
    plan: Procedure,
    *,
    by_person: bool,
    purpose: Purpose = Purpose.FOLLOW_UP,
    silent: Sequence[Suppression] = (),
) -> tuple[Received, Signal, tuple[Event, ...]] | Refused:
    """Decide on one registration, and make its row; nothing is stored yet."""
    unit, service = into.unit, into.unit.service
    if faults := too_long(item):
        return Refused(faults)
    command = (c.File if by_person else c.Register if item.reading else c.File)(
        signal=str(uuid4()),
        service=service.code,
        profile=Profile(service.profile),
        task=Task(unit.task),
        processing=Processing(unit.processing),
        unit=unit.code,
        channel=into.channel_of(item),
        external_id="" if source_hidden(item) else item.external_id,
        digest=item.digest,
        received_at=item.received_at,
        practice=service.practice,
        author="" if source_hidden(item) else item.author,
        forms=item.forms,
        urgency=item.urgency,
        compartment=item.compartment,
        missing=item.missing or gaps_of(item, plan),
        silenced_by=met(item, silent, now, plan) if silent else (),
        silent_sample=is_silent_sample(item.digest, plan),
    )
    why = Purpose.GUARDING if actor.is_system else purpose
    decided = decide(None, command, actor, now, plan, purpose=why)
    if isinstance(decided, Refused):
        return decided
    view = fold(decided)
    row = Signal(
        id=UUID(view.id), service=service, task=unit.task, processing=unit.processing, practice=service.practice,
        source=item.source, external_id=item.external_id, digest=item.digest, channel=into.channel_of(item),
        from_scan=view.from_scan, lane=into.lane, author=item.author, registered_at=item.registered_at,
        received_at=item.received_at, details=stored_details(item.details),
    )  # fmt: skip
    if reading := item.reading:
        row.layer, row.score, row.pack = reading.layer, reading.score, reading.pack
        row.reason_nl, row.reason_en = reading.reason_nl, reading.reason_en
    return item, project(row, view), decided


def gaps_of(item: Received, plan: Procedure) -> tuple[str, ...]:
    """What a scanned text does not tell of who, where and when; the moment of registration tells when."""
    if not item.reading:
        return ()
    told = {aspect.value for aspect in aspects_of(item.text)} | ({"when"} if item.registered_at else set())
    return not_told(plan, frozenset(told))


def source_hidden(item: Received) -> bool:
    """Whether a scanned registration has a protected source: then neither chain, fault nor message says which it is.

    What a person files has no number of a source: its id is that of the form, its author who filled it in.
    """
    return bool(item.compartment and item.reading)


def place_of(item: Received) -> str:
    """How a fault names a registration; one of a protected source by the digest of its words."""
    return f"{item.source} {item.external_id}" if not source_hidden(item) else f"{item.compartment} {item.digest[:16]}"


def met(item: Received, silent: Sequence[Suppression], now: datetime, plan: Procedure) -> tuple[Suppression, ...]:
    """The silent rules that keep a registration of the scan out of the queue."""
    if item.reading is None:
        return ()
    addends = [Addend(one.rule, one.kind, one.weight) for one in item.reading.contributions]
    named = {f"{kind}:{key}" for kind, key in keys_of(item.text)}
    return silenced_by(item.reading.layer, addends, named, silent, item.urgency, today=local_day(now), plan=plan)


def too_long(item: Received) -> tuple[Reason, ...]:
    """A reason for each field that has no place for so much; one such row must not stop the rest of its batch."""
    fields = {name: getattr(item, name) for name in ("source", "external_id", "author", "channel")}
    return tuple(
        Reason(Refusal.UNKNOWN_CODE.value, (("field", name), ("code", value[:40])))
        for name, value in fields.items()
        if len(value) > (getattr(Signal._meta.get_field(name), "max_length", None) or 0) or value != stored_text(value)
    )


def insert(acting: Acting, fresh: Sequence[tuple[Received, Signal, tuple[Event, ...]]], now: datetime) -> None:
    """Store new signals with their words, what the scan said, what they name, and their first event."""
    service = acting.service
    Signal.objects.bulk_create([row for _, row, _ in fresh])
    TextVersion.objects.bulk_create(
        TextVersion(
            service_id=service, signal=row, number=1, text=stored_text(item.text), digest=item.digest,
            recorded_at=now, recorded_by=acting.person,
        )
        for item, row, _ in fresh
    )  # fmt: skip
    read = [(row, item.reading) for item, row, _ in fresh if item.reading]
    Hit.objects.bulk_create(hit for item, row, _ in fresh for hit in hit_rows(acting, row, 1, item.hits))
    Contribution.objects.bulk_create(
        Contribution(
            service_id=service, signal=row, rule=one.rule, kind=one.kind, weight=one.weight, context=one.context,
            start=one.start, end=one.end, quote=stored_text(one.quote), sentence=one.sentence,
            sentence_nl=one.sentence_nl, sentence_en=one.sentence_en,
        )
        for row, reading in read
        for one in reading.contributions
    )  # fmt: skip
    SignalKey.objects.bulk_create(
        SignalKey(service_id=service, signal=row, kind=kind, key=key)
        for item, row, _ in fresh
        for kind, key in keys_of(item.text)
    )
    events = [event for _, _, happened in fresh for event in happened]
    append_events(service, events)
    leave_notices(acting, events, {}, {row.pk: fold(happened) for _, row, happened in fresh}, now)
    ask_second_look(acting, [row for _, row, _ in fresh], now)


def stored_details(value: Any) -> Any:
    """The source's own columns, as PostgreSQL can hold them."""
    if isinstance(value, str):
        return stored_text(value)
    if isinstance(value, Mapping):
        return {stored_text(key): stored_details(inner) for key, inner in value.items()}
    return value


def append_version(acting: Acting, signal: UUID, item: Received, now: datetime, plan: Procedure) -> None:
    """Append other words under a known id to the signal, as a correction."""
    row = Signal.objects.select_for_update().get(pk=signal)
    view = fold(histories([signal])[signal])
    command = c.Correct(digest=item.digest, words=NEW_WORDS, changes_meaning=True, urgency=item.urgency)
    decided = decide(view, command, actor_of(acting, now), now, plan, purpose=Purpose.GUARDING)
    if isinstance(decided, Refused):
        raise LookupError(f"a new version of {place_of(item)} is refused: {decided.reasons}")
    before = {signal: view}
    append_events(acting.service, decided)
    for event in decided:
        view = apply(view, event)
    project(row, view).save()
    store_version(acting, row, view.versions, item.digest, NewText(item.text, item.hits), now)
    leave_notices(acting, decided, before, {signal: view}, now)


def note_fault(acting: Acting, batch: UUID, item: Received, refused: Refused) -> None:
    """Keep where a registration that cannot be filed stands, and why; not its words."""
    told = [f"{reason.code} {dict(reason.params)}" for reason in refused.reasons]
    if source_hidden(item):  # the value of a field may be the source itself
        told = [reason.code for reason in refused.reasons]
    problem = "; ".join(told)
    ImportFault.objects.create(
        service_id=acting.service, batch_id=batch, place=stored_text(place_of(item))[:300], problem=problem[:300]
    )
