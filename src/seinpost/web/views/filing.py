"""File a signal that came by phone, at the desk or from a partner: one question a page, kept between two of them."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seinpost.errors import FileError
from seinpost.packs.procedure.procedure import Prompt
from seinpost.packs.procedure.terms import Processing, Purpose, Refusal, Task, Verb
from seinpost.process.filing import interview
from seinpost.process.people import Thing
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Reason, Refused
from seinpost.process.speech import say
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.attachments import Upload, add_draft_file, drop_draft_file
from seinpost.store.actions.drafts import begin_draft, drop_draft, keep_answer
from seinpost.store.actions.intake import Into, Place, file_signal
from seinpost.store.queries.drafts import SOURCE, Begun, filed_from, own_draft, own_drafts
from seinpost.store.received import Received
from seinpost.store.scanning import passages_of
from seinpost.web.forms.filing import PromptForm
from seinpost.web.pages import filing as pages
from seinpost.web.reader import Reader, for_people, names, plan, reader_of
from seinpost.web.uploads import upload_of
from seinpost.web.views.queue import purpose_of

NO_UNIT = Refused((Reason(Refusal.OTHER_UNIT.value),))
TO_SUMMARY = "overzicht"
LOG = logging.getLogger(__name__)


@require_GET
@for_people
def start(request: HttpRequest) -> HttpResponse:
    """What the reader is still filling in, and a new one."""
    reader = reader_of(request)
    verdict = may_file(reader)
    if isinstance(verdict, Refused):
        return refused(request, verdict, reader)
    rows = [pages.draft_row(draft) for draft in own_drafts(reader.acting)]
    return render(request, "seinpost/filing/start.html", {"drafts": rows})


@require_POST
@for_people
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a form."""
    reader = reader_of(request)
    verdict = may_file(reader)
    if isinstance(verdict, Refused):
        return refused(request, verdict, reader)
    draft = begin_draft(acting=reader.acting, now=reader.now)
    return redirect(pages.question_url(draft, plan().prompts[0]))


@require_http_methods(["GET", "POST"])
@for_people
def question(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """Ask one question, or keep its answer and go on."""
    reader = reader_of(request)
    draft = own_draft(reader.acting, key)
    if draft is None:
        return gone(reader, key)
    prompt = next((p for p in interview.asked(plan(), draft.answers) if p.code == code), None)
    if prompt is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PromptForm(
        prompt, pages.options_for(prompt, reader), reader.language, data, draft.answers.get(prompt.code, ())
    )
    if data is not None and form.is_valid():
        answer = form.answer()
        keep_answer(acting=reader.acting, draft=key, question=code, answer=answer, now=reader.now)
        return redirect(goes_on(request, draft, prompt, answer))
    view = pages.question_view(draft, prompt, len(form.fields), reader)
    context = {"question": view, "form": form}
    return render(request, "seinpost/filing/question.html", context, status=422 if form.errors else 200)


def goes_on(request: HttpRequest, draft: Begun, prompt: Prompt, answer: list[str]) -> str:
    """Where the writer goes on: one more in the list, the summary, or the next question."""
    answers = {**draft.answers, prompt.code: answer}
    summary = reverse("filing-summary", args=[draft.id])
    back = request.GET.get("terug") == TO_SUMMARY
    if "more" in request.POST:
        return pages.question_url(draft.id, prompt, back=back)
    if "stop" in request.POST:
        return reverse("filing")
    asked = interview.asked(plan(), answers)
    following = interview.after(asked, prompt.code)
    if back and following and following not in interview.asked(plan(), draft.answers):
        return pages.question_url(draft.id, following, back=True)  # this answer made it apply
    return summary if back or following is None else pages.question_url(draft.id, following)


@require_GET
@for_people
def summary(request: HttpRequest, key: UUID) -> HttpResponse:
    """Check the answers before filing."""
    reader = reader_of(request)
    draft = own_draft(reader.acting, key)
    if draft is None:
        return gone(reader, key)
    return render(request, "seinpost/filing/summary.html", {"summary": pages.summary_view(draft, reader)})


@require_POST
@for_people
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """File the signal; the form is erased in the same transaction."""
    reader = reader_of(request)
    draft = own_draft(reader.acting, key)
    if draft is None:
        return gone(reader, key)
    if interview.still_needed(plan(), draft.answers):
        return redirect("filing-summary", key)
    done = file_draft(draft, reader)
    if isinstance(done, Place):
        messages.success(request, _("Het signaal is gemeld en staat in de wachtrij van uw team."))
        return redirect("signal", done.signal)
    return summary_page(request, draft, reader, say(done, plan(), reader.language))


def summary_page(request: HttpRequest, draft: Begun, reader: Reader, refused: tuple[str, ...]) -> HttpResponse:
    """The summary with why something cannot be done."""
    context = {"summary": pages.summary_view(draft, reader), "refused": refused}
    return render(request, "seinpost/filing/summary.html", context, status=422)


def file_draft(draft: Begun, reader: Reader) -> Place | Refused:
    """Hand the answers in as a signal of the writer's unit."""
    unit = reader.person.unit
    if unit is None:
        return NO_UNIT
    told = interview.tell(plan(), draft.answers, pages.profile_of(reader), names()["form"])
    item = Received(
        source=SOURCE,
        external_id=str(draft.id),
        text=told.text,
        channel=told.channel,
        received_at=reader.now,
        registered_at=draft.made_at,
        author=str(reader.person.pk),
        forms=told.forms,
        urgency=told.urgency,
        compartment=told.compartment,
        missing=told.missing,
        details={"kept": dict(told.details)},
        distressing=passages_of(told.text),
    )
    with working_for(reader.acting):
        purpose = purpose_of(actor_of(reader.acting, reader.now))
    return file_signal(
        acting=reader.acting,
        into=Into(unit),
        item=item,
        now=reader.now,
        plan=plan(),
        purpose=purpose,
        draft=draft.id,
    )


@require_POST
@for_people
def add_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep a file with the form; what cannot be kept is said on the summary."""
    reader = reader_of(request)
    draft = own_draft(reader.acting, key)
    if draft is None:
        return gone(reader, key)
    sent = request.FILES.get("file")
    upload = upload_of(sent) if sent else Upload("", b"", 0)
    try:
        kept = add_draft_file(acting=reader.acting, draft=key, upload=upload, now=reader.now, plan=plan())
    except FileError:
        LOG.exception("a file of a form cannot be kept")
        return summary_page(
            request,
            draft,
            reader,
            (_("Dit bestand kan nu niet worden bewaard. Probeer het later opnieuw, of meld zonder bijlage."),),
        )
    if kept is False:
        raise Http404
    if isinstance(kept, Refused):
        return summary_page(request, draft, reader, say(kept, plan(), reader.language))
    return redirect(reverse("filing-summary", args=[key]) + "#bijlagen")


@require_POST
@for_people
def drop_file(request: HttpRequest, key: UUID, file: int) -> HttpResponse:
    """Take a file from the form."""
    if not drop_draft_file(acting=reader_of(request).acting, draft=key, file=file):
        raise Http404
    return redirect(reverse("filing-summary", args=[key]) + "#bijlagen")


@require_POST
@for_people
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Erase a form that will not be filed."""
    reader = reader_of(request)
    if not drop_draft(acting=reader.acting, draft=key):
        raise Http404
    messages.success(request, _("Het formulier is gewist."))
    return redirect("filing")


@require_GET
@for_people
def sheet(request: HttpRequest) -> HttpResponse:
    """The same questions for paper."""
    return render(request, "seinpost/filing/sheet.html", {"questions": pages.sheet(reader_of(request))})


def may_file(reader: Reader) -> Allowed | Refused:
    """Whether the reader may file a signal for their unit."""
    unit = reader.person.unit
    if unit is None:
        return NO_UNIT
    practice = reader.person.service.practice
    thing = Thing(reader.acting.service, unit.code, Task(unit.task), Processing(unit.processing), practice)
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
    purpose: Purpose = purpose_of(actor)
    return may(actor, Verb.FILE, thing, purpose, reader.now)


def refused(request: HttpRequest, verdict: Refused, reader: Reader) -> HttpResponse:
    """Say why somebody may not file."""
    context: dict[str, Any] = {"refused": say(verdict, plan(), reader.language)}
    return render(request, "seinpost/filing/start.html", context, status=403)


def gone(reader: Reader, key: UUID) -> HttpResponse:
    """A form that is no more: the signal it became, if it was filed, so that sending twice does no harm."""
    signal = filed_from(reader.acting, key)
    if signal is None:
        raise Http404
    return redirect("signal", signal)
