"""What every answer passes through: headers, and the plain word when the database is away."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
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
        " ".join(("form-action 'self'", *settings.PROVIDER_ORIGINS)),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)


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
