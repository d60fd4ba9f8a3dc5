"""The head of the third reader: a kernel machine over the casebook's situations, kept in 8 bits.

margin(text) = bias + the sum over all situations of pull x exp(-SHARPNESS x squared distance of their vectors).
Every addend belongs to one situation, so what a text resembles is a situation by construction; the nearest is named.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seinpost.errors import SettingError
from seinpost.score.encoder.vectors import WIDTH
from seinpost.score.eye.model import split

FORMAT = 1
SHARPNESS = 2.0
STEPS = 400.0
"""A component of a vector is kept as the nearest whole number of 1/400, at most 127 of them: 0.001 of AUC or less."""
GRID = 4096.0
MARGIN_GRID = 64.0
"""Margins are whole numbers of 1/64, so that the last bits, which differ between processors, seldom show."""


@dataclass(frozen=True, slots=True)
class Head:
    """What training gives: vectors of the situations in the order of the second eye's, and what each pulls.

    `trained_on` is the digest of the situations, as the second eye has it; `version` that of the encoder's package.
    """

    vectors: npt.NDArray[np.int8]
    pull: npt.NDArray[np.float32]
    bias: float
    trained_on: str
    version: str

    def as_bytes(self) -> bytes:
        """The head as one file; the same head gives the same bytes."""
        head = {"bias": self.bias, "format": FORMAT, "trained_on": self.trained_on, "version": self.version}
        parts = [json.dumps(head, sort_keys=True).encode()]
        for array in (self.vectors, self.pull):
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            parts.append(buffer.getvalue())
        return b"".join(len(part).to_bytes(8, "little") + part for part in parts)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole head."""
        return hashlib.sha256(self.as_bytes()).hexdigest()


def read_head(data: bytes) -> Head:
    """Read the file of a head; raises SettingError when it is not one of ours."""
    try:
        first, *arrays = split(data)
        head = json.loads(first)
        if head["format"] != FORMAT:
            raise SettingError(f"the third reader has format {head['format']} (allowed: {FORMAT}); train it anew")
        vectors, pull = (np.load(io.BytesIO(part), allow_pickle=False) for part in arrays)
        if vectors.dtype != np.int8 or vectors.shape != (len(pull), WIDTH) or pull.dtype != np.float32:
            raise ValueError(f"vectors {vectors.dtype} {vectors.shape}, pull {pull.dtype} {pull.shape}")
        return Head(vectors, pull, float(head["bias"]), str(head["trained_on"]), str(head["version"]))
    except (ValueError, KeyError, TypeError, EOFError) as error:
        raise SettingError(f"the third reader cannot be read: {error}; train it anew") from error


def in_steps(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    """Vectors as they are kept."""
    return np.clip(np.round(vectors.astype(np.float64) * STEPS), -127, 127).astype(np.int8)


class Kernel:
    """Reads vectors with a head."""

    def __init__(self, head: Head, is_signal: npt.NDArray[np.bool_]) -> None:
        self.head = head
        self.vectors = head.vectors.astype(np.float32) / np.float32(STEPS)
        self.pull = head.pull.astype(np.float64)
        self.is_signal = is_signal

    def read(self, vector: npt.NDArray[np.float32]) -> tuple[float, int]:
        """The margin of a vector, and the nearest signal of the casebook, by cosine in whole numbers of 1/4096; of
        equally near ones the first.
        """
        cosine = (self.vectors @ vector).astype(np.float64)
        margin = self.head.bias + float(self.pull @ np.exp(2 * SHARPNESS * (cosine - 1)))
        near = np.where(self.is_signal, np.round(cosine * GRID), -np.inf)
        return round(margin * MARGIN_GRID) / MARGIN_GRID, int(np.argmax(near))
