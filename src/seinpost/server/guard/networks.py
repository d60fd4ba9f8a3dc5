"""Where a request comes from, and whether the service of who makes it allows that place."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seinpost.store.machines.places import address_of, allows
from seinpost.store.models import Person

LOG = logging.getLogger(__name__)


def client_address(request: HttpRequest, *_more: object) -> str:
    """The address of the client: what the outermost of our own proxies saw, never what a client says of itself."""
    forwarded = request.headers.get("x-forwarded-for", "")
    return address_of(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)


class Networks:
    """Refuse, and log out, whoever works from a place that their service does not allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request through, or end its session."""
        person = request.user
        if not settings.NETWORKS or not isinstance(person, Person):
            return self.get_response(request)
        address = client_address(request)
        if allows(settings.NETWORKS, person.service_id, address):
            return self.get_response(request)
        LOG.warning("refused: person %s of %s from %s", person.pk, person.service_id, address)
        logout(request)
        return render(request, "seinpost/account/elsewhere.html", {"address": address}, status=403)
