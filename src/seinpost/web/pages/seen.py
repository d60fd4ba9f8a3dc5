"""What a weigher had before them, as one digest that is kept with the weighing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from seinpost.store.queries.file import SignalFile


def seen_digest(file: SignalFile) -> str:
    """SHA-256 over every version of the words, the scan's reasons and the events up to now.

    All of these are append-only, so that what the digest is of can be shown again later: the same signal at the same
    number of events.
    """
    bars = [asdict(bar) for bar in file.explained.bars] if file.explained else []
    seen = {
        "versions": [hashlib.sha256(version.text.encode()).hexdigest() for version in file.versions],
        "layer": file.row.layer,
        "score": file.row.score,
        "pack": file.row.pack,
        "bars": bars,
        "events": file.view.sequence,
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
