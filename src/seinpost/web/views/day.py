"""The first page of the day, the search box, and what a reader sets for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.people import CHOSEN
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.own import keep_search, read_notices, set_language, sign_conduct
from seinpost.store.log import Look, record_look
from seinpost.store.queries.scope import reaches
from seinpost.store.queries.search import saved_searches, search
from seinpost.store.queries.today import own_tasks, today
from seinpost.web.context import SCHEMES, SIZES, first_page
from seinpost.web.pages.day import SearchView, TodayView, kept_questions, search_view, today_view
from seinpost.web.pages.queue import query
from seinpost.web.pages.words import number_of
from seinpost.web.reader import CONDUCT, PASSAGES, PURPOSE, Reader, for_people, reader_of
from seinpost.web.views.queue import number, purpose_of

LONGEST = 200  # characters of a question
YEAR = 365 * 24 * 3600


@require_GET
@for_people
def show(request: HttpRequest) -> HttpResponse:
    """The reader's day; who has no work on signals and is asked nothing goes to the first page of their menu."""
    reader = reader_of(request)
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        first = first_page({grant.role.value for grant in actor.grants})
        reads = first == "today" or reaches(actor, reader.now, Verb.SEARCH)
        if not reads and not own_tasks(actor, reader.now):
            return redirect(first)
        found = today(actor, reader.now, reader.distress)
        looked(reader, Verb.SEARCH, purpose_of(actor), "today", len(found.mine))
    view: TodayView = today_view(found, reader, reads=reads)
    return render(request, "seinpost/day/today.html", {"today": view})


@require_GET
@for_people
def find(request: HttpRequest) -> HttpResponse:
    """One box over everything the reader may see."""
    reader = reader_of(request)
    asked = question(request)
    with working_for(reader.acting):
        actor = actor_of(reader.acting, reader.now)
        if not reaches(actor, reader.now, Verb.SEARCH):
            raise Http404
        wanted = number(request.GET.get("bladzijde", ""))
        found = search(actor, asked, number_of(asked), reader.now, wanted, distress=reader.distress)
        saved = saved_searches(actor)
        looked(reader, Verb.SEARCH, purpose_of(actor), asked, len(found.page.rows))
    view: SearchView = search_view(found, asked, reader)
    context = {"search": view, "saved": kept_questions(saved, asked), "query": asked}
    return render(request, "seinpost/day/search.html", context)


@require_POST
@for_people
def keep_question(request: HttpRequest) -> HttpResponse:
    """Keep what was typed in the search box under a name."""
    reader, asked = reader_of(request), question(request)
    if asked and keep_search(
        acting=reader.acting, name=request.POST.get("name", "") or asked, query={"q": asked}, default=False
    ):
        messages.success(request, _("De zoekvraag is bewaard."))
    else:
        messages.error(request, _("Geef de zoekvraag een naam. U kunt er hoogstens dertig bewaren, met filters erbij."))
    return redirect(reverse("search") + query({"q": asked}))


def question(request: HttpRequest) -> str:
    """What is asked of the search box."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]


def looked(reader: Reader, verb: Verb, purpose: Purpose, subject: str, count: int) -> None:
    """Record a look at a list, in the transaction that reads it."""
    record_look(Look(acting=reader.acting, at=reader.now, purpose=purpose, verb=verb, subject=subject, count=count))


@require_POST
@for_people
def notices(request: HttpRequest) -> HttpResponse:
    """Put the notices away that the reader has seen."""
    reader = reader_of(request)
    read_notices(acting=reader.acting, now=reader.now)
    return redirect("today")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, light or dark, size of the text, distressing passages folded or shown; the language is the person's.

    The purpose to work for is kept in the session: whoever logs in next chooses again.
    """
    back = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    answer = redirect(back if safe else reverse("today"))
    language = request.POST.get("language", "")
    if language in ("nl", "en") and check_for_language(language):
        answer.set_cookie(
            "django_language", language, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
        if request.user.is_authenticated:
            set_language(acting=reader_of(request).acting, language=language)
    purpose = request.POST.get("purpose")
    if request.user.is_authenticated and purpose in ("", *(one.value for one in CHOSEN)):
        request.session[PURPOSE] = purpose
    for name, allowed in (("size", SIZES), ("scheme", SCHEMES), ("passages", PASSAGES)):
        if (chosen := request.POST.get(name, "")) in allowed:
            answer.set_cookie(name, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return answer


@require_http_methods(["GET", "POST"])
def conduct(request: HttpRequest) -> HttpResponse:
    """Sign the code of conduct before the first use."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    reader = reader_of(request)
    if request.method == "POST":
        if request.POST.get("agree") == "yes":
            sign_conduct(acting=reader.acting, version=CONDUCT, now=reader.now)
            return redirect("today")
        messages.error(request, _("Zonder akkoord kunt u Seinpost niet gebruiken."))
    anew = bool(reader.person.code_of_conduct_signed_at)
    return render(request, "seinpost/day/conduct.html", {"version": CONDUCT, "anew": anew})
