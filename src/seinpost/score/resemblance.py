"""What the second eye says of one batch: sentences that resemble a known situation. The eye itself stands elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seinpost.types import Form

MOST_SURE = 0.999


@dataclass(frozen=True, slots=True)
class SituationName:
    """One known situation of the casebook, as an explanation names it; `form` is None for a near miss."""

    id: str
    why_nl: str
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """What the third reader did to the sentences of a Resemblance, as columns of its length.

    `alone` is the value without it; `log_odds` what it added (0: nothing); `situation` the signal nearest to what it
    read, -1: it did not read; `was_read`: it read the text at all, which it does only where the second eye doubts;
    `start` and `end` the piece it read, in characters.
    """

    alone: npt.NDArray[np.float32]
    log_odds: npt.NDArray[np.float64]
    situation: npt.NDArray[np.int32]
    was_read: npt.NDArray[np.bool_]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Sentences of one batch with their resemblance, as columns of equal length, in any order.

    `row` counts within the batch; `value` runs from 0 to 1; `situation` and `damped_by` (the nearest near miss) index
    the situation list, -1: none; the spans are the sentence in bytes and in characters.
    """

    row: npt.NDArray[np.int64]
    value: npt.NDArray[np.float32]
    situation: npt.NDArray[np.int32]
    byte_start: npt.NDArray[np.int32]
    byte_end: npt.NDArray[np.int32]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    damped_by: npt.NDArray[np.int32]
    raised: Raised | None = None  # None: there was no third reader

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class WordWeight:
    """A word, or a pair of neighbouring words, and what it adds to the log-odds of a resemblance."""

    words: str
    weight: float


def likeness(value: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.float64]:
    """How far resemblances lie above the least that counts, in units of log-odds; 0 below it.

    Log-odds, because they add up with what phrases say, and 0.99 tells more beside 0.9 than 0.6 beside 0.5. Above
    MOST_SURE nothing is added: a trained reader is never surer than that.
    """
    low = min(least, MOST_SURE)
    kept = np.clip(value, low, MOST_SURE)
    above: npt.NDArray[np.float64] = np.log(kept / (1 - kept)) - np.log(low / (1 - low))
    return np.maximum(above, 0.0)


def telling_bar(least: float, strong: float) -> float:
    """The resemblance from which a reason names the situation: half-way in log-odds between what counts and what
    alone brings to a reader.
    """
    odds = math.sqrt(least / (1 - least) * strong / (1 - strong)) if strong < 1 else math.inf
    return odds / (1 + odds) if odds < math.inf else 1.0


def strongest_per_row(resemblance: Resemblance) -> npt.NDArray[np.int64]:
    """Index of the strongest sentence of each row, by ascending row; ties go to the sentence that comes first."""
    order = np.lexsort((resemblance.byte_start, -resemblance.value, resemblance.row))
    rows = resemblance.row[order]
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = rows[1:] != rows[:-1]
    return order[first].astype(np.int64)


def named_situation(resemblance: Resemblance, least: float) -> npt.NDArray[np.int32]:
    """The situation each sentence is told with: the second eye's, but the third reader's where the second eye alone
    lies below the `least` that counts.
    """
    raised = resemblance.raised
    if raised is None:
        return resemblance.situation
    by_third = (raised.log_odds > 0) & (raised.alone < least) & (raised.situation >= 0)
    return np.where(by_third, raised.situation, resemblance.situation).astype(np.int32)
