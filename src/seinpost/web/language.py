"""In which language a page speaks: what was chosen here, else what the person reads, else Dutch.

Not what the browser says: many work machines are set up in English, and Dutch comes first.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from seinpost.store.models import Person

LANGUAGES = ("nl", "en")


class Language:
    """Middleware, after the one that knows who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Speak one language for the length of a request."""
        language = self.language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            answer = self.get_response(request)
        answer.headers.setdefault("Content-Language", language)
        return answer

    def language_of(self, request: HttpRequest) -> str:
        """The language of a request."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in LANGUAGES:
            return chosen
        if isinstance(request.user, Person) and request.user.language in LANGUAGES:
            return request.user.language
        return LANGUAGES[0]
