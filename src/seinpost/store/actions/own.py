"""What people do for themselves: read notices, choose a language and mail, keep searches, sign the code of conduct."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession

from seinpost.store.acting import Acting, working_for
from seinpost.store.actions.staff import end_these
from seinpost.store.actions.versions import stored_text
from seinpost.store.log import append_record
from seinpost.store.models import Notice, Person, SavedSearch

MOST_SEARCHES = 30  # that one person can keep
NAME_LENGTH = 80


def read_notices(*, acting: Acting, now: datetime) -> int:
    """Put away every notice of the acting person; how many there were."""
    with working_for(acting):
        return Notice.objects.filter(person=UUID(acting.person), read_at__isnull=True).update(read_at=now)


def set_language(*, acting: Acting, language: str) -> None:
    """Keep the language a person reads in."""
    with working_for(acting):
        Person.objects.filter(pk=UUID(acting.person)).update(language=language)


def set_mail(*, acting: Acting, address: str, hour: int | None) -> None:
    """Keep where a person wants mail (empty: nowhere) and from which hour the day's digest; no hour: no digest."""
    with working_for(acting):
        Person.objects.filter(pk=UUID(acting.person)).update(email=address, digest_hour=hour)


def sign_conduct(*, acting: Acting, version: str, now: datetime) -> None:
    """Sign a version of the code of conduct, once; the chain tells which and when."""
    with working_for(acting):
        signs = Person.objects.filter(pk=UUID(acting.person)).exclude(code_of_conduct_version=version)
        if signs.update(code_of_conduct_signed_at=now, code_of_conduct_version=version):
            append_record(acting.service, "code-of-conduct-signed", acting.person, now, {"version": version})


def keep_search(*, acting: Acting, name: str, query: Mapping[str, str], default: bool) -> bool:
    """Keep a search under a name, in place of one of that name; False without a name, or when there are too many."""
    name = stored_text(name).strip()[:NAME_LENGTH]
    if not name:
        return False
    with working_for(acting):
        owner = Person.objects.select_for_update().get(pk=UUID(acting.person))  # one at a time: the count must hold
        mine = SavedSearch.objects.filter(person=owner)
        if not mine.filter(name=name).exists() and mine.count() >= MOST_SEARCHES:
            return False
        kept = {"query": {key: stored_text(value) for key, value in query.items()}}
        row, _ = SavedSearch.objects.update_or_create(service_id=acting.service, person=owner, name=name, defaults=kept)
        if default:
            mine.filter(is_default=True).update(is_default=False)
            mine.filter(pk=row.pk).update(is_default=True)
        return True


def choose_default(*, acting: Acting, search: int | None) -> None:
    """Let the queue open with a search the acting person keeps; None: with everything."""
    with working_for(acting):
        owner = Person.objects.select_for_update().get(pk=UUID(acting.person))
        mine = SavedSearch.objects.filter(person=owner)
        mine.filter(is_default=True).update(is_default=False)
        if search is not None:
            mine.filter(pk=search).update(is_default=True)


def drop_search(*, acting: Acting, search: int) -> None:
    """Throw away a search the acting person keeps."""
    with working_for(acting):
        SavedSearch.objects.filter(person=UUID(acting.person), pk=search).delete()


def end_own_sessions(*, acting: Acting, keep: str, key: int | None = None) -> int:
    """End the acting person's own sessions but the one they work in, or only the one with this number; how many."""
    with working_for(acting):
        rows = UserSession.objects.filter(user=UUID(acting.person)).exclude(session_key=keep)
        return end_these(rows if key is None else rows.filter(pk=key))
