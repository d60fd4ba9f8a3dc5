"""A real server on a real database, and a real browser looking at it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.database import prepare
from tests.statics import collected

prepare()
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MUST = os.environ.get("SEINPOST_REQUIRE_BROWSER") == "1"
NONE = "no Chromium on this machine (apt-get install chromium; SEINPOST_REQUIRE_BROWSER=1 makes this a failure)"


class Quiet(WSGIRequestHandler):
    """A handler that prints nothing."""

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    """One thread per request, as the real server has; each closes its database connection at its end."""

    daemon_threads = True
    request_queue_size = 64

    def process_request_thread(self, *args: Any) -> None:
        """Handle one request."""
        from django.db import connections

        super().process_request_thread(*args)
        connections.close_all()


@pytest.fixture(scope="module")  # no longer: its driver keeps a loop in this thread, and only one may
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and not MUST:
        pytest.skip(NONE)
    assert CHROMIUM is not None, NONE
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Path:
    """The static files under their hashed names."""
    return collected()


@pytest.fixture
def site(db: str) -> Iterator[str]:
    """The address of a server on the test's own database."""
    with serving() as address:
        yield address


@contextmanager
def serving() -> Iterator[str]:
    """A server on the database that is in use; its address."""
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
