"""Who reads a page, in which language, at which moment; and the rules and names that pages are made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language

from seinpost.packs import load_pack
from seinpost.packs.pack import Pack
from seinpost.packs.procedure import load_procedure
from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose
from seinpost.process.people import CHOSEN
from seinpost.report.distress import NOTHING, Distress
from seinpost.report.view import Names
from seinpost.score.sentences import names as pack_names
from seinpost.store.acting import Acting, as_person
from seinpost.store.models import Person
from seinpost.web.whence import NAME, kept

View = Callable[..., HttpResponse]
CONDUCT = "2026-11"
"""The version of the code of conduct (templates/seinpost/day/conduct.html); with a new one everybody signs again."""

PURPOSE = "seinpost_purpose"
"""Where a session keeps the purpose that was chosen."""
PASSAGES = ("folded", "shown")
"""What a reader can choose for distressing passages; the first unless they do."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The person behind a request. `now` is taken once, so that a page agrees with itself.

    `distress` is what they want folded, `question` that of the queue from which they came.
    """

    person: Person
    acting: Acting
    language: str
    now: datetime
    distress: Distress = NOTHING
    question: str = ""


@cache
def plan() -> Procedure:
    """The procedure in force; read once, as it only changes with an upgrade."""
    return load_procedure()


@cache
def pack() -> Pack:
    """The pack that names things on pages."""
    return load_pack()


@cache
def names() -> Names:
    """Names of indicators, forms, contexts and layers."""
    return pack_names(pack())


@cache
def distress() -> Distress:
    """What is distressing by the pack."""
    return Distress(frozenset(one.code for one in pack().indicators if one.distressing), pack().abbreviations)


def warm() -> None:
    """Read the procedure, the pack and the largest templates, before somebody asks for a page."""
    plan()
    names()
    distress()
    get_template("seinpost/queue/list.html")
    get_template("seinpost/signal/read.html")


def passages_of(request: HttpRequest) -> str:
    """Whether somebody wants distressing passages folded or shown; folded, unless they chose."""
    chosen = request.COOKIES.get("passages", "")
    return chosen if chosen in PASSAGES else PASSAGES[0]


def reader_of(request: HttpRequest) -> Reader:
    """The reader of a request by somebody who is logged in."""
    person = cast(Person, request.user)
    language = "en" if (get_language() or "nl").startswith("en") else "nl"
    wanted = distress() if passages_of(request) == PASSAGES[0] else NOTHING
    question = kept(request.GET.get(NAME, ""))
    return Reader(person, as_person(person, chosen_purpose(request)), language, timezone.now(), wanted, question)


def chosen_purpose(request: HttpRequest) -> Purpose | None:
    """The purpose somebody chose to work for in this session; None when they chose none."""
    chosen = request.session.get(PURPOSE, "")
    return next((one for one in CHOSEN if one.value == chosen), None)


def for_people(view: View) -> View:
    """Only for somebody who is logged in and has signed the code of conduct as it stands now."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if cast(Person, request.user).code_of_conduct_version != CONDUCT:
            return redirect("conduct")
        return view(request, *args, **kwargs)

    return guarded
