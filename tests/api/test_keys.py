"""Keys: for one service, source and purpose; shown once, counted, limited, renewed, ended; row security holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.http import HttpResponseBase
from django.test import Client, override_settings
from tests.api.machine import PLAIN, PUSH, Machine, fresh_key, item, read
from tests.store.world import World, make_world

from seinpost.errors import SettingError
from seinpost.packs.procedure.terms import Role
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_person, as_system, working_for
from seinpost.store.machines import keys
from seinpost.store.machines.keys import Admitted, Limit, MadeKey, Scope, TurnedAway, Why, admit, end_key, rotate_key
from seinpost.store.machines.read import keys_of
from seinpost.store.models import ApiKey, CaseEvent, Import, KeyUse, Unit

NOW = datetime(2026, 11, 30, 9, 0, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def world(db: str) -> World:
    return make_world()


def let_in(secret: str, now: datetime = NOW, limit: int = 6000) -> Admitted | TurnedAway:
    return admit(secret=secret, scope=Scope.INTAKE_WRITE, limit=Limit(limit), now=now)


def why(found: Admitted | TurnedAway) -> Why | None:
    return found.why if isinstance(found, TurnedAway) else None


def test_a_key_lets_in_for_its_own_service_until_it_ends(world: World) -> None:
    made = fresh_key("nla", days=30, now=NOW)
    found = let_in(made.secret)
    assert isinstance(found, Admitted)
    assert (found.acting.service, found.unit.pk, found.source) == ("nla", "nla-team", "bvh")
    assert why(let_in(made.secret, NOW + 30 * DAY)) is Why.ENDED
    assert why(let_in(made.secret[:-1])) is Why.UNKNOWN
    assert why(let_in(made.key.digest)) is Why.UNKNOWN  # who reads the table has no key


def test_what_is_kept_of_a_key_is_its_digest(world: World, raw: Any) -> None:
    made = fresh_key(now=NOW)
    assert made.secret not in repr(made)
    with raw("politie", "seinpost_owner") as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            found = connection.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ~ %s', [made.secret[9:]])
            assert found.fetchone() == (0,), table


SENSELESS = (
    ("BVH", "x", NOW + DAY),
    ("melding", "x", NOW + DAY),  # of the officer's form
    ("a b", "x", NOW + DAY),
    ("a" * 81, "x", NOW + DAY),
    ("bvh", " ", NOW + DAY),
    ("bvh", "x" * 121, NOW + DAY),
    ("bvh", "a\0", NOW + DAY),
    ("bvh", "x", NOW),
    ("bvh", "x", NOW + 366 * DAY),
)


@pytest.mark.parametrize(("source", "name", "ends"), SENSELESS)
def test_a_key_that_makes_no_sense_is_not_made(source: str, name: str, ends: datetime) -> None:
    with pytest.raises(SettingError, match="allowed"):
        keys.check_key(source, name, ends, NOW)


def test_only_an_administrator_of_the_service_makes_renews_and_ends(world: World) -> None:
    made, unit = fresh_key(now=NOW), Unit.objects.get(pk="politie-team")
    for role, service, may in ((Role.ADMINISTRATOR, "politie", True), (Role.ANALYST, "politie", False)):
        acting = as_person(world.people[service, role])
        got = keys.make_key(
            acting=acting, unit=unit, source="bvh", name="x", scopes=frozenset(), ends=NOW + DAY, now=NOW
        )
        assert isinstance(got, MadeKey) is may
        if not may:
            assert isinstance(rotate_key(acting=acting, key=made.key.pk, overlap=DAY, now=NOW), Refused)
            assert isinstance(end_key(acting=acting, key=made.key.pk, now=NOW), Refused)
    other = as_person(world.people["nla", Role.ADMINISTRATOR])
    got = keys.make_key(acting=other, unit=unit, source="bvh", name="x", scopes=frozenset(), ends=NOW + DAY, now=NOW)
    assert isinstance(got, Refused)
    assert rotate_key(acting=other, key=made.key.pk, overlap=DAY, now=NOW) is None  # there is none, for them
    assert end_key(acting=other, key=made.key.pk, now=NOW) is None
    assert isinstance(let_in(made.secret), Admitted)


def test_a_renewed_key_works_beside_the_new_one_for_the_overlap_and_an_ended_one_not_at_all(world: World) -> None:
    old, boss = fresh_key(days=300, now=NOW), as_person(world.people["politie", Role.ADMINISTRATOR])
    new = rotate_key(acting=boss, key=old.key.pk, overlap=7 * DAY, now=NOW)
    assert isinstance(new, MadeKey)
    assert (new.key.source, new.key.unit_id, new.key.scopes) == ("bvh", "politie-team", ["intake:write"])
    for moment, answers in ((NOW + 6 * DAY, [None, None]), (NOW + 7 * DAY, [Why.ENDED, None])):
        assert [why(let_in(one.secret, moment)) for one in (old, new)] == answers
    assert end_key(acting=boss, key=new.key.pk, now=NOW + DAY) is not None
    assert why(let_in(new.secret, NOW + DAY)) is Why.ENDED
    assert rotate_key(acting=boss, key=new.key.pk, overlap=DAY, now=NOW + 2 * DAY) is None  # it has ended
    with pytest.raises(SettingError, match="overlap"):
        rotate_key(acting=boss, key=old.key.pk, overlap=31 * DAY, now=NOW)
    kinds = CaseEvent.objects.using("owner").filter(service="politie").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["key-made", "key-made", "key-ended", "key-ended"]
    with working_for(as_system("politie")):
        rows = keys_of("politie", NOW + 8 * DAY)
    assert {row.key.pk: (row.requests, row.refused) for row in rows} == {old.key.pk: (1, 1), new.key.pk: (2, 1)}
    assert {row.used_at for row in rows} == {NOW.replace(second=0) + 6 * DAY, NOW.replace(second=0) + 7 * DAY}


def test_the_limit_holds_within_a_minute_and_says_when_to_come_back(world: World) -> None:
    made = fresh_key(now=NOW)
    found = [let_in(made.secret, limit=3) for _ in range(5)]
    assert [why(one) for one in found] == [None, None, None, Why.TOO_MANY, Why.TOO_MANY]
    assert isinstance(found[-1], TurnedAway)
    assert found[-1].wait == 50
    assert isinstance(let_in(made.secret, NOW + timedelta(seconds=50), limit=3), Admitted)
    [first, _] = KeyUse.objects.using("owner").order_by("minute")
    assert (first.count, first.requests, first.refused) == (3, 3, 2)


def test_statuses_of_the_door(world: World) -> None:
    made = fresh_key()
    machine, guest = Machine(made.secret), Client(HTTP_HOST="localhost")
    for head in (
        "",
        "Bearer",
        "Bearer ",
        "Basic eA==",
        "Bearer onzin",
        f"bearer {made.secret}x",
        "Bearer " + "x" * 500,
    ):
        answer: HttpResponseBase = guest.post(PUSH, {}, HTTP_AUTHORIZATION=head)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert read(answer)["type"] == "/api/v1/docs#no-key"
    guest.force_login(world.people["politie", Role.ADMINISTRATOR], "django.contrib.auth.backends.ModelBackend")
    assert guest.post(PUSH, {}).status_code == 401  # who is logged in is no machine
    with working_for(as_system("politie")):
        ApiKey.objects.filter(pk=made.key.pk).update(scopes=["other"])
    assert machine.send(b"{}").status_code == 403
    assert machine.get(f"{PUSH}/{uuid4()}").status_code == 403
    with working_for(as_system("politie")):
        ApiKey.objects.filter(pk=made.key.pk).update(scopes=["intake:write"])
    with override_settings(API_PER_MINUTE=500):
        while machine.push(item("R1", PLAIN), *(item(f"R{n}", PLAIN) for n in range(2, 300)))[0] == 200:
            pass  # a new minute may begin: then the next request is one too many
        answer = machine.send(b'{"registrations": [' + b"{}," * 400 + b"{}]}")
    assert answer.status_code in (400, 429)
    assert machine.get("/api/v1/registrations").status_code == 405
    assert machine.get("/api/v2/registrations").status_code == 404
    assert machine.get("/api/v1/registrations/").status_code == 404
    assert machine.get("/api/v1/registrations/geen-nummer").status_code == 404


def test_a_request_beyond_the_limit_is_turned_away_whole(world: World) -> None:
    machine = Machine(fresh_key().secret)
    with override_settings(API_PER_MINUTE=5):
        status, body = machine.push(*(item(f"R{n}") for n in range(6)))
    assert (status, body["type"]) == (429, "/api/v1/docs#too-many")
    assert Import.objects.using("owner").count() == 0
    [used] = KeyUse.objects.using("owner").all()
    assert (used.count, used.requests, used.refused) == (1, 1, 1)


# --- raw SQL as the app's role, in the transaction of a key -----------------------------------------------------------


def test_a_key_of_one_service_sees_and_touches_nothing_of_another(world: World, raw: Any) -> None:
    mine, theirs = fresh_key("politie"), fresh_key("nla")
    Machine(mine.secret).push(item("R1"))
    Machine(theirs.secret).push(item("R1"))
    with raw("politie", person="key") as connection:
        for table in ("apikey", "keyuse", "import", "signal", "textversion", "hit", "contribution"):
            rows = connection.execute(f"SELECT DISTINCT service_id FROM store_{table}").fetchall()
            assert rows == [("politie",)], table
        for statement in (
            "UPDATE store_apikey SET ends = now() WHERE service_id = 'nla'",
            "UPDATE store_keyuse SET count = 0 WHERE service_id = 'nla'",
            "DELETE FROM store_keyuse WHERE service_id = 'nla'",
            "UPDATE store_import SET filed = 0 WHERE service_id = 'nla'",
        ):
            assert connection.execute(statement).rowcount == 0
    with raw() as connection:  # all that can be asked without a service: of which one a key is
        asked = connection.execute("SELECT seinpost_key_service(%s)", [theirs.key.digest])
        assert asked.fetchone() == ("nla",)
        assert connection.execute("SELECT count(*) FROM store_apikey").fetchone() == (0,)


REFUSED = {
    "INSERT INTO store_keyuse (service_id, key_id, minute, count, requests, refused)"
    " VALUES ('politie', %(theirs)s, now(), 1, 1, 0)": "keyuse_of_service",
    "UPDATE store_import SET key_id = %(theirs)s": "import_of_service",
    "UPDATE store_apikey SET unit_id = 'nla-team'": "apikey_of_service",
    "UPDATE store_apikey SET service_id = 'nla'": "row-level security",
    "UPDATE store_apikey SET ends = made_at + interval '367 days'": "key_at_most_a_year",
    "DELETE FROM store_apikey": "permission denied",
}


def test_what_the_database_itself_refuses(world: World, raw: Any) -> None:
    Machine(fresh_key("politie").secret).push(item("R1", PLAIN))
    theirs = fresh_key("nla").key.pk
    for statement, fault in REFUSED.items():
        with raw("politie", person="key") as connection, pytest.raises(psycopg.Error, match=fault):
            connection.execute(statement, {"theirs": theirs})
