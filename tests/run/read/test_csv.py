"""CSV: wrong field counts, quotes, line ends, encodings, huge values, and files that break off."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.run.bench import DEFAULT, PLAIN, bad, good, read

from seinpost.errors import InputError
from seinpost.run.read.quarantine import Reason
from seinpost.run.read.reader import check_source
from seinpost.run.read.sources import find_sources

HEAD = b"registration_id,text\n"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_rows_with_wrong_field_counts_are_set_apart_with_row_and_count(tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv", HEAD + b"R-0,a\nR-1\nR-2,b,c,d\n\nR-3,e\nR-4,f,g\n")
    batches, broken = read(path)
    assert broken is None
    assert good(batches) == [(0, "R-0", "a"), (3, "R-3", "e")]
    assert [(q.row, q.reason, q.value, q.allowed) for q in bad(batches)] == [
        (1, Reason.WRONG_FIELDS, "1 fields", "2 fields"),
        (2, Reason.WRONG_FIELDS, "4 fields", "2 fields"),
        (4, Reason.WRONG_FIELDS, "3 fields", "2 fields"),
    ]


def test_quotes_with_newlines_delimiters_and_quotes_inside(tmp_path: Path) -> None:
    text = 'Zij zei: "nee",\r\nen liep\nweg.'
    rows = [("R-0", text), ("R-1", ""), ("R-2", "x")]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("registration_id", "text"), *rows])
    batches, _ = read(written(tmp_path / "d.csv", stream.getvalue().encode()))
    assert good(batches) == [(i, *pair) for i, pair in enumerate(rows)]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_csv_module_writes_is_read_back(tmp_path: Path, texts: list[str]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["registration_id", "text"])
    writer.writerows((f"R-{i}", text) for i, text in enumerate(texts))
    batches, broken = read(written(tmp_path / "d.csv", stream.getvalue().encode()))
    assert broken is None
    assert [text for _, _, text in good(batches)] == texts


@pytest.mark.parametrize("packed", [False, True])
def test_a_quote_that_never_closes_swallows_no_registration_silently(tmp_path: Path, packed: bool) -> None:
    content = HEAD + b'R-0,a\nR-1,"open\nR-2,b\nR-3,c\n'
    path = written(tmp_path / ("d.csv.gz" if packed else "d.csv"), gzip.compress(content) if packed else content)
    batches, broken = read(path)
    assert good(batches) == [(0, "R-0", "a")]
    assert broken is not None
    assert "from row 1 on" in str(broken)
    assert "quote" in str(broken)


def test_a_byte_order_mark_crlf_and_a_missing_last_line_end(tmp_path: Path) -> None:
    batches, _ = read(written(tmp_path / "d.csv", b"\xef\xbb\xbf" + b"registration_id,text\r\nR-0,a\r\nR-1,b"))
    assert good(batches) == [(0, "R-0", "a"), (1, "R-1", "b")]


def test_tabs_by_name_and_semicolons_by_profile(tmp_path: Path) -> None:
    batches, _ = read(written(tmp_path / "d.tsv", b"registration_id\ttext\nR-0\ta,b\n"))
    assert good(batches) == [(0, "R-0", "a,b")]
    profile = replace(DEFAULT, delimiter=";", quote="'")
    batches, _ = read(written(tmp_path / "d.csv", b"registration_id;text\nR-0;'a;b'\n"), profile)
    assert good(batches) == [(0, "R-0", "a;b")]


def test_bytes_that_are_not_utf8_cost_one_row(tmp_path: Path) -> None:
    batches, _ = read(written(tmp_path / "d.csv", HEAD + b"R-0,a\nR-1,caf\xe9\n\xff,x\nR-3,caf\xc3\xa9\n"))
    assert good(batches) == [(0, "R-0", "a"), (3, "R-3", "café")]
    assert [(q.row, q.reason, q.registration_id, q.field) for q in bad(batches)] == [
        (1, Reason.NOT_UTF8, "R-1", "text"),
        (2, Reason.NOT_UTF8, None, "registration_id"),
    ]


def test_windows_bytes_are_read_by_profile_and_undefined_ones_cost_one_row(tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv", HEAD + b"R-0,caf\xe9 \x80\nR-1,\x81 niet\nR-2,b\n")
    batches, broken = read(path, replace(DEFAULT, encoding="cp1252"))
    assert broken is None
    assert good(batches) == [(0, "R-0", "café €"), (2, "R-2", "b")]
    assert [(q.row, q.reason) for q in bad(batches)] == [(1, Reason.NOT_UTF8)]
    batches, _ = read(path, replace(DEFAULT, encoding="latin-1"))
    assert [text for *_, text in good(batches)] == ["café \x80", "\x81 niet", "b"]


def test_nul_bytes_are_kept_and_counted(tmp_path: Path) -> None:
    batches, _ = read(written(tmp_path / "d.csv", HEAD + b"R-0,a\x00b\nR-1,c\n"))
    assert good(batches) == [(0, "R-0", "a\x00b"), (1, "R-1", "c")]
    assert batches[0].oddities == {"nul": 1}


def test_a_million_character_line_and_a_row_larger_than_a_block(tmp_path: Path) -> None:
    long, longer = "woord " * 170_000, "z" * 13_000_000
    content = HEAD + f"R-0,a\nR-1,{long}\nR-2,{longer}\nR-3,b\nR-4\n".encode()
    batches, broken = read(written(tmp_path / "d.csv", content))
    assert broken is None
    assert [(n, i, len(t)) for n, i, t in good(batches)] == [
        (0, "R-0", 1),
        (1, "R-1", len(long)),
        (2, "R-2", len(longer)),
        (3, "R-3", 1),
    ]
    assert [q.row for q in bad(batches)] == [4]


def test_a_first_row_larger_than_a_block_passes_the_check(tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv", HEAD + b'R-0,"' + b"z" * 13_000_000 + b'"\n')
    (source,) = find_sources([str(path)])
    check_source(source, DEFAULT)
    assert len(good(read(path)[0])) == 1


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"id,text\n", "column 'registration_id' is missing (columns there are: id, text)"),
        (b"registration_id,text,text\n", "column 'text' stands 2 times"),
        (b"\n\n", "column 'registration_id' is missing (columns there are: a, b, c)"),
    ],
)
def test_columns_missing_or_doubled(tmp_path: Path, head: bytes, message: str) -> None:
    path = written(tmp_path / "d.csv", head + b"a,b,c\n")
    (source,) = find_sources([str(path)])
    with pytest.raises(InputError) as caught:
        check_source(source, DEFAULT)
    assert message in str(caught.value)
    with pytest.raises(InputError):
        read(path)


def test_a_header_alone_is_a_quiet_day_and_an_empty_gz_is_an_empty_file(tmp_path: Path) -> None:
    assert good(read(written(tmp_path / "d.csv", HEAD))[0]) == []
    path = written(tmp_path / "d.csv.gz", gzip.compress(b""))
    (source,) = find_sources([str(path)])
    with pytest.raises(InputError, match="empty"):
        check_source(source, DEFAULT)


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compressed_whole_and_cut_off(tmp_path: Path, suffix: str) -> None:
    rows = b"".join(f"R-{i},{PLAIN} {i * 7919 % 10007}\n".encode() for i in range(20_000))
    packed = gzip.compress(HEAD + rows) if suffix == "gz" else pa.compress(HEAD + rows, codec="zstd", asbytes=True)
    path = written(tmp_path / f"d.csv.{suffix}", packed)
    batches, broken = read(path)
    assert len(good(batches)) == 20_000
    assert broken is None
    batches, broken = read(written(path, packed[: len(packed) * 2 // 3]))
    found = good(batches)
    assert broken is not None
    assert f"from row {len(found)} on" in str(broken)
    assert 5_000 < len(found) < 20_000
    assert found == [(i, f"R-{i}", f"{PLAIN} {i * 7919 % 10007}") for i in range(len(found))]
    assert not bad(batches)


def test_gz_of_several_members_is_read_to_the_end(tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv.gz", gzip.compress(HEAD + b"R-0,a\n") + gzip.compress(b"R-1,b\n"))
    assert [i for _, i, _ in good(read(path)[0])] == ["R-0", "R-1"]
