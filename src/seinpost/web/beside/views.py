"""Addresses: two signals beside each other, and what changed between two versions of one."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seinpost.web.beside import pages
from seinpost.web.reader import for_people
from seinpost.web.views.signal import opened, shared


@require_GET
@for_people
def beside(request: HttpRequest, key: UUID, other: UUID) -> HttpResponse:
    """Two signals beside each other. Each is opened as on its own page: by the policy, and with a look in the log."""
    if key == other:
        raise Http404
    found = opened(request, key)
    if isinstance(found, HttpResponse):
        return found
    second = opened(request, other)
    if isinstance(second, HttpResponse):
        return second
    reader, file = found
    context = shared(reader, file, "signal") | {"beside": pages.beside(file, second[1], reader)}
    return render(request, "seinpost/signal/beside.html", context)


@require_GET
@for_people
def versions(request: HttpRequest, key: UUID) -> HttpResponse:
    """What changed between two versions of the text."""
    found = opened(request, key)
    if isinstance(found, HttpResponse):
        return found
    reader, file = found
    shown = pages.versions(file, request.GET.get("van", ""), request.GET.get("naar", ""), reader)
    context = shared(reader, file, "signal-history") | {"versions": shown}
    return render(request, "seinpost/signal/versions.html", context)
