"""Somebody's own account: second factor, sessions, the form that waits, and proof through an identity provider."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seinpost.store.actions.own import end_own_sessions
from seinpost.web.pages.people import factors, held_words, sessions_of
from seinpost.web.proof import HELD
from seinpost.web.reader import for_people, reader_of


@require_GET
@for_people
def overview(request: HttpRequest) -> HttpResponse:
    """How I come in, and where I am logged in."""
    reader = reader_of(request)
    context = {"factors": factors(reader.person), "sessions": sessions_of(reader.person, request)}
    return render(request, "seinpost/account/overview.html", context)


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Choose a second factor; for whoever must have one and has none nothing else opens."""
    reader = reader_of(request)
    context = {"factors": factors(reader.person), "reset_at": reader.person.factor_reset_at}
    return render(request, "seinpost/account/start.html", context)


@require_POST
@for_people
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """End one of my other sessions."""
    return tell_ended(request, key)


@require_POST
@for_people
def end_others(request: HttpRequest) -> HttpResponse:
    """End all my other sessions."""
    return tell_ended(request, None)


def tell_ended(request: HttpRequest, key: int | None) -> HttpResponse:
    """End sessions of the reader's own, and say how many."""
    ended = end_own_sessions(acting=reader_of(request).acting, keep=request.session.session_key or "", key=key)
    said = ngettext("%(n)s sessie is beëindigd.", "%(n)s sessies zijn beëindigd.", ended) % {"n": ended}
    messages.success(request, said)
    return redirect("account")


@require_http_methods(["GET", "POST"])
@login_required
def held(request: HttpRequest) -> HttpResponse:
    """The form that was kept while its sender proved who they are: send it after all, or throw it away."""
    kept: dict[str, Any] | None = request.session.get(HELD)
    if kept is None or kept["person"] != str(request.user.pk) or request.method == "POST":
        request.session.pop(HELD, None)
        return redirect("today")
    context = {"path": kept["path"], "fields": kept["fields"], "words": held_words(kept["fields"])}
    return render(request, "seinpost/account/held.html", context)


@require_GET
@login_required
def prove(request: HttpRequest) -> HttpResponse:
    """Prove who one is by coming in through the identity provider again."""
    accounts = SocialAccount.objects.filter(user=request.user)
    ways = [
        (account.get_provider().name, account.get_provider().get_login_url(request, process="login", **again(request)))
        for account in accounts
    ]
    return render(request, "seinpost/account/prove.html", {"ways": ways})


def again(request: HttpRequest) -> dict[str, str]:
    """What a provider is asked: to let the person log in anew, and to come back to where they were."""
    return {"auth_params": "prompt=login", "next": request.GET.get("next", reverse("today"))}


@require_POST
@login_required
def here(_request: HttpRequest) -> HttpResponse:
    """Say that one is still here: the request itself puts the idle lock off."""
    return HttpResponse(status=204)
