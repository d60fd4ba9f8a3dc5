"""Vectorscan over the whole Arrow buffer in one call, its matches taken by compiled code: no Python per match.

The library comes with the package `vectorgrep`, whose wheel holds libhs for Linux on x86-64 with its C interface.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import carray, cfunc, types

from peers import Found, Peer

ROOM = 4_000_000
"""Matches that can be kept of one call; further ones are counted only."""
CASELESS, BLOCK = 1, 1


@cfunc(types.int32(types.uint32, types.uint64, types.uint64, types.uint32, types.CPointer(types.uint64)))
def take(term: int, start: int, end: int, flags: int, into: Any) -> int:  # noqa: ARG001 - the library's signature
    """Keep one match: (term, end) behind the count in the first place."""
    kept = carray(into, (1 + 2 * ROOM,))
    count = kept[0]
    if count < ROOM:
        kept[1 + 2 * count] = term
        kept[2 + 2 * count] = end
    kept[0] = count + 1
    return 0


class CompileError(ctypes.Structure):
    """hs_compile_error_t."""

    _fields_ = (("message", ctypes.c_char_p), ("expression", ctypes.c_int))


def library_path() -> Path:
    """Find libhs; raises ImportError when there is none."""
    spec = importlib.util.find_spec("vectorgrep")
    homes = list(spec.submodule_search_locations or ()) if spec is not None else []
    found = sorted(path for home in homes for path in Path(home).rglob("libhs.so*"))
    if not found:
        raise ImportError("no libhs.so: the package vectorgrep is missing, or has none for this machine")
    return found[0]


class Literals:
    """A compiled set of literals, caseless for ASCII."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._library = ctypes.CDLL(str(library_path()))
        self._library.hs_version.restype = ctypes.c_char_p
        self.version: str = self._library.hs_version().decode().split(" ")[0]
        words = [term.encode() for term in terms]
        self._sizes = np.array([len(word) for word in words])
        self._database = self._compile(words)
        self._scratch = ctypes.c_void_p()
        if self._library.hs_alloc_scratch(self._database, ctypes.byref(self._scratch)):
            raise RuntimeError("hs_alloc_scratch failed")
        pointer, number = ctypes.c_void_p, ctypes.c_uint
        self._library.hs_scan.argtypes = [pointer, pointer, number, number, pointer, pointer, pointer]
        self._kept = np.zeros(1 + 2 * ROOM, np.uint64)

    def _compile(self, words: list[bytes]) -> ctypes.c_void_p:
        count = len(words)
        database, error = ctypes.c_void_p(), ctypes.POINTER(CompileError)()
        failed = self._library.hs_compile_lit_multi(
            (ctypes.c_char_p * count)(*words),
            (ctypes.c_uint * count)(*([CASELESS] * count)),
            (ctypes.c_uint * count)(*range(count)),
            (ctypes.c_size_t * count)(*map(len, words)),
            ctypes.c_uint(count),
            ctypes.c_uint(BLOCK),
            None,
            ctypes.byref(database),
            ctypes.byref(error),
        )
        if failed:
            raise RuntimeError(f"hs_compile_lit_multi: {error.contents.message!r}")
        return database

    def matches(self, data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
        """Search some bytes: rows of (term, end). Raises RuntimeError when there are more than ROOM."""
        self._kept[0] = 0
        failed = self._library.hs_scan(
            self._database, data.ctypes.data, len(data), 0, self._scratch, take.address, self._kept.ctypes.data
        )
        count = int(self._kept[0])
        if failed or count > ROOM:
            raise RuntimeError(f"hs_scan gave {failed} with {count} matches")
        return self._kept[1 : 1 + 2 * count].reshape(count, 2)

    def whole_words(self, texts: pa.Array) -> set[Found]:
        """Search an array of texts: (registration, term, start, end), whole words within one text only."""
        data, bounds = buffer_of(texts)
        matches = self.matches(data)
        term, end = matches[:, 0].astype(np.int64), matches[:, 1].astype(np.int64)
        start = end - self._sizes[term]
        text = np.searchsorted(bounds, start, side="right") - 1
        first, last = bounds[text], bounds[text + 1]
        word = _word_bytes()
        before = (start > first) & word[data[np.maximum(start - 1, 0)]]
        after = (end < last) & word[data[np.minimum(end, len(data) - 1)]]
        keep = (end <= last) & ~before & ~after
        found = set()
        for row, number, begin, place in zip(text[keep], term[keep], start[keep], first[keep], strict=True):
            chars = int(np.count_nonzero((data[place:begin] & 0xC0) != 0x80))
            found.add((int(row), int(number), chars, chars + int(self._sizes[number])))
        return found


def _word_bytes() -> npt.NDArray[np.bool_]:
    """Which bytes are part of a word; every byte of a character beyond ASCII counts as one."""
    return np.array([byte >= 128 or chr(byte).isalnum() or chr(byte) == "_" for byte in range(256)])


def buffer_of(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of an array of strings, and where in them each text begins, with the end behind the last."""
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    return np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]], bounds - bounds[0]


def vectorscan(terms: Sequence[str]) -> Peer:
    """Literals over the whole buffer, then whole words and spans with numpy."""
    literals = Literals(terms)
    lacks = "accents; proximities, contexts"
    job = literals.whole_words
    name = f"Vectorscan {literals.version} (whole buffer, then numpy)"
    return Peer(name, "vectorgrep", lacks, 50_000, job, job)


BUILDERS = (vectorscan,)
