"""The second eye itself: reads batches of texts with a trained model."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.scan.text import FOLDING
from seinpost.score.eye.compiled import make_slots, make_weights, nearest, read_texts
from seinpost.score.eye.features import Fold, new_tokens
from seinpost.score.eye.model import EyeModel
from seinpost.score.eye.near import Index, new_bag, new_nearest
from seinpost.score.eye.reading import Found, Memo, new_found, new_memo, new_priced, new_room
from seinpost.score.resemblance import Resemblance, SituationName

TOLD_FROM = 0.15
"""Resemblance below this is not told: nothing is done with it, and most texts are below it."""
NAMED_FROM = 0.1
"""A situation is named when the cosine is at least this; below it the likeness is to no situation in particular."""
DAMPING = 0.5
"""How strongly a nearer near miss takes from a resemblance: value x (1 - DAMPING x (cosine difference))."""

Look = tuple[Found, npt.NDArray[np.uint8], npt.NDArray[np.int64], int]
"""The best window of each text, with the buffers it was read from and the room tokens need."""


class Eye:
    """Reads texts for resemblance to the situations of a model. Threads may share it."""

    def __init__(self, model: EyeModel) -> None:
        self.model = model
        self.situations: tuple[SituationName, ...] = model.situations
        self.digest: str = model.digest
        self.weights = make_weights(model.features, model.weights)
        self.fold = Fold(FOLDING.index, FOLDING.entries, FOLDING.pool)
        self.index = Index(
            model.near_features,
            make_slots(model.near_features),
            model.near_idf,
            model.posting_first,
            model.posting_row,
            model.posting_value,
            np.array([situation.form is not None for situation in model.situations]),
        )
        self.local = threading.local()

    def memo(self) -> Memo:
        """What words are worth, remembered per thread."""
        if not hasattr(self.local, "memo"):
            self.local.memo = new_memo()
        memo: Memo = self.local.memo
        return memo

    def find(self, texts: pa.Array) -> Look:
        """The best window of each text, with the buffers it was read from and the room tokens need."""
        texts = texts.cast(pa.large_string()).fill_null("")
        offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
        data = np.frombuffer(texts.buffers()[2] or b"\0", np.uint8)
        room = int(np.diff(offsets).max(initial=0)) // 2 + 2
        found, known = new_found(len(texts)), (self.fold, self.model.lists, self.weights, self.model.bias, self.memo())
        read_texts(data, offsets, *known, new_room(), new_tokens(room), new_priced(room), found)
        return found, data, offsets, room

    def logits(self, texts: pa.Array) -> npt.NDArray[np.float32]:
        """How much each text resembles a signal, as log-odds; -inf where there are too few words to tell."""
        return self.find(texts)[0].logit

    def read(self, texts: pa.Array) -> Resemblance:
        """The resemblance of every text that is told of: at least TOLD_FROM, damped by a nearer near miss."""
        return self.tell(self.find(texts))[0]

    def tell(
        self, look: Look, added: npt.NDArray[np.float64] | None = None
    ) -> tuple[Resemblance, npt.NDArray[np.float32]]:
        """What is told of texts that were looked at, with what another reader `added` to their log-odds (None:
        nothing); and what each resemblance told would be without that.
        """
        found, data, offsets, room = look
        odds = found.logit.astype(np.float64)
        value = alone = 1 / (1 + np.exp(-odds))
        if added is not None:
            value = np.where(added > 0, 1 / (1 + np.exp(-odds - added)), alone)
        row = np.flatnonzero(value >= TOLD_FROM)
        windows = np.stack([found.first[row], found.last[row]], axis=1)
        near, known = new_nearest(len(row)), (self.fold, self.model.lists, self.index, self.memo())
        nearest(data, offsets, row, windows, *known, new_room(), new_tokens(room), new_bag(self.index), near)
        nearer = np.maximum(near.other_cosine - near.signal_cosine, 0).astype(np.float64)
        kept = 1 - DAMPING * nearer
        start, end = found.start[row], found.end[row]
        told = Resemblance(
            row=row.astype(np.int64),
            value=(value[row] * kept).astype(np.float32),
            situation=np.where(near.signal_cosine >= NAMED_FROM, near.signal, -1).astype(np.int32),
            byte_start=start.astype(np.int32),
            byte_end=end.astype(np.int32),
            start=characters(data, offsets[row], start),
            end=characters(data, offsets[row], end),
            damped_by=np.where(nearer > 0, near.other, -1).astype(np.int32),
        )
        return told, (alone[row] * kept).astype(np.float32)


def characters(
    data: npt.NDArray[np.uint8], base: npt.NDArray[np.int64], size: npt.NDArray[np.int64]
) -> npt.NDArray[np.int32]:
    """How many characters the first `size` bytes of each text hold."""
    counts = [
        int(np.count_nonzero((data[b : b + s] & 0xC0) != 0x80))
        for b, s in zip(base.tolist(), size.tolist(), strict=True)
    ]
    return np.array(counts, np.int32)
