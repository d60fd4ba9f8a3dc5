"""One signal as its pages show it: the head that all of them share, and what each part adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from seinpost.packs.procedure.terms import Authority, ListName, Phase, Verb
from seinpost.process.decide import offered
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Refused, Standing
from seinpost.process.speech import reference, say
from seinpost.process.verbs.case import steps_of, steps_open
from seinpost.store.queries.drafts import SOURCE
from seinpost.store.queries.file import SignalFile
from seinpost.web.pages.following import SecondLook, second_look
from seinpost.web.pages.gaps import Gaps, author, gaps
from seinpost.web.pages.queue import Link
from seinpost.web.pages.words import forms_told, kind_told, lateness, lateness_told, phase_told, purpose_told
from seinpost.web.reader import Reader, names, plan
from seinpost.web.reading import Reason
from seinpost.web.registration import reasons_of, title
from seinpost.web.whence import queue_address

CHAIN = (Phase.REGISTERED, Phase.ENRICHMENT, Phase.WEIGHING, Phase.WEIGHED)


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """One step of the chain."""

    name: str
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next."""

    what: str
    owner: str
    due: datetime
    lateness: str
    lateness_text: str
    law: bool
    source: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the signal."""

    url: str
    label: str
    current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the reader may do now: a button that does it, or a link to what must be filled in first."""

    code: str
    label: str
    key: str
    url: str
    direct: bool = False
    main: bool = False
    why_not: tuple[str, ...] = ()  # what stands in the way now, in words


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """Another signal that names the same thing."""

    reference: str
    url: str
    same: str
    state: str
    beside_url: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What all pages of a signal share."""

    key: UUID
    reference: str
    title: str
    channel: str
    received: datetime
    unit: str
    purpose: str
    layer: str
    forms: tuple[str, ...]
    life: bool
    minor: bool
    restricted: bool
    back_url: str
    back_label: str
    phases: tuple[PhaseMark, ...]
    phase: str
    next: NextStep | None
    other_reader: str
    tabs: tuple[Tab, ...]
    facts: tuple[Fact, ...]
    reason: str
    score_text: str
    bars_for: list[Reason]
    bars_against: list[Reason]
    versions: int
    versions_url: str
    decide_url: str
    gaps: Gaps | None
    second_look: SecondLook | None
    question: str = ""  # of the queue from which one came


def head(file: SignalFile, reader: Reader, tab: str) -> Head:
    """The head for one part."""
    view, row, english = file.view, file.row, reader.language == "en"
    speaks_for, against = reasons_of(file, reader)
    return Head(
        key=row.pk,
        reference=reference(view.service, row.number),
        title=title(file, reader),
        channel=plan().channels[view.channel].label.told(reader.language),
        received=view.received_at,
        unit=row.unit.name_en if english else row.unit.name_nl,
        purpose=purpose_told(file.purpose, view.processing, plan(), reader.language),
        layer=row.layer,
        forms=tuple(forms_told([code], names(), reader.language) for code in sorted(view.forms)),
        life=view.urgency.risk_to_life,
        minor=view.urgency.minor,
        restricted=bool(view.need_to_know),
        back_url=queue_address(reader.question),
        back_label=_("Wachtrij"),
        phases=phases(file, reader),
        phase=phase_told(view.phase, plan(), reader.language),
        next=next_step(file, reader),
        other_reader=", ".join(file.present),
        tabs=tabs(file, tab, reader),
        facts=facts(file, reader),
        reason=row.reason_en if english else row.reason_nl,
        score_text=f"{row.score:.1f}" if row.score is not None else "",
        bars_for=speaks_for,
        bars_against=against,
        versions=len(file.versions),
        versions_url=reverse("signal-history", args=[row.pk]),
        decide_url=reverse("signal-decide", args=[row.pk]),
        gaps=gaps(file, reader, act_url(file, Verb.ASK_AUTHOR) if can(file, Verb.ASK_AUTHOR, reader) else ""),
        second_look=second_look(file, reader) if can(file, Verb.REOPEN, reader) else None,
        question=reader.question,
    )


def phases(file: SignalFile, reader: Reader) -> tuple[PhaseMark, ...]:
    """The chain with where the signal stands; an end stands behind it."""
    here = file.view.phase
    order = list(CHAIN) if here in CHAIN else [*CHAIN, here]
    at = order.index(here)
    return tuple(PhaseMark(phase_told(p, plan(), reader.language), n < at, p is here) for n, p in enumerate(order))


def next_step(file: SignalFile, reader: Reader) -> NextStep | None:
    """The next action in words; a signal at rest has none."""
    action = file.view.standing.next_action
    if action is None:
        return None
    state = lateness(action.due, action.very_late, reader.now)
    rule = next((d for d in plan().deadlines if d.code == action.deadline), None)
    owner = file.names.get(action.by.person or "", "") or _("wachtrij van %(unit)s") % {"unit": file.row.unit}
    return NextStep(
        what=plan().actions[action.kind].label.told(reader.language),
        owner=owner,
        due=action.due,
        lateness=state,
        lateness_text=lateness_told(state),
        law=rule is not None and rule.basis.authority is Authority.LAW,
        source=rule.label.told(reader.language) if rule else "",
    )


def tabs(file: SignalFile, current: str, reader: Reader) -> tuple[Tab, ...]:
    """The parts, with how far enrichment is and how much there is to see."""
    key, view = file.row.pk, file.view
    steps = [step for step in steps_of(view, plan()) if step.required]
    still = len(steps_open(view, plan(), reader.now))
    listed = (
        ("signal", _("Lezen"), ""),
        ("signal-enrich", _("Verrijken"), f"{len(steps) - still}/{len(steps)}"),
        ("signal-weigh", _("Wegen"), str(len(view.weighings) or "")),
        ("signal-tasks", _("Taken"), str(len(view.open_todos) or "")),
        ("signal-attachments", _("Bijlagen"), str(sum(one.erased_at is None for one in view.attachments) or "")),
        ("signal-history", _("Geschiedenis"), str(view.sequence)),
    )
    return tuple(Tab(reverse(name, args=[key]), label, name == current, count) for name, label, count in listed)


def source_told(file: SignalFile, by_form: bool) -> str:
    """Where it came from; a protected source only for who has rights to it."""
    if not file.source_open:
        return _("beschermd: alleen voor wie daarvoor rechten heeft")
    return _("meldformulier") if by_form else file.row.source


def is_hidden(file: SignalFile, name: str) -> bool:
    """Whether a kept column tells who a source is that the reader may not know.

    Of the form the procedure says which do, of a row its profile or key; where nothing was said, every column may.
    """
    if file.source_open:
        return False
    if file.row.source == SOURCE:
        return any(prompt.code == name and prompt.identifies for prompt in plan().prompts)
    identifies = file.row.details.get("identifies")
    return not identifies or name in identifies


def facts(file: SignalFile, reader: Reader) -> tuple[Fact, ...]:
    """What else is known of the registration."""
    row, told = file.row, plan().names
    by_form = row.source == SOURCE
    found = [
        Fact(_("Nummer bij de bron"), row.external_id if file.source_open and not by_form else ""),
        Fact(_("Bron"), source_told(file, by_form)),
        Fact(_("Opgesteld door"), author(file)),
        Fact(_("Taak"), told["task"][file.view.task.value].told(reader.language)),
        Fact(_("Regime"), told["processing"][file.view.processing.value].told(reader.language)),
        Fact(_("Pakket"), row.pack),
    ]
    titles = {p.code: p.title.told(reader.language) for p in plan().prompts} if by_form else {}
    shown = {name: value for name, value in row.details.get("kept", {}).items() if not is_hidden(file, name)}
    found += [Fact(titles.get(name, name.replace("_", " ")), str(value)) for name, value in shown.items()]
    found += [Fact(kind_told(kind), key) for kind, key in file.keys]
    return tuple(fact for fact in found if fact.value)


def related(file: SignalFile, reader: Reader) -> tuple[RelatedRow, ...]:
    """Other signals that name the same; one the reader may not open is a hit without content."""
    rows = []
    for other in file.related:
        same = ", ".join(f"{kind_told(kind)} {key}".strip() for kind, key in other.what)
        state = phase_told(Phase(other.phase), plan(), reader.language)
        if other.id is None:
            rows.append(RelatedRow(_("Treffer zonder inhoud"), "", same, _("Neem contact op met %s") % other.unit))
        else:
            url = reverse("signal", args=[other.id])
            told = f"{state}: {ending}" if (ending := ended_as(other.ended, reader)) else state
            beside = reverse("signal-beside", args=[file.row.pk, other.id])
            rows.append(RelatedRow(reference(file.view.service, other.number), url, same, told, beside))
    return tuple(rows)


def ended_as(standing: Standing | None, reader: Reader) -> str:
    """How another signal ended or was weighed, by the lists of the procedure; nobody's own words."""
    if standing is None:
        return ""
    parts = []
    if standing.outcome is not None:
        parts.append(plan().names["outcome"][standing.outcome.value].told(reader.language))
    if standing.dismissal is not None:
        parts.append(plan().lists[ListName.DISMISSAL][standing.dismissal.reason].label.told(reader.language))
    if standing.closing is not None:
        parts.append(plan().lists[ListName.CLOSING][standing.closing.reason].label.told(reader.language))
    return ", ".join(part[:1].lower() + part[1:] for part in parts)


# --- what the reader may do -----------------------------------------------------------------------------------------

DIRECT = frozenset((Verb.TAKE,))
KEYS = {
    Verb.CONFIRM: "s",
    Verb.JOIN: "h",
    Verb.DISMISS: "g",
    Verb.UNSURE: "t",
    Verb.POSTPONE: "l",
    Verb.TAKE: "p",
    Verb.LOOK_UP: "v",
    Verb.SUBMIT: "a",
    Verb.WEIGH: "w",
    Verb.AGREE: "i",
    Verb.DISAGREE: "o",
    Verb.CLOSE: "x",
    Verb.REOPEN: "r",
}
ON_THE_BAR: dict[Phase, tuple[Verb, ...]] = {
    Phase.REGISTERED: (Verb.CONFIRM, Verb.JOIN, Verb.DISMISS, Verb.UNSURE, Verb.POSTPONE),
    Phase.ENRICHMENT: (Verb.SUBMIT, Verb.LOOK_UP, Verb.JOIN, Verb.POSTPONE, Verb.AGREE, Verb.DISAGREE),
    Phase.WEIGHING: (Verb.WEIGH, Verb.LOOK_UP, Verb.AGREE, Verb.DISAGREE),
    Phase.WEIGHED: (Verb.LOOK_UP, Verb.CLOSE, Verb.REOPEN, Verb.POSTPONE, Verb.AGREE, Verb.DISAGREE),
}
OPINIONS = frozenset((Verb.AGREE, Verb.DISAGREE))
MORE = (
    *(Verb.NOTE, Verb.ASK_AUTHOR, Verb.ADD_TASK, Verb.PLAN, Verb.ASSIGN, Verb.RELEASE, Verb.MARK_URGENT, Verb.PAUSE),
    *(Verb.RESUME, Verb.WAIVE, Verb.CLOSE, Verb.ESCALATE, Verb.CORRECT, Verb.SUPPRESS, Verb.RESTRICT),
    *(Verb.LIFT_RESTRICTION, Verb.PROTECT_SOURCE, Verb.ATTACH, Verb.ERASE_ATTACHMENT),
)


def choices(file: SignalFile, reader: Reader) -> tuple[Choice, ...]:
    """What stands on the bar: the verbs of the phase that the reader has a right to, the first possible one the clear
    next step; one that the process would refuse now says why.
    """
    verbs = ON_THE_BAR.get(file.view.phase, (Verb.REOPEN,))
    pending = file.view.standing.pending is not None
    wanted = [
        verb for verb in verbs if (verb in OPINIONS) is pending or verb not in (OPINIONS | {Verb.WEIGH, Verb.SUBMIT})
    ]
    answers = offered(file.view, file.actor, reader.now, plan(), purpose=file.purpose)
    allowed = [verb for verb in wanted if can(file, verb, reader)]
    first = next((verb for verb in allowed if isinstance(answers[verb], Allowed)), None)
    return tuple(
        replace(choice(file, verb, reader, main=verb is first), why_not=why_not(answers[verb], file, reader))
        for verb in allowed
    )


def why_not(answer: Allowed | Refused, file: SignalFile, reader: Reader) -> tuple[str, ...]:
    """What stands in the way of a verb, in words; people by name."""
    if isinstance(answer, Allowed):
        return ()
    named = tuple(
        replace(r, params=tuple((name, readable(name, value, file)) for name, value in r.params))
        for r in answer.reasons
    )
    return say(Refused(named), plan(), reader.language)


def readable(name: str, value: str, file: SignalFile) -> str:
    """A parameter of a reason as a person reads it: people by name, a moment by the clock on the wall."""
    if name == "until" and "T" in value:
        return date_format(localtime(datetime.fromisoformat(value)), "j F H:i")
    return file.names.get(value, value)


def more(file: SignalFile, reader: Reader) -> tuple[Link, ...]:
    """Everything else the reader may do, as links."""
    on_bar = {verb for verb in ON_THE_BAR.get(file.view.phase, ())}
    return tuple(
        Link(act_url(file, verb), verb_told(verb, reader))
        for verb in MORE
        if verb not in on_bar and can(file, verb, reader)
    )


def can(file: SignalFile, verb: Verb, reader: Reader) -> bool:
    """Whether the policy lets the reader, and the phase knows the verb; the rest is for the door to say, with why."""
    if (verb, file.view.phase) not in plan().moves:
        return False
    return isinstance(may(file.actor, verb, file.view.thing, file.purpose, reader.now), Allowed)


def choice(file: SignalFile, verb: Verb, reader: Reader, *, main: bool) -> Choice:
    """One verb on the bar."""
    return Choice(verb.value, verb_told(verb, reader), KEYS.get(verb, ""), act_url(file, verb), verb in DIRECT, main)


def act_url(file: SignalFile, verb: Verb) -> str:
    """Where a verb is filled in."""
    return reverse("signal-act", args=[file.row.pk, verb.value])


def verb_told(verb: Verb, reader: Reader) -> str:
    """A verb in words."""
    return plan().names["verb"][verb.value].told(reader.language)
