"""Rows that could not be scanned: each with its place and its reason, none of them silently gone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum


class Reason(str, Enum):
    """Why a row is in quarantine."""

    NOT_UTF8 = "not_utf8"
    NO_ID = "no_id"
    NO_TEXT = "no_text"
    DUPLICATE_ID = "duplicate_id"
    WRONG_FIELDS = "wrong_fields"
    NOT_JSON = "not_json"
    WRONG_TYPE = "wrong_type"
    BAD_TIME = "bad_time"


SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.NOT_UTF8: ("De tekst is geen geldige UTF-8.", "The text is not valid UTF-8."),
    Reason.NO_ID: ("De registratie heeft geen nummer.", "The registration has no id."),
    Reason.NO_TEXT: ("De registratie heeft geen tekst.", "The registration has no text."),
    Reason.DUPLICATE_ID: ("Dit nummer kwam al eerder voor.", "This id was seen before."),
    Reason.WRONG_FIELDS: ("Het aantal velden klopt niet.", "The number of fields is wrong."),
    Reason.NOT_JSON: ("De regel is geen JSON-object.", "The line is not a JSON object."),
    Reason.WRONG_TYPE: ("Een veld heeft een verkeerd type.", "A field has the wrong type."),
    Reason.BAD_TIME: ("De tijd is niet te lezen of bestaat niet.", "The time cannot be read or does not exist."),
}


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One row set apart. `row` counts rows of the source from 0; `line` counts lines from 1 where the format has
    lines.
    """

    source: str
    row: int
    reason: Reason
    line: int | None = None
    registration_id: str | None = None
    field: str | None = None
    value: str | None = None
    allowed: str | None = None

    def as_json(self) -> str:
        """One line of quarantine.jsonl; `value` is cut to 80 characters so that no whole text lands there."""
        nl, en = SENTENCES[self.reason]
        record = {
            "source": self.source,
            "row": self.row,
            "line": self.line,
            "registration_id": self.registration_id,
            "reason": self.reason.value,
            "field": self.field,
            "value": None if self.value is None else self.value[:80],
            "allowed": self.allowed,
            "detail_nl": nl,
            "detail_en": en,
        }
        return json.dumps(record, ensure_ascii=True, separators=(",", ":"))
