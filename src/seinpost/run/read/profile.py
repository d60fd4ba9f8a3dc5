"""A source profile says which column is what in a service's export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["utf-8", "cp1252", "latin-1"]
DateOrder = Literal["year-first", "day-first"]


@dataclass(frozen=True, slots=True)
class SourceProfile:
    """How to read one service's export. Several text columns are joined with a blank line between them.

    `registered_at` names a column with the moment of registration; a moment without a zone is taken to be in
    `time_zone` (an IANA name), and without `time_zone` such a column is refused. `date_order` tells how dates
    written as text begin: 2026-11-27 or 27-11-2026. `keep` names columns copied unchanged to the signals. `protected`
    is the compartment of the source, where every row comes from one that must stay hidden; `identifies` names those of
    the kept columns that tell who that is (none named: all of them may). The scan only passes both on.
    """

    name: str = "registrations"
    id_column: str = "registration_id"
    text_columns: tuple[str, ...] = ("text",)
    registered_at: str | None = None
    time_zone: str | None = None
    date_order: DateOrder = "year-first"
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    keep: tuple[str, ...] = ()
    protected: str = ""
    identifies: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that must be there, each once."""
        wanted = (self.id_column, *self.text_columns, *([self.registered_at] if self.registered_at else []), *self.keep)
        return tuple(dict.fromkeys(wanted))
