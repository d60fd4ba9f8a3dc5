"""The application that a WSGI server runs: `seinpost.server.wsgi:application`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seinpost.server.settings")


def leave_with(parent: int) -> None:
    """Leave when the process that started this one is gone: an orphan would go on serving and hold the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)  # every change is one transaction: PostgreSQL takes back what was open


if multiprocessing.parent_process() is not None:
    threading.Thread(target=leave_with, args=(os.getppid(),), daemon=True).start()

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the others waiting.

A page waits for the database some twenty times. With the 5 ms of the interpreter each of those could cost as much while
a neighbour makes a long page (benchmarks/workbench.py: the form of a decision at p95 from 268 to 183 ms).
"""
sys.setswitchinterval(SWITCH_SECONDS)


def warmed() -> WSGIHandler:
    """The application, which has read what every page needs: nobody's first page of the morning waits for it."""
    made = get_wsgi_application()
    from seinpost.web.reader import warm  # not before Django is set up

    tuple(get_resolver().url_patterns)  # every view and form
    warm()
    return made


application = warmed()
