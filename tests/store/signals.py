"""Registrations to hand in, and signals filed from them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from uuid import UUID

from tests.store.world import NOW, plan

from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system
from seinpost.store.actions.intake import Into, file_signal
from seinpost.store.models import Unit
from seinpost.store.received import Reading, Received, ReceivedContribution, ReceivedHit

NUMBER = count(1)
TEXT = "Betrokkene verklaarde dat de baas zijn paspoorten heeft afgenomen. Bereikbaar op 06-12345678."


def received(external_id: str = "", text: str = TEXT, **change: object) -> Received:
    """A registration that the scan flagged."""
    start = text.find("paspoorten")
    hit = ReceivedHit("DOC01", "DOC01.1", max(start, 0), max(start, 0) + 10, "affirmed", text[start : start + 10])
    contribution = ReceivedContribution("DOC01", "indicator", 3.5, "DOC01", "Papieren afgenomen", "Papers taken")
    reading = Reading("A", 3.5, "Papieren afgenomen.", "Papers taken.", "nl 1.0", (hit,), (contribution,))
    values: dict[str, object] = {
        "source": "bvh",
        "external_id": external_id or f"R{next(NUMBER)}",
        "text": text,
        "channel": "scan",
        "received_at": NOW - timedelta(hours=2),
        "reading": reading,
        **change,
    }
    return Received(**values)  # type: ignore[arg-type]


def filed(service: str, item: Received | None = None) -> UUID:
    """A signal of a service, filed by the system."""
    unit = Unit.objects.select_related("service").get(code=f"{service}-team")
    made = file_signal(acting=as_system(service), into=Into(unit), item=item or received(), now=NOW, plan=plan())
    assert not isinstance(made, Refused), made
    return made.signal
