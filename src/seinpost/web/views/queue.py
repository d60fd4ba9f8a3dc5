"""The queue: read it, and take the next one from it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.commands import Take
from seinpost.process.people import Actor
from seinpost.process.shapes import Refused
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.act import act
from seinpost.store.log import Look, record_look
from seinpost.store.queries.queue import QueueFilter, QueuePage, queue
from seinpost.web.pages.queue import queue_view
from seinpost.web.reader import Reader, for_people, plan, reader_of

ASKED = ("fase", "laag", "vorm", "eigenaar", "eenheid", "laat", "spoed", "baan", "weergave", "bladzijde")


@require_GET
@for_people
def show(request: HttpRequest) -> HttpResponse:
    """The queue of everything the reader may pick up."""
    reader = reader_of(request)
    asked = {name: request.GET[name][:40] for name in ASKED if name in request.GET}
    wanted = filter_of(asked)
    page, _actor = read_queue(reader, wanted, number(asked.get("bladzijde", "")))
    return render(request, "seinpost/queue/list.html", {"queue": queue_view(page, wanted, asked, reader)})


@require_POST
@for_people
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the first of the queue that nobody else is at work on, and lock it for the reader."""
    reader = reader_of(request)
    asked = {name: request.GET[name][:40] for name in ASKED if name in request.GET}
    page, actor = read_queue(reader, filter_of(asked), 1)
    for row in page.rows:
        if not row.held_by or row.held_by == reader.person.name:
            done = act(
                acting=reader.acting,
                signal=row.id,
                ask=Take(),
                now=reader.now,
                plan=plan(),
                purpose=purpose_of(actor),
            )
            if not isinstance(done, Refused):
                return redirect("signal", row.id)
    messages.info(request, _("Er is niets dat op u wacht: alles is gelezen of in behandeling bij een ander."))
    return redirect("queue")


def read_queue(reader: Reader, wanted: QueueFilter, page: int) -> tuple[QueuePage, Actor]:
    """A page of the queue; that it was looked at is recorded with it."""
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        found = queue(actor, wanted, reader.now, page)
        record_look(
            Look(
                acting=reader.acting,
                at=reader.now,
                purpose=purpose_of(actor),
                verb=Verb.SEARCH,
                subject="queue",
                count=len(found.rows),
            )
        )
    return found, actor


def purpose_of(actor: Actor) -> Purpose:
    """The purpose of somebody's daily work: follow-up, else the first they hold."""
    held = [purpose for purpose in Purpose if any(purpose in grant.purposes for grant in actor.grants)]
    return Purpose.FOLLOW_UP if Purpose.FOLLOW_UP in held or not held else held[0]


def filter_of(asked: dict[str, str]) -> QueueFilter:
    """The filter that an address names."""
    return QueueFilter(
        phase=asked.get("fase", ""),
        layer=asked.get("laag", ""),
        form=asked.get("vorm", ""),
        owner=asked.get("eigenaar", ""),
        unit=asked.get("eenheid", ""),
        late=asked.get("laat") == "ja",
        urgent=asked.get("spoed") == "ja",
        lane=asked.get("baan") or "daily",
    )


def number(text: str) -> int:
    """A page number, 1 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def signal_key(text: str) -> UUID | None:
    """A signal's key, None for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
