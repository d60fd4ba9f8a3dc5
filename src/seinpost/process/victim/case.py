"""What a decision on a victim's record is made from, bundled; and the reasons that several verbs share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Refusal, Role
from seinpost.process.commands import Command
from seinpost.process.deadlines import local_day
from seinpost.process.events import Fact
from seinpost.process.people import Actor
from seinpost.process.shapes import Holder, Reason, Refused
from seinpost.process.verbs.case import reason
from seinpost.process.victim.shapes import VictimView

C = TypeVar("C", bound=Command, covariant=True)
Facts = tuple[Fact, ...] | Refused


@dataclass(frozen=True, slots=True)
class VictimCase(Generic[C]):
    """One command on one record by one person at one moment under one procedure."""

    view: VictimView
    command: C
    actor: Actor
    now: datetime
    plan: Procedure

    @property
    def today(self) -> date:
        """The local day."""
        return local_day(self.now)

    @property
    def owner(self) -> Holder:
        """Who looks after the record."""
        return self.view.owner

    @property
    def is_interviewer(self) -> bool:
        """Whether the actor is a certified interviewer now."""
        return any(grant.role is Role.INTERVIEWER and grant.runs(self.now) for grant in self.actor.grants)


def unknown(known: Mapping[str, object], field: str, codes: Iterable[str]) -> Iterator[Reason]:
    """A reason for each code that the list does not have."""
    for code in codes:
        if code not in known:
            yield reason(Refusal.UNKNOWN_CODE, field=field, code=code)


def happened(case: VictimCase[Command], day: date) -> Iterator[Reason]:
    """A reason, if a day on which something happened is still to come."""
    if day > case.today:
        yield reason(Refusal.DATE_IN_FUTURE)
