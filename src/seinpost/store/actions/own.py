"""What people do for themselves: read their notices, choose a language, sign the code of conduct."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from seinpost.store.acting import Acting, working_for
from seinpost.store.log import append_record
from seinpost.store.models import Notice, Person


def read_notices(*, acting: Acting, now: datetime) -> int:
    """Put away every notice of the acting person; how many there were."""
    with working_for(acting):
        return Notice.objects.filter(person=UUID(acting.person), read_at__isnull=True).update(read_at=now)


def set_language(*, acting: Acting, language: str) -> None:
    """Keep the language a person reads in."""
    with working_for(acting):
        Person.objects.filter(pk=UUID(acting.person)).update(language=language)


def sign_conduct(*, acting: Acting, now: datetime) -> None:
    """Sign the code of conduct, once; the chain tells that and when."""
    with working_for(acting):
        signed = Person.objects.filter(pk=UUID(acting.person), code_of_conduct_signed_at__isnull=True)
        if signed.update(code_of_conduct_signed_at=now):
            append_record(acting.service, "conduct-signed", acting.person, now, {})
