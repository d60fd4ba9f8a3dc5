"""The files of a signal and of a form that is not filed yet: kept with their row, erased with their line."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seinpost.packs.procedure.procedure import Procedure
from seinpost.process.commands import Attach, EraseAttachment
from seinpost.process.filing.kinds import kind_of
from seinpost.process.people import Words
from seinpost.process.shapes import Refused
from seinpost.process.verbs.attaching import file_reasons
from seinpost.store.acting import Acting, working_for
from seinpost.store.actions.versions import stored_text
from seinpost.store.files.keeping import forget, hold_files
from seinpost.store.files.vault import vault
from seinpost.store.models import Attachment, Draft, DraftFile, Signal

NAME = 200
WITH_FORM = Words("Meegekomen met de melding.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in; its name is for people to read and names nothing on a disk."""

    name: str
    content: bytes  # empty for a file that is larger than may be kept
    size: int

    @property
    def digest(self) -> str:
        """By which it is known."""
        return hashlib.sha256(self.content).hexdigest()

    def command(self, origin: str, *, shows_source: bool) -> Attach:
        """The command that adds it."""
        return Attach(
            digest=self.digest,
            media=kind_of(self.content),
            size=self.size,
            name=Words(shown_name(self.name)),
            origin=Words(stored_text(origin.strip())),
            shows_source=shows_source,
        )


def shown_name(name: str) -> str:
    """A name as it can be shown: one line, of a length that fits, never empty; the end says most."""
    line = "".join(sign if sign.isprintable() else "\ufffd" for sign in stored_text(name))
    return line.strip()[-NAME:] or "?"


def keep_file(acting: Acting, command: Attach, content: object) -> None:
    """Put the file of a command on the disk, before the chain is locked: others need not wait for the disk."""
    if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != command.digest:
        raise ValueError("the bytes of an attachment are not those of its digest")
    hold_files()
    vault().put(acting.service, content)


def store_attachment(acting: Acting, row: Signal, command: Attach, now: datetime) -> None:
    """Store the row of a file that is on the disk, inside the transaction of its event."""
    Attachment.objects.create(
        service_id=acting.service,
        signal=row,
        kind=command.media,
        size=command.size,
        digest=command.digest,
        received_at=now,
        received_by=acting.person,
        shows_source=command.shows_source,
    )


def erase_attachment(acting: Acting, row: Signal, command: EraseAttachment) -> None:
    """Erase the row with its words, inside the transaction of its event; the file goes when that is on the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seinpost_erase_attachment(%s, %s)", [row.pk, command.digest])
    transaction.on_commit(lambda: forget(acting, [command.digest]))


def add_draft_file(*, acting: Acting, draft: UUID, upload: Upload, now: datetime, plan: Procedure) -> bool | Refused:
    """Keep a file with a form; False where the person has no such form, else True, or why not."""
    with working_for(acting):
        row = Draft.objects.select_for_update().filter(pk=draft, person=UUID(acting.person)).first()
        if row is None:
            return False
        command = upload.command(WITH_FORM, shows_source=False)
        there = tuple(row.files.values_list("digest", flat=True))
        if reasons := tuple(file_reasons(plan, command, there)):
            return Refused(reasons)
        keep_file(acting, command, upload.content)
        DraftFile.objects.create(
            service_id=acting.service, person_id=UUID(acting.person), draft=row, name=command.name, kind=command.media,
            size=command.size, digest=command.digest, received_at=now,
        )  # fmt: skip
        row.changed_at = now
        row.save(update_fields=["changed_at"])
        return True


def drop_draft_file(*, acting: Acting, draft: UUID, file: int) -> bool:
    """Take a file from a form; False where there is none."""
    with working_for(acting):
        found = DraftFile.objects.filter(pk=file, draft=draft, person=UUID(acting.person))
        digests = list(found.values_list("digest", flat=True))
        found.delete()
    forget(acting, digests)
    return bool(digests)


def commands_of(files: Sequence[DraftFile], *, shows_source: bool) -> tuple[Attach, ...]:
    """The commands that add the files of a form to the signal it becomes."""
    return tuple(
        Attach(
            digest=file.digest,
            media=file.kind,
            size=file.size,
            name=Words(file.name),
            origin=WITH_FORM,
            shows_source=shows_source,
        )
        for file in files
    )
