"""The pages of one signal: read, enrich, weigh, tasks, history."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from seinpost.errors import FileError
from seinpost.packs.procedure.terms import Refusal, Verb
from seinpost.process.shapes import Refused
from seinpost.process.speech import reference, say
from seinpost.store.files.reading import open_attachment
from seinpost.store.queries.file import (
    SignalFile,
    Source,
    may_break_glass,
    open_signal,
    question_for,
    relations,
    verdict,
)
from seinpost.web.pages import attachments, following, seen
from seinpost.web.pages import signal as pages
from seinpost.web.proof import ask_proof, proved_lately
from seinpost.web.reader import Reader, for_people, plan, reader_of
from seinpost.web.registration import reading, version_rows
from seinpost.web.whence import along
from seinpost.web.why.pages import unflagged

HIDDEN = frozenset((Refusal.UNKNOWN_SIGNAL.value, Refusal.OTHER_SERVICE.value, Refusal.UNKNOWN_ATTACHMENT.value))
LOG = logging.getLogger(__name__)


def opened(request: HttpRequest, key: UUID) -> tuple[Reader, SignalFile] | HttpResponse:
    """The signal for its reader; 404 where it does not exist for them, 403 with the reason where they may not."""
    reader = reader_of(request)
    file = open_signal(acting=reader.acting, signal=key, now=reader.now, proved=proved_lately(request))
    if isinstance(file, Refused):
        return refusal(request, key, file)
    return reader, file


def asked_at(request: HttpRequest, key: UUID) -> str:
    """Where somebody who may not read a signal answers what they were asked about it; a notice leads to the signal."""
    reader = reader_of(request)
    task = question_for(acting=reader.acting, signal=key, now=reader.now)
    return reverse("signal-act", args=[key, Verb.ANSWER.value]) + f"?task={task}" if task else ""


def refusal(request: HttpRequest, key: UUID, refused: Refused, verb: Verb = Verb.READ) -> HttpResponse:
    """403 with the reason; raises Http404 where the signal does not exist for the reader."""
    if refused.reasons[0].code in HIDDEN:
        raise Http404
    reader = reader_of(request)
    told = "" if verb is Verb.READ else pages.verb_told(verb, reader)
    context = {
        "reasons": say(refused, plan(), reader.language),
        "signal": key,
        "verb": told,
        "along": along(reader.question),
        "emergency": verb is Verb.READ and may_break_glass(acting=reader.acting, signal=key, now=reader.now),
    }
    return render(request, "seinpost/signal/refused.html", context, status=403)


def kept_from(request: HttpRequest, reader: Reader, file: SignalFile, verb: Verb) -> HttpResponse | None:
    """403 where the policy does not let the reader do the verb, for the purpose for which they opened the signal."""
    found = verdict(
        acting=reader.acting, signal=file.row.pk, verb=verb, purpose=file.purpose, now=reader.now, file=file
    )
    return refusal(request, file.row.pk, found, verb) if isinstance(found, Refused) else None


def shared(reader: Reader, file: SignalFile, tab: str) -> dict[str, Any]:
    """What every part of a signal shows."""
    return {
        "signal": pages.head(file, reader, tab),
        "choices": pages.choices(file, reader),
        "more": pages.more(file, reader),
        "undo": following.undo(file, reader),
        "along": along(reader.question),
        "along_too": along(reader.question, "&"),
    }


Part = Callable[[SignalFile, Reader], dict[str, Any]]


def part(tab: str, template: str) -> Callable[[Part], Callable[[HttpRequest, UUID], HttpResponse]]:
    """Make a page of what one part adds to what all parts of a signal show."""

    def page_of(adds: Part) -> Callable[[HttpRequest, UUID], HttpResponse]:
        @require_GET
        @for_people
        @wraps(adds)
        def page(request: HttpRequest, key: UUID) -> HttpResponse:
            if tab == "signal" and (where := asked_at(request, key)):
                return redirect(where)
            found = opened(request, key)
            if isinstance(found, HttpResponse):
                return found
            reader, file = found
            return render(request, f"seinpost/signal/{template}.html", shared(reader, file, tab) | adds(file, reader))

        return page

    return page_of


@part("signal", "read")
def read(file: SignalFile, reader: Reader) -> dict[str, Any]:
    """The registration with its marks and why it is here."""
    sealed = file.source is Source.SEALED
    shown = {"reading": reading(file, reader), "related": pages.related(file, reader), "sealed": sealed}
    return shown | {"unflagged": unflagged(file, reader)}


@require_GET
@for_people
def source(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open a protected source: after proof of who one is, back at the signal it is shown."""
    found = opened(request, key)
    if isinstance(found, HttpResponse):
        return found
    reader, file = found
    back = reverse("signal", args=[key]) + along(reader.question)
    return kept_from(request, reader, file, Verb.READ_SOURCE) or ask_proof(request) or redirect(back)


@part("signal-enrich", "enrich")
def enrich(file: SignalFile, reader: Reader) -> dict[str, Any]:
    """The steps of enrichment: done, reasoned away, open."""
    other = following.looks_of(file, following.OTHER, reader)
    return {"steps": following.steps(file, reader), "other": other, "other_url": following.other_url(file)}


@part("signal-weigh", "weigh")
def weigh(file: SignalFile, reader: Reader) -> dict[str, Any]:
    """Weighings as they were made, a closing that waits for a second person, and opinions."""
    return {
        "weighings": following.weighings(file, reader),
        "closing": following.closing(file, reader),
        "opinions": following.opinions(file),
        "steps": following.steps(file, reader),
        "other": following.looks_of(file, following.OTHER, reader),
    }


@part("signal-tasks", "tasks")
def tasks(file: SignalFile, reader: Reader) -> dict[str, Any]:
    """Tasks beside the next action, and notes."""
    return {"todos": following.todos(file, reader), "notes": following.notes(file, reader)}


@part("signal-attachments", "attachments")
def attached(file: SignalFile, reader: Reader) -> dict[str, Any]:
    """The files that came with it, each with its custody line."""
    return {"files": attachments.attachments(file, reader)}


@require_GET
@for_people
def download(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Hand out one file: always to be kept, never shown, and under a name of ours."""
    reader = reader_of(request)
    try:
        found = open_attachment(
            acting=reader.acting, signal=key, number=number, now=reader.now, proved=proved_lately(request)
        )
    except FileError:
        LOG.exception("an attachment of signal %s cannot be handed out", key)
        said = _(
            "Dit bestand is er niet, of is niet meer wat het was. Meld het aan de beheerder; er is niets opgehaald."
        )
        return HttpResponse(said, content_type="text/plain; charset=utf-8", status=503)
    if isinstance(found, Refused):
        return refusal(request, key, found, Verb.DOWNLOAD)
    if found is None:
        return ask_proof(request) or redirect(reverse("signal-attachments", args=[key]) + along(reader.question))
    name = f"{reference(reader.acting.service, found.signal)}-{found.number}.{found.kind.extension}"
    response = HttpResponse(found.content, content_type=found.kind.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@part("signal-history", "history")
def history(file: SignalFile, reader: Reader) -> dict[str, Any]:
    """Everything that happened, newest first, and every version of the words."""
    known = relations(reader.acting, file, seen.related_ids(file.events), reader.now)
    return {"happened": seen.history(file, known, reader), "versions": version_rows(file, reader)}
