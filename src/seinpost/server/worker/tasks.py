"""What each timed job does: a plain function of the moment and the procedure, put on the queue of PostgreSQL.

A job may run twice (a worker was killed, two workers met): each is made so that the second time changes nothing, and
only one worker at a time is at it. The lock is the connection's, so PostgreSQL frees it when a worker is killed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from procrastinate import App, JobContext
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from seinpost.packs.procedure import load_procedure
from seinpost.packs.procedure.procedure import Procedure
from seinpost.server.worker.post import do_post
from seinpost.store.acting import alone
from seinpost.store.actions.duty import do_duty, prove_nightly, tidy
from seinpost.store.jobs import JOBS, STOPPED, GoOn, Timed

Work = Callable[[datetime, Procedure, GoOn], Mapping[str, int]]
QUEUE = "timed"
SWEEP = "sweep"
HEARTBEAT, DEAD_AFTER = 5.0, 30.0  # seconds: a worker shows that it lives; one that does not is dead
MISSED = 8 * 24 * 3600  # seconds: a nightly job that found no worker runs when there is one again, up to this late
KEPT_HOURS = 30 * 24  # longer than MISSED: a moment that was done is not forgotten and done again
log = logging.getLogger(__name__)

WORK: dict[str, Work] = {
    "duty": lambda now, plan, go_on: do_duty(now=now, plan=plan, go_on=go_on),
    "post": do_post,
    "proof": lambda now, plan, go_on: prove_nightly(now=now, plan=plan, go_on=go_on),
    "tidy": lambda now, _plan, _go_on: tidy(now=now),
}
STOP = threading.Event()
"""Set when this worker is told to stop: its jobs look at it between two items."""


def go_on() -> bool:
    """Whether this worker was not told to stop."""
    return not STOP.is_set()


def do_job(name: str, now: datetime) -> Mapping[str, int]:
    """Do one job, if no other worker is at it; what was done, counted by word."""
    with alone(f"job {name}", wait=False) as free:
        if not free:
            return {"elsewhere": 1}
        done = WORK[name](now, load_procedure(), go_on)
    log.info("job %s: %s", name, ", ".join(f"{count} x {word}" for word, count in sorted(done.items())) or "-")
    return done


def make_app() -> App:
    """The queue with every job on its clock; one waits at most, however many workers look at the clock."""
    app = DjangoApp(connector=DjangoConnector(), periodic_defaults={"max_delay": MISSED})
    for job in JOBS:
        register(app, job)
    app.periodic(cron="45 2 * * *", queueing_lock="forget")(
        app.task(name="forget", queue=QUEUE, pass_context=True, queueing_lock="forget")(forget)
    )
    return app


def register(app: App, job: Timed) -> None:
    """Put one job on its clock."""
    if job.name == SWEEP:
        app.periodic(cron=job.cron, queueing_lock=SWEEP)(
            app.task(name=SWEEP, queue=QUEUE, pass_context=True, queueing_lock=SWEEP)(sweep)
        )
        return

    def run(timestamp: int) -> dict[str, int]:  # noqa: ARG001 - the moment it was due; it works with the moment it is
        done = dict(do_job(job.name, datetime.now(UTC)))
        if done.get(STOPPED):
            put_back(job)
        return done

    app.periodic(cron=job.cron, queueing_lock=job.name)(
        app.task(name=job.name, queue=QUEUE, queueing_lock=job.name)(run)
    )


def put_back(job: Timed) -> None:
    """Put a job that was told to stop on the queue again: the next worker begins with it, whatever its clock says."""
    with suppress(AlreadyEnqueued):
        task = make_app().configure_task(job.name, queueing_lock=job.name, queue=QUEUE)
        task.defer(timestamp=int(datetime.now(UTC).timestamp()))


async def sweep(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as in `register`
    """Take up again what a dead worker left; each job is safe to do twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        try:
            await manager.retry_job(job)
            log.warning("job %s was broken off; taken up again", job.task_name)
        except UniqueViolation:  # the same job waits already: that one does what was left
            await manager.finish_job(job, Status.ABORTED, delete_job=False)
    await manager.prune_stalled_workers(DEAD_AFTER)


async def forget(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as in `register`
    """Forget the rows of jobs that are long done."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
