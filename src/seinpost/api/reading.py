"""From the bytes of a request to registrations; a registration that cannot be read stops no other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import ValidationError

from seinpost.api.problems import Problematic
from seinpost.api.shapes import MOST_ITEMS, Envelope, FieldFault, Registration
from seinpost.api.words import ALLOWED, WRONG, Fault, told

SHOWN = 80
ROOT = "#/registrations"


@dataclass(frozen=True, slots=True)
class Unread:
    """A registration that could not be read: its number if that could, and what is wrong."""

    registration_id: str | None
    faults: tuple[FieldFault, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """The registrations of a request in order, each read or not; `digest` is over all of it."""

    items: tuple[Registration | Unread, ...]
    lane: str
    digest: str


def read_request(data: bytes, language: str) -> Read:
    """Read the body of a request; raises Problematic when nothing of it can be read."""
    body = read_json(data, language)
    if isinstance(body, dict) and isinstance(found := body.get("registrations"), list) and len(found) > MOST_ITEMS:
        fault = fault_at(f"{ROOT}", "registrations", "value", str(len(found)), language)
        raise Problematic(Fault.TOO_LARGE, fault.allowed, (fault,))
    try:
        envelope = Envelope.model_validate(body)
    except ValidationError as error:
        raise Problematic(Fault.NOT_READ, told(ALLOWED["body"], language), faults_of(error, "#", language)) from None
    items = tuple(read_item(item, f"{ROOT}/{place}", language) for place, item in enumerate(envelope.registrations))
    unread = [item for item in items if isinstance(item, Unread)]
    if len(unread) == len(items):
        faults = tuple(fault for item in unread for fault in item.faults)
        raise Problematic(Fault.NOT_READ, told(ALLOWED[""], language), faults)
    return Read(items, envelope.lane, hashlib.sha256(data).hexdigest())


def read_json(data: bytes, language: str) -> Any:
    """Read JSON strictly; raises Problematic with the place."""
    allowed = told(ALLOWED["json"], language)
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=no_constant)
    except UnicodeDecodeError as error:
        raise Problematic(Fault.NOT_JSON, f"byte {error.start}: {allowed}") from None
    except json.JSONDecodeError as error:
        place = ("regel {}, kolom {}", "line {}, column {}")[language == "en"].format(error.lineno, error.colno)
        raise Problematic(Fault.NOT_JSON, f"{place}: {allowed}") from None
    except RecursionError:
        deep = ("te diep genest", "nested too deep")[language == "en"]
        raise Problematic(Fault.NOT_JSON, f"{deep}: {allowed}") from None
    except ValueError as error:  # a name twice, NaN, or a number of thousands of digits
        raise Problematic(Fault.NOT_JSON, f"{str(error)[:SHOWN]}: {allowed}") from None


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which each name stands once; with a name twice one of the values would be lost in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise ValueError(f"{shown(twice)} 2x")
    return found


def no_constant(name: str) -> NoReturn:
    """NaN and Infinity are not JSON."""
    raise ValueError(name)


def read_item(item: Any, pointer: str, language: str) -> Registration | Unread:
    """One registration, or what is wrong with it."""
    try:
        return Registration.model_validate(item)
    except ValidationError as error:
        known = item.get("registration_id") if isinstance(item, dict) else None
        return Unread(shown(known) if isinstance(known, str) else None, faults_of(error, pointer, language))


def faults_of(error: ValidationError, pointer: str, language: str) -> tuple[FieldFault, ...]:
    """What pydantic found, as we say it."""
    return tuple(faults_in(error, pointer, language))


def faults_in(error: ValidationError, pointer: str, language: str) -> Iterator[FieldFault]:
    for found in error.errors(include_url=False, include_context=False):
        field = str(found["loc"][0]) if found["loc"] else ("body" if pointer == "#" else "")
        kind = {"missing": "missing", "extra_forbidden": "unknown"}.get(found["type"], "value")
        value = None if kind == "missing" else shown(found["input"], field)
        at = "/".join((pointer, *(escaped(str(part)) for part in found["loc"] if part != "[key]")))
        name = field if kind != "unknown" else ("body" if pointer == "#" else "")
        yield fault_at(at, name, kind, value, language)


def fault_at(pointer: str, field: str, wrong: str, value: str | None, language: str) -> FieldFault:
    """What is wrong with one field."""
    allowed = ALLOWED.get(field, ALLOWED[""])
    return FieldFault(
        pointer=pointer, value=value, allowed=told(allowed, language), detail=told(WRONG[wrong], language)
    )


def escaped(part: str) -> str:
    """A part of a JSON Pointer; a field name is the sender's and may be anything."""
    return shown(part).replace("~", "~0").replace("/", "~1")


def shown(value: object, field: str = "") -> str:
    """A value as it can be told: cut short, of a text its length only, of a list or object its kind."""
    if isinstance(value, str):
        if field == "text":
            return f"text[{len(value)}]"
        return value[:SHOWN].encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(value, dict | list):
        return f"{'object' if isinstance(value, dict) else 'array'}[{len(value)}]"
    return "null" if value is None else str(value)[:SHOWN]
