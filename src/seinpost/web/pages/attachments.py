"""The files of a signal as their page shows them, each with its custody line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from seinpost.packs.procedure.terms import ListName, Verb
from seinpost.process.events import AttachmentErased
from seinpost.process.policy import may
from seinpost.process.shapes import Allowed, Attachment
from seinpost.store.queries.file import SignalFile, Source
from seinpost.web.pages.signal import act_url, can
from seinpost.web.reader import Reader, plan


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One file. Without `url` it cannot be fetched: it was erased, or it shows a protected source."""

    number: int
    name: str
    kind: str
    size: str
    digest: str
    by: str
    at: datetime
    origin: str
    url: str
    erased_by: str
    erased_at: datetime | None
    erased_why: str


@dataclass(frozen=True, slots=True)
class AttachmentsView:
    """The page."""

    rows: tuple[AttachmentRow, ...]
    add_url: str
    erase_url: str


def attachments(file: SignalFile, reader: Reader) -> AttachmentsView:
    """Every file with who brought it, when and from where; erased ones keep that."""
    there = any(one.erased_at is None for one in file.view.attachments)
    return AttachmentsView(
        rows=tuple(row(file, one, reader) for one in file.view.attachments),
        add_url=act_url(file, Verb.ATTACH) if can(file, Verb.ATTACH, reader) else "",
        erase_url=act_url(file, Verb.ERASE_ATTACHMENT) if there and can(file, Verb.ERASE_ATTACHMENT, reader) else "",
    )


def row(file: SignalFile, one: Attachment, reader: Reader) -> AttachmentRow:
    """One file for a reader."""
    seen = file.source_open or not one.shows_source
    open_ = (seen or file.source is Source.SEALED) and one.erased_at is None and can_fetch(file, reader)
    name = str(one.name) if seen else _("Beschermd: kan laten zien wie de bron is")
    return AttachmentRow(
        number=one.number,
        name=_("Gewist bestand") if one.erased_at else name,
        kind=plan().lists[ListName.ATTACHMENTS][one.kind].label.told(reader.language),
        size=filesizeformat(one.size),
        digest=one.digest,
        by=file.names.get(one.by) or _("Het systeem"),
        at=one.at,
        origin=str(one.origin) if seen else "",
        url=reverse("signal-attachment", args=[file.row.pk, one.number]) if open_ else "",
        erased_by=(file.names.get(one.erased_by) or _("Het systeem")) if one.erased_at else "",
        erased_at=one.erased_at,
        erased_why=erased_why(file, one),
    )


def can_fetch(file: SignalFile, reader: Reader) -> bool:
    """Whether the policy lets the reader fetch files of this signal."""
    return isinstance(may(file.actor, Verb.DOWNLOAD, file.view.thing, file.purpose, reader.now), Allowed)


def erased_why(file: SignalFile, one: Attachment) -> str:
    """Why a file was erased, as whoever did it wrote."""
    for event in file.events:
        if isinstance(event.fact, AttachmentErased) and (event.fact.digest, event.at) == (one.digest, one.erased_at):
            return str(event.fact.words)
    return ""
