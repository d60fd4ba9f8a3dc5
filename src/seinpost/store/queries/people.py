"""The people and units of a service: as forms and lists name them, and with what they may for who manages them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from seinpost.packs.procedure.terms import OPEN_PHASES, Processing, Purpose, Refusal, Role, Task, Verb
from seinpost.process.commands import Assign, Naming
from seinpost.process.people import Thing, second_persons
from seinpost.process.policy import TRAINING, may
from seinpost.process.shapes import Allowed, Holder, Refused
from seinpost.process.verbs.case import reason, refuse
from seinpost.store.acting import Acting, actor_of
from seinpost.store.log import canonical, words_of
from seinpost.store.models import Grant, Person, Proposal, Signal, Training, Unit
from seinpost.store.models.people import DISAGREED
from seinpost.store.statement import Statement

KEY = 36  # characters of a person's key
OPEN = sorted(phase.value for phase in OPEN_PHASES)


def units_by(name: str) -> Statement[tuple[str, str]]:
    """The units of a service with their name in a language, by that name."""
    return Statement(
        lambda service: Unit.objects.filter(service=service).order_by(name).values_list("code", name), service=str
    )


UNITS = {name: units_by(name) for name in ("name_nl", "name_en")}


RIGHTS = Statement(
    lambda person, now: Grant.objects.filter(person=person, starts__lte=now, ends__gt=now).values_list(
        "role", "purposes"
    ),
    **{"person": UUID, "now": datetime},
)
"""The role and purposes of each right that somebody has now; inside the transaction that works for them."""
PLACE = Statement(
    lambda person: Person.objects.filter(pk=person).values(
        *("service__name_nl", "service__name_en", "service__practice", "unit__name_nl", "unit__name_en")
    ),
    person=UUID,
)
"""How the service of somebody is called, whether it is one to practise in, and their unit, if they have one."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is there, and the unit they work in."""

    id: str
    name: str
    unit: str


def colleagues(service: str) -> tuple[Named, ...]:
    """Everybody of the service who is there, by name."""
    return listed(Person.objects.filter(service=service, is_active=True, unit__isnull=False))


def everybody(service: str) -> tuple[Named, ...]:
    """Everybody who is or was of the service, by name."""
    return listed(Person.objects.filter(service=service))


def at_work(service: str, units: Collection[str], also: str = "") -> tuple[Named, ...]:
    """Everybody who is there in these units, by name; `also` somebody by key, wherever they are or went."""
    there = Q(is_active=True, unit__in=sorted(units))
    return listed(Person.objects.filter(there | Q(pk=also) if len(also) == KEY else there, service=service))


def known_as(service: str, told: str) -> str:
    """The one person of the service who is there and whom a source means: by key, login, mail address or name.

    Empty for nobody, and for several: nobody is guessed.
    """
    told = told.strip()
    if not told:
        return ""
    meant = Q(login__iexact=told) | Q(email__iexact=told) | Q(name__iexact=told)
    with suppress(ValueError):
        meant |= Q(pk=UUID(told))
    found = Person.objects.filter(meant, service=service, is_active=True).values_list("pk", flat=True)[:2]
    return str(found[0]) if len(found) == 1 else ""


def looked_up(command: Assign, *, lock: bool = False) -> Assign:
    """An assignment with what only the store knows: of which service the unit is, and whether the person works there.

    With `lock` who leaves at this moment does so after it, so that what they were given goes back, or before it, so
    that nothing is given.
    """
    to = command.to
    service = Unit.objects.filter(pk=to.unit).values_list("service", flat=True).first() or ""
    people = Person.objects.select_for_update(no_key=True, of=("self",)) if lock else Person.objects.all()
    try:
        here = people.filter(pk=UUID(to.person or ""), unit=to.unit, is_active=True).exists()
    except ValueError:  # no person, or one that is none
        here = False
    return replace(command, to_service=service, to_active=here)


def gone(command: Naming, service: str) -> frozenset[Holder]:
    """Those whom a command names who are not there: not at work in the unit it says, or no unit of the service.

    Their rows are locked, in one order: who leaves at this moment does so before it, or after it.
    """
    keys = set[UUID]()
    for one in command.names:
        with suppress(ValueError):  # what is no key is nobody's
            keys.add(UUID(one.person or ""))
    people = Person.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    rows = people.filter(pk__in=keys, service=service, is_active=True).values_list("pk", "unit") if keys else ()
    there = {holder for key, unit in rows for holder in (Holder("", str(key)), Holder(unit or "", str(key)))}
    units = {one.unit for one in command.names if one.person is None}
    known = Unit.objects.filter(pk__in=units, service=service).values_list("pk", flat=True) if units else ()
    return command.names - there - {Holder(unit) for unit in known}


def listed(people: QuerySet[Person]) -> tuple[Named, ...]:
    """People as forms name them, by name."""
    rows = people.order_by("name", "pk").values_list("pk", "name", "unit")
    return tuple(Named(str(key), name, unit or "") for key, name, unit in rows)


def units(service: str, language: str) -> dict[str, str]:
    """Names of the units of the service by code."""
    return dict(UNITS["name_en" if language == "en" else "name_nl"](service=service))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the service; `trained` is the first day on which the training on signals no longer counts."""

    person: Person
    grants: tuple[Grant, ...]
    trained: date | None
    signals: int

    def running(self, now: datetime) -> tuple[Grant, ...]:
        """The rights that hold now."""
        return tuple(grant for grant in self.grants if grant.starts <= now < grant.ends)


def members(service: str, key: UUID | None = None) -> tuple[Member, ...]:
    """Everybody of the service by name, those who left last; with a key only that person. Call it with reach "all"."""
    people = Person.objects.filter(service=service).select_related("unit").order_by("-is_active", "name")
    rows = list(people if key is None else people.filter(pk=key))
    grants: dict[UUID, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(person__in=rows).order_by("-ends", "role"):
        grants[grant.person_id].append(grant)
    trained = dict(Training.objects.filter(person__in=rows, code=TRAINING).values_list("person", "until"))
    owned = Signal.objects.filter(owner__in=rows).values("owner")
    counts = dict(owned.annotate(n=Count("pk", filter=Q(phase__in=OPEN))).values_list("owner", "n"))
    return tuple(Member(p, tuple(grants[p.pk]), trained.get(p.pk), counts.get(p.pk, 0)) for p in rows)


# --- rights that were proposed --------------------------------------------------------------------------------------

ANSWERED_SHOWN = timedelta(days=90)
ANSWERS_FOR = ((Role.ADMINISTRATOR, Purpose.MANAGEMENT), (Role.PRIVACY_OFFICER, Purpose.OVERSIGHT))


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposed right with the words of who asked and who answered, and who can answer it now."""

    row: Proposal
    why: str
    said: str
    seconds: frozenset[str]


def administrators(service: str, now: datetime) -> frozenset[str]:
    """Everybody who manages the people of the service now and is there."""
    return holding(service, *ANSWERS_FOR[0], now)


def holding(service: str, role: Role, purpose: Purpose, now: datetime) -> frozenset[str]:
    """Everybody of the service who is there and has a role for a purpose now."""
    rows = Grant.objects.filter(
        service=service, role=role.value, purposes__contains=[purpose.value], starts__lte=now, ends__gt=now,
        person__is_active=True,
    )  # fmt: skip
    return frozenset(str(key) for key in rows.values_list("person_id", flat=True))


def second_persons_of(row: Proposal, now: datetime) -> frozenset[str]:
    """Who can answer a proposal now; nobody, once it is answered."""
    if row.answer:
        return frozenset()
    first, then = (holding(row.service_id, role, purpose, now) for role, purpose in ANSWERS_FOR)
    return second_persons(row.asked_by, str(row.person_id), first, then)


def may_answer(acting: Acting, row: Proposal, now: datetime) -> Allowed | Refused:
    """Whether the actor may answer a proposal, by the policy table; its refusal says what stands in the way."""
    if row.answer:
        return refuse(reason(Refusal.NO_OPINION_PENDING))
    if acting.person in (row.asked_by, str(row.person_id)):
        return refuse(reason(Refusal.SAME_PERSON))
    actor, asked = actor_of(replace(acting, purpose=None), now), second_persons_of(row, now)
    thing = Thing(row.service_id, "", Task(row.task), Processing(row.processing), asked=asked)
    verdicts = [may(actor, Verb.AGREE_RIGHT, thing, purpose, now) for _role, purpose in ANSWERS_FOR]
    allowed = next((one for one in verdicts if isinstance(one, Allowed)), None)
    return allowed or verdicts[0]


def seen_digest(row: Proposal, now: datetime) -> str:
    """The digest of what a second person has before them: the right that is asked, and those that somebody has."""
    held = Grant.objects.filter(person=row.person_id, ends__gt=now).order_by("pk").values_list("pk", "ends")
    asked = {
        field.attname: str(getattr(row, field.attname))
        for field in Proposal._meta.concrete_fields
        if not field.attname.startswith("answer")
    }
    shown = {"asked": asked, "held": [[key, ends.isoformat()] for key, ends in held]}
    return hashlib.sha256(canonical(shown).encode()).hexdigest()


def proposed(
    service: str, now: datetime, *, person: UUID | None = None, key: int | None = None
) -> tuple[Proposed, ...]:
    """The proposals that wait, longest first, then those answered lately; of one person those not agreed to, or one."""
    rows = Proposal.objects.filter(service=service).select_related("person__unit")
    if key is not None:
        rows = rows.filter(pk=key)
    elif person is not None:
        rows = rows.filter(Q(answer="") | Q(answer=DISAGREED), person=person)
    else:
        rows = rows.filter(Q(answer="") | Q(answered_at__gt=now - ANSWERED_SHOWN))
    waiting = list(rows.filter(answer="").order_by("asked_at"))
    found = [*waiting, *rows.exclude(answer="").order_by("-answered_at")]
    words = words_of(event for row in found for event in (row.asked_in, row.answered_in) if event is not None)
    first, then = (holding(service, role, purpose, now) for role, purpose in ANSWERS_FOR)
    return tuple(
        Proposed(
            row, words.get(row.asked_in, ""), words.get(row.answered_in or 0, ""),
            frozenset() if row.answer else second_persons(row.asked_by, str(row.person_id), first, then),
        )
        for row in found
    )  # fmt: skip


def waiting_for(acting: Acting, now: datetime) -> int:
    """How many proposed rights somebody can answer now."""
    waiting = list(Proposal.objects.filter(service=acting.service, answer=""))
    if not waiting:
        return 0
    first, then = (holding(acting.service, role, purpose, now) for role, purpose in ANSWERS_FOR)
    return sum(acting.person in second_persons(row.asked_by, str(row.person_id), first, then) for row in waiting)
