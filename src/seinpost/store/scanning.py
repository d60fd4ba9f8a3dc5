"""The scan of the server: one engine for its pages and its API, and what it finds in words that a person wrote."""

from __future__ import annotations

from django.conf import settings

from seinpost.run.warm import WarmEngine, explain_text, warm_engine
from seinpost.store.received import ReceivedHit


def server_engine() -> WarmEngine:
    """The engine that the settings ask for, shared by the whole process."""
    return warm_engine(settings.SCAN_PACK, settings.SCAN_KEPT, encoder=settings.SCAN_ENCODER)


def distressing_in(text: str) -> tuple[ReceivedHit, ...]:
    """What pages fold in a text: the hits of distressing indicators, kept with words that came in without a scan.

    Nothing is scored by it, and nothing else of what the scan finds is kept: a person who files or corrects a text has
    judged it.
    """
    warm = server_engine()
    codes = {one.code for one in warm.engine.pack.indicators if one.distressing}
    hits = explain_text(warm.engine, text, workspace=warm.workspace()).hits
    return tuple(
        ReceivedHit(hit.indicator, hit.pattern, hit.start, hit.end, hit.context, hit.quote)
        for hit in hits
        if hit.indicator in codes
    )
