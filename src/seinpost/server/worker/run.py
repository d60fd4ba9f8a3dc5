"""The worker itself: takes jobs from the queue until it is told to stop, and goes on when the database was away."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import psycopg
from django.db import connections
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from seinpost.errors import DatabaseError
from seinpost.server.health import problems
from seinpost.server.worker.tasks import DEAD_AFTER, HEARTBEAT, QUEUE, STOP, make_app
from seinpost.store.jobs import JOBS

AT_ONCE = 2  # so that mail does not wait behind a proof
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds between two tries to reach a database that is away
log = logging.getLogger(__name__)


def work(*, once: bool, started: Callable[[asyncio.Event], None] = lambda _stop: None) -> None:
    """Work until SIGTERM or Ctrl-C, finishing the item in hand; `once`: do every job now, and leave.

    `started` gets the event that is set when the worker should stop, for what runs beside it. Raises DatabaseError with
    every reason not to start.
    """
    found = list(problems())
    if found:
        raise DatabaseError(
            "the worker does not start:\n  " + "\n  ".join(found), "de worker start niet:\n  " + "\n  ".join(found)
        )
    app = make_app()
    if once:
        defer_all(app)
    connections.close_all()
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as with_pool:
        asyncio.run(keep_working(with_pool, once, started))


def defer_all(app: App) -> None:
    """Put every job on the queue that does not wait there already."""
    for job in JOBS:
        with suppress(AlreadyEnqueued):
            app.configure_task(job.name, queueing_lock=job.name, queue=QUEUE).defer(timestamp=0)


async def keep_working(app: App, once: bool, started: Callable[[asyncio.Event], None]) -> None:
    """Run the queue's worker; when it ends by itself the database was away, so it begins again."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def told() -> None:
        STOP.set()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    started(stop)
    tries = 0
    while not stop.is_set():
        begun = loop.time()
        await until_it_ends(app, once, stop)
        if once:
            return
        tries = tries + 1 if loop.time() - begun < 60 else 0
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSES[min(tries, len(PAUSES) - 1)])


async def until_it_ends(app: App, once: bool, stop: asyncio.Event) -> None:
    """One stretch of work: until told to stop, or until the database does not answer."""
    try:
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    wait=not once,
                    concurrency=AT_ONCE,
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=DEAD_AFTER,
                )
            )
            stopper = asyncio.create_task(stop.wait())
            await asyncio.wait((worker, stopper), return_when=asyncio.FIRST_COMPLETED)
            stopper.cancel()
            worker.cancel()  # lets it finish what is in hand
            with suppress(asyncio.CancelledError):
                await worker
    except (ConnectorException, psycopg.OperationalError) as error:
        log.error("the queue does not answer: %s", str(error).splitlines()[0] if str(error) else repr(error))
