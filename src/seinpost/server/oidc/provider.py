"""OpenID Connect with everything checked that the standard lets a client check, whatever else vouches for the answer.

The login package skips the signature when the token came over TLS, sends no nonce, and takes the subject of the
userinfo answer without comparing it. Here the signature, issuer, audience, nonce and both subjects must be right.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from jwt import PyJWTError, get_unverified_header
from requests import RequestException

SIGNED_BY_KEY_PAIR = frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"))
"""With these only the provider can sign; with a shared secret, or "none", anybody could who knows the client."""


def nonce_of(verifier: str) -> str:
    """The nonce that belongs to a PKCE verifier: one secret of the session, two uses that cannot be told apart."""
    return hashlib.sha256(b"nonce " + verifier.encode()).hexdigest()


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    """One login through a provider."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; refused when it is not the provider that was asked."""
        try:
            found: dict[str, Any] = super().openid_config
            issuer, asked = found["issuer"], self.get_provider().app.settings["server_url"]
        except (RequestException, ValueError, KeyError) as error:
            raise OAuth2Error(f"the provider does not say what it is: {error!r}") from error
        if issuer.rstrip("/") != asked.partition("/.well-known/")[0].rstrip("/"):
            raise OAuth2Error(f"the provider at {asked} says it is {issuer}")
        return found

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Exchange the code; the verifier says which nonce the answer must hold."""
        if not pkce_code_verifier:
            raise OAuth2Error("this login was not started here")
        self.nonce = nonce_of(pkce_code_verifier)
        data: dict[str, Any] = super().get_access_token_data(request, app, client, pkce_code_verifier)
        return data

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Whom the provider vouches for; raises OAuth2Error for whatever is not right."""
        try:
            claims = self.checked(app, str(kwargs["response"]["id_token"]))
            data: dict[str, Any] = {"id_token": claims}
            if "userinfo_endpoint" in self.openid_config:
                data["userinfo"] = self._fetch_user_info(token.token)
                if data["userinfo"]["sub"] != claims["sub"]:
                    raise OAuth2Error("the provider tells of somebody else than it vouches for")
        except (KeyError, TypeError, ValueError, PyJWTError) as error:
            raise OAuth2Error(f"the provider's answer cannot be read: {error!r}") from error
        return self.get_provider().sociallogin_from_response(request, data)

    def checked(self, app: Any, id_token: str) -> dict[str, Any]:
        """The claims of an identity token that is signed by the provider, for us, for this login."""
        if get_unverified_header(id_token).get("alg") not in SIGNED_BY_KEY_PAIR:
            raise OAuth2Error("the token is not signed by a key of the provider")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the token is for another client")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), self.nonce.encode()):
            raise OAuth2Error("the token is not of this login")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise OAuth2Error("the token names nobody")
        return claims


class CheckedProvider(OpenIDConnectProvider):
    """A provider: always with PKCE, always with a nonce."""

    oauth2_adapter_class = CheckedAdapter

    def get_pkce_params(self) -> dict[str, str]:
        """The challenge of this login, with the nonce that goes with it."""
        params: dict[str, str] = super().get_pkce_params()
        return {**params, "nonce": nonce_of(params["code_verifier"])}

    def redirect(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send somebody to the provider; the page of a failed login when it is not there."""
        try:
            answer: HttpResponse = super().redirect(request, process, *args, **kwargs)
        except OAuth2Error as error:
            answer = render_authentication_error(request, self, exception=error)
        return answer


provider_classes = [CheckedProvider]
