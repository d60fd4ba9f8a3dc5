"""What every answer passes through: headers, the idle lock, and the plain word when the database is away."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

Next = Callable[[HttpRequest], HttpResponse]
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the data: picture is the QR code of the second factor
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)
SEEN, LOCKED = "seinpost_seen", "seinpost_locked"
SEEN_STEP_SECONDS = 30
"""The moment a session was last used is stored no more often than this: a page is no reason to write."""


class SecurityHeaders:
    """Put the headers on every answer; a page is never kept by the browser, a static file is kept for ever."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        if request.path == reverse("account_logout") and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class Unavailable:
    """When the database is away, say so: 503, nothing half-done (every change is one transaction), try again soon."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a database that is away; every other fault is not ours."""
        if isinstance(exception, OperationalError | InterfaceError):
            return unavailable(request)
        return None


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer itself, without a template: it must be possible to give it when nothing else is."""
    said = _("The database does not answer. Nothing was half-saved. Try again in a moment.")
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": said, "status": 503, "detail": said}
        return JsonResponse(problem, status=503, content_type="application/problem+json", headers={"Retry-After": "5"})
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=503, headers={"Retry-After": "5"})


class IdleLock:
    """Lock a session that was not used for a while; whoever proves again who they are goes on where they were."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL) or not request.user.is_authenticated:
            return self.get_response(request)
        now, session = time.time(), request.session
        if now - session.get(SEEN, now) > settings.IDLE_SECONDS:
            session[LOCKED] = now
        if LOCKED in session and last_proof(request) > session[LOCKED]:
            del session[LOCKED]
        if now - session.get(SEEN, 0) > SEEN_STEP_SECONDS:
            session[SEEN] = now
        if LOCKED in session and not is_way_out(request):
            back = request.get_full_path() if request.method == "GET" else "/"
            return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
        return self.get_response(request)


def last_proof(request: HttpRequest) -> float:
    """The moment at which this session last proved who it is."""
    return max((record["at"] for record in get_authentication_records(request)), default=0.0)


def is_way_out(request: HttpRequest) -> bool:
    """A locked session may prove itself again, by any means, or leave."""
    ways = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout")
    return request.path in {reverse(name) for name in ways}
