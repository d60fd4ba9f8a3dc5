"""Keep an officer's form between two questions, and drop it; filing erases it (`actions.intake.file_signal`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from seinpost.store.acting import SYSTEM, Acting, as_system, working_for
from seinpost.store.actions.versions import stored_text
from seinpost.store.files.keeping import forget
from seinpost.store.log import append_record
from seinpost.store.models import Draft


def begin_draft(*, acting: Acting, now: datetime) -> UUID:
    """Begin a form; its key is also what keeps it from being filed twice."""
    with working_for(acting):
        person = UUID(acting.person)
        return Draft.objects.create(
            service_id=acting.service, person_id=person, made_at=now, changed_at=now
        ).pk  # fmt: skip


def keep_answer(*, acting: Acting, draft: UUID, question: str, answer: Sequence[str], now: datetime) -> bool:
    """Keep the answer to one question, an empty one too; False where the person has no such form."""
    with working_for(acting):
        row = Draft.objects.select_for_update().filter(pk=draft, person=UUID(acting.person)).first()
        if row is None:
            return False
        row.answers = {**row.answers, question: [stored_text(text) for text in answer]}
        row.changed_at = now
        row.save(update_fields=["answers", "changed_at"])
        return True


def end_drafts(*, service: str, before: datetime, now: datetime) -> int:
    """Destroy the forms of a service that were last changed before a moment, with their files; how many.

    Their number is in the chain, for each service that had any: nothing is destroyed without a trace.
    """
    acting = as_system(service)
    with working_for(acting):
        with connection.cursor() as cursor:
            cursor.execute("SELECT draft, digests FROM seinpost_expire_drafts(%s)", [before])
            ended = cursor.fetchall()
        if ended:
            facts = {"count": len(ended), "before": before.isoformat()}
            append_record(service, "drafts-destroyed", SYSTEM, now, facts)
    forget(acting, [digest for _draft, digests in ended for digest in digests])
    return len(ended)


def drop_draft(*, acting: Acting, draft: UUID) -> bool:
    """Erase a form that will not be filed; False where the person has no such form."""
    with working_for(acting):
        found = Draft.objects.filter(pk=draft, person=UUID(acting.person))
        digests = list(found.filter(files__isnull=False).values_list("files__digest", flat=True))
        dropped = bool(found.delete()[0])
    forget(acting, digests)
    return dropped
