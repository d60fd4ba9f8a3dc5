"""The idle lock and the longest a session lasts; whoever proves again who they are goes on where they were."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from seinpost.web.proof import HELD, back_to, go_and_prove, last_proof, let_go

SINCE, SEEN, LOCKED = "seinpost_since", "seinpost_seen", "seinpost_locked"
SEEN_STEP_SECONDS = 30
"""The moment a session was last used is stored no more often than this: a page is no reason to write."""
WAYS_OUT = frozenset(
    (
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "prove-elsewhere",
        "openid_connect_login",
        "openid_connect_callback",
        "saml_login",
        "saml_acs",
        "saml_finish_acs",
        "account_logout",
        "preferences",
    )
)
"""What a locked session may still do: prove who it is by any means, leave, change the language."""


@receiver(user_logged_in, dispatch_uid="seinpost-session-starts")
def start(request: HttpRequest, **_more: Any) -> None:
    """A session lasts from the last time that somebody logged in."""
    request.session[SINCE] = time.time()
    request.session.pop(LOCKED, None)


class IdleLock:
    """Lock a session that was not used for a while; end one that lasted long enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request through, or keep its form and ask who it is."""
        if request.path.startswith(settings.STATIC_URL) or not request.user.is_authenticated:
            return self.get_response(request)
        now = time.time()
        if now - request.session.setdefault(SINCE, now) > settings.SESSION_SECONDS:
            return end(request)
        if locked(request, now) and not is_way_out(request):
            return go_and_prove(request)
        let_go(request)
        return self.get_response(request)


def locked(request: HttpRequest, now: float) -> bool:
    """Whether the session is locked: it was left alone too long, and nobody proved since who they are."""
    session = request.session
    if now - session.get(SEEN, now) > settings.IDLE_SECONDS:
        session.setdefault(LOCKED, now)
    if LOCKED in session and last_proof(request) > session[LOCKED]:
        del session[LOCKED]
    if now - session.get(SEEN, 0) > SEEN_STEP_SECONDS:
        session[SEEN] = now
    return LOCKED in session


def is_way_out(request: HttpRequest, names: frozenset[str] = WAYS_OUT) -> bool:
    """Whether a request is for one of these addresses: by default what a locked session may still ask."""
    try:
        return resolve(request.path_info).view_name in names
    except Resolver404:
        return False


def end(request: HttpRequest) -> HttpResponse:
    """End a session; a form that was just sent waits until the same person is back in this browser."""
    back = back_to(request)
    held = request.session.get(HELD)
    logout(request)
    if held:
        request.session[HELD] = held
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
