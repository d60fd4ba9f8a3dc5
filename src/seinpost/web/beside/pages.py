"""Two signals beside each other, and the versions of one text, as their pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seinpost.link import find_entities
from seinpost.packs.procedure.terms import Verb
from seinpost.process.speech import reference
from seinpost.report.view import Mark
from seinpost.store.actions.versions import KEY_LENGTH, stored_text
from seinpost.store.queries.file import SignalFile, Version
from seinpost.web.beside.changes import Folded, Tally, changed
from seinpost.web.pages import signal as pages
from seinpost.web.pages.words import forms_told, kind_told, phase_told
from seinpost.web.reader import Reader, names, plan
from seinpost.web.reading import Stretch, stretches
from seinpost.web.registration import folded_in, title

Key = tuple[str, str]
SAME = "same"
"""The kind of a mark on what two texts share."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two signals."""

    reference: str
    url: str
    title: str
    reading: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that both name: the number of its marks, and the signals in whose latest text it stands no more."""

    number: int
    label: str
    gone_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of both."""

    name: str
    left: str
    right: str

    @property
    def same(self) -> bool:
        """Whether there is no difference."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Beside:
    """The page: both signals, what is the same in words, what both name, and their facts."""

    sides: tuple[Side, Side]
    equal: tuple[str, ...]
    shared: tuple[Shared, ...]
    facts: tuple[FactRow, ...]
    join_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A version that can be chosen."""

    number: int
    label: str
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True)
class Versions:
    """The page: which versions there are, and what changed between two of them."""

    choices: tuple[Choice, ...]
    reading: tuple[Stretch, ...]
    summary: str


def beside(left: SignalFile, right: SignalFile, reader: Reader) -> Beside:
    """Two signals that the reader may both open."""
    both = {key: number for number, key in enumerate(sorted({*left.keys} & {*right.keys}), start=1)}
    sides = side(left, both, reader), side(right, both, reader)
    found = [(one.reference, keys_in(file)) for one, file in zip(sides, (left, right), strict=True)]
    shared = tuple(
        Shared(number, label(key), tuple(name for name, keys in found if key not in keys))
        for key, number in both.items()
    )
    can_join = pages.can(left, Verb.JOIN, reader)
    join = f"{reverse('signal-act', args=[left.row.pk, Verb.JOIN.value])}?other={sides[1].reference}"
    return Beside(sides, equal(left, right), shared, fact_rows(left, right, reader), join if can_join else "")


def side(file: SignalFile, both: Mapping[Key, int], reader: Reader) -> Side:
    """One signal with its latest words, and marks on what the other names too."""
    latest = file.versions[-1]
    marks = [
        Mark(one.span.start, one.span.end, SAME, label(key), "")
        for one in find_entities(latest.text)
        if (key := key_of(one.kind.value, one.key)) in both
    ]
    numbers = {label(key): number for key, number in both.items()}
    read = stretches(
        latest.text, marks, folded_in(file, latest, reader), names(), reader.language, numbers=numbers
    )  # fmt: skip
    return Side(
        reference(file.view.service, file.row.number),
        reverse("signal", args=[file.row.pk]),
        title(file, reader),
        tuple(replace(one, pieces=tuple(replace(piece, anchor="") for piece in one.pieces)) for one in read),
    )


def keys_in(file: SignalFile) -> frozenset[Key]:
    """What the latest words name; the keys of a signal are those of all its versions."""
    return frozenset(key_of(one.kind.value, one.key) for one in find_entities(file.versions[-1].text))


def key_of(kind: str, key: str) -> Key:
    """A key as it is stored."""
    return kind, stored_text(key)[:KEY_LENGTH]


def label(key: Key) -> str:
    """What both name, in words."""
    return f"{kind_told(key[0])} {key[1]}"


def equal(left: SignalFile, right: SignalFile) -> tuple[str, ...]:
    """What is the same from the first byte to the last, in words."""
    said = []
    if left.row.digest == right.row.digest:
        said.append(_("De teksten zijn woord voor woord gelijk, zoals ze binnenkwamen."))
        if left.versions[-1].text != right.versions[-1].text:
            said.append(_("Sindsdien is er een gecorrigeerd: hieronder staan de laatste versies."))
    elif left.versions[-1].text == right.versions[-1].text:
        said.append(_("De laatste versies zijn woord voor woord gelijk; zoals ze binnenkwamen verschilden ze."))
    files = len(files_of(left) & files_of(right))
    if files:
        count = ngettext(
            "%(count)s bijlage is hetzelfde bestand.", "%(count)s bijlagen zijn dezelfde bestanden.", files
        )
        said.append(count % {"count": files})
    return tuple(said)


def files_of(file: SignalFile) -> frozenset[str]:
    """The files of a signal by their content; none that is erased, or shows a source."""
    kept = (one for one in file.view.attachments if one.erased_at is None and not one.shows_source)
    return frozenset(one.digest for one in kept)


def fact_rows(left: SignalFile, right: SignalFile, reader: Reader) -> tuple[FactRow, ...]:
    """The facts of both by their names, in the order of the page of a signal; what they name stands in the texts."""
    ours, theirs = facts(left, reader), facts(right, reader)
    return tuple(
        FactRow(name, ours.get(name, "") or "–", theirs.get(name, "") or "–")
        for name in dict.fromkeys([*ours, *theirs])
    )


def facts(file: SignalFile, reader: Reader) -> dict[str, str]:
    """The facts of one by name."""
    row, view, english = file.row, file.view, reader.language == "en"
    urgency = [_("Levensgevaar")] * view.urgency.risk_to_life + [_("Minderjarig")] * view.urgency.minor
    found = {
        _("Ontvangen"): moment(view.received_at),
        _("Geregistreerd"): moment(row.registered_at),
        _("Kanaal"): plan().channels[view.channel].label.told(reader.language),
        _("Eenheid"): row.unit.name_en if english else row.unit.name_nl,
        _("Fase"): phase_told(view.phase, plan(), reader.language),
        _("Vormen"): forms_told(sorted(view.forms), names(), reader.language),
        _("Spoed"): ", ".join(urgency),
        _("Laag"): row.layer,
        _("Som"): f"{row.score:.1f}" if row.score is not None else "",
        _("Eigenaar"): file.names.get(str(row.owner_id), ""),
    }
    kinds = {kind_told(kind) for kind, _key in file.keys}
    for fact in pages.facts(file, reader):
        if fact.name not in kinds:
            found[fact.name] = f"{found[fact.name]}, {fact.value}" if fact.name in found else fact.value
    return found


def moment(when: datetime | None) -> str:
    """A moment by the clock on the wall."""
    return date_format(localtime(when), "j F Y H:i") if when else ""


# --- the versions of one text ---------------------------------------------------------------------------------------


def versions(file: SignalFile, earlier: str, later: str, reader: Reader) -> Versions:
    """What changed between two versions; those that an address names, else the last two."""
    numbers = [one.number for one in file.versions]
    to = chosen(later, numbers[1:], numbers[-1])
    of = chosen(earlier, [n for n in numbers if n < to], max([n for n in numbers if n < to], default=numbers[0]))
    known = {one.number: one for one in file.versions}
    read, count = changed(folded(file, known[of], reader), folded(file, known[to], reader), names(), reader.language)
    choices = tuple(Choice(one.number, told(one, file), one.number == of, one.number == to) for one in file.versions)
    return Versions(choices, read, summary(count))


def chosen(text: str, numbers: Sequence[int], otherwise: int) -> int:
    """The version that an address names; for anything else the one that a reader most likely wants."""
    return next((number for number in numbers if str(number) == text), otherwise)


def folded(file: SignalFile, version: Version, reader: Reader) -> Folded:
    """A version with what of it is folded."""
    return Folded(version.text, folded_in(file, version, reader))


def told(version: Version, file: SignalFile) -> str:
    """A version in words: its number, when it came, and who wrote it down if that was a person."""
    parts = [_("Versie %(number)s") % {"number": version.number}, moment(version.recorded_at)]
    return ", ".join([*parts, *filter(None, [file.names.get(version.recorded_by, "")])])


def summary(count: Tally) -> str:
    """The changes counted, in words."""
    if not count.places:
        return _("Er is geen verschil.")
    places = ngettext("Op %(n)s plaats veranderd", "Op %(n)s plaatsen veranderd", count.places) % {"n": count.places}
    if not count.words_out + count.words_in:
        return _("%(places)s: alleen leestekens of wit.") % {"places": places}
    out = ngettext("%(n)s woord weg", "%(n)s woorden weg", count.words_out) % {"n": count.words_out}
    new = ngettext("%(n)s woord erbij", "%(n)s woorden erbij", count.words_in) % {"n": count.words_in}
    return f"{places}: {out}, {new}."
