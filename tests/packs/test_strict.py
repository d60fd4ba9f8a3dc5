"""Gate 1: what the strict reader refuses, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seinpost.errors import PackError
from seinpost.packs.strict import read_sheet, read_text

HERE = Path("pack.yaml")


def refused(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_text(HERE, text)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "written", ["no", "yes", "on", "off", "12:30", "010", "0x1F", "1e3", "2026-01-31", "null", "true"]
)
def test_it_keeps_every_plain_scalar_as_text(written: str) -> None:
    assert read_text(HERE, f"a: {written}\nb: [{written}]").data == {"a": written, "b": [written]}


def test_it_keeps_file_and_line_of_every_value() -> None:
    sheet = read_text(HERE, "a: 1\n\nlist:\n  - code: X-01\n    patterns:\n      - one\n      - two\n")
    assert str(sheet.place("list", 0, "patterns", 1)) == "pack.yaml:7 (list.X-01.patterns.1)"
    assert str(sheet.place("list", 0, "absent")) == "pack.yaml:4 (list.X-01.absent)"
    assert sheet.value("list", 0, "patterns", 1) == "two"
    assert sheet.value("list", 5) is None


def test_it_refuses_a_duplicate_key_and_names_both_lines() -> None:
    assert refused("a: 1\nb: 2\na: 3\n") == [
        "pack.yaml:3 (a): is a duplicate key (first on line 1): 'a' (allowed: each key once)"
    ]


def test_it_tells_every_fault_of_a_file_at_once() -> None:
    faults = refused("a: &x 1\nb: *x\nc: !!python/name:os.system 3\nd:\ne: ''\na: 2\n")
    told = [fault.split(":")[1] for fault in faults]
    assert told == ["1 (a)", "2 (b)", "3 (c)", "4 (d)", "6 (a)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: {DOC} ~3 x\n", "is not YAML"),
        ("a: [1, 2\n", "is not YAML"),
        ("[a, b]: 1\n", "no plain text"),
        ("a:\n\t- 1\n", "is not YAML"),
        ("[" * 200 + "]" * 200, "nests deeper"),
        ("a: \x00\n", "is not YAML"),
    ],
)
def test_it_refuses_with_a_place(text: str, expected: str) -> None:
    faults = refused(text)
    assert any(expected in fault for fault in faults)
    assert all(fault.startswith("pack.yaml") for fault in faults)


def test_it_names_the_line_of_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "macros.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(PackError, match=r"macros\.yaml:2: is not UTF-8"):
        read_sheet(path)


def test_it_names_a_file_that_is_absent(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read"):
        read_sheet(tmp_path / "cues.yaml")


plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)
tree = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4), max_leaves=15
)


@given(tree)
def test_it_reads_back_what_a_writer_quoted(data: object) -> None:
    written = yaml.dump(data, default_style='"', allow_unicode=True, Dumper=Plain)
    assert read_text(HERE, written).data == data


class Plain(yaml.SafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        return True
