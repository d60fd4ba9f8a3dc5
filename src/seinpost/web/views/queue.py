"""The queue: read it, and take the next one from it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.commands import Take
from seinpost.process.people import Actor
from seinpost.process.shapes import Refused
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.own import choose_default, drop_search, keep_search
from seinpost.store.actions.versions import stored_text
from seinpost.store.log import Look, record_look
from seinpost.store.queries.people import at_work, units
from seinpost.store.queries.queue import (
    DAILY,
    EVERY,
    HISTORICAL,
    MINE,
    NOBODY,
    SILENT,
    QueueFilter,
    QueuePage,
    queue,
    takeable,
)
from seinpost.store.queries.scope import PURPOSES, reaches
from seinpost.store.queries.search import Saved, saved_searches
from seinpost.web.pages.queue import (
    ALL,
    EVERYTHING,
    LATE,
    LATER_ASKED,
    SHARES_ASKED,
    VERY_LATE,
    Desks,
    lasting,
    query,
    queue_view,
    saved_view,
)
from seinpost.web.reader import Reader, for_people, plan, reader_of
from seinpost.web.whence import along, known

LANES = {ALL: EVERY, HISTORICAL: HISTORICAL, SILENT: SILENT}


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of the queue: what the address or the reader's default asked for, and the page it gave."""

    asked: dict[str, str]
    wanted: QueueFilter
    page: QueuePage
    actor: Actor
    desk: Desks
    saved: tuple[Saved, ...]


@dataclass(frozen=True, slots=True)
class Few:
    """The next few of the queue, those of them that the reader doubted about, and for what purpose they are taken."""

    keys: list[UUID]
    doubted: set[UUID]
    purpose: Purpose


@require_GET
@for_people
def show(request: HttpRequest) -> HttpResponse:
    """The queue of everything the reader may pick up; without a question it opens with the reader's default."""
    reader = reader_of(request)
    read = read_queue(reader, asked_of(request))
    context = {
        "queue": queue_view(read.page, read.wanted, read.asked, reader, read.desk),
        "saved": saved_view(read.saved, read.asked),
    }
    return render(request, "seinpost/queue/list.html", context)


@require_POST
@for_people
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filter that the address names under a name."""
    reader, asked = reader_of(request), asked_of(request)
    default = request.POST.get("default") == "on"
    if keep_search(acting=reader.acting, name=request.POST.get("name", ""), query=lasting(asked), default=default):
        messages.success(request, _("Het filter is bewaard."))
    else:
        messages.error(request, _("Geef het filter een naam. U kunt er hoogstens dertig bewaren."))
    return redirect(address_of(asked))


@require_POST
@for_people
def change_saved(request: HttpRequest, key: int) -> HttpResponse:
    """Make a saved filter the default, no longer the default, or throw it away."""
    reader, what = reader_of(request), request.POST.get("do")
    if what == "delete":
        drop_search(acting=reader.acting, search=key)
    elif what in ("default", "no-default"):
        choose_default(acting=reader.acting, search=key if what == "default" else None)
    else:
        raise Http404
    if request.POST.get("back") == "search":
        return redirect(reverse("search") + query({"q": stored_text(request.GET.get("q", "")[:200])}))
    return redirect(address_of(asked_of(request)))


@require_POST
@for_people
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the first of the queue that waits for this reader, and lock it for them: see `takeable`."""
    reader, asked, passed = reader_of(request), asked_of(request), set[UUID]()
    while (few := next_few(reader, asked, passed)).keys:
        for key in few.keys:
            if key not in few.doubted and taken(reader, key, few.purpose):
                return redirect(reverse("signal", args=[key]) + along(query(asked).removeprefix("?")))
        passed.update(few.keys)
    messages.info(request, _("Er is niets dat op u wacht: alles is gelezen of in behandeling bij een ander."))
    return redirect(reverse("queue") + query(asked))


def taken(reader: Reader, key: UUID, purpose: Purpose) -> bool:
    """Take a signal; False if somebody else was first, or it cannot be theirs."""
    done = act(acting=reader.acting, signal=key, ask=Take(), now=reader.now, plan=plan(), purpose=purpose)
    return not isinstance(done, Refused)


def next_few(reader: Reader, asked: dict[str, str], passed: set[UUID]) -> Few:
    """The next few for the reader, by their default if nothing is asked; 404 for whom there is nothing to take up."""
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        if not reaches(actor, reader.now, Verb.TAKE):
            raise Http404
        wanted = filter_of(defaulted(asked, saved_searches(actor)))
        keys, doubts = takeable(actor, wanted, reader.now, passed)
        note_look(reader, actor, len(keys))
    return Few(keys, doubts, purpose_of(actor))


def read_queue(reader: Reader, asked: dict[str, str]) -> Read:
    """A page of the queue, by the reader's default if nothing is asked; that it was looked at is recorded with it.

    Who may search no signal at all: 404.
    """
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        if not reaches(actor, reader.now, Verb.SEARCH):
            raise Http404
        saved = saved_searches(actor)
        asked = defaulted(asked, saved)
        wanted = filter_of(asked)
        page = number(asked.get("bladzijde", ""))
        found = queue(actor, wanted, reader.now, page, distress=reader.distress)
        note_look(reader, actor, len(found.rows))
        desk = desks(reader, actor, wanted)
    return Read(asked, wanted, found, actor, desk, saved)


def desks(reader: Reader, actor: Actor, wanted: QueueFilter) -> Desks:
    """The units that the reader works for, and the colleagues there; of the unit that is chosen only those."""
    known = units(reader.acting.service, reader.language)
    named = {unit for grant in actor.grants for unit in grant.units or ()}
    everywhere = any(grant.units is None for grant in actor.grants)
    there = {wanted.unit} if wanted.unit else named | {actor.unit}
    people = at_work(reader.acting.service, there, wanted.owner)
    return Desks(
        tuple((one.id, one.name) for one in people if one.id != actor.id),
        tuple(known.items()) if everywhere else tuple((code, known[code]) for code in known if code in named),
        reaches(actor, reader.now, Verb.ASSIGN),
    )


def note_look(reader: Reader, actor: Actor, count: int) -> None:
    """Record a look at the queue, in the transaction that reads it."""
    purpose = purpose_of(actor)
    record_look(
        Look(acting=reader.acting, at=reader.now, purpose=purpose, verb=Verb.SEARCH, subject="queue", count=count)
    )


def defaulted(asked: dict[str, str], saved: tuple[Saved, ...]) -> dict[str, str]:
    """What is asked; if that is nothing, the filter with which the reader wants the queue to open."""
    return asked if any(asked.values()) else next((one.query for one in saved if one.is_default), asked)


def asked_of(request: HttpRequest) -> dict[str, str]:
    """What the address asks of the queue; anything else in it is left aside."""
    return known(request.GET.dict())


def address_of(asked: dict[str, str]) -> str:
    """The address of the queue with what was asked; asking nothing stays that, instead of the default."""
    return reverse("queue") + (query(asked) or EVERYTHING)


def purpose_of(actor: Actor) -> Purpose:
    """The purpose of somebody's daily work: the one they chose, else follow-up, else the first they hold."""
    held = (purpose for purpose in PURPOSES if any(purpose in grant.purposes for grant in actor.grants))
    return next(held, Purpose.FOLLOW_UP)


def filter_of(asked: dict[str, str]) -> QueueFilter:
    """The filter that an address names."""
    return QueueFilter(
        phase=asked.get("fase", ""),
        layer=asked.get("laag", ""),
        form=asked.get("vorm", ""),
        owner=owner_of(asked.get("eigenaar", "")),
        unit=asked.get("eenheid", ""),
        late=asked.get("laat") == LATE,
        very_late=asked.get("laat") == VERY_LATE,
        urgent=asked.get("spoed") == "ja",
        lane=LANES.get(asked.get("baan", ""), DAILY),
        share=SHARES_ASKED.get(asked.get("rol", ""), ""),
        later=LATER_ASKED.get(asked.get("uitgesteld", ""), ""),
        task=asked.get("taak") == "nu",
    )


def owner_of(text: str) -> str:
    """Whose work a filter names: me, nobody or a person's key; empty for anything else."""
    return text if text in (MINE, NOBODY) or signal_key(text) else ""


def number(text: str) -> int:
    """A page number, 1 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def signal_key(text: str) -> UUID | None:
    """A signal's key, None for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
