"""The schema says what the API does: every answer to anything sent is one that it names, in the shape it names."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.api.machine import FLAGGED, MANY, PLAIN, PUSH, Machine, fresh_key, item, results
from tests.database import fresh
from tests.store.world import make_world, plan

from seinpost.api.openapi import PREFIX, document
from seinpost.api.shapes import Account, Answer, Handed, Problem
from seinpost.api.words import ALLOWED, MEANING, WRONG, Fault
from seinpost.store.audit.stored import verify_stored
from seinpost.store.models import Import, Signal
from seinpost.store.queries.guarantee import prove_service

SHAPES: dict[str, type[BaseModel]] = {"Answer": Answer, "Account": Account, "Problem": Problem}
SCHEMA = document("en")
TEXTS = st.sampled_from([FLAGGED, PLAIN, "", "a\0b", "é" * 3000, "\u202e", "😀", "<script>"]) | st.text(max_size=40)


def made_of(shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema allows; only what our own schema uses is known here."""
    if "$ref" in shape:
        return made_of(SCHEMA["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    if "anyOf" in shape:
        return st.one_of(*(made_of(one) for one in shape["anyOf"]))
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    kind = shape["type"]
    if kind == "array":
        return st.lists(made_of(shape["items"]), min_size=shape.get("minItems", 0), max_size=4)
    if kind == "object" and "properties" in shape:
        fields = {name: made_of(inner) for name, inner in shape["properties"].items()}
        required = set(shape.get("required", ()))
        return st.fixed_dictionaries(
            {name: one for name, one in fields.items() if name in required},
            optional={name: one for name, one in fields.items() if name not in required},
        )
    if kind == "object":
        return st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=20), max_size=3)
    if kind == "null":
        return st.none()
    assert kind == "string", shape
    if shape.get("format") == "date-time" or shape.get("maxLength") is None:
        moments = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))
        return moments.map(lambda moment: moment.isoformat())
    if shape["maxLength"] > 1000:
        return TEXTS
    return st.sampled_from(["R1", "R2", "R3", "x" * 200]) | st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=20
    )


GOOD = made_of({"$ref": "#/components/schemas/Handed"})
BAD_ITEM: st.SearchStrategy[Any] = st.sampled_from(
    [None, 1, [], {}, "x", {"registration_id": "a"}, {"registration_id": 1, "text": 2}, item("a", x=1)]
)
MIXED = st.tuples(GOOD, st.lists(BAD_ITEM, max_size=3)).map(
    lambda both: {**both[0], "registrations": both[0]["registrations"] + both[1]}
)
DATA = (GOOD | MIXED).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)
KINDS = st.sampled_from(
    ["application/json"] * 9 + ["text/plain", "application/json; charset=utf-16", "multipart/form-data", "", "\u00e9"]
)


@pytest.fixture(scope="module")
def machine(instance: Any) -> Iterator[Machine]:
    with fresh(instance), MANY:
        make_world(("politie",))
        logging.disable(logging.WARNING)
        yield Machine(fresh_key().secret)
        assert prove_service("politie", plan()).orphans == ()
        assert verify_stored().breaks == ()
        logging.disable(logging.NOTSET)


def keeps_its_word(answer: HttpResponseBase, path: str, method: str) -> None:
    """The answer is one that the schema names for the operation, in the shape it names."""
    said = SCHEMA["paths"][path][method]["responses"].get(str(answer.status_code))
    assert said is not None, f"{answer.status_code} is not in the schema"
    [(kind, inner)] = said["content"].items()
    assert answer.headers["Content-Type"] == kind
    shape = SHAPES[inner["schema"]["$ref"].rpartition("/")[2]]
    found = shape.model_validate_json(answer.content)  # type: ignore[attr-defined]
    assert all(name in answer.headers for name in said["headers"])
    if isinstance(found, Answer):
        account = found.account
        parts = (account.filed, account.known, account.new_version, account.refused, account.not_flagged)
        assert account.received == sum(parts) == len(found.results)


@settings(max_examples=60)
@given(data=DATA, kind=KINDS)
def test_every_answer_is_as_the_schema_says_and_handing_in_again_changes_nothing(
    machine: Machine, data: bytes, kind: str
) -> None:
    first = machine.send(data, kind)  # a fault of ours is raised here by the test client itself
    keeps_its_word(first, "/registrations", "post")
    signals = Signal.objects.using("owner").count()
    again = machine.send(data, kind)
    keeps_its_word(again, "/registrations", "post")
    assert (again.status_code, Signal.objects.using("owner").count()) == (first.status_code, signals)
    if first.status_code in (200, 207):
        turned = {"filed": "known", "new-version": "known"}
        before, after = (results(json.loads(one.content)) for one in (first, again))  # type: ignore[attr-defined]
        assert after == [turned.get(one, one) for one in before]


def test_heads_that_lie_are_refused(machine: Machine) -> None:
    good = json.dumps({"registrations": [item("R1", PLAIN)]}).encode()
    for head, status in (
        ({"CONTENT_LENGTH": ""}, 411),
        ({"CONTENT_LENGTH": "-1"}, 411),
        ({"CONTENT_LENGTH": "９"}, 411),
        ({"CONTENT_LENGTH": "9" * 40}, 413),
        ({"CONTENT_LENGTH": str(6_000_000)}, 413),
        ({"HTTP_CONTENT_ENCODING": "gzip"}, 415),
        ({"CONTENT_LENGTH": str(len(good) - 1)}, 400),
    ):
        answer = machine.send(good, **head)
        keeps_its_word(answer, "/registrations", "post")
        assert answer.status_code == status, head
    for method in ("PUT", "DELETE", "OPTIONS", "GET"):
        answer = machine.client.generic(method, PUSH)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    account = Import.objects.using("owner").first()
    found = machine.push(item("R1", PLAIN))[1]["account"]["id"] if account is None else account.pk
    keeps_its_word(machine.get(f"{PUSH}/{found}"), "/registrations/{import}", "get")
    keeps_its_word(machine.get(f"{PUSH}/00000000-0000-0000-0000-000000000000"), "/registrations/{import}", "get")


def test_everything_has_a_meaning_in_both_languages() -> None:
    for words in (*MEANING.values(), *ALLOWED.values(), *WRONG.values(), *(one.value.title for one in Fault)):
        assert len(words) == 2
        assert all(words)
    assert document("nl") != SCHEMA
    named = {
        f"{name}.{field}"
        for name, shape in SCHEMA["components"]["schemas"].items()
        for field in shape.get("properties", ())
    }
    fields = {key for key in MEANING if "." in key and key.partition(".")[0] in SCHEMA["components"]["schemas"]}
    assert named == fields
    Handed.model_validate(
        SCHEMA["paths"]["/registrations"]["post"]["requestBody"]["content"]["application/json"]["example"]
    )


def test_the_schema_and_its_page_are_for_everybody_and_need_nothing_from_elsewhere(machine: Machine) -> None:
    guest = Client(HTTP_HOST="localhost")
    served = guest.get(f"{PREFIX}/openapi.json")
    assert (served.status_code, served.json(), served.headers["API-Version"]) == (200, document("nl"), "1.0.0")
    page = guest.get(f"{PREFIX}/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert "<style" not in text
    assert "<script>" not in text
    assert "://" not in text.replace("http://localhost", "")
    for fault in Fault:
        assert f'id="{fault.code}"' in text
    for name in SCHEMA["components"]["schemas"]:
        assert name in text
