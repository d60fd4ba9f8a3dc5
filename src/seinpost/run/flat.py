"""A file of named arrays and plain values that is read whole or not at all: what a start keeps for the next.

Layout: SHA-256 of all that follows, length of the head (8 bytes), the head as JSON, then the arrays, each from a
multiple of 64. No code is in it and none is run on reading.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

DIGEST, ALIGNED = 32, 64
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Flat:
    """What a file held: plain values as JSON knows them, and arrays that cannot be written to."""

    values: Any
    arrays: Mapping[str, Array]


def read_flat(path: Path) -> Flat | None:
    """Read a file; None when it is missing, cut off, changed or not one of ours."""
    try:
        data = np.fromfile(path, np.uint8)
    except OSError:
        return None
    if len(data) < DIGEST + 8 or hashlib.sha256(data[DIGEST:].data).digest() != data[:DIGEST].tobytes():
        return None
    data.flags.writeable = False
    end = DIGEST + 8 + int.from_bytes(data[DIGEST : DIGEST + 8].tobytes(), "little")
    head = json.loads(data[DIGEST + 8 : end].tobytes())
    start = aligned(end)
    arrays = {}
    for name, kind, shape in head["arrays"]:
        size = int(np.dtype(kind).itemsize * np.prod(shape, dtype=np.int64))
        arrays[name] = data[start : start + size].view(kind).reshape(shape)
        start = aligned(start + size)
    return Flat(head["values"], arrays)


def write_flat(path: Path, flat: Flat) -> None:
    """Write a file that has its name only when it is whole; raises OSError."""
    shapes = [(name, array.dtype.str, array.shape) for name, array in flat.arrays.items()]
    head = json.dumps({"values": flat.values, "arrays": shapes}, ensure_ascii=False).encode()
    parts = [len(head).to_bytes(8, "little"), head]
    at = DIGEST + 8 + len(head)
    for array in flat.arrays.values():
        data = np.ascontiguousarray(array).tobytes()
        parts += [bytes(aligned(at) - at), data]
        at = aligned(at) + len(data)
    whole = b"".join(parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(whole).digest() + whole)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def aligned(place: int) -> int:
    """The first multiple of ALIGNED from a place on."""
    return -(-place // ALIGNED) * ALIGNED
