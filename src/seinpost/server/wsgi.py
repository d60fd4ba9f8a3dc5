"""The application that a WSGI server runs: `seinpost.server.wsgi:application`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seinpost.server.settings")


def leave_with(parent: int) -> None:
    """Leave when the process that started this one is gone: an orphan would go on serving and hold the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)  # every change is one transaction: PostgreSQL takes back what was open


if multiprocessing.parent_process() is not None:
    threading.Thread(target=leave_with, args=(os.getppid(),), daemon=True).start()

application = get_wsgi_application()
