"""Signature bits: which words a sentence must hold before an entry's plan is worth trying.

An entry waits for the rarest of the groups it needs by a bit of the first signature, and names the next three by bits
of the second. Groups outnumber bits, so bits are shared; a bit that is often set, or that much-tried entries wait for,
gets fewer groups. What an entry waits for is chosen per class of words at its anchor: a group that the anchor itself
belongs to would wait for nothing. Bits change speed, never hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from seinpost.scan import layout as at
from seinpost.scan.plans.variants import Encoder, Entry

SENTENCE_TOKENS = 9  # of an ordinary sentence
MOST_NEEDS = 4
CUE_DEMAND = 0.05  # cues are matched in few texts

Choice = tuple[Entry, tuple[int, ...]]  # an entry of a class, and the groups it names, the one it waits for first


class Rarity:
    """How rare the groups are: `weights` holds per group the share of sentences that have it."""

    def __init__(self, encoder: Encoder) -> None:
        shares = np.array(encoder.shares or [0.0])
        of_groups = np.array([min(1.0, float(shares[list(group)].sum())) for group in encoder.groups])
        self.weights: npt.NDArray[np.float64] = 1 - (1 - of_groups) ** SENTENCE_TOKENS
        self._groups = encoder.groups
        self._sorted: dict[int, tuple[int, ...]] = {}

    def choose(self, entry: Entry, sets: frozenset[int]) -> tuple[int, ...]:
        """Groups that an entry names at an anchor in these sets: those it is not in before others, rarest first."""
        needs = self._sorted.get(entry.plan)
        if needs is None:
            needs = tuple(sorted(set(entry.needs), key=lambda need: (self.weights[need], need)))
            self._sorted[entry.plan] = needs
        if len(needs) > 1 and not sets.isdisjoint(self._groups[needs[0]]):
            needs = tuple(sorted(needs, key=lambda need: not sets.isdisjoint(self._groups[need])))
        return needs[:MOST_NEEDS]


def class_choices(
    encoder: Encoder, entries: Iterable[Entry], classes: Iterable[Sequence[int]], rarity: Rarity
) -> list[list[Choice]]:
    """Give per class of words, named by its sets, the entries anchored at it and the groups they name."""
    by_set: list[list[Entry]] = [[] for _ in encoder.sets]
    for entry in entries:
        by_set[entry.anchor].append(entry)
    found = []
    for sets in classes:
        mine = [entry for one in sets for entry in by_set[one]]
        together = frozenset(sets) if mine else frozenset()
        found.append([(entry, rarity.choose(entry, together)) for entry in mine])
    return found


class Signatures:
    """The bits of groups in the first signature and in the second, and per set the bits that its words give."""

    def __init__(self, encoder: Encoder, first: Mapping[int, int], more: Mapping[int, int]) -> None:
        self._first, self._more = first, more
        self.gives_first: list[list[int]] = [[] for _ in encoder.sets]
        self.gives_more: list[list[int]] = [[] for _ in encoder.sets]
        for bits, given in ((first, self.gives_first), (more, self.gives_more)):
            for group, bit in bits.items():
                for one in encoder.groups[group]:
                    given[one].append(bit)

    def record(self, entry: Entry, needs: Sequence[int]) -> tuple[int, int, int]:
        """Give the bit an entry waits for, and its two words, see layout.ENTRY_*."""
        first = self._first[needs[0]] if needs else 0
        more = [self._more[need] for need in more_needs(needs)]
        more += [0] * (MOST_NEEDS - 1 - len(more))
        flags = 0 if entry.others else at.ENTRY_ALONE
        return first, entry.plan | more[0] << 32 | more[1] << 48, more[2] | flags << 16


def more_needs(needs: Sequence[int]) -> Sequence[int]:
    """Give the groups named in the second signature; the first again if there is room: there it shares other bits."""
    return needs[1:] if len(needs) == MOST_NEEDS else (*needs[1:], *needs[:1])


def share_bits(
    encoder: Encoder, choices: Sequence[Sequence[Sequence[Choice]]], rarity: Rarity, shares: Sequence[float]
) -> Signatures:
    """Share the bits of both signatures out.

    `choices` are those of patterns and of cues, per class; `shares` tells per class how common its words are.
    """
    demands: tuple[dict[int, float], dict[int, float]] = {}, {}
    for of_side, factor in zip(choices, (1.0, CUE_DEMAND), strict=True):
        for of_class, share in zip(of_side, shares, strict=True):
            for _, needs in of_class:
                for demand, named in zip(demands, (needs[:1], more_needs(needs)), strict=True):
                    for need in named:
                        demand[need] = demand.get(need, 0.0) + factor * share
    first, more = (_share(demand, rarity.weights) for demand in demands)
    return Signatures(encoder, first, more)


def _share(demands: Mapping[int, float], weights: npt.NDArray[np.float64]) -> dict[int, int]:
    """Give each group the bit where it does least harm; bit 0 is not for sharing (layout.ALWAYS)."""
    load, waiting = np.zeros(at.SIGNATURE_BITS - 1), np.zeros(at.SIGNATURE_BITS - 1)
    bits = {}
    for group in sorted(demands, key=lambda one: (-demands[one] * weights[one] ** 0.5, one)):
        bit = int(np.argmin(waiting * weights[group] + demands[group] * load))
        load[bit] += weights[group]
        waiting[bit] += demands[group]
        bits[group] = bit + 1
    return bits


def scatter(rows: Sequence[int], bits: Sequence[int], count: int, row_bytes: int) -> npt.NDArray[np.uint8]:
    """Set bits in `count` rows of bytes."""
    table = np.zeros((count, row_bytes), np.uint8)
    place = np.array(bits, np.int64)
    np.bitwise_or.at(table, (np.array(rows, np.int64), place >> 3), (1 << (place & 7)).astype(np.uint8))
    return table
