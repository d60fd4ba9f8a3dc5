"""The address that says what the scan finds of a signal, and what it lacks."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seinpost.report.view import explained_view
from seinpost.run.warm import explain_text
from seinpost.store.scanning import server_engine
from seinpost.types import Layer
from seinpost.web.reader import for_people
from seinpost.web.views.signal import opened, shared
from seinpost.web.why.pages import said, unflagged


@require_GET
@for_people
def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """Why it is no signal for the scan, or why no stronger one; opened as every page of it, with a look in the log."""
    found = opened(request, key)
    if isinstance(found, HttpResponse):
        return found
    reader, file = found
    warm = server_engine()
    view = explained_view(explain_text(warm.engine, file.versions[0].text, workspace=warm.workspace()))
    bar = warm.engine.pack.scoring.layer_minimum.get(Layer.C)
    context = shared(reader, file, "signal") | {
        "said": said(file, view, warm.pack, bar, reader),
        "unflagged": unflagged(file, reader),
    }
    return render(request, "seinpost/signal/scan.html", context)
