"""Parquet and Arrow IPC: types, views, chunks, wrong columns, files that are cut or damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc as paipc
import pyarrow.parquet as papq
import pytest
from tests.run.bench import DEFAULT, bad, good, read, table

from seinpost.errors import InputError
from seinpost.run.read.quarantine import Reason
from seinpost.run.read.reader import check_source
from seinpost.run.read.sources import find_sources


def ipc_file(rows: pa.Table, path: Path) -> None:
    with paipc.new_file(str(path), rows.schema) as writer:
        writer.write_table(rows)


def ipc_stream(rows: pa.Table, path: Path) -> None:
    with paipc.new_stream(str(path), rows.schema) as writer:
        writer.write_table(rows)


def parquet_file(rows: pa.Table, path: Path) -> None:
    papq.write_table(rows, path)


WRITERS: dict[str, tuple[str, Callable[[pa.Table, Path], None]]] = {
    "parquet": ("d.parquet", parquet_file),
    "ipc file": ("d.arrow", ipc_file),
    "ipc stream": ("d.arrows", ipc_stream),
}
ANY = pytest.mark.parametrize("kind", list(WRITERS))
TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.binary(),
    pa.large_binary(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
]


def write(kind: str, folder: Path, rows: pa.Table) -> Path:
    name, writer = WRITERS[kind]
    writer(rows, folder / name)
    return folder / name


@ANY
@pytest.mark.parametrize("text_type", TYPES, ids=str)
def test_every_textual_type_reads_the_same(tmp_path: Path, kind: str, text_type: pa.DataType) -> None:
    plain = table(5)
    texts = plain["text"].combine_chunks()
    if pa.types.is_dictionary(text_type):
        texts = texts.cast(text_type.value_type).dictionary_encode().cast(text_type)
    else:
        texts = texts.cast(text_type)
    rows = pa.table({"x": range(5), "text": texts, "registration_id": plain["registration_id"]})
    batches, broken = read(write(kind, tmp_path, rows))
    assert broken is None
    expected = list(zip(range(5), plain["registration_id"].to_pylist(), plain["text"].to_pylist(), strict=True))
    assert good(batches) == expected


@ANY
def test_integer_ids_and_nulls(tmp_path: Path, kind: str) -> None:
    rows = pa.table(
        {"registration_id": pa.array([7, None, 9, 10], pa.uint32()), "text": pa.array(["a", "b", None, ""])}
    )
    batches, _ = read(write(kind, tmp_path, rows))
    assert good(batches) == [(0, "7", "a"), (3, "10", "")]
    assert [(q.row, q.reason, q.registration_id) for q in bad(batches)] == [
        (1, Reason.NO_ID, None),
        (2, Reason.NO_TEXT, "9"),
    ]


@ANY
@pytest.mark.parametrize("text_type", [pa.string(), pa.binary(), pa.large_string(), pa.string_view()], ids=str)
def test_bytes_that_are_not_utf8_cost_one_row(tmp_path: Path, kind: str, text_type: pa.DataType) -> None:
    raw = pa.array([b"a", b"caf\xe9", b"caf\xc3\xa9"], pa.binary())
    if text_type == pa.string_view():
        texts = pa.array([b"a", b"caf\xe9", b"caf\xc3\xa9"], pa.binary_view()).view(text_type)
    else:
        wide = raw.cast(pa.large_binary()) if text_type == pa.large_string() else raw
        texts = pa.Array.from_buffers(text_type, 3, wide.buffers())
    rows = pa.table({"registration_id": ["R-0", "R-1", "R-2"], "text": texts})
    batches, _ = read(write(kind, tmp_path, rows))
    assert good(batches) == [(0, "R-0", "a"), (2, "R-2", "café")]
    assert [(q.row, q.reason, q.registration_id, q.value) for q in bad(batches)] == [
        (1, Reason.NOT_UTF8, "R-1", "byte 3")
    ]


@ANY
def test_a_batch_in_which_no_row_is_good(tmp_path: Path, kind: str) -> None:
    rows = pa.table({"registration_id": pa.array([None, ""]), "text": ["a", "b"]})
    batches, _ = read(write(kind, tmp_path, rows))
    assert good(batches) == []
    assert len(bad(batches)) == 2


@ANY
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (pa.table({"registration_id": ["a"], "tekst": ["b"]}), "column 'text' is missing"),
        (pa.table([["a"], ["b"], ["c"]], ["registration_id", "text", "text"]), "column 'text' stands 2 times"),
        (pa.table({"registration_id": ["a"], "text": [1.5]}), "column 'text' has type double (allowed: string"),
        (pa.table({"registration_id": [1.5], "text": ["a"]}), "column 'registration_id' has type double"),
        (pa.table({"registration_id": ["a"], "text": [["a"]]}), "column 'text' has type list"),
        (pa.table({"registration_id": pa.array([], pa.string()), "tekst": []}), "column 'text' is missing"),
    ],
)
def test_columns_missing_doubled_or_of_a_wrong_type(tmp_path: Path, kind: str, rows: pa.Table, message: str) -> None:
    path = write(kind, tmp_path, rows)
    (source,) = find_sources([str(path)])
    with pytest.raises(InputError) as caught:
        check_source(source, DEFAULT)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_the_moment_column_is_checked_before_anything_is_read(tmp_path: Path) -> None:
    naive = pa.array([0], pa.timestamp("us"))
    rows = pa.table({"registration_id": ["a"], "text": ["b"], "when": naive, "number": [1], "list": [[1]]})
    path = write("parquet", tmp_path, rows)
    (source,) = find_sources([str(path)])
    for name, message in (("when", "has no time zone"), ("number", "has type int64")):
        with pytest.raises(InputError) as caught:
            check_source(source, replace(DEFAULT, registered_at=name))
        assert f"{path}: column '{name}' {message}" in str(caught.value)
    check_source(source, replace(DEFAULT, registered_at="when", time_zone="Europe/Amsterdam"))
    with pytest.raises(InputError, match="column 'list' has type list"):
        check_source(source, replace(DEFAULT, keep=("list",)))


def test_a_parquet_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = write("parquet", tmp_path, table(1_000))
    whole = path.read_bytes()
    for size in (4, 100, len(whole) // 2, len(whole) - 8, len(whole) - 1):
        path.write_bytes(whole[:size])
        (source,) = find_sources([str(path)])
        with pytest.raises(InputError, match=r"d\.parquet: not a whole Parquet file"):
            check_source(source, DEFAULT)


def test_a_damaged_row_group_keeps_the_rows_before_it(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    papq.write_table(table(3_000), path, row_group_size=1_000, compression="zstd", use_dictionary=False)
    column = papq.read_metadata(path).row_group(1).column(1)
    data = bytearray(path.read_bytes())
    start = column.data_page_offset + 40
    data[start : start + 200] = bytes(200)
    path.write_bytes(bytes(data))
    batches, broken = read(path)
    assert [n for n, *_ in good(batches)] == list(range(1_000))
    assert broken is not None
    assert f"{path}: not readable as parquet from row 1000 on" in str(broken)


def test_an_ipc_stream_cut_off_keeps_the_batches_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "d.arrow"
    rows = table(3_000)
    with paipc.new_stream(str(path), rows.schema) as writer:
        writer.write_table(rows, max_chunksize=1_000)
    path.write_bytes(path.read_bytes()[:-60_000])
    batches, broken = read(path)
    assert broken is not None
    found = good(batches)
    assert len(found) in (1_000, 2_000)
    assert f"from row {len(found)} on" in str(broken)


def test_an_ipc_file_cut_off_is_refused(tmp_path: Path) -> None:
    path = write("ipc file", tmp_path, table(1_000))
    path.write_bytes(path.read_bytes()[:-200])
    (source,) = find_sources([str(path)])
    with pytest.raises(InputError, match=r"d\.arrow: not readable as arrow from row 0 on"):
        check_source(source, DEFAULT)


def test_a_large_ipc_batch_is_cut(tmp_path: Path) -> None:
    batches, _ = read(write("ipc file", tmp_path, table(70_000).combine_chunks()))
    assert [len(batch.rows) for batch in batches] == [32_768, 32_768, 4_464]
    assert [n for n, *_ in good(batches)] == list(range(70_000))
