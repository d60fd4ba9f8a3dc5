"""Signature bits: which words a sentence must hold before an entry's plan is worth trying.

Every group of token sets that an entry needs gets one bit. Groups outnumber bits, so bits are shared; a bit that is
often set, or that much-tried entries wait for, gets fewer groups. Bits change speed, never hits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seinpost.scan import layout as at
from seinpost.scan.variants import Encoder, Entry

SENTENCE_TOKENS = 9  # of an ordinary sentence
MOST_NEEDS = 4  # bits that an entry names one by one


@dataclass(frozen=True, slots=True)
class Signatures:
    """`gives`: per set the bits its words give; `bit`: per group its bit; `load`: per bit how often it is set, 0-1."""

    gives: list[list[int]]
    bit: npt.NDArray[np.int64]
    load: npt.NDArray[np.float64]

    def record(self, entry: Entry) -> tuple[int, int, int, int]:
        """Give the four words of an entry, see layout.ENTRY_*."""
        bits = sorted({int(self.bit[need]) for need in entry.needs}, key=lambda bit: float(self.load[bit]))
        folded = 0
        for bit in bits:
            folded |= 1 << bit % at.FOLDED_BITS
        named = (bits * MOST_NEEDS or [0] * MOST_NEEDS)[:MOST_NEEDS] if len(bits) < MOST_NEEDS else bits[:MOST_NEEDS]
        joined = sum(bit << 16 * place for place, bit in enumerate(named))
        return folded & (1 << 64) - 1, folded >> 64, joined, entry.plan | (not entry.others) << 32


def share_bits(encoder: Encoder) -> Signatures:
    """Share bits out: first those of the folded signature, then each of them over the bits folded into it."""
    shares = np.array(encoder.shares or [0.0])
    weights = [1 - (1 - min(1.0, sum(shares[one] for one in group))) ** SENTENCE_TOKENS for group in encoder.groups]
    demands = [0.0] * len(weights)
    for entry in (*encoder.main, *encoder.cues):
        for need in set(entry.needs):
            demands[need] += float(shares[entry.anchor])
    ranks = [-demand * weight**0.5 for demand, weight in zip(demands, weights, strict=True)]
    order = sorted((number for number, rank in enumerate(ranks) if rank), key=lambda number: (ranks[number], number))
    bit = np.zeros(len(weights), np.int64)
    load = np.zeros((at.SIGNATURE_BITS // at.FOLDED_BITS, at.FOLDED_BITS))
    waiting = np.zeros_like(load)
    for group in order:
        folded = int(np.argmin(waiting.sum(0) * weights[group] + demands[group] * load.sum(0)))
        part = int(np.argmin(waiting[:, folded] * weights[group] + demands[group] * load[:, folded]))
        load[part, folded] += weights[group]
        waiting[part, folded] += demands[group]
        bit[group] = part * at.FOLDED_BITS + folded
    gives: list[list[int]] = [[] for _ in encoder.sets]
    for group in order:
        for one in encoder.groups[group]:
            gives[one].append(int(bit[group]))
    return Signatures(gives, bit, load.reshape(-1))


def scatter(rows: Sequence[int], bits: Sequence[int], count: int, row_bytes: int) -> npt.NDArray[np.uint8]:
    """Set bits in `count` rows of bytes."""
    table = np.zeros((count, row_bytes), np.uint8)
    place = np.array(bits, np.int64)
    np.bitwise_or.at(table, (np.array(rows, np.int64), place >> 3), (1 << (place & 7)).astype(np.uint8))
    return table
