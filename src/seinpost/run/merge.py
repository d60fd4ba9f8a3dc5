"""Make one table of the parts of a run: rows in input order, and for signals their place in the order worth reading."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as papq

from seinpost.run.parts import UnitState, WorkFolder, writing
from seinpost.score.order import reading_order

KEYS = ("layer", "score", "dimensions", "indicators", "registration_id", "source", "row")
COMPRESSION, LEVEL = "zstd", 1


def merge_signals(work: WorkFolder, units: Sequence[UnitState], schema: pa.Schema, path: Path) -> pa.Table:
    """Write signals.parquet with ranks; return the keys of all signals (see KEYS) with their `rank`, in input order."""
    parts = [work.read(state.unit, "signals", KEYS) for state in units]
    keys = pa.concat_tables(parts).unify_dictionaries() if parts else schema.empty_table().select(KEYS)
    order = reading_order(keys)
    ranks: npt.NDArray[np.int64] = np.empty(len(keys), np.int64)
    ranks[order] = np.arange(1, len(keys) + 1)
    write_parquet(path, schema, with_ranks(work, units, ranks))
    return keys.append_column("rank", pa.array(ranks))


def with_ranks(work: WorkFolder, units: Sequence[UnitState], ranks: npt.NDArray[np.int64]) -> Iterator[pa.Table]:
    """Yield the signals of each unit with their rank in the whole run."""
    start = 0
    for state in units:
        table = work.read(state.unit, "signals")
        place = table.schema.get_field_index("rank")
        column = pa.array(ranks[start : start + len(table)])
        start += len(table)
        yield table.set_column(place, table.schema.field(place), column)


def merge_table(work: WorkFolder, units: Sequence[UnitState], name: str, schema: pa.Schema, path: Path) -> None:
    """Write one table of all units after each other."""
    write_parquet(path, schema, (work.read(state.unit, name) for state in units))


def write_parquet(path: Path, schema: pa.Schema, tables: Iterator[pa.Table]) -> None:
    """Write tables as one Parquet file that has its name only when it is whole; the same tables give the same bytes."""
    partial = path.with_name(path.name + ".partial")
    with writing(path):
        try:
            with papq.ParquetWriter(partial, schema, compression=COMPRESSION, compression_level=LEVEL) as writer:
                for table in tables:
                    if len(table):
                        writer.write_table(table)
            os.replace(partial, path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


def rows_of(path: Path) -> int:
    """How many rows a Parquet file holds."""
    return int(papq.read_metadata(path).num_rows)
