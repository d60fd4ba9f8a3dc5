"""Gate 2 of a procedure: what each of its files must hold, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from seinpost.packs.model import Day, FormCode, Part, SourcePart
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

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Said = Annotated[str, Field(min_length=2, max_length=400)]
Count = Annotated[int, Field(ge=1, le=100_000)]
YearDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Moment = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$")]


class LabelPart(Part):
    """A text in both languages."""

    nl: Said
    en: Said


class Based(Part):
    """What every value says of itself: its source, what that source weighs, and since when it holds."""

    source: str
    authority: Authority
    since: Day


class Worded(Based):
    """A based value with a code and a text in both languages."""

    code: Code
    nl: Said
    en: Said


class ProcedureSheet(Part):
    """procedure.yaml"""

    id: Code
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9.]+)?$")]
    dated: Day
    sources: Annotated[dict[str, SourcePart], Field(min_length=1)]


class SettingPart(Based):
    """One entry of settings.yaml."""

    code: Setting
    value: Count
    nl: Said
    en: Said


class MovePart(Based):
    """One entry of moves.yaml: the same move for each phase in `from`."""

    verb: Verb
    start: Annotated[list[Phase], Field(alias="from", min_length=1)]
    to: Phase | None = None
    then: Code | None = None
    needs: tuple[Guard, ...] = ()


class OutcomePart(Based):
    """One entry of outcomes.yaml."""

    outcome: Outcome
    to: Phase
    then: Code


class ActionPart(Worded):
    """One entry of actions.yaml."""

    phases: tuple[Phase, ...] = ()
    done_by: Annotated[tuple[Verb, ...], Field(min_length=1)]


class DeadlinePart(Worded):
    """One entry of deadlines.yaml."""

    action: Code
    profile: Profile | None = None
    urgent: Literal["risk-to-life", "minor"] | None = None
    length: Count
    very_late: Count
    calendar: Calendar
    starts_on: StartsOn


class FixedPart(Part):
    """A holiday on a fixed day."""

    day: YearDay
    on_sunday: Annotated[int, Field(ge=-6, le=6)] = 0
    nl: Said
    en: Said


class EasterPart(Part):
    """A holiday that moves with Easter."""

    offset: Annotated[int, Field(ge=-60, le=60)]
    nl: Said
    en: Said


class HolidaysSheet(Based):
    """holidays.yaml"""

    fixed: list[FixedPart]
    easter: list[EasterPart]
    extra: tuple[Day, ...] = ()


class StepPart(Worded):
    """One entry of enrichment/<profile>.yaml."""

    system: Said
    look_for_nl: Said
    look_for_en: Said
    required: bool
    forms: tuple[FormCode, ...] = ()
    minor_only: bool = False
    results: Literal["result", "competence"] = "result"
    ground: Said
    purpose: Said
    days_valid: Count


class CriterionPart(Worded):
    """One entry of criteria.yaml."""

    help_nl: Said
    help_en: Said
    profiles: Annotated[list[Profile], Field(min_length=1)]


class EntryPart(Worded):
    """One entry of a list."""

    always: bool = False


class ChannelPart(Worded):
    """One entry of channels.yaml."""

    profiles: Annotated[list[Profile], Field(min_length=1)]
    protected: Code | None = None
    first: Code = "triage"


class QuestionPart(Worded):
    """One entry of quality.yaml."""

    weight: Annotated[int, Field(ge=1, le=10)]
    ask_nl: Said
    ask_en: Said


class OptionPart(LabelPart):
    """One option of a question of the officer's form."""

    code: Code


class WhenPart(Part):
    """A question is asked if an earlier one has `any` of these answers, or, with `not`, was answered with another."""

    question: Code
    any: tuple[Code, ...] = ()
    other: Annotated[tuple[Code, ...], Field(alias="not")] = ()


class PromptPart(Worded):
    """One entry of intake.yaml."""

    title_nl: Said
    title_en: Said
    hint_nl: Said | None = None
    hint_en: Said | None = None
    kind: Ask
    sets: Goes
    required: bool = False
    options: tuple[OptionPart, ...] = ()
    options_from: Annotated[OptionsFrom | None, Field(alias="from")] = None
    without: Annotated[tuple[Code, ...], Field(alias="except")] = ()
    when: tuple[WhenPart, ...] = ()
    fills: tuple[Code, ...] = ()
    identifies: bool = False


class DeadlineExamplePart(Part):
    """One entry of examples.yaml."""

    deadline: Code
    start: Moment
    due: Moment
    very_late: Moment


class SilenceSheet(Based):
    """silence.yaml: the indicators that no suppression silences."""

    never: Annotated[tuple[str, ...], Field(min_length=1)]


class VictimStepPart(Worded):
    """One entry of `steps` in victim.yaml."""

    length: Count
    very_late: Count
    calendar: Calendar
    special: tuple[Count, Count] | None = None


class ArrangementPart(Worded):
    """One entry of `arrangements` in victim.yaml."""

    special: bool = False


class RestingPart(Worded):
    """One entry of `resting` in victim.yaml."""

    untried: bool = False


class TermPart(Worded):
    """A term of victim.yaml."""

    length: Count
    calendar: Calendar


class VictimSheet(Part):
    """victim.yaml"""

    steps: Annotated[list[VictimStepPart], Field(min_length=1)]
    arrangements: Annotated[list[ArrangementPart], Field(min_length=1)]
    presence: Annotated[list[EntryPart], Field(min_length=1)]
    topics: Annotated[list[EntryPart], Field(min_length=1)]
    recipients: Annotated[list[EntryPart], Field(min_length=1)]
    bodies: Annotated[list[EntryPart], Field(min_length=1)]
    resting: Annotated[list[RestingPart], Field(min_length=1)]
    reflection: Annotated[list[TermPart], Field(min_length=1)]
    report: TermPart


ListsSheet = dict[ListName, Annotated[list[EntryPart], Field(min_length=1)]]
RefusalsSheet = dict[Refusal, LabelPart]
NamesSheet = dict[
    Literal[
        "profile",
        "role",
        "task",
        "processing",
        "purpose",
        "phase",
        "verb",
        "authority",
        "outcome",
        "victim-contact",
        "letter",
        "notice",
        "fact",
    ],
    dict[Code, LabelPart],
]
