"""Raw SQL as the app's role: what the database itself refuses, whatever a program above it does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.store.signals import filed
from tests.store.world import NOW, World, make_world

from seinpost.packs.procedure.terms import Role

pytestmark = pytest.mark.usefixtures("db")

OF_PEOPLE = ("apikey", "draft", "draftfile", "grant", "keyuse", "mail", "notice", "proposal", "savedsearch", "training")
OF_SIGNAL = ("attachment", "contribution", "hit", "signalkey", "textversion")
OF_SERVICE = (*OF_PEOPLE, *OF_SIGNAL, "import", "importfault", "signal")
LOGS = ("caseevent", "chainhead", "eventwords", "viewlog")


@pytest.fixture
def world() -> World:
    """Three services with their people."""
    return make_world()


@pytest.fixture
def signals(world: World) -> dict[str, UUID]:
    """One signal for the police and one for the inspectorate."""
    return {service: filed(service) for service in ("politie", "nla")}


def test_without_a_service_nothing_is_seen(raw: Any, signals: dict[str, UUID]) -> None:
    with raw() as connection:
        for table in (*OF_SERVICE, *LOGS):
            assert connection.execute(f"SELECT count(*) FROM store_{table}").fetchone() == (0,), table


def test_a_service_sees_its_own_rows_and_no_others(raw: Any, signals: dict[str, UUID]) -> None:
    for service, signal in signals.items():
        with raw(service) as connection:
            assert connection.execute("SELECT id FROM store_signal").fetchall() == [(signal,)]
            for table in OF_SERVICE:
                rows = connection.execute(f"SELECT DISTINCT service_id FROM store_{table}").fetchall()
                assert rows in ([], [(service,)]), table
            for table in LOGS:
                assert connection.execute(f"SELECT DISTINCT service FROM store_{table}").fetchall() in (
                    [],
                    [(service,)],
                )


def test_every_table_with_a_service_has_row_security(raw: Any, signals: dict[str, UUID]) -> None:
    with raw() as connection:
        rows = connection.execute(
            "SELECT c.relname, c.relrowsecurity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relname LIKE 'store\\_%' AND a.attname IN ('service_id', 'service')"
        ).fetchall()
    without = {name for name, secured in rows if not secured}
    assert without == {"store_person", "store_unit"}  # who there is, is known to all: docs/decisions/0012
    assert {name.removeprefix("store_") for name, secured in rows if secured} == {*OF_SERVICE, *LOGS}


def test_what_the_transaction_said_is_gone_after_it_also_on_the_same_connection(
    raw: Any, signals: dict[str, UUID]
) -> None:
    with raw("politie") as connection:
        assert connection.execute("SELECT count(*) FROM store_signal").fetchone() == (1,)
        connection.rollback()
        assert connection.execute("SELECT count(*) FROM store_signal").fetchone() == (0,)


def test_a_row_for_another_service_is_refused(raw: Any, signals: dict[str, UUID]) -> None:
    with raw("politie") as connection:
        changed = connection.execute("UPDATE store_signal SET lane = 'historical' WHERE service_id = 'nla'")
        assert changed.rowcount == 0
    with raw("politie") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        connection.execute(
            "INSERT INTO store_viewlog (service, at, person, purpose, verb, subject, count, refused)"
            " VALUES ('nla', now(), 'x', 'follow-up', 'read', '', 1, '')"
        )


def test_a_row_of_a_signal_must_be_of_the_signals_service(raw: Any, signals: dict[str, UUID]) -> None:
    statement = "INSERT INTO store_signalkey (service_id, signal_id, kind, key) VALUES ('politie', %s, 'phone', 'x')"
    with raw("politie") as connection, pytest.raises(psycopg.errors.ForeignKeyViolation, match="signalkey_of_service"):
        connection.execute(statement, [signals["nla"]])


@pytest.mark.parametrize("role", ["seinpost_app", "seinpost_owner"])
@pytest.mark.parametrize("log", ["caseevent", "viewlog"])
@pytest.mark.parametrize(
    "statement", ["UPDATE store_{} SET at = now()", "DELETE FROM store_{}", "TRUNCATE store_{} CASCADE"]
)
def test_a_log_cannot_be_changed_not_even_by_its_owner(
    raw: Any, signals: dict[str, UUID], role: str, log: str, statement: str
) -> None:
    look(raw, signals["politie"])
    with raw("politie", role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.format(log))


@pytest.mark.parametrize("table", ["textversion", "hit", "contribution", "attachment", "eventwords"])
def test_words_and_what_was_said_about_them_are_never_changed(raw: Any, signals: dict[str, UUID], table: str) -> None:
    with raw("politie", "seinpost_owner") as connection:
        if connection.execute(f"SELECT count(*) FROM store_{table}").fetchone() != (0,):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(f"UPDATE store_{table} SET id = id")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE store_chainhead SET number = 0",
        "ALTER TABLE store_caseevent DISABLE TRIGGER ALL",
        "ALTER TABLE store_signal DISABLE ROW LEVEL SECURITY",
        "DROP TABLE store_viewlog",
        "SET ROLE seinpost_owner",
        "CREATE TABLE mine (n int)",
        "DELETE FROM store_signal",
        "DELETE FROM store_textversion",
    ],
)
def test_the_apps_role_cannot_undo_what_guards_it(raw: Any, signals: dict[str, UUID], statement: str) -> None:
    with raw("politie") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_a_restricted_signal_is_hidden_with_all_its_rows_until_the_glass_is_broken(raw: Any, world: World) -> None:
    one, other = world.people["kmar", Role.WEIGHER], world.people["kmar", Role.ANALYST]
    signal = filed("kmar")
    until = NOW + timedelta(days=9000)
    with raw("kmar", "seinpost_owner") as connection:
        connection.execute("UPDATE store_signal SET need_to_know = ARRAY[%s] WHERE id = %s", [str(one.pk), signal])
    seen = {str(one.pk): 1, str(other.pk): 0, "": 0}
    for person, count in seen.items():
        with raw("kmar", person=person) as connection:
            assert connection.execute("SELECT count(*) FROM store_signal").fetchone() == (count,)
            assert connection.execute("SELECT count(DISTINCT signal_id) FROM store_textversion").fetchone() == (count,)
            assert connection.execute("SELECT count(DISTINCT signal) FROM store_caseevent").fetchone() == (count,)
    with raw("kmar", "seinpost_owner") as connection:
        glass = f'[{{"person": "{other.pk}", "until": "{until.isoformat()}"}}]'
        connection.execute("UPDATE store_signal SET glass = %s WHERE id = %s", [glass, signal])
    with raw("kmar", person=str(other.pk)) as connection:
        assert connection.execute("SELECT count(*) FROM store_signal").fetchone() == (1,)


def test_search_uses_the_indexes_and_stays_in_the_service_and_the_circle(raw: Any, signals: dict[str, UUID]) -> None:
    call = "SELECT seinpost_search(to_tsquery('dutch', 'paspoorten'), 9)"
    for service in ("politie", "nla"):
        with raw(service) as connection:
            assert connection.execute(call).fetchall() == [(signals[service],)]
    with raw() as connection:
        assert connection.execute(call).fetchall() == []
    with raw("politie", "seinpost_owner") as connection:
        connection.execute("SET enable_seqscan = off")
        for table, index in (("textversion", "version_search"), ("eventwords", "words_search")):
            plan = connection.execute(
                f"EXPLAIN SELECT 1 FROM store_{table} WHERE search @@ to_tsquery('dutch', 'paspoorten')"
            ).fetchall()
            assert re.search(index, str(plan))
        connection.execute("UPDATE store_signal SET need_to_know = '{somebody}'")
    with raw("politie") as connection:
        assert connection.execute(call).fetchall() == []
    with raw("politie", person="somebody") as connection:
        assert connection.execute(call).fetchall() == [(signals["politie"],)]


def look(raw: Any, signal: UUID) -> None:
    """One row in the view log."""
    with raw("politie") as connection:
        connection.execute(
            "INSERT INTO store_viewlog (service, at, person, purpose, verb, signal, subject, count, refused)"
            " VALUES ('politie', now(), 'x', 'follow-up', 'read', %s, '', 1, '')",
            [signal],
        )
