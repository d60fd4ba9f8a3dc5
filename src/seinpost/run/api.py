"""Scan from Python, on tables in memory or on files: what `seinpost.scan` is."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from seinpost.errors import InputError, SettingError
from seinpost.run.engine import Counts, Engine, UnitResult, source_fields
from seinpost.run.read.clean import Batch, clean
from seinpost.run.read.identity import SeenIds
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined
from seinpost.run.read.raw import BATCH_ROWS, RawBatch
from seinpost.run.read.reader import check_schema, check_source, cut, read_source
from seinpost.run.read.sources import Format, Source, find_sources
from seinpost.score.order import ranked
from seinpost.types import Registration

IN_MEMORY = Source("memory", Path(), Format.ARROW)
Scannable: TypeAlias = "pa.Table | pa.RecordBatch | pa.RecordBatchReader | str | Path | Iterable[Registration]"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The result of a scan in memory: `signals` by rank, `hits` and `contributions` in input order.

    Columns: docs/reference/run.md. `quarantine` holds the rows that could not be scanned; `counts` balances.
    """

    signals: pa.Table
    hits: pa.Table
    contributions: pa.Table
    quarantine: tuple[Quarantined, ...]
    counts: Counts


def scan_anything(
    source: Scannable | Sequence[str | Path],
    engine: Engine,
    *,
    id_column: str = "registration_id",
    text_column: str = "text",
    threads: int = 1,
) -> ScanResult:
    """Scan an Arrow table or reader, registrations, or files, and give back the tables that `seinpost scan` would
    write.

    Everything is held in memory: for millions of registrations use the command, or an Engine batch by batch. `threads`
    batches are scanned at a time; the result is the same for any number. Raises InputError and SettingError; bad rows
    go to `quarantine`.
    """
    if threads < 1:
        raise SettingError(f"threads is {threads} (allowed: 1 or more)", f"threads is {threads} (toegestaan: vanaf 1)")
    profile = SourceProfile(id_column=id_column, text_columns=(text_column,))
    quarantine: list[Quarantined] = []
    counts = Counts() + Counts()
    tables = []
    with TemporaryDirectory() as folder:
        seen = SeenIds(Path(folder))
        unseen = (batch.without(seen.mark(batch.ids)) for batch in batches(source, profile))
        for batch, result in processed(engine, unseen, threads):
            quarantine.extend(batch.quarantined)
            counts = counts + result.counts
            tables.append(result.tables)
    signals, hits, contributions = engine.builder.schemas
    for field in source_fields(registered_at=False, keep=()):
        signals = signals.append(field)
    return ScanResult(
        ranked(joined([t.signals for t in tables], signals)),
        joined([t.hits for t in tables], hits),
        joined([t.contributions for t in tables], contributions),
        tuple(quarantine),
        counts,
    )


def processed(engine: Engine, source: Iterator[Batch], threads: int) -> Iterator[tuple[Batch, UnitResult]]:
    """Each batch with its result, in order; never more than two batches for each thread are under way."""
    own = threading.local()

    def process(batch: Batch) -> tuple[Batch, UnitResult]:
        if not hasattr(own, "workspace"):
            own.workspace = engine.workspace()
        return batch, engine.process(batch, own.workspace)

    waiting: deque[Future[tuple[Batch, UnitResult]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for batch in source:
                waiting.append(pool.submit(process, batch))
                if len(waiting) >= 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    """One table of many."""
    return pa.concat_tables(tables).unify_dictionaries() if tables else schema.empty_table()


def batches(source: Scannable | Sequence[str | Path], profile: SourceProfile) -> Iterator[Batch]:
    """Clean batches of anything that can be scanned; raises InputError for what cannot."""
    if isinstance(source, str | Path):
        source = [source]
    if isinstance(source, pa.Table | pa.RecordBatch | pa.RecordBatchReader):
        yield from arrow_batches(source, profile)
        return
    items: list[object] = list(source) if isinstance(source, Iterable) else [source]
    registrations = [item for item in items if isinstance(item, Registration)]
    paths = [str(item) for item in items if isinstance(item, str | Path)]
    if len(registrations) == len(items):
        yield from registration_batches(registrations, profile)
    elif len(paths) == len(items):
        for found in find_sources(paths):
            check_source(found, profile)
            for raw in read_source(found, profile):
                yield clean(raw, found, profile)
    else:
        kinds = ", ".join(sorted({type(item).__name__ for item in items}))
        allowed = "an Arrow table, record batch or reader; paths; Registration items; not mixed"
        raise InputError(f"cannot scan {kinds} (allowed: {allowed})")


def registration_batches(items: list[Registration], profile: SourceProfile) -> Iterator[Batch]:
    """Clean batches of registrations; one whose id or text cannot be UTF-8 is set apart like any bad row."""
    for first in range(0, len(items), BATCH_ROWS):
        part = items[first : first + BATCH_ROWS]
        ids, texts = (
            pa.array([None if v is None else v.encode("utf-8", "surrogatepass") for v in column], pa.large_binary())
            for column in ([item.registration_id for item in part], [item.text for item in part])
        )
        rows = np.arange(first, first + len(part), dtype=np.int64)
        columns = {profile.id_column: ids, profile.text_columns[0]: texts}
        yield clean(RawBatch(columns, rows), IN_MEMORY, profile)


def arrow_batches(source: pa.Table | pa.RecordBatch | pa.RecordBatchReader, profile: SourceProfile) -> Iterator[Batch]:
    """Clean batches of Arrow data in memory."""
    check_schema(IN_MEMORY, profile, source.schema)
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    start = 0
    for batch in source.to_batches() if isinstance(source, pa.Table) else source:
        for piece in cut(batch):
            columns = {name: piece.column(name) for name in profile.columns}
            rows = np.arange(start, start + piece.num_rows, dtype=np.int64)
            start += piece.num_rows
            yield clean(RawBatch(columns, rows), IN_MEMORY, profile)
