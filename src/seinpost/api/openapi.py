"""The OpenAPI document, made from the shapes and their meanings. Knows no Django: the reference is made from it too."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from seinpost.api.shapes import MOST_BYTES, Account, Answer, Handed, Problem
from seinpost.api.words import MEANING, Fault, told

VERSION = "1.0.0"
PREFIX = "/api/v1"
ORDER = ("Handed", "Registration", "Answer", "Account", "Outcome", "FieldFault", "Problem")
REF = "#/components/schemas/{model}"
EXAMPLE = {
    "registrations": [
        {
            "registration_id": "2026-114",
            "text": "Betrokkene verklaart dat zijn baas zijn paspoort heeft afgenomen en dat hij niet weg mag.",
            "registered_at": "2026-11-27T08:05:00+01:00",
            "kept": {"eenheid": "Noord"},
        }
    ]
}
ANYWHERE = (
    Fault.NO_KEY,
    Fault.MISSING_SCOPE,
    Fault.OTHER_NETWORK,
    Fault.NOT_ALLOWED,
    Fault.TOO_MANY,
    Fault.FAILED,
    Fault.NO_DATABASE,
)
PUSHING = (Fault.NOT_JSON, *ANYWHERE, Fault.NO_LENGTH, Fault.TOO_LARGE, Fault.NOT_JSON_TYPE)
ASKING = (*ANYWHERE, Fault.NOT_FOUND)


@cache
def document(language: str) -> dict[str, Any]:
    """The whole document, its descriptions in "nl" or "en"."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Seinpost",
            "version": VERSION,
            "description": meaning("info", language),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": PREFIX}],
        "security": [{"key": []}],
        "paths": {
            "/registrations": {"post": push(language)},
            "/registrations/{import}": {"get": account(language)},
        },
        "components": {
            "schemas": schemas(language),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": meaning("key", language)}},
        },
    }


def push(language: str) -> dict[str, Any]:
    """Handing in."""
    return {
        **named("pushRegistrations", language),
        "requestBody": {
            "required": True,
            "description": f"application/json, <= {MOST_BYTES} bytes",
            "content": {"application/json": {"schema": ref("Handed"), "example": EXAMPLE}},
        },
        "responses": {
            "200": answer("Answer", language),
            "207": answer("Answer", language),
            **problems(PUSHING, language),
        },
    }


def account(language: str) -> dict[str, Any]:
    """Asking for an account."""
    where = {"name": "import", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        **named("getImport", language),
        "parameters": [{**where, "description": meaning("getImport.import", language)}],
        "responses": {
            "200": answer("Account", language),
            **problems(ASKING, language),
        },
    }


def named(operation: str, language: str) -> dict[str, Any]:
    """Name and meaning of an operation."""
    summary = meaning(f"{operation}.summary", language)
    return {"operationId": operation, "summary": summary, "description": meaning(operation, language)}


def answer(model: str, language: str) -> dict[str, Any]:
    """An answer that is not a problem."""
    content = {"application/json": {"schema": ref(model)}}
    return {"description": meaning(model, language), "headers": headers(("API-Version",), language), "content": content}


def problems(faults: tuple[Fault, ...], language: str) -> dict[str, Any]:
    """Answers that are problems, by status."""
    found = {}
    for fault in sorted(faults, key=lambda one: one.value.status):
        extra = ("Retry-After",) if fault in (Fault.TOO_MANY, Fault.NO_DATABASE) else ()
        found[str(fault.value.status)] = {
            "description": told(fault.value.title, language),
            "headers": headers(("API-Version", *extra), language),
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
    return found


def headers(names: tuple[str, ...], language: str) -> dict[str, Any]:
    """Headers of an answer."""
    kinds = {"API-Version": {"type": "string"}, "Retry-After": {"type": "integer"}}
    return {name: {"description": meaning(name, language), "schema": kinds[name]} for name in names}


def ref(model: str) -> dict[str, str]:
    """A reference to a shape."""
    return {"$ref": REF.format(model=model)}


def schemas(language: str) -> dict[str, Any]:
    """Every shape, with what it and its fields mean."""
    wanted = [(Handed, "validation"), (Answer, "serialization"), (Account, "serialization"), (Problem, "serialization")]
    _, found = models_json_schema(wanted, ref_template=REF)  # type: ignore[arg-type]
    shapes: dict[str, Any] = found["$defs"]
    for name, shape in shapes.items():
        shape["description"] = meaning(name, language)
        for field, inner in shape.get("properties", {}).items():
            inner["description"] = meaning(f"{name}.{field}", language)
            inner.pop("title", None)
        shape.pop("title", None)
    return {name: shapes[name] for name in ORDER} | dict(sorted(shapes.items()))


def meaning(key: str, language: str) -> str:
    """What something means."""
    return told(MEANING[key], language)
