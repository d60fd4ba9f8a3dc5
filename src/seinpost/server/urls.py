"""Every address of the server."""

from __future__ import annotations

from importlib.util import find_spec

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from seinpost.server.health import healthz, readyz


def nothing(_request: HttpRequest) -> HttpResponse:
    """Pages of the login package that nobody here has: e-mail addresses and connections are the administrator's."""
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("account/signup/", nothing, name="closed-signup"),
    path("account/email/", nothing, name="closed-email"),
    path("account/3rdparty/", nothing, name="closed-connections"),
    path("account/2fa/", RedirectView.as_view(pattern_name="account"), name="ours-factors"),
    path("account/2fa/webauthn/", RedirectView.as_view(pattern_name="account"), name="ours-keys"),
    path("account/sessions/", RedirectView.as_view(pattern_name="account"), name="ours-sessions"),
    path("account/", include("allauth.urls")),
    path("api/", include("seinpost.api.urls")),
]
if find_spec("seinpost.web.urls"):
    urlpatterns.append(path("", include("seinpost.web.urls")))

handler400 = "seinpost.server.answers.faults.bad_request"
handler403 = "seinpost.web.faults.forbidden"
handler404 = "seinpost.web.faults.absent"
handler500 = "seinpost.server.answers.faults.server_error"
