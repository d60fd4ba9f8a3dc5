"""`seinpost.scan` on everything it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.run.bench import PLAIN, SIGNAL, lines, parquet, row, scan, table

import seinpost
from seinpost.errors import InputError, PackError, SettingError
from seinpost.packs.pack import Pack
from seinpost.run.engine import Counts, Engine
from seinpost.run.read.quarantine import Reason
from seinpost.types import Registration

SHAPES: dict[str, Callable[[pa.Table], Any]] = {
    "table": lambda t: t,
    "chunked table": lambda t: pa.concat_tables([t.slice(0, 4), t.slice(4)]),
    "record batch": lambda t: t.to_batches()[0],
    "reader": lambda t: t.to_reader(max_chunksize=5),
    "registrations": lambda t: [Registration(r["registration_id"], r["text"]) for r in t.to_pylist()],
    "generator": lambda t: (Registration(r["registration_id"], r["text"]) for r in t.to_pylist()),
}


def look(source: Any, pack: Pack, **options: Any) -> Any:
    return seinpost.scan(source, pack, semantic=False, **options)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_shape_gives_the_same_tables(engine: Engine, shape: str) -> None:
    rows = table(12)
    result = look(SHAPES[shape](rows), engine.pack)
    assert result.counts == Counts(12, {"A": 0, "B": 0, "C": 4, "D": 0}, 8, 0)
    expected = look(rows, engine.pack)
    assert result.signals.to_pylist() == expected.signals.to_pylist()
    assert result.hits.to_pylist() == expected.hits.to_pylist()
    assert result.contributions.to_pylist() == expected.contributions.to_pylist()
    assert result.signals["rank"].to_pylist() == [1, 2, 3, 4]


def test_files_give_what_the_command_writes(tmp_path: Path, engine: Engine) -> None:
    parquet(tmp_path / "a.parquet", 9)
    (tmp_path / "b.jsonl").write_bytes(lines(row("X-0", SIGNAL), row("R-0")))
    scan(engine, tmp_path.parent / f"{tmp_path.name}-out", [tmp_path])
    written = pa.parquet.read_table(tmp_path.parent / f"{tmp_path.name}-out" / "signals.parquet")
    for source in (tmp_path, str(tmp_path), [tmp_path / "a.parquet", str(tmp_path / "b.jsonl")]):
        result = look(source, engine.pack)
        assert sorted(result.signals.to_pylist(), key=lambda r: r["registration_id"]) == sorted(
            written.to_pylist(), key=lambda r: r["registration_id"]
        )
        assert [q.reason for q in result.quarantine] == [Reason.DUPLICATE_ID]


def test_bad_rows_are_set_apart(engine: Engine) -> None:
    result = look([Registration("R-0", SIGNAL), Registration("R-1", "\ud800"), Registration("R-0", PLAIN)], engine.pack)
    assert [(q.row, q.reason) for q in result.quarantine] == [(1, Reason.NOT_UTF8), (2, Reason.DUPLICATE_ID)]
    assert (result.counts.received, result.counts.balanced) == (3, True)


def test_nothing_gives_empty_tables_with_the_same_columns(engine: Engine) -> None:
    full = look(table(3), engine.pack)
    empty: list[Any] = [[], table(0), table(3).slice(3).to_reader()]
    for nothing in empty:
        result = look(nothing, engine.pack)
        assert result.counts == Counts(0, {"A": 0, "B": 0, "C": 0, "D": 0}, 0, 0)
        assert result.signals.schema.names == full.signals.schema.names
        assert (len(result.signals), len(result.hits), len(result.contributions)) == (0, 0, 0)


def test_large_tables_are_cut_into_batches(engine: Engine) -> None:
    rows = table(70_000).combine_chunks()
    one, three = look(rows, engine.pack, threads=1), look(rows, engine.pack, threads=3)
    assert one.counts.received == 70_000
    assert one.counts == three.counts
    assert one.signals.equals(three.signals)
    assert one.hits.equals(three.hits)
    assert one.contributions.equals(three.contributions)
    with pytest.raises(SettingError, match="threads is 0"):
        look(rows, engine.pack, threads=0)


def test_a_fault_in_the_source_ends_the_scan_whatever_the_threads(engine: Engine) -> None:
    batches = table(9).to_batches(max_chunksize=1)

    def failing() -> Iterator[pa.RecordBatch]:
        yield from batches
        raise OSError("cable out")

    for threads in (1, 2):
        reader = pa.RecordBatchReader.from_batches(batches[0].schema, failing())
        with pytest.raises(OSError, match="cable out"):
            look(reader, engine.pack, threads=threads)


def test_columns_by_name_and_slices(engine: Engine) -> None:
    rows = table(12).rename_columns(["nr", "tekst"]).slice(3, 3)
    assert look(rows, engine.pack, id_column="nr", text_column="tekst").signals["registration_id"].to_pylist() == [
        "R-3"
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (pa.table({"id": ["a"]}), "memory: column 'registration_id' is missing"),
        (pa.table({"registration_id": ["a"], "text": [1]}), "memory: column 'text' has type int64"),
        ([Registration("R-0", "a"), "day.parquet"], "cannot scan Registration, str"),
        (5, "cannot scan int"),
        ([{"registration_id": "R-0"}], "cannot scan dict"),
        ("gone.parquet", "no such file"),
    ],
)
def test_what_cannot_be_scanned_is_told(engine: Engine, source: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        look(source, engine.pack)
    with pytest.raises(PackError):
        seinpost.scan(table(1), "xx", semantic=False)


def test_packs_by_path_and_the_names_of_the_package(pack_folder: Path) -> None:
    assert seinpost.scan(table(3), str(pack_folder), semantic=False).counts.received == 3
    assert seinpost.load_pack(pack_folder).id == "test"
    from seinpost.scan.scanner import Scanner

    assert callable(seinpost.scan)
    assert Scanner.__module__ == "seinpost.scan.scanner"
