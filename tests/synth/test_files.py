"""Worlds on disk: whole or not there, the same bytes whatever the threads, the same rows in every format."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from seinpost.errors import OutputError, SettingError
from seinpost.synth import SCHEMA, generate, write


def test_parquet_is_the_world_and_threads_change_no_byte(tmp_path: Path) -> None:
    told: list[int] = []
    write(tmp_path / "one.parquet", 45_000, 9, threads=1, progress=told.append)
    write(tmp_path / "two.parquet", 45_000, 9, threads=2)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert told == [20_000, 40_000, 45_000]
    read = pq.read_table(tmp_path / "one.parquet")
    assert read.schema.equals(SCHEMA)
    assert read.combine_chunks().equals(pa.Table.from_batches(generate(45_000, 9)).combine_chunks())


def test_csv_and_lines_hold_the_same_rows(tmp_path: Path) -> None:
    write(tmp_path / "day.csv", 1_500, 9, base_rate=0.2)
    write(tmp_path / "day.jsonl", 1_500, 9, base_rate=0.2)
    lines = [json.loads(line) for line in (tmp_path / "day.jsonl").read_bytes().decode().split("\n")[:-1]]
    kept = pacsv.ConvertOptions(column_types={name: pa.string() for name in SCHEMA.names}, strings_can_be_null=True)
    parse = pacsv.ParseOptions(newlines_in_values=True)
    read = pacsv.read_csv(tmp_path / "day.csv", convert_options=kept, parse_options=parse).to_pylist()
    assert [row["registration_id"] for row in read] == [row["registration_id"] for row in lines]
    assert [row["text"] for row in read] == [row["text"] for row in lines]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00", row["registered_at"]) for row in lines)
    assert any(row["truth_signal"] for row in lines)


@pytest.mark.parametrize("name", ["day.xlsx", "day", "day.parquet.gz"])
def test_unknown_suffix_is_refused_with_what_is_allowed(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingError, match=r"\.parquet, \.csv, \.jsonl"):
        write(tmp_path / name, 1, 1)
    assert list(tmp_path.iterdir()) == []


def test_existing_file_is_kept_unless_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text("mine")
    with pytest.raises(OutputError, match="exists"):
        write(path, 1, 1)
    assert path.read_text() == "mine"
    write(path, 1, 1, overwrite=True)
    assert json.loads(path.read_text())["text"]


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        write(tmp_path / "nowhere" / "day.parquet", 1, 1)

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "day.parquet", 10, 1, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_world_is_an_empty_file_with_its_columns(tmp_path: Path) -> None:
    write(tmp_path / "none.parquet", 0, 1)
    assert pq.read_table(tmp_path / "none.parquet").schema.equals(SCHEMA)
