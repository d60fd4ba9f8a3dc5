"""What a person had before them when they decided: shown with the form, sealed in it, kept with the decision.

A form of a decision carries what its page showed, signed. When it comes back, what is there now is held against it:
something new to read is shown first, and only what was shown is recorded as seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seinpost.errors import InputError
from seinpost.packs.procedure.terms import Verb
from seinpost.process import events as e
from seinpost.process.codec import sealed, sight_from_plain, sight_to_plain
from seinpost.process.people import Words
from seinpost.process.shapes import Sight
from seinpost.process.speech import reference
from seinpost.store.queries.bulk import Standing
from seinpost.store.queries.file import Relations, SignalFile, Source
from seinpost.web.pages.following import Happened, line, names_source
from seinpost.web.pages.signal import RelatedRow, related
from seinpost.web.reader import Reader

SALT = "seinpost.seen"
PAGE, PREVIEW = "page", "preview"
DECIDES = frozenset(
    (
        *(Verb.CONFIRM, Verb.DISMISS, Verb.JOIN, Verb.UNSURE, Verb.POSTPONE),
        *(Verb.SUBMIT, Verb.WEIGH, Verb.AGREE, Verb.DISAGREE, Verb.CLOSE),
    )
)
QUIET = (
    *(e.Taken, e.Released, e.Assigned, e.Escalated, e.TaskEscalated, e.ActionPlanned, e.Paused, e.Resumed, e.Silenced),
    *(e.GlassBroken, e.GlassReviewed, e.Restricted, e.RestrictionLifted, e.RuleSuppressed, e.RuleUnsuppressed),
)
"""Facts about whose it is, when, and who may see it. Every other fact, also one that is yet to come, adds something to
read, and nobody decides past it."""


@dataclass(frozen=True, slots=True)
class News:
    """What came after the page was made that a decision is sent from; `lost`: nothing says what that page showed."""

    events: tuple[Happened, ...] = ()
    related: tuple[RelatedRow, ...] = ()
    version: bool = False
    lost: bool = False

    @property
    def any(self) -> bool:
        """Whether it must be looked at first."""
        return bool(self.events or self.related or self.version or self.lost)


@dataclass(frozen=True, slots=True)
class Check:
    """One part of what was seen, held against what is stored now."""

    name: str
    said: str
    holds: bool


@dataclass(frozen=True, slots=True)
class SeenRow:
    """What the maker of a decision saw, for the history."""

    checks: tuple[Check, ...]
    related: tuple[tuple[str, bool], ...]  # each as the reader may know it, and whether it still names the same
    preview: bool
    digest: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history, with what was seen if it is a decision that kept it."""

    line: Happened
    seen: SeenRow | None


def sight_of(file: SignalFile) -> Sight:
    """What the page of a decision shows of a signal now."""
    latest = file.versions[-1]
    bars = file.explained.bars if file.explained else ()
    return sealed(
        Sight(
            how=PAGE,
            version=latest.number,
            text=words_digest(latest.text),
            events=file.view.sequence,
            source=file.source.value,
            layer=file.row.layer,
            score=file.row.score,
            pack=file.row.pack,
            bars=tuple(f"{bar.rule} {bar.weight:+}" for bar in bars),
            related=tuple(sorted(str(other.key) for other in file.related)),
        )
    )


def sight_of_line(one: Standing, first: str) -> Sight:
    """What the preview of several signals shows of one: its first words, layer and phase; `first` is the whole text."""
    return sealed(
        Sight(
            how=PREVIEW,
            version=1,
            text=words_digest(first),
            events=one.view.sequence,
            source=Source.SHUT.value,
            layer=one.row.layer,
            score=None,
            pack="",
            bars=(),
            related=(),
        )
    )


def words_digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- in the form ----------------------------------------------------------------------------------------------------


def token(file: SignalFile, reader: Reader) -> str:
    """What the page shows, signed for this signal and this reader, as the form carries it."""
    held = {"signal": str(file.row.pk), "person": reader.acting.person, "shown": sight_to_plain(sight_of(file))}
    return signing.dumps(held, salt=SALT, compress=True)


def shown_before(text: str, file: SignalFile, reader: Reader) -> Sight | None:
    """What the page showed that a form was sent from; None for one that is not this signal's and this reader's."""
    try:
        held = signing.loads(text, salt=SALT)
        sight = sight_from_plain(held["shown"])
    except (signing.BadSignature, InputError, KeyError, TypeError, ValueError):
        return None
    return sight if (held["signal"], held["person"]) == (str(file.row.pk), reader.acting.person) else None


def line_token(key: UUID, events: int, reader: Reader) -> str:
    """A line of a preview, signed for this reader: the signal and how many events it had."""
    return signing.Signer(salt=f"{SALT}.{reader.acting.person}").sign(f"{key}.{events}")


def line_of(text: str, reader: Reader) -> str:
    """The line of a preview that was signed for this reader; empty for any other."""
    try:
        return signing.Signer(salt=f"{SALT}.{reader.acting.person}").unsign(text)
    except signing.BadSignature:
        return ""


def news(shown: Sight | None, file: SignalFile, reader: Reader) -> News:
    """What there is now that the page did not show yet."""
    if shown is None:
        return News(lost=True)
    fresh = [event for event in file.events[shown.events :] if not isinstance(event.fact, QUIET)]
    others = [pair for pair in zip(file.related, related(file, reader), strict=True)]
    return News(
        events=tuple(telling(file, event, reader) for event in reversed(fresh)),
        related=tuple(row for other, row in others if str(other.key) not in shown.related),
        version=file.versions[-1].number != shown.version,
    )


def beside(file: SignalFile, reader: Reader) -> tuple[Happened, ...]:
    """Everything that was written down about a signal, newest first: it stands beside the form of a decision."""
    return tuple(
        one
        for event in reversed(file.events)
        if not isinstance(event.fact, (*QUIET, e.Registered)) and (one := telling(file, event, reader)).words
    )


def telling(file: SignalFile, event: e.Event, reader: Reader) -> Happened:
    """One event with every word in it, however deep."""
    found = line(file, event, reader)
    return found if names_source(file, event.fact) else replace(found, words=tuple(deep(event.fact)))


def deep(value: Any) -> list[str]:
    """Every text that somebody typed in a fact."""
    if isinstance(value, Words):
        return [str(value)] if value else []
    if isinstance(value, tuple):
        return [text for item in value for text in deep(item)]
    if is_dataclass(value):
        return [text for field in fields(value) for text in deep(getattr(value, field.name))]
    return []


# --- in the history -------------------------------------------------------------------------------------------------


def history(file: SignalFile, relations: Relations, reader: Reader) -> tuple[Told, ...]:
    """Everything that happened, newest first; with each decision what its maker saw."""
    return tuple(
        Told(line(file, event, reader), seen_row(event.seen, file, relations, reader) if event.seen else None)
        for event in reversed(file.events)
    )


def related_ids(events: Sequence[e.Event]) -> set[UUID]:
    """Every signal that was shown as related when somebody decided."""
    return {UUID(key) for event in events if event.seen for key in event.seen.related}


def seen_row(seen: Sight, file: SignalFile, relations: Relations, reader: Reader) -> SeenRow:
    """What was seen, made again from what is stored now, and whether that gives the same."""
    again = made_again(seen, file, relations)
    texts: Mapping[bool, str] = {True: _("de eerste woorden van versie %(number)s"), False: _("versie %(number)s")}
    preview = seen.how == PREVIEW
    same_text = (seen.version, seen.text) == (again.version, again.text)
    told = ngettext("%(n)s gebeurtenis", "%(n)s gebeurtenissen", seen.events) % {"n": seen.events}
    checks = [
        Check(_("Tekst"), texts[preview] % {"number": seen.version}, same_text),
        Check(_("Wat er tot dan gebeurde"), told, seen.events == again.events),
    ]
    if seen.layer or seen.bars:
        ours = (seen.layer, seen.score, seen.pack, seen.bars)
        found = (again.layer, again.score, again.pack, again.bars)
        checks.append(Check(_("Uitkomst van de scan"), scan_told(seen), ours == found))
    checks.append(Check(_("Bron"), source_told(seen), holds=True))
    return SeenRow(
        checks=tuple(checks),
        related=tuple((related_told(key, relations, reader), key in again.related) for key in seen.related),
        preview=preview,
        digest=seen.digest,
        holds=sealed(again).digest == seen.digest,
    )


def made_again(seen: Sight, file: SignalFile, relations: Relations) -> Sight:
    """What was shown then, from the rows as they are now: nothing is taken from the record but where to look."""
    before = file.events[: seen.events]
    corrected = [event.fact.number for event in before if isinstance(event.fact, e.Corrected)]
    version = corrected[-1] if corrected and seen.how == PAGE else 1
    now = sight_of(file)
    common = replace(
        seen,
        version=version,
        text=next((words_digest(one.text) for one in file.versions if one.number == version), ""),
        events=len(before),
        layer=now.layer,
        related=tuple(key for key in seen.related if UUID(key) in relations.still),
        digest="",
    )
    return common if seen.how == PREVIEW else replace(common, score=now.score, pack=now.pack, bars=now.bars)


def scan_told(seen: Sight) -> str:
    """The scan's outcome in words."""
    if seen.score is None:
        return _("laag %(layer)s") % {"layer": seen.layer}
    told = _("laag %(layer)s, samen %(score)s uit %(count)s bijdragen, pakket %(pack)s")
    return told % {
        "layer": seen.layer,
        "score": f"{seen.score:.1f}",
        "count": len(seen.bars),
        "pack": seen.pack,
    }


def source_told(seen: Sight) -> str:
    """Whether the source was seen, in words."""
    return _("getoond") if seen.source == Source.OPEN.value else _("niet getoond")


def related_told(key: str, relations: Relations, reader: Reader) -> str:
    """A related signal as this reader may know it."""
    number = relations.readable.get(UUID(key))
    return _("Treffer zonder inhoud") if number is None else reference(reader.acting.service, number)
