"""The scan of a request: the engine of a pack is made once for each process, and threads share it.

What comes out is what `seinpost intake` reads from the files of a run: the same rows, made by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from seinpost.api.shapes import Registration
from seinpost.run.api import registration_batches
from seinpost.run.read.clean import Batch
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Reason
from seinpost.run.warm import WarmEngine
from seinpost.store.actions.intake import SCAN
from seinpost.store.actions.runs import grouped, key_of, received
from seinpost.store.received import Received
from seinpost.types import Registration as Plain

PROFILE = SourceProfile()


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of registrations in the scan, by their place; what has no place here could not be scanned."""

    items: Mapping[int, Received]
    apart: Mapping[int, Reason]
    pack: str


class WarmScanner:
    """The warm engine, scanning what a system handed in."""

    def __init__(self, warm: WarmEngine) -> None:
        self.warm, self.engine, self.pack = warm, warm.engine, warm.pack

    def scan(self, registrations: Mapping[int, Registration], source: str, now: datetime) -> Scanned:
        """Scan registrations by their place; the second one of an id is set apart, as in a run."""
        apart: dict[int, Reason] = {}
        items: dict[int, Received] = {}
        places, given = list(registrations), list(registrations.values())
        plain = [Plain(one.registration_id, one.text) for one in given]
        for batch in registration_batches(plain, PROFILE):
            once = batch.without(doubled(batch))
            apart |= {places[found.row]: found.reason for found in once.quarantined}
            items |= {places[row]: item for row, item in self.read(once, given, source, now).items()}
        return Scanned(items, apart, self.pack)

    def read(
        self, batch: Batch, registrations: Sequence[Registration], source: str, now: datetime
    ) -> dict[int, Received]:
        """Scan one batch; each registration by its row, with a reading if it is flagged."""
        tables = self.engine.process(batch, self.warm.workspace()).tables
        hits, contributions = grouped(tables.hits.to_pylist()), grouped(tables.contributions.to_pylist())
        flagged = {row["row"]: row for row in tables.signals.to_pylist()}
        found = {}
        for place, number in zip(batch.rows.tolist(), batch.ids.to_pylist(), strict=True):
            given = registrations[place]
            if place in flagged:
                row = {**flagged[place], "registered_at": given.registered_at}
                row |= {f"source.{name}": value for name, value in given.kept.items()}
                found[place] = received(
                    row, hits.get(key_of(row), []), contributions.get(key_of(row), []), source, self.pack, now
                )
            else:
                found[place] = Received(
                    source=source, external_id=number, text=given.text, channel=SCAN, received_at=now,
                    registered_at=given.registered_at,
                )  # fmt: skip
        return found


def doubled(batch: Batch) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows have an id that came before."""
    seen: set[str] = set()
    marks = np.zeros(len(batch.rows), np.bool_)
    for place, number in enumerate(batch.ids.to_pylist()):
        marks[place] = number in seen
        seen.add(number)
    return marks
