"""What people keep for themselves: their saved searches."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from seinpost.process.people import Actor
from seinpost.store.models import SavedSearch


@dataclass(frozen=True, slots=True)
class Saved:
    """A search somebody keeps; `query` is what the address of the queue says."""

    key: int
    name: str
    query: dict[str, str]
    is_default: bool


def saved_searches(actor: Actor) -> tuple[Saved, ...]:
    """The searches the actor keeps, by name; inside the transaction that works for them."""
    rows = SavedSearch.objects.filter(person=UUID(actor.id)).order_by("name")
    return tuple(Saved(*row) for row in rows.values_list("pk", "name", "query", "is_default"))
