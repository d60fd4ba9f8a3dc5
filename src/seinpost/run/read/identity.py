"""Has this registration id been seen before in this run? Exact for all practical purposes, bounded in memory.

Ids are kept as 128-bit digests in an open-addressing table in a file of the work folder, so the system may page it out.
At a hundred million ids the chance that two different ones share a digest is below 1 in 10^22; such a row would land
in quarantine as a duplicate, never be lost.
"""

from __future__ import annotations

import os
from pathlib import Path

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.errors import OutputError

START = 1 << 16


@nb.njit(nogil=True, cache=True)
def digest_ids(
    data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], out: npt.NDArray[np.uint64]
) -> None:  # pragma: no cover - compiled
    """Write two independent 64-bit mixes of each id's bytes to `out` (shape n x 2); never 0, which marks a free
    slot.
    """
    for i in range(len(offsets) - 1):
        a, b = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
        for j in range(offsets[i], offsets[i + 1]):
            byte = np.uint64(data[j])
            a = (a ^ byte) * np.uint64(0x100000001B3)
            b = (b + byte + np.uint64(1)) * np.uint64(0xFF51AFD7ED558CCD)
            b ^= b >> np.uint64(29)
        length = np.uint64(offsets[i + 1] - offsets[i])
        a ^= length
        a = (a ^ (a >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
        out[i, 0] = (a ^ (a >> np.uint64(33))) | np.uint64(1)
        out[i, 1] = b ^ (length << np.uint64(48))


@nb.njit(nogil=True, cache=True)
def insert(
    table: npt.NDArray[np.uint64], digests: npt.NDArray[np.uint64], seen: npt.NDArray[np.bool_]
) -> int:  # pragma: no cover - compiled
    """Insert digests into the table, telling for each whether it was there; return how many were new."""
    mask = np.uint64(table.shape[0] - 1)
    new = 0
    for i in range(digests.shape[0]):
        at = (digests[i, 0] >> np.uint64(1)) & mask
        while True:
            if table[at, 0] == np.uint64(0):
                table[at, 0], table[at, 1] = digests[i, 0], digests[i, 1]
                seen[i] = False
                new += 1
                break
            if table[at, 0] == digests[i, 0] and table[at, 1] == digests[i, 1]:
                seen[i] = True
                break
            at = (at + np.uint64(1)) & mask
    return new


class SeenIds:
    """The ids seen so far in a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.generation = 0
        self.table = self.make(START)

    def make(self, slots: int) -> npt.NDArray[np.uint64]:
        """Make an empty table of `slots` (a power of two), in a file once it is worth one."""
        self.generation += 1
        if slots <= START:
            return np.zeros((slots, 2), np.uint64)
        path = self.folder / f"ids.{self.generation}"
        try:
            with path.open("w+b") as file:
                os.posix_fallocate(file.fileno(), 0, slots * 16)  # a full disk is told here, not by a signal later
                return np.memmap(file, dtype=np.uint64, mode="r+", shape=(slots, 2))
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(
                f"{path}: cannot be written: {reason}", f"{path}: kan niet worden geschreven: {reason}"
            ) from error
        finally:
            path.unlink(missing_ok=True)  # the mapping lives on; no file stays behind, however the process ends

    def mark(self, ids: pa.StringArray) -> npt.NDArray[np.bool_]:
        """Remember these ids and tell for each whether it came before, in this batch or an earlier one."""
        while (self.count + len(ids)) * 2 > len(self.table):
            old = self.table[self.table[:, 0] != 0]
            self.table = self.make(len(self.table) * 4)
            insert(self.table, np.ascontiguousarray(old), np.empty(len(old), np.bool_))
        ids = ids.cast(pa.large_string())
        offsets = np.frombuffer(ids.buffers()[1], np.int64)[ids.offset : ids.offset + len(ids) + 1]
        data = np.frombuffer(ids.buffers()[2] or b"", np.uint8)
        digests = np.empty((len(ids), 2), np.uint64)
        digest_ids(data, offsets, digests)
        seen = np.empty(len(ids), np.bool_)
        self.count += insert(self.table, digests, seen)
        return seen
