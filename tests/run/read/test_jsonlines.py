"""JSON Lines: every broken line costs itself only, however it is broken, and never depends on its neighbours."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.run.bench import DEFAULT, PLAIN, bad, good, lines, read, row

from seinpost.errors import InputError
from seinpost.run.read.quarantine import Reason
from seinpost.run.read.reader import check_source
from seinpost.run.read.sources import find_sources


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


BROKEN = [
    (b'{"registration_id": "X", "text": "a"', Reason.NOT_JSON),
    (b"[1, 2]", Reason.NOT_JSON),
    (b'"text"', Reason.NOT_JSON),
    (b"null", Reason.NOT_JSON),
    (b'{"registration_id": "X", "text": "a"}{"registration_id": "Y", "text": "b"}', Reason.NOT_JSON),
    (b'{"registration_id": "X", "text": "a", "text": "b"}', Reason.NOT_JSON),
    (b"[" * 3_000, Reason.NOT_JSON),
    (b'{"registration_id": "X", "text": 5}', Reason.WRONG_TYPE),
    (b'{"registration_id": "X", "text": ["a"]}', Reason.WRONG_TYPE),
    (b'{"registration_id": true, "text": "a"}', Reason.WRONG_TYPE),
    (b'{"registration_id": 1.5, "text": "a"}', Reason.WRONG_TYPE),
    (b'{"registration_id": "X", "text": "caf\xe9"}', Reason.NOT_UTF8),
    (b'{"registration_id": "X", "text": "\\ud800"}', Reason.NOT_UTF8),
    (b'{"registration_id": "\\udfff", "text": "a"}', Reason.NOT_UTF8),
    (b'{"registration_id": "X", "text": null}', Reason.NO_TEXT),
    (b'{"registration_id": "X"}', Reason.NO_TEXT),
    (b'{"text": "a"}', Reason.NO_ID),
    (b'{"registration_id": "  ", "text": "a"}', Reason.NO_ID),
]


@pytest.mark.parametrize("broken", range(len(BROKEN)))
@pytest.mark.parametrize("blank", [b"", b"\n"])
def test_a_broken_line_costs_itself_only(tmp_path: Path, broken: int, blank: bytes) -> None:
    line, reason = BROKEN[broken]
    content = lines(row("R-0"), row("R-1")) + line + b"\n" + blank + lines(row("R-3"))
    batches, stopped = read(written(tmp_path / "d.jsonl", content))
    assert stopped is None
    assert good(batches) == [(0, "R-0", PLAIN), (1, "R-1", PLAIN), (3, "R-3", PLAIN)]
    assert [(q.row, q.reason) for q in bad(batches)] == [(2, reason)]


def test_a_broken_line_is_told_with_its_line_number(tmp_path: Path) -> None:
    content = b"\n\n" + lines(row("R-0")) + b"{\n" + lines(row("R-2", 7))
    batches, _ = read(written(tmp_path / "d.jsonl", content))
    assert [(q.row, q.line, q.registration_id, q.field) for q in bad(batches)] == [
        (1, 4, None, None),
        (2, 5, "R-2", "text"),
    ]


value = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(st.characters(), max_size=6),
    st.lists(st.integers(), max_size=1),
)
records = st.fixed_dictionaries(
    {"registration_id": st.one_of(st.text(max_size=4), value), "text": value, "other": value}
)


@given(
    st.lists(
        st.one_of(
            records.map(lambda record: json.dumps(record).encode()),
            records.map(lambda record: json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")),
            st.binary(max_size=12).map(lambda data: data.replace(b"\n", b"")),
            st.sampled_from([line for line, _ in BROKEN]),
            st.sampled_from(
                [b'{"registration_id": "R", "text": "a\tb\x00c"}', b'{"registration_id": "R", "text": "a"}\r']
            ),
        ),
        max_size=6,
    ),
    st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_fate_of_a_line_never_depends_on_its_neighbours(
    tmp_path: Path, given_lines: list[bytes], last: bool
) -> None:
    together = (
        b"\n" + b"".join(line + b"\n" for line in given_lines) + b'{"registration_id": "Z", "text": "z"}' + b"\n" * last
    )
    batches, _ = read(written(tmp_path / "d.jsonl", together))
    alone_good, alone_bad = [], []
    for line in given_lines:
        if line.strip():
            single, _ = read(written(tmp_path / "e.jsonl", b"\n" + line + b"\n"))
            alone_good += [(i, t) for _, i, t in good(single)]
            alone_bad += [(q.reason, q.registration_id, q.field) for q in bad(single)]
    assert [(i, t) for _, i, t in good(batches)] == [*alone_good, ("Z", "z")]
    assert [(q.reason, q.registration_id, q.field) for q in bad(batches)] == alone_bad
    rows = sorted([n for n, *_ in good(batches)] + [q.row for q in bad(batches)])
    assert rows == list(range(len(rows)))


def test_raw_control_characters_and_bad_bytes_in_other_fields_cost_nothing(tmp_path: Path) -> None:
    content = (
        b'{"registration_id": "R-0", "text": "a\tb\x00c"}\n{"registration_id": "R-1", "text": "d", "x": "\xff"}\n{\n'
    )
    batches, _ = read(written(tmp_path / "d.jsonl", content))
    assert good(batches) == [(0, "R-0", "a\tb\x00c"), (1, "R-1", "d")]
    assert batches[0].oddities == {"nul": 1}


def test_integer_ids_a_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + lines(row(17), row("R-1")).replace(b"\n", b"\r\n")
    batches, _ = read(written(tmp_path / "d.jsonl", content))
    assert good(batches) == [(0, "17", PLAIN), (1, "R-1", PLAIN)]
    assert not bad(batches)


def test_a_line_of_two_hundred_megabytes_stands_between_its_neighbours(tmp_path: Path) -> None:
    size = 200_000_000
    path = tmp_path / "d.jsonl"
    with path.open("wb") as file:
        file.write(lines(row("R-0")) + b'{"registration_id": "R-1", "text": "')
        for _ in range(20):
            file.write(b"0123456789" * (size // 200))
        file.write(b'"}\n' + lines(row("R-2")))
    batches, broken = read(path)
    assert broken is None
    assert sum(len(batch.rows) for batch in batches) == 3
    assert sum(batch.texts.nbytes for batch in batches) > size
    assert [batch.ids.to_pylist() for batch in batches if len(batch.rows)][-1][-1] == "R-2"


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compressed_whole_and_cut_off(tmp_path: Path, suffix: str) -> None:
    content = lines(*(row(f"R-{i}", f"{PLAIN} {i * 7919 % 10007}") for i in range(5_000)))
    packed = gzip.compress(content) if suffix == "gz" else pa.compress(content, codec="zstd", asbytes=True)
    path = written(tmp_path / f"d.jsonl.{suffix}", packed)
    assert len(good(read(path)[0])) == 5_000
    batches, broken = read(written(path, packed[: len(packed) * 2 // 3]))
    found = good(batches)
    assert broken is not None
    assert f"from row {len(found)} on" in str(broken)
    assert 1_000 < len(found) < 5_000
    assert [i for _, i, _ in found] == [f"R-{i}" for i in range(len(found))]
    assert not bad(batches)


def test_a_column_that_no_line_has_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    path = written(tmp_path / "d.jsonl", b"{\n" + lines({"id": "R-0", "tekst": "a"}, {"id": "R-1", "extra": 1}))
    (source,) = find_sources([str(path)])
    with pytest.raises(InputError) as caught:
        check_source(source, DEFAULT)
    assert "column 'registration_id' is missing (columns there are: id, tekst, extra)" in str(caught.value)
    check_source(source, replace(DEFAULT, id_column="id", text_columns=("tekst",), keep=("rare",)))


@pytest.mark.parametrize("content", [gzip.compress(b"", mtime=0), gzip.compress(b" \n\n", mtime=0)])
def test_nothing_but_blank_lines_is_an_empty_file(tmp_path: Path, content: bytes) -> None:
    (source,) = find_sources([str(written(tmp_path / "d.jsonl.gz", content))])
    with pytest.raises(InputError, match="the file is empty"):
        check_source(source, DEFAULT)
