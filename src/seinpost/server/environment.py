"""Settings from the environment, read once, strictly: what is unclear is refused, with every fault told at once.

Every variable may be given as NAME, or as NAME_FILE with the path of a file that holds the value; never both. A
variable that starts with SEINPOST_ and is not known is refused too: it is a mistyped one.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from seinpost.errors import SettingError
from seinpost.packs.procedure.terms import Role

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
T = TypeVar("T")
KNOWN_ELSEWHERE = frozenset(("SEINPOST_LANG", "SEINPOST_REQUIRE_BROWSER", "SEINPOST_CACHE", "SEINPOST_WORKER_PARENT"))
GUESSABLE = frozenset(
    ("", "admin", "changeme", "changethis", "demo", "password", "postgres", "secret", "seinpost", "test")
)
LOOPBACK = frozenset(("", "localhost", "127.0.0.1", "::1"))
PROVED_TLS = frozenset(("verify-full", "verify-ca"))
KEY_LENGTH = 50
KEY_BYTES = 32  # of AES-256
MAIL_PORTS = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """One PostgreSQL database as one role."""

    name: str
    user: str
    password: str = field(repr=False)
    host: str
    port: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MailAddress:
    """The mail server that notices go through."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool = False  # TLS begins after the greeting; `tls` is true too


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that may differ between two installations."""

    demo: bool
    secret_key: str = field(repr=False)
    database: DatabaseAddress
    owner_database: DatabaseAddress | None
    origin: str
    hosts: tuple[str, ...]
    proxies: int
    idle_minutes: int
    api_per_minute: int
    encoder: bool
    session_hours: int
    second_factor: frozenset[str]
    networks: dict[str, tuple[Network, ...]]
    mail: MailAddress | None
    mail_from: str
    mail_domains: tuple[str, ...]
    identity_providers: tuple[dict[str, object], ...] = field(repr=False)
    data: Path
    files_keys: tuple[bytes, ...] = field(repr=False)
    log_level: str

    @property
    def is_tls(self) -> bool:
        """Whether people reach it over TLS; then cookies travel over nothing else."""
        return self.origin.startswith("https://")

    def may_mail_to(self, address: str) -> bool:
        """Whether mail may go to an address, if there is a mail server: one of our own domains; in the demo any."""
        return bool(address) and (not self.mail_domains or address.rpartition("@")[2].lower() in self.mail_domains)


def read_yes_no(value: str) -> bool:
    """Read yes or no; nothing else is guessed at."""
    if value not in ("yes", "no"):
        raise ValueError("yes or no")
    return value == "yes"


def read_number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return read


def read_choice(*allowed: str) -> Callable[[str], str]:
    """A reader of one of a few words."""

    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(", ".join(allowed))
        return value

    return read


def read_database(value: str) -> DatabaseAddress:
    """Read postgresql://USER:PASSWORD@HOST:PORT/NAME?sslmode=...; the host may be a socket's folder in `?host=`."""
    parts = urlsplit(value)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme != "postgresql" or not name or not parts.username:
        raise ValueError("postgresql://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full")
    options = {key: values[-1] for key, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    host = unquote(parts.hostname or "") or options.pop("host", "")
    return DatabaseAddress(
        name=name,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        host=host,
        port=str(parts.port or ""),
        options=tuple(sorted(options.items())),
    )


def read_mail(value: str) -> MailAddress:
    """Read smtps:// (TLS), smtp+starttls:// (TLS after the greeting) or smtp:// (none), and nothing after the port."""
    parts = urlsplit(value)
    rest = parts.path or parts.query or parts.fragment
    if parts.scheme not in MAIL_PORTS or not HOST.fullmatch(parts.hostname or "") or rest:
        raise ValueError("smtps://USER:PASSWORD@HOST:PORT or smtp+starttls://USER:PASSWORD@HOST:PORT")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("a user with a password, or neither")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    starttls = parts.scheme == "smtp+starttls"
    port = MAIL_PORTS[parts.scheme] if parts.port is None else parts.port
    return MailAddress(parts.hostname or "", port, user, password, parts.scheme != "smtp", starttls)


def read_sender(value: str) -> str:
    """Read a plain address, without a name before it."""
    local, at, host = value.rpartition("@")
    if not at or not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}", local) or not HOST.fullmatch(host.lower()):
        raise ValueError("NAME@HOST")
    return value


def read_origin(value: str) -> str:
    """Read the address people type: scheme, host, port and nothing more."""
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not HOST.fullmatch(parts.hostname or "") or parts.path or parts.query:
        raise ValueError("https://HOST or https://HOST:PORT, without a path")
    return value


def read_hosts(value: str) -> tuple[str, ...]:
    """Read host names with commas between; no wildcard."""
    hosts = tuple(part.strip() for part in value.split(","))
    if not all(HOST.fullmatch(host) for host in hosts):
        raise ValueError("host names with commas between, without wildcard or port")
    return hosts


def read_second_factor(value: str) -> frozenset[str]:
    """Read who must have a second factor: all, none, or roles with commas between."""
    roles = [role.value for role in Role if role is not Role.SYSTEM]
    chosen = frozenset(part.strip() for part in value.split(","))
    if value in ("all", "none"):
        return frozenset(("all",)) if value == "all" else frozenset()
    if not chosen <= set(roles):
        raise ValueError(f"all, none, or with commas between: {', '.join(roles)}")
    return chosen


def read_networks(value: str) -> dict[str, tuple[Network, ...]]:
    """Read from which networks the people of a service may work: a JSON object, service to a list of networks."""
    try:
        told = json.loads(value)
        if not isinstance(told, dict) or not all(told.values()):
            raise TypeError
        return {service: tuple(ipaddress.ip_network(one) for one in networks) for service, networks in told.items()}
    except (TypeError, ValueError) as error:
        raise ValueError(f'a JSON object such as {{"politie": ["10.0.0.0/8"]}} ({error})') from None


PROVIDER_KEYS = {
    "openid_connect": frozenset(("kind", "service", "id", "name", "client_id", "secret", "server_url")),
    "saml": frozenset(("kind", "service", "id", "name", "client_id", "idp")),
}
PROVIDER_MORE = {
    "openid_connect": frozenset(("second_factor",)),
    "saml": frozenset(("second_factor", "attributes")),
}


def read_providers(value: str) -> tuple[dict[str, object], ...]:
    """Read the services' own identity providers: a JSON list, one object each."""
    try:
        providers = json.loads(value)
    except ValueError as error:
        raise ValueError(f"JSON ({error})") from None
    if not isinstance(providers, list) or not all(isinstance(one, dict) for one in providers):
        raise ValueError("a JSON list of objects")
    for number, one in enumerate(providers, 1):
        check_provider(number, one)
    if len({one["id"] for one in providers}) < len(providers):
        raise ValueError("each id once")
    return tuple(providers)


def read_keys(value: str) -> tuple[bytes, ...]:
    """Read the keys of attachments, with commas between; the first seals, the others open what they sealed once."""
    keys = []
    for text in value.split(","):
        try:
            keys.append(base64.b64decode(text.strip(), altchars=b"-_", validate=True))
        except ValueError:
            keys.append(b"")
    if any(len(key) != KEY_BYTES or len(set(key)) < 12 for key in keys):
        raise ValueError("32 random bytes in base64; several with commas between")
    return tuple(keys)


def check_provider(number: int, one: dict[str, object]) -> None:
    """Check one provider: the keys of its kind, names that can stand in an address, and TLS."""
    kind = str(one.get("kind"))
    wanted = PROVIDER_KEYS.get(kind)
    if wanted is None or not wanted <= set(one) <= wanted | PROVIDER_MORE[kind]:
        allowed = " or ".join(f"{kind}: {', '.join(sorted(keys))}" for kind, keys in PROVIDER_KEYS.items())
        raise ValueError(f"in object {number} exactly the keys of {allowed}; second_factor may be added")
    for key in ("id", "service", "client_id") if kind == "saml" else ("id", "service"):
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(one[key])):
            raise ValueError(f"in object {number} {key}: small letters, digits, hyphens")
    if one.get("second_factor", "here") not in ("here", "provider"):
        raise ValueError(f"in object {number} second_factor: here or provider")
    idp = one.get("idp") if kind == "saml" else {"entity_id": "", "sso_url": one["server_url"], "x509cert": ""}
    if not isinstance(idp, dict) or set(idp) != {"entity_id", "sso_url", "x509cert"}:
        raise ValueError(f"in object {number} idp: entity_id, sso_url, x509cert")
    address = urlsplit(str(idp["sso_url"]))
    if address.scheme != "https" or not HOST.fullmatch(address.hostname or ""):
        raise ValueError(f"in object {number} an address that starts with https://")


def read_text(value: str) -> str:
    """Any text that is not empty."""
    if not value.strip():
        raise ValueError("a text")
    return value


class Reader:
    """Reads variable after variable and gathers the faults, so that all are told at once."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.faults: list[str] = []
        self.known: set[str] = set(KNOWN_ELSEWHERE)

    def raw(self, name: str) -> str | None:
        """The text of a variable, or of the file that NAME_FILE points to."""
        self.known |= {name, f"{name}_FILE"}
        value, path = self.variables.get(name), self.variables.get(f"{name}_FILE")
        if value is not None and path is not None:
            self.faults.append(f"{name} and {name}_FILE are both set (allowed: one of them)")
        if path is None:
            return value
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(f"{name}_FILE: {path!r} cannot be read: {error}")
            return None

    def get(self, name: str, read: Callable[[str], T], default: T, secret: bool = False) -> T:
        """One variable, or its default when it is not set."""
        value = self.raw(name)
        if value is None:
            return default
        try:
            return read(value)
        except ValueError as error:
            shown = "" if secret else f": {value!r}"
            self.faults.append(f"{name} has a value that is not allowed{shown} (allowed: {error})")
            return default

    def require(self, name: str, present: object, why: str) -> None:
        """A fault when a variable is missing that must be there."""
        if not present and not any(fault.startswith(name) for fault in self.faults):
            self.faults.append(f"{name} is missing: {why}")

    def finish(self) -> None:
        """Raise what was gathered."""
        for name in sorted(set(self.variables) - self.known):
            if name.startswith("SEINPOST_"):
                self.faults.append(f"{name} is not a setting (allowed: {', '.join(sorted(self.known))})")
        if self.faults:
            raise SettingError(
                "settings are refused:\n  " + "\n  ".join(self.faults),
                "instellingen zijn geweigerd:\n  " + "\n  ".join(self.faults),
            )


NO_DATABASE = DatabaseAddress("", "", "", "", "", ())


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Read every setting; raises SettingError with all faults, also when together they would be insecure."""
    reader = Reader(variables)
    demo = reader.get("SEINPOST_DEMO", read_yes_no, False)
    environment = Environment(
        demo=demo,
        secret_key=reader.get("SEINPOST_SECRET_KEY", read_text, "", secret=True),
        database=reader.get("SEINPOST_DATABASE_URL", read_database, NO_DATABASE, secret=True),
        owner_database=reader.get("SEINPOST_OWNER_DATABASE_URL", read_database, None, secret=True),
        origin=reader.get("SEINPOST_ORIGIN", read_origin, "http://localhost:8000" if demo else ""),
        hosts=reader.get("SEINPOST_HOSTS", read_hosts, ()),
        proxies=reader.get("SEINPOST_PROXIES", read_number(0, 3), 0),
        idle_minutes=reader.get("SEINPOST_IDLE_MINUTES", read_number(1, 240), 15),
        api_per_minute=reader.get("SEINPOST_API_PER_MINUTE", read_number(500, 600_000), 6000),
        encoder=reader.get("SEINPOST_ENCODER", read_yes_no, False),
        session_hours=reader.get("SEINPOST_SESSION_HOURS", read_number(1, 24), 12),
        second_factor=reader.get("SEINPOST_SECOND_FACTOR", read_second_factor, frozenset(() if demo else ("all",))),
        networks=reader.get("SEINPOST_NETWORKS", read_networks, {}),
        mail=reader.get("SEINPOST_MAIL_URL", read_mail, None, secret=True),
        mail_from=reader.get("SEINPOST_MAIL_FROM", read_sender, ""),
        mail_domains=reader.get("SEINPOST_MAIL_DOMAINS", read_hosts, ()),
        identity_providers=reader.get("SEINPOST_IDENTITY_PROVIDERS", read_providers, (), secret=True),
        data=reader.get("SEINPOST_DATA", lambda value: Path(read_text(value)), Path("seinpost-data")),
        files_keys=reader.get("SEINPOST_FILES_KEY", read_keys, (), secret=True),
        log_level=reader.get("SEINPOST_LOG_LEVEL", read_choice("debug", "info", "warning", "error"), "info"),
    )
    refuse_insecure(environment, reader)
    reader.finish()
    return environment


def refuse_insecure(environment: Environment, reader: Reader) -> None:
    """Gather what would make it insecure; the demo may do without TLS, and nothing else."""
    key, database = environment.secret_key, environment.database
    reader.require(
        "SEINPOST_SECRET_KEY", key, "a random text; python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
    reader.require("SEINPOST_DATABASE_URL", database.name, "the address of PostgreSQL as the app's role")
    if key and (len(key) < KEY_LENGTH or len(set(key)) < 12):
        reader.faults.append(
            f"SEINPOST_SECRET_KEY is too easy to guess (allowed: {KEY_LENGTH} random characters or more)"
        )
    if environment.owner_database and environment.owner_database.user == database.user:
        reader.faults.append(
            "SEINPOST_OWNER_DATABASE_URL has the role of SEINPOST_DATABASE_URL (allowed: another role)"
        )
    if environment.mail and not environment.mail_from:
        reader.faults.append("SEINPOST_MAIL_FROM is missing: SEINPOST_MAIL_URL needs a sender")
    if not environment.demo:
        refuse_open(environment, reader)


def refuse_open(environment: Environment, reader: Reader) -> None:
    """Gather what would let others listen in or come in."""
    reader.require("SEINPOST_ORIGIN", environment.origin, "the address people type, https://...")
    if not environment.second_factor:
        reader.faults.append(
            "SEINPOST_SECOND_FACTOR is none: a guessed password would open it (allowed: all, or roles)"
        )
    if environment.origin and not environment.is_tls:
        reader.faults.append("SEINPOST_ORIGIN is not https: cookies would travel in the open (allowed: https)")
    refuse_open_database("SEINPOST_DATABASE_URL", environment.database, reader)
    if environment.owner_database:
        refuse_open_database("SEINPOST_OWNER_DATABASE_URL", environment.owner_database, reader)
    if environment.mail and not environment.mail_domains:
        reader.faults.append("SEINPOST_MAIL_DOMAINS is missing: the domains of your own that mail may go to")
    if environment.mail and not environment.mail.tls and environment.mail.host not in LOOPBACK:
        reader.faults.append(
            f"SEINPOST_MAIL_URL reaches {environment.mail.host} without TLS (allowed: smtps://, smtp+starttls://)"
        )


def refuse_open_database(name: str, address: DatabaseAddress, reader: Reader) -> None:
    """Gather what would let others into a database; a socket's folder guards itself."""
    if not address.name or address.host.startswith("/"):
        return
    if address.password.lower() in GUESSABLE or address.password == address.user:
        reader.faults.append(f"{name} has a password that is empty or anybody's first guess")
    if address.host not in LOOPBACK and dict(address.options).get("sslmode") not in PROVED_TLS:
        reader.faults.append(f"{name} reaches {address.host} without proof who answers (allowed: sslmode=verify-full)")
