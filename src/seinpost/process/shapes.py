"""The frozen values a decision is made from: people and their rights, and a signal as its events left it.

Everything a person typed is `Words`, so that the store can keep it apart, erasable, beside a chain that is not.
Moments are aware and in UTC; dates are local (Europe/Amsterdam).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from seinpost.packs.procedure.terms import (
    OPEN_PHASES,
    Outcome,
    Phase,
    Processing,
    Profile,
    Task,
    Verb,
    VictimContact,
)
from seinpost.process.people import Actor as Actor
from seinpost.process.people import Glass as Glass
from seinpost.process.people import Grant as Grant
from seinpost.process.people import Service as Service
from seinpost.process.people import Thing as Thing
from seinpost.process.people import Training as Training
from seinpost.process.people import Unit as Unit
from seinpost.process.people import Words as Words
from seinpost.types import Allowed as Allowed
from seinpost.types import Reason as Reason
from seinpost.types import Refused as Refused

# --- parts of a signal ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holder:
    """Who must act: a unit, and the person in it who took it (None: the unit's queue)."""

    unit: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class NextAction:
    """What happens next, by whom and when; late from `due`, very late from `very_late` (both: the first late moment).

    `kind` is a code of the pack; `deadline` the pack's rule the date comes from, empty when a person chose the date.
    """

    kind: str
    by: Holder
    planned_at: datetime
    due: datetime
    very_late: datetime
    deadline: str = ""
    started_at: datetime | None = None  # where the deadline's clock began; None: `planned_at`


@dataclass(frozen=True, slots=True)
class Hold:
    """A short lock: this person is at work on it until then."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Urgency:
    """What goes before everything else and needs no minimum enrichment."""

    risk_to_life: bool = False
    minor: bool = False

    @property
    def any(self) -> bool:
        """Whether anything makes it urgent."""
        return self.risk_to_life or self.minor


CALM = Urgency()


@dataclass(frozen=True, slots=True)
class Lead:
    """One place where leads for investigation were looked for: what kind (pack code), found or not, in words."""

    kind: str
    found: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Closing:
    """Why a signal may rest: every lead looked for, a reason of the list, the victim question, who proposed it."""

    reason: str
    words: Words
    leads: tuple[Lead, ...]
    victim: VictimContact
    victim_words: Words
    proposed_by: str
    proposed_at: datetime
    agreed_by: str = ""
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Why a registration is no signal: a reason of the list, by whom."""

    reason: str
    words: Words
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A stopped clock, with its reason (pack code); `until` is the day it is looked at again at the latest."""

    reason: str
    words: Words
    since: datetime
    until: date
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a decision changes and an undo restores. An open phase has an owner and a next action, always."""

    phase: Phase
    owner: Holder | None
    next_action: NextAction | None
    suspended: NextAction | None = None  # what a pause, a diary date or an escalation set aside
    diary: date | None = None
    pending: Closing | None = None  # waits for a second person
    closing: Closing | None = None
    dismissal: Dismissal | None = None
    joined_to: str = ""
    outcome: Outcome | None = None
    escalated: int = 0  # levels already gone up for this next action
    read_by: str = ""  # came back as a sample after this person dismissed it: for somebody else to decide
    silent_until: date | None = None  # outside the queue by silent rules until then; what it waits for is `suspended`


@dataclass(frozen=True, slots=True)
class LookUp:
    """One recorded look-up of enrichment: where, why, on what ground, what came of it, and until when it counts."""

    step: str
    system: str
    purpose: str
    ground: str
    result: str  # found | nothing | unavailable
    words: Words
    grade: str  # how sure: A official record, B first hand, C second hand, D unverified
    by: str
    at: datetime
    expires: date


@dataclass(frozen=True, slots=True)
class Waiver:
    """A step of enrichment reasoned away."""

    step: str
    words: Words
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion of a weighing, judged with a sentence."""

    criterion: str
    answer: str  # speaks-for | speaks-against | unknown
    words: Words


@dataclass(frozen=True, slots=True)
class Weighing:
    """One weighing as it was made; `seen` is the digest of the `Sight` of its event."""

    number: int
    judgements: tuple[Judgement, ...]
    outcome: Outcome
    words: Words
    criteria: str  # id and version of the pack whose criteria were judged
    seen: str
    prosecutor_consulted: bool
    by: str
    at: datetime
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a second person said to a proposed closing; disagreement stays visible for good."""

    agrees: bool
    words: Words
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the chain with the standing it found, so that undoing it restores exactly that."""

    number: int
    verb: Verb
    by: str
    at: datetime
    before: Standing
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person had before them when they decided: references only, so it can be shown and checked years later.

    `digest` is over all the rest (`process.codec.sealed`).
    """

    how: str  # page, or preview of several signals at once
    version: int
    text: str  # SHA-256 of the words of that version
    events: int  # so many of the signal came before
    source: str  # open, sealed or shut: whether they saw who told it
    layer: str
    score: float | None
    pack: str
    bars: tuple[str, ...]  # each contribution as its rule and weight
    related: tuple[str, ...]  # signals that named the same
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ToDo:
    """A task beside the next action; a question to the author of a registration is one (`kind` ask-author)."""

    id: str
    kind: str
    words: Words
    by: Holder
    due: datetime
    done: bool = False


@dataclass(frozen=True, slots=True)
class Suppression:
    """A rule that stays silent for one entity until a day."""

    rule: str
    entity: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class Escalation:
    """Once up the line: to whom, by itself or by a person; `people` are those told at this level."""

    level: int
    to: Holder
    words: Words
    by: str
    at: datetime
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a signal, with its custody line; erased, the line stays without name and origin."""

    number: int
    digest: str
    kind: str  # pack code, by the content of the file
    size: int
    name: Words
    origin: Words  # from whom or where it came
    shows_source: bool  # hidden with a protected source
    by: str
    at: datetime
    erased_by: str = ""
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignalView:
    """A signal as its events left it: all a decision needs, nothing it does not."""

    id: str
    service: str
    profile: Profile
    task: Task
    processing: Processing
    practice: bool
    channel: str  # pack code: how it came in
    from_scan: bool  # flagged by the scan, not filed by a person
    author: str
    received_at: datetime
    last_at: datetime  # of the last event; clocks never run backwards
    sequence: int  # number of events so far
    moved: int  # number of the last event that changed the standing
    standing: Standing
    forms: frozenset[str] = frozenset()
    urgency: Urgency = CALM
    compartment: str = ""
    need_to_know: frozenset[str] = frozenset()
    supervisor: str = ""  # of a restricted signal: inside its need-to-know
    hold: Hold | None = None
    versions: int = 1
    missing: tuple[str, ...] = ()  # quality questions still unanswered
    look_ups: tuple[LookUp, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    weighings: tuple[Weighing, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    decisions: tuple[Decision, ...] = ()
    todos: tuple[ToDo, ...] = ()
    pauses: tuple[Pause, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    tasks_escalated: frozenset[str] = frozenset()
    suppressions: tuple[Suppression, ...] = ()
    silenced_by: tuple[Suppression, ...] = ()  # of other signals, met when it came in
    silent_sample: bool = False  # went to the queue anyway
    glass: tuple[Glass, ...] = ()
    joined_here: frozenset[str] = frozenset()
    attachments: tuple[Attachment, ...] = ()
    reopened: int = 0

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        return self.standing.phase

    @property
    def is_open(self) -> bool:
        """A signal is open if, and only if, its phase asks for work from its service."""
        return self.standing.phase in OPEN_PHASES

    @property
    def unit(self) -> str:
        """The unit that owns it, or owned it last."""
        return self.standing.owner.unit if self.standing.owner else ""

    @property
    def person(self) -> str | None:
        """The person who took it, if any."""
        return self.standing.owner.person if self.standing.owner else None

    @property
    def open_todos(self) -> tuple[ToDo, ...]:
        """Tasks not finished yet."""
        return tuple(todo for todo in self.todos if not todo.done)

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still now."""
        return bool(self.pauses) and self.pauses[-1].ended is None

    @property
    def workers(self) -> frozenset[str]:
        """The people whose work it is: its owner, whoever does the next action, or has an open task."""
        action = self.standing.next_action
        people = (self.person, action.by.person if action else None, *(todo.by.person for todo in self.open_todos))
        return frozenset(person for person in people if person)

    @property
    def thing(self) -> Thing:
        """What the policy table sees of it."""
        asked = frozenset(t.by.person for t in self.open_todos if t.kind == "ask-author" and t.by.person)
        return Thing(
            service=self.service,
            unit=self.unit,
            task=self.task,
            processing=self.processing,
            practice=self.practice,
            need_to_know=self.need_to_know,
            compartment=self.compartment,
            asked=asked,
            glass=self.glass,
            forms=self.forms,
            workers=self.workers,
        )
