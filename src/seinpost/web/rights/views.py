"""Proposed rights, for administrators and who oversees; the second person answers after proving who they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.shapes import Refused
from seinpost.store.acting import working_for
from seinpost.store.actions.staff import answer_right, withdraw_right
from seinpost.store.models.people import AGREED
from seinpost.store.queries.people import members, proposed, seen_digest
from seinpost.web.forms.base import put
from seinpost.web.pages.people import member_row
from seinpost.web.proof import go_and_prove, proved_lately
from seinpost.web.reader import Reader, for_people, plan
from seinpost.web.rights.asked import AnswerForm, rows_of, signed, unsigned
from seinpost.web.views.oversight import overseer
from seinpost.web.views.people import Asked, confirmed, dangerous, data_of, units_of

SUBJECT = "rights"


def reading(request: HttpRequest) -> tuple[Reader, bool]:
    """An administrator, or who oversees, and whether it is an administrator; 404 for everybody else."""
    try:
        return overseer(request, Verb.MANAGE_PEOPLE, (Purpose.MANAGEMENT,), SUBJECT).reader, True
    except Http404:
        return overseer(request, Verb.READ_LOG, (Purpose.OVERSIGHT,), SUBJECT).reader, False


@require_GET
@for_people
def waiting(request: HttpRequest) -> HttpResponse:
    """Every right that waits for a second person, and what was answered lately."""
    reader, _manages = reading(request)
    with working_for(reader.acting, reach="all"):
        rows = rows_of(proposed(reader.acting.service, reader.now), reader)
    open_rows = [row for row in rows if not row.answer]
    context = {"waiting": open_rows, "answered": [row for row in rows if row.answer], "now": reader.now}
    return render(request, "seinpost/people/proposals.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """One proposed right with all that it gives, beside what somebody has; the second person agrees or not."""
    reader, manages = reading(request)
    if not proved_lately(request):
        return go_and_prove(request)
    form = AnswerForm(data_of(request))
    refused: tuple[str, ...] = ()
    if form.is_valid():
        given = form.answered(unsigned(request.POST.get("shown", ""), reader))
        done = answer_right(acting=reader.acting, proposal=key, answer=given, now=reader.now, plan=plan())
        if done is None:
            raise Http404
        if not isinstance(done, Refused):
            agreed = done.answer == AGREED
            messages.success(request, _("Ingestemd: het recht geldt.") if agreed else _("Niet ingestemd."))
            return redirect("rights")
        refused = put(form, done, plan(), reader.language)
    with working_for(reader.acting, reach="all"):
        found = proposed(reader.acting.service, reader.now, key=key)
        if not found:
            raise Http404
        [row] = rows_of(found, reader)
        [member] = members(reader.acting.service, row.person)
        shown = signed(seen_digest(found[0].row, reader.now), reader)
    context = {
        "row": row, "member": member_row(member, reader, units_of(reader)), "form": form, "refused": refused,
        "shown": shown, "manages": manages,
    }  # fmt: skip
    return render(request, "seinpost/people/proposal.html", context, status=422 if refused or form.errors else 200)


answer.asks_proof = True  # type: ignore[attr-defined]  # a test holds the table of `web/proof.py` against it


@dangerous
def withdraw(request: HttpRequest, reader: Reader, key: int) -> HttpResponse:
    """Take a proposal back."""
    with working_for(reader.acting):
        found = proposed(reader.acting.service, reader.now, key=key)
    if not found:
        raise Http404
    row = found[0].row
    title = _("Voorgesteld recht van %(name)s intrekken") % {"name": row.person.name}
    hint = _("Het gaat om: %(role)s. Wat %(name)s nu mag verandert niet.")
    hint %= {"role": plan().names["role"][row.role].told(reader.language), "name": row.person.name}
    return confirmed(
        request, reader, Asked(title, reverse("rights"), hint, stop=True),
        lambda: withdraw_right(acting=reader.acting, proposal=key, now=reader.now),
        lambda _done: messages.success(request, _("Het voorstel is ingetrokken.")),
    )  # fmt: skip
