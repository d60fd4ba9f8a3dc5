"""Gate 1: read a YAML file strictly and keep the line of every value.

Every scalar stays the text it is, quoted or not, so `no`, `on`, `12:30`, `010` and `2026-01-01` cannot turn into
something else; the model (gate 2) alone asks for numbers and dates. Refused, each with its line: duplicate keys, empty
values, anchors, aliases, tags, several documents, keys that are no text, deep nesting, text that is not UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from seinpost.errors import Fault, PackError, Place

MAX_DEPTH = 12
MAX_BYTES = 50_000_000
Key = str | int
Keys = tuple[Key, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One YAML file as plain dicts, lists and texts, with the 1-based line of every value by its keys."""

    path: Path
    data: Any
    lines: Mapping[Keys, int]

    def place(self, *keys: Key) -> Place:
        """Give file, line and dotted field of a value; list entries are named by their `code` or `id`."""
        known = keys
        while known and known not in self.lines:
            known = known[:-1]
        return Place(self.path, self.lines.get(known), ".".join(self._names(keys)) or None)

    def value(self, *keys: Key) -> Any:
        """Give the value under these keys, or None."""
        found = self.data
        for key in keys:
            if isinstance(found, dict):
                found = found.get(key)
            elif isinstance(found, list) and isinstance(key, int) and key < len(found):
                found = found[key]
            else:
                return None
        return found

    def _names(self, keys: Keys) -> list[str]:
        names = []
        for depth, key in enumerate(keys):
            entry = self.value(*keys[: depth + 1]) if isinstance(key, int) else None
            name = (entry.get("code") or entry.get("id")) if isinstance(entry, dict) else None
            names.append(name if isinstance(name, str) else str(key))
        return names


def read_sheet(path: Path) -> Sheet:
    """Read one file; raises PackError with every fault in it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PackError((Fault(Place(path), f"cannot be read: {error.strerror}"),)) from error
    if len(raw) > MAX_BYTES:
        raise PackError((Fault(Place(path), f"holds {len(raw)} bytes", allowed=f"at most {MAX_BYTES}"),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fault = Fault(Place(path, line), "is not UTF-8", raw[error.start : error.start + 8].hex(" "), "UTF-8")
        raise PackError((fault,)) from error
    return read_text(path, text)


def read_text(path: Path, text: str) -> Sheet:
    """Read the text of one file; `path` only names it. Raises PackError with every fault in it."""
    composer = _Composer(path, text)
    try:
        data = composer.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        hint = 'text with { } [ ] : # & * ! | > @ % or a quote at its start stands between double quotes ("...")'
        line = mark.line + 1 if mark else None
        composer.faults.append(Fault(Place(path, line), f"is not YAML: {problem}", allowed=hint))
    except yaml.YAMLError as error:
        composer.faults.append(Fault(Place(path), f"is not YAML: {error}"))
    if composer.faults:
        raise PackError(tuple(composer.faults))
    return Sheet(path, data, composer.lines)


class _Composer:
    """Builds plain values from the events of the YAML parser."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.faults: list[Fault] = []
        self.lines: dict[Keys, int] = {}

    def document(self) -> Any:
        loader = _Loader(self.text)
        try:
            self.next = loader.get_event
            self.next()  # stream start
            if isinstance(self.next(), yaml.StreamEndEvent):
                self.fault(1, (), "is empty")
                return None
            value = self.value(self.next(), ())
            self.next()  # document end
            extra = self.next()
            if not isinstance(extra, yaml.StreamEndEvent):
                self.fault(extra.start_mark.line + 1, (), "holds a second document", allowed="one document a file")
            return value
        finally:
            loader.dispose()

    def value(self, event: Any, keys: Keys) -> Any:
        line = event.start_mark.line + 1
        self.lines[keys] = line
        if isinstance(event, yaml.AliasEvent):
            self.fault(line, keys, "is an alias", f"*{event.anchor}", "the value itself, written out")
            return ""
        if event.anchor is not None:
            self.fault(line, keys, "has an anchor", f"&{event.anchor}", "text with & or * between double quotes")
        if event.tag not in (None, "!"):
            self.fault(line, keys, "has a tag", event.tag, "no tags")
        if isinstance(event, yaml.ScalarEvent):
            if not event.value.strip() and not event.style:
                self.fault(line, keys, "is empty", allowed="a value; leave the key out to say nothing")
            return event.value
        if len(keys) >= MAX_DEPTH:
            raise PackError((*self.faults, Fault(self.place(line, keys), f"nests deeper than {MAX_DEPTH}")))
        return self.mapping(keys) if isinstance(event, yaml.MappingStartEvent) else self.sequence(keys)

    def sequence(self, keys: Keys) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            values.append(self.value(event, (*keys, len(values))))
        return values

    def mapping(self, keys: Keys) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None:
                key = event.value
            else:
                self.fault(line, keys, "has a key that is no plain text", allowed="text as key")
                self.value(event, (*keys, "?"))
                key = "?"
            inside = (*keys, key)
            if key in values:
                self.fault(
                    line, inside, f"is a duplicate key (first on line {self.lines[inside]})", key, "each key once"
                )
            values[key] = self.value(self.next(), inside)
            self.lines[inside] = line
        return values

    def place(self, line: int, keys: Keys) -> Place:
        return Place(self.path, line, ".".join(map(str, keys)) or None)

    def fault(self, line: int, keys: Keys, problem: str, value: str | None = None, allowed: str | None = None) -> None:
        self.faults.append(Fault(self.place(line, keys), problem, value, allowed))
