"""Run the pages: collect the static files, refuse to start when something is wrong, then serve."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from granian import Granian
from granian.constants import Interfaces

from seinpost.errors import DatabaseError
from seinpost.server.health import problems

THREADS = 8
"""Requests that one process answers at once; most of the time each waits for the database."""


def serve_pages(
    host: str, port: int, workers: int, beside: Callable[[], AbstractContextManager[None]] = nullcontext
) -> None:
    """Serve until told to stop, with something beside it; raises DatabaseError with every reason not to start."""
    found = list(problems())
    if found:
        raise DatabaseError(
            "the server does not start:\n  " + "\n  ".join(found), "de server start niet:\n  " + "\n  ".join(found)
        )
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()
    server = Granian(
        "seinpost.server.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS * 4,
        backlog=256,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    )
    with beside():
        server.serve()
