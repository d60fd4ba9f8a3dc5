"""What happened to a signal: one frozen fact per kind, each with a stable name and version, inside one envelope.

Every fact that ends a next action carries the following one in `next` (and whose it is in `owner`), or ends the signal:
so an open signal without owner, next action and date cannot be told. Facts hold data only; the sentence a person reads
is made from them at reading time.
"""

# budget-file: one vocabulary, read from top to bottom like a list
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from seinpost.packs.procedure.terms import Phase, Processing, Profile, Purpose, Task, Verb
from seinpost.process.people import Glass, Words
from seinpost.process.shapes import (
    Closing,
    Dismissal,
    Escalation,
    Hold,
    Holder,
    LookUp,
    NextAction,
    Opinion,
    Pause,
    Sight,
    Suppression,
    ToDo,
    Urgency,
    Waiver,
    Weighing,
)

SAMPLE = "control-sample"
"""The ground on which the system reopens a sample of what was dismissed."""


class Fact:
    """What every kind of fact has: the name it is stored under, and the version of its shape."""

    __slots__ = ()
    kind: ClassVar[str]
    version: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one signal: when, by whom, for which purpose; with a decision also what its maker saw."""

    signal: str
    at: datetime
    by: str
    purpose: Purpose
    verb: Verb
    fact: Fact
    seen: Sight | None = None


@dataclass(frozen=True, slots=True)
class Registered(Fact):
    """A flagged registration or a filed signal was received; from here on it is somebody's."""

    kind: ClassVar[str] = "registered"
    service: str
    profile: Profile
    task: Task
    processing: Processing
    practice: bool
    channel: str
    from_scan: bool
    author: str
    external_id: str
    digest: str
    received_at: datetime
    forms: tuple[str, ...]
    urgency: Urgency
    compartment: str
    missing: tuple[str, ...]
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class Taken(Fact):
    """A person took it and is at work on it."""

    kind: ClassVar[str] = "taken"
    owner: Holder
    hold: Hold
    next: NextAction


@dataclass(frozen=True, slots=True)
class Released(Fact):
    """A person gave it back to the queue of the unit."""

    kind: ClassVar[str] = "released"
    owner: Holder
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class Assigned(Fact):
    """It was given to a unit, or to a person in it."""

    kind: ClassVar[str] = "assigned"
    owner: Holder
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class Confirmed(Fact):
    """A person read it and calls it a signal."""

    kind: ClassVar[str] = "confirmed"
    forms: tuple[str, ...]
    words: Words
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class Joined(Fact):
    """It goes on inside another signal of the same service."""

    kind: ClassVar[str] = "joined"
    target: str
    words: Words


@dataclass(frozen=True, slots=True)
class JoinReceived(Fact):
    """Another signal goes on inside this one."""

    kind: ClassVar[str] = "join-received"
    source: str


@dataclass(frozen=True, slots=True)
class JoinEnded(Fact):
    """The other signal stands by itself again."""

    kind: ClassVar[str] = "join-ended"
    source: str


@dataclass(frozen=True, slots=True)
class Dismissed(Fact):
    """A person read it and finds that the registration is no signal."""

    kind: ClassVar[str] = "dismissed"
    dismissal: Dismissal


@dataclass(frozen=True, slots=True)
class Doubted(Fact):
    """A person could not tell; somebody else looks."""

    kind: ClassVar[str] = "doubted"
    words: Words
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class Postponed(Fact):
    """It got a diary date, on which it comes back on top."""

    kind: ClassVar[str] = "postponed"
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class DecisionUndone(Fact):
    """The last decision was taken back; the standing it found is restored."""

    kind: ClassVar[str] = "decision-undone"
    number: int  # of the decision's event
    verb: Verb
    words: Words


@dataclass(frozen=True, slots=True)
class LookedUp(Fact):
    """A step of enrichment was done."""

    kind: ClassVar[str] = "looked-up"
    look_up: LookUp


@dataclass(frozen=True, slots=True)
class StepWaived(Fact):
    """A step of enrichment was reasoned away."""

    kind: ClassVar[str] = "step-waived"
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Submitted(Fact):
    """Its enrichment is ready to be weighed."""

    kind: ClassVar[str] = "submitted"
    words: Words
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class Weighed(Fact):
    """It was weighed; `pending` holds the closing that a second person must agree to."""

    kind: ClassVar[str] = "weighed"
    weighing: Weighing
    phase: Phase
    pending: Closing | None
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class ClosingProposed(Fact):
    """A person proposes to close it; a second person decides."""

    kind: ClassVar[str] = "closing-proposed"
    pending: Closing
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class Closed(Fact):
    """A second person agreed; the signal rests, and can be reopened."""

    kind: ClassVar[str] = "closed"
    opinion: Opinion
    closing: Closing


@dataclass(frozen=True, slots=True)
class Disagreed(Fact):
    """A second person did not agree to the closing; the signal goes on."""

    kind: ClassVar[str] = "disagreed"
    opinion: Opinion
    phase: Phase
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class Reopened(Fact):
    """It goes on again; `ground` is a code of the pack."""

    kind: ClassVar[str] = "reopened"
    ground: str
    words: Words
    phase: Phase
    owner: Holder
    next: NextAction


@dataclass(frozen=True, slots=True)
class Noted(Fact):
    """Somebody wrote something down."""

    kind: ClassVar[str] = "noted"
    words: Words


@dataclass(frozen=True, slots=True)
class Corrected(Fact):
    """A version of the text was appended; the ones before it stay."""

    kind: ClassVar[str] = "corrected"
    number: int
    digest: str
    words: Words
    changes_meaning: bool


@dataclass(frozen=True, slots=True)
class TaskAdded(Fact):
    """A task was put beside the next action; with `questions`, it asks the author what is missing."""

    kind: ClassVar[str] = "task-added"
    todo: ToDo
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskFinished(Fact):
    """A task was done, answered or dropped with a reason."""

    kind: ClassVar[str] = "task-finished"
    id: str
    result: str  # done | answered | dropped
    words: Words
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionPlanned(Fact):
    """A person set the next action."""

    kind: ClassVar[str] = "action-planned"
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class Paused(Fact):
    """The clock stands still, and is looked at again on a day."""

    kind: ClassVar[str] = "paused"
    pause: Pause
    next: NextAction


@dataclass(frozen=True, slots=True)
class Resumed(Fact):
    """The clock runs again, later by as long as it stood still."""

    kind: ClassVar[str] = "resumed"
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class MarkedUrgent(Fact):
    """Risk to life, or a minor: before everything else."""

    kind: ClassVar[str] = "marked-urgent"
    urgency: Urgency
    words: Words
    next: NextAction


@dataclass(frozen=True, slots=True)
class Restricted(Fact):
    """Only these people may see it."""

    kind: ClassVar[str] = "restricted"
    people: tuple[str, ...]
    supervisor: str
    words: Words


@dataclass(frozen=True, slots=True)
class RestrictionLifted(Fact):
    """The unit may see it again."""

    kind: ClassVar[str] = "restriction-lifted"
    words: Words


@dataclass(frozen=True, slots=True)
class SourceProtected(Fact):
    """Its source moved to a compartment of its own."""

    kind: ClassVar[str] = "source-protected"
    compartment: str
    words: Words


@dataclass(frozen=True, slots=True)
class GlassBroken(Fact):
    """Somebody took access by emergency."""

    kind: ClassVar[str] = "glass-broken"
    glass: Glass


@dataclass(frozen=True, slots=True)
class GlassReviewed(Fact):
    """A privacy officer judged an access by emergency."""

    kind: ClassVar[str] = "glass-reviewed"
    person: str
    since: datetime
    justified: bool
    words: Words


@dataclass(frozen=True, slots=True)
class RuleSuppressed(Fact):
    """A rule stays silent for one entity until a day."""

    kind: ClassVar[str] = "rule-suppressed"
    suppression: Suppression
    words: Words


@dataclass(frozen=True, slots=True)
class Silenced(Fact):
    """It met silent rules when it came in: it waits outside the queue for their end, or was drawn to be read anyway."""

    kind: ClassVar[str] = "silenced"
    by: tuple[Suppression, ...]
    until: date
    sampled: bool
    next: NextAction


@dataclass(frozen=True, slots=True)
class RuleUnsuppressed(Fact):
    """A rule speaks again for an entity."""

    kind: ClassVar[str] = "rule-unsuppressed"
    rule: str
    entity: str
    words: Words


@dataclass(frozen=True, slots=True)
class Attached(Fact):
    """A file was added; its bytes are kept apart under their digest."""

    kind: ClassVar[str] = "attached"
    digest: str
    media: str  # pack code, by the content of the file
    size: int
    name: Words
    origin: Words
    shows_source: bool


@dataclass(frozen=True, slots=True)
class AttachmentErased(Fact):
    """A file was destroyed with its name and origin; its digest stays, as proof of what was there."""

    kind: ClassVar[str] = "attachment-erased"
    digest: str
    words: Words


@dataclass(frozen=True, slots=True)
class Escalated(Fact):
    """It went up the line."""

    kind: ClassVar[str] = "escalated"
    version: ClassVar[int] = 2  # 2: who was told
    escalation: Escalation
    next: NextAction


@dataclass(frozen=True, slots=True)
class TaskEscalated(Fact):
    """A task beside the next action is very late: who leads was told. The next action and its date stay as they are."""

    kind: ClassVar[str] = "task-escalated"
    task: str
    people: tuple[str, ...]


FACTS: dict[str, type[Fact]] = {
    fact.kind: fact
    for fact in tuple(vars().values())
    if isinstance(fact, type) and issubclass(fact, Fact) and fact is not Fact
}
