"""Make one table of the parts of a run: rows in input order, and for signals their place in the order worth reading."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as papq

from seinpost.run.parts import TABLES, UnitState, WorkFolder, writing
from seinpost.score.order import reading_order

Part: TypeAlias = tuple[pa.Table, int]
KEYS = ("layer", "score", "dimensions", "indicators", "registration_id", "source", "row")
COMPRESSION, LEVEL = "zstd", 1
GROUP_ROWS, GROUP_BYTES = 1 << 17, 1 << 25
UNLIKE = ("registration_id", "text", "quote", "rank", "row", "start", "end")
"""Columns whose values differ from row to row: looking for repetition in them costs time and finds none."""


def rank_signals(work: WorkFolder, units: Sequence[UnitState], schema: pa.Schema) -> pa.Table:
    """The `layer` and `rank` of all signals, in input order."""
    found = [work.read(state.unit, "signals", KEYS) for state in units]
    keys = pa.concat_tables(found).unify_dictionaries() if found else schema.empty_table().select(KEYS)
    order = reading_order(keys)
    ranks: npt.NDArray[np.int64] = np.empty(len(keys), np.int64)
    ranks[order] = np.arange(1, len(keys) + 1)
    layers = keys["layer"].combine_chunks()  # a copy, so that nothing holds the units' files in memory
    return pa.table({"layer": layers, "rank": ranks})


def merge_signals(work: WorkFolder, units: Sequence[UnitState], keys: pa.Table, schema: pa.Schema, path: Path) -> None:
    """Write signals.parquet with the ranks of the keys."""
    write_parquet(path, schema, with_ranks(work, units, keys["rank"].to_numpy()))


def parts(work: WorkFolder, units: Sequence[UnitState], name: str) -> Iterator[Part]:
    """One table of each unit, and how many bytes it has."""
    for state in units:
        yield work.read(state.unit, name), work.table_path(state.unit, name).stat().st_size


def with_ranks(work: WorkFolder, units: Sequence[UnitState], ranks: npt.NDArray[Any]) -> Iterator[Part]:
    """The signals of each unit with their rank in the whole run."""
    start = 0
    for table, size in parts(work, units, "signals"):
        place = table.schema.get_field_index("rank")
        column = pa.array(ranks[start : start + len(table)])
        start += len(table)
        yield table.set_column(place, table.schema.field(place), column), size


@dataclass(frozen=True, slots=True)
class First:
    """The rows of the three tables for the signals that are read first."""

    signals: pa.Table
    hits: pa.Table
    contributions: pa.Table


def first_rows(
    work: WorkFolder, units: Sequence[UnitState], keys: pa.Table, layers: Sequence[str], limit: int
) -> First | None:
    """The signals of some layers up to a rank, out of the units: nothing else of them is read. None: there are none."""
    shown = pc.is_in(keys["layer"], pa.array(layers, pa.string())).to_numpy() & (keys["rank"].to_numpy() <= limit)
    found: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
    start = 0
    for state, (table, _) in zip(units, with_ranks(work, units, keys["rank"].to_numpy()), strict=True):
        here = shown[start : start + len(table)]
        start += len(table)
        if here.any():
            signals = plain(table.filter(pa.array(here)))
            found["signals"].append(signals)
            for name in ("hits", "contributions"):
                whole = work.read(state.unit, name)
                near = np.isin(whole["row"].to_numpy(), signals["row"].to_numpy())
                found[name].append(plain(whole.filter(pa.array(near))))
    if not found["signals"]:
        return None
    return First(*(pa.concat_tables(found[name]) for name in TABLES))


def plain(table: pa.Table) -> pa.Table:
    """A table without dictionaries: a few rows would keep whole ones in memory, and the file they stand in."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table[place].cast(field.type.value_type))
    return table


def merge_table(work: WorkFolder, units: Sequence[UnitState], name: str, schema: pa.Schema, path: Path) -> None:
    """Write one table of all units after each other."""
    write_parquet(path, schema, parts(work, units, name))


def write_parquet(path: Path, schema: pa.Schema, tables: Iterator[Part]) -> None:
    """Write tables as one Parquet file that has its name only when it is whole; the same tables give the same bytes."""
    partial = path.with_name(path.name + ".partial")
    coded = [name for name in schema.names if name not in UNLIKE]
    with writing(path):
        try:
            with papq.ParquetWriter(
                partial,
                schema,
                compression=COMPRESSION,
                compression_level=LEVEL,
                use_dictionary=coded,
                write_statistics=coded,
            ) as writer:
                for table in grouped(tables):
                    writer.write_table(table, row_group_size=len(table))
            os.replace(partial, path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


def grouped(tables: Iterator[Part]) -> Iterator[pa.Table]:
    """Tables joined to row groups worth the name, none of them empty."""
    waiting: list[pa.Table] = []
    rows = size = 0
    for table, more in tables:
        waiting.append(table)
        rows, size = rows + len(table), size + more
        if rows and (rows >= GROUP_ROWS or size >= GROUP_BYTES):
            yield pa.concat_tables(waiting).unify_dictionaries()
            waiting, rows, size = [], 0, 0
    if rows:
        yield pa.concat_tables(waiting).unify_dictionaries()


def rows_of(path: Path) -> int:
    """How many rows a Parquet file holds."""
    return int(papq.read_metadata(path).num_rows)
