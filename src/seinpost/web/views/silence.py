"""Rules that are silent: which, for what, why, by whom, until when; and letting one speak again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from seinpost.packs.procedure.terms import ListName, Verb
from seinpost.process.commands import Unsuppress
from seinpost.process.deadlines import local_day
from seinpost.process.people import Words
from seinpost.process.shapes import Refused
from seinpost.process.speech import reference, say
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.duty import let_speak
from seinpost.store.log import Look, record_look
from seinpost.store.queries.scope import reaches
from seinpost.store.queries.silence import Kept, Silent, kept_by, silent_rules
from seinpost.web.forms.base import LONGEST
from seinpost.web.pages.words import kind_told
from seinpost.web.proof import ask_proof
from seinpost.web.reader import Reader, for_people, names, plan, reader_of
from seinpost.web.views.queue import purpose_of


@dataclass(frozen=True, slots=True)
class Line:
    """One silent rule, as its page shows it."""

    rule_code: str
    entity_code: str
    rule: str
    entity: str
    reason: str
    words: str
    by: str
    at: datetime
    until: date
    reference: str
    url: str
    end_url: str
    silent: int
    read: int
    signals: int


@require_GET
@for_people
def show(request: HttpRequest) -> HttpResponse:
    """Every rule that is silent now, of the signals the reader may read."""
    reader = reader_of(request)
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        if not reaches(actor, reader.now, Verb.SEARCH):
            raise Http404
        found = silent_rules(actor, reader.now)
        kept = kept_by(reader.acting.service, local_day(reader.now))
        purpose = purpose_of(actor)
        record_look(
            Look(
                acting=reader.acting,
                at=reader.now,
                purpose=purpose,
                verb=Verb.SEARCH,
                subject="silence",
                count=len(found),
            )
        )
    return render(request, "seinpost/oversight/silence.html", {"rows": [line(one, kept, reader) for one in found]})


@require_POST
@for_people
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a rule speak again."""
    reader = reader_of(request)
    with working_for(reader.acting):
        purpose = purpose_of(actor_of(reader.acting, reader.now))
    if (first := ask_proof(request)) is not None:
        return first
    command = Unsuppress(
        rule=request.POST.get("rule", "")[:80],
        entity=request.POST.get("entity", "")[:LONGEST],
        words=Words(request.POST.get("words", "").strip()[:LONGEST]),
    )
    done = act(acting=reader.acting, signal=key, ask=command, now=reader.now, plan=plan(), purpose=purpose)
    if isinstance(done, Refused):
        messages.error(request, " ".join(say(done, plan(), reader.language)))
    else:
        let_speak(service=reader.acting.service, now=reader.now, plan=plan())
        messages.success(request, _("De regel spreekt weer."))
    return redirect("silence")


def line(one: Silent, kept: Mapping[str, Kept], reader: Reader) -> Line:
    """One silent rule for a reader."""
    did = kept.get(f"{one.suppression.rule} {one.suppression.entity}", Kept())
    place, rule = 1 if reader.language == "en" else 0, one.suppression.rule
    kind, _colon, key = one.suppression.entity.partition(":")
    reason = plan().lists[ListName.SUPPRESSION].get(one.suppression.reason)
    return Line(
        rule_code=rule,
        entity_code=one.suppression.entity,
        rule=names()["indicator"].get(rule, (rule, rule))[place],
        entity=f"{kind_told(kind)} {key}".strip(),
        reason=reason.label.told(reader.language) if reason else one.suppression.reason,
        words=one.words,
        by=one.by,
        at=one.at,
        until=one.suppression.until,
        reference=reference(reader.acting.service, one.number),
        url=reverse("signal", args=[one.signal]),
        end_url=reverse("silence-end", args=[one.signal]),
        silent=did.silent,
        read=did.read,
        signals=did.signals,
    )
