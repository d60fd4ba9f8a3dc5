"""Make a database ready: roles, extensions, migrations, the app's rights."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from seinpost.errors import DatabaseError
from seinpost.server.instance.postgres import Lease, lease

OWNER, APP = "seinpost_owner", "seinpost_app"
DATABASE = "seinpost"
DATA = Path("seinpost-demo/data")
"""Where an instance of our own lives unless said otherwise."""


def make_roles(used: Lease) -> None:
    """Make the two roles in an instance of our own: the owner migrates, the app works; neither is a superuser."""
    with psycopg.connect(used.url(), autocommit=True) as connection:
        for role in (OWNER, APP):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                statement = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
                connection.execute(sql.SQL(statement).format(sql.Identifier(role)))


def make_database(used: Lease, name: str = DATABASE, template: str | None = None) -> None:
    """Make an empty database, or a copy of another one, when there is none of this name."""
    with psycopg.connect(used.url(), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        if template:
            statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        connection.execute(statement)
        connection.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(APP))
        )


def point_at(used: Lease, data: Path, name: str = DATABASE) -> None:
    """Set the environment so that Django works on an instance of our own, as the demo; before Django is set up."""
    os.environ["SEINPOST_DEMO"] = "yes"
    os.environ["SEINPOST_DATA"] = str(data)
    os.environ["SEINPOST_DATABASE_URL"] = used.url(name, APP)
    os.environ["SEINPOST_OWNER_DATABASE_URL"] = used.url(name, OWNER)
    os.environ["SEINPOST_SECRET_KEY"] = kept_key(data / "secret-key")


def kept_key(path: Path) -> str:
    """The secret key of a data folder; made once, readable by its owner only."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(fresh, path)  # the first one wins, whole
        fresh.unlink()
        return path.read_text(encoding="ascii").strip()


@contextmanager
def opened(data: Path | None = None) -> Iterator[None]:
    """Work on a database: the one the environment names, else an instance of our own in a data folder (the demo's)."""
    if {"SEINPOST_DATABASE_URL", "SEINPOST_DATABASE_URL_FILE"} & set(os.environ):
        set_up()
        yield
        return
    folder = (data or DATA).absolute()
    with lease(folder / "database") as used:
        make_roles(used)
        make_database(used)
        point_at(used, folder)
        set_up()
        yield


def set_up() -> None:
    """Set Django up once, with settings from the environment."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seinpost.server.settings")
    if not apps.ready:
        django.setup()


def migrate() -> int:
    """Bring the owner's database to the present step and give the app its rights; how many steps were taken."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from seinpost.store.rights import give_rights

    if "owner" not in settings.DATABASES:
        raise DatabaseError(
            "SEINPOST_OWNER_DATABASE_URL is not set: only the role that owns the tables can migrate",
            "SEINPOST_OWNER_DATABASE_URL ontbreekt: alleen de rol die de tabellen bezit kan migreren",
        )
    executor = MigrationExecutor(connections["owner"])
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    give_rights(connections["owner"], settings.DATABASES["default"]["USER"])
    return steps
