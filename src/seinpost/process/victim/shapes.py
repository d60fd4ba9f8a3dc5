"""The frozen values of a victim's record. Days are local (Europe/Amsterdam), moments aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from seinpost.packs.procedure.terms import Processing, Task
from seinpost.process.people import Thing, Words
from seinpost.process.shapes import Holder, NextAction


class Aim(str, Enum):
    """What a talk is for. `OUTSIDE` is outside the criminal case: no investigation may read it."""

    INFORMATIVE = "informative"
    COMPLAINT = "complaint"
    OUTSIDE = "outside"
    HELP = "help"


class Result(str, Enum):
    """What came of an attempt to talk; all but the first need a reason in words."""

    HELD = "held"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_SAFE = "not-safe"
    PUT_OFF = "put-off"


class Ground(str, Enum):
    """Which reflection period somebody has a right to: it is shorter for who asked asylum in another country first."""

    REGULAR = "regular"
    DUBLIN = "dublin"


class Ending(str, Enum):
    """How a reflection period ended (Vreemdelingencirculaire B8/3)."""

    RUN_OUT = "run-out"
    COMPLAINT = "complaint"  # aangifte signed, or cooperation given another way
    WAIVED = "waived"
    DEPARTED = "departed"  # gone, it is not known where
    OTHER_PERMIT = "other-permit"  # an application for another permit


class Status(str, Enum):
    """What somebody is held to be; by whom stands beside it. Never changed by what a prosecutor or a court decides."""

    PRESUMED = "presumed"
    IDENTIFIED = "identified"
    DECLINED = "declined"  # the person does not want to be one
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs for a talk that does no harm (Aanwijzing mensenhandel 2013, par. 2.2)."""

    minor: bool = False
    vulnerable: bool = False
    interpreter: str = ""  # the language, as they call it

    @property
    def special(self) -> bool:
        """Whether the rules for minors and vulnerable persons hold."""
        return self.minor or self.vulnerable


NOTHING_KNOWN = Needs()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to talk: on which day, what came of it, who were there and what was asked (codes of the pack)."""

    result: Result
    day: date
    present: tuple[str, ...]
    topics: tuple[str, ...]
    words: Words
    by: str
    at: datetime
    again: date | None = None  # the day on which it is tried again


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that is planned, attempted or held; open as long as no attempt settled it."""

    id: str
    aim: Aim
    by: Holder
    day: date
    arrangements: tuple[str, ...]  # codes of the pack: interpreter, representative, recording, suitable room
    words: Words
    attempts: tuple[Attempt, ...] = ()

    @property
    def held(self) -> Attempt | None:
        """The attempt in which it was held, if it was."""
        return next((one for one in self.attempts if one.result is Result.HELD), None)

    @property
    def is_open(self) -> bool:
        """A talk is open if, and only if, nobody tried yet, or the last attempt put it off."""
        return not self.attempts or self.attempts[-1].result is Result.PUT_OFF


@dataclass(frozen=True, slots=True)
class Reflection:
    """The reflection period: offered, taken or not, once and never longer. It runs up to and with `last_day`."""

    offered: date
    ground: Ground
    taken: bool | None = None  # None: no answer yet
    started: date | None = None
    last_day: date | None = None
    reports: tuple[date, ...] = ()  # the days on which its user reported, once a month
    ended: date | None = None
    ending: Ending | None = None

    @property
    def runs(self) -> bool:
        """Whether somebody is in their reflection period, as far as anybody told."""
        return self.started is not None and self.ended is None


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent for one recipient; one that is taken back stays on record."""

    recipient: str
    given: date
    words: Words
    withdrawn: date | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a body holds somebody to be, by which framework and version of it; earlier ones stay."""

    status: Status
    body: str
    framework: str
    version: str
    day: date
    words: Words
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """Why nothing more is done for somebody, by whom: only after a talk was tried, or reasoned away."""

    reason: str
    words: Words
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VictimView:
    """A victim's record as its events left it."""

    id: str
    service: str
    task: Task
    processing: Processing
    practice: bool
    signals: frozenset[str]
    called: Words  # how the record calls them: a name, a nickname, "woman in red coat"
    needs: Needs
    owner: Holder
    last_at: datetime
    sequence: int
    next_action: NextAction | None
    talks: tuple[Talk, ...] = ()
    reflection: Reflection | None = None
    consents: tuple[Consent, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    complaint: date | None = None  # the day of the aangifte, if there was one
    rest: Rest | None = None

    @property
    def is_open(self) -> bool:
        """Open until it rests; an open one has an owner, a next step and a date."""
        return self.rest is None

    @property
    def thing(self) -> Thing:
        """What the policy table sees of it."""
        people = (self.owner.person, *(talk.by.person for talk in self.talks if talk.is_open))
        workers = frozenset(person for person in people if person)
        return Thing(self.service, self.owner.unit, self.task, self.processing, self.practice, workers=workers)

    @property
    def interviewers(self) -> frozenset[str]:
        """Who held a talk with them."""
        return frozenset(attempt.by for talk in self.talks if (attempt := talk.held) is not None)

    @property
    def spoken(self) -> bool:
        """Whether any talk was held."""
        return any(talk.held for talk in self.talks)

    @property
    def tried(self) -> bool:
        """Whether anybody tried to talk, whatever came of it."""
        return any(talk.attempts for talk in self.talks)

    @property
    def status(self) -> Status:
        """What they are held to be now; presumed until a body said otherwise."""
        return self.assessments[-1].status if self.assessments else Status.PRESUMED

    def asked(self) -> dict[str, tuple[Attempt, ...]]:
        """By topic the talks in which it was asked: nobody should have to tell it again."""
        found: dict[str, list[Attempt]] = {}
        for attempt in (one for talk in self.talks if (one := talk.held) is not None):
            for topic in attempt.topics:
                found.setdefault(topic, []).append(attempt)
        return {topic: tuple(attempts) for topic, attempts in found.items()}

    def consents_to(self, recipient: str) -> bool:
        """Consent holds for a recipient if, and only if, the last one given for it was not taken back."""
        last = next((one for one in reversed(self.consents) if one.recipient == recipient), None)
        return last is not None and last.withdrawn is None
