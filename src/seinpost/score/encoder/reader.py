"""The second eye with the third reader beside it: one reader to a scan, its two parts told apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from seinpost.score.encoder.head import Head, Kernel
from seinpost.score.encoder.masking import Masker
from seinpost.score.encoder.vectors import PACKAGE, Encoder
from seinpost.score.eye.reader import Eye
from seinpost.score.resemblance import Raised, Resemblance, SituationName

DOUBT_FROM, DOUBT_TO = -3.0, 2.5
"""The third reader reads where the log-odds of the second eye lie between these; elsewhere it would change nothing."""
SLOPE, OFFSET, MOST = 2.0, 0.0625, 2.25
"""It adds SLOPE x (margin - OFFSET) to the log-odds, never less than 0 and at most MOST (decision 0027)."""


class EncodedEye:
    """Reads as the second eye does, and raises what it doubts by what the third reader finds. Threads may share it."""

    def __init__(self, eye: Eye, head: Head, encoder: Encoder) -> None:
        self.eye, self.encoder = eye, encoder
        self.situations: tuple[SituationName, ...] = eye.situations
        self.digest: str = eye.digest
        self.named = {"package": PACKAGE, "version": encoder.version, "head": head.digest}
        self.kernel = Kernel(head, eye.index.is_signal)
        self.masker = Masker(eye)

    def raise_of(self, text: str, first: int = 0, last: int | None = None) -> tuple[float, int, int, int]:
        """What is added to the log-odds of a window of a text, the nearest situation, and the span read."""
        masked, start, end = self.masker.masked(text, first, last)
        margin, situation = self.kernel.read(self.encoder.vector(masked))
        return min(max(SLOPE * (margin - OFFSET), 0.0), MOST), situation, start, end

    def read(self, texts: pa.Array) -> Resemblance:
        """The resemblance of every text that is told of, with what the third reader added to it."""
        look = self.eye.find(texts)
        logit = look[0].logit
        n = len(logit)
        added, situation = np.zeros(n), np.full(n, -1, np.int32)
        spans = np.zeros((2, n), np.int32)
        doubt = np.flatnonzero((logit >= DOUBT_FROM) & (logit <= DOUBT_TO))
        with self.encoder.alone:
            for row in doubt.tolist():
                window = int(look[0].first[row]), int(look[0].last[row])
                added[row], situation[row], spans[0, row], spans[1, row] = self.raise_of(texts[row].as_py(), *window)
        was_read = np.zeros(n, np.bool_)
        was_read[doubt] = True
        found, alone = self.eye.tell(look, added)
        at = found.row
        raised = Raised(alone, added[at], situation[at], was_read[at], spans[0, at], spans[1, at])
        return replace(found, raised=raised)
