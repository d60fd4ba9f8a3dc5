"""One batch: what is kept of it, and that nothing but its own bytes can reach a file."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as papq
from tests.run.bench import table

from seinpost.run.api import scan_anything
from seinpost.run.engine import Counts, Engine


def test_no_dictionary_holds_a_value_twice_so_no_stray_memory_is_written(engine: Engine) -> None:
    result = scan_anything(table(30), engine)
    for found in (result.signals, result.hits, result.contributions):
        for column in found.columns:
            if pa.types.is_dictionary(column.type):
                values = column.chunk(0).dictionary
                assert len(values.unique()) == len(values)
        written = set()
        for _ in range(20):
            stream = io.BytesIO()
            papq.write_table(found, stream, compression="none")
            written.add(stream.getvalue())
        assert len(written) == 1


def test_counts_add_up_and_balance() -> None:
    one = Counts(3, {"A": 1, "B": 0, "C": 0, "D": 0}, 1, 1)
    assert one.balanced
    assert one + Counts() == one
    assert (one + one).received == 6
    assert not Counts(3, {"A": 1}, 1, 0).balanced
