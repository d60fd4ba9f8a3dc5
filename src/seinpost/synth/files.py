"""Write a synthetic world to a file: Parquet, CSV or JSON Lines."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from seinpost.errors import OutputError, SettingError
from seinpost.synth.clock import ahead
from seinpost.synth.world import BASE_RATE, BATCH_ROWS, NEAR_MISS_RATE, SCHEMA, Rates, generate

SUFFIXES = (".parquet", ".csv", ".jsonl")
_HOUR = 3_600
Progress = Callable[[int], None]


def write(
    path: Path,
    registrations: int,
    seed: int,
    *,
    base_rate: float = BASE_RATE,
    near_miss_rate: float = NEAR_MISS_RATE,
    threads: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write a world of registrations to `path`: .parquet (zstd), .csv or .jsonl.

    `progress` is told how many registrations are written so far. The file appears under its name when it is whole;
    its bytes do not depend on `threads`. Raises SettingError, OutputError.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        allowed = ", ".join(SUFFIXES)
        raise SettingError(
            f"{path}: unknown kind of file {suffix!r}; allowed: {allowed}",
            f"{path}: onbekend soort bestand {suffix!r}; toegestaan: {allowed}",
        )
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already", f"{path} bestaat al")
    batches = generate(registrations, seed, rates=Rates(base_rate, near_miss_rate), threads=threads)
    writers = {".parquet": _write_parquet, ".csv": _write_csv, ".jsonl": _write_lines}
    with _whole(path) as unfinished:
        writers[suffix](unfinished, _told(batches, progress))


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a name beside `path` that becomes `path` when the block ends well, and is removed when it does not."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    except OSError as error:  # pyarrow's own I/O errors are OSErrors too
        raise OutputError(f"{path} cannot be written: {error}", f"{path} is niet te schrijven: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _told(batches: Iterable[pa.RecordBatch], progress: Progress | None) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        yield batch
        done += batch.num_rows
        if progress is not None:
            progress(done)


def _write_parquet(path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    names = [name for name in SCHEMA.names if name not in ("registration_id", "registered_at", "text")]
    with pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=1, use_dictionary=names) as writer:
        for batch in batches:
            writer.write_batch(batch, row_group_size=BATCH_ROWS)


def _write_csv(path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    schema = _texts_of(pa.RecordBatch.from_pylist([], schema=SCHEMA)).schema
    with pacsv.CSVWriter(path, schema) as writer:
        for batch in batches:
            writer.write_batch(_texts_of(batch))


def _write_lines(path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for batch in batches:
            for row in _texts_of(batch).to_pylist():
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _texts_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Give the batch with its times as ISO 8601 texts with the Dutch offset."""
    place = SCHEMA.get_field_index("registered_at")
    seconds = batch.column(place).cast(pa.int64()).to_numpy() // 1_000_000
    return batch.set_column(
        place, pa.field("registered_at", pa.string(), nullable=False), pa.array(iso(seconds), pa.string())
    )


def iso(seconds: Any) -> list[str]:
    """Give Dutch civil times with offset, such as 2024-01-01T00:00:03+01:00, of seconds since 1970 in UTC."""
    hours, place = np.unique(seconds // _HOUR, return_inverse=True)  # the offset changes on the hour
    offsets = np.array([ahead(int(hour) * _HOUR) for hour in hours], dtype=np.int64)[place]
    local = np.datetime_as_string((seconds + offsets).astype("datetime64[s]"))
    return [f"{text}+0{offset // _HOUR}:00" for text, offset in zip(local.tolist(), offsets.tolist(), strict=True)]
