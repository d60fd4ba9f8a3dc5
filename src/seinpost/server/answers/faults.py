"""What is answered when no view did: a page to a person, problem+json to a machine.

Django asks these for every fault that reaches it, in whatever layer it arose: a database that goes away in the middle
of a request breaks off in a view, or in the middleware before it that reads the session.
"""

from __future__ import annotations

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from seinpost.api.door import language_of
from seinpost.api.problems import Problematic, answer_for
from seinpost.api.words import Fault
from seinpost.web import faults

LOG = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError)


def is_for_machines(request: HttpRequest) -> bool:
    """Whether a machine asked."""
    return request.path.startswith("/api/")


def problem(request: HttpRequest, fault: Fault, detail: str = "", **headers: str) -> HttpResponse:
    """A problem, as a machine reads it."""
    return answer_for(Problematic(fault, detail, headers=headers), language_of(request))


def bad_request(request: HttpRequest, **_why: object) -> HttpResponse:
    """400."""
    return problem(request, Fault.NOT_READABLE) if is_for_machines(request) else faults.unreadable(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database is away, else 500 with a number that stands in the log beside the fault."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        LOG.warning("the database does not answer: %s", type(error).__name__)
        if is_for_machines(request):
            return problem(request, Fault.NO_DATABASE, **{"Retry-After": str(faults.RETRY_SECONDS)})
        return faults.away(request)
    number = secrets.token_hex(4)
    LOG.error("fault %s at %s", number, request.resolver_match.view_name if request.resolver_match else "no address")
    if is_for_machines(request):
        return problem(request, Fault.FAILED, detail=f"fault {number}")
    return faults.failed(request, number)
