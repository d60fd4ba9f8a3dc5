"""An OpenID Connect provider of the test's own: a real server with real keys, that can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

SECRET = "een geheim van de client dat lang genoeg is"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


@dataclass
class Provider:
    """What it says of whom, and which lie it tells: "" for none."""

    url: str = ""
    lie: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)  # what each code was given out for
    exchanged: list[str] = field(default_factory=list)

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": "https://iemand.anders.example" if self.lie == "discovery" else self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, question: dict[str, str]) -> str:
        """Log somebody in; where their browser goes then."""
        code = f"code{len(self.asked)}"
        self.asked[code] = question
        return f"{question['redirect_uri']}?{urlencode({'code': code, 'state': question['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Exchange a code, once, for the client that proves it asked for it; None: refused."""
        asked = self.asked.get(form.get("code", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        fits = asked and asked["code_challenge"] == challenge and asked["code_challenge_method"] == "S256"
        if not asked or not fits or form.get("client_secret") != SECRET or form["code"] in self.exchanged:
            return None
        self.exchanged.append(form["code"])
        return {"access_token": "toegang", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        """The token, with the lie in it."""
        told = {
            **self.claims, "iss": self.url, "aud": asked["client_id"], "nonce": asked["nonce"],
            "exp": int(time.time()) + 300, "iat": int(time.time()),
        }  # fmt: skip
        lies: dict[str, dict[str, Any]] = {
            "issuer": {"iss": "https://iemand.anders.example"},
            "audience": {"aud": "een-andere-client"},
            "party": {"azp": "een-andere-client"},
            "nonce": {"nonce": "0" * 64},
            "expired": {"exp": int(time.time()) - 300},
            "nobody": {"sub": ""},
        }
        told |= lies.get(self.lie, {})
        if self.lie == "no nonce":
            del told["nonce"]
        if self.lie == "unsigned":
            return jwt.encode(told, "", algorithm="none", headers={"kid": "1"})
        if self.lie == "shared secret":
            return jwt.encode(told, SECRET, algorithm="HS256", headers={"kid": "1"})
        return jwt.encode(told, OTHER_KEY if self.lie == "signature" else KEY, algorithm="RS256", headers={"kid": "1"})

    def userinfo(self) -> dict[str, Any]:
        """What it tells of whoever holds the access token."""
        return {**self.claims, "sub": "iemand anders"} if self.lie == "userinfo" else self.claims

    def keys(self) -> dict[str, Any]:
        """Its public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}


LIES = (
    *("discovery", "issuer", "audience", "party", "nonce", "no nonce", "expired", "nobody", "userinfo"),
    *("signature", "unsigned", "shared secret"),
)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that listens."""
    provider = Provider()

    class Answer(BaseHTTPRequestHandler):
        """One request."""

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Everything but the exchange of a code."""
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                question = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_header("Location", provider.authorize(question))
                self.end_headers()
                return
            answers = {
                "/.well-known/openid-configuration": provider.metadata,
                "/keys": provider.keys,
                "/userinfo": provider.userinfo,
            }
            self.answer(answers[parts.path]())

        def do_POST(self) -> None:
            """The exchange of a code."""
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(provider.token({name: values[0] for name, values in parse_qs(sent).items()}))

        def answer(self, said: dict[str, Any] | None) -> None:
            body = json.dumps(said or {"error": "invalid_grant"}).encode()
            self.send_response(200 if said else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    provider.url = f"http://127.0.0.1:{server.server_port}"
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
