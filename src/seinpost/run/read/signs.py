"""Signs of a broken export in texts, counted at the speed of memory: such texts are scanned all the same, and told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import load8, load64
from seinpost.scan.native.program import Program, kept_folder

SIGNS = ("nul", "replacement_character", "mojibake")
"""NUL; U+FFFD (EF BF BD); UTF-8 read twice, as in "Ã©" (C3 83 C2)."""
NUL, REPLACED, MOJIBAKE = 1, 2, 4
EACH, HIGH = 0x0101010101010101, -0x7F7F7F7F7F7F7F80  # the lowest and the highest bit of every byte
RARE_EF, RARE_83 = -0x1010101010101011, -0x7C7C7C7C7C7C7C7D  # EF and 83, the rarest byte of each sign, eight times


@kernel
def has_nul(word: int) -> int:
    """Not 0 if, and only if, one of the eight bytes is 0."""
    return (word - EACH) & ~word & HIGH


@kernel(cold=True)
def signs_at(place: int, start: int, first: int, last: int, end: int) -> int:
    """The signs whose rarest byte stands in first ... last - 1 of the text start ... end."""
    found = 0
    for at in range(first, last):
        byte = load8(place + at)
        if byte == 0:
            found |= NUL
        elif byte == 0xEF and at + 2 < end and load8(place + at + 1) == 0xBF and load8(place + at + 2) == 0xBD:
            found |= REPLACED
        elif byte == 0x83 and start < at < end - 1 and load8(place + at - 1) == 0xC3 and load8(place + at + 1) == 0xC2:
            found |= MOJIBAKE
    return found


@kernel
def count_signs(place: int, bounds: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> None:
    """Add to `counts` how many texts have each sign; text k stands at bounds[k] ... bounds[k + 1] from `place`."""
    for row in range(len(bounds) - 1):
        at, end, found = bounds[row], bounds[row + 1], 0
        while at + 8 <= end:
            word = load64(place + at)
            if has_nul(word) | has_nul(word ^ RARE_EF) | has_nul(word ^ RARE_83):
                found |= signs_at(place, bounds[row], at, at + 8, end)
            at += 8
        if at < end:
            found |= signs_at(place, bounds[row], at, end, end)
        for sign in range(len(counts)):
            counts[sign] += found >> sign & 1


PROGRAM = Program("signs", kept_folder(), [Path(__file__)], [count_signs])
count = PROGRAM.entry(count_signs)


def count_oddities(texts: pa.LargeStringArray) -> dict[str, int]:
    """How many texts have each sign; signs that none has are left out."""
    buffer = texts.buffers()[2]
    if buffer is None or not len(texts):
        return {}
    bounds = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    counts = np.zeros(len(SIGNS), np.int64)
    count(buffer.address, bounds, counts)
    return {name: number for name, number in zip(SIGNS, counts.tolist(), strict=True) if number}
