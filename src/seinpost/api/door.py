"""What every request passes: the language, the method, the key, and the head and body within their bounds."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from seinpost.api.openapi import VERSION
from seinpost.api.problems import Problematic, answer_for
from seinpost.api.shapes import MOST_BYTES
from seinpost.api.words import ALLOWED, LANGUAGES, Fault, told
from seinpost.store.machines.keys import Admitted, Limit, Scope, TurnedAway, Why, admit, charge
from seinpost.store.machines.places import address_of, allows

LONGEST_KEY = 200
View = Callable[..., HttpResponse]
FAULTS = {
    Why.UNKNOWN: Fault.NO_KEY,
    Why.ENDED: Fault.ENDED_KEY,
    Why.SCOPE: Fault.MISSING_SCOPE,
    Why.PLACE: Fault.OTHER_NETWORK,
    Why.TOO_MANY: Fault.TOO_MANY,
}


def language_of(request: HttpRequest) -> str:
    """The language that a machine asks for; Dutch when it asks for none we speak. No cookie and no person decides."""
    for wanted, quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500].lower()):
        if wanted[:2] in LANGUAGES and quality > 0:
            return wanted[:2]
    return LANGUAGES[0]


def for_machines(*methods: str) -> Callable[[View], View]:
    """An address of the API: these methods only, every problem told as one. No cookie counts, so none can be abused."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: object) -> HttpResponse:
            language = language_of(request)
            try:
                if request.method not in methods:
                    raise Problematic(Fault.NOT_ALLOWED, ", ".join(methods), headers={"Allow": ", ".join(methods)})
                answer = view(request, language, **kwargs)
            except Problematic as problem:
                answer = answer_for(problem, language)
            answer.headers["API-Version"] = VERSION
            answer.headers["Content-Language"] = language
            patch_vary_headers(answer, ["Accept-Language"])
            return answer

        return guarded

    return wrap


def limit() -> Limit:
    """What one key may hand in within a minute."""
    return Limit(settings.API_PER_MINUTE)


def machine_of(request: HttpRequest, scope: Scope) -> Admitted:
    """The machine behind a request; raises Problematic for one that is turned away."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip() or len(secret) > LONGEST_KEY:
        raise refusal(TurnedAway(Why.UNKNOWN))
    forwarded = request.headers.get("x-forwarded-for", "")
    address = address_of(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)
    found = admit(
        secret=secret.strip(),
        scope=scope,
        limit=limit(),
        now=timezone.now(),
        comes_from=lambda service: allows(settings.NETWORKS, service, address),
    )
    if isinstance(found, TurnedAway):
        raise refusal(found)
    return found


def charged(machine: Admitted, registrations: int) -> None:
    """Count the registrations of a request beyond the first; raises Problematic when they are too many."""
    turned = charge(admitted=machine, registrations=registrations - 1, limit=limit(), now=timezone.now())
    if turned is not None:
        raise refusal(turned)


def refusal(turned: TurnedAway) -> Problematic:
    """The problem of a machine that is turned away."""
    headers = {}
    fault = FAULTS[turned.why]
    if fault.value.status in (401, 403):
        error = ', error="insufficient_scope"' if turned.why is Why.SCOPE else ""
        headers["WWW-Authenticate"] = f'Bearer realm="seinpost"{error}'
    if turned.wait:
        headers["Retry-After"] = str(turned.wait)
    return Problematic(fault, headers=headers)


def body_of(request: HttpRequest, language: str) -> bytes:
    """The body of a request; no more than allowed is ever read."""
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    packed = request.headers.get("Content-Encoding", "identity").lower()
    if request.content_type != "application/json" or charset not in ("utf-8", "utf8") or packed != "identity":
        takes = {"Accept-Post": "application/json", "Accept-Encoding": "identity"}
        raise Problematic(Fault.NOT_JSON_TYPE, headers=takes)
    length = request.headers.get("Content-Length", "")
    if not (length.isascii() and length.isdigit()):
        raise Problematic(Fault.NO_LENGTH)
    if len(length) > 12 or int(length) > MOST_BYTES:
        raise Problematic(Fault.TOO_LARGE, told(ALLOWED["bytes"], language))
    try:
        data = request.read(int(length) + 1)
    except UnreadablePostError:
        raise Problematic(Fault.CUT_SHORT) from None
    if len(data) != int(length):
        raise Problematic(Fault.CUT_SHORT)
    return data
