"""The second factor: whoever must have one sets it up before any other page opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from seinpost.server.guard.idle import WAYS_OUT, is_way_out
from seinpost.store.acting import as_person, working_for
from seinpost.store.models import Grant, Person

HAS = "seinpost_factor"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
EVERYBODY = "all"
SETTING_UP = frozenset(
    ("factor-start", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes")
)


@receiver([authenticator_added, authenticator_removed], dispatch_uid="seinpost-factor-changes")
def look_again(request: HttpRequest, **_more: Any) -> None:
    """What a session knows of its second factor is asked again after a change."""
    request.session.pop(HAS, None)


class SecondFactor:
    """Lead whoever must have a second factor and has none to the page where one is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request through, or lead it to the setting up."""
        if settings.SECOND_FACTOR and not may_pass(request):
            return HttpResponseRedirect(reverse("factor-start"))
        return self.get_response(request)


def may_pass(request: HttpRequest) -> bool:
    """Whether a request goes through: nobody's, of setting up or leaving, or of somebody who needs no more."""
    person = request.user
    if request.path.startswith(settings.STATIC_URL) or not isinstance(person, Person):
        return True
    if request.session.get(HAS) or is_way_out(request, SETTING_UP | WAYS_OUT):
        return True
    if is_mfa_enabled(person, FACTORS):
        request.session[HAS] = True
        return True
    return asked_elsewhere(request) or not must(person)


def asked_elsewhere(request: HttpRequest) -> bool:
    """Whether the identity provider that vouched for this session is said to ask for a second factor itself."""
    return any(
        record.get("method") == "socialaccount" and record.get("provider") in settings.PROVIDERS_WITH_FACTOR
        for record in get_authentication_records(request, request.user)
    )


def must(person: Person) -> bool:
    """Whether somebody must have a second factor: everybody, or who has one of the roles now."""
    if EVERYBODY in settings.SECOND_FACTOR:
        return True
    now = timezone.now()
    with working_for(as_person(person)):
        running = Grant.objects.filter(person=person, starts__lte=now, ends__gt=now)
        return running.filter(role__in=sorted(settings.SECOND_FACTOR)).exists()
