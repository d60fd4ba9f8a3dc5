"""When and from where a session was last used, kept for the list of sessions; not written at every page."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.internal.usersessionkit import track_activity
from django.http import HttpRequest, HttpResponse

from seinpost.server.guard.idle import SEEN, SEEN_STEP_SECONDS
from seinpost.server.guard.networks import client_address

CLIENT = "seinpost_client"


class Activity:
    """Keep the activity of a session if, and only if, its last use is old enough to be stored again, or what it is used
    from changed: the package's own middleware writes a row for every page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep what is new, and go on."""
        session, client = request.session, [client_address(request), request.headers.get("user-agent", "")[:200]]
        if session.get(CLIENT) != client or time.time() - session.get(SEEN, 0) > SEEN_STEP_SECONDS:
            track_activity(request, user=request.user, session=session)
            if request.user.is_authenticated and session.get(CLIENT) != client:
                session[CLIENT] = client
        return self.get_response(request)
