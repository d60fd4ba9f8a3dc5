"""Scan from Python, on tables in memory or on files: what `seinpost.scan` is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from seinpost.packs import load_pack
from seinpost.packs.pack import Pack
from seinpost.run.engine import Counts, Engine, Reader
from seinpost.run.read.clean import Batch, clean
from seinpost.run.read.identity import SeenIds
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined
from seinpost.run.read.reader import RawBatch, check_columns, check_types, read_source
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
    pack: Pack | str | Path = "nl",
    *,
    id_column: str = "registration_id",
    text_column: str = "text",
    eye: Reader | None = None,
) -> ScanResult:
    """Scan an Arrow table or reader, registrations, or files, and give back the tables that `seinpost scan` would
    write.

    Everything is held in memory: for millions of registrations use the command, or an Engine batch by batch. Raises
    PackError, InputError; bad rows go to `quarantine`.
    """
    engine = Engine(pack if isinstance(pack, Pack) else load_pack(pack), eye)
    profile = SourceProfile(id_column=id_column, text_columns=(text_column,))
    workspace = engine.workspace()
    quarantine: list[Quarantined] = []
    counts = Counts()
    tables = []
    with TemporaryDirectory() as folder:
        seen = SeenIds(Path(folder))
        for raw_batch in batches(source, profile):
            batch = raw_batch.without(seen.mark(raw_batch.ids))
            result = engine.process(batch, workspace)
            quarantine.extend(batch.quarantined)
            counts = counts + result.counts
            tables.append(result.tables)
    signals, hits, contributions = engine.builder.schemas
    return ScanResult(
        ranked(joined([t.signals for t in tables], signals)),
        joined([t.hits for t in tables], hits),
        joined([t.contributions for t in tables], contributions),
        tuple(quarantine),
        counts,
    )


def joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    """One table of many."""
    return pa.concat_tables(tables).unify_dictionaries() if tables else schema.empty_table()


def batches(source: Scannable | Sequence[str | Path], profile: SourceProfile) -> Iterator[Batch]:
    """Clean batches of anything that can be scanned."""
    if isinstance(source, str | Path):
        source = [source]
    if isinstance(source, pa.Table | pa.RecordBatch | pa.RecordBatchReader):
        yield from arrow_batches(source, profile)
        return
    items = list(source)
    if items and isinstance(items[0], Registration):
        ids = [item.registration_id for item in items if isinstance(item, Registration)]
        texts = [item.text for item in items if isinstance(item, Registration)]
        table = pa.table({profile.id_column: ids, profile.text_columns[0]: texts})
        yield from arrow_batches(table, profile)
        return
    for found in find_sources([str(item) for item in items]):
        for raw in read_source(found, profile):
            yield clean(raw, found, profile)


def arrow_batches(source: pa.Table | pa.RecordBatch | pa.RecordBatchReader, profile: SourceProfile) -> Iterator[Batch]:
    """Clean batches of Arrow data in memory."""
    check_columns(IN_MEMORY, profile, list(source.schema.names))
    check_types(IN_MEMORY, profile, source.schema)
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    start = 0
    for batch in source.to_batches() if isinstance(source, pa.Table) else source:
        columns = {name: batch.column(name) for name in profile.columns}
        rows = np.arange(start, start + batch.num_rows, dtype=np.int64)
        start += batch.num_rows
        yield clean(RawBatch(columns, rows), IN_MEMORY, profile)
