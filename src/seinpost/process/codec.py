"""Facts and views to plain data and back: what the store keeps as JSON, exactly; facts with a version of their shape.

Free text (`Words`) becomes `{"words": ...}`, and only free text does: so the store can lift every word a person typed
out of a payload, keep it apart with its digest, and destroy it when its time has come, without breaking a chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from seinpost.errors import InputError
from seinpost.process.events import FACTS, Fact
from seinpost.process.people import Words
from seinpost.process.shapes import Sight, SignalView

Plain = dict[str, Any]
WORDS = "words"
# (kind, version) -> a function that turns a payload of that version into one of the next.
UPGRADES: dict[tuple[str, int], Callable[[Plain], Plain]] = {
    ("escalated", 1): lambda old: old | {"escalation": old["escalation"] | {"people": []}},
}


def to_plain(fact: Fact) -> Plain:
    """The payload of a fact as plain data for JSON."""
    plain: Plain = _write(fact)
    return plain


def from_plain(kind: str, version: int, payload: Mapping[str, Any]) -> Fact:
    """The fact of a stored payload; an older version is brought up to date first.

    Raises InputError for an unknown kind or version, a missing or unknown field, or a value of the wrong shape.
    """
    shape = FACTS.get(kind)
    if shape is None:
        raise InputError(f"unknown kind of event {kind!r} (allowed: {', '.join(sorted(FACTS))})")
    plain = dict(payload)
    while version != shape.version:
        upgrade = UPGRADES.get((kind, version))
        if upgrade is None:
            raise InputError(f"event {kind!r} has version {version!r} (allowed: {shape.version})")
        plain, version = upgrade(plain), version + 1
    fact: Fact = _read(shape, plain, kind)
    return fact


def view_to_plain(view: SignalView) -> Plain:
    """A view as plain data: a snapshot, to save folding a whole history; the events stay the truth."""
    plain: Plain = _write(view)
    return plain


def view_from_plain(payload: Mapping[str, Any]) -> SignalView:
    """The view of a snapshot; raises InputError if its shape is not today's, so that it is folded anew."""
    view: SignalView = _read(SignalView, payload, "view")
    return view


def sight_to_plain(sight: Sight) -> Plain:
    """What somebody saw, as plain data for JSON."""
    plain: Plain = _write(sight)
    return plain


def sight_from_plain(payload: Any) -> Sight:
    """What somebody saw, from plain data; raises InputError if its shape is not today's."""
    sight: Sight = _read(Sight, payload, "seen")
    return sight


def sealed(sight: Sight) -> Sight:
    """What somebody saw with the digest of it: SHA-256 over its other fields as JSON with sorted names."""
    plain = sight_to_plain(replace(sight, digest=""))
    return replace(sight, digest=hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest())


def _write(value: Any) -> Any:
    if isinstance(value, Words):
        return {WORDS: str(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: _write(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    return value


@cache
def _hints(shape: type) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}


def _read(shape: Any, value: Any, path: str) -> Any:
    """The value in a shape; `path` names the place for a fault."""
    origin = get_origin(shape)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _read(next(part for part in get_args(shape) if part is not NoneType), value, path)
    if origin in (tuple, frozenset):
        if not isinstance(value, list):
            raise _wrong(path, value, "a list")
        return origin(_read(get_args(shape)[0], item, f"{path}.{n}") for n, item in enumerate(value))
    if is_dataclass(shape):
        return _read_record(shape, value, path)
    return _read_scalar(shape, value, path)


def _read_record(shape: Any, value: Any, path: str) -> Any:
    hints = _hints(shape)
    if not isinstance(value, Mapping) or set(value) != set(hints):
        raise _wrong(path, sorted(value) if isinstance(value, Mapping) else value, f"the fields {', '.join(hints)}")
    return shape(**{name: _read(hint, value[name], f"{path}.{name}") for name, hint in hints.items()})


def _read_scalar(shape: Any, value: Any, path: str) -> Any:
    if shape is Words:
        if not isinstance(value, Mapping) or set(value) != {WORDS} or not isinstance(value[WORDS], str):
            raise _wrong(path, value, '{"words": text}')
        return Words(value[WORDS])
    if shape in (datetime, date) or issubclass(shape, Enum):
        try:
            return shape(value) if issubclass(shape, Enum) else shape.fromisoformat(value)
        except (ValueError, TypeError) as error:
            raise _wrong(path, value, shape.__name__) from error
    if type(value) is not shape:
        raise _wrong(path, value, shape.__name__)
    return value


def _wrong(path: str, value: object, allowed: str) -> InputError:
    return InputError(f"stored event {path}: {value!r} (allowed: {allowed})")
