"""One verb on several signals of the queue: choose, fill in, look at what will happen, do it. Every step is a form.

Spreading several over people is the same: each gets an assignment of its own, through the same door.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.commands import Assign, Command
from seinpost.process.people import Actor, Words
from seinpost.process.work.dealing import Dealer
from seinpost.process.work.dealing import deal as deal_out
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.act import Seen
from seinpost.store.actions.bulk import MOST, TOGETHER, UNDOABLE, act_each, act_on_each
from seinpost.store.actions.versions import stored_text
from seinpost.store.log import Look, record_look
from seinpost.store.queries.bulk import Standing, Team, first_of, first_texts, foresee, standings, team_for
from seinpost.store.queries.people import colleagues, units
from seinpost.store.queries.scope import reaches
from seinpost.web.forms.all import FORMS
from seinpost.web.forms.base import LONGEST, Colleague, Desk, VerbForm
from seinpost.web.pages import bulk as pages
from seinpost.web.pages.seen import line_of, sight_of_line
from seinpost.web.pages.signal import verb_told
from seinpost.web.proof import ask_proof
from seinpost.web.reader import Reader, for_people, plan, reader_of
from seinpost.web.views.queue import address_of, asked_of, filter_of, purpose_of, signal_key
from seinpost.web.work import dealing


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


# --- spreading over people ------------------------------------------------------------------------------------------


@require_POST
@for_people
def deal(request: HttpRequest) -> HttpResponse:
    """Spread several signals that are nobody's over people: whom and how, who gets what and why, and giving it."""
    reader = reader_of(request)
    with working_for(reader.acting):
        if not reaches(actor_of(reader.acting, reader.now), reader.now, Verb.ASSIGN):
            raise Http404
    back = address_of(asked_of(request))
    context: dict[str, Any] = {"verb": dealing.TITLE, "back_url": back}
    if request.POST.get("step") == "do":
        gifts = dealing.gifts_of(request.POST.getlist("gift")[:MOST], reader)
        if (first := ask_proof(request, count=len(gifts))) is not None:
            return first
        return render(request, "seinpost/queue/bulk_done.html", {**context, **give(gifts, request, reader)})
    table = table_of(request, reader)
    if table is None:
        messages.error(request, _("Vink eerst signalen aan, of kies alles van dit filter."))
        return redirect(back)
    with working_for(reader.acting):
        team = team_for(table.actor, table.found, reader.now)
    filled = request.POST if request.POST.get("step") else None
    form = dealing.DealForm(team, table.desk.units or {}, filled)
    context |= {"form": form, "missing": table.asked - len(table.found)}
    if not form.is_valid():
        values = [str(one.row.id) for one in table.found]
        return render(request, "seinpost/queue/deal_fill.html", {**context, "values": values, "count": len(values)})
    return render(request, "seinpost/queue/deal_preview.html", {**context, **proposal(form, table, team, reader)})


def proposal(form: dealing.DealForm, table: Table, team: Team, reader: Reader) -> dict[str, Any]:
    """Who would get what and why, and what nobody would get."""
    chosen = set(form.chosen())
    hands = [hand for hand in team.hands if hand.actor.id in chosen]
    dealer = Dealer(table.actor, table.purpose, reader.now, plan(), team.stuck, form.told())
    dealt = deal_out([one.view for one in table.found], hands, form.way(), dealer)
    lines = dealing.planned(table.found, dealt, form, reader)
    return {
        "going": [line for line in lines if line.value],
        "refused": [line for line in lines if not line.value],
        "shares": dealing.shares(dealt, form),
        "words": form.told(),
    }


def give(gifts: tuple[dealing.Gift, ...], request: HttpRequest, reader: Reader) -> dict[str, Any]:
    """Give each signal that is still as it was looked at; the others are told."""
    with working_for(reader.acting):
        purpose = purpose_of(actor_of(reader.acting, reader.now))
    said = Words(stored_text(request.POST.get("words", "").strip()[:LONGEST]))
    asked: list[tuple[Seen, Command]] = [
        (gift.seen, Assign(to=gift.to, to_service=reader.acting.service, words=said)) for gift in gifts
    ]
    outcomes = act_each(acting=reader.acting, asked=asked, now=reader.now, plan=plan(), purpose=purpose)
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        found = standings(actor, [gift.seen.signal for gift in gifts], reader.now, reader.distress)
        look = Look(
            acting=reader.acting, at=reader.now, purpose=purpose, verb=Verb.SEARCH, subject="bulk", count=len(found)
        )
        record_look(look)
        names = {one.id: one.name for one in colleagues(reader.acting.service)}
    lines = dealing.results(found, gifts, outcomes, names, reader)
    return {
        "done": [line for line in lines if not line.reasons],
        "refused": [line for line in lines if line.reasons],
        "missing": len(gifts) - len(found),
    }
