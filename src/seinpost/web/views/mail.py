"""Mail for the reader: when and where. And for the administrator: how the timed work and the outbox stand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.store.acting import working_for
from seinpost.store.actions.own import set_mail
from seinpost.store.jobs import job_states, outbox
from seinpost.web.forms.mail import MailForm
from seinpost.web.reader import for_people, reader_of
from seinpost.web.views.oversight import overseer


@require_http_methods(["GET", "POST"])
@for_people
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the address and the hour of the digest."""
    reader = reader_of(request)
    form = MailForm(request.POST if request.method == "POST" else None, reader.person)
    if form.is_valid():
        set_mail(acting=reader.acting, address=form.cleaned_data["address"], hour=form.hour())
        messages.success(request, _("Bewaard."))
        return redirect("mail-settings")
    return render(request, "seinpost/day/mail.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@for_people
def work(request: HttpRequest) -> HttpResponse:
    """How every timed job stands, and what waits to be mailed."""
    reader = overseer(request, Verb.MANAGE_PEOPLE, (Purpose.MANAGEMENT,), "work").reader
    states = job_states(reader.now)
    with working_for(reader.acting):
        mail = outbox(reader.acting.service)
    rows = [(state, state.job.en if reader.language == "en" else state.job.nl) for state in states]
    context = {"rows": rows, "mail": mail, "well": all(state.well for state in states)}
    return render(request, "seinpost/oversight/work.html", context)
