"""CSV in blocks: rows with a wrong number of fields are set apart, quotes may hold line ends, nothing is swallowed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from seinpost.errors import InputError
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined, Reason
from seinpost.run.read.raw import BATCH_BYTES, BrokenSourceError, RawBatch, breaks_off, check_columns
from seinpost.run.read.sources import Source
from seinpost.run.read.streams import Rows, read_up_to

LARGEST_BLOCK = 1 << 30


def open_rows(source: Source, profile: SourceProfile) -> Rows:
    """Open a CSV source; the stream starts after its header."""
    return Rows(source, "\t" if source.tab_separated else profile.delimiter, profile.quote)


def check_header(stream: Rows, profile: SourceProfile) -> list[str]:
    """The column names of a CSV source; raises InputError when it has none or not the wanted ones."""
    source = stream.source
    if not stream.header.strip():
        if stream.broken is not None:
            raise InputError(*breaks_off(source, 0, stream.broken))
        raise InputError(f"{source.name}: the file is empty", f"{source.name}: het bestand is leeg")
    encoding = "utf-8-sig" if profile.encoding == "utf-8" else profile.encoding
    text = stream.header.decode(encoding, "replace")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=chr(stream.delimiter), quotechar=profile.quote)
    names = next(reader)
    check_columns(source, profile, names)
    return names


def read_csv(source: Source, profile: SourceProfile) -> Iterator[RawBatch]:
    """Yield the blocks of a CSV source; a row longer than a block makes the reader start over with larger blocks.

    Raises BrokenSourceError after the last whole row when the packing breaks off or a quote never closes.
    """
    block, done = BATCH_BYTES, 0
    while True:
        try:
            for batch in read_blocks(source, profile, block):
                fresh = keep_fresh(batch, done)
                if len(fresh.rows) or fresh.quarantined:
                    yield fresh
                    done = last_row(fresh) + 1
            return
        except pa.ArrowInvalid as error:
            if "straddl" in str(error) and block < LARGEST_BLOCK:
                block = min(block * 8, LARGEST_BLOCK)
                continue
            raise BrokenSourceError(*breaks_off(source, done, error)) from error
        except OSError as error:
            raise BrokenSourceError(*breaks_off(source, done, error)) from error


def last_row(batch: RawBatch) -> int:
    """The number of the last row in a batch that has one."""
    return max([*(int(row) for row in batch.rows[-1:]), *(q.row for q in batch.quarantined)])


def keep_fresh(batch: RawBatch, done: int) -> RawBatch:
    """Drop what an earlier attempt with smaller blocks already gave out."""
    fresh = batch.rows >= done
    apart = tuple(q for q in batch.quarantined if q.row >= done)
    if fresh.all() and len(apart) == len(batch.quarantined):
        return batch
    mask = pa.array(fresh)
    return RawBatch({name: c.filter(mask) for name, c in batch.columns.items()}, batch.rows[fresh], apart)


def read_blocks(source: Source, profile: SourceProfile, block: int) -> Iterator[RawBatch]:
    """Yield blocks of `block` bytes; the last row is held back until it is known to be whole."""
    with open_rows(source, profile) as stream:
        held: RawBatch | None = None
        for batch in parse(stream, profile, block):
            if held is not None:
                yield held
            held = batch
        if stream.fault is None:
            if held is not None:
                yield held
            return
        at = 0
        if held is not None:
            at = last_row(held) + 1
            if not stream.ends_whole:
                at -= 1
                held = without_row(held, at)
            yield held
        raise BrokenSourceError(*breaks_off(source, at, stream.fault))


def without_row(batch: RawBatch, row: int) -> RawBatch:
    """The batch without one row."""
    stays = batch.rows != row
    mask = pa.array(stays)
    columns = {name: column.filter(mask) for name, column in batch.columns.items()}
    return RawBatch(columns, batch.rows[stays], tuple(q for q in batch.quarantined if q.row != row))


def parse(stream: Rows, profile: SourceProfile, block: int) -> Iterator[RawBatch]:
    """Yield blocks that hold a row, its fields as bytes; rows with a wrong number of fields are set apart."""
    invalid: list[pacsv.InvalidRow] = []

    def set_apart(row: pacsv.InvalidRow) -> str:
        invalid.append(row)
        return "skip"

    names = check_header(stream, profile)
    columns = [f"f{index}" for index in range(len(names))]
    wanted = {name: columns[names.index(name)] for name in profile.columns}
    reader = open_blocks(stream, profile, block, columns, list(wanted.values()), set_apart)
    if reader is None:
        return
    start = 0
    for batch in reader:
        rows, start = number_around(batch.num_rows, start, {row.number - 1 for row in invalid if row.number})
        apart = tuple(wrong_fields(stream.source, row) for row in invalid if (row.number or 1) - 1 < start)
        invalid[:] = [row for row in invalid if (row.number or 1) - 1 >= start]
        if len(rows) or apart:
            yield RawBatch({name: batch.column(field) for name, field in wanted.items()}, rows, apart)
    if invalid:
        empty = {name: pa.array([], pa.binary()) for name in profile.columns}
        yield RawBatch(empty, np.empty(0, np.int64), tuple(wrong_fields(stream.source, row) for row in invalid))


def open_blocks(
    stream: Rows, profile: SourceProfile, block: int, columns: list[str], wanted: list[str], set_apart: object
) -> pacsv.CSVStreamingReader | None:
    """Open Arrow's reader on what follows the header; None when nothing does."""
    first = stream.take(1)
    if not first:
        return None
    return pacsv.open_csv(
        Chained(first, stream),
        read_options=pacsv.ReadOptions(use_threads=False, block_size=block, column_names=columns),
        parse_options=pacsv.ParseOptions(
            delimiter=chr(stream.delimiter),
            quote_char=profile.quote,
            newlines_in_values=True,
            invalid_row_handler=set_apart,
        ),
        convert_options=pacsv.ConvertOptions(
            check_utf8=False,
            include_columns=list(dict.fromkeys(wanted)),
            column_types={field: pa.binary() for field in wanted},
            strings_can_be_null=False,
        ),
    )


class Chained(io.RawIOBase):
    """A stream with its first byte put back. It reads full blocks: Arrow takes a short read for a whole one."""

    def __init__(self, first: bytes, stream: Rows) -> None:
        super().__init__()
        self.first, self.stream = first, stream

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read `size` bytes, fewer only at the end."""
        first, self.first = self.first, b""
        return first + read_up_to(self.stream, size - len(first))


def number_around(count: int, start: int, gaps: set[int]) -> tuple[npt.NDArray[np.int64], int]:
    """Number `count` rows from `start`, leaving out the numbers in `gaps`; also return the next free number."""
    if not gaps:
        return np.arange(start, start + count, dtype=np.int64), start + count
    rows = np.empty(count, np.int64)
    at = start
    for index in range(count):
        while at in gaps:
            at += 1
        rows[index] = at
        at += 1
    while at in gaps:
        at += 1
    return rows, at


def wrong_fields(source: Source, row: pacsv.InvalidRow) -> Quarantined:
    """Set one CSV row apart, with the number of fields it has and should have."""
    return Quarantined(
        source.name,
        (row.number or 1) - 1,
        Reason.WRONG_FIELDS,
        field="*",
        value=f"{row.actual_columns} fields",
        allowed=f"{row.expected_columns} fields",
    )
