"""JSON Lines in blocks: the fast reader for whole blocks, line by line for a block that holds a broken line."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.json as pajson

from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined, Reason
from seinpost.run.read.sources import Source

Block = tuple[dict[str, pa.Array], npt.NDArray[np.int64], tuple[Quarantined, ...]]


def open_lines(source: Source) -> BinaryIO:
    """Open the bytes of a source, unpacked; a cut-off .gz raises EOFError, a cut-off .zst OSError."""
    if source.compression == "gzip":
        return cast(BinaryIO, gzip.open(source.path, "rb"))
    if source.compression == "zstd":
        return cast(BinaryIO, pa.input_stream(str(source.path), compression="zstd"))
    return source.path.open("rb")


def read_jsonl(source: Source, profile: SourceProfile, block_bytes: int) -> Iterator[Block]:
    """Yield blocks of about `block_bytes`, always whole lines; rows are counted over the lines that are not blank."""
    row, line, rest = 0, 1, b""
    with open_lines(source) as file:
        while True:
            data = read_some(file, block_bytes)
            if not data.last:
                cut = data.bytes.rfind(b"\n") + 1
                chunk, rest = (rest + data.bytes[:cut], data.bytes[cut:]) if cut else (b"", rest + data.bytes)
            else:
                chunk, rest = rest + data.bytes, b""
            if chunk:
                block, row = read_block(source, profile, chunk, row, line)
                line += chunk.count(b"\n")
                yield block
            if data.error is not None:
                raise data.error
            if data.last:
                return


class Piece:
    """Bytes read from a stream, whether they are the last, and what broke after them."""

    __slots__ = ("bytes", "error", "last")

    def __init__(self, data: bytes, last: bool, error: Exception | None) -> None:
        self.bytes, self.last, self.error = data, last, error


def read_some(file: BinaryIO, size: int) -> Piece:
    """Read up to `size` bytes; when the stream breaks, return what came before the break together with the fault."""
    buffer = io.BytesIO()
    try:
        while buffer.tell() < size:
            data = file.read(min(1 << 20, size - buffer.tell()))
            if not data:
                return Piece(buffer.getvalue(), True, None)
            buffer.write(data)
    except (EOFError, OSError) as error:
        whole = buffer.getvalue()
        return Piece(whole[: whole.rfind(b"\n") + 1], False, error)
    return Piece(buffer.getvalue(), False, None)


def read_block(source: Source, profile: SourceProfile, chunk: bytes, row: int, line: int) -> tuple[Block, int]:
    """Read whole lines; also return the number of the next row."""
    schema = pa.schema([(name, pa.string()) for name in profile.columns])
    try:
        table = pajson.read_json(
            io.BytesIO(chunk),
            read_options=pajson.ReadOptions(use_threads=False, block_size=max(len(chunk), 1)),
            parse_options=pajson.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )
        lines = chunk.count(b"\n") + (not chunk.endswith(b"\n"))
        if table.num_rows == lines:
            table = table.combine_chunks()
            columns = {name: one_chunk(table.column(name)) for name in profile.columns}
            return (columns, np.arange(row, row + table.num_rows, dtype=np.int64), ()), row + table.num_rows
    except (pa.ArrowException, UnicodeDecodeError):
        pass  # a line is broken, or values have other types: go by line, where each fault has its place
    return read_lines(source, profile, chunk, row, line)


def one_chunk(column: pa.ChunkedArray) -> pa.Array:
    """Make one array of a column."""
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], pa.string())])


def read_lines(source: Source, profile: SourceProfile, chunk: bytes, row: int, line: int) -> tuple[Block, int]:
    """Read line by line; every line that is not a good object is set apart with its line number."""
    values: dict[str, list[str | None]] = {name: [] for name in profile.columns}
    rows: list[int] = []
    apart: list[Quarantined] = []
    for offset, data in enumerate(chunk.split(b"\n")):
        if not data.strip():
            continue
        found = read_line(source, profile, data, row, line + offset)
        if isinstance(found, Quarantined):
            apart.append(found)
        else:
            rows.append(row)
            for name in profile.columns:
                values[name].append(found[name])
        row += 1
    columns = {name: pa.array(column, pa.string()) for name, column in values.items()}
    return (columns, np.array(rows, np.int64), tuple(apart)), row


def read_line(
    source: Source, profile: SourceProfile, data: bytes, row: int, line: int
) -> dict[str, str | None] | Quarantined:
    """Read one line into the profile's columns; a missing field is null, an integer id becomes its digits."""
    try:
        record = json.loads(data)
    except UnicodeDecodeError:
        return Quarantined(source.name, row, Reason.NOT_UTF8, line)
    except (json.JSONDecodeError, RecursionError) as error:
        return Quarantined(source.name, row, Reason.NOT_JSON, line, value=str(error))
    if not isinstance(record, dict):
        return Quarantined(source.name, row, Reason.NOT_JSON, line, value=type(record).__name__, allowed="object")
    found: dict[str, str | None] = {}
    for name in profile.columns:
        value = record.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and name not in profile.text_columns:
            value = str(value)
        if value is not None and not isinstance(value, str):
            known = record.get(profile.id_column)
            known = known if isinstance(known, str) else None
            kind = type(value).__name__
            return Quarantined(source.name, row, Reason.WRONG_TYPE, line, known, name, kind, "string")
        if value is not None and has_surrogate(value):
            return Quarantined(source.name, row, Reason.NOT_UTF8, line, field=name)
        found[name] = value
    return found


def has_surrogate(value: str) -> bool:
    """A text has a lone surrogate (from a JSON escape such as \\ud800) if, and only if, it cannot be UTF-8."""
    return any("\ud800" <= character <= "\udfff" for character in value)
