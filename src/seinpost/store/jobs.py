"""The timed work: which jobs there are, how often each runs, and how each stands, as the rows of the queue tell.

What a job does is in `store/actions`; the worker (`server/worker`) runs it. A job is late if, and only if, it has not
been done well for as long as `late` allows; never done counts from the moment the queue was installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Min, Q
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from seinpost.store.models import Mail

DAY = timedelta(days=1)
STOPPED = "stopped"
"""The word in the counts of a job that was told to stop between two items: what is left is for the next worker."""
GoOn = Callable[[], bool]
"""Asked between two items of a job: whether the worker was not told to stop."""
T = TypeVar("T")


def always() -> bool:
    """Go on to the end: for a command, that nobody tells to stop."""
    return True


def going(items: Iterable[T], go_on: GoOn) -> Iterator[T]:
    """The items, for as long as it may go on."""
    for item in items:
        if not go_on():
            return
        yield item


@dataclass(frozen=True, slots=True)
class Timed:
    """One job: when it runs (cron, in UTC), and after how long without success it is late."""

    name: str
    cron: str
    late: timedelta
    nl: str
    en: str


JOBS = (
    Timed("duty", "*/5 * * * *", timedelta(minutes=20), "Bewaken: te laat, vertrokken, pauzes", "Guarding the clocks"),
    Timed("post", "* * * * *", timedelta(minutes=10), "Berichten mailen", "Mailing notices"),
    Timed("proof", "30 1 * * *", DAY + timedelta(hours=2), "Waarborg nachtelijk narekenen", "Nightly guarantee proof"),
    Timed("tidy", "15 2 * * *", DAY + timedelta(hours=2), "Opruimen", "Housekeeping"),
    Timed("sweep", "* * * * *", timedelta(minutes=10), "Afgebroken taken opnieuw", "Broken-off jobs taken up again"),
)
"""Every job; the worker has a function for each, which a test demands."""


@dataclass(frozen=True, slots=True)
class JobState:
    """How one job stands: when it was last done well, when it last failed, and since when it is at work, if it is."""

    job: Timed
    done: datetime | None
    failed: datetime | None
    running: datetime | None
    late: bool

    @property
    def failing(self) -> bool:
        """Whether it failed the last time it ended."""
        return self.failed is not None and (self.done is None or self.failed > self.done)

    @property
    def well(self) -> bool:
        """Well if, and only if, it is not late and did not fail the last time."""
        return not (self.late or self.failing)


def job_states(now: datetime) -> tuple[JobState, ...]:
    """How every job stands, in three queries."""
    ended = ProcrastinateEvent.objects.filter(type__in=("succeeded", "failed"))
    moments = ended.values("job__task_name").annotate(
        done=Max("at", filter=Q(type="succeeded")), failed=Max("at", filter=Q(type="failed"))
    )
    by_name = {row["job__task_name"]: row for row in moments}
    begun = ProcrastinateJob.objects.filter(status="doing", procrastinateevent__type="started")
    running = dict(begun.values("task_name").annotate(at=Max("procrastinateevent__at")).values_list("task_name", "at"))
    since = installed()
    found = []
    for job in JOBS:
        row = by_name.get(job.name, {})
        done, failed = row.get("done"), row.get("failed")
        late = now - (done or since or now) > job.late
        found.append(JobState(job, done, failed, running.get(job.name), late))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The mail of one service: what waits, since when, how often it was tried, and what the mail server said last."""

    waiting: int
    oldest: datetime | None
    attempts: int
    fault: str
    sent_at: datetime | None


def outbox(service: str) -> Outbox:
    """How the outbox stands; call it inside a transaction that works for the service."""
    waiting = Mail.objects.filter(service=service, sent_at=None)
    found = waiting.aggregate(count=Count("pk"), oldest=Min("made_at"), most=Max("attempts"))
    fault = waiting.exclude(fault="").order_by("-attempts").values_list("fault", flat=True).first()
    sent = Mail.objects.filter(service=service).aggregate(at=Max("sent_at"))["at"]
    return Outbox(found["count"], found["oldest"], found["most"] or 0, fault or "", sent)


def installed() -> datetime | None:
    """The moment the queue of jobs was installed: from then on somebody should be working on it."""
    rows = MigrationRecorder.Migration.objects.filter(app="procrastinate")
    at: datetime | None = rows.aggregate(at=Max("applied"))["at"]
    return at
