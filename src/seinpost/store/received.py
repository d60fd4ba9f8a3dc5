"""What is handed in: one registration with its words, and what the scan said about it. Plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seinpost.process.shapes import CALM, Urgency


@dataclass(frozen=True, slots=True)
class ReceivedHit:
    """A pattern found in the text."""

    indicator: str
    pattern: str
    start: int
    end: int
    context: str
    quote: str


@dataclass(frozen=True, slots=True)
class ReceivedContribution:
    """An addend of the score, with its sentences."""

    rule: str
    kind: str
    weight: float
    sentence: str
    sentence_nl: str
    sentence_en: str
    context: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the scan said: layer, score, why, from which pack."""

    layer: str
    score: float
    reason_nl: str
    reason_en: str
    pack: str
    hits: tuple[ReceivedHit, ...] = ()
    contributions: tuple[ReceivedContribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """One registration as its source gave it. The same source and external id is the same registration.

    `distressing`: what pages fold in it besides the hits of its reading, if it has one.
    """

    source: str
    external_id: str
    text: str
    channel: str
    received_at: datetime
    registered_at: datetime | None = None
    author: str = ""
    forms: tuple[str, ...] = ()
    urgency: Urgency = CALM
    compartment: str = ""
    missing: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    reading: Reading | None = None
    distressing: tuple[ReceivedHit, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of the words: other words under the same id are a new version."""
        return text_digest(self.text)

    @property
    def hits(self) -> tuple[ReceivedHit, ...]:
        """What is kept of what was found in the words."""
        return (*(self.reading.hits if self.reading else ()), *self.distressing)


@dataclass(frozen=True, slots=True)
class NewText:
    """The words of a correction, with what was found in them: at least what pages fold."""

    text: str
    hits: tuple[ReceivedHit, ...]


def text_digest(text: str) -> str:
    """The digest a text is known by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
