"""A frozen procedure: how a service follows up, as dated and sourced values. Built by `load_procedure`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from seinpost.packs.pack import Source
from seinpost.packs.procedure.terms import (
    Ask,
    Authority,
    Calendar,
    Goes,
    Guard,
    ListName,
    OptionsFrom,
    Outcome,
    Phase,
    Profile,
    Refusal,
    Setting,
    StartsOn,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a person reads, in both languages."""

    nl: str
    en: str

    def told(self, language: str) -> str:
        """The text in "nl" or "en"."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a value comes from: source key, how much weight it has, and since when it holds."""

    source: str
    authority: Authority
    since: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list that people choose from; `always`: must be answered each time the list is."""

    code: str
    label: Label
    basis: Basis
    always: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """What a verb does to a signal in one phase; `to` None: it stays; `then` empty: the next action stays."""

    verb: Verb
    start: Phase
    to: Phase | None
    then: str
    needs: tuple[Guard, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """Where an outcome of the weighing leads to."""

    outcome: Outcome
    to: Phase
    then: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of next action; a person may plan it in these phases, and it is done by one of these verbs."""

    code: str
    label: Label
    phases: tuple[Phase, ...]
    done_by: tuple[Verb, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a next action may take; the most specific one that fits holds.

    Specific: `urgent` before a profile, a profile before neither. `very_late` comes on top of `length`.
    """

    code: str
    action: str
    profile: Profile | None
    urgent: str  # "", "risk-to-life" or "minor"
    length: int
    very_late: int
    calendar: Calendar
    starts_on: StartsOn
    label: Label
    basis: Basis


@dataclass(frozen=True, slots=True)
class FixedHoliday:
    """A holiday on the same day each year; on a Sunday it moves by `on_sunday` days."""

    month: int
    day: int
    on_sunday: int
    label: Label


@dataclass(frozen=True, slots=True)
class EasterHoliday:
    """A holiday a number of days after Easter Sunday."""

    offset: int
    label: Label


@dataclass(frozen=True, slots=True, eq=False)
class Holidays:
    """The rules for public holidays, and days that a decree made equal to one.

    Compared by identity: a cache of years looks these up for every day it counts.
    """

    fixed: tuple[FixedHoliday, ...]
    easter: tuple[EasterHoliday, ...]
    extra: frozenset[date]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Step:
    """One step of enrichment of a service; limited to `forms` and, with `minor_only`, to minors, if it says so."""

    code: str
    label: Label
    system: str
    look_for: Label
    required: bool
    forms: tuple[str, ...]
    minor_only: bool
    results: ListName  # what it can come to, beside "could not be looked at"
    ground: str
    purpose: str
    days_valid: int
    basis: Basis

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems it can be looked up in, one by one."""
        return tuple(one.strip() for one in self.system.split(","))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the weighing; a low threshold is its point, so none of them can close by itself."""

    code: str
    label: Label
    help: Label
    basis: Basis


@dataclass(frozen=True, slots=True)
class Channel:
    """A way a signal comes in; `protected` names the compartment of its source, `first` the first next action."""

    code: str
    label: Label
    profiles: tuple[Profile, ...]
    protected: str
    first: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Question:
    """What a registration should tell; missing it lowers the quality by its weight and can be asked of the author."""

    code: str
    label: Label
    weight: int
    ask: Label  # the question as it is put to the author
    basis: Basis


@dataclass(frozen=True, slots=True)
class When:
    """A condition on an earlier answer: one of `any`; or, where `other` is given, answered and none of `other`."""

    question: str
    any: frozenset[str]
    other: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question of the officer's form, asked if every condition in `when` holds.

    Its options are its own and then those it takes `options_from`, `without` some. An answer `fills` questions of the
    quality. `title` is what stands above its answer; `hint` may be empty. An answer that `identifies` tells who the
    source is: where that is protected, it stands in its compartment.
    """

    code: str
    title: Label
    label: Label
    hint: Label
    kind: Ask
    sets: Goes
    required: bool
    options: tuple[tuple[str, Label], ...]
    options_from: OptionsFrom | None
    without: frozenset[str]
    when: tuple[When, ...]
    fills: frozenset[str]
    identifies: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class DeadlineExample:
    """A worked date: local moments as people write them."""

    deadline: str
    start: str
    due: str
    very_late: str


@dataclass(frozen=True, slots=True)
class VictimStep:
    """What happens next for a victim, and how long it may take; `special`: for a minor or who is vulnerable."""

    code: str
    label: Label
    length: int
    very_late: int
    calendar: Calendar
    special: tuple[int, int] | None  # length and very late
    basis: Basis


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Something arranged for a talk; one with `special` is asked for a minor or who is vulnerable."""

    code: str
    label: Label
    special: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Resting:
    """A reason to do nothing more for somebody; `untried`: also when nobody tried to talk to them."""

    code: str
    label: Label
    untried: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Term:
    """How long something lasts, by law or instruction."""

    length: int
    calendar: Calendar
    label: Label
    basis: Basis


@dataclass(frozen=True, slots=True)
class VictimPlan:
    """Everything the victim's own track works with. `reflection` is by ground; `report` how often its user reports."""

    steps: Mapping[str, VictimStep]
    arrangements: Mapping[str, Arrangement]
    presence: Mapping[str, Entry]
    topics: Mapping[str, Entry]
    recipients: Mapping[str, Entry]
    bodies: Mapping[str, Entry]
    resting: Mapping[str, Resting]
    reflection: Mapping[str, Term]
    report: Term


@dataclass(frozen=True, slots=True)
class Procedure:
    """Everything `process` decides with."""

    id: str
    version: str
    dated: date
    digest: str
    sources: Mapping[str, Source]
    settings: Mapping[Setting, int]
    setting_bases: Mapping[Setting, tuple[Label, Basis]]
    moves: Mapping[tuple[Verb, Phase], Move]
    outcomes: Mapping[Outcome, OutcomeRule]
    actions: Mapping[str, Action]
    deadlines: tuple[Deadline, ...]
    holidays: Holidays
    steps: Mapping[Profile, tuple[Step, ...]]
    criteria: Mapping[Profile, tuple[Criterion, ...]]
    lists: Mapping[ListName, Mapping[str, Entry]]
    channels: Mapping[str, Channel]
    questions: Mapping[str, Question]
    prompts: tuple[Prompt, ...]
    never_silent: frozenset[str]
    victim: VictimPlan
    refusals: Mapping[Refusal, Label]
    names: Mapping[str, Mapping[str, Label]]
    examples: tuple[DeadlineExample, ...]
