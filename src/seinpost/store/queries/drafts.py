"""The forms somebody is still filling in, and whether one was filed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seinpost.store.acting import Acting, working_for
from seinpost.store.models import Draft, Signal

SOURCE = "melding"
"""The source of everything that is filed by form; the key of the form is the external id."""


@dataclass(frozen=True, slots=True)
class BegunFile:
    """A file that was added to a form."""

    id: int
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that is not filed yet."""

    id: UUID
    answers: Mapping[str, list[str]]
    made_at: datetime
    changed_at: datetime
    files: tuple[BegunFile, ...] = ()


def own_drafts(acting: Acting) -> tuple[Begun, ...]:
    """Everything the person is still filling in, the last changed first."""
    with working_for(acting):
        rows = Draft.objects.filter(person=UUID(acting.person)).order_by("-changed_at", "pk")
        return tuple(Begun(row.pk, row.answers, row.made_at, row.changed_at) for row in rows)


def own_draft(acting: Acting, draft: UUID) -> Begun | None:
    """One form of the person; None where there is none."""
    with working_for(acting):
        row = Draft.objects.filter(pk=draft, person=UUID(acting.person)).first()
        if row is None:
            return None
        files = row.files.order_by("pk").values_list("pk", "name", "kind", "size")
        return Begun(row.pk, row.answers, row.made_at, row.changed_at, tuple(BegunFile(*file) for file in files))


def filed_from(acting: Acting, draft: UUID) -> UUID | None:
    """The signal that a form became; None while it is none."""
    with working_for(acting):
        return Signal.objects.filter(source=SOURCE, external_id=str(draft)).values_list("pk", flat=True).first()
