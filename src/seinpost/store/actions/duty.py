"""What the system does by itself: up the line, back to the queue, on after a pause; prove that nothing was lost; tidy.

Signals go through the same door as everybody's, as the system, so that each step is an event with its reason. Doing any
of it twice changes nothing more.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q

from seinpost.errors import DatabaseError
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import OPEN_PHASES, Processing, Purpose, Setting, Task, Verb
from seinpost.process.deadlines import local_day
from seinpost.process.events import Paused
from seinpost.process.fold import fold
from seinpost.process.guarantee import escalations, resumes, returns, speaking, task_escalations
from seinpost.process.shapes import Refused
from seinpost.store.acting import SYSTEM, as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.drafts import end_drafts
from seinpost.store.actions.notify import tell_of_orphans
from seinpost.store.audit.looks import seal_of, unsealed
from seinpost.store.files.keeping import sweep
from seinpost.store.jobs import STOPPED, GoOn, always, going
from seinpost.store.log import Look, all_histories, append_record, record_look
from seinpost.store.models import CaseEvent, KeyUse, Mail, Person, Service, Signal, Unit, ViewLog
from seinpost.store.queries.guarantee import PROVED, prove_and_tell
from seinpost.store.queries.oversight import check_imports
from seinpost.store.queries.silence import running_suppressions
from seinpost.store.watching.remind import remind
from seinpost.store.watching.sample import draw

OPEN = sorted(phase.value for phase in OPEN_PHASES)
ATTEMPTS_KEPT = timedelta(days=30)
"""Failed logins hold a login name and an address of the network: long enough to look into, no longer."""
TASK_MARGIN = timedelta(hours=20)
"""A task is very late a working day after its last one: no sooner than this, whatever the clocks did that night."""
USES_KEPT = timedelta(days=1)
MAILS_KEPT = timedelta(days=30)


def services() -> list[str]:
    """The code of every service, always in the same order."""
    return list(Service.objects.order_by("pk").values_list("pk", flat=True))


def do_duty(*, now: datetime, plan: Procedure, go_on: GoOn = always) -> Counter[str]:
    """Do for every service what is due by itself; how often each verb was done, and how often one was refused.

    A refusal is counted, not raised: the next signal must not wait for it. Told to stop, it stops between two signals.
    """
    done: Counter[str] = Counter()
    for service in going(services(), go_on):
        acting = as_system(service)
        if spoke := let_speak(service=service, now=now, plan=plan):
            done["release"] += spoke
        with working_for(acting, reach="all"):
            people = frozenset(
                str(key) for key in Person.objects.filter(service=service, is_active=True).values_list("pk", flat=True)
            )
            views = [fold(events) for events in all_histories(asking(service, now))]
        on = resumes(views, now)
        paused = {signal for signal, _command in on}
        up = [(signal, command) for signal, command in escalations(views, now, plan) if signal not in paused]
        tasks = task_escalations(views, now, plan)
        for signal, command in going((*returns(views, people), *on, *up, *tasks), go_on):
            outcome = act(acting=acting, signal=UUID(signal), ask=command, now=now, plan=plan, purpose=Purpose.GUARDING)
            done["refused" if isinstance(outcome, Refused) else command.verb.value] += 1
        if not go_on():
            break
        if again := draw(service=service, now=now, plan=plan):
            done["reopen"] += again
        done.update(remind(service=service, now=now, plan=plan))
        before = now - timedelta(days=plan.settings[Setting.DRAFT_DAYS])
        if ended := end_drafts(service=service, before=before, now=now):
            done["end-draft"] += ended
    if not go_on():
        done[STOPPED] = 1
    return done


def asking(service: str, now: datetime) -> list[UUID]:
    """Open signals of which something could be due by itself: those that are very late or have a task that is, wait for
    somebody who is not there, or ever stood still. Their events decide; all others are not read, so this may run every
    few minutes."""
    gone = list(Person.objects.filter(service=service, is_active=False).values_list("pk", flat=True))
    stood = CaseEvent.objects.filter(service=service, kind=Paused.kind).values("signal")
    task = Q(task_due__lte=now - TASK_MARGIN)
    could = Q(very_late__lte=now) | task | Q(owner__in=gone) | Q(next_person__in=gone) | Q(pk__in=stood)
    rows = Signal.objects.filter(could, phase__in=OPEN).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def let_speak(*, service: str, now: datetime, plan: Procedure) -> int:
    """Bring back to the queue what a silent rule that ended, or was lifted, kept out of it; how many.

    Columns say which could be due, their events decide: all others are not read.
    """
    acting, today = as_system(service), local_day(now)
    with working_for(acting, reach="all"):
        running = running_suppressions(service, today)
        could = list[UUID]()
        for task, processing in Unit.objects.filter(service=service).values_list("task", "processing").distinct():
            rules = [f"{one.rule} {one.entity}" for one in running.get((Task(task), Processing(processing)), [])]
            silent = Signal.objects.filter(task=task, processing=processing, silent_until__isnull=False)
            still = Q(silent_until__gt=today, silenced_by__contained_by=rules)
            could += silent.exclude(still).values_list("pk", flat=True)
        views = [fold(events) for events in all_histories(could)]
    found = speaking(views, running, today)
    for signal, command in found:
        act(acting=acting, signal=UUID(signal), ask=command, now=now, plan=plan, purpose=Purpose.GUARDING)
    return len(found)


def prove_nightly(*, now: datetime, plan: Procedure, go_on: GoOn = always) -> Counter[str]:
    """Prove for every service that no signal is lost, and put each proof in its chain; raises when there is an orphan.

    Who coordinates in the service is told of each orphan, by a mail that does not wait for the day.
    First the view log of each day that is over is sealed in the chain.

    Every service is looked at, whatever the one before it showed. Told to stop, it stops between two services or some
    signals, and what it has not looked at whole it does not call proved.
    """
    found: Counter[str] = Counter()
    if sealed := seal_looks(now=now):
        found["looks-sealed"] = sealed
    for service in going(services(), go_on):
        proof, number = prove_and_tell(service, plan, go_on)
        if not proof.whole:
            break
        with working_for(as_system(service)):
            orphans = [orphan.signal for orphan in proof.orphans]
            facts = {"checked": proof.checked, "orphans": orphans, "number": number}
            append_record(service, PROVED, SYSTEM, now, facts)
            tell_of_orphans(service, [UUID(key) for key in orphans], now)
            imports = check_imports(service, now)
            found["imports"] += imports.stuck + imports.unbalanced
        found["checked"] += proof.checked
        found["orphans"] += len(proof.orphans)
    if found["orphans"]:
        raise DatabaseError(f"the guarantee does not hold: {found['orphans']} orphans (seinpost check guarantee)")
    if found["imports"]:
        raise DatabaseError(f"imports that never closed: {found['imports']} (seinpost check imports)")
    if not go_on():
        found[STOPPED] = 1
    return found


def seal_looks(*, now: datetime) -> int:
    """Put the digest of every day of the view log that is over in the chain of its service; how many days."""
    sealed = 0
    for service in services():
        with working_for(as_system(service), reach="all"):
            for day in unsealed(service, now):
                facts = seal_of(ViewLog.objects.all(), service, day).facts()
                append_record(service, "looks-sealed", SYSTEM, now, facts)
                sealed += 1
    return sealed


def record_destroyed(service: str, day: date, now: datetime) -> None:
    """Record that a day of the view log is destroyed because its time has come; in the transaction that destroys it."""
    append_record(service, "looks-destroyed", SYSTEM, now, {"day": day.isoformat()})


def record_export(*, purpose: Purpose, now: datetime) -> None:
    """Record for every service that its chain is about to be written to a file, and why; before a line of it is."""
    for service in services():
        acting = as_system(service)
        with working_for(acting):
            append_record(service, "log-exported", SYSTEM, now, {"purpose": purpose.value})
            record_look(Look(acting=acting, at=now, purpose=purpose, verb=Verb.EXPORT, subject="records"))


def tidy(*, now: datetime) -> Counter[str]:
    """Erase what is over: sessions and where they came from, old failed logins, old uses of keys, sent mail, and files
    that nothing points at.

    The view log is not touched: it is append-only, and how long it must be kept is a matter of law and of its service.
    """
    gone: Counter[str] = Counter()
    gone["sessions"] = Session.objects.filter(expire_date__lt=now).delete()[0]
    alive = Session.objects.values("session_key")
    gone["session-details"] = UserSession.objects.exclude(session_key__in=alive).delete()[0]
    gone["attempts"] = AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()[0]
    for service in services():
        with working_for(as_system(service)):
            gone["mails"] += Mail.objects.filter(sent_at__lt=now - MAILS_KEPT).delete()[0]
            gone["key-uses"] += KeyUse.objects.filter(minute__lt=now - USES_KEPT).delete()[0]
        gone["stray-files"] += sweep(service)
    return gone
