"""The OpenAPI document as flat tables: one page for people, in HTML and in the reference, from the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seinpost.api.words import LABELS, Fault, told


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of a shape."""

    name: str
    kind: str
    required: bool
    bounds: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ShapeTable:
    """A shape with its fields."""

    name: str
    meaning: str
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An operation: how it is called, and what may come back by status."""

    method: str
    path: str
    summary: str
    meaning: str
    takes: str
    answers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A kind of problem."""

    code: str
    status: int
    meaning: str


@dataclass(frozen=True, slots=True)
class ApiPage:
    """Everything on the page."""

    version: str
    meaning: str
    labels: Mapping[str, str]
    calls: tuple[Call, ...]
    shapes: tuple[ShapeTable, ...]
    problems: tuple[ProblemRow, ...]


def page_of(document: dict[str, Any], language: str) -> ApiPage:
    """The page of a document."""
    shapes = document["components"]["schemas"]
    return ApiPage(
        version=document["info"]["version"],
        meaning=document["info"]["description"],
        labels={name: told(words, language) for name, words in LABELS.items()},
        calls=tuple(calls(document)),
        shapes=tuple(shape(name, inner) for name, inner in shapes.items() if "properties" in inner),
        problems=tuple(ProblemRow(one.code, one.value.status, told(one.value.title, language)) for one in Fault),
    )


def calls(document: dict[str, Any]) -> Iterator[Call]:
    """Every operation."""
    prefix = document["servers"][0]["url"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = tuple(
                (status, answer["description"], name_of(answer["content"]))
                for status, answer in operation["responses"].items()
            )
            body = operation.get("requestBody")
            yield Call(
                method.upper(), prefix + path, operation["summary"], operation["description"],
                name_of(body["content"]) if body else "", answers,
            )  # fmt: skip


def name_of(content: dict[str, Any]) -> str:
    """The shape of a body."""
    [inner] = content.values()
    return str(inner["schema"]["$ref"]).rpartition("/")[2]


def shape(name: str, found: dict[str, Any]) -> ShapeTable:
    """A shape with its fields."""
    required = found.get("required", [])
    fields = tuple(
        FieldRow(field, kind_of(inner), field in required, bounds_of(inner), inner["description"])
        for field, inner in found["properties"].items()
    )
    return ShapeTable(name, found["description"], fields)


def kind_of(inner: dict[str, Any]) -> str:
    """The kind of a value, in a few words."""
    if "$ref" in inner:
        return str(inner["$ref"]).rpartition("/")[2]
    if "anyOf" in inner:
        return " | ".join(kind_of(one) for one in inner["anyOf"])
    if "enum" in inner:
        return " | ".join(map(str, inner["enum"]))
    kind = str(inner.get("type", "any"))
    if kind == "array":
        return f"{kind_of(inner['items'])}[]"
    return f"{kind} ({inner['format']})" if "format" in inner else kind


def bounds_of(inner: dict[str, Any]) -> str:
    """How long or many it may be."""
    low = inner.get("minLength", inner.get("minItems", 0))
    high = inner.get("maxLength", inner.get("maxItems", inner.get("maxProperties")))
    return "" if high is None else f"{low}-{high}"


def markdown(page: ApiPage) -> Iterator[str]:
    """The page for the reference."""
    said = page.labels
    yield f"# API {page.version}\n\n{page.meaning}\n"
    for call in page.calls:
        yield f"\n## {call.summary}: `{call.method} {call.path}`\n\n{call.meaning}\n"
        yield f"\n{said['body']}: `{call.takes}`.\n" if call.takes else ""
        yield table(said["status"], said["body"], said["meaning"])
        yield from (f"| {status} | `{name}` | {meaning} |\n" for status, meaning, name in call.answers)
    yield f"\n## {said['problems']}\n{table(said['ends'], said['status'], said['meaning'])}"
    yield from (f"| `{one.code}` | {one.status} | {one.meaning} |\n" for one in page.problems)
    yield f"\n## {said['shapes']}\n"
    for found in page.shapes:
        yield f"\n### {found.name}\n\n{found.meaning}\n"
        yield table(said["field"], said["kind"], said["required"], said["size"], said["meaning"])
        for row in found.fields:
            kind = row.kind.replace("|", "\\|")
            yield f"| `{row.name}` | {kind} | {said['yes'] if row.required else ''} | {row.bounds} | {row.meaning} |\n"


def table(*heads: str) -> str:
    """The head of a table."""
    return f"\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|\n"
