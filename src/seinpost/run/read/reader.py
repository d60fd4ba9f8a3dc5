"""Read sources in bounded raw batches: Parquet, Arrow IPC, CSV and JSON Lines; what is structurally broken is set
apart.

A raw batch holds the profile's columns as the source has them (text of CSV as binary, unchecked) and the number of each
row in its source. Batch boundaries depend on the source alone, so a run gives the same units whatever its threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.ipc as paipc
import pyarrow.parquet as papq

from seinpost.errors import InputError
from seinpost.run.read.csvrows import check_header, open_rows, read_csv
from seinpost.run.read.jsonlines import names_in, read_jsonl
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.raw import (
    BATCH_BYTES,
    BATCH_ROWS,
    BrokenSourceError,
    RawBatch,
    breaks_off,
    check_columns,
    is_moment,
    is_textual,
    no_zone,
    zoned,
)
from seinpost.run.read.sources import Format, Source
from seinpost.run.read.streams import Unpacked

CHECKED_BYTES = 1 << 20


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


def check_source(source: Source, profile: SourceProfile) -> None:
    """Check what can be known of a source before reading it: its columns and their types; raises InputError."""
    if source.format is Format.PARQUET:
        next(read_parquet(source, profile, only_check=True), None)
    elif source.format is Format.CSV:
        with open_rows(source, profile) as stream:
            check_header(stream, profile)
    elif source.format is Format.ARROW:
        with readable(source), pa.memory_map(str(source.path)) as file:
            check_schema(source, profile, ipc_reader(file).schema)
    else:
        with Unpacked(source) as stream:
            check_names(source, profile, names_in(stream, CHECKED_BYTES), stream.broken)


@contextmanager
def readable(source: Source) -> Iterator[None]:
    """Turn a failing look at a source into an InputError."""
    try:
        yield
    except (pa.ArrowException, OSError, EOFError) as error:
        raise InputError(*breaks_off(source, 0, error)) from error


def check_names(source: Source, profile: SourceProfile, names: list[str] | None, broken: str | None) -> None:
    """Refuse JSON Lines without a line, or in which no object has an id or a text column.

    Other columns may be rare: an export that leaves out what is null need not have them in its first lines.
    """
    if names is None:
        if broken is not None:
            raise InputError(*breaks_off(source, 0, broken))
        raise InputError(f"{source.name}: the file is empty", f"{source.name}: het bestand is leeg")
    wanted = replace(profile, registered_at=None, keep=())
    if names:
        check_columns(source, wanted, names)


def check_schema(source: Source, profile: SourceProfile, schema: pa.Schema) -> None:
    """Refuse a source whose columns cannot be what the profile says they are."""
    check_columns(source, profile, list(schema.names))
    for name in profile.columns:
        kind = schema.field(name).type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if name == profile.registered_at:
            allowed = "timestamp, date, ISO text" if not (is_moment(kind) or is_textual(kind)) else ""
        elif name in profile.keep and name != profile.id_column and name not in profile.text_columns:
            allowed = "any type but lists, structs and maps" if pa.types.is_nested(kind) else ""
        elif name == profile.id_column and pa.types.is_integer(kind):
            allowed = ""
        else:
            allowed = "" if is_textual(kind) else "string, binary, dictionary of strings; for the id also an integer"
        if allowed:
            raise InputError(
                f"{source.name}: column {name!r} has type {kind} (allowed: {allowed})",
                f"{source.name}: kolom {name!r} heeft type {kind} (toegestaan: {allowed})",
            )
        if name == profile.registered_at and is_moment(kind) and not zoned(kind) and profile.time_zone is None:
            raise no_zone(source, name)


def number(batch: pa.RecordBatch, profile: SourceProfile, start: int) -> RawBatch:
    """Take the profile's columns out of a batch whose rows follow each other from `start`."""
    columns = {name: batch.column(name) for name in profile.columns}
    return RawBatch(columns, np.arange(start, start + batch.num_rows, dtype=np.int64))


def read_parquet(source: Source, profile: SourceProfile, only_check: bool = False) -> Iterator[RawBatch]:
    """Yield row-group slices of about BATCH_BYTES, judged by the file's own metadata; none if only to be checked."""
    try:
        file = papq.ParquetFile(source.path, pre_buffer=False, buffer_size=1 << 20)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{source.name}: not a whole Parquet file: {error}", f"{source.name}: geen heel Parquet-bestand: {error}"
        ) from error
    with file:
        check_schema(source, profile, file.schema_arrow)
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
    """Yield the batches of an Arrow IPC file or stream, cut to size."""
    start = 0
    try:
        with pa.memory_map(str(source.path)) as file:
            reader = ipc_reader(file)
            check_schema(source, profile, reader.schema)
            for batch in ipc_batches(reader):
                for piece in cut(batch):
                    yield number(piece, profile, start)
                    start += piece.num_rows
    except (pa.ArrowException, OSError) as error:
        kind = InputError if start == 0 else BrokenSourceError
        raise kind(*breaks_off(source, start, error)) from error


def cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Cut a batch of any size into batches of at most BATCH_ROWS and about BATCH_BYTES."""
    size = max(1, min(BATCH_ROWS, BATCH_BYTES * max(1, batch.num_rows) // max(1, batch.nbytes)))
    return (batch.slice(offset, size) for offset in range(0, batch.num_rows, size))


def ipc_reader(file: pa.NativeFile) -> paipc.RecordBatchFileReader | paipc.RecordBatchStreamReader:
    """Open the file format, or else the stream format."""
    head = file.read(6)
    file.seek(0)
    return paipc.open_file(file) if head == b"ARROW1" else paipc.open_stream(file)


def ipc_batches(reader: paipc.RecordBatchFileReader | paipc.RecordBatchStreamReader) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of either format."""
    if isinstance(reader, paipc.RecordBatchFileReader):
        yield from (reader.get_batch(index) for index in range(reader.num_record_batches))
    else:
        yield from reader


def read_json_source(source: Source, profile: SourceProfile) -> Iterator[RawBatch]:
    """Yield the blocks of a JSON Lines source."""
    given = 0
    try:
        with Unpacked(source) as stream:
            for columns, rows, apart in read_jsonl(stream, source, profile, BATCH_BYTES):
                yield RawBatch(columns, rows, apart)
                given = max([given, *(int(row) + 1 for row in rows[-1:]), *(q.row + 1 for q in apart[-1:])])
            if stream.broken is not None:
                raise BrokenSourceError(*breaks_off(source, given, stream.broken))
    except OSError as error:
        raise BrokenSourceError(*breaks_off(source, given, error)) from error
