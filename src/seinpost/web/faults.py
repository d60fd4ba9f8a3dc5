"""The pages of what went wrong: no such page, not allowed, a form that was refused, a fault of ours, no database.

A page about our own faults needs no database and no session: it must be possible to show it when nothing else is.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from seinpost.web.language import LANGUAGES

RETRY_SECONDS = 5
TEMPLATE = "seinpost/fault.html"


def absent(request: HttpRequest, **_why: object) -> HttpResponse:
    """404: there is no such page, or not for this reader; which of both it is, is not told."""
    return render(request, TEMPLATE, {"fault": "absent"}, status=404)


def forbidden(request: HttpRequest, **_why: object) -> HttpResponse:
    """403: a right is missing that no page of ours explains."""
    return render(request, TEMPLATE, {"fault": "forbidden"}, status=403)


def refused_form(request: HttpRequest, **_why: object) -> HttpResponse:
    """403: a form came without the token that proves it came from our page."""
    return render(request, TEMPLATE, {"fault": "form"}, status=403)


def unreadable(request: HttpRequest, **_why: object) -> HttpResponse:
    """400: a request that cannot be read."""
    return alone(request, 400, {"fault": "unreadable"})


def failed(request: HttpRequest, number: str) -> HttpResponse:
    """500: a fault of ours, with the number under which it stands in the log."""
    return alone(request, 500, {"fault": "failed", "number": number})


def away(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer; nothing is half saved, and after a moment it can be tried again."""
    again = request.get_full_path() if request.method == "GET" else ""
    answer = alone(request, 503, {"fault": "away", "again": again})
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def alone(request: HttpRequest, status: int, context: dict[str, str]) -> HttpResponse:
    """A page that knows of its reader only what the cookies say."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    scheme = request.COOKIES.get("scheme", "")
    shown = {**context, "scheme": scheme if scheme in ("light", "dark") else "", "alone": True}
    with translation.override(chosen if chosen in LANGUAGES else LANGUAGES[0]):
        return HttpResponse(render_to_string(TEMPLATE, shown), status=status)
