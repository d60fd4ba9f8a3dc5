"""The scorer: hits of one batch to contributions, score and layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seinpost.packs.pack import Pack
from seinpost.score.columns import ScoreColumns
from seinpost.score.passes.compiled import score_rows
from seinpost.score.passes.kernel import (
    ADDEND,
    ADDEND_COLUMNS,
    ENTRY,
    ENTRY_COLUMNS,
    STANDING,
    STANDING_COLUMNS,
    Eyes,
    Hits,
    Out,
)
from seinpost.score.passes.layers import new_local
from seinpost.score.passes.rules import ILO_DIMENSIONS, STEPS, build_rules
from seinpost.score.resemblance import Resemblance, SituationName, likeness, strongest_per_row
from seinpost.score.sentences import Sentences, build_sentences
from seinpost.types import HitColumns

RESEMBLANCE_RULE, ENCODER_RULE = "RESEMBLANCE", "ENCODER"


class Scorer:
    """Scores batches with one pack. Holds no state between batches, so threads may share it.

    `rules` names every rule a contribution can have: indicator codes, ILO dimensions, combination ids, RESEMBLANCE, and
    ENCODER where there is a third reader (`encoder`).
    """

    def __init__(self, pack: Pack, situations: Sequence[SituationName] = (), *, encoder: bool = False) -> None:
        self.pack, self.encoder = pack, encoder
        self.situations = tuple(situations)
        self.tables = build_rules(pack)
        self.rules: tuple[str, ...] = (
            *(indicator.code for indicator in pack.indicators),
            *(dimension.value for dimension in ILO_DIMENSIONS),
            *(combination.id for combination in pack.combinations),
            RESEMBLANCE_RULE,
            *([ENCODER_RULE] if encoder else []),
        )
        self.sentences: Sentences = build_sentences(pack, self.situations, encoder=encoder)

    def score(
        self, hits: HitColumns, rows: int, resemblance: Resemblance | None = None, keep_all: bool = False
    ) -> ScoreColumns:
        """Score a batch of `rows` registrations; registrations in no layer are left out unless `keep_all`.

        With `keep_all` every registration with a hit or a resembling sentence has an entry, with layer NONE where no
        layer is reached. Hits must be sorted by row, as the scanner gives them.
        """
        check_rows(hits.row, rows, "hits")
        eyes = self._eyes(resemblance, rows)
        columns = Hits(hits.row, hits.pattern, hits.context)
        out = new_out(distinct(hits.row) + len(eyes.ints), 2 * len(hits) + 2 * len(eyes.ints) + 64, len(hits))
        local = new_local(self.tables, len(hits))
        while not score_rows(self.tables, columns, eyes, local, out, keep_all):
            out = grown(out, 2 * len(out.weight) + 3 * len(hits))
        return cut(out)

    def _eyes(self, resemblance: Resemblance | None, rows: int) -> Eyes:
        if resemblance is None or not len(resemblance):
            return Eyes(np.zeros((0, 4), dtype=np.int64), np.zeros((0, 3)))
        best = strongest_per_row(resemblance)
        row, value = resemblance.row[best], resemblance.value[best].astype(np.float64)
        check_rows(row, rows, "resemblance")
        situation = resemblance.situation[best]
        if not (np.all(value >= 0) and np.all(value <= 1)):
            raise ValueError("resemblance must lie between 0 and 1")
        if situation.min() < -1 or situation.max() >= len(self.situations):
            raise ValueError(f"resemblance names a situation outside the {len(self.situations)} given")
        weight, alone = self._worth(value), None
        raised_by = np.zeros(len(row), np.int64)
        if resemblance.raised is not None:
            if not self.encoder:
                raise ValueError("a resemblance was raised by a third reader that this scorer does not know")
            alone = self._worth(resemblance.raised.alone[best].astype(np.float64))
            raised_by = len(self.situations) + 1 + resemblance.raised.situation[best].astype(np.int64)
        own = weight if alone is None else alone
        return Eyes(
            np.ascontiguousarray(np.stack([row, best, situation.astype(np.int64), raised_by], axis=1)),
            np.ascontiguousarray(np.stack([value, own, weight - own], axis=1)),
        )

    def _worth(self, value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """What resemblances add to the score, in whole steps."""
        told = likeness(value, self.pack.scoring.resemblance_layer_d) * self.pack.scoring.resemblance_weight
        steps: npt.NDArray[np.float64] = np.floor(told * STEPS + 0.5) / STEPS
        return steps


def check_rows(row: npt.NDArray[np.int64], rows: int, what: str) -> None:
    """Refuse rows that are not sorted or lie outside the batch."""
    if len(row) and (row[0] < 0 or row[-1] >= rows or np.any(row[1:] < row[:-1])):
        raise ValueError(f"rows of {what} must rise within 0-{rows - 1}")


def distinct(row: npt.NDArray[np.int64]) -> int:
    """How many different values a sorted column has."""
    return int(np.count_nonzero(row[1:] != row[:-1])) + 1 if len(row) else 0


def new_out(entries: int, addends: int, standing: int) -> Out:
    """Room for so many registrations, contributions and standing indicators."""
    return Out(
        entries=np.empty((entries, len(ENTRY_COLUMNS)), np.int64),
        score=np.empty(entries, np.float64),
        first=np.zeros(entries + 1, np.int64),
        standing_first=np.zeros(entries + 1, np.int64),
        addends=np.empty((addends, len(ADDEND_COLUMNS)), np.int64),
        weight=np.empty(addends, np.float64),
        standing=np.empty((standing, len(STANDING_COLUMNS)), np.int64),
        net=np.empty(standing, np.float64),
        at=np.zeros(5, dtype=np.int64),
    )


def grown(out: Out, n: int) -> Out:
    """The same columns with room for n contributions."""
    addends, weight = np.empty((n, len(ADDEND_COLUMNS)), np.int64), np.empty(n, np.float64)
    addends[: len(out.addends)] = out.addends
    weight[: len(out.weight)] = out.weight
    return out._replace(addends=addends, weight=weight)


def cut(out: Out) -> ScoreColumns:
    """The filled part of every column, in its own type."""
    n, addends, standing = (int(out.at[place]) for place in (ENTRY, ADDEND, STANDING))
    entry = {name: out.entries[:n, k] for k, name in enumerate(ENTRY_COLUMNS)}
    addend = {name: out.addends[:addends, k] for k, name in enumerate(ADDEND_COLUMNS)}
    return ScoreColumns(
        row=entry["row"].copy(),
        layer=entry["layer"].astype(np.uint8),
        score=out.score[:n].copy(),
        cause=entry["cause"].astype(np.uint8),
        minor=entry["minor"].astype(np.bool_),
        known=entry["known"].astype(np.bool_),
        dimensions=entry["dimensions"].astype(np.uint16),
        positive=entry["positive"].astype(np.uint16),
        eye=entry["eye"].copy(),
        first=out.first[: n + 1].copy(),
        standing_first=out.standing_first[: n + 1].copy(),
        kind=addend["kind"].astype(np.uint8),
        rule=addend["rule"].astype(np.int32),
        weight=out.weight[:addends].copy(),
        hit=addend["hit"].copy(),
        sentence=addend["sentence"].astype(np.int32),
        standing=out.standing[:standing, 0].astype(np.int32),
        grade=out.standing[:standing, 1].astype(np.uint8),
        net=out.net[:standing].copy(),
    )
