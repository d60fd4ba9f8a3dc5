"""Who must know of what happened: rows left in the same transaction, and the outbox of mail that the worker empties.

So no notice is lost or sent for nothing, and a mail server that is away keeps nobody from working.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from seinpost.errors import MailError
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import OPEN_PHASES, Phrase, Role, Told
from seinpost.process.deadlines import local_day
from seinpost.process.events import Event
from seinpost.process.fold import fold
from seinpost.process.shapes import SignalView
from seinpost.process.telling.concerns import Audience, Group, audience
from seinpost.process.telling.letter import AT_ONCE, Letter, Line, pause_after, wants_digest, write_fixed, write_letter
from seinpost.store.acting import Acting, as_system, working_for
from seinpost.store.jobs import STOPPED, GoOn, always
from seinpost.store.log import histories
from seinpost.store.models import Grant, Mail, Notice, Person, Service, Signal

SAME_NIGHT = timedelta(hours=12)


def leave_notices(
    acting: Acting, events: Iterable[Event], before: Mapping[UUID, SignalView], views: Mapping[UUID, SignalView],
    now: datetime,
) -> None:  # fmt: skip
    """Leave a notice for everybody concerned, but never for whoever did it; `before`, `views`: found and left."""
    for event in events:
        key = UUID(event.signal)
        tell(acting, audience(event, before.get(key), views[key]), views[key], now)


def tell(
    acting: Acting,
    heard: Audience,
    view: SignalView,
    now: datetime,
    *,
    since: datetime | None = None,
    once: bool = False,
) -> int:
    """Leave a notice for an audience; how many people. With `since`, not for who was told the same since then; with
    `once`, not for who has not read the same yet. Who may not know of a restricted signal is told nothing of it."""
    people = (heard.people | members(heard.group, view, now)) - {acting.person}
    if view.need_to_know and heard.group is not Group.PRIVACY:
        people &= view.need_to_know
    if people and (since is not None or once):
        told = Notice.objects.filter(signal=view.id, event_kind=heard.kind, person__in=[UUID(one) for one in people])
        told = told.filter(read_at=None) if since is None else told.filter(at__gte=since)
        people -= {str(key) for key in told.values_list("person_id", flat=True)}
    Notice.objects.bulk_create(
        Notice(
            service_id=acting.service, person_id=UUID(person), signal=UUID(view.id), event_kind=heard.kind, at=now
        )
        for person in sorted(people)
    )  # fmt: skip
    return len(people)


def members(group: Group | None, view: SignalView, now: datetime) -> frozenset[str]:
    """Who a group is, for a signal."""
    if group is Group.PRIVACY:
        return privacy_officers(view.service, now)
    if group is Group.LEADERS:
        return holders(view, now, Role.COORDINATOR)
    if group is Group.WEIGHERS:
        trainees = (Role.TRAINEE,) if view.practice else ()
        return holders(view, now, Role.COORDINATOR, Role.WEIGHER, *trainees)
    return frozenset()


def holders(view: SignalView, now: datetime, *roles: Role) -> frozenset[str]:
    """Everybody with one of these roles for the unit of a signal, who is there."""
    return frozenset(str(key) for key in granted(view, now, *roles).values_list("person_id", flat=True))


def granted(view: SignalView, now: datetime, *roles: Role) -> QuerySet[Grant]:
    """The running grants of these roles for the unit of a signal, of people who are there."""
    of_form = Q(forms__isnull=True) | Q(forms__overlap=sorted(view.forms)) if view.forms else Q()
    return Grant.objects.filter(
        of_form, Q(units__isnull=True) | Q(units__contains=[view.unit]),
        role__in=[role.value for role in roles], task=view.task.value, processing=view.processing.value,
        starts__lte=now, ends__gt=now, service=view.service, person__is_active=True,
    )  # fmt: skip


def leads(view: SignalView, now: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """Who leads the unit of a signal by name of the unit, and who leads every unit of its task in the service."""
    everybody = granted(view, now, Role.COORDINATOR).values_list("person_id", "units")
    of_unit = frozenset(str(person) for person, units in everybody if units is not None and view.unit in units)
    return of_unit, frozenset(str(person) for person, units in everybody if units is None)


def tell_of_orphans(service: str, orphans: Iterable[UUID], now: datetime) -> int:
    """Tell everybody who coordinates in the service of signals that nobody is bound to look after; how many notices.

    By number only, as the page of the proof does, so also of a restricted one. Told again every night that it lasts,
    but not again when the proof is repeated in the same one.
    """
    leading = Grant.objects.filter(
        role=Role.COORDINATOR.value, starts__lte=now, ends__gt=now, service=service, person__is_active=True
    )
    people = sorted(set(leading.values_list("person_id", flat=True)), key=str)
    lost, kind = list(orphans), Told.ORPHAN.value
    rows = Notice.objects.filter(service=service, event_kind=kind, signal__in=lost, at__gt=now - SAME_NIGHT)
    known = set(rows.values_list("signal", "person_id"))
    made = [
        Notice(service_id=service, person_id=person, signal=signal, event_kind=kind, at=now)
        for signal in lost
        for person in people
        if (signal, person) not in known
    ]
    return len(Notice.objects.bulk_create(made))


def privacy_officers(service: str, now: datetime) -> frozenset[str]:
    """Everybody who is privacy officer of the service now."""
    grants = Grant.objects.filter(role=Role.PRIVACY_OFFICER.value, starts__lte=now, ends__gt=now, service=service)
    return frozenset(str(key) for key in grants.values_list("person_id", flat=True))


# --- mail -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """How mail leaves: the way to the mail server, the addresses pages have, and where mail may go.

    `send` gets the number of the mail, the address and the letter; it raises MailError.
    """

    send: Callable[[UUID, str, Letter], None]
    signal_url: Callable[[UUID], str]
    choose_url: str
    reference: Callable[[str, int], str]
    may_go_to: Callable[[str], bool]


def make_mails(*, now: datetime) -> Counter[str]:
    """Put notices that nobody read yet in mails: at once where they cannot wait, else in the digest of the day."""
    made: Counter[str] = Counter()
    for service in Service.objects.order_by("pk").values_list("pk", flat=True):
        with working_for(as_system(service), reach="all"):
            people = {
                person.pk: person
                for person in Person.objects.filter(service=service, is_active=True)
                .exclude(email="").order_by("pk").select_for_update()
            }  # fmt: skip
            due = {key for key, one in people.items() if wants_digest(one.digest_hour, one.digest_on, now)}
            waiting: dict[UUID, list[Notice]] = defaultdict(list)
            unread = Notice.objects.filter(person__in=people, read_at=None, mail=None, mailed_at=None)
            for notice in unread.filter(Q(event_kind__in=AT_ONCE) | Q(person__in=due)).order_by("pk"):
                waiting[notice.person_id].append(notice)
            for person in due:
                if late_of(person, now).exists():
                    waiting.setdefault(person, [])
            for person, notices in waiting.items():
                digest = person in due
                mail = Mail.objects.create(
                    service_id=service, person_id=person, digest=digest, made_at=now, next_try_at=now
                )
                Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)
                made["digests" if digest else "at-once"] += 1
            Person.objects.filter(pk__in=due).update(digest_on=local_day(now))
    return made


def deliver_mails(*, post: Post, now: datetime, plan: Procedure, go_on: GoOn = always) -> Counter[str]:
    """Send what waits, each in a transaction of its own; raises MailError when the server takes no mail now.

    Several workers may do it at once: a mail that one is at work on is passed over by the others. Told to stop, it
    stops between two mails.
    """
    done: Counter[str] = Counter()
    for service in Service.objects.order_by("pk").values_list("pk", flat=True):
        while go_on() and (word := deliver_one(service, post, now, plan)) is not None:
            done[word] += 1
    if not go_on():
        done[STOPPED] = 1
    return done


def deliver_one(service: str, post: Post, now: datetime, plan: Procedure) -> str | None:
    """Send the mail that waits longest; what became of it, or None when none waits."""
    away: MailError | None = None
    with working_for(as_system(service), reach="all"):
        waiting = Mail.objects.filter(sent_at=None, next_try_at__lte=now)
        mail = waiting.select_for_update(skip_locked=True).order_by("next_try_at", "pk").first()
        if mail is None:
            return None
        person = Person.objects.get(pk=mail.person_id)
        notices = list(Notice.objects.filter(mail=mail, read_at=None).order_by("at", "pk"))
        late = list(late_of(person.pk, now).order_by("due", "pk").values_list("pk", flat=True)) if mail.digest else []
        if (
            not (notices or late or mail.factor_reset or mail.right_asked)
            or not person.is_active
            or not post.may_go_to(person.email)
        ):
            Notice.objects.filter(mail=mail).update(mail=None, mailed_at=now)  # read meanwhile, or nowhere to go
            mail.delete()
            return "dropped"
        try:
            post.send(mail.pk, person.email, letter_of(mail, person, notices, late, post, plan))
        except MailError as fault:
            put_off(mail, fault, now)
            away = fault if fault.away else None
        else:
            mail.sent_at, mail.attempts, mail.fault = now, mail.attempts + 1, ""
            mail.save(update_fields=["sent_at", "attempts", "fault"])
            Notice.objects.filter(mail=mail).update(mailed_at=now)
    if away is not None:
        raise away
    return "sent" if mail.sent_at else "put-off"


def put_off(mail: Mail, fault: MailError, now: datetime) -> None:
    """Try later: this mail, or when the server takes none, every mail that waits, each pause longer than the last."""
    rows = Mail.objects.filter(service=mail.service_id, sent_at=None, next_try_at__lte=now)
    rows = rows.select_for_update(skip_locked=True) if fault.away else rows.filter(pk=mail.pk)
    for row in rows:
        row.attempts += 1
        row.next_try_at = now + pause_after(row.attempts)
        row.fault = fault.en[:120]
        row.save(update_fields=["attempts", "next_try_at", "fault"])


def late_of(person: UUID, now: datetime) -> QuerySet[Signal]:
    """The open signals of which somebody has the next action, and it is late."""
    mine = Q(next_person=person) | Q(next_person=None, owner=person)
    return Signal.objects.filter(mine, phase__in=sorted(phase.value for phase in OPEN_PHASES), due__lte=now)


def letter_of(
    mail: Mail, person: Person, notices: list[Notice], late: list[UUID], post: Post, plan: Procedure
) -> Letter:  # budget: what one letter is made of
    """What a mail says now: by the signals as they stand, in the language of its reader; a digest ends with `late`."""
    if mail.factor_reset:
        return write_fixed(plan, person.language, Phrase.FACTOR_RESET_SUBJECT, Phrase.FACTOR_RESET)
    if mail.right_asked:
        return write_fixed(plan, person.language, Phrase.RIGHT_ASKED_SUBJECT, Phrase.RIGHT_ASKED)
    told = [(notice.signal, notice.event_kind) for notice in notices]
    lost = {key for key, kind in told if kind == Told.ORPHAN.value}  # what is asked of it is what is wrong
    told += [(key, "") for key in late if (key, Told.LATE.value) not in told]
    keys = {key for key, _kind in told}
    numbers = dict(Signal.objects.filter(pk__in=keys).values_list("pk", "number"))
    asked = {key: fold(events).standing.next_action for key, events in histories(keys - lost).items()}
    lines = [
        Line(post.reference(mail.service_id, numbers[key]), kind, post.signal_url(key), asked.get(key))
        for key, kind in told
        if key in numbers
    ]
    return write_letter(lines, plan, person.language, digest=mail.digest, choose=post.choose_url)
