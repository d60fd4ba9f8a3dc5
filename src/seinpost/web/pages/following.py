"""Enrichment, weighing, tasks and history of a signal, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from seinpost.packs.procedure.procedure import Step
from seinpost.packs.procedure.terms import ListName, Purpose, Refusal, Verb
from seinpost.process.commands import Undo
from seinpost.process.deadlines import local_day
from seinpost.process.decide import decide
from seinpost.process.events import Attached, Closed, Event, Fact, SourceProtected, Weighed
from seinpost.process.people import Actor, Words
from seinpost.process.shapes import Closing, Refused, SignalView, Weighing
from seinpost.process.telling.concerns import SECOND_LOOK, news_since, very_late
from seinpost.process.verbs.case import step_state, steps_of
from seinpost.process.verbs.following import OTHER as OTHER
from seinpost.store.queries.file import POINTING, SignalFile
from seinpost.web.pages.queue import Link
from seinpost.web.pages.words import lateness, lateness_told
from seinpost.web.reader import Reader, plan


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look-up as it was recorded."""

    system: str
    purpose: str
    ground: str
    result: str
    grade: str
    words: str
    by: str
    at: datetime
    until: date


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of enrichment: what, where, why, how far it is, and everything that was recorded of it."""

    code: str
    name: str
    look_for: str
    system: str
    ground: str
    basis: str
    required: bool
    state: str  # done, waived, unavailable, expired or open
    state_text: str
    waived: str  # why it was reasoned away
    by: str
    at: datetime | None
    looks: tuple[LookRow, ...]  # latest first
    record_url: str
    waive_url: str


@dataclass(frozen=True, slots=True)
class WeighingRow:
    """One weighing as it was made."""

    number: int
    by: str
    at: datetime
    outcome: str
    words: str
    prosecutor: bool
    criteria: tuple[tuple[str, str, str], ...]  # question, answer, sentence
    undone: bool


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """A closing: proposed, or agreed to."""

    reason: str
    words: str
    leads: tuple[tuple[str, str, bool], ...]  # where, what, found
    victim: str
    victim_words: str
    proposed_by: str
    proposed_at: datetime
    agreed_by: str


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """What a second person said."""

    agrees: bool
    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class TodoRow:
    """A task."""

    what: str
    words: str
    by: str
    due: datetime
    lateness: str
    lateness_text: str
    done: bool
    url: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    at: datetime
    by: str
    what: str
    words: tuple[str, ...]


def steps(file: SignalFile, reader: Reader) -> tuple[StepRow, ...]:
    """The steps that concern this signal, those still to do first."""
    rows = [step_row(file, step, reader) for step in steps_of(file.view, plan())]
    order = {"open": 0, "expired": 0, "unavailable": 0}
    return tuple(sorted(rows, key=lambda row: (order.get(row.state, 1), not row.required)))


def step_row(file: SignalFile, step: Step, reader: Reader) -> StepRow:
    """One step, how far it is, and what was recorded of it, latest first."""
    state, _said = step_state(file.view, step, local_day(reader.now))
    waiver = next((one for one in reversed(file.view.waivers) if one.step == step.code), None)
    looks = looks_of(file, step.code, reader)
    key, language = file.row.pk, reader.language
    query = f"?step={step.code}"
    return StepRow(
        code=step.code,
        name=step.label.told(language),
        look_for=step.look_for.told(language),
        system=step.system,
        ground=step.ground,
        basis=plan().names["authority"][step.basis.authority.value].told(language),
        required=step.required,
        state=state,
        state_text=state_told(state, looks),
        waived=str(waiver.words) if waiver else "",
        by=file.names.get(waiver.by, "") if waiver else "",
        at=waiver.at if waiver else None,
        looks=looks,
        record_url=reverse("signal-act", args=[key, Verb.LOOK_UP.value]) + query,
        waive_url=reverse("signal-act", args=[key, Verb.WAIVE.value]) + query,
    )


def looks_of(file: SignalFile, step: str, reader: Reader) -> tuple[LookRow, ...]:
    """Every look-up of a step, or of none ("other"), latest first."""
    grades, results = (
        plan().lists[ListName.GRADE],
        {**plan().lists[ListName.RESULT], **plan().lists[ListName.COMPETENCE]},
    )
    return tuple(
        LookRow(
            system=found.system,
            purpose=found.purpose,
            ground=found.ground,
            result=results[found.result].label.told(reader.language),
            grade=grades[found.grade].label.told(reader.language),
            words=str(found.words),
            by=file.names.get(found.by, ""),
            at=found.at,
            until=found.expires,
        )
        for found in reversed(file.view.look_ups)
        if found.step == step
    )


def other_url(file: SignalFile) -> str:
    """Where a look-up that belongs to no step is recorded."""
    return reverse("signal-act", args=[file.row.pk, Verb.LOOK_UP.value]) + f"?step={OTHER}"


def state_told(state: str, looks: tuple[LookRow, ...]) -> str:
    """How far a step is, in words: of what is done, the result."""
    told = {
        "waived": _("gemotiveerd overgeslagen"),
        "unavailable": _("kon niet worden bekeken"),
        "expired": _("verlopen"),
        "open": _("nog te doen"),
    }
    return told[state] if state in told else looks[0].result


def weighings(file: SignalFile, reader: Reader) -> tuple[WeighingRow, ...]:
    """The weighings, newest first."""
    return tuple(weighing_row(file, weighing, reader) for weighing in reversed(file.view.weighings))


def weighing_row(file: SignalFile, weighing: Weighing, reader: Reader) -> WeighingRow:
    """One weighing in words."""
    asked = {criterion.code: criterion.label for listed in plan().criteria.values() for criterion in listed}
    answers = plan().lists[ListName.ANSWER]
    return WeighingRow(
        number=weighing.number,
        by=file.names.get(weighing.by, ""),
        at=weighing.at,
        outcome=plan().names["outcome"][weighing.outcome.value].told(reader.language),
        words=weighing.words,
        prosecutor=weighing.prosecutor_consulted,
        criteria=tuple(
            (
                asked[judged.criterion].told(reader.language) if judged.criterion in asked else judged.criterion,
                answers[judged.answer].label.told(reader.language),
                str(judged.words),
            )
            for judged in weighing.judgements
        ),
        undone=weighing.undone,
    )


def closing(file: SignalFile, reader: Reader) -> ClosingRow | None:
    """The closing that waits for a second person, or the one that holds."""
    found: Closing | None = file.view.standing.pending or file.view.standing.closing
    if found is None:
        return None
    language, leads = reader.language, plan().lists[ListName.LEADS]
    return ClosingRow(
        reason=plan().lists[ListName.CLOSING][found.reason].label.told(language),
        words=found.words,
        leads=tuple((leads[lead.kind].label.told(language), str(lead.words), lead.found) for lead in found.leads),
        victim=plan().names["victim-contact"][found.victim.value].told(language),
        victim_words=found.victim_words,
        proposed_by=file.names.get(found.proposed_by, ""),
        proposed_at=found.proposed_at,
        agreed_by=file.names.get(found.agreed_by, ""),
    )


def opinions(file: SignalFile) -> tuple[OpinionRow, ...]:
    """What second persons said, newest first; disagreement stays."""
    return tuple(
        OpinionRow(found.agrees, file.names.get(found.by, ""), found.at, found.words)
        for found in reversed(file.view.opinions)
    )


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What came in since a signal was weighed or closed, and where it is weighed again."""

    closed: bool
    lines: tuple[str, ...]
    url: str


def second_look(file: SignalFile, reader: Reader) -> SecondLook | None:
    """What asks for a second look: words, files and answers since the last decision, and others that name the same."""
    if file.view.phase not in SECOND_LOOK:
        return None
    news = news_since(file.events, file.view)
    decided = max((one.at for one in file.events if isinstance(one.fact, Weighed | Closed)), default=file.view.last_at)
    counted = Counter(event.fact.kind for event in news)
    found = [f"{plan().names['fact'][kind].told(reader.language)}: {count}" for kind, count in counted.items()]
    others = sum(
        one.came_at is not None and one.came_at > decided and any(kind in POINTING for kind, _key in one.what)
        for one in file.related
    )
    if others:
        found.append(_("Registraties die hetzelfde noemen: %(count)d") % {"count": others})
    again = reverse("signal-act", args=[file.row.pk, Verb.REOPEN.value])
    return SecondLook(not file.view.is_open, tuple(found), again) if found else None


def todos(file: SignalFile, reader: Reader) -> tuple[TodoRow, ...]:
    """Tasks, open ones first."""
    rows = []
    for todo in sorted(file.view.todos, key=lambda found: (found.done, found.due)):
        state = "" if todo.done else lateness(todo.due, very_late(todo, plan()), reader.now)
        verb = Verb.ANSWER if todo.kind == "ask-author" else Verb.FINISH_TASK
        rows.append(
            TodoRow(
                what=plan().lists[ListName.TASKS][todo.kind].label.told(reader.language),
                words=todo.words,
                by=file.names.get(todo.by.person or "", "") or todo.by.unit,
                due=todo.due,
                lateness=state,
                lateness_text=lateness_told(state),
                done=todo.done,
                url=reverse("signal-act", args=[file.row.pk, verb.value]) + f"?task={todo.id}",
            )
        )
    return tuple(rows)


def notes(file: SignalFile, reader: Reader) -> tuple[Happened, ...]:
    """The notes, newest first."""
    return tuple(line(file, event, reader) for event in reversed(file.events) if event.fact.kind == "noted")


def line(file: SignalFile, event: Event, reader: Reader) -> Happened:
    """One event in words."""
    by = file.names.get(event.by) or _("Het systeem")
    said = () if names_source(file, event.fact) else tuple(str(value) for value in typed(event.fact) if value)
    return Happened(event.at, by, plan().names["fact"][event.fact.kind].told(reader.language), said)


def names_source(file: SignalFile, fact: Fact) -> bool:
    """Whether the words of an event may name a source that the reader may not know: why it is protected, a file's."""
    names = isinstance(fact, SourceProtected) or (isinstance(fact, Attached) and fact.shows_source)
    return names and not file.source_open


def typed(fact: Any) -> list[Words]:
    """The words somebody typed, on the first level of a fact."""
    found = [getattr(fact, field.name) for field in fields(fact)]
    return [value for value in found if isinstance(value, Words)]


def undo_url(view: SignalView, actor: Actor, purpose: Purpose, now: datetime) -> str:
    """Where the last decision is taken back; empty if the process would refuse that now."""
    outcome = decide(view, Undo(words=Words("")), actor, now, plan(), purpose=purpose)
    unseen = Refusal.OTHER_SIGNAL_NEEDED.value  # of a join: the door looks the other one up
    if isinstance(outcome, Refused) and any(found.code != unseen for found in outcome.reasons):
        return ""
    return reverse("signal-act", args=[view.id, Verb.UNDO.value])


def undo(file: SignalFile, reader: Reader) -> Link | None:
    """The last decision, to be taken back by who may: their own, or by a coordinator somebody else's, who is named."""
    url = undo_url(file.view, file.actor, file.purpose, reader.now)
    if not url:
        return None
    by = next(decision.by for decision in reversed(file.view.decisions) if not decision.undone)
    if by == reader.acting.person:
        return Link(url, _("Laatste besluit terugnemen"))
    return Link(url, _("Besluit van %(who)s terugnemen") % {"who": file.names.get(by, _("Het systeem"))})
