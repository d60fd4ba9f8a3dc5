"""What the app's database role may, table by table; given anew after every migration, everything else taken away."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

READ = "SELECT"
APPEND = "SELECT, INSERT"
KEEP = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"

STORE = {
    "apikey": KEEP,
    "attachment": APPEND,
    "caseevent": APPEND,
    "chainhead": READ,
    "contribution": APPEND,
    "draft": ALL,
    "draftfile": ALL,
    "eventwords": APPEND,
    "grant": KEEP,
    "hit": APPEND,
    "import": KEEP,
    "importfault": APPEND,
    "keyuse": ALL,
    "mail": ALL,
    "notice": KEEP,
    "person": KEEP,
    "proposal": KEEP,
    "savedsearch": ALL,
    "service": KEEP,
    "signal": KEEP,
    "signalkey": APPEND,
    "textversion": APPEND,
    "training": KEEP,
    "unit": KEEP,
    "viewlog": APPEND,
}
OTHERS = {
    "account_": ALL,
    "auth_": READ,
    "axes_": ALL,
    "django_content_type": READ,
    "django_migrations": READ,
    "django_session": ALL,
    "mfa_": ALL,
    "procrastinate_": ALL,
    "seinpost_cache": ALL,
    "socialaccount_": ALL,
    "usersessions_": ALL,
}


def right_of(table: str) -> str:
    """What the app may on a table; raises KeyError for one that nobody thought about."""
    if table.startswith("store_"):
        return STORE[table.removeprefix("store_")]
    return next((right for start, right in OTHERS.items() if table.startswith(start)), None) or STORE[table]


def give_rights(connection: BaseDatabaseWrapper, role: str) -> None:
    """Take every right from the role, then give exactly those of the table above; run as the owner."""
    app = sql.Identifier(role)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for what in ("TABLES", "SEQUENCES"):
            cursor.execute(sql.SQL("REVOKE ALL ON ALL {} IN SCHEMA public FROM {}, PUBLIC").format(sql.SQL(what), app))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
        cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(app))
        for table in tables:
            statement = sql.SQL("GRANT {} ON {} TO {}")
            cursor.execute(statement.format(sql.SQL(right_of(table)), sql.Identifier(table), app))
