"""Every address of the server."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from seinpost.server.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("account/", include("allauth.urls")),
    path("api/", include("seinpost.api.urls")),
]
if find_spec("seinpost.web.urls"):
    urlpatterns.append(path("", include("seinpost.web.urls")))
