"""Whatever comes in by an address, a question or a form: an answer, never a fault, and the guarantee still holds."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.database import fresh
from tests.journeys.places import proposed
from tests.rights.matrix import addresses
from tests.store.world import plan
from tests.web.people import Office, file_one, open_office

from seinpost.packs.procedure.terms import Role
from seinpost.store.audit.stored import verify_stored
from seinpost.store.queries.guarantee import prove_service
from seinpost.web.forms.all import FORMS

FORM = "application/x-www-form-urlencoded"
ROLES = (Role.ANALYST, Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR)
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*? name="([^"]+)"')
VALUE = re.compile(r'value="([^"]*)"')
ASKED = (
    *("q", "bladzijde", "fase", "laag", "vorm", "eigenaar", "eenheid", "laat", "spoed", "baan", "weergave", "step"),
    *("task", "persoon", "signaal", "next", "words", "person", "since", "justified", "choice", "language", "scheme"),
    *("wat", "van", "tot"),
)
NASTY = (
    *(b"", b"\0", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80", b"0", b"-1", b"1e999", b"NaN", b"9" * 40, b"1" * 15, b"True"),
    *(b"P-999999999999999999999", b"P-999999999999999", b"0001-01-01", b"9999-12-31", b"2026-02-30", b"10000-01-01"),
    *(b"2026-11-27T10:00:00", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"'\";--", b"%s{}$(x)"),
    *(
        b"x" * 30_000,
        "ǅ\u202e\U0001f600é".encode(),
        "٣".encode(),
        "²".encode(),
        b"../../etc",
        b"\r\nX-A: b",
        b"me",
        b"ja",
    ),
    b"00000000-0000-0000-0000-000000000000",
)
KINDS = (FORM, f"{FORM}; charset=utf-16", f"{FORM}; charset=none", "application/json", "multipart/form-data", "")
MULTIPART = "multipart/form-data; boundary=x"


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks, at which addresses, with what the pages themselves offer to send."""

    office: Office
    clients: tuple[Client, ...]
    addresses: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    values: tuple[bytes, ...]


@pytest.fixture(scope="module")
def site(instance: Any) -> Iterator[Site]:
    """What every test of this module asks; at the end of all of them, in whatever order, the guarantee must hold."""
    with fresh(instance):
        logging.disable(logging.WARNING)
        yield make_site()
        logging.disable(logging.NOTSET)
        for service in ("politie", "nla", "kmar"):
            assert prove_service(service, plan()).orphans == ()
        assert verify_stored().breaks == ()


def make_site() -> Site:
    office = open_office()
    keys = [office.signal, file_one("politie"), file_one("politie")]
    clients = tuple(office.client(role, proved=role is not Role.ADMINISTRATOR) for role in ROLES)
    found, names, values = [], {}, set()
    asked = proposed(office)
    for name, pattern in addresses():
        if name == "healthz":  # 503 by right: no worker runs beside a test
            continue
        args: list[list[Any]] = [[]]
        if name in ("queue-saved", "session-end"):
            args = [[1], [2**62]]
        elif name in ("right-answer", "right-withdraw"):
            args = [[asked], [2**62]]
        elif name.startswith("person"):
            args = [
                [key, 1][: pattern.count("<")] for key in (keys[0], office.world.people["politie", Role.ANALYST].pk)
            ]
            args = args if "<" in pattern else [[]]
        elif "<slug" in pattern:
            args = [[key, verb.value] for key in keys for verb in FORMS] + [[keys[0], "onzin"]]
        elif name == "signal-beside":
            args = [[key, other] for key in keys for other in (keys[0], keys[1])]
        elif "<" in pattern:
            args = [[key, 1][: pattern.count("<")] for key in keys]
        for one in args:
            address = reverse(name, args=one)
            page = clients[1].get(address).content.decode()
            names[address] = tuple(dict.fromkeys(FIELD.findall(page)))
            values |= {value.encode() for value in VALUE.findall(page) if value}
            found.append(address)
    return Site(office, clients, tuple(found), names, tuple(sorted(values)))


def send(data: st.DataObject, site: Site) -> HttpResponseBase:
    """Make a request of what the pages offer and of what nobody should send."""
    address = data.draw(st.sampled_from(site.addresses))
    known = [name for name in site.names[address] if name != "csrfmiddlewaretoken"]
    one = st.one_of(st.sampled_from(NASTY), st.sampled_from(site.values), st.binary(max_size=12))
    pairs = data.draw(st.lists(st.tuples(st.sampled_from([*known, *ASKED]), one), max_size=12))
    if data.draw(st.booleans()):  # most forms only get far when every field has something
        pairs += [(name, data.draw(one)) for name in known]
    sent = "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs)
    client: Client = data.draw(st.sampled_from(site.clients))
    if data.draw(st.booleans()):
        return client.generic("GET", address, QUERY_STRING=sent)
    question = sent if data.draw(st.booleans()) else ""
    kind = data.draw(st.sampled_from((FORM, FORM, FORM, MULTIPART, *KINDS)))
    body = multipart(pairs) if kind == MULTIPART else sent.encode()
    return client.generic("POST", address, body, kind, QUERY_STRING=question)


def multipart(pairs: list[tuple[str, bytes]]) -> bytes:
    """Fields as they are, without percent signs."""
    head = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    parts = [head % (n.encode(), b'; filename="../a\\x00"' if n == "file" else b"", v) for n, v in pairs]
    return b"".join(parts) + b"--x--\r\n"


@settings(max_examples=120)
@given(data=st.data())
def test_no_request_is_a_fault_and_no_signal_is_orphaned(site: Site, data: st.DataObject) -> None:
    assert send(data, site).status_code < 500  # a fault of ours is raised here by the test client itself


WORST = (b"\0", b"9" * 40, b"x" * 30_000, b"0001-01-01T00:00:00+14:00", b"\xff\xfe")


@pytest.mark.parametrize("value", WORST)
def test_every_field_of_every_question_and_form_takes_the_worst(site: Site, value: bytes) -> None:
    """All fields at once; one by one and mixed is for the test above."""
    for address in (a for a in site.addresses if str(site.office.signal) in a or "/signalen/" not in a):
        sent = "&".join(f"{name}={quote_from_bytes(value)}" for name in (*site.names[address], *ASKED))
        client = site.clients[2 if address.startswith(("/inzagelog", "/noodtoegang")) else 1]
        if "/doen/" not in address:
            assert client.generic("GET", address, QUERY_STRING=sent).status_code < 500
        assert client.generic("POST", address, sent, FORM).status_code < 500


def test_more_fields_or_bytes_than_allowed_is_refused(site: Site) -> None:
    address = reverse("signal-act", args=[site.office.signal, "note"])
    for pairs in ([("words", "x")] * 1500, [("words", "x" * 3_000_000)]):
        assert site.clients[0].generic("POST", address, urlencode(pairs), FORM).status_code in (400, 413)
