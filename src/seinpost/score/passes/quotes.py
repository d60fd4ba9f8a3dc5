"""Words cut out of an Arrow text column by byte spans, without a Python object per quote."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seinpost.score.passes.compiled import copy_slices
from seinpost.score.passes.slices import Places


def large(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Any text column as one large_string array; the bytes are shared where Arrow can."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.cast(pa.large_string()).combine_chunks()
    return texts.cast(pa.large_string())


def cut_quotes(texts: pa.Array | pa.ChunkedArray, row: Places, start: Places, end: Places) -> pa.Array:
    """Slice [start, end) in bytes of text `row` for each entry; null where `start` is negative."""
    if not len(row):
        return pa.array([], pa.string())
    array = large(texts)
    missing = start < 0
    _, offsets_buffer, data_buffer = array.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer is not None else np.zeros(0, np.uint8)
    target = np.zeros(len(row) + 1, np.int64)
    np.cumsum(np.where(missing, 0, end.astype(np.int64) - start), out=target[1:])
    out = np.empty(int(target[-1]), np.uint8)
    copy_slices(data, np.where(missing, 0, offsets[row] + start), target, out)
    validity = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
    quotes = pa.Array.from_buffers(pa.large_string(), len(row), [validity, pa.py_buffer(target), pa.py_buffer(out)])
    return quotes.cast(pa.string()) if target[-1] < 2**31 else quotes
