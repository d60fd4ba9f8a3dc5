"""The words of one signal as its reader wants them: title, text, reasons, with distressing passages folded or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from seinpost.report.distress import Fold, folds, folds_in
from seinpost.report.view import Mark
from seinpost.store.queries.file import SignalFile, Version
from seinpost.store.queries.queue import Heading, heading
from seinpost.web.reader import Reader, names, plan
from seinpost.web.reading import Reason, Stretch, reasons, sheltered, stretches


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of the words."""

    number: int
    recorded_at: datetime
    reading: tuple[Stretch, ...]


def folded_in(file: SignalFile, version: Version, reader: Reader) -> tuple[Fold, ...]:
    """What is folded of a version: what was found in it, and what was found in the first and stands there again."""
    return folds_in(version.text, file.versions[0].text, file.marks, reader.distress, version.marks)


def read_version(file: SignalFile, version: Version, reader: Reader) -> tuple[Stretch, ...]:
    """A version without its marks."""
    return stretches(version.text, (), folded_in(file, version, reader), names(), reader.language)


def reading(file: SignalFile, reader: Reader) -> tuple[Stretch, ...]:
    """The latest words; the marks of the scan belong to the first version only."""
    latest = file.versions[-1]
    marks: tuple[Mark, ...] = file.explained.marks if file.explained is not None and latest.number == 1 else ()
    return stretches(latest.text, marks, folded_in(file, latest, reader), names(), reader.language)


def version_rows(file: SignalFile, reader: Reader) -> tuple[VersionRow, ...]:
    """Every version, newest first."""
    return tuple(VersionRow(v.number, v.recorded_at, read_version(file, v, reader)) for v in reversed(file.versions))


def title(file: SignalFile, reader: Reader) -> str:
    """What stands above the page: what the service called it, else its first words, as in the queue."""
    first = file.versions[0] if file.versions else None
    found = heading(
        str(file.row.details.get("title") or ""),
        first.text if first else "",
        file.marks,
        reader.distress,
    )
    return heading_told(found) or plan().channels[file.view.channel].label.told(reader.language)


def heading_told(found: Heading) -> str:
    """A title in words; of a text that is folded to its last word, that it is."""
    return found.text or (_("Ingevouwen: aangrijpende passage") if found.folded else "")


def reasons_of(file: SignalFile, reader: Reader) -> tuple[list[Reason], list[Reason]]:
    """What speaks for it and what against, without the words of what is folded."""
    if file.explained is None:
        return [], []
    text = file.explained.text
    folded = folds(text, file.marks, reader.distress)
    speaks_for, against = reasons(file.explained, reader.language)
    return sheltered(speaks_for, text, folded), sheltered(against, text, folded)
