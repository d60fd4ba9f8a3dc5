"""One PostgreSQL for the whole test session, a migrated database to copy from, and a fresh copy for each test.

All processes of a session share it: the first that asks makes it and migrates, and the last one out stops it. The
tests work as the app's role, as the server does; `owner` is for what only the owner may.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

SHARED = pytest.StashKey[Path]()
"""The folder that the processes of a session share."""
TEMPLATE = "seinpost_template"
COUNTER = itertools.count(1)
MEMORY, ENOUGH = Path("/dev/shm"), 2 << 30
"""Where files stay in memory, and the bytes that must be free there: many times what the tests were seen to use."""


def place_in_memory() -> Path | None:
    """Where to put the databases of the tests, if there is such a place: each is a copy of hundreds of files."""
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return MEMORY if free >= ENOUGH and os.access(MEMORY, os.W_OK) else None


def prepare() -> None:
    """Set Django up before models are imported, on no database yet; the environment stays as it was."""
    from seinpost.server.database import set_up

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # a browser's driver keeps a loop in the thread of the tests
    nowhere = "postgresql://{}@/nothing?host=/nowhere"
    settings = {
        "SEINPOST_DEMO": "yes",
        "SEINPOST_SECRET_KEY": "only for the tests: 0123456789 abcdefghijklmnopqrstuvwxyz",
        "SEINPOST_DATABASE_URL": nowhere.format("seinpost_app"),
        "SEINPOST_OWNER_DATABASE_URL": nowhere.format("seinpost_owner"),
        "SEINPOST_DATA": tempfile.gettempdir(),
        "SEINPOST_LOG_LEVEL": "warning",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        set_up()

    from django.conf import settings as made

    made.PASSWORD_HASHERS = ["tests.hashing.Quick"]


@pytest.fixture(scope="session")
def instance(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The session's PostgreSQL, with the template migrated."""
    prepare()
    from django.db import connections

    from seinpost.server.instance.postgres import FAST, lease, open_lock

    folder = request.config.stash[SHARED]
    with lease(folder / "database", {**FAST, "max_connections": "200"}) as used:
        for alias in connections:
            connections[alias].settings_dict.update(HOST=str(used.socket), NAME=TEMPLATE)
        migrating = open_lock(folder / "migrating.lock", fcntl.LOCK_EX)
        try:
            if not (folder / "migrated").exists():
                make_template(used)
                (folder / "migrated").touch()
        finally:
            os.close(migrating)
        yield used


def wait_for_end(folder: Path) -> None:
    """Wait until the session's PostgreSQL has stopped, if it ever ran; its users have gone."""
    from seinpost.server.instance.postgres import Layout, open_lock

    if (folder / "database").exists():
        os.close(open_lock(Layout(folder / "database").lock("keeper"), fcntl.LOCK_EX))


def make_template(used: Any) -> None:
    """Make and migrate the database that every test gets a copy of."""
    from seinpost.server import database

    database.make_roles(used)
    database.make_database(used, TEMPLATE)
    assert database.migrate() > 0
    close_all()


def close_all() -> None:
    """Close Django's connections: a database in use is no template and cannot be dropped."""
    from django.db import connections

    for connection in connections.all():
        connection.close()


@pytest.fixture
def db(instance: Any) -> Iterator[str]:
    """A fresh database for one test; its name."""
    with fresh(instance) as name:
        yield name


@contextmanager
def fresh(instance: Any) -> Iterator[str]:
    """A fresh database, which Django's connections are on until the end, and a folder for its files; its name."""
    from django.conf import settings
    from django.db import connections

    from seinpost.server import database

    name = f"test_{os.getpid()}_{next(COUNTER)}"
    database.make_database(instance, name, TEMPLATE)
    close_all()
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name
    with tempfile.TemporaryDirectory(prefix="seinpost-files-") as files:
        settings.FILES_FOLDER = Path(files) / "files"
        yield name
    close_all()
    with psycopg.connect(instance.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def raw(instance: Any, db: str) -> Any:
    """Open a plain connection of its own: `with raw(service) as connection`, as the app's role unless said."""
    from seinpost.server.database import APP

    @contextmanager
    def opened(service: str | None = None, role: str = APP, person: str = "") -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(instance.url(db, role)) as connection:
            if service is not None:
                connection.execute(
                    "SELECT set_config('seinpost.service', %s, true), set_config('seinpost.person', %s, true)",
                    [service, person],
                )
            yield connection

    return opened
