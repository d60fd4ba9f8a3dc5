"""People and their rights, and what the policy table sees of a thing: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from seinpost.packs.procedure.terms import Processing, Profile, Purpose, Role, Task


class Words(str):
    """Free text typed by a person: never in a log line, never in a sentence key, erasable when its time has come."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Service:
    """One data controller: the police, the inspectorate, the Marechaussee, or a practice service shaped like one."""

    id: str
    profile: Profile
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A team of one service, working for one task under one processing."""

    id: str
    service: str
    task: Task
    processing: Processing


@dataclass(frozen=True, slots=True)
class Grant:
    """A right as person x task x processing x period, with its purposes; `units` None means the whole service.

    `forms` None means every form of exploitation.
    """

    role: Role
    task: Task
    processing: Processing
    purposes: frozenset[Purpose]
    starts: datetime
    ends: datetime
    units: frozenset[str] | None = None
    compartments: frozenset[str] = frozenset()
    forms: frozenset[str] | None = None

    def runs(self, now: datetime) -> bool:
        """A grant runs if, and only if, now lies in its period (the end does not belong to it)."""
        return self.starts <= now < self.ends


def lies_within(new: Grant, held: Grant, now: datetime) -> bool:
    """A grant lies within another if, and only if, from now on it gives nothing that the other does not give."""
    return (
        (new.role, new.task, new.processing) == (held.role, held.task, held.processing)
        and new.purposes <= held.purposes
        and new.compartments <= held.compartments
        and (held.units is None or (new.units is not None and new.units <= held.units))
        and (held.forms is None or (new.forms is not None and new.forms <= held.forms))
        and held.starts <= max(new.starts, now)
        and new.ends <= held.ends
    )


def second_persons(
    asker: str, receiver: str, administrators: frozenset[str], officers: frozenset[str]
) -> frozenset[str]:
    """Who can agree to a right: an administrator other than who asks and who would get it; if there is none, a privacy
    officer other than those. Empty: nobody can, and only the server's own command gives it."""
    return (administrators - {asker, receiver}) or (officers - {asker, receiver})


@dataclass(frozen=True, slots=True)
class Training:
    """A training somebody finished, and the first day it no longer counts."""

    code: str
    until: date


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with grants, or the system itself (one grant with role SYSTEM)."""

    id: str
    service: str
    unit: str
    grants: tuple[Grant, ...] = ()
    training: tuple[Training, ...] = ()

    @property
    def is_system(self) -> bool:
        """An actor is the system if, and only if, it holds a grant with role SYSTEM."""
        return any(grant.role is Role.SYSTEM for grant in self.grants)


CHOSEN = (Purpose.FOLLOW_UP, Purpose.COORDINATION, Purpose.TRAINING, Purpose.OVERSIGHT)
"""The purposes for which signals are read, one at a time; emergency is asked for by signal."""


def working_towards(actor: Actor, purpose: Purpose | None) -> Actor:
    """The actor while they work for one purpose: what their rights give for another one to choose is left out.

    Unchanged without a choice, and for a purpose they hold no longer: that is no choice any more.
    """
    if purpose is None or not any(purpose in grant.purposes for grant in actor.grants):
        return actor
    others = frozenset(CHOSEN) - {purpose}
    return replace(actor, grants=tuple(replace(grant, purposes=grant.purposes - others) for grant in actor.grants))


@dataclass(frozen=True, slots=True)
class Glass:
    """Access by emergency: who, until when, why, and whether a privacy officer looked at it since."""

    person: str
    since: datetime
    until: datetime
    words: Words
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """What the policy table sees of a signal, or of a log, a count or the people of a service."""

    service: str
    unit: str
    task: Task
    processing: Processing
    practice: bool = False
    need_to_know: frozenset[str] = frozenset()  # empty: not restricted
    compartment: str = ""  # of the protected source; empty: no protected source
    asked: frozenset[str] = frozenset()  # people who owe an answer
    glass: tuple[Glass, ...] = ()
    forms: frozenset[str] = frozenset()  # of exploitation; empty: none named yet
    workers: frozenset[str] = frozenset()  # who owns it, whose the next action is, or an open task
