"""The proof that every file that should be there is, and is what it was; read as the owner, who sees every service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from seinpost.errors import FileError
from seinpost.store.audit.stored import OWNER, with_snapshot
from seinpost.store.files.keeping import held_for_owner
from seinpost.store.files.vault import vault
from seinpost.store.models import Attachment, CaseEvent, DraftFile

KINDS = ("attached", "attachment-erased")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A file that is not what the chain says, in both languages."""

    en: str
    nl: str

    def told(self, language: str) -> str:
        """The misfit in "nl" or "en"."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class FilesVerdict:
    """How many files were read whole and found the same, every misfit, and files that nothing points at."""

    checked: int
    misfits: tuple[Misfit, ...]
    strays: int


def verify_files() -> FilesVerdict:
    """Read every file whole: the chain says which must be there; the rows and the disk must say the same."""
    with held_for_owner():
        with transaction.atomic(using=OWNER, durable=True):
            with_snapshot()
            said, rows = said_by_chain(), kept_rows()
            wanted = {(service, digest) for service, _, digest in rows}
            drafts = set(DraftFile.objects.using(OWNER).values_list("service", "digest"))
        misfits = [*differences(said, rows), *unreadable(wanted | drafts)]
        held = {(service, name) for service, name, _ in vault().held()}
    return FilesVerdict(len(wanted | drafts), tuple(misfits), len(held - wanted - drafts))


def said_by_chain() -> set[tuple[str, str, str]]:
    """Service, signal and digest of every file that was added and not erased, by the events."""
    there: set[tuple[str, str, str]] = set()
    rows = CaseEvent.objects.using(OWNER).filter(kind__in=KINDS).order_by("service", "number")
    for service, signal, kind, body in rows.values_list("service", "signal", "kind", "body").iterator(chunk_size=5000):
        key = (service, str(signal), json.loads(body)["fact"]["digest"])
        if kind == KINDS[0]:
            there.add(key)
        else:
            there.discard(key)
    return there


def kept_rows() -> set[tuple[str, str, str]]:
    """The same by the rows."""
    rows = Attachment.objects.using(OWNER).values_list("service", "signal", "digest")
    return {(service, str(signal), digest) for service, signal, digest in rows}


def differences(said: set[tuple[str, str, str]], rows: set[tuple[str, str, str]]) -> Iterator[Misfit]:
    """Where the rows say something else than the chain."""
    for service, signal, digest in sorted(said - rows):
        yield Misfit(
            f"{service} {signal}: the chain has attachment {digest}, its row is missing",
            f"{service} {signal}: de keten heeft bijlage {digest}, de rij ontbreekt",
        )
    for service, signal, digest in sorted(rows - said):
        yield Misfit(
            f"{service} {signal}: a row has attachment {digest}, the chain does not",
            f"{service} {signal}: een rij heeft bijlage {digest}, de keten niet",
        )


def unreadable(wanted: set[tuple[str, str]]) -> Iterator[Misfit]:
    """Every file that is missing, changed or cannot be opened, by service and digest."""
    files = vault()
    for service, digest in sorted(wanted):
        try:
            files.get(service, digest)
        except FileError as error:
            yield Misfit(error.en, error.nl)
