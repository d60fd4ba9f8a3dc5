"""What goes in and comes out over the API, as pydantic models: the schema and the page are made from these.

What each field means stands in `seinpost.api.words`, in two languages.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MOST_ITEMS = 500
MOST_BYTES = 5_242_880
LONGEST_ID = 200
LONGEST_TEXT = 100_000
MOST_KEPT = 20
EARLIEST, LATEST = datetime.fromisoformat("1900-01-01T00:00:00+00:00"), datetime.fromisoformat("2200-01-01T00:00:00Z")


def written(value: object) -> object:
    """A moment is written out; pydantic by itself would read any number as seconds since 1970."""
    if not isinstance(value, str) or value.strip().lstrip("+-").replace(".", "").isdigit():
        raise ValueError("a moment as text")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(written, json_schema_input_type=str), Field(ge=EARLIEST, lt=LATEST)]
Number = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ID, pattern=r"^[^\x00-\x1f\x7f]+$")
]
KeptName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
KeptValue = Annotated[str, StringConstraints(max_length=1000)]


class Model(BaseModel):
    """What every shape has: no unknown fields, and nothing guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Registration(Model):
    """One registration."""

    registration_id: Number
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
    registered_at: Moment | None = None
    kept: Annotated[dict[KeptName, KeptValue], Field(max_length=MOST_KEPT)] = {}


class Envelope(Model):
    """What is around the registrations of a request; each of these is read by itself, so one fault stops no other."""

    registrations: Annotated[list[Any], Field(min_length=1)]
    lane: Literal["daily", "historical"] = "daily"


class Handed(Envelope):
    """The body of a request."""

    registrations: Annotated[list[Registration], Field(min_length=1, max_length=MOST_ITEMS)]


class Result(str, Enum):
    """What became of one registration."""

    FILED = "filed"
    NOT_FLAGGED = "not-flagged"
    KNOWN = "known"
    NEW_VERSION = "new-version"
    REFUSED = "refused"


class FieldFault(Model):
    """What is wrong with one field."""

    pointer: str
    value: str | None
    allowed: str
    detail: str


class Outcome(Model):
    """What became of one registration of the request."""

    registration_id: str | None
    result: Result
    signal: str | None = None
    errors: tuple[FieldFault, ...] = ()


class Account(Model):
    """The account of an import: received is the sum of all other counts."""

    id: UUID
    source: str
    unit: str
    lane: str
    digest: str
    pack: str
    started_at: datetime
    finished_at: datetime | None
    received: int
    filed: int
    known: int
    new_version: int
    refused: int
    not_flagged: int


class Answer(Model):
    """The answer to a request: the account, and what became of each registration, in the order of the request."""

    account: Account
    results: tuple[Outcome, ...]


class Problem(Model):
    """Why a request could not be carried out, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldFault, ...] = ()
