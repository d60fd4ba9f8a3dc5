"""The second eye's compiled loops as functions that Python can call."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.program import Program, kept_folder
from seinpost.score.eye import features, near, reading
from seinpost.score.eye.reading import BITS, Weights

PROGRAM = Program(
    "eye",
    kept_folder(),
    sorted(Path(__file__).parent.glob("*.py")),
    [reading.read_texts, reading.price, reading.fill, near.nearest, near.put_features, features.tokenise],
)
read_texts, price = PROGRAM.entry(reading.read_texts), PROGRAM.entry(reading.price)
nearest, tokenise = PROGRAM.entry(near.nearest), PROGRAM.entry(features.tokenise)
fill, put_features = PROGRAM.entry(reading.fill), PROGRAM.entry(near.put_features)


def make_weights(features: npt.NDArray[np.uint64], weights: npt.NDArray[np.float32]) -> Weights:
    """Put features and weights in a hash table at most half full."""
    slots = 1 << max(4, int(2 * len(features) - 1).bit_length())
    table = Weights(np.zeros(slots, np.uint64), np.zeros(slots, np.float32), np.zeros(BITS // 64, np.uint64))
    fill(table, features, weights)
    return table


def make_slots(features: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
    """The slots of an index."""
    slot = np.full(1 << max(4, int(2 * len(features) - 1).bit_length()), -1, np.int32)
    put_features(features, slot)
    return slot
