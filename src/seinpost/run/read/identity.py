"""Has this registration id been seen before in this run? Exact for all practical purposes, bounded in memory.

Ids are kept as 128-bit digests in an open-addressing table in a file of the work folder, so the system may page it out.
At a hundred million ids the chance that two different ones share a digest is below 1 in 10^22; such a row would land
in quarantine as a duplicate, never be lost.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.errors import OutputError
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.program import Program, kept_folder

START = 1 << 16
SLOT = 2
"""Words in a slot of the table: the two halves of a digest."""
U64 = np.uint64
FIRST, SECOND = U64(0x9E3779B97F4A7C15), U64(0xC2B2AE3D27D4EB4F)
PRIME, SPREAD, MIX = U64(0x100000001B3), U64(0xFF51AFD7ED558CCD), U64(0xC4CEB9FE1A85EC53)


@kernel
def mark_ids(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    table: npt.NDArray[np.uint64],
    seen: npt.NDArray[np.bool_],
) -> int:
    """Insert the digest of each id in the table, telling for each whether it was there; return how many were new.

    A digest is two independent 64-bit mixes of the id's bytes; the first is never 0, which marks a free slot.
    """
    mask, new = U64(len(table) - 1), 0
    for i in range(len(offsets) - 1):
        a, b = FIRST, SECOND
        for j in range(offsets[i], offsets[i + 1]):
            byte = U64(data[j])
            a = (a ^ byte) * PRIME
            b = (b + byte + U64(1)) * SPREAD
            b ^= b >> U64(29)
        length = U64(offsets[i + 1] - offsets[i])
        a ^= length
        a = (a ^ (a >> U64(33))) * MIX
        a = (a ^ (a >> U64(33))) | U64(1)
        b ^= length << U64(48)
        at = (a >> U64(1)) & mask
        while table[at, 0] != 0 and (table[at, 0] != a or table[at, 1] != b):
            at = (at + U64(1)) & mask
        seen[i] = table[at, 0] != 0
        if table[at, 0] == 0:
            table[at, 0], table[at, 1] = a, b
            new += 1
    return new


@kernel
def move_ids(old: npt.NDArray[np.uint64], table: npt.NDArray[np.uint64]) -> None:
    """Put all that is in a table in a larger one."""
    mask = U64(len(table) - 1)
    for i in range(len(old)):
        if old[i, 0] != 0:
            at = (old[i, 0] >> U64(1)) & mask
            while table[at, 0] != 0:
                at = (at + U64(1)) & mask
            table[at, 0], table[at, 1] = old[i, 0], old[i, 1]


PROGRAM = Program("ids", kept_folder(), [Path(__file__)], [mark_ids, move_ids])
mark, move = PROGRAM.entry(mark_ids), PROGRAM.entry(move_ids)


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
            return np.zeros((slots, SLOT), np.uint64)
        path = self.folder / f"ids.{self.generation}"
        try:
            with path.open("w+b") as file:
                os.posix_fallocate(file.fileno(), 0, slots * 16)  # a full disk is told here, not by a signal later
                return np.memmap(file, dtype=np.uint64, mode="r+", shape=(slots, SLOT))
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
            old = self.table
            self.table = self.make(len(self.table) * 4)
            move(old, self.table)
        ids = ids.cast(pa.large_string())
        offsets = np.frombuffer(ids.buffers()[1], np.int64)[ids.offset : ids.offset + len(ids) + 1]
        data = np.frombuffer(ids.buffers()[2] or b"", np.uint8)
        seen = np.empty(len(ids), np.bool_)
        self.count += mark(data, offsets, self.table, seen)
        return seen
