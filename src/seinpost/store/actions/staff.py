"""What an administrator does to people beyond a single row: rights under four eyes, leaving, how somebody comes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import ListName, Purpose, Refusal
from seinpost.process.codec import WORDS
from seinpost.process.fold import fold
from seinpost.process.guarantee import returns
from seinpost.process.policy import COMPARTMENT_ROLES, FORM_ROLES, RULES
from seinpost.process.shapes import Reason, Refused
from seinpost.process.verbs.case import sentence
from seinpost.store.acting import Acting, as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.people import (
    Right,
    columns_of,
    end_right,
    facts_of,
    give_right,
    may_manage,
    right_facts,
)
from seinpost.store.log import all_histories, append_record
from seinpost.store.models import Grant, Mail, Person, Proposal, Signal, Unit
from seinpost.store.models.people import AGREED, DISAGREED, WITHDRAWN
from seinpost.store.queries.people import administrators, may_answer, second_persons_of, seen_digest

COLUMNS = ("role", "task", "processing", "purposes", "units", "compartments", "forms", "starts", "ends")


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who left: how many rights ended, which signals went back, and which could not (each with why)."""

    rights: int
    returned: tuple[UUID, ...]
    stayed: tuple[tuple[UUID, Refused], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a second person says of a proposed right; `seen` is the digest of what stood before them."""

    agrees: bool
    seen: str
    words: str = ""


def grant_role(
    *, acting: Acting, person: Person, right: Right, now: datetime, plan: Procedure, words: str = "",
    by_mail: bool = False,
) -> Grant | Proposal | Refused:  # fmt: skip
    """Give a right as an administrator does: to somebody else, for what the role can use, within the own service.

    It holds at once if, and only if, it lies within a right that they have; else it is proposed, and gives nothing
    until a second person agrees. `words`: why; `by_mail`: tell those who can agree by mail too.
    """
    wrong = faults_of(acting, person, right, now, plan)
    if wrong is not None:
        return wrong
    given = give_right(acting=acting, person=person, right=right, now=now)
    if not isinstance(given, Refused) or given.codes != (Refusal.NEEDS_SECOND.value,):
        return given
    with managing(acting, person, now) as row:
        if isinstance(row, Refused):
            return row
        if not row.is_active:
            return refused(Refusal.ASSIGNEE_INACTIVE)
        asked = Proposal(**columns_of(row, right), asked_by=acting.person, asked_at=now)
        facts = {**right_facts(asked), "why": {WORDS: words}}
        asked.asked_in = append_record(acting.service, "right-proposed", acting.person, now, facts)
        asked.save()
        if by_mail:
            Mail.objects.bulk_create(
                Mail(service_id=acting.service, person_id=UUID(key), right_asked=True, made_at=now, next_try_at=now)
                for key in sorted(second_persons_of(asked, now))
            )
        return asked


def faults_of(
    acting: Acting, person: Person, right: Right, now: datetime, plan: Procedure
) -> Refused | None:  # fmt: skip
    """What is wrong with a right that an administrator wants to give; None for nothing."""
    if acting.person == str(person.pk):
        return refused(Refusal.SAME_PERSON)
    faults = [("until", right.ends.isoformat())] if right.ends <= max(right.starts, now) else []
    useful = {purpose for rule in RULES if right.role in rule.roles for purpose in rule.purposes}
    if not right.purposes:
        faults.append(("purposes", "-"))
    faults += [("purposes", purpose.value) for purpose in sorted(right.purposes - useful)]
    known = set(Unit.objects.filter(service=person.service_id).values_list("pk", flat=True))
    faults += [("units", unit) for unit in right.units or () if unit not in known]
    open_to = plan.lists[ListName.COMPARTMENTS] if right.role in COMPARTMENT_ROLES else {}
    faults += [("compartments", code) for code in right.compartments if code not in open_to]
    if right.forms is not None and right.role not in FORM_ROLES:
        faults += [("forms", code) for code in right.forms]
    if faults:
        return Refused(tuple(Reason(Refusal.UNKNOWN_CODE.value, (("field", f), ("code", c))) for f, c in faults))
    return None


def answer_right(
    *, acting: Acting, proposal: int, answer: Answer, now: datetime, plan: Procedure
) -> Proposal | Refused | None:
    """Agree to a proposed right, which then holds, or not, with why; None when the service has no such proposal."""
    with working_for(acting):
        row = locked(proposal)
        if row is None:
            return None
        verdict = may_answer(acting, row, now)
        if isinstance(verdict, Refused):
            return verdict
        if answer.seen != seen_digest(row, now):
            return refused(Refusal.ASKED_CHANGED)
        short = () if answer.agrees else tuple(sentence(plan, "words", answer.words))
        if short:
            return Refused(short)
        facts = {
            **right_facts(row), "asked_by": row.asked_by, "seen": answer.seen, "why": {WORDS: answer.words.strip()}
        }  # fmt: skip
        if not answer.agrees:
            event = append_record(acting.service, "right-disagreed", acting.person, now, facts)
            return answered(row, DISAGREED, acting, event, now)
        if row.ends <= now or not row.person.is_active or row.asked_by not in administrators(acting.service, now):
            return refused(Refusal.ASKER_LEFT)
        columns = {field: getattr(row, field) for field in COLUMNS}
        grant = Grant.objects.create(
            **columns, person=row.person, service_id=row.service_id, given_by=row.asked_by, given_at=now,
            agreed_by=acting.person,
        )  # fmt: skip
        facts |= {"grant": grant.pk, "second": acting.person}
        event = append_record(acting.service, "right-given", acting.person, now, facts)
        return answered(row, AGREED, acting, event, now)


def withdraw_right(*, acting: Acting, proposal: int, now: datetime) -> Proposal | Refused | None:
    """Take a proposal back, at once: any administrator may, who proposed it too; None when there is no such one."""
    with working_for(acting):
        row = locked(proposal)
        if row is None:
            return None
        verdict = may_manage(acting, row.person.unit, now)
        if isinstance(verdict, Refused):
            return verdict
        if row.answer:
            return refused(Refusal.NO_OPINION_PENDING)
        return taken_back(row, acting, now)


def locked(proposal: int) -> Proposal | None:
    """A proposal of the service, whose row nobody else answers meanwhile."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("person__unit")
    return rows.filter(pk=proposal).first()


def taken_back(row: Proposal, acting: Acting, now: datetime) -> Proposal:
    """Take one proposal back, with its record."""
    facts = {**right_facts(row), "asked_by": row.asked_by}
    event = append_record(acting.service, "right-withdrawn", acting.person, now, facts)
    return answered(row, WITHDRAWN, acting, event, now)


def answered(row: Proposal, answer: str, acting: Acting, event: int, now: datetime) -> Proposal:
    """Keep the answer with the proposal; the database takes it once."""
    row.answer, row.answered_by, row.answered_at, row.answered_in = answer, acting.person, now, event
    row.save(update_fields=["answer", "answered_by", "answered_at", "answered_in"])
    return row


def end_role(*, acting: Acting, person: Person, grant: int, now: datetime) -> Grant | Refused | None:
    """End a right of somebody else now; None when they have no such right."""
    if acting.person == str(person.pk):
        return refused(Refusal.SAME_PERSON)
    with working_for(acting):
        if not Grant.objects.filter(pk=grant, person=person).exists():
            return None
    return end_right(acting=acting, grant=grant, now=now)


def refused(code: Refusal) -> Refused:
    """A refusal with one reason."""
    return Refused((Reason(code.value),))


def useful_purposes() -> tuple[Purpose, ...]:
    """Every purpose that some role of a person can use."""
    return tuple(purpose for purpose in Purpose if purpose is not Purpose.GUARDING)


def leave(*, acting: Acting, person: Person, now: datetime, plan: Procedure) -> Left | Refused:
    """Let somebody leave: no more login, no more rights, and their open signals back in the queue of the unit.

    The rights end in one transaction. The signals follow one by one, as `process.guarantee.returns` says; what a
    machine that stops halfway leaves undone, the nightly job does.
    """
    if acting.person == str(person.pk):
        return refused(Refusal.SAME_PERSON)
    with managing(acting, person, now) as row:
        if isinstance(row, Refused):
            return row
        ended = end_all(acting, row, now)
        if row.is_active:
            row.is_active = False
            row.save(update_fields=["is_active"])
            append_record(acting.service, "person-left", acting.person, now, {"person": str(row.pk), "rights": ended})
    returned, stayed = give_back(acting.service, now, plan)
    return Left(ended, returned, stayed)


def end_all(acting: Acting, person: Person, now: datetime) -> int:
    """End every right that runs or is to come, and take back what waits, each with its record; how many rights."""
    mine = Q(person=person) | Q(asked_by=str(person.pk))
    for asked in Proposal.objects.select_for_update().filter(mine, answer=""):
        taken_back(asked, acting, now)
    rows = list(Grant.objects.select_for_update().filter(person=person, ends__gt=now))
    for row in rows:
        row.ends = max(row.starts, now)
        row.save(update_fields=["ends"])
        append_record(acting.service, "right-ended", acting.person, now, facts_of(row))
    return len(rows)


def give_back(
    service: str, now: datetime, plan: Procedure
) -> tuple[tuple[UUID, ...], tuple[tuple[UUID, Refused], ...]]:
    """Let every open signal of somebody who is not there any more go back to its unit's queue; the system does it."""
    with working_for(as_system(service), reach="all"):
        here = {str(key) for key in Person.objects.filter(service=service, is_active=True).values_list("pk", flat=True)}
        commands = returns((fold(events) for events in all_histories(list(held(service)))), frozenset(here))
    returned, stayed = [], []
    for key, command in commands:
        done = act(
            acting=as_system(service), signal=UUID(key), ask=command, now=now, plan=plan, purpose=Purpose.GUARDING
        )
        if isinstance(done, Refused):
            stayed.append((UUID(key), done))
        else:
            returned.append(UUID(key))
    return tuple(returned), tuple(stayed)


def held(service: str) -> Iterable[UUID]:
    """Signals that are somebody's who is not there any more; only these need to be read whole."""
    gone = Person.objects.filter(service=service, is_active=False).values("pk")
    rows = Signal.objects.filter(owner__in=gone) | Signal.objects.filter(next_person__in=gone)
    return rows.values_list("pk", flat=True)


@contextmanager
def managing(acting: Acting, person: Person, now: datetime) -> Iterator[Person | Refused]:
    """Somebody's row, locked, in a transaction of an administrator who may manage them; a refusal when they may not."""
    with working_for(acting):
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk, service=acting.service)
        verdict = may_manage(acting, row.unit, now)
        yield verdict if isinstance(verdict, Refused) else row


def reset_factor(*, acting: Acting, person: Person, now: datetime, by_mail: bool) -> int | Refused:
    """Take every second factor of somebody else away and end their sessions; how many factors.

    They set up a new one when they log in, and are told there that it was reset and when; `by_mail`: by mail too.
    """
    if acting.person == str(person.pk):
        return refused(Refusal.SAME_PERSON)
    with managing(acting, person, now) as row:
        if isinstance(row, Refused):
            return row
        gone: int = Authenticator.objects.filter(user=row).exclude(type=Authenticator.Type.RECOVERY_CODES).count()
        Authenticator.objects.filter(user=row).delete()
        row.factor_reset_at = now
        row.save(update_fields=["factor_reset_at"])
        facts = {"person": str(row.pk), "factors": gone, "sessions": end_rows(row)}
        append_record(acting.service, "second-factor-reset", acting.person, now, facts)
        if by_mail:
            Mail.objects.create(service_id=acting.service, person=row, factor_reset=True, made_at=now, next_try_at=now)
        return gone


def end_sessions(*, acting: Acting, person: Person, now: datetime) -> int | Refused:
    """End every session of somebody; how many."""
    with managing(acting, person, now) as row:
        if isinstance(row, Refused):
            return row
        ended = end_rows(row)
        facts = {"person": str(row.pk), "sessions": ended}
        append_record(acting.service, "sessions-ended", acting.person, now, facts)
        return ended


def lift_lock(*, acting: Acting, person: Person, now: datetime) -> int | Refused:
    """Let somebody try a password again at once; how many attempts are forgotten."""
    with managing(acting, person, now) as row:
        if isinstance(row, Refused):
            return row
        forgotten: int = AccessAttempt.objects.filter(username=row.login.upper()).delete()[0]
        append_record(acting.service, "lock-lifted", acting.person, now, {"person": str(row.pk)})
        return forgotten


def record_lock(*, login: str, now: datetime) -> None:
    """Record that a login is locked after wrong passwords; of a name that nobody has there is nothing to record."""
    person = Person.objects.filter(login__iexact=login).first()
    if person is None:
        return
    with working_for(as_system(person.service_id)):
        append_record(person.service_id, "login-locked", "system", now, {"person": str(person.pk)})


def end_rows(person: Person) -> int:
    """End every session of a person, inside a transaction; how many."""
    return end_these(UserSession.objects.filter(user=person))


def end_these(rows: object) -> int:
    """End sessions: the rows by which they are listed, and those by which they work."""
    found = list(rows)  # type: ignore[call-overload]
    Session.objects.filter(session_key__in=[row.session_key for row in found]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)
