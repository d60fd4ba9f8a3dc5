"""Who may come in, and how: nobody signs up by themselves, and an identity provider speaks for its own service only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseForbidden
from django.utils.translation import gettext as _

from seinpost.store.models import Person


class LoginAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the answer is the same for everybody
        """Nobody signs up."""
        return False


class ProviderAdapter(DefaultSocialAccountAdapter):
    """A login through a service's identity provider is one of a person of that service who was made before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Nobody signs up, not through a provider either."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first login to the person of that login name, if, and only if, of the provider's service."""
        if sociallogin.is_existing:
            return
        service = settings.PROVIDER_SERVICE.get(sociallogin.account.get_provider().app.provider_id)
        claims = sociallogin.account.extra_data
        name = claims.get("preferred_username") or claims.get("userinfo", {}).get("preferred_username") or ""
        person = Person.objects.filter(login=name, service__code=service, is_active=True).first()
        if service is None or not name or person is None:
            said = _("This identity provider does not know you as a person of its service. Ask your administrator.")
            raise ImmediateHttpResponse(HttpResponseForbidden(said, content_type="text/plain; charset=utf-8"))
        sociallogin.connect(request, person)
