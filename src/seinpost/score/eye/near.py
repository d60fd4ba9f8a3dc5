"""Which known situation a window resembles most, and which near miss: cosine over the casebook's inverted index."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.kernels import kernel
from seinpost.score.eye.features import (
    BLANK,
    EDGE,
    Fold,
    Lists,
    Tokens,
    bigram,
    fold_word,
    settle,
    tokenise,
)
from seinpost.score.eye.reading import Memo, Room


class Index(NamedTuple):
    """The inverted index of the casebook; `is_signal` tells which situations are signals.

    `slot` finds a feature by its hash: its number, or -1 where none is (open addressing, at most half full).
    """

    features: npt.NDArray[np.uint64]
    slot: npt.NDArray[np.int32]
    idf: npt.NDArray[np.float32]
    first: npt.NDArray[np.int32]
    row: npt.NDArray[np.uint16]
    value: npt.NDArray[np.float32]
    is_signal: npt.NDArray[np.bool_]


class Nearest(NamedTuple):
    """Per text the nearest signal and the nearest other situation, with their cosines; -1 where none shares a
    feature.
    """

    signal: npt.NDArray[np.int32]
    signal_cosine: npt.NDArray[np.float32]
    other: npt.NDArray[np.int32]
    other_cosine: npt.NDArray[np.float32]


@kernel
def put_features(features: npt.NDArray[np.uint64], slot: npt.NDArray[np.int32]) -> None:
    """Put the number of every feature in its slot."""
    mask = np.uint64(len(slot) - 1)
    for number in range(len(features)):
        at = features[number] & mask
        while slot[at] >= 0:
            at = (at + np.uint64(1)) & mask
        slot[at] = number


class Bag(NamedTuple):
    """The features of one window: how often each is there (all 0 between windows), which are, and the cosines."""

    weight: npt.NDArray[np.float32]
    touched: npt.NDArray[np.int64]
    cosine: npt.NDArray[np.float32]


def new_bag(index: Index) -> Bag:
    """An empty bag."""
    n = len(index.features)
    return Bag(np.zeros(n, np.float32), np.empty(n, np.int64), np.empty(len(index.is_signal), np.float32))


def new_nearest(n: int) -> Nearest:
    """Nothing found yet for n texts."""
    return Nearest(np.full(n, -1, np.int32), np.zeros(n, np.float32), np.full(n, -1, np.int32), np.zeros(n, np.float32))


@kernel
def nearest(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.int64],
    windows: npt.NDArray[np.int64],
    fold: Fold,
    lists: Lists,
    index: Index,
    memo: Memo,
    room: Room,
    tokens: Tokens,
    bag: Bag,
    found: Nearest,
) -> None:
    """Look up the windows (first and last token, shape n x 2) of the wanted texts; `memo` knows most words by now."""
    mask = np.uint64(len(memo.key) - 1)
    for k in range(len(wanted)):
        row = wanted[k]
        tokenise(data, offsets[row], offsets[row + 1], fold, tokens)
        count = 0
        left = EDGE
        for i in range(windows[k, 0], windows[k, 1]):
            raw = tokens.raw[i] | np.uint64(2)
            at = (raw ^ (raw >> np.uint64(31))) & mask
            while memo.key[at] != raw and memo.key[at] != 0:
                at = (at + np.uint64(1)) & mask
            if memo.key[at] == raw:
                value = memo.value[at]
            else:
                size, digits, capital = fold_word(data, tokens.start[i], tokens.end[i], fold, room.word)
                value = settle(room.word, size, digits, capital, lists)
            if value != BLANK:
                count = add(index.features, index.slot, value, bag, count)
            if value != BLANK and left != BLANK:
                count = add(index.features, index.slot, bigram(left, value), bag, count)
            left = value
        for s in range(len(bag.cosine)):
            bag.cosine[s] = 0
        norm = np.float32(0)
        for t in range(count):
            f = bag.touched[t]
            share = bag.weight[f] * index.idf[f]
            norm += share * share
            for p in range(index.first[f], index.first[f + 1]):
                bag.cosine[index.row[p]] += share * index.value[p]
            bag.weight[f] = 0
        keep_best(k, bag.cosine, np.sqrt(max(norm, np.float32(1e-12))), index.is_signal, found)


@kernel
def add(
    features: npt.NDArray[np.uint64],
    slot: npt.NDArray[np.int32],
    feature: np.uint64,
    bag: Bag,
    count: int,
) -> int:
    """Add a feature to the vector of a window, noting the first time it is touched; the new count."""
    mask = np.uint64(len(slot) - 1)
    place = feature & mask
    while slot[place] >= 0:
        at = slot[place]
        if features[at] == feature:
            if bag.weight[at] == 0:
                bag.touched[count] = at
                count += 1
            bag.weight[at] += np.float32(1)
            return count
        place = (place + np.uint64(1)) & mask
    return count


@kernel
def keep_best(
    k: int, cosine: npt.NDArray[np.float32], norm: np.float32, is_signal: npt.NDArray[np.bool_], found: Nearest
) -> None:
    """Note the nearest signal and the nearest other situation; ties go to the lower number."""
    for s in range(len(cosine)):
        near = cosine[s] / norm
        if is_signal[s] and near > found.signal_cosine[k]:
            found.signal[k], found.signal_cosine[k] = s, near
        elif not is_signal[s] and near > found.other_cosine[k]:
            found.other[k], found.other_cosine[k] = s, near
