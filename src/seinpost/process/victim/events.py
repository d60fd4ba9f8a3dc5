"""What happened for a victim, one frozen fact per kind; what ends a next step carries the following one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from seinpost.packs.procedure.terms import Processing, Task
from seinpost.process.events import Fact
from seinpost.process.people import Words
from seinpost.process.shapes import Holder, NextAction
from seinpost.process.victim.shapes import Assessment, Attempt, Consent, Ending, Ground, Needs, Rest, Talk


@dataclass(frozen=True, slots=True)
class VictimMet(Fact):
    """Somebody may be a victim: from here on a talk is somebody's next step."""

    kind: ClassVar[str] = "victim-met"
    service: str
    task: Task
    processing: Processing
    practice: bool
    signal: str
    called: Words
    needs: Needs
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class VictimSeenAgain(Fact):
    """Another signal is about the same person."""

    kind: ClassVar[str] = "victim-seen-again"
    signal: str


@dataclass(frozen=True, slots=True)
class NeedsNoted(Fact):
    """What somebody needs for a talk became known, or turned out otherwise."""

    kind: ClassVar[str] = "victim-needs-noted"
    needs: Needs
    words: Words


@dataclass(frozen=True, slots=True)
class TalkPlanned(Fact):
    """A talk has a day and somebody who will hold it."""

    kind: ClassVar[str] = "victim-talk-planned"
    talk: Talk
    next: NextAction


@dataclass(frozen=True, slots=True)
class TalkAttempted(Fact):
    """Somebody tried to talk, or talked."""

    kind: ClassVar[str] = "victim-talk-attempted"
    talk: str
    attempt: Attempt
    next: NextAction


@dataclass(frozen=True, slots=True)
class ReflectionOffered(Fact):
    """The reflection period was offered."""

    kind: ClassVar[str] = "victim-reflection-offered"
    day: date
    ground: Ground
    words: Words


@dataclass(frozen=True, slots=True)
class ReflectionAnswered(Fact):
    """Somebody took the reflection period, which then runs up to and with `last_day`, or did not want it."""

    kind: ClassVar[str] = "victim-reflection-answered"
    taken: bool
    day: date
    last_day: date | None
    next: NextAction


@dataclass(frozen=True, slots=True)
class ReflectionReported(Fact):
    """Somebody reported during their reflection period, as they must each month."""

    kind: ClassVar[str] = "victim-reflection-reported"
    day: date
    next: NextAction


@dataclass(frozen=True, slots=True)
class ReflectionEnded(Fact):
    """The reflection period ended."""

    kind: ClassVar[str] = "victim-reflection-ended"
    ending: Ending
    day: date
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class ConsentGiven(Fact):
    """Somebody consents that one recipient gets to know what the words say."""

    kind: ClassVar[str] = "victim-consent-given"
    consent: Consent


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Fact):
    """Somebody takes a consent back."""

    kind: ClassVar[str] = "victim-consent-withdrawn"
    recipient: str
    day: date
    words: Words


@dataclass(frozen=True, slots=True)
class Assessed(Fact):
    """A body decided what somebody is held to be."""

    kind: ClassVar[str] = "victim-assessed"
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class VictimHandedOn(Fact):
    """Somebody else looks after the record."""

    kind: ClassVar[str] = "victim-handed-on"
    owner: Holder
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class StepPlanned(Fact):
    """What happens next for somebody, beside talks."""

    kind: ClassVar[str] = "victim-step-planned"
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class Rested(Fact):
    """Nothing more is done for somebody, for a reason; it can go on again."""

    kind: ClassVar[str] = "victim-rested"
    rest: Rest


@dataclass(frozen=True, slots=True)
class WentOn(Fact):
    """It goes on again."""

    kind: ClassVar[str] = "victim-went-on"
    words: Words
    owner: Holder
    next: NextAction


VICTIM_FACTS: dict[str, type[Fact]] = {
    one.kind: one
    for one in (
        *(VictimMet, VictimSeenAgain, NeedsNoted, TalkPlanned, TalkAttempted),
        *(ReflectionOffered, ReflectionAnswered, ReflectionReported, ReflectionEnded),
        *(ConsentGiven, ConsentWithdrawn, Assessed, VictimHandedOn, StepPlanned, Rested, WentOn),
    )
}
"""Every kind by the name it is stored under."""
