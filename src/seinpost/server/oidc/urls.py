"""The two addresses of a login through OpenID Connect, as the login package names them."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from seinpost.server.oidc.provider import CheckedAdapter


def with_adapter(kind: Any) -> Any:
    """A view of the login package, for the provider that the address names."""

    @login_not_required
    def view(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            answer: HttpResponse = kind.adapter_view(CheckedAdapter(request, provider_id))(request)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
        return answer

    return view


urlpatterns = [
    path("oidc/<str:provider_id>/login/", with_adapter(OAuth2LoginView), name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", with_adapter(OAuth2CallbackView), name="openid_connect_callback"),
]
