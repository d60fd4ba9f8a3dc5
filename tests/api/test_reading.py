"""Reading a request, without a database: whatever the bytes are, registrations or a problem, never a fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.machine import FLAGGED, item

from seinpost.api.problems import Problematic
from seinpost.api.reading import Read, Unread, read_request
from seinpost.api.shapes import MOST_ITEMS, Registration
from seinpost.api.words import Fault

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["registration_id", "text", "registered_at", "kept", "extra"])
ITEMS = ANYTHING | st.dictionaries(NAMES, ANYTHING) | st.builds(item, st.text(), st.text())


def outcome(data: bytes) -> Read | Problematic:
    try:
        return read_request(data, "nl")
    except Problematic as problem:
        return problem


def body(*items: object, **more: object) -> bytes:
    return json.dumps({"registrations": list(items), **more}).encode()


@pytest.mark.parametrize(
    ("data", "fault", "said"),
    [
        (b"", Fault.NOT_JSON, "regel 1, kolom 1"),
        (b'{"registrations": [\n}', Fault.NOT_JSON, "regel 2, kolom 1"),
        (b'{"registrations": "\xff"}', Fault.NOT_JSON, "byte 19"),
        (body(item("a")).decode().encode("utf-16"), Fault.NOT_JSON, "byte 0"),
        (b"[" * 100_000, Fault.NOT_JSON, "te diep genest"),
        (b'{"registrations": ' + b"[" * 900 + b"]" * 900 + b"}", Fault.NOT_READ, "registration_id"),
        (b'{"lane": 1, "lane": 2}', Fault.NOT_JSON, "lane 2x"),
        (b'{"lane": NaN}', Fault.NOT_JSON, "NaN"),
        (b'{"lane": ' + b"9" * 5000 + b"}", Fault.NOT_JSON, "4300"),
        (b"[]", Fault.NOT_READ, "registrations"),
        (b"{}", Fault.NOT_READ, "registrations"),
        (body(), Fault.NOT_READ, "registrations"),
        (body(item("a"), lane="snel"), Fault.NOT_READ, "lane"),
        (body(item("a"), more=1), Fault.NOT_READ, "lane"),
        (body(*[{}] * 10_000), Fault.TOO_LARGE, str(MOST_ITEMS)),
        (body(item(" ")), Fault.NOT_READ, "registration_id"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(data: bytes, fault: Fault, said: str) -> None:
    problem = outcome(data)
    assert isinstance(problem, Problematic)
    assert problem.fault is fault
    assert said in problem.detail


def test_a_number_of_a_thousand_digits_is_a_wrong_value_of_one_registration() -> None:
    read = outcome(body(item("a"), item("b", registered_at=10**1000)))
    assert isinstance(read, Read)
    wrong = read.items[1]
    assert isinstance(wrong, Unread)
    assert len(wrong.faults[0].value or "") == 80


@given(st.lists(ITEMS, max_size=6))
def test_each_registration_is_read_or_told_with_field_and_place(items: list[Any]) -> None:
    read = (
        outcome(json.dumps({"registrations": [item("a"), *items]}, allow_nan=False).encode()) if finite(items) else None
    )
    if read is None:
        return
    assert isinstance(read, Read)
    assert len(read.items) == len(items) + 1
    for place, found in enumerate(read.items):
        if isinstance(found, Registration):
            assert found.registration_id == found.registration_id.strip() != ""
        else:
            assert found.faults
            assert all(fault.pointer.startswith(f"#/registrations/{place}") and fault.allowed for fault in found.faults)
            assert all(len(fault.model_dump_json()) < 4000 for fault in found.faults)  # it can be said, and is short


def finite(value: Any) -> bool:
    """Whether a value can be JSON."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


@given(st.binary(max_size=200) | st.binary(max_size=40).map(lambda more: body(item("a", FLAGGED))[:-3] + more))
def test_any_bytes_are_read_or_a_problem(data: bytes) -> None:
    found = outcome(data)
    assert isinstance(found, Read) or found.fault.value.status in (400, 413)
