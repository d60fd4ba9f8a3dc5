"""Every fault Seinpost raises, in one tree.

    SeinpostError
    |-- PackError            a rule pack is wrong: file, line, value, what is allowed
    |-- PatternError         one pattern does not parse or would explode: text, column, reason
    |-- InputError           a source cannot be read at all: path, what is wrong, what is allowed
    |-- OutputError          a result cannot be written: path exists, disk full, not writable
    |-- RunError             a finished or interrupted run does not prove itself: ledger, digest, resume
    |-- DatabaseError        the database cannot be made, started, reached or trusted
    |-- FileError            a kept file is missing, was changed, or cannot be kept
    |-- MailError            a mail is not taken: this one, or none because the mail server is away
    `-- SettingError         an option or setting has a value that is not allowed

A fault is an exception. A refusal (an allowed question with the answer no) is a value: `seinpost.types.Refused`.
Bad rows are neither: they go to the quarantine file and the run goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class SeinpostError(Exception):
    """Any fault that a user can be told about in one message, in English and, where it has one, in Dutch."""

    exit_code: int = 1

    def __init__(self, en: str, nl: str | None = None) -> None:
        self.en, self.nl = en, nl if nl is not None else en
        super().__init__(en)

    def told(self, language: str) -> str:
        """The message in "nl" or "en"."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands: path, 1-based line, and the dotted field."""

    path: Path
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        field = f" ({self.field})" if self.field else ""
        return f"{self.path}{line}{field}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: its place, the offending value, what is wrong, what is allowed."""

    place: Place
    problem: str
    value: str | None = None
    allowed: str | None = None

    def __str__(self) -> str:
        value = f": {self.value!r}" if self.value is not None else ""
        allowed = f" (allowed: {self.allowed})" if self.allowed else ""
        return f"{self.place}: {self.problem}{value}{allowed}"


class PackError(SeinpostError):
    """A rule pack is refused; `faults` names every fault found, not just the first."""

    exit_code = 3

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class PatternError(SeinpostError):
    """A pattern does not parse, or costs more than allowed; `column` is 0-based in `text`."""

    exit_code = 3

    def __init__(self, text: str, column: int, problem: str, allowed: str | None = None) -> None:
        self.text = text
        self.column = column
        self.problem = problem
        self.allowed = allowed
        hint = f" (allowed: {allowed})" if allowed else ""
        super().__init__(f"{problem} at column {column + 1} of {text!r}{hint}")


class InputError(SeinpostError):
    """A source cannot be read at all, so nothing was scanned from it."""

    exit_code = 4


class OutputError(SeinpostError):
    """A result cannot be written; nothing half-written is left under its final name."""

    exit_code = 5


class RunError(SeinpostError):
    """A run does not prove itself: its ledger, its digests or its resume state do not agree."""

    exit_code = 6


class DatabaseError(SeinpostError):
    """The database cannot be made, started or reached, or what it holds does not prove itself."""

    exit_code = 8


class FileError(SeinpostError):
    """A file that is kept beside the database is missing or changed, or a new one cannot be kept."""

    exit_code = 9


class MailError(SeinpostError):
    """A mail is not taken; `away`: the server takes none now, so the others need not be tried."""

    exit_code = 10

    def __init__(self, en: str, nl: str | None = None, *, away: bool) -> None:
        super().__init__(en, nl)
        self.away = away


class SettingError(SeinpostError):
    """An option or setting has a value that is not allowed."""

    exit_code = 2
