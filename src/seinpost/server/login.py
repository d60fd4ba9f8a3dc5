"""Who may come in, and how: nobody signs up by themselves, and an identity provider speaks for its own service only."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_username
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from seinpost.server.guard.networks import client_address
from seinpost.store.models import Person
from seinpost.web.proof import HELD, proved_lately

LOG = logging.getLogger(__name__)
ANEW = frozenset(("openid_connect_callback", "saml_finish_acs"))
"""Where a provider sends somebody back: the login package ends the session there before it begins the new one."""


class LoginAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the answer is the same for everybody
        """Nobody signs up."""
        return False

    def is_reauthentication_required(self, *, app: str, **_more: Any) -> bool:
        """The login package asks for proof as our own table does: logging in just now is proof."""
        return not (app and proved_lately(context.request))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Password, code, passkey; and for who comes in through an identity provider, coming in there again."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and SocialAccount.objects.filter(user=user).exists():
            methods.append(
                {"id": "elsewhere", "description": _("Use your identity provider"), "url": reverse("prove-elsewhere")}
            )
        return methods

    def logout(self, request: HttpRequest) -> None:
        """End the session; when somebody comes in through their provider anew, the form that waits for them stays."""
        match, held = request.resolver_match, request.session.get(HELD)
        super().logout(request)
        if held and match and match.view_name in ANEW:
            request.session[HELD] = held

    def pre_authenticate(self, request: HttpRequest, **_credentials: Any) -> None:
        """Limit wrong passwords by address; by name they are the lock-out's, which is recorded and can be lifted."""
        self._login_failed_rl_usage = ratelimit.consume(request, app="allauth.account", action="password_failed")
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that counts for limits and the list of sessions."""
        return client_address(request)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted with a key made from the secret key of the installation."""

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return locksmith().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A stored secret; of another secret key one that no code fits, so that the factor must be reset."""
        try:
            return locksmith().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            LOG.error("a second factor was stored under another SEINPOST_SECRET_KEY: nobody can use it, reset it")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a passkey says it is for."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Seinpost"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the package names it so
        """The name of a new passkey: people rename it."""
        return f"Passkey {user.authenticator_set.filter(type=type).count() + 1}"


def locksmith() -> Fernet:
    """What secrets are encrypted with."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()))


class ProviderAdapter(DefaultSocialAccountAdapter):
    """A login through a service's identity provider is one of a person of that service who was made before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Nobody signs up, not through a provider either."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first login to the person it names, if, and only if, of the provider's service and the only one."""
        service = settings.PROVIDER_SERVICE.get(sociallogin.account.provider, "")
        if sociallogin.state.get("process") != "login":
            raise unknown(request)  # nobody connects anything by themselves
        if sociallogin.is_existing:
            if sociallogin.user.service_id != service or not sociallogin.user.is_active:
                raise unknown(request)
            return
        emails = [one.email for one in sociallogin.email_addresses if one.verified]
        person = named(service, user_username(sociallogin.user) or "", emails)
        if person is None:
            LOG.warning("provider %s vouches for somebody who is not known here", sociallogin.account.provider)
            raise unknown(request)
        sociallogin.connect(request, person)


def unknown(request: HttpRequest) -> ImmediateHttpResponse:
    """The answer to somebody whom nobody made."""
    return ImmediateHttpResponse(render(request, "seinpost/account/unknown.html", status=403))


def named(service: str, login: str, emails: list[str]) -> Person | None:
    """The active person of the service whom a provider names, by login or by proved e-mail address.

    Only somebody who is not connected to another subject yet: a name that was given out again opens nothing.
    """
    people = Person.objects.filter(service__code=service, is_active=True, socialaccount__isnull=True)
    if login and (found := people.filter(login=login).first()):
        return found
    found_all = [person for email in emails if email for person in people.filter(provider_email__iexact=email)[:2]]
    return found_all[0] if len(found_all) == 1 else None
