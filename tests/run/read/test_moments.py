"""Moments of registration: zones, the hour that does not exist, the hour that is there twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.run.bench import DEFAULT, bad, lines, read

from seinpost.errors import InputError
from seinpost.run.read.clean import Batch, clean
from seinpost.run.read.quarantine import Reason
from seinpost.run.read.raw import RawBatch
from seinpost.run.read.sources import Format, Source

ZONED = replace(DEFAULT, registered_at="when", time_zone="Europe/Amsterdam")
BARE = replace(DEFAULT, registered_at="when")
MEMORY = Source("memory", Path(), Format.ARROW)


def cleaned(when: pa.Array, profile: object = ZONED) -> Batch:
    assert isinstance(profile, type(ZONED))
    n = len(when)
    columns = {"registration_id": pa.array([f"R-{i}" for i in range(n)]), "text": pa.array(["a"] * n), "when": when}
    return clean(RawBatch(columns, np.arange(n, dtype=np.int64)), MEMORY, profile)


def moments(batch: Batch) -> list[str | None]:
    assert batch.registered_at is not None
    return [None if m is None else m.isoformat() for m in batch.registered_at.to_pylist()]


def test_summer_and_winter_the_gap_and_the_overlap() -> None:
    batch = cleaned(
        pa.array(
            [
                "2026-01-15 12:00:00",
                "2026-07-15T12:00",
                "2026-03-29 02:30:00",  # the clock jumps from 2 to 3: this never was
                "2026-10-25 02:30:00",  # the clock goes from 3 back to 2: this was twice; the first is meant
                "2026-10-25 02:30:00+01:00",
                "2026-03-29T01:30:00Z",
                "2026-02-01",
                "gisteren",
                None,
            ]
        )
    )
    assert moments(batch) == [
        "2026-01-15T11:00:00+00:00",
        "2026-07-15T10:00:00+00:00",
        "2026-10-25T00:30:00+00:00",
        "2026-10-25T01:30:00+00:00",
        "2026-03-29T01:30:00+00:00",
        "2026-01-31T23:00:00+00:00",
        None,
    ]
    assert [(q.row, q.reason, q.field, q.value) for q in batch.quarantined] == [
        (2, Reason.BAD_TIME, "when", "2026-03-29 02:30:00"),
        (7, Reason.BAD_TIME, "when", "gisteren"),
    ]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_every_unit_with_and_without_a_zone(unit: str) -> None:
    seconds = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    value = int(datetime(2026, 7, 15, 12, tzinfo=UTC).timestamp()) * seconds + (unit == "ns")
    assert moments(cleaned(pa.array([value], pa.timestamp(unit)))) == ["2026-07-15T10:00:00+00:00"]
    zoned = pa.array([value], pa.timestamp(unit, "America/New_York"))
    assert moments(cleaned(zoned, BARE)) == ["2026-07-15T12:00:00+00:00"]


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()], ids=str)
def test_moments_as_any_text(kind: pa.DataType) -> None:
    assert moments(cleaned(pa.array(["2026-07-15T12:00:00+02:00"]).cast(kind), BARE)) == ["2026-07-15T10:00:00+00:00"]


def test_without_a_zone_a_local_time_is_refused_and_a_stray_one_is_set_apart() -> None:
    with pytest.raises(InputError, match="memory: column 'when' has no time zone"):
        cleaned(pa.array(["2026-07-15 12:00:00"]), BARE)
    batch = cleaned(pa.array(["2026-07-15T12:00:00Z", "2026-07-15 12:00:00"]), BARE)
    assert moments(batch) == ["2026-07-15T12:00:00+00:00"]
    assert [(q.row, q.reason) for q in batch.quarantined] == [(1, Reason.BAD_TIME)]
    assert moments(cleaned(pa.array([None, None], pa.string()), BARE)) == [None, None]


@given(st.datetimes(datetime(1950, 1, 1), datetime(2036, 1, 1)))
@settings(max_examples=200, deadline=None)
def test_local_times_agree_with_the_standard_library(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, fold=0)  # of an hour that is there twice the first is meant
    amsterdam = moment.replace(tzinfo=ZoneInfo("Europe/Amsterdam"))
    back = amsterdam.astimezone(UTC).astimezone(ZoneInfo("Europe/Amsterdam")).replace(tzinfo=None)
    batch = cleaned(pa.array([moment.isoformat(" ")]))
    if back != moment:
        assert [q.reason for q in batch.quarantined] == [Reason.BAD_TIME]
    else:
        assert moments(batch) == [amsterdam.astimezone(UTC).isoformat()]


def test_the_gap_is_an_hour_wide() -> None:
    start = datetime(2026, 3, 29, 1, 0)
    minutes = [start + timedelta(minutes=i) for i in range(0, 181)]
    batch = cleaned(pa.array([m.isoformat(" ") for m in minutes]))
    assert [q.row for q in batch.quarantined] == list(range(60, 120))


def test_moments_in_files_are_written_to_the_signals(tmp_path: Path) -> None:
    rows = [
        {"registration_id": "R-0", "text": "a", "when": "2026-07-15 12:00"},
        {"registration_id": "R-1", "text": "b"},
    ]
    path = tmp_path / "d.jsonl"
    path.write_bytes(lines(*rows))
    batches, _ = read(path, ZONED)
    assert moments(batches[0]) == ["2026-07-15T10:00:00+00:00", None]
    dates = pa.table({"registration_id": ["R-0"], "text": ["a"], "when": pa.array([20_000], pa.date32())})
    papq.write_table(dates, tmp_path / "d.parquet")
    batches, _ = read(tmp_path / "d.parquet", ZONED)
    assert moments(batches[0]) == ["2024-10-03T22:00:00+00:00"]
    assert not bad(batches)


DAY_FIRST = replace(ZONED, date_order="day-first")


def test_dates_with_the_day_first() -> None:
    batch = cleaned(
        pa.array(
            [
                "27-11-2026 14:05",
                "3/4/2026 8:05:09",
                "01.02.2026",
                " 5-1-2026  0:00 ",
                "27-11-2026T14:05:00+01:00",
                "2026-11-27 14:05",  # the other order: which of the two was meant cannot be told apart for all days
                "31-02-2026",
                "27-13-2026 10:00",
                "27-11-26",
                None,
            ]
        ),
        DAY_FIRST,
    )
    assert moments(batch) == [
        "2026-11-27T13:05:00+00:00",
        "2026-04-03T06:05:09+00:00",
        "2026-01-31T23:00:00+00:00",
        "2026-01-04T23:00:00+00:00",
        "2026-11-27T13:05:00+00:00",
        None,
    ]
    assert [(q.row, q.reason, q.value) for q in batch.quarantined] == [
        (5, Reason.BAD_TIME, "2026-11-27 14:05"),
        (6, Reason.BAD_TIME, "31-02-2026"),
        (7, Reason.BAD_TIME, "27-13-2026 10:00"),
        (8, Reason.BAD_TIME, "27-11-26"),
    ]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.sampled_from("-/."))
def test_every_moment_reads_the_same_day_first_and_year_first(moment: datetime, mark: str) -> None:
    moment = moment.replace(microsecond=0, fold=0)  # of an hour that is there twice the first is meant
    turned = f"{moment.day}{mark}{moment.month}{mark}{moment.year:04d} {moment.hour}:{moment:%M:%S}"
    assert moments(cleaned(pa.array([turned]), DAY_FIRST)) == moments(
        cleaned(pa.array([f"{moment:%Y-%m-%d %H:%M:%S}"]))
    )
