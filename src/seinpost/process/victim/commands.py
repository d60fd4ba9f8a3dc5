"""What somebody asks for on a victim's record: one frozen command per verb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from seinpost.packs.procedure.terms import Processing, Task, Verb
from seinpost.process.commands import NONE, Command, Naming
from seinpost.process.people import Words
from seinpost.process.shapes import Holder
from seinpost.process.victim.shapes import NOTHING_KNOWN, Aim, Ending, Ground, Needs, Result, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Meet(Command):
    """Open a record for somebody who may be a victim, from a signal."""

    verb: ClassVar[Verb] = Verb.MEET_VICTIM
    victim: str
    service: str
    unit: str
    task: Task
    processing: Processing
    signal: str
    called: Words
    needs: Needs = NOTHING_KNOWN
    practice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAgain(Command):
    """Find that another signal is about the same person."""

    verb: ClassVar[Verb] = Verb.MEET_VICTIM
    signal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNeeds(Command):
    """Note what somebody needs for a talk."""

    verb: ClassVar[Verb] = Verb.NOTE_NEEDS
    needs: Needs
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTalk(Naming):
    """Give a talk a day and somebody to hold it; the `id` of an open talk plans that one anew."""

    verb: ClassVar[Verb] = Verb.PLAN_TALK
    id: str
    aim: Aim
    by: Holder
    day: date
    arrangements: tuple[str, ...] = ()
    words: Words = NONE

    @property
    def names(self) -> frozenset[Holder]:
        """Who is to hold it."""
        return frozenset((self.by,))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTalk(Command):
    """Record an attempt to talk; `again`: the day on which to try again, where it was not held."""

    verb: ClassVar[Verb] = Verb.RECORD_TALK
    id: str
    result: Result
    day: date
    present: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    words: Words = NONE
    again: date | None = None
    aim: Aim = Aim.INFORMATIVE
    """Of a talk that nobody planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferReflection(Command):
    """Offer the reflection period."""

    verb: ClassVar[Verb] = Verb.OFFER_REFLECTION
    day: date
    ground: Ground
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReflection(Command):
    """Record that somebody takes the reflection period from a day on, or does not want it."""

    verb: ClassVar[Verb] = Verb.OFFER_REFLECTION
    taken: bool
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReflection(Command):
    """Record that somebody reported, as they must each month of their reflection period."""

    verb: ClassVar[Verb] = Verb.REPORT_REFLECTION
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndReflection(Command):
    """Record how the reflection period ended."""

    verb: ClassVar[Verb] = Verb.END_REFLECTION
    ending: Ending
    day: date
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent(Command):
    """Record consent for one recipient: what it may know, in words."""

    verb: ClassVar[Verb] = Verb.RECORD_CONSENT
    recipient: str
    day: date
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsent(Command):
    """Record that a consent is taken back."""

    verb: ClassVar[Verb] = Verb.RECORD_CONSENT
    recipient: str
    day: date
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(Command):
    """Record what a body holds somebody to be."""

    verb: ClassVar[Verb] = Verb.ASSESS_VICTIM
    status: Status
    body: str
    framework: str
    version: str
    day: date
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOn(Naming):
    """Let somebody else of the service look after it."""

    verb: ClassVar[Verb] = Verb.HAND_ON_VICTIM
    to: Holder
    words: Words = NONE

    @property
    def names(self) -> frozenset[Holder]:
        """Who is to look after it."""
        return frozenset((self.to,))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep(Command):
    """Set what happens next, beside talks; `due` None: by the term of its kind."""

    verb: ClassVar[Verb] = Verb.HAND_ON_VICTIM
    kind: str
    words: Words = NONE
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetRest(Command):
    """Do nothing more for somebody, for a reason of the list."""

    verb: ClassVar[Verb] = Verb.REST_VICTIM
    reason: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn(Command):
    """Take a record up again."""

    verb: ClassVar[Verb] = Verb.REST_VICTIM
    words: Words
