"""One attachment for its reader: opened only if the policy allows, and recorded in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seinpost.packs.procedure.terms import Refusal, Verb
from seinpost.process.filing.kinds import KINDS, Kind
from seinpost.process.fold import fold
from seinpost.process.shapes import Allowed, Reason, Refused
from seinpost.store.acting import Acting, actor_of, working_for
from seinpost.store.files.vault import vault
from seinpost.store.log import Look, history, record_look
from seinpost.store.models import Signal
from seinpost.store.queries.file import UNKNOWN, Source, source_for, why

GONE = Refused((Reason(Refusal.UNKNOWN_ATTACHMENT.value),))


@dataclass(frozen=True, slots=True)
class Opened:
    """An attachment as it is handed out; it has no name from outside."""

    signal: int  # number of the signal
    number: int
    kind: Kind
    content: bytes


def open_attachment(
    *, acting: Acting, signal: UUID, number: int, now: datetime, proved: bool = False
) -> Opened | Refused | None:
    """Hand out a file, or say why not; None: only to who `proved` just now who they are, it shows a protected source.

    For somebody of another service there is none.
    Raises FileError when the file is missing or was changed; then nothing was handed out and nothing recorded.
    """
    with working_for(acting, reach="all"):
        events = history(signal)
        row = Signal.objects.filter(pk=signal).values_list("number", flat=True).first()
        if not events or row is None:
            return UNKNOWN
        actor, view = actor_of(acting, now), fold(events)
        purpose, verdict = why(actor, view, now, Verb.DOWNLOAD)
        found = next((one for one in view.attachments if one.number == number), None)
        shows = found is not None and found.shows_source
        source = source_for(actor, view, purpose, now, proved=proved) if shows else Source.OPEN
        if isinstance(verdict, Allowed) and source is Source.SHUT:
            verdict = Refused((Reason(Refusal.COMPARTMENT.value),))
        if isinstance(verdict, Allowed) and (found is None or found.erased_at):
            return GONE
        if isinstance(verdict, Allowed) and source is Source.SEALED:
            return None
        subject = f"{number} {found.digest}" if found else str(number)
        refused = verdict.reasons[0].code if isinstance(verdict, Refused) else ""
        record_look(
            Look(
                acting=acting, at=now, purpose=purpose, verb=Verb.DOWNLOAD, signal=signal, subject=subject,
                refused=refused,
            )
        )  # fmt: skip
        if isinstance(verdict, Refused) or found is None:
            return verdict if isinstance(verdict, Refused) else GONE
        return Opened(row, number, KINDS[found.kind], vault().get(acting.service, found.digest))
