"""Do one verb on one signal: a page with what must be filled in, or one press where nothing must."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seinpost.packs.procedure.terms import OPEN_PHASES, Verb
from seinpost.process.commands import Take
from seinpost.process.decide import beforehand
from seinpost.process.fold import DECISIONS
from seinpost.process.shapes import Refused, Sight, SignalView
from seinpost.process.speech import say
from seinpost.store.acting import working_for
from seinpost.store.actions.act import Ask, Done, Seen, act
from seinpost.store.models import Signal
from seinpost.store.queries.file import SignalFile, open_question
from seinpost.store.queries.people import colleagues, known_as, units
from seinpost.store.received import NewText
from seinpost.store.scanning import passages_of
from seinpost.web.forms.all import FORMS
from seinpost.web.forms.attaching import AttachForm
from seinpost.web.forms.base import Colleague, Desk, VerbForm, put
from seinpost.web.forms.following import WeighForm
from seinpost.web.forms.keeping import AnswerForm, AskAuthorForm, CorrectForm, SuppressForm, TaskForm
from seinpost.web.forms.triage import JoinForm
from seinpost.web.pages import following, seen
from seinpost.web.pages import signal as pages
from seinpost.web.pages.following import undo_url
from seinpost.web.pages.gaps import asked_page, author
from seinpost.web.pages.words import kind_told
from seinpost.web.proof import ask_proof
from seinpost.web.reader import Reader, for_people, names, plan, reader_of
from seinpost.web.registration import reading
from seinpost.web.views.signal import kept_from, opened, shared
from seinpost.web.whence import along, queue_address

BACK = {Verb.LOOK_UP: "signal-enrich", Verb.WAIVE: "signal-enrich", Verb.WEIGH: "signal-weigh"}
BACK |= dict.fromkeys((Verb.ATTACH, Verb.ERASE_ATTACHMENT), "signal-attachments")
NEW, REFUSED = 409, 422  # statuses: something came that was not on the page; a rule says no
WEIGHS = frozenset((Verb.WEIGH, Verb.CLOSE, Verb.AGREE, Verb.DISAGREE))
ENDS = frozenset((Verb.CONFIRM, Verb.DISMISS, Verb.JOIN, Verb.UNSURE, Verb.POSTPONE))


@require_http_methods(["GET", "POST"])
@for_people
def fill_in(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    """The form of a verb, and doing it."""
    kind = next((found for found in FORMS if found.value == verb), None)
    if kind is None:
        raise Http404
    if kind is Verb.ANSWER and (page := answer(request, key)) is not None:
        return page
    found = opened(request, key)
    if isinstance(found, HttpResponse):
        return found
    reader, file = found
    if (first := kept_from(request, reader, file, kind) or ask_proof(request, verb=kind)) is not None:
        return first
    shown, new = None, seen.News()
    if kind in seen.DECIDES and request.method == "POST":
        shown = seen.shown_before(request.POST.get("seen", ""), file, reader)
        new = seen.news(shown, file, reader)
    form = make_form(kind, file, reader, request, shown)
    refused, status = told_before(kind, file, reader), 200
    if request.method == "POST" and form.is_valid():
        status, refused = NEW, ()
        if not new.any:
            done = do(form, file, reader, shown)
            if isinstance(done, Done):
                messages.success(request, told(kind, reader), extra_tags=undo_of(kind, done, file, reader))
                return redirect(after(kind, file, reader))
            status, refused = REFUSED, put(form, done, plan(), reader.language)
    context: dict[str, Any] = {
        **shared(reader, file, BACK.get(kind, "signal")),
        **(beside(file, reader) if kind in seen.DECIDES else {}),
        "form": form,
        "refused": refused,
        "early": request.method == "GET",
        "new": new,
        "verb": pages.verb_told(kind, reader),
        "reading": reading(file, reader),
        "steps": following.steps(file, reader) if kind in WEIGHS else (),
        "other": following.looks_of(file, following.OTHER, reader) if kind in WEIGHS else (),
    }
    return render(request, "seinpost/signal/act.html", context, status=status)


def told_before(verb: Verb, file: SignalFile, reader: Reader) -> tuple[str, ...]:
    """Why the verb cannot be done now, whatever is filled in: told with the empty form, not after it was filled in."""
    verdict = beforehand(file.view, verb, file.actor, reader.now, plan(), purpose=file.purpose)
    return say(verdict, plan(), reader.language) if isinstance(verdict, Refused) else ()


def answer(request: HttpRequest, key: UUID) -> HttpResponse | None:
    """The page of one question for who was asked and may not read the signal; None where there is no such question."""
    reader, task = reader_of(request), request.GET.get("task", "")[:80]
    question = open_question(acting=reader.acting, signal=key, task=task, now=reader.now, plan=plan())
    if question is None:
        return None
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(Desk(question.view, plan(), reader.language), data, task=task, about=question.asked)
    refused: tuple[str, ...] = ()
    if data is not None and form.is_valid():
        done = act(
            acting=reader.acting, signal=key, ask=form.command(), now=reader.now, plan=plan(), purpose=question.purpose
        )
        if isinstance(done, Done):
            messages.success(request, told(Verb.ANSWER, reader))
            return redirect("today")
        refused = put(form, done, plan(), reader.language)
    context = {
        "question": asked_page(question, reader),
        "form": form,
        "refused": refused,
        "verb": pages.verb_told(Verb.ANSWER, reader),
    }
    return render(request, "seinpost/signal/question.html", context, status=200 if data is None else REFUSED)


def beside(file: SignalFile, reader: Reader) -> dict[str, Any]:
    """What stands beside the form of a decision, and the same sealed in the form."""
    return {
        "seen": seen.token(file, reader),
        "beside": seen.beside(file, reader),
        "related": pages.related(file, reader),
    }


@require_POST
@for_people
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """A verb of the bar that needs nothing filled in."""
    reader = reader_of(request)
    if request.POST.get("choice") != Verb.TAKE.value:
        raise Http404
    found = opened(request, key)
    if isinstance(found, HttpResponse):
        return found
    if (refusal := kept_from(request, reader, found[1], Verb.TAKE)) is not None:
        return refusal
    done = act(acting=reader.acting, signal=key, ask=Take(), now=reader.now, plan=plan(), purpose=found[1].purpose)
    if isinstance(done, Refused):
        messages.error(request, " ".join(say(done, plan(), reader.language)))
    return redirect(reverse("signal", args=[key]) + along(reader.question))


def make_form(verb: Verb, file: SignalFile, reader: Reader, request: HttpRequest, shown: Sight | None) -> VerbForm:
    """The form of a verb for this signal, filled with what came in."""
    desk, data = desk_of(file, reader), request.POST if request.method == "POST" else None
    kind = FORMS[verb]
    initial = {name: request.GET[name][:80] for name in ("step", "other") if name in request.GET}
    if issubclass(kind, TaskForm):
        return kind(desk, data, initial, task=request.GET.get("task", "")[:80])
    if issubclass(kind, AskAuthorForm):
        wrote = author(file)
        with working_for(reader.acting):
            to = known_as(file.view.service, file.row.author) if wrote else ""
        return kind(desk, data, initial, author=wrote, to=to)
    if issubclass(kind, AttachForm):
        return kind(desk, data, initial, request.FILES if request.method == "POST" else None)
    if issubclass(kind, WeighForm):
        return kind(desk, data, initial, seen=shown.digest if shown else "")
    if issubclass(kind, CorrectForm):
        return kind(desk, data, initial, text=file.versions[-1].text)
    if issubclass(kind, SuppressForm):
        place = 1 if reader.language == "en" else 0
        codes = {mark.code for mark in file.explained.marks} if file.explained else set()
        known = names()["indicator"]
        rules = tuple((code, known[code][place]) for code in sorted(codes & set(known)))
        entities = tuple((f"{what}:{key}", f"{kind_told(what)} {key}") for what, key in file.keys)
        return kind(desk, data, initial, rules=rules, entities=entities)
    return kind(desk, data, initial)


def desk_of(file: SignalFile, reader: Reader) -> Desk:
    """What the form is made from."""
    place = 1 if reader.language == "en" else 0
    with working_for(reader.acting):
        people = tuple(Colleague(found.id, found.name, found.unit) for found in colleagues(file.view.service))
        known = units(file.view.service, reader.language)
    forms = {code: name[place] for code, name in names()["form"].items()}
    return Desk(file.view, plan(), reader.language, people, known, forms)


def do(form: VerbForm, file: SignalFile, reader: Reader, shown: Sight | None) -> Done | Refused:
    """Give the command to the one door; a decision with what was shown, and only if nothing came just now."""
    other, ask = None, None
    if isinstance(form, JoinForm):
        with working_for(reader.acting):
            other = Signal.objects.filter(number=form.cleaned_data["other"]).values_list("pk", flat=True).first()
        other = other or UUID(int=0)
        ask = joining(form)
    command: Ask = ask or form.command()
    content = content_of(form)
    return act(
        acting=reader.acting,
        signal=Seen(file.row.pk, file.view.sequence, shown) if shown else file.row.pk,
        ask=command,
        now=reader.now,
        plan=plan(),
        purpose=file.purpose,
        other=other,
        content=content,
    )


def content_of(form: VerbForm) -> NewText | bytes | None:
    """What is stored beside the events: the text of a correction with what pages fold in it, the bytes of a file."""
    if isinstance(form, CorrectForm):
        text = str(form.cleaned_data["text"])
        return NewText(text, passages_of(text))
    return form.upload.content if isinstance(form, AttachForm) else None


def joining(form: JoinForm) -> Ask:
    """The command of a join, made when the other signal is locked and known."""

    def made(target: SignalView) -> Any:
        return form.joining(target)

    return made


def told(verb: Verb, reader: Reader) -> str:
    """What is said when it is done."""
    return _("Vastgelegd: %(what)s") % {"what": pages.verb_told(verb, reader).lower()}


def undo_of(verb: Verb, done: Done, file: SignalFile, reader: Reader) -> str:
    """Where one press takes back what was just done, on the way back to the same queue; empty if it is no decision."""
    if not any(isinstance(event.fact, DECISIONS) and event.verb is verb for event in done.events):
        return ""
    url = undo_url(done.view, file.actor, file.purpose, reader.now)
    return url and url + along(reader.question)


def after(verb: Verb, file: SignalFile, reader: Reader) -> str:
    """Where one goes on: to the next of the queue after a decision, else back to the part one came from."""
    if verb in ENDS and file.view.phase in OPEN_PHASES:
        return queue_address(reader.question)
    return reverse(BACK.get(verb, "signal"), args=[file.row.pk]) + along(reader.question)
