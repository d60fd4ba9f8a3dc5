"""Finding what to read: files, folders, compressions, and content that is not what the name says."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pyarrow as pa
import pytest
from tests.run.bench import lines, parquet, row

from seinpost.errors import InputError
from seinpost.run.read.sources import Format, find_sources


def names(*inputs: Path) -> list[str]:
    return [Path(source.name).name for source in find_sources([str(path) for path in inputs])]


def test_a_folder_is_searched_through_in_order_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "a/1.JSONL", "c.jsonl", ".hidden.jsonl", ".git/x.jsonl", "read.me"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(lines(row("R-1")))
    assert names(tmp_path) == ["1.JSONL", "2.jsonl", "c.jsonl"]


def test_the_folder_of_the_run_is_never_its_own_input(tmp_path: Path) -> None:
    parquet(tmp_path / "day.parquet", 3)
    out = tmp_path / "out"
    out.mkdir()
    parquet(out / "signals.parquet", 3)
    (out / "quarantine.jsonl").write_bytes(lines(row("R-1")))
    found = find_sources([str(tmp_path)], leave_out=out)
    assert [Path(source.name).name for source in found] == ["day.parquet"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("day.jsonl", b"", "the file is empty"),
        ("day.csv", b"", "the file is empty"),
        ("day.parquet", b"", "the file is empty"),
        ("day.arrow", b"", "the file is empty"),
        ("day.parquet", b"registration_id,text\n", "the name says parquet, the content is text"),
        ("day.csv", b"PAR1xxxx", "the name says csv, the content is parquet"),
        ("day.jsonl.gz", b"{}\n", "the name says gzip, the content is not compressed"),
        ("day.jsonl", gzip.compress(b"{}\n", mtime=0), "the name says not compressed, the content is gzip"),
        ("day.parquet.gz", gzip.compress(b"PAR1", mtime=0), "parquet inside gzip is not read"),
        ("day.xlsx", b"PK", "unknown format '.xlsx' (allowed: parquet, csv"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        find_sources([str(path)])
    assert str(caught.value).startswith(f"{path}: {message}")
    assert caught.value.told("nl") != caught.value.told("en")


def test_what_is_not_there_or_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        find_sources([str(tmp_path / "gone.csv")])
    with pytest.raises(InputError, match="holds no file with registrations"):
        find_sources([str(tmp_path)])
    path = parquet(tmp_path / "day.parquet", 1)
    with pytest.raises(InputError, match="given more than once"):
        find_sources([str(path), str(path)])
    (tmp_path / "x").mkdir()
    with pytest.raises(InputError, match="given more than once"):
        find_sources([str(path), str(tmp_path / "." / "x" / ".." / "day.parquet"), str(tmp_path)])


def test_a_folder_that_may_not_be_read_is_told_and_not_passed_over(tmp_path: Path) -> None:
    parquet(tmp_path / "day.parquet", 1)
    closed = tmp_path / "closed"
    closed.mkdir()
    parquet(closed / "more.parquet", 1)
    closed.chmod(0)
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.chmod(tmp_path, 0o755)
            for parent in tmp_path.parents[:3]:
                os.chmod(parent, 0o755)
            os.seteuid(65534)
        try:
            find_sources([str(tmp_path)])
        except InputError as error:
            os._exit(10 if "closed" in str(error) else 11)
        os._exit(12)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 10
    closed.chmod(0o755)


def test_standard_input_has_the_format_it_is_said_to_have(tmp_path: Path) -> None:
    spooled = tmp_path / "anything"
    spooled.write_bytes(pa.compress(lines(row("R-1")), codec="zstd", asbytes=True))
    (source,) = find_sources(["-"], spooled, Format.JSONL)
    assert (source.name, source.format, source.compression) == ("stdin", Format.JSONL, "zstd")
    with pytest.raises(InputError, match="not given"):
        find_sources(["-"])
    spooled.write_bytes(b"{}\n")
    with pytest.raises(InputError, match="stdin: the name says parquet, the content is text"):
        find_sources(["-"], spooled, Format.PARQUET)
