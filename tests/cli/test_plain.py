"""A plain scan is read as the whole command reads it, or left to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main
from hypothesis import given
from hypothesis import strategies as st

from seinpost.cli.app import USAGE_FAULT, app
from seinpost.cli.main import plain_scan

SCAN: Any = typer.main.get_command(app).commands["scan"]  # type: ignore[attr-defined]
WORD = st.sampled_from(
    ["day.parquet", "out", "nl", "7", "0", "256", "257", "1000", "a b", "é", "-", "", "--", "-x", "1_0"]
)
OPTION = st.sampled_from(
    [option for one in SCAN.params for option in one.opts] + ["--no_semantic", "--inputs", "--help"]
)
ONE = st.one_of(WORD.map(lambda word: [word]), OPTION.map(lambda name: [name]), st.tuples(OPTION, WORD).map(list))
FLAG = st.sampled_from(["--no-semantic", "--encoder", "--resume", "--overwrite", "--json"]).map(lambda name: [name])
PLAIN = st.sampled_from(["--pack", "--source", "--format", "--id-column", "--text-column"])
GOOD = st.one_of(
    FLAG,
    st.tuples(PLAIN, st.sampled_from(["nl", "x.yaml", "a b"])).map(list),
    st.tuples(st.just("--threads"), st.integers(1, 256).map(str)).map(list),
    st.tuples(st.just("--report-limit"), st.integers(0, 5000).map(str)).map(list),
    st.sampled_from(["a.csv", "b"]).map(lambda word: [word]),
)


def whole(arguments: list[str]) -> dict[str, Any] | None:
    """What the whole command makes of it; None for a fault or a question."""
    try:
        return dict(SCAN.make_context("scan", list(arguments)).params)
    except (USAGE_FAULT, typer.Exit):
        return None


@given(st.lists(ONE, max_size=6))
def test_what_is_read_is_read_alike(parts: list[list[str]]) -> None:
    arguments = [one for part in parts for one in part]
    asked = plain_scan(["scan", *arguments])
    if asked is not None:
        assert asked == whole(arguments)


@given(st.lists(GOOD, max_size=6))
def test_a_plain_scan_needs_no_more(parts: list[list[str]]) -> None:
    arguments = ["day.parquet", "--out", "out", *(one for part in parts for one in part)]
    asked = plain_scan(["scan", *arguments])
    assert asked is not None
    assert asked == whole(arguments)
    assert asked["out"] == Path("out")


def test_other_commands_are_left_alone() -> None:
    assert plain_scan([]) is None
    assert plain_scan(["verify", "out"]) is None
    assert plain_scan(["--lang", "en", "scan", "a", "--out", "b"]) is None
