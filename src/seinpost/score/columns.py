"""The score of one batch as columns: what the kernel writes and the tables are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt


class Kind(IntEnum):
    """What a contribution is. The number is the stored code; never renumber."""

    INDICATOR = 0  # an indicator was found
    MINOR = 1  # it says more because a minor is concerned
    COUNTER = 2  # the words around a hit speak against it: what that takes away
    DIMENSION = 3  # an ILO dimension is positive
    COMBINATION = 4  # indicators that together say more
    RESEMBLANCE = 5  # a sentence resembles a known situation
    ENCODER = 6  # the third reader raises that resemblance


CAUSES = (
    "none",
    *("A1", "A2", "A3", "A4", "A5"),
    *("B1", "B2", "B3", "B4", "B5"),
    *("C1", "C2", "C3", "C4", "C5"),
    *("D1", "D2", "D3"),
)
"""The rules of docs/reference/score.md that bring a registration to its layer; `ScoreColumns.cause` indexes them."""


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """Scored registrations of one batch: only rows in layers A-D unless asked otherwise.

    One entry per registration (n), by ascending `row`: `layer` (Layer codes), `score` (the exact sum of its `weight`s),
    `cause` (index in CAUSES), `minor`, `known`, `dimensions` and `positive` (bit d: Dimension number d has a standing
    indicator, is positive), `eye` (index of its strongest sentence in the Resemblance, -1: none). The contributions of
    entry i are `first[i]:first[i+1]` of `kind`, `rule` (index in Scorer.rules), `weight`, `hit` (index in the
    HitColumns, -1: none), `sentence` (index in Scorer.sentences); its standing indicators, most telling first, are
    `standing_first[i]:standing_first[i+1]` of `standing` (index in Pack.indicators), `grade` (3 strong, 2 medium,
    1 weak, 0 context) and `net` (what it adds).
    """

    row: npt.NDArray[np.int64]
    layer: npt.NDArray[np.uint8]
    score: npt.NDArray[np.float64]
    cause: npt.NDArray[np.uint8]
    minor: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    dimensions: npt.NDArray[np.uint16]
    positive: npt.NDArray[np.uint16]
    eye: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    standing_first: npt.NDArray[np.int64]
    kind: npt.NDArray[np.uint8]
    rule: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float64]
    hit: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int32]
    standing: npt.NDArray[np.int32]
    grade: npt.NDArray[np.uint8]
    net: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.row)

    def entry_of_contribution(self) -> npt.NDArray[np.int64]:
        """For each contribution the entry it belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.first))
