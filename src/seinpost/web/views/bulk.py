"""One verb on several signals of the queue: choose, fill in, look at what will happen, do it. Every step is a form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.people import Actor
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.act import Seen
from seinpost.store.actions.bulk import MOST, TOGETHER, UNDOABLE, act_on_each
from seinpost.store.log import Look, record_look
from seinpost.store.queries.bulk import Standing, first_of, first_texts, foresee, standings
from seinpost.store.queries.people import colleagues, units
from seinpost.web.forms.all import FORMS
from seinpost.web.forms.base import Colleague, Desk, VerbForm
from seinpost.web.pages import bulk as pages
from seinpost.web.pages.seen import line_of, sight_of_line
from seinpost.web.pages.signal import verb_told
from seinpost.web.proof import ask_proof
from seinpost.web.reader import Reader, for_people, plan, reader_of
from seinpost.web.views.queue import address_of, asked_of, filter_of, purpose_of, signal_key


@dataclass(frozen=True, slots=True)
class Table:
    """What a step works with: who asks, for what purpose, and the signals they can read of those they picked."""

    actor: Actor
    purpose: Purpose
    found: tuple[Standing, ...]
    asked: int
    desk: Desk


@require_POST
@for_people
def together(request: HttpRequest) -> HttpResponse:
    """The form of a verb for several signals, what it will do to each, and doing it."""
    reader = reader_of(request)
    verb = next((one for one in TOGETHER if one.value == request.POST.get("verb")), None)
    table = table_of(request, reader)
    if verb is None or table is None:
        messages.error(request, _("Vink eerst signalen aan en kies wat u ermee wilt doen."))
        return redirect(address_of(asked_of(request)))
    step = request.POST.get("step", "")
    form = FORMS[verb](table.desk, request.POST if step else None)
    context = {
        "verb": verb_told(verb, reader),
        "code": verb.value,
        "form": form,
        "back_url": address_of(asked_of(request)),
        "missing": table.asked - len(table.found),
    }
    if not step or not form.is_valid():
        values = [str(one.row.id) for one in table.found]
        return render(request, "seinpost/queue/bulk_fill.html", {**context, "values": values, "count": len(values)})
    if step == "do":
        if (first := ask_proof(request, count=len(table.found))) is not None:
            return first
        return render(request, "seinpost/queue/bulk_done.html", {**context, **carry_out(request, form, table, reader)})
    return render(request, "seinpost/queue/bulk_preview.html", {**context, **preview(form, table, reader)})


def table_of(request: HttpRequest, reader: Reader) -> Table | None:
    """The signals that are ticked, or the first of the filter; None if the reader can read none of them."""
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        purpose = purpose_of(actor)
        if request.POST.get("all") == "on":
            signals = first_of(actor, filter_of(asked_of(request)), reader.now, MOST)
        else:
            signals = tuple(one.signal for one in picked_of(request, reader))
        found = standings(actor, signals, reader.now, reader.distress)
        look = Look(
            acting=reader.acting, at=reader.now, purpose=purpose, verb=Verb.SEARCH, subject="bulk", count=len(found)
        )
        record_look(look)
        if not found:
            return None
        people = tuple(Colleague(one.id, one.name, one.unit) for one in colleagues(reader.acting.service))
        desk = Desk(found[0].view, plan(), reader.language, people, units(reader.acting.service, reader.language))
    return Table(actor, purpose, found, len(signals), desk)


def picked_of(request: HttpRequest, reader: Reader) -> tuple[Seen, ...]:
    """The signals that are ticked, each once: a key, and once this reader looked at it the number of its events.

    A line that no preview signed for them counts as never looked at.
    """
    picked: dict[UUID, Seen] = {}
    for value in request.POST.getlist("signal"):
        _key, _dot, events = (line := line_of(value, reader)).partition(".")
        key = signal_key((line or value).partition(".")[0])
        if key is not None:
            picked[key] = Seen(key, int(events or 0))
    return tuple(picked.values())[:MOST]


def preview(form: VerbForm, table: Table, reader: Reader) -> dict[str, Any]:
    """What will happen to each, and why nothing to some."""
    foreseen = foresee(table.found, form.command(), table.actor, reader.now, plan(), table.purpose)
    lines = pages.planned(foreseen, form.verb, table.desk, reader)
    return {
        "going": [line for line in lines if not line.reasons],
        "refused": [line for line in lines if line.reasons],
        "hidden": [field.as_hidden() for field in form],
    }


def carry_out(request: HttpRequest, form: VerbForm, table: Table, reader: Reader) -> dict[str, Any]:
    """Do it on each that is still as it was looked at."""
    with working_for(reader.acting):
        texts = first_texts([one.row.id for one in table.found])
    sights = {one.row.id: sight_of_line(one, texts.get(one.row.id, "")) for one in table.found}
    outcomes = act_on_each(
        acting=reader.acting,
        picked=[replace(one, sight=sights.get(one.signal)) for one in picked_of(request, reader)],
        command=form.command(),
        now=reader.now,
        plan=plan(),
        purpose=table.purpose,
    )
    lines = pages.results(table.found, {one.signal: one for one in outcomes}, reader)
    return {
        "undo": Verb.UNDO.value if form.verb in UNDOABLE else "",
        "done": [line for line in lines if not line.reasons],
        "refused": [line for line in lines if line.reasons],
    }
