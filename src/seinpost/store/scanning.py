"""The scan of the server: one engine for its pages and its API, and what pages fold in a text."""

from __future__ import annotations

import pyarrow as pa
from django.conf import settings

from seinpost.report.distress import ASIDE, OTHER_MEANING
from seinpost.run.warm import WarmEngine, warm_engine
from seinpost.store.received import ReceivedHit
from seinpost.types import Context


def server_engine() -> WarmEngine:
    """The engine that the settings ask for, shared by the whole process."""
    return warm_engine(settings.SCAN_PACK, settings.SCAN_KEPT, encoder=settings.SCAN_ENCODER)


def passages_of(text: str, *, scanned: bool = False) -> tuple[ReceivedHit, ...]:
    """What pages fold in a text: the hits of distressing indicators; of one that was `scanned` those of no result.

    Nothing is scored by it, and of words that a person wrote nothing else that the scan finds is kept: who files or
    corrects a text has judged it.
    """
    warm = server_engine()
    pack = warm.engine.pack
    found = warm.engine.scanner.scan(pa.array([text], pa.large_string()), warm.workspace())
    kept = []
    for pattern, start, end, code in zip(found.pattern, found.start, found.end, found.context, strict=True):
        rule, context = pack.patterns[pattern], Context(code).name.lower()
        indicator = pack.indicators[rule.indicator]
        if not indicator.distressing or (scanned and not indicator.aside):
            continue
        if indicator.aside and context == OTHER_MEANING:
            continue
        context = ASIDE if indicator.aside else context
        start, end = int(start), int(end)
        kept.append(ReceivedHit(indicator.code, rule.id, start, end, context, text[start:end]))
    return tuple(kept)
