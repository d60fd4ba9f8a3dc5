"""The whole job: what it writes, that threads change nothing, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from tests.run.bench import DEFAULT, NAMES, SIGNAL, bytes_of, lines, parquet, quarantine, row, scan, table

from seinpost.errors import InputError, OutputError, RunError
from seinpost.run.engine import Counts, Engine
from seinpost.run.ledger import verify


def test_it_accounts_for_every_row_and_leaves_no_work_behind(tmp_path: Path, engine: Engine) -> None:
    day, more = parquet(tmp_path / "day.parquet", 30), tmp_path / "more.jsonl"
    more.write_bytes(lines(row("X-0", SIGNAL), row("X-1"), row("R-3"), row(None)) + b"{\n")
    out = tmp_path / "out"
    finished = scan(engine, out, [day, more])
    counts = finished.ledger.counts
    assert counts == Counts(35, {"A": 0, "B": 0, "C": 11, "D": 0}, 21, 3)
    assert counts.balanced
    assert sorted(bytes_of(out)) == sorted(NAMES)
    assert [(q["row"], q["reason"]) for q in quarantine(out)] == [(2, "duplicate_id"), (3, "no_id"), (4, "not_json")]
    signals = papq.read_table(out / "signals.parquet")
    assert sorted(signals["rank"].to_pylist()) == list(range(1, 12))
    assert signals["registration_id"].to_pylist() == [*(f"R-{i}" for i in range(0, 30, 3)), "X-0"]
    assert signals["text"][0].as_py().startswith(SIGNAL)
    assert verify(out) == []


def test_every_hit_quotes_the_text_it_points_at(tmp_path: Path, engine: Engine) -> None:
    out = tmp_path / "out"
    scan(engine, out, [parquet(tmp_path / "day.parquet", 9)])
    signals = papq.read_table(out / "signals.parquet")
    texts = dict(zip(signals["registration_id"].to_pylist(), signals["text"].to_pylist(), strict=True))
    hits = papq.read_table(out / "hits.parquet").to_pylist()
    assert hits
    assert all(texts[hit["registration_id"]][hit["start"] : hit["end"]] == hit["quote"] for hit in hits)
    sums: dict[str, float] = {}
    for addend in papq.read_table(out / "contributions.parquet").to_pylist():
        sums[addend["registration_id"]] = sums.get(addend["registration_id"], 0.0) + addend["weight"]
    assert sums == dict(zip(signals["registration_id"].to_pylist(), signals["score"].to_pylist(), strict=True))


def test_threads_and_overwriting_change_no_byte(tmp_path: Path, engine: Engine) -> None:
    inputs = [parquet(tmp_path / f"{i}.parquet", 200, 200 * i) for i in range(6)]
    (tmp_path / "bad.csv").write_bytes(b"registration_id,text\nA,b,c\nR-7,d\n")
    inputs.append(tmp_path / "bad.csv")
    scan(engine, tmp_path / "one", inputs, threads=1)
    scan(engine, tmp_path / "four", inputs, threads=4)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "four")
    scan(engine, tmp_path / "four", inputs[:1], overwrite=True)
    scan(engine, tmp_path / "four", inputs, overwrite=True, threads=2)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "four")


def test_a_quiet_day_has_the_same_columns(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "none.csv").write_bytes(b"registration_id,text\n")
    quiet = scan(engine, tmp_path / "a", [tmp_path / "none.csv"])
    scan(engine, tmp_path / "b", [parquet(tmp_path / "day.parquet", 3)])
    assert quiet.ledger.counts == Counts(0, {"A": 0, "B": 0, "C": 0, "D": 0}, 0, 0)
    schemas = [papq.read_schema(tmp_path / out / "signals.parquet").names for out in ("a", "b")]
    assert schemas[0] == schemas[1]
    assert verify(tmp_path / "a") == []


def test_kept_columns_of_any_type_and_format_stand_in_one_table(tmp_path: Path, engine: Engine) -> None:
    first = table(2).append_column("unit", pa.array([1, 2])).append_column("when", pa.array(["2026-01-01T00:00Z"] * 2))
    papq.write_table(first, tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_bytes(f"registration_id,text,unit,when\nX-0,{SIGNAL},Noord,2026-01-02\n".encode())
    profile = replace(DEFAULT, keep=("unit",), registered_at="when", time_zone="Europe/Amsterdam")
    scan(engine, tmp_path / "out", [tmp_path / "a.parquet", tmp_path / "b.csv"], profile=profile)
    signals = papq.read_table(tmp_path / "out" / "signals.parquet")
    assert signals["source.unit"].to_pylist() == ["1", "Noord"]
    assert [m.isoformat() for m in signals["registered_at"].to_pylist()] == [
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T23:00:00+00:00",
    ]


def test_a_source_that_breaks_off_is_told_and_the_others_are_whole(tmp_path: Path, engine: Engine) -> None:
    broken = tmp_path / "a.csv"
    broken.write_bytes(f'registration_id,text\nX-0,{SIGNAL}\nX-1,"open\nX-2,b\n'.encode())
    finished = scan(engine, tmp_path / "out", [broken, parquet(tmp_path / "b.parquet", 3)])
    assert list(finished.broken) == [str(broken)]
    first, second = finished.ledger.sources
    assert first.broken is not None
    assert "from row 1 on" in first.broken
    assert (first.counts.received, second.counts.received, second.broken) == (1, 3, None)
    assert verify(tmp_path / "out") == []


def test_an_output_folder_with_something_in_it_is_refused(tmp_path: Path, engine: Engine) -> None:
    day = parquet(tmp_path / "day.parquet", 3)
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep me")
    with pytest.raises(OutputError, match=r"exists and is not empty \(allowed: --overwrite, another folder\)"):
        scan(engine, out, [day])
    with pytest.raises(RunError, match="no interrupted run to resume"):
        scan(engine, out, [day], resume=True)
    scan(engine, out, [day], overwrite=True)
    assert (out / "mine.txt").read_text() == "keep me"
    with pytest.raises(OutputError, match="exists and is not a folder"):
        scan(engine, day, [day])
    with pytest.raises(OutputError, match="cannot be written: Not a directory"):
        scan(engine, day / "out", [day])


def test_wrong_input_is_refused_before_anything_is_written(tmp_path: Path, engine: Engine) -> None:
    day = parquet(tmp_path / "day.parquet", 3)
    for wrong in (tmp_path / "x.jsonl", tmp_path / "x.csv"):
        wrong.write_bytes(b'{"id": 1}\n')
        with pytest.raises(InputError, match="column 'registration_id' is missing"):
            scan(engine, tmp_path / "out", [day, wrong])
        assert not (tmp_path / "out").exists()


def test_an_unexpected_fault_in_a_thread_ends_the_run(tmp_path: Path, engine: Engine) -> None:
    inputs = [parquet(tmp_path / f"{i}.parquet", 3, 3 * i) for i in range(12)]

    def failing(registrations: int, size: int) -> None:
        raise KeyError("unexpected")

    from seinpost.run.job import run_job
    from seinpost.run.pipeline import Plan
    from seinpost.run.read.sources import find_sources

    plan = Plan(tuple(find_sources([str(path) for path in inputs])), DEFAULT, tmp_path / "out", 1)
    with pytest.raises(KeyError, match="unexpected"):
        run_job(plan, engine, progress=failing)
    assert not (tmp_path / "out" / "ledger.json").exists()
    scan(engine, tmp_path / "whole", inputs)
    scan(engine, tmp_path / "out", inputs, resume=True)
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "whole")


def test_no_output_names_a_clock_or_a_machine(tmp_path: Path, engine: Engine) -> None:
    day = parquet(tmp_path / "day.parquet", 30)
    scan(engine, tmp_path / "a", [day])
    scan(engine, tmp_path / "b", [day])
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert "time" not in json.loads((tmp_path / "a" / "ledger.json").read_bytes())
