"""Settings from the environment: strict, all faults at once, and never insecure outside the demo."""

from __future__ import annotations

import json
import re
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.utils.module_loading import import_string
from hypothesis import given
from hypothesis import strategies as st

from seinpost.errors import SettingError
from seinpost.server.environment import read_environment

KEY = "kR5vX9mQ2wZ7pL4nB8cY1tH6jF3dG0sA-uEiOyTrWqPzMxNvCbKl"
GOOD = {
    "SEINPOST_SECRET_KEY": KEY,
    "SEINPOST_DATABASE_URL": "postgresql://app:Zeer-Lang-En-Vreemd@db.example:5432/seinpost?sslmode=verify-full",
    "SEINPOST_ORIGIN": "https://seinpost.example",
}

DOMAINS = {"SEINPOST_MAIL_DOMAINS": "dienst.example"}


OIDC = {
    "kind": "openid_connect", "service": "politie", "id": "politie-login", "name": "Politie", "client_id": "seinpost",
    "secret": "x", "server_url": "https://login.politie.example",
}  # fmt: skip
SAML = {
    "kind": "saml", "service": "kmar", "id": "kmar-login", "name": "Marechaussee", "client_id": "kmar-login",
    "idp": {"entity_id": "https://idp.example", "sso_url": "https://idp.example/login", "x509cert": "MII"},
}  # fmt: skip


def refused(**change: str | None) -> str:
    """Why these settings are refused."""
    settings = {**GOOD, **change}
    with pytest.raises(SettingError) as caught:
        read_environment({name: value for name, value in settings.items() if value is not None})
    return caught.value.en


def test_a_good_environment_is_read() -> None:
    read = read_environment(GOOD)
    assert (read.database.host, read.database.port, read.database.name) == ("db.example", "5432", "seinpost")
    assert (read.is_tls, read.demo, read.idle_minutes, read.mail) == (True, False, 15, None)
    assert (read.encoder, read_environment({**GOOD, "SEINPOST_ENCODER": "yes"}).encoder) == (False, True)


def test_how_people_come_in_is_read() -> None:
    read = read_environment(GOOD)
    assert (read.second_factor, read.session_hours, read.networks) == (frozenset(("all",)), 12, {})
    changed = read_environment(
        {
            **GOOD,
            "SEINPOST_SECOND_FACTOR": "administrator, privacy-officer",
            "SEINPOST_NETWORKS": '{"politie": ["10.0.0.0/8", "2001:db8::/32"]}',
            "SEINPOST_IDENTITY_PROVIDERS": json.dumps([{**OIDC, "second_factor": "provider"}, SAML]),
        }
    )
    assert changed.second_factor == {"administrator", "privacy-officer"}
    assert changed.networks == {"politie": (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))}
    assert [one["id"] for one in changed.identity_providers] == ["politie-login", "kmar-login"]


def test_no_secret_is_in_the_text_of_the_environment() -> None:
    shown = repr(
        read_environment(
            {**GOOD, "SEINPOST_MAIL_URL": "smtps://u:geheim-woord@m", "SEINPOST_MAIL_FROM": "a@b", **DOMAINS}
        )
    )
    assert KEY not in shown
    assert "Zeer-Lang" not in shown
    assert "geheim-woord" not in shown


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SEINPOST_SECRET_KEY", None, "is missing"),
        ("SEINPOST_SECRET_KEY", "kort", "too easy to guess"),
        ("SEINPOST_SECRET_KEY", "a" * 80, "too easy to guess"),
        ("SEINPOST_DATABASE_URL", None, "is missing"),
        ("SEINPOST_DATABASE_URL", "sqlite:///x", "allowed: postgresql://"),
        ("SEINPOST_DATABASE_URL", "postgresql://app:postgres@localhost/seinpost", "first guess"),
        ("SEINPOST_DATABASE_URL", "postgresql://app:app@localhost/seinpost", "first guess"),
        ("SEINPOST_DATABASE_URL", "postgresql://app@localhost/seinpost", "first guess"),
        ("SEINPOST_DATABASE_URL", "postgresql://app:Zeer-Lang@db.example/seinpost", "without proof who answers"),
        (
            "SEINPOST_DATABASE_URL",
            "postgresql://app:Zeer-Lang@db.example/s?sslmode=require",
            "without proof who answers",
        ),
        ("SEINPOST_OWNER_DATABASE_URL", "postgresql://app:Zeer-Lang@localhost/seinpost", "another role"),
        ("SEINPOST_ORIGIN", None, "is missing"),
        ("SEINPOST_ORIGIN", "http://seinpost.example", "is not https"),
        ("SEINPOST_ORIGIN", "https://seinpost.example/path", "without a path"),
        ("SEINPOST_ORIGIN", "seinpost.example", "without a path"),
        ("SEINPOST_HOSTS", "*", "without wildcard"),
        ("SEINPOST_HOSTS", "a.example,", "without wildcard"),
        ("SEINPOST_DEMO", "true", "allowed: yes or no"),
        ("SEINPOST_DEMO", "1", "allowed: yes or no"),
        ("SEINPOST_IDLE_MINUTES", "0", "from 1 to 240"),
        ("SEINPOST_IDLE_MINUTES", "15.0", "from 1 to 240"),
        ("SEINPOST_IDLE_MINUTES", "٣", "from 1 to 240"),
        ("SEINPOST_MAIL_URL", "smtp://mail.example", "without TLS"),
        ("SEINPOST_MAIL_URL", "smtps://mail.example", "SEINPOST_MAIL_FROM is missing"),
        ("SEINPOST_MAIL_URL", "smtps://mail.example", "SEINPOST_MAIL_DOMAINS is missing"),
        ("SEINPOST_MAIL_URL", "smtps://mail.example/pad", "allowed: smtps://"),
        ("SEINPOST_MAIL_URL", "smtps://naam@mail.example", "a user with a password, or neither"),
        ("SEINPOST_MAIL_URL", "smtps://mail.example:99999", "SEINPOST_MAIL_URL has a value"),
        ("SEINPOST_MAIL_FROM", "Seinpost <seinpost@dienst.example>", "allowed: NAME@HOST"),
        ("SEINPOST_LOG_LEVEL", "DEBUG", "allowed: debug, info"),
        ("SEINPOST_IDENTITY_PROVIDERS", "{}", "JSON list"),
        ("SEINPOST_IDENTITY_PROVIDERS", '[{"kind": "ldap"}]', "in object 1 exactly the keys"),
        ("SEINPOST_IDENTITY_PROVIDERS", "[", "JSON ("),
        ("SEINPOST_IDENTITY_PROVIDERS", json.dumps([{**OIDC, "server_url": "http://x.example"}]), "with https://"),
        ("SEINPOST_IDENTITY_PROVIDERS", json.dumps([{**OIDC, "id": "Politie login"}]), "object 1 id: small letters"),
        ("SEINPOST_IDENTITY_PROVIDERS", json.dumps([OIDC, OIDC]), "each id once"),
        ("SEINPOST_IDENTITY_PROVIDERS", json.dumps([{**OIDC, "second_factor": "no"}]), "here or provider"),
        ("SEINPOST_IDENTITY_PROVIDERS", json.dumps([{**SAML, "idp": {"sso_url": "x"}}]), "entity_id, sso_url"),
        ("SEINPOST_SECOND_FACTOR", "none", "a guessed password would open it"),
        ("SEINPOST_SECOND_FACTOR", "boss", "allowed: all, none, or"),
        ("SEINPOST_SECOND_FACTOR", "system", "allowed: all, none, or"),
        ("SEINPOST_SECOND_FACTOR", "", "allowed: all, none, or"),
        ("SEINPOST_SESSION_HOURS", "25", "from 1 to 24"),
        ("SEINPOST_NETWORKS", '{"politie": ["10.0.0.1/8"]}', "has host bits set"),
        ("SEINPOST_NETWORKS", '{"politie": []}', "a JSON object such as"),
        ("SEINPOST_NETWORKS", '["10.0.0.0/8"]', "a JSON object such as"),
        ("SEINPOST_SECRETKEY", KEY, "is not a setting"),
    ],
)
def test_what_is_unclear_or_insecure_is_refused(name: str, value: str | None, word: str) -> None:
    told = refused(**{name: value})
    assert word in told
    assert name in told or "MAIL" in told


def test_all_faults_are_told_at_once() -> None:
    told = refused(SEINPOST_SECRET_KEY=None, SEINPOST_ORIGIN="ftp://x", SEINPOST_IDLE_MINUTES="veel")
    assert told.count("\n") == 3


def test_a_refused_secret_is_not_repeated() -> None:
    assert "Mijn-Geheim" not in refused(SEINPOST_DATABASE_URL="mysql://app:Mijn-Geheim@db/x")


def test_a_secret_can_stand_in_a_file_but_not_in_two_places(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY + "\n", encoding="utf-8")
    settings = {**GOOD, "SEINPOST_SECRET_KEY_FILE": str(path)}
    del settings["SEINPOST_SECRET_KEY"]
    assert read_environment(settings).secret_key == KEY
    assert "both set" in refused(SEINPOST_SECRET_KEY_FILE=str(path))
    assert "cannot be read" in refused(SEINPOST_SECRET_KEY=None, SEINPOST_SECRET_KEY_FILE=str(tmp_path / "none"))


def test_the_demo_may_do_without_tls_and_nothing_else() -> None:
    demo = {
        "SEINPOST_DEMO": "yes",
        "SEINPOST_SECRET_KEY": KEY,
        "SEINPOST_DATABASE_URL": "postgresql://app@/x?host=/tmp",
    }
    read = read_environment(demo)
    assert (read.origin, read.is_tls, read.database.host) == ("http://localhost:8000", False, "/tmp")
    with pytest.raises(SettingError, match="SECRET_KEY"):
        read_environment({**demo, "SEINPOST_SECRET_KEY": "kort"})


@given(
    st.dictionaries(
        st.sampled_from([*sorted(GOOD), "SEINPOST_HOSTS", "SEINPOST_MAIL_URL", "SEINPOST_PROXIES", "SEINPOST_DEMO"]),
        st.text(max_size=40)
        | st.sampled_from(["postgresql://[", "https://[::", "smtps://x:y", "postgresql://a@b:c/d"]),
    )
)
def test_no_environment_makes_it_fall_over(settings: dict[str, str]) -> None:
    try:
        read = read_environment(settings)
    except SettingError:
        return
    assert len(read.secret_key) >= 50


def test_a_password_is_hashed_at_no_less_cost_than_owasp_asks() -> None:
    """By the settings of the server; what runs inside the tests has a hasher of its own (tests/hashing.py)."""
    from seinpost.server.settings import PASSWORD_HASHERS

    hashed = import_string(PASSWORD_HASHERS[0])().encode("vier woorden op een rij", "zoutzoutzout")
    found = re.match(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", hashed)
    assert found is not None, hashed
    memory, passes = map(int, found.groups())
    assert memory >= 19 * 1024
    assert passes >= 2
