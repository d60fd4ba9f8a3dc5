"""The answers of the API."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from seinpost.api.answers import account_of, answer_of, faults_of, pushed_of, readable
from seinpost.api.describe import page_of
from seinpost.api.door import body_of, charged, for_machines, machine_of
from seinpost.api.openapi import document
from seinpost.api.problems import Problematic
from seinpost.api.reading import read_request
from seinpost.api.scanning import WarmScanner
from seinpost.api.shapes import Account, Answer, Result
from seinpost.api.words import Fault
from seinpost.packs.procedure import load_procedure
from seinpost.packs.procedure.procedure import Procedure
from seinpost.store.machines.keys import Scope
from seinpost.store.machines.push import file_pushed
from seinpost.store.machines.read import own_import
from seinpost.store.scanning import passages_of, server_engine

ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@cache
def plan() -> Procedure:
    """The procedure in force; read once, as it only changes with an upgrade."""
    return load_procedure()


@for_machines("POST")
def push(request: HttpRequest, language: str) -> HttpResponse:
    """Hand in registrations: read, scan, file, and tell what became of each."""
    machine = machine_of(request, Scope.INTAKE_WRITE)
    read = read_request(body_of(request, language), language)
    charged(machine, len(read.items))
    now = timezone.now()
    scanner = WarmScanner(server_engine())
    scanned = scanner.scan(readable(read), machine.source, now)
    faults = faults_of(read, scanned, language)
    pushed = pushed_of(read, scanned, faults, passages_of)
    receipt = file_pushed(admitted=machine, pushed=pushed, now=now, plan=plan())
    answer = answer_of(read, receipt, faults, plan(), language)
    return as_json(answer, 207 if any(one.result is Result.REFUSED for one in answer.results) else 200)


@for_machines("GET", "HEAD")
def account(request: HttpRequest, language: str, key: UUID) -> HttpResponse:  # noqa: ARG001 - its answer has no words
    """The account of an import of one's own; of any other there is none."""
    row = own_import(machine_of(request, Scope.INTAKE_WRITE), key)
    if row is None:
        raise Problematic(Fault.NOT_FOUND)
    return as_json(account_of(row), 200)


@for_machines("GET", "HEAD")
def schema(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The schema, for anybody: it tells of no data."""
    answer = JsonResponse(document(language), json_dumps_params={"ensure_ascii": False})
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema as a page, in the language of pages."""
    language = "en" if request.LANGUAGE_CODE == "en" else "nl"
    return render(request, "api/docs.html", {"api": page_of(document(language), language)})


@for_machines(*ANY)
def nowhere(request: HttpRequest, language: str, rest: str) -> HttpResponse:  # noqa: ARG001 - there is nothing here
    """Every other address."""
    raise Problematic(Fault.NOT_FOUND)


def as_json(model: Answer | Account, status: int) -> HttpResponse:
    """A model as it goes out; what is empty is left out."""
    return HttpResponse(model.model_dump_json(exclude_defaults=True), status=status, content_type="application/json")
