"""One batch through scan, second eye and score: the same for files, tables in memory, and other people's pipelines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seinpost.packs.pack import Pack
from seinpost.run.read.clean import Batch
from seinpost.scan.plans.tables import Tables
from seinpost.scan.scanner import Scanner, Workspace
from seinpost.score import tables
from seinpost.score.encoder.reader import EncodedEye
from seinpost.score.resemblance import Resemblance, SituationName
from seinpost.score.scorer import Scorer
from seinpost.types import HitColumns, Layer

FLAGGED = (Layer.A, Layer.B, Layer.C, Layer.D)


class Reader(Protocol):
    """A second eye: names the situations it knows, and reads texts for resemblance to them."""

    @property
    def situations(self) -> tuple[SituationName, ...]: ...

    @property
    def digest(self) -> str: ...

    def read(self, texts: pa.Array) -> Resemblance: ...


def third_reader(eye: Reader | None) -> dict[str, str] | None:
    """The package, its version and the head's digest of the third reader that reads with a second eye; None: none."""
    return dict(eye.named) if isinstance(eye, EncodedEye) else None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a unit, a source or a run: received = flagged + not flagged + failed."""

    received: int = 0
    flagged: dict[str, int] | None = None
    not_flagged: int = 0
    failed: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = self.flagged or {}, other.flagged or {}
        flagged = {layer.name: mine.get(layer.name, 0) + theirs.get(layer.name, 0) for layer in FLAGGED}
        return Counts(
            self.received + other.received,
            flagged,
            self.not_flagged + other.not_flagged,
            self.failed + other.failed,
        )

    @property
    def balanced(self) -> bool:
        """The counts balance if, and only if, every row received is flagged, not flagged or failed."""
        return self.received == sum((self.flagged or {}).values()) + self.not_flagged + self.failed


@dataclass(frozen=True, slots=True)
class UnitResult:
    """The tables of one unit, what became of its rows, and the digest of what was read."""

    tables: tables.Tables
    counts: Counts
    digest: str


class Engine:
    """Everything one batch needs; threads share it, each with a workspace of its own.

    `compiled` are the tables of the pack where they are kept (`seinpost.run.prepared`).
    """

    def __init__(self, pack: Pack, eye: Reader | None = None, compiled: Tables | None = None) -> None:
        self.pack, self.eye = pack, eye
        self.scanner = Scanner(pack, pack.frequency, compiled)
        self.encoder = third_reader(eye)
        situations = eye.situations if eye is not None else ()
        self.scorer = Scorer(pack, situations, encoder=self.encoder is not None)
        self.builder = tables.TableBuilder(self.scorer)
        self._counts = np.array([not pack.indicators[rule.indicator].aside for rule in pack.patterns], np.bool_)

    def workspace(self) -> Workspace:
        """Working memory for one thread."""
        return self.scanner.workspace()

    def hits(self, texts: pa.Array, workspace: Workspace | None = None) -> HitColumns:
        """What is found in texts, without what only tells pages what to fold."""
        found = self.scanner.scan(texts, workspace)
        return found if self._counts.all() else found.only(self._counts[found.pattern])

    def process(self, batch: Batch, workspace: Workspace) -> UnitResult:
        """Scan, read and score one batch. Hits are kept of flagged registrations only: of the others counts and
        digests.
        """
        hits = self.hits(batch.texts, workspace)
        resemblance = self.eye.read(batch.texts) if self.eye is not None else None
        scores = self.scorer.score(hits, len(batch.rows), resemblance)
        shape = tables.Batch(batch.ids, batch.texts, batch.source, batch.rows)
        built = self.builder.build(hits, scores, shape, resemblance)
        kept = pa.array(np.isin(hits.row, scores.row))
        signals = with_source_columns(built.signals, batch, scores.row)
        result = tables.Tables(signals, built.hits.filter(kept), built.contributions)
        return UnitResult(result, count(batch, scores.layer), digest_of(batch))


def source_fields(registered_at: bool, keep: Iterable[str]) -> list[pa.Field]:
    """The columns that signals get from the source: text, moment, and what its profile keeps."""
    fields = [pa.field("text", pa.large_string(), False, {"meaning": "original text, unchanged"})]
    if registered_at:
        fields.append(pa.field("registered_at", pa.timestamp("us", "UTC"), True, {"meaning": "moment of registration"}))
    return [*fields, *(pa.field(f"source.{name}", pa.string(), True, {"meaning": "as in the source"}) for name in keep)]


def with_source_columns(signals: pa.Table, batch: Batch, rows: npt.NDArray[np.int64]) -> pa.Table:
    """Add what the workbench needs of a flagged registration: its text, its moment, the columns its profile keeps."""
    take = pa.array(rows)
    moments = [] if batch.registered_at is None else [batch.registered_at]
    columns = [batch.texts, *moments, *batch.keep.values()]
    for field, column in zip(source_fields(bool(moments), batch.keep), columns, strict=True):
        signals = signals.append_column(field, column.take(take))
    return signals


def count(batch: Batch, layers: npt.NDArray[np.uint8]) -> Counts:
    """Count what became of the rows of a batch."""
    flagged = {layer.name: int(np.count_nonzero(layers == layer)) for layer in FLAGGED}
    scanned, failed = len(batch.rows), len(batch.quarantined)
    return Counts(scanned + failed, flagged, scanned - sum(flagged.values()), failed)


def digest_of(batch: Batch) -> str:
    """SHA-256 over everything of a batch that can come into a result, lengths included, so that no two batches read
    the same.
    """
    digest = hashlib.sha256()
    for column in (batch.ids, batch.texts, *batch.keep.values()):
        update(digest, column)
    if batch.registered_at is not None:
        update(digest, batch.registered_at.cast(pa.int64()).cast(pa.string()))
    for quarantined in batch.quarantined:
        digest.update(quarantined.as_json().encode())
    return digest.hexdigest()


def update(digest: hashlib._Hash, column: pa.Array) -> None:
    """Add a column of texts to a digest: which are null, how long each is, and their bytes."""
    if column.null_count:
        digest.update(column.is_null().to_numpy(zero_copy_only=False).tobytes())
        column = pc.fill_null(column, "")
    column = column.cast(pa.large_string())
    offsets = np.frombuffer(column.buffers()[1], np.int64)[column.offset : column.offset + len(column) + 1]
    data = column.buffers()[2]
    digest.update(np.diff(offsets).tobytes())
    if data is not None and len(column):
        digest.update(memoryview(data)[offsets[0] : offsets[-1]])
