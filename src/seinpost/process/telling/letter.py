"""Mail about signals and one's own account: what goes at once, what waits for the day's digest, what a letter says.

A letter holds no name and no word of a signal: its number, what happened in a fixed phrase, what is asked, and a link.
Whoever reads over a shoulder, or keeps the mail, learns that there is work and nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Phrase, Told
from seinpost.process.deadlines import AMSTERDAM, local_day
from seinpost.process.shapes import NextAction
from seinpost.process.telling.concerns import local, notice_told

AT_ONCE = frozenset(("registered", "marked-urgent", "assigned", "escalated", "glass-broken", Told.ORPHAN.value))
"""Kinds of event told at once: danger, what was given to somebody, what is very late, access by emergency, a signal
that nobody is bound to look after. A notice of `registered` is left for danger only."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to tell: the number of the signal, the kind of event, what is asked now (if anything), and a link.

    Without a kind nothing happened: what is asked is late.
    """

    reference: str
    kind: str
    url: str
    asked: NextAction | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text."""

    subject: str
    body: str
    language: str


def wants_digest(hour: int | None, last: date | None, now: datetime) -> bool:
    """Whether a person's digest of today is due: once a day, from their hour on, local time; `hour` None: never."""
    return hour is not None and now.astimezone(AMSTERDAM).hour >= hour and last != local_day(now)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed: twice as long each time, up to a limit."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 16)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def write_letter(lines: Sequence[Line], plan: Procedure, language: str, *, digest: bool, choose: str) -> Letter:
    """The letter with these lines; `choose` is where its reader says when to get mail."""
    said = plan.names["letter"]
    kind = Phrase.SUBJECT_DIGEST if digest else Phrase.SUBJECT_ONE if len(lines) == 1 else Phrase.SUBJECT_MORE
    subject = said[kind.value].told(language).format(reference=lines[0].reference, count=len(lines))
    parts = [told(line, plan, language) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        parts.append(said[Phrase.MORE.value].told(language).format(count=len(lines) - MOST_LINES))
    parts.append(said[Phrase.CLOSING.value].told(language).format(choose=choose))
    return Letter(subject, "\n\n".join(parts) + "\n", language)


def write_fixed(plan: Procedure, language: str, about: Phrase, text: Phrase) -> Letter:
    """A letter that always says the same: a second factor was taken away, a proposed right waits."""
    said = plan.names["letter"]
    subject, body = (said[kind.value].told(language) for kind in (about, text))
    return Letter(subject, f"{body}\n", language)


def told(line: Line, plan: Procedure, language: str) -> str:
    """One line with its link."""
    said = plan.names["letter"]
    text = [f"{line.reference}: {notice_told(plan, line.kind, language)}."] if line.kind else [f"{line.reference}:"]
    if line.asked is not None:
        asked = plan.actions[line.asked.kind].label.told(language)
        phrase = Phrase.ASKED if line.kind else Phrase.LATE
        text.append(said[phrase.value].told(language).format(asked=asked, due=local(line.asked.due)))
    return "\n".join((" ".join(text), line.url))
