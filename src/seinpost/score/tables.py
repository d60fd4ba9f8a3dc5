"""The three result tables of one batch, made of columns; no Python per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.errors import SettingError
from seinpost.score.columns import CAUSES, Kind, ScoreColumns
from seinpost.score.passes.quotes import cut_quotes
from seinpost.score.passes.rules import ILO_DIMENSIONS, RESEMBLANCE_C, RESEMBLANCE_D
from seinpost.score.resemblance import Resemblance, named_situation, telling_bar
from seinpost.score.schema import HITS, SIGNALS, contributions_schema, stamped
from seinpost.score.scorer import Scorer
from seinpost.score.sentences import FAINT, Reason, reason_en, reason_nl
from seinpost.types import Context, Form, HitColumns, Layer

ELEMENTS = ("handeling", "dwangmiddel", "oogmerk", "voordeel", "kwetsbaarheid")
FORMS = tuple(Form)
TOP = 3
MOST_REASONS = 1 << 16
FEW = 16  # so many values are kept in a dictionary whether they occur or not
KEY_BITS = (12, 12, 12, 8, 1, 1, 17)  # three indicators, how many more, minor, known, situation: 63 bits
CONTEXT_CODES = [context.name.lower() for context in Context]
KIND_CODES = [kind.name.lower() for kind in Kind if kind is not Kind.ENCODER]
ENCODER_CODE = Kind.ENCODER.name.lower()
LAYER_CODES = ["", *(layer.name if layer is not Layer.NONE else "-" for layer in Layer)]


@dataclass(frozen=True, slots=True)
class Batch:
    """What the run knows of a batch: ids and texts by batch row, the input's name, the input row of each batch row."""

    ids: pa.Array
    texts: pa.Array | pa.ChunkedArray
    source: str
    row: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tables:
    """The three result tables, with the schemas of `seinpost.score.schema`."""

    signals: pa.Table
    hits: pa.Table
    contributions: pa.Table


class TableBuilder:
    """Builds result tables with one scorer; threads may share it."""

    def __init__(self, scorer: Scorer) -> None:
        pack = scorer.pack
        if len(pack.indicators) >= 1 << KEY_BITS[0] or len(scorer.situations) >= (1 << KEY_BITS[-1]) - 3:
            raise SettingError("a pack may hold at most 4,095 indicators and 131,068 situations")
        self.scorer = scorer
        self._reasons_told: dict[int, tuple[str, str]] = {}
        self.schemas = tuple(stamped(schema, pack) for schema in (SIGNALS, HITS, contributions_schema(scorer.encoder)))
        self._situations = pa.array([s.id for s in scorer.situations], pa.string())
        self._indicators = pa.array([i.code for i in pack.indicators], pa.string())
        self._patterns = pa.array([p.id for p in pack.patterns], pa.string())
        self._pattern_indicator = scorer.tables.indicator_of
        self._rules = pa.array(scorer.rules, pa.string())
        self._kinds = pa.array([*KIND_CODES, *([ENCODER_CODE] if scorer.encoder else [])])
        said = scorer.sentences
        self._sentences = tuple(distinct(column) for column in (said.key, said.nl, said.en))
        self._form_share = np.array([form_share(i.forms) for i in pack.indicators]).reshape(-1, len(FORMS))
        self._element = np.array([[name in i.element for name in ELEMENTS] for i in pack.indicators], dtype=np.bool_)

    def build(
        self, hits: HitColumns, scores: ScoreColumns, batch: Batch, resemblance: Resemblance | None = None
    ) -> Tables:
        """Build signals, hits (all of them, flagged or not) and contributions of one batch."""
        return Tables(
            self._signals(hits, scores, batch, resemblance),
            self._hits(hits, batch),
            self._contributions(hits, scores, batch, resemblance),
        )

    def _hits(self, hits: HitColumns, batch: Batch) -> pa.Table:
        columns = [
            batch.ids.take(pa.array(hits.row)).cast(pa.string()),
            coded(self._pattern_indicator[hits.pattern], self._indicators),
            coded(hits.pattern, self._patterns),
            pa.array(hits.start),
            pa.array(hits.end),
            coded(hits.context.astype(np.int32), pa.array(CONTEXT_CODES)),
            cut_quotes(batch.texts, hits.row, hits.byte_start.astype(np.int64), hits.byte_end.astype(np.int64)),
            constant(batch.source, len(hits)),
            pa.array(batch.row[hits.row]),
        ]
        return pa.Table.from_arrays(columns, schema=self.schemas[1])

    def _contributions(
        self, hits: HitColumns, scores: ScoreColumns, batch: Batch, resemblance: Resemblance | None
    ) -> pa.Table:
        entry = scores.entry_of_contribution()
        row = scores.row[entry]
        spans = self._spans(hits, scores, entry, resemblance)
        nothing = spans[0] < 0
        no_hit = scores.hit < 0
        context = np.where(no_hit, 0, hits.context[scores.hit] if len(hits) else 0).astype(np.int32)
        columns = [
            batch.ids.take(pa.array(row)).cast(pa.string()),
            coded(scores.rule, self._rules),
            coded(scores.kind.astype(np.int32), self._kinds),
            pa.array(scores.weight),
            coded(context, pa.array(CONTEXT_CODES), no_hit),
            pa.array(spans[0].astype(np.int32), mask=nothing),
            pa.array(spans[1].astype(np.int32), mask=nothing),
            cut_quotes(batch.texts, row, spans[2], spans[3]),
            *(coded(place[scores.sentence], values) for place, values in self._sentences),
            constant(batch.source, len(row)),
            pa.array(batch.row[row]),
        ]
        return pa.Table.from_arrays(columns, schema=self.schemas[2])

    @staticmethod
    def _spans(
        hits: HitColumns, scores: ScoreColumns, entry: npt.NDArray[np.int64], resemblance: Resemblance | None
    ) -> tuple[npt.NDArray[np.int64], ...]:
        """Start, end, byte start, byte end per contribution; -1 where it rests on no words."""
        spans = tuple(np.full(len(scores.hit), -1, dtype=np.int64) for _ in range(4))
        with_hit = scores.hit >= 0
        by_eye = scores.kind == Kind.RESEMBLANCE
        for span, name in zip(spans, ("start", "end", "byte_start", "byte_end"), strict=True):
            span[with_hit] = getattr(hits, name)[scores.hit[with_hit]]
            if resemblance is not None and by_eye.any():
                span[by_eye] = getattr(resemblance, name)[scores.eye[entry[by_eye]]]
        return spans

    def _signals(
        self, hits: HitColumns, scores: ScoreColumns, batch: Batch, resemblance: Resemblance | None
    ) -> pa.Table:
        n = len(scores)
        counts = np.searchsorted(hits.row, scores.row, "right") - np.searchsorted(hits.row, scores.row, "left")
        value, situation = self._seen(scores, resemblance)
        unseen = scores.eye < 0
        nl, en = self._reasons(scores, value, situation)
        pack = self.scorer.pack
        columns = [
            batch.ids.take(pa.array(scores.row)).cast(pa.string()),
            pa.nulls(n, pa.int64()),
            pa.array(LAYER_CODES, pa.string()).take(pa.array(scores.layer)),
            pa.array(scores.score),
            pa.array(CAUSES, pa.string()).take(pa.array(scores.cause)),
            self._forms(scores),
            lists(scores.standing_first, self._indicators.take(pa.array(scores.standing))),
            chosen(bits(scores.dimensions), [d.value for d in ILO_DIMENSIONS]),
            chosen(bits(scores.positive), [d.value for d in ILO_DIMENSIONS]),
            chosen(self._elements(scores), list(ELEMENTS)),
            pa.array(scores.minor),
            pa.array(scores.known),
            self._situations.take(pa.array(situation, mask=situation < 0)),
            pa.array(value, mask=unseen),
            nl,
            en,
            pa.array(counts.astype(np.int32)),
            constant(batch.source, n),
            pa.array(batch.row[scores.row]),
            constant(pack.id, n),
            constant(pack.version, n),
        ]
        return pa.Table.from_arrays(columns, schema=self.schemas[0])

    def _seen(
        self, scores: ScoreColumns, resemblance: Resemblance | None
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
        """Resemblance and situation of each entry; 0 and -1 where the eye did not speak."""
        value = np.zeros(len(scores), dtype=np.float32)
        situation = np.full(len(scores), -1, dtype=np.int32)
        spoke = scores.eye >= 0
        if resemblance is not None and spoke.any():
            value[spoke] = resemblance.value[scores.eye[spoke]]
            least = self.scorer.pack.scoring.resemblance_layer_d
            situation[spoke] = named_situation(resemblance, least)[scores.eye[spoke]]
        return value, situation

    def _forms(self, scores: ScoreColumns) -> pa.Array:
        """The forms that get at least half the votes of the first; indicators of every form do not vote."""
        n = len(scores)
        entry = np.repeat(np.arange(n), np.diff(scores.standing_first))
        share = self._form_share[scores.standing] * scores.net[:, None]
        votes = np.stack([np.bincount(entry, share[:, f], minlength=n) for f in range(len(FORMS))], axis=1)
        order = np.argsort(-votes, axis=1, kind="stable")
        ranked = np.take_along_axis(votes, order, axis=1)
        keep = (ranked > 0) & (ranked >= ranked[:, :1] / 2)
        names = pa.array([form.value for form in FORMS], pa.string())
        return lists(offsets_of(keep), names.take(pa.array(order[keep])))

    def _elements(self, scores: ScoreColumns) -> npt.NDArray[np.bool_]:
        n = len(scores)
        entry = np.repeat(np.arange(n), np.diff(scores.standing_first))
        found = np.zeros((n, len(ELEMENTS)), dtype=np.bool_)
        for e in range(len(ELEMENTS)):
            found[entry[self._element[scores.standing, e]], e] = True
        return found

    def _reasons(
        self, scores: ScoreColumns, value: npt.NDArray[np.float32], situation: npt.NDArray[np.int32]
    ) -> tuple[pa.Array, pa.Array]:
        """One sentence per distinct reason, taken by index."""
        count = np.diff(scores.standing_first)
        numbers = self.scorer.tables.numbers
        least = float(numbers[RESEMBLANCE_D])
        told = (scores.eye >= 0) & (value >= least)
        faint = value < telling_bar(least, float(numbers[RESEMBLANCE_C]))
        none = len(self._indicators)
        parts = [self._top(scores, count, place, none) for place in range(TOP)]
        parts += [
            np.clip(count - TOP, 0, (1 << KEY_BITS[3]) - 1),
            scores.minor.astype(np.int64),
            scores.known.astype(np.int64),
            np.where(told, np.where(faint, FAINT, situation.astype(np.int64)) + 3, 0),
        ]
        key = np.zeros(len(scores), dtype=np.int64)
        for part, width in zip(parts, KEY_BITS, strict=True):
            key = (key << width) | part
        first, inverse = groups(key)
        told_of = [self._told(int(key[at]), parts, int(at), none) for at in first]
        nl, en = (pa.array([both[place] for both in told_of], pa.string()) for place in (0, 1))
        index = pa.array(inverse)
        return nl.take(index), en.take(index)

    def _told(self, key: int, parts: list[npt.NDArray[np.int64]], at: int, none: int) -> tuple[str, str]:
        """The reason of an entry in Dutch and English, remembered by its key: few are told in many batches."""
        known = self._reasons_told.get(key)
        if known is None:
            reason = Reason(
                tuple(int(parts[place][at]) for place in range(TOP) if parts[place][at] != none),
                int(parts[3][at]),
                bool(parts[4][at]),
                bool(parts[5][at]),
                int(parts[6][at]) - 3 if parts[6][at] else None,
            )
            pack, situations = self.scorer.pack, self.scorer.situations
            known = reason_nl(pack, situations, reason), reason_en(pack, situations, reason)
            if len(self._reasons_told) < MOST_REASONS:
                self._reasons_told[key] = known
        return known

    @staticmethod
    def _top(scores: ScoreColumns, count: npt.NDArray[np.int64], place: int, none: int) -> npt.NDArray[np.int64]:
        """Standing indicator number `place` of each entry, `none` where there are fewer."""
        at = np.where(count > place, scores.standing_first[:-1] + place, 0)
        if not len(scores.standing):
            return np.full(len(count), none, dtype=np.int64)
        return np.where(count > place, scores.standing[at], none).astype(np.int64)


def groups(key: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The first place of each distinct key, by rising key, and for each key the number of its group.

    As `numpy.unique` does, which loads masked arrays to do it.
    """
    order = np.argsort(key, kind="stable")
    begins = np.ones(len(key), np.bool_)
    begins[1:] = key[order[1:]] != key[order[:-1]]
    inverse = np.empty(len(key), np.int64)
    inverse[order] = np.cumsum(begins) - 1
    return order[begins], inverse


def form_share(forms: tuple[Form, ...]) -> list[float]:
    """How one indicator divides its vote; an indicator of every form says nothing about the form."""
    specific = len(forms) < len(FORMS)
    return [1 / len(forms) if specific and form in forms else 0.0 for form in FORMS]


def distinct(values: Sequence[str]) -> tuple[npt.NDArray[np.int32], pa.Array]:
    """The distinct values, and for each value its place among them.

    A dictionary must not hold a value twice: pyarrow 26 sizes the dictionary page of a Parquet file by all values but
    fills it with the distinct ones, and what is left over goes to disk as it happens to lie in memory.
    """
    place = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.array([place[value] for value in values], np.int32), pa.array(list(place), pa.string())


def coded(
    index: npt.NDArray[np.int32], values: pa.Array, missing: npt.NDArray[np.bool_] | None = None
) -> pa.DictionaryArray:
    """A dictionary column over shared values; of many, over those that occur."""
    if len(values) > FEW:
        occurs = np.zeros(len(values), np.bool_)
        occurs[index] = True
        index = (np.cumsum(occurs, dtype=np.int32) - 1)[index]
        values = values.take(pa.array(np.flatnonzero(occurs)))
    return pa.DictionaryArray.from_arrays(pa.array(index, pa.int32(), mask=missing), values)


def constant(value: str, n: int) -> pa.DictionaryArray:
    """One value n times."""
    return coded(np.zeros(n, dtype=np.int32), pa.array([value], pa.string()))


def lists(first: npt.NDArray[np.int64], values: pa.Array) -> pa.ListArray:
    """A list column from offsets and flat values."""
    return pa.ListArray.from_arrays(pa.array(first.astype(np.int32)), values)


def offsets_of(keep: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """List offsets of the true places of each row."""
    offsets = np.zeros(len(keep) + 1, dtype=np.int64)
    np.cumsum(keep.sum(axis=1), out=offsets[1:])
    return offsets


def bits(mask: npt.NDArray[np.uint16]) -> npt.NDArray[np.bool_]:
    """The ILO dimensions of a bit mask as a table of truth values."""
    return (mask[:, None] >> np.arange(len(ILO_DIMENSIONS), dtype=np.uint16) & 1).astype(np.bool_)


def chosen(keep: npt.NDArray[np.bool_], names: list[str]) -> pa.ListArray:
    """A list column of the names whose place is true."""
    column = np.broadcast_to(np.arange(len(names)), keep.shape)[keep]
    return lists(offsets_of(keep), pa.array(names, pa.string()).take(pa.array(column)))
