"""Seen ids: the first wins, over batches and growth, and no two different ids are taken for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.run.bench import PLAIN, bad, good, lines, read, row

from seinpost.run.read.identity import SeenIds
from seinpost.run.read.quarantine import Reason


@given(st.lists(st.lists(st.text(max_size=3), max_size=12), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_agrees_with_a_set(tmp_path: Path, batches: list[list[str]]) -> None:
    seen, known = SeenIds(tmp_path), set[str]()
    for batch in batches:
        expected = []
        for name in batch:
            expected.append(name in known)
            known.add(name)
        padded = pa.array(["pad", *batch], pa.string()).slice(1)
        assert seen.mark(padded).tolist() == expected


def test_half_a_million_numbered_ids_are_all_new_once_and_leave_no_file(tmp_path: Path) -> None:
    seen = SeenIds(tmp_path)
    for first in range(0, 500_000, 50_000):
        ids = pa.array(np.arange(first, first + 50_000)).cast(pa.string())
        assert not seen.mark(ids).any()
    assert seen.mark(pa.array(["0", "499999", "500000", "00"])).tolist() == [True, True, False, False]
    assert list(tmp_path.iterdir()) == []


def test_a_duplicate_keeps_its_place_among_the_other_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(lines(row("R-0"), row("R-0", "x\x00"), row(None), row("R-3"), row(" R-0 ")))
    batches, _ = read(path)
    batch = batches[0].without(SeenIds(tmp_path).mark(batches[0].ids))
    assert good([batch]) == [(0, "R-0", PLAIN), (3, "R-3", PLAIN)]
    assert [(q.row, q.reason) for q in bad([batch])] == [
        (1, Reason.DUPLICATE_ID),
        (2, Reason.NO_ID),
        (4, Reason.DUPLICATE_ID),
    ]
    assert batch.oddities == {}
