"""Pages of those who watch over the work: the proof, the threshold, the view log, emergency access, imports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seinpost.packs.procedure.terms import Purpose, Refusal, Verb
from seinpost.process.commands import BreakGlass, ReviewGlass
from seinpost.process.deadlines import local_day
from seinpost.process.measures.agreement import agreement
from seinpost.process.measures.bar import differing
from seinpost.process.measures.drift import shares, watch_groups
from seinpost.process.people import Thing, Words
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Refused
from seinpost.process.speech import say
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.versions import stored_text
from seinpost.store.log import Look, record_look
from seinpost.store.queries import oversight
from seinpost.store.queries.file import verdict
from seinpost.store.queries.guarantee import last_proof, prove_now
from seinpost.store.queries.people import everybody, units
from seinpost.store.queries.scope import reaches
from seinpost.store.watching.caseload import caseload as caseload_of
from seinpost.store.watching.sample import samples
from seinpost.web.logs.asking import LogForm, LookForm, RecordForm
from seinpost.web.logs.records import RecordLine, record_lines
from seinpost.web.pages.oversight import (
    alarm_lines,
    drift_chart,
    drift_rows,
    fault_lines,
    glass_lines,
    look_lines,
    orphan_lines,
    sample_line,
    team_lines,
)
from seinpost.web.proof import ask_proof
from seinpost.web.reader import Reader, for_people, plan, reader_of
from seinpost.web.views.queue import number
from seinpost.web.views.signal import refusal
from seinpost.web.whence import along, queue_address
from seinpost.web.work.caseload import caseload_view

COUNTING = (Purpose.COORDINATION, Purpose.OVERSIGHT)


@dataclass(frozen=True, slots=True)
class Overseer:
    """A reader whom the policy lets oversee, and for which purpose."""

    reader: Reader
    purpose: Purpose


def overseer(request: HttpRequest, verb: Verb, purposes: tuple[Purpose, ...], subject: str) -> Overseer:
    """The overseer, whose look is recorded; 404 for everybody else: the page does not exist for them.

    The page says what it is for, whatever purpose signals are read for.
    """
    reader = reader_of(request)
    reader = replace(reader, acting=replace(reader.acting, purpose=None))
    with working_for(reader.acting, reach="all"):
        actor = actor_of(reader.acting, reader.now)
        for purpose in purposes:
            for grant in actor.grants:
                unit = sorted(grant.units)[0] if grant.units else ""
                thing = Thing(actor.service, unit, grant.task, grant.processing)
                if isinstance(may(actor, verb, thing, purpose, reader.now), Allowed):
                    record_look(Look(acting=reader.acting, at=reader.now, purpose=purpose, verb=verb, subject=subject))
                    return Overseer(reader, purpose)
    raise Http404


@require_GET
@for_people
def guarantee(request: HttpRequest) -> HttpResponse:
    """The proof that no signal disappears: how many were looked at, and the orphans among them."""
    by = overseer(request, Verb.COUNT, COUNTING, "guarantee")
    proof = prove_now(by.reader.acting.service, plan())
    with working_for(by.reader.acting, reach="all"):
        imports, nightly = oversight.imports(), last_proof(by.reader.acting.service)
        faults = fault_lines(oversight.import_faults(imports), by.reader)
        numbers = oversight.numbers_of(UUID(orphan.signal) for orphan in proof.orphans)
    context = {
        "proof": proof,
        "orphans": orphan_lines(proof, numbers, by.reader),
        "imports": imports,
        "faults": faults,
        "nightly": nightly,
        "now": by.reader.now,
        "stuck": by.reader.now - oversight.STUCK,
    }
    return render(request, "seinpost/oversight/guarantee.html", context)


@require_GET
@for_people
def caseload(request: HttpRequest) -> HttpResponse:
    """The work at hand by unit and by person, for who coordinates it."""
    reader = reader_of(request)
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        found, deals = caseload_of(actor, reader.now), reaches(actor, reader.now, Verb.ASSIGN)
        if not found:
            raise Http404
        look = Look(
            acting=reader.acting, at=reader.now, purpose=Purpose.COORDINATION, verb=Verb.COUNT, subject="caseload",
            count=sum(unit.whole.open for unit in found),
        )  # fmt: skip
        record_look(look)
        names = units(reader.acting.service, reader.language)
    work = caseload_view(found, names, reader, deals=deals)
    return render(request, "seinpost/oversight/caseload.html", {"work": work})


@require_GET
@for_people
def drift(request: HttpRequest) -> HttpResponse:
    """Whether the bar of the weighing creeps up: share followed up over time, with alarms."""
    by = overseer(request, Verb.COUNT, COUNTING, "drift")
    with working_for(by.reader.acting, reach="all"):
        service = by.reader.acting.service
        rows = oversight.weighed_rows(service)
        sample = agreement(samples(service))
        teams = units(service, by.reader.language)
    year = [row for row in rows if row.day > local_day(by.reader.now) - timedelta(days=365)]
    context = {
        "rows": drift_rows(shares(rows), teams, by.reader),
        "chart": drift_chart(rows),
        "alarms": alarm_lines(watch_groups(rows), teams, by.reader),
        "differing": team_lines(differing(year), teams),
        "sample": sample_line(sample),
        "weighed": len(rows),
    }
    return render(request, "seinpost/oversight/drift.html", context)


@require_GET
@for_people
def view_log(request: HttpRequest) -> HttpResponse:
    """Who looked at what, and why."""
    by = overseer(request, Verb.READ_LOG, (Purpose.OVERSIGHT,), "view-log")
    page, found, more = number(request.GET.get("bladzijde", "")), list[oversight.LookRow](), False
    with working_for(by.reader.acting, reach="all"):
        form = LookForm(request.GET, people_of(by.reader), by.reader, oversight.key_of_number)
        if form.is_valid():
            found, more = oversight.looks(form.wanted(), page)
    context = {"form": form, "looks": look_lines(found, by.reader), **pages_of(form, page, more=more)}
    return render(request, "seinpost/oversight/view_log.html", context)


@require_GET
@for_people
def records(request: HttpRequest) -> HttpResponse:
    """What the chain tells of no signal: rights, keys, logins, imports, proofs."""
    by = overseer(request, Verb.READ_LOG, (Purpose.OVERSIGHT,), "records")
    page, lines, more = number(request.GET.get("bladzijde", "")), tuple[RecordLine, ...](), False
    with working_for(by.reader.acting, reach="all"):
        form = RecordForm(request.GET, people_of(by.reader))
        if form.is_valid():
            rows, names, more = oversight.records(form.wanted(), page)
            lines = record_lines(rows, names, units(by.reader.acting.service, by.reader.language), by.reader)
    context = {"form": form, "records": lines, **pages_of(form, page, more=more)}
    return render(request, "seinpost/oversight/records.html", context)


def people_of(reader: Reader) -> list[tuple[str, str]]:
    """Everybody who is or was of the service, as choices: a log outlives who left."""
    return [(person.id, person.name) for person in everybody(reader.acting.service)]


def pages_of(form: LogForm, page: int, *, more: bool) -> dict[str, Any]:
    """Where one is in a log, with links that keep what was asked."""
    return {"page": page, "before": form.address(page - 1), "next": form.address(page + 1) if more else ""}


@require_GET
@for_people
def glass(request: HttpRequest) -> HttpResponse:
    """Emergency access, those to be judged first."""
    by = overseer(request, Verb.REVIEW_GLASS, (Purpose.OVERSIGHT,), "glass")
    with working_for(by.reader.acting, reach="all"):
        rows = oversight.glasses()
    return render(request, "seinpost/oversight/glass.html", {"rows": glass_lines(rows, by.reader)})


@require_POST
@for_people
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """Judge one emergency access."""
    reader = overseer(request, Verb.REVIEW_GLASS, (Purpose.OVERSIGHT,), "glass").reader
    try:
        since = datetime.fromisoformat(request.POST.get("since", ""))
    except ValueError as error:
        raise Http404 from error
    command = ReviewGlass(
        person=stored_text(request.POST.get("person", "")[:40]),
        since=since,
        justified=request.POST.get("justified") == "yes",
        words=Words(stored_text(request.POST.get("words", "")[:10_000])),
    )
    done = act(acting=reader.acting, signal=key, ask=command, now=reader.now, plan=plan(), purpose=Purpose.OVERSIGHT)
    if isinstance(done, Refused) and done.reasons[0].code == Refusal.UNKNOWN_SIGNAL.value:
        raise Http404
    tell(request, done, reader, _("Het oordeel is vastgelegd."))
    return redirect("glass")


@require_http_methods(["GET", "POST"])
@for_people
def break_glass(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take access by emergency to a signal one may not read otherwise."""
    reader, purpose = reader_of(request), Purpose.EMERGENCY
    found = verdict(acting=reader.acting, signal=key, verb=Verb.BREAK_GLASS, purpose=purpose, now=reader.now)
    if isinstance(found, Refused):
        return refusal(request, key, found, Verb.BREAK_GLASS)
    if (first := ask_proof(request)) is not None:
        return first
    if request.method == "POST":
        command = BreakGlass(words=Words(stored_text(request.POST.get("words", "").strip()[:10_000])))
        done = act(acting=reader.acting, signal=key, ask=command, now=reader.now, plan=plan(), purpose=purpose)
        tell(request, done, reader, _("U heeft een uur toegang. De privacyfunctionaris heeft bericht gekregen."))
        if not isinstance(done, Refused):
            return redirect(reverse("signal", args=[key]) + along(reader.question))
    status = 422 if request.method == "POST" else 200
    context = {"signal": key, "back_url": queue_address(reader.question)}
    return render(request, "seinpost/oversight/break_glass.html", context, status=status)


def tell(request: HttpRequest, done: Any, reader: Reader, good: str) -> None:
    """Say that it is done, or why not."""
    if isinstance(done, Refused):
        messages.error(request, " ".join(say(done, plan(), reader.language)))
    else:
        messages.success(request, good)
