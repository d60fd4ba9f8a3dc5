"""Proof of who somebody is: how fresh it is, which acts ask for it first, and the form that waits in the meantime."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from seinpost.packs.procedure.terms import Verb

HELD = "seinpost_held"
LONGEST_HELD = 200_000  # characters of a form that is kept in the session
TOKEN = "csrfmiddlewaretoken"


class Danger(str, Enum):
    """Why an act asks for proof: what somebody could do at a screen that was left open."""

    EMERGENCY = "emergency access"
    RIGHTS = "who may do or read what"
    ACCESS = "how somebody comes in"
    SILENCE = "rules that are silent"
    BULK = "many signals at once"
    SOURCE = "the name of a protected source"


@dataclass(frozen=True, slots=True)
class Asks:
    """An address that asks for proof; of one that does every verb, only this verb; only above this many signals."""

    danger: Danger
    address: str
    verb: Verb | None = None
    above: int = 0


BULK_ABOVE = 20
DANGEROUS = (
    Asks(Danger.EMERGENCY, "glass-break"),
    Asks(Danger.RIGHTS, "person-new"),
    Asks(Danger.RIGHTS, "person-right"),
    Asks(Danger.RIGHTS, "person-right-end"),
    Asks(Danger.RIGHTS, "right-answer"),
    Asks(Danger.RIGHTS, "right-withdraw"),
    Asks(Danger.RIGHTS, "person-training"),
    Asks(Danger.RIGHTS, "person-leave"),
    Asks(Danger.RIGHTS, "key-new"),
    Asks(Danger.RIGHTS, "key-renew"),
    Asks(Danger.RIGHTS, "key-end"),
    Asks(Danger.RIGHTS, "signal-act", Verb.LIFT_RESTRICTION),
    Asks(Danger.ACCESS, "person-factor"),
    Asks(Danger.ACCESS, "person-sessions"),
    Asks(Danger.ACCESS, "person-unlock"),
    Asks(Danger.SILENCE, "signal-act", Verb.SUPPRESS),
    Asks(Danger.SILENCE, "silence-end"),
    Asks(Danger.BULK, "queue-together", above=BULK_ABOVE),
    Asks(Danger.BULK, "queue-deal", above=BULK_ABOVE),
    Asks(Danger.SOURCE, "signal-source"),
    Asks(Danger.SOURCE, "signal-attachment"),  # of a file that shows who the source is
)


def last_proof(request: HttpRequest) -> float:
    """The moment at which this session last proved who it is, by whatever means; 0 for never."""
    return max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)


def proved_lately(request: HttpRequest) -> bool:
    """Whether the proof is fresh: logging in counts, a passkey or code counts, a while later nothing does."""
    return 0 <= time.time() - last_proof(request) < settings.PROOF_SECONDS


def ask_proof(request: HttpRequest, *, verb: Verb | None = None, count: int = 1) -> HttpResponse | None:
    """Where to go first, if, and only if, the table says that this asks for proof and there is no fresh one.

    For after the policy said yes: whoever may not do something is told that, not asked for a password.
    """
    name = request.resolver_match.view_name if request.resolver_match else ""
    asked = any(one.address == name and one.verb in (None, verb) and count > one.above for one in DANGEROUS)
    return go_and_prove(request) if asked and not proved_lately(request) else None


def go_and_prove(request: HttpRequest) -> HttpResponse:
    """To the page that asks for a password, code or passkey, and back to here; a form that was sent waits there."""
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back_to(request)})}")


def back_to(request: HttpRequest) -> str:
    """The address to come back to: this one, or that of the form which waits."""
    if request.method != "POST":
        return request.get_full_path()
    return reverse("held") if hold(request) else reverse("today")


def hold(request: HttpRequest) -> bool:
    """Keep a form that was sent, for its sender only, until it is sent again or dropped; False when it cannot be."""
    fields = [[name, value] for name in request.POST for value in request.POST.getlist(name) if name != TOKEN]
    if request.FILES or sum(len(name) + len(value) for name, value in fields) > LONGEST_HELD:
        messages.warning(request, _("Uw formulier was te groot om te bewaren of had een bestand; vul het opnieuw in."))
        return False
    request.session[HELD] = {"person": str(request.user.pk), "path": request.get_full_path(), "fields": fields}
    return True


def let_go(request: HttpRequest) -> None:
    """Forget the form that waits, once it is sent again."""
    held = request.session.get(HELD)
    if held and request.method == "POST" and held["path"] == request.get_full_path():
        del request.session[HELD]
