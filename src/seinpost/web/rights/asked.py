"""A proposed right in words, as whoever answers has it before them; and the form of the answer.

The form carries the digest of what its page showed, signed for its reader: nobody agrees to what they did not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from seinpost.store.actions.staff import Answer
from seinpost.store.queries.oversight import people_by_id
from seinpost.store.queries.people import Proposed, units
from seinpost.web.forms.base import one, words
from seinpost.web.forms.people import PlainForm
from seinpost.web.pages.people import RightRow, right_row
from seinpost.web.reader import Reader

SALT = "seinpost.right"
AGREE, DISAGREE = "agree", "disagree"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposed right in words; `mine`: the reader can answer it; `seconds`: names of everybody who can."""

    key: int
    person: UUID
    name: str
    right: RightRow
    asked_by: str
    asked_at: datetime
    why: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    said: str
    mine: bool
    seconds: str


def proposal_row(one: Proposed, people: Mapping[str, str], known: Mapping[str, str], reader: Reader) -> ProposalRow:
    """A proposed right in words; `people` are names by id, `known` units by code."""
    row = one.row
    return ProposalRow(
        key=row.pk,
        person=row.person_id,
        name=row.person.name,
        right=right_row(row, reader, known),
        asked_by=people.get(row.asked_by, row.asked_by),
        asked_at=row.asked_at,
        why=one.why,
        answer=row.answer,
        answered_by=people.get(row.answered_by, row.answered_by),
        answered_at=row.answered_at,
        said=one.said,
        mine=reader.acting.person in one.seconds,
        seconds=", ".join(sorted(people.get(key, key) for key in one.seconds)),
    )


def rows_of(found: tuple[Proposed, ...], reader: Reader) -> tuple[ProposalRow, ...]:
    """Proposals in words, inside a transaction."""
    ids = {key for one in found for key in (one.row.asked_by, one.row.answered_by, *one.seconds)}
    people, known = people_by_id(ids), units(reader.acting.service, reader.language)
    return tuple(proposal_row(one, people, known, reader) for one in found)


class AnswerForm(PlainForm):
    """Agree, or not and why."""

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        choices = [(AGREE, _("Instemmen: het recht geldt dan")), (DISAGREE, _("Niet instemmen"))]
        self.fields["answer"] = one(_("Uw oordeel"), choices)
        self.fields["words"] = words(_("Toelichting"), _("Verplicht als u niet instemt; iedere beheerder leest die."))

    def answered(self, seen: str) -> Answer:
        """The answer that was given, to what was seen. Only of a form that is valid."""
        got = self.cleaned_data
        return Answer(agrees=got["answer"] == AGREE, seen=seen, words=got["words"])


def signed(digest: str, reader: Reader) -> str:
    """The digest of what a page shows, signed for its reader."""
    return signing.Signer(salt=f"{SALT}.{reader.acting.person}").sign(digest)


def unsigned(text: str, reader: Reader) -> str:
    """The digest that was signed for this reader; empty for any other text."""
    try:
        return signing.Signer(salt=f"{SALT}.{reader.acting.person}").unsign(text)
    except signing.BadSignature:
        return ""
