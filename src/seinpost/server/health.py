"""Whether the server can do its work: `/healthz` for machines, `seinpost check` for people."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

MINIMUM_VERSION = 150000


def problems() -> Iterator[str]:
    """Every reason not to serve: database away, too old, not migrated, or with more rights than an app may have."""
    try:
        connection.ensure_connection()
        version = connection.pg_version  # type: ignore[attr-defined]
        if version < MINIMUM_VERSION:
            yield f"PostgreSQL is version {version // 10000} (allowed: 15 or newer)"
        plan = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
        if plan:
            yield f"{len(plan)} migrations are not applied: seinpost migrate"
            return
        yield from excess_rights()
    except DatabaseError as error:
        yield f"the database does not answer: {str(error).splitlines()[0]}"


def excess_rights() -> Iterator[str]:
    """What the app's role may that would undo row security or the append-only logs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        superuser, bypass = cursor.fetchone()
        if superuser or bypass:
            yield "the app's database role is a superuser or bypasses row security"
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'store\\_%' AND relkind = 'r'"
            " AND pg_has_role(current_user, relowner, 'MEMBER') LIMIT 1"
        )
        if cursor.fetchone():
            yield "the app's database role owns the tables"
        cursor.execute(
            "SELECT bool_or(has_table_privilege(log, done))"
            " FROM unnest(ARRAY['store_caseevent', 'store_viewlog']) AS log,"
            " unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS done"
        )
        if cursor.fetchone()[0]:
            yield "the app's database role may change the logs"


def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the answer is the same for everybody
    """200 when it can do its work, else 503; the reasons stay in the log, not in the answer."""
    found = list(problems())
    return JsonResponse({"status": "failing" if found else "ok"}, status=503 if found else 200)
