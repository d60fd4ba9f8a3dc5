"""A request that cannot be carried out, and how that is told: problem+json, as RFC 9457 has it."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse

from seinpost.api.shapes import FieldFault, Problem
from seinpost.api.words import Fault, told

PROBLEM_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"
MOST_FAULTS = 100


class Problematic(Exception):  # noqa: N818 - it is no fault of ours
    """Ends a request with a problem; `headers` go with it."""

    def __init__(
        self,
        fault: Fault,
        detail: str = "",
        errors: tuple[FieldFault, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(fault.code)
        self.fault, self.detail, self.errors, self.headers = fault, detail, errors, dict(headers or {})


def answer_for(problem: Problematic, language: str) -> HttpResponse:
    """The answer that tells a problem."""
    kind, title = problem.fault.value, told(problem.fault.value.title, language)
    body = Problem(
        type=f"{DOCS}#{problem.fault.code}",
        title=title,
        status=kind.status,
        detail=problem.detail or title,
        errors=problem.errors[:MOST_FAULTS],
    )
    said = body.model_dump_json(exclude_defaults=not body.errors)
    return HttpResponse(said, status=kind.status, content_type=PROBLEM_TYPE, headers=problem.headers)
