"""What pages fold in a text that came in without a scan: found by the installed pack at filing, and kept with it.

Nothing is scored by it, and nothing else of what the scan finds is kept: a person who files a signal has judged it.
"""

from __future__ import annotations

from django.conf import settings

from seinpost.run.warm import explain_text, warm_engine
from seinpost.store.received import ReceivedHit
from seinpost.web.reader import distress


def distressing_in(text: str) -> tuple[ReceivedHit, ...]:
    """The hits of distressing indicators in a text."""
    warm = warm_engine(settings.SCAN_PACK, settings.SCAN_KEPT)
    hits = explain_text(warm.engine, text, workspace=warm.workspace()).hits
    codes = distress().codes
    return tuple(
        ReceivedHit(hit.indicator, hit.pattern, hit.start, hit.end, hit.context, hit.quote)
        for hit in hits
        if hit.indicator in codes
    )
