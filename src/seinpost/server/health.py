"""Whether the server can do its work: `/healthz` and `/readyz` for machines, `seinpost check` for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from seinpost.errors import SettingError
from seinpost.score.encoder import check_encoder
from seinpost.store.jobs import JobState, job_states

MINIMUM_VERSION = 150000


def problems() -> Iterator[str]:
    """Every reason not to serve: database away, too old, not migrated, or with more rights than an app may have; a
    third reader that is asked for and cannot read."""
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
        yield from no_encoder()
    except DatabaseError as error:
        yield f"the database does not answer: {str(error).splitlines()[0]}"


def no_encoder() -> Iterator[str]:
    """Why the third reader cannot read, where the settings ask for it."""
    if not settings.SCAN_ENCODER:
        return
    try:
        check_encoder(settings.SCAN_PACK)
    except SettingError as error:
        yield error.en


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


def late_work() -> Iterator[str]:
    """Every timed job that is late, or failed the last time: no reason not to serve, and a reason to look."""
    for state in job_states(datetime.now(UTC)):
        if not state.well:
            when = f"{state.done:%Y-%m-%d %H:%M} UTC" if state.done else "never"
            what = "failed" if state.failing else "is late"
            yield f"job {state.job.name} {what}; last done well: {when} (seinpost worker)"


def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the answer is the same for everybody
    """200 when pages can be served, else 503; for what shares requests out over servers."""
    found = list(problems())
    return JsonResponse({"status": "failing" if found else "ok"}, status=503 if found else 200)


def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the answer is the same for everybody
    """200 when pages can be served and every timed job is done in time, else 503; reasons stay in the log."""
    if list(problems()):
        return JsonResponse({"status": "failing"}, status=503)
    states = job_states(datetime.now(UTC))
    status = "ok" if all(state.well for state in states) else "late"
    jobs = {state.job.name: told(state) for state in states}
    return JsonResponse({"status": status, "jobs": jobs}, status=200 if status == "ok" else 503)


def told(state: JobState) -> dict[str, str | bool | None]:
    """One job, for a machine."""
    done = state.done.isoformat(timespec="seconds") if state.done else None
    return {"done": done, "late": state.late, "failing": state.failing}
