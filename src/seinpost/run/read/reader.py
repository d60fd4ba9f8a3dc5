"""Read sources in bounded raw batches: Parquet, Arrow IPC, CSV and JSON Lines; what is structurally broken is set
apart.

A raw batch holds the profile's columns as the source has them (text of CSV as binary, unchecked) and the number of each
row in its source. Batch boundaries depend on the source alone, so a run gives the same units whatever its threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.ipc as paipc
import pyarrow.parquet as papq

from seinpost.errors import InputError
from seinpost.run.read.jsonlines import read_jsonl
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined, Reason
from seinpost.run.read.sources import Format, Source

BATCH_BYTES = 12_000_000
BATCH_ROWS = 32_768
LARGEST_BLOCK = 1 << 30


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Columns of one source as read, `rows` their numbers in it from 0, and what was set apart while reading them."""

    columns: dict[str, pa.Array]
    rows: npt.NDArray[np.int64]
    quarantined: tuple[Quarantined, ...] = ()


class BrokenSourceError(InputError):
    """A source breaks off: the rows before the break have been given out, the rest cannot be read."""


def read_source(source: Source, profile: SourceProfile) -> Iterator[RawBatch]:
    """Yield the raw batches of one source.

    Raises InputError before the first batch when the source cannot be read at all (columns missing, doubled or of a
    wrong
    type), and BrokenSourceError after the last readable batch when it breaks off.
    """
    reader: Callable[[Source, SourceProfile], Iterator[RawBatch]] = {
        Format.PARQUET: read_parquet,
        Format.ARROW: read_ipc,
        Format.CSV: read_csv,
        Format.JSONL: read_json_source,
    }[source.format]
    yield from reader(source, profile)


def breaks_off(source: Source, row: int, error: Exception) -> tuple[str, str]:
    """Say in English and Dutch that a source cannot be read from a row on."""
    kind = source.format.value
    return (
        f"{source.name}: not readable as {kind} from row {row} on: {error}",
        f"{source.name}: vanaf rij {row} niet leesbaar als {kind}: {error}",
    )


def check_source(source: Source, profile: SourceProfile) -> None:
    """Check what can be known of a source before reading it: its columns and their types; raises InputError."""
    if source.format is Format.PARQUET:
        next(read_parquet(source, profile, only_check=True), None)
    elif source.format is Format.CSV:
        with readable(source):
            check_columns(source, profile, csv_header(source, profile, BATCH_BYTES))


@contextmanager
def readable(source: Source) -> Iterator[None]:
    """Turn a failing look at a source into an InputError."""
    try:
        yield
    except (pa.ArrowException, OSError, EOFError) as error:
        raise InputError(*breaks_off(source, 0, error)) from error


def check_columns(source: Source, profile: SourceProfile, names: list[str]) -> None:
    """Refuse a source in which a wanted column is missing or stands twice; the message names the columns there are."""
    for wanted in profile.columns:
        count = names.count(wanted)
        if count != 1:
            problem = "is missing" if count == 0 else f"stands {count} times"
            probleem = "ontbreekt" if count == 0 else f"staat er {count} keer"
            there = ", ".join(names[:40]) or "none"
            raise InputError(
                f"{source.name}: column {wanted!r} {problem} (columns there are: {there})",
                f"{source.name}: kolom {wanted!r} {probleem} (kolommen die er zijn: {there})",
            )


def check_types(source: Source, profile: SourceProfile, schema: pa.Schema) -> None:
    """Refuse an id or text column that cannot hold an id or a text."""
    for name in (profile.id_column, *profile.text_columns):
        kind = schema.field(name).type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        textual = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
        textual = textual or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
        if not textual and not (name == profile.id_column and pa.types.is_integer(kind)):
            allowed = "string, binary, dictionary of strings; for the id also an integer"
            raise InputError(
                f"{source.name}: column {name!r} has type {kind} (allowed: {allowed})",
                f"{source.name}: kolom {name!r} heeft type {kind} (toegestaan: {allowed})",
            )


def number(batch: pa.RecordBatch, profile: SourceProfile, start: int) -> RawBatch:
    """Take the profile's columns out of a batch whose rows follow each other from `start`."""
    columns = {name: batch.column(name) for name in profile.columns}
    return RawBatch(columns, np.arange(start, start + batch.num_rows, dtype=np.int64))


def read_parquet(source: Source, profile: SourceProfile, only_check: bool = False) -> Iterator[RawBatch]:
    """Yield row-group slices of about BATCH_BYTES, judged by the file's own metadata; none if only to be checked."""
    try:
        file = papq.ParquetFile(source.path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{source.name}: not a whole Parquet file: {error}", f"{source.name}: geen heel Parquet-bestand: {error}"
        ) from error
    with file:
        check_columns(source, profile, list(file.schema_arrow.names))
        check_types(source, profile, file.schema_arrow)
        start = 0
        for group in range(0 if only_check else file.num_row_groups):
            meta = file.metadata.row_group(group)
            mean = max(1, meta.total_byte_size // max(1, meta.num_rows))
            size = max(1, min(BATCH_ROWS, BATCH_BYTES // mean))
            try:
                for batch in file.iter_batches(size, row_groups=[group], columns=list(profile.columns)):
                    yield number(batch, profile, start)
                    start += batch.num_rows
            except (pa.ArrowException, OSError) as error:
                raise BrokenSourceError(*breaks_off(source, start, error)) from error


def read_ipc(source: Source, profile: SourceProfile) -> Iterator[RawBatch]:
    """Yield the batches of an Arrow IPC file or stream, cut to BATCH_ROWS."""
    start = 0
    try:
        with pa.memory_map(str(source.path)) as file:
            for batch in ipc_batches(file):
                check_columns(source, profile, list(batch.schema.names))
                check_types(source, profile, batch.schema)
                size = max(1, min(BATCH_ROWS, BATCH_BYTES * max(1, batch.num_rows) // max(1, batch.nbytes)))
                for offset in range(0, batch.num_rows, size):
                    piece = batch.slice(offset, size)
                    yield number(piece, profile, start)
                    start += piece.num_rows
    except (pa.ArrowException, OSError) as error:
        kind = InputError if start == 0 else BrokenSourceError
        raise kind(*breaks_off(source, start, error)) from error


def ipc_batches(file: pa.NativeFile) -> Iterator[pa.RecordBatch]:
    """Yield record batches from the file format, or else from the stream format; an empty schema-only batch if none."""
    head = file.read(6)
    file.seek(0)
    if head == b"ARROW1":
        reader = paipc.open_file(file)
        count = reader.num_record_batches
        yield from (reader.get_batch(index) for index in range(count))
    else:
        stream = paipc.open_stream(file)
        yield from stream


def open_unpacked(source: Source) -> pa.NativeFile:
    """Open a CSV source, unpacking .gz and .zst on the way."""
    return pa.input_stream(str(source.path), compression=source.compression)


def read_csv(source: Source, profile: SourceProfile) -> Iterator[RawBatch]:
    """Yield the blocks of a CSV source; a row longer than a block makes the reader start over with larger blocks."""
    block, done = BATCH_BYTES, 0
    while True:
        try:
            for batch in read_csv_blocks(source, profile, block):
                fresh = batch.rows >= done
                if not fresh.any() and not any(q.row >= done for q in batch.quarantined):
                    continue
                yield keep_fresh(batch, fresh, done)
                last = [int(batch.rows[-1])] if len(batch.rows) else []
                done = max([done, *(row + 1 for row in last), *(q.row + 1 for q in batch.quarantined)])
            return
        except pa.ArrowInvalid as error:
            if "straddl" in str(error) and block < LARGEST_BLOCK:
                block *= 8
                continue
            kind = InputError if done == 0 else BrokenSourceError
            raise kind(*breaks_off(source, done, error)) from error
        except (OSError, EOFError) as error:
            kind = InputError if done == 0 else BrokenSourceError
            raise kind(*breaks_off(source, done, error)) from error


def keep_fresh(batch: RawBatch, fresh: npt.NDArray[np.bool_], done: int) -> RawBatch:
    """Drop what an earlier attempt with smaller blocks already gave out."""
    if fresh.all():
        return batch
    mask = pa.array(fresh)
    columns = {name: column.filter(mask) for name, column in batch.columns.items()}
    return RawBatch(columns, batch.rows[fresh], tuple(q for q in batch.quarantined if q.row >= done))


def read_csv_blocks(source: Source, profile: SourceProfile, block: int) -> Iterator[RawBatch]:
    """Yield CSV blocks of `block` bytes; rows with a wrong number of fields are set apart, with what was expected."""
    invalid: list[pacsv.InvalidRow] = []

    def set_apart(row: pacsv.InvalidRow) -> str:
        invalid.append(row)
        return "skip"

    check_columns(source, profile, csv_header(source, profile, block))
    reader = pacsv.open_csv(
        open_unpacked(source),
        read_options=pacsv.ReadOptions(use_threads=False, block_size=block, encoding=arrow_encoding(profile)),
        parse_options=pacsv.ParseOptions(
            delimiter="\t" if source.tab_separated else profile.delimiter,
            quote_char=profile.quote,
            newlines_in_values=True,
            invalid_row_handler=set_apart,
        ),
        convert_options=pacsv.ConvertOptions(
            check_utf8=False,
            include_columns=list(profile.columns),
            column_types={name: pa.binary() for name in profile.columns},
            strings_can_be_null=False,
        ),
    )
    start = 0
    for batch in reader:
        rows, start = number_around(batch.num_rows, start, {row.number - 2 for row in invalid if row.number})
        apart = tuple(wrong_fields(source, row) for row in invalid if (row.number or 2) - 2 < start)
        invalid[:] = [row for row in invalid if (row.number or 2) - 2 >= start]
        yield RawBatch({name: batch.column(name) for name in profile.columns}, rows, apart)
    if invalid:
        empty = {name: pa.array([], pa.binary()) for name in profile.columns}
        yield RawBatch(empty, np.empty(0, np.int64), tuple(wrong_fields(source, row) for row in invalid))


def arrow_encoding(profile: SourceProfile) -> str:
    """Name the encoding as Arrow does; "utf8" means bytes are taken as they are and checked row by row later."""
    return {"utf-8": "utf8", "cp1252": "cp1252", "latin-1": "latin-1"}[profile.encoding]


def csv_header(source: Source, profile: SourceProfile, block: int) -> list[str]:
    """Read the column names of a CSV source."""
    delimiter = "\t" if source.tab_separated else profile.delimiter
    with open_unpacked(source) as stream:
        reader = pacsv.open_csv(
            stream,
            read_options=pacsv.ReadOptions(use_threads=False, block_size=block, encoding=arrow_encoding(profile)),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                quote_char=profile.quote,
                newlines_in_values=True,
                invalid_row_handler=lambda _: "skip",
            ),
            convert_options=pacsv.ConvertOptions(check_utf8=False),
        )
        return [name.removeprefix("\ufeff") for name in reader.schema.names]


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
        (row.number or 2) - 2,
        Reason.WRONG_FIELDS,
        field="*",
        value=f"{row.actual_columns} fields",
        allowed=f"{row.expected_columns} fields",
    )


def read_json_source(source: Source, profile: SourceProfile) -> Iterator[RawBatch]:
    """Yield the blocks of a JSON Lines source."""
    given = 0
    try:
        for columns, rows, apart in read_jsonl(source, profile, BATCH_BYTES):
            yield RawBatch(columns, rows, apart)
            given = int(rows[-1]) + 1 if len(rows) else given
    except (EOFError, OSError) as error:
        kind = InputError if given == 0 else BrokenSourceError
        raise kind(*breaks_off(source, given, error)) from error
