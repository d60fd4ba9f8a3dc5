"""What somebody asks for: one frozen command per verb, with what they filled in and the facts the store looked up."""

# budget-file: one vocabulary, read from top to bottom like a list
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from seinpost.packs.procedure.terms import Outcome, Processing, Profile, Task, Verb, VictimContact
from seinpost.process.people import Words
from seinpost.process.shapes import CALM, Holder, Judgement, Lead, SignalView, Suppression, Urgency

NONE = Words("")


class Command:
    """What every command has: its verb."""

    __slots__ = ()
    verb: ClassVar[Verb]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming(Command):
    """Names people or a unit. `gone`: those of them who do not work there now, or not in this service.

    Only the store knows; it looks that up under a lock, whatever a form said.
    """

    gone: frozenset[Holder] = frozenset()

    @property
    def names(self) -> frozenset[Holder]:
        """Whom it names; without a unit somebody of any unit."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Command):
    """Put a registration that the scan flagged in the queue of a unit."""

    verb: ClassVar[Verb] = Verb.REGISTER
    signal: str
    service: str
    profile: Profile
    task: Task
    processing: Processing
    unit: str
    channel: str
    external_id: str
    digest: str
    received_at: datetime
    practice: bool = False
    author: str = ""
    forms: tuple[str, ...] = ()
    urgency: Urgency = CALM
    compartment: str = ""
    missing: tuple[str, ...] = ()
    silenced_by: tuple[Suppression, ...] = ()
    silent_sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Register):
    """File a signal that came by phone, at the desk, from a partner: a person already calls it one."""

    verb: ClassVar[Verb] = Verb.FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Command):
    """Take it from the queue and lock it while working."""

    verb: ClassVar[Verb] = Verb.TAKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    """Give it back to the queue."""

    verb: ClassVar[Verb] = Verb.RELEASE
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Command):
    """Give it to a unit or to a person in it.

    The store says of which service the unit is, and whether the person works there now: nobody does until it says so.
    """

    verb: ClassVar[Verb] = Verb.ASSIGN
    to: Holder
    to_service: str
    to_active: bool = False
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Command):
    """Call the registration a signal."""

    verb: ClassVar[Verb] = Verb.CONFIRM
    forms: tuple[str, ...] = ()
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """Let it go on inside another signal."""

    verb: ClassVar[Verb] = Verb.JOIN
    target: SignalView
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss(Command):
    """Find that the registration is no signal, for a reason of the list."""

    verb: ClassVar[Verb] = Verb.DISMISS
    reason: str
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure(Command):
    """Leave it to somebody else, because one cannot tell."""

    verb: ClassVar[Verb] = Verb.UNSURE
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Postpone(Command):
    """Look again on a day."""

    verb: ClassVar[Verb] = Verb.POSTPONE
    until: date
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Command):
    """Take the last decision back; `other` is the signal it was joined to, if it was."""

    verb: ClassVar[Verb] = Verb.UNDO
    words: Words = NONE
    other: SignalView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLookUp(Command):
    """Record one step of enrichment, or another look-up (`step` "other") with its purpose and ground.

    `system` is the one that was consulted, one of the step's or another; empty, if the step has only one.
    `expires` None: as long as the step says.
    """

    verb: ClassVar[Verb] = Verb.LOOK_UP
    step: str
    result: str
    words: Words
    grade: str
    system: str = ""
    purpose: str = ""
    ground: str = ""
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(Command):
    """Reason a step of enrichment away."""

    verb: ClassVar[Verb] = Verb.WAIVE
    step: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Command):
    """Put it before the weighers."""

    verb: ClassVar[Verb] = Verb.SUBMIT
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingAnswers:
    """What must be answered before a signal may rest."""

    reason: str
    words: Words
    leads: tuple[Lead, ...]
    victim: VictimContact
    victim_words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigh(Command):
    """Weigh it; `closing` is answered if, and only if, the outcome is no follow-up."""

    verb: ClassVar[Verb] = Verb.WEIGH
    judgements: tuple[Judgement, ...]
    outcome: Outcome
    words: Words
    seen: str
    prosecutor_consulted: bool = False
    closing: ClosingAnswers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree(Command):
    """Agree, as second person, to a proposed closing."""

    verb: ClassVar[Verb] = Verb.AGREE
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagree(Command):
    """Not agree, as second person, to a proposed closing."""

    verb: ClassVar[Verb] = Verb.DISAGREE
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Command):
    """Propose to close it outside a weighing, such as after a finished administrative route."""

    verb: ClassVar[Verb] = Verb.CLOSE
    closing: ClosingAnswers


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Let it go on again, on a ground of the list; `other` is the signal it was joined to, if it was."""

    verb: ClassVar[Verb] = Verb.REOPEN
    ground: str
    words: Words
    other: SignalView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Command):
    """Write something down."""

    verb: ClassVar[Verb] = Verb.NOTE
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Command):
    """Append a version of the text; the store keeps the text under its digest.

    `urgency`: the danger or the minor that the scan found in it; what was urgent stays so.
    """

    verb: ClassVar[Verb] = Verb.CORRECT
    digest: str
    words: Words
    changes_meaning: bool
    urgency: Urgency = CALM


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAuthor(Naming):
    """Ask the author of the registration what is missing."""

    verb: ClassVar[Verb] = Verb.ASK_AUTHOR
    id: str
    to: Holder
    questions: tuple[str, ...]
    words: Words = NONE

    @property
    def names(self) -> frozenset[Holder]:
        """Who is asked."""
        return frozenset((self.to,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Command):
    """Answer a question, as its author."""

    verb: ClassVar[Verb] = Verb.ANSWER
    id: str
    words: Words
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask(Naming):
    """Put a task beside the next action."""

    verb: ClassVar[Verb] = Verb.ADD_TASK
    id: str
    kind: str
    by: Holder
    due: date
    words: Words

    @property
    def names(self) -> frozenset[Holder]:
        """Who is to do it."""
        return frozenset((self.by,))


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishTask(Command):
    """Say that a task is done, or drop it with a reason."""

    verb: ClassVar[Verb] = Verb.FINISH_TASK
    id: str
    words: Words
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Naming):
    """Set the next action; `due` None: by the deadline of its kind."""

    verb: ClassVar[Verb] = Verb.PLAN
    kind: str
    words: Words = NONE
    due: date | None = None
    by: Holder | None = None

    @property
    def names(self) -> frozenset[Holder]:
        """Who is to do it, if somebody else than who owns it."""
        return frozenset((self.by,) if self.by is not None else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseClock(Command):
    """Stop the clock for a reason of the list, until a day at the latest."""

    verb: ClassVar[Verb] = Verb.PAUSE
    reason: str
    until: date
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeClock(Command):
    """Let the clock run again."""

    verb: ClassVar[Verb] = Verb.RESUME
    words: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkUrgent(Command):
    """Put it before everything else."""

    verb: ClassVar[Verb] = Verb.MARK_URGENT
    urgency: Urgency
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrict(Naming):
    """Let only these people see it; the supervisor, one of them, is where it goes when it is late."""

    verb: ClassVar[Verb] = Verb.RESTRICT
    people: frozenset[str]
    supervisor: str
    words: Words

    @property
    def names(self) -> frozenset[Holder]:
        """The people, of any unit."""
        return frozenset(Holder("", person) for person in self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRestriction(Command):
    """Let the unit see it again."""

    verb: ClassVar[Verb] = Verb.LIFT_RESTRICTION
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectSource(Command):
    """Move its source to a compartment."""

    verb: ClassVar[Verb] = Verb.PROTECT_SOURCE
    compartment: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass(Command):
    """Take access by emergency."""

    verb: ClassVar[Verb] = Verb.BREAK_GLASS
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGlass(Command):
    """Judge an access by emergency, as privacy officer."""

    verb: ClassVar[Verb] = Verb.REVIEW_GLASS
    person: str
    since: datetime
    justified: bool
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppress(Command):
    """Let a rule stay silent for one entity until a day."""

    verb: ClassVar[Verb] = Verb.SUPPRESS
    rule: str
    entity: str
    reason: str
    until: date
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsuppress(Command):
    """Let a rule speak again for an entity."""

    verb: ClassVar[Verb] = Verb.UNSUPPRESS
    rule: str
    entity: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach(Command):
    """Add a file; the store keeps its bytes under the digest. `media` is what the content is, empty: not known."""

    verb: ClassVar[Verb] = Verb.ATTACH
    digest: str
    media: str
    size: int
    name: Words
    origin: Words
    shows_source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseAttachment(Command):
    """Destroy a file that should not be kept."""

    verb: ClassVar[Verb] = Verb.ERASE_ATTACHMENT
    digest: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(Command):
    """Send it up the line: a person at any time, the system when it is very late.

    With `task` that task goes up instead of the next action: by the system only. The store says who leads its unit, and
    who leads the whole service.
    """

    verb: ClassVar[Verb] = Verb.ESCALATE
    words: Words = NONE
    task: str = ""
    unit_leads: frozenset[str] = frozenset()
    service_leads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Command):
    """A verb of the second half: known, tried, and refused with its own code until it is built."""

    wanted: Verb


COMMANDS: dict[Verb, type[Command]] = {
    command.verb: command
    for command in tuple(vars().values())
    if isinstance(command, type) and issubclass(command, Command) and command not in (Command, Naming, Later)
}
