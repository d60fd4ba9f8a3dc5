"""The reading kernel: from the bytes of texts to windows that resemble a signal, and the situations they resemble.

The model is linear, so each distinct word is worth one number: its own weight plus those of its letter runs. That sum
is remembered per word, and a text costs little more than looking its words up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.kernels import kernel
from seinpost.score.eye.features import (
    BLANK,
    EDGE,
    GRAM_WEIGHT,
    LONGEST,
    Fold,
    Lists,
    Tokens,
    bigram,
    fold_word,
    grams,
    settle,
    stays_itself,
    tokenise,
)

WINDOW_TOKENS = 250
"""A window is a run of whole sentences of at most about this many tokens; the next starts halfway."""
LARGEST_WINDOW, HALF_WINDOW = 1000, 125
LEAST_TOKENS = 4
LENGTH_FREE, LENGTH_PRICE = 45.0, 0.4
"""Log-odds taken from a long window: LENGTH_PRICE for every e-fold of distinct words beyond LENGTH_FREE.

Weights add up while chance grows with the root, so a longer innocent text looks more like anything: without this the
bar that holds back long official text would hold back summaries of a few sentences too.
"""
SEEN = 1 << 12
MEMO = 1 << 16
BITS = 1 << 20


class Weights(NamedTuple):
    """Features in a hash table: slot -> feature and weight; a bit map rejects most others at once."""

    key: npt.NDArray[np.uint64]
    value: npt.NDArray[np.float32]
    bits: npt.NDArray[np.uint64]


class Memo(NamedTuple):
    """What words were found to be: by raw hash (0 is a free slot) their value and worth. `used` counts them."""

    key: npt.NDArray[np.uint64]
    value: npt.NDArray[np.uint64]
    worth: npt.NDArray[np.float32]
    used: npt.NDArray[np.int64]


def new_memo() -> Memo:
    """An empty memo."""
    return Memo(np.zeros(MEMO, np.uint64), np.zeros(MEMO, np.uint64), np.zeros(MEMO, np.float32), np.zeros(1, np.int64))


class Priced(NamedTuple):
    """The tokens of one text with their value, their worth, and the worth of the pair each makes with the one
    before.
    """

    value: npt.NDArray[np.uint64]
    worth: npt.NDArray[np.float32]
    pair: npt.NDArray[np.float32]
    seen: npt.NDArray[np.uint64]  # open addressing: words and pairs met in the present window
    stamp: npt.NDArray[np.int64]  # window in which a slot of `seen` was last filled


class Room(NamedTuple):
    """Room for one word: its folded letters, and the features of its letter runs."""

    word: npt.NDArray[np.uint8]
    runs: npt.NDArray[np.uint64]


def new_room() -> Room:
    """Room for a word."""
    return Room(np.empty(LONGEST, np.uint8), np.empty(4 * LONGEST, np.uint64))


class Found(NamedTuple):
    """The best window of each text: logit, token range, and the sentence in it that tells most (byte span)."""

    logit: npt.NDArray[np.float32]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]


def new_found(n: int) -> Found:
    """Room for what is found in n texts; of a text with too few words only the logit is set."""
    spans = (np.zeros(n, np.int64) for _ in range(4))
    return Found(np.empty(n, np.float32), *spans)


@kernel
def fill(table: Weights, features: npt.NDArray[np.uint64], weights: npt.NDArray[np.float32]) -> None:
    """Insert every feature."""
    mask = np.uint64(len(table.key) - 1)
    for i in range(len(features)):
        at = features[i] & mask
        while table.key[at] != 0:
            at = (at + np.uint64(1)) & mask
        table.key[at], table.value[at] = features[i], weights[i]
        bit = features[i] >> np.uint64(44)
        table.bits[bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))


@kernel
def weight_of(table: Weights, feature: np.uint64) -> np.float32:
    """The weight of a feature, 0 when it has none."""
    bit = feature >> np.uint64(44)
    if (table.bits[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1) == 0:
        return np.float32(0)
    mask = np.uint64(len(table.key) - 1)
    at = feature & mask
    while table.key[at] != 0:
        if table.key[at] == feature:
            return table.value[at]
        at = (at + np.uint64(1)) & mask
    return np.float32(0)


@kernel
def learn(
    tokens: Tokens,
    i: int,
    data: npt.NDArray[np.uint8],
    fold: Fold,
    lists: Lists,
    table: Weights,
    memo: Memo,
    room: Room,
) -> int:
    """Put in the memo what the word of a token becomes and is worth, and give its slot."""
    mask = np.uint64(len(memo.key) - 1)
    if memo.used[0] * 2 > len(memo.key):
        for slot in range(len(memo.key)):
            memo.key[slot] = 0
        memo.used[0] = 0
    raw = tokens.raw[i] | np.uint64(2)
    at = (raw ^ (raw >> np.uint64(31))) & mask
    while memo.key[at] != 0:
        at = (at + np.uint64(1)) & mask
    size, digits, capital = fold_word(data, tokens.start[i], tokens.end[i], fold, room.word)
    value = settle(room.word, size, digits, capital, lists)
    worth = np.float32(0)
    if value != BLANK:
        worth = weight_of(table, value)
        if digits == 0 and stays_itself(room.word, size, value):
            for g in range(grams(room.word, size, room.runs)):
                worth += GRAM_WEIGHT * weight_of(table, room.runs[g])
    memo.key[at], memo.value[at], memo.worth[at] = raw, value, worth
    memo.used[0] += 1
    return np.int64(at)


@kernel
def price(
    tokens: Tokens,
    count: int,
    data: npt.NDArray[np.uint8],
    fold: Fold,
    lists: Lists,
    table: Weights,
    memo: Memo,
    room: Room,
    priced: Priced,
) -> None:
    """Write the value, worth and pair worth of every token.

    The memo is looked into here: most words are in it.
    """
    mask = np.uint64(len(memo.key) - 1)
    left = EDGE
    for i in range(count):
        raw = tokens.raw[i] | np.uint64(2)
        at = (raw ^ (raw >> np.uint64(31))) & mask
        while memo.key[at] != raw and memo.key[at] != 0:
            at = (at + np.uint64(1)) & mask
        if memo.key[at] == 0:
            at = np.uint64(learn(tokens, i, data, fold, lists, table, memo, room))
        value = memo.value[at]
        priced.value[i], priced.worth[i] = value, memo.worth[at]
        priced.pair[i] = np.float32(0)
        if value != BLANK and left != BLANK:
            feature = bigram(left, value)
            bit = feature >> np.uint64(44)  # as in weight_of, which only one in sixteen comes to
            if (table.bits[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1):
                priced.pair[i] = weight_of(table, feature)
        left = value


@kernel
def is_new(priced: Priced, feature: np.uint64, window: int) -> bool:
    """Note a word or pair as met in this window; False if it was already."""
    mask = np.uint64(len(priced.seen) - 1)
    at = (feature ^ (feature >> np.uint64(33))) & mask
    while priced.stamp[at] == window and priced.seen[at] != feature:
        at = (at + np.uint64(1)) & mask
    if priced.stamp[at] == window:
        return False
    priced.stamp[at], priced.seen[at] = window, feature
    return True


@kernel
def window_logit(priced: Priced, first: int, last: int, window: int, bias: float) -> np.float32:
    """The logit of one window: each distinct word and pair counts once, over the root of the number of distinct words.

    Lists and tables repeat a pair dozens of times; counted each time, one pair could carry a whole window.
    """
    total, distinct = 0.0, 0
    for i in range(first, last):
        if priced.pair[i] != 0 and is_new(priced, bigram(priced.value[i - 1] if i else EDGE, priced.value[i]), window):
            total += priced.pair[i]
        if is_new(priced, priced.value[i], window):
            total += priced.worth[i]
            distinct += 1
    spread = total / np.sqrt(float(max(distinct, 1)))
    return np.float32(bias + spread - LENGTH_PRICE * np.log(max(distinct / LENGTH_FREE, 1.0)))


def new_priced(room: int) -> Priced:
    """Room for the prices of the tokens of one text."""
    return Priced(
        np.empty(room, np.uint64),
        np.empty(room, np.float32),
        np.empty(room, np.float32),
        np.zeros(SEEN, np.uint64),
        np.zeros(SEEN, np.int64),
    )


@kernel
def read_texts(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    fold: Fold,
    lists: Lists,
    table: Weights,
    bias: float,
    memo: Memo,
    room: Room,
    tokens: Tokens,
    priced: Priced,
    found: Found,
) -> None:
    """Read every text: the window with the highest logit, -inf where a text has too few words."""
    window = 0
    for row in range(len(offsets) - 1):
        found.logit[row] = np.float32(-np.inf)
        count = tokenise(data, offsets[row], offsets[row + 1], fold, tokens)
        if count < LEAST_TOKENS:
            continue
        price(tokens, count, data, fold, lists, table, memo, room, priced)
        window = best_window(row, tokens, count, priced, bias, window, found)
        tell_sentence(row, tokens, priced, found, offsets[row])


@kernel
def best_window(row: int, tokens: Tokens, count: int, priced: Priced, bias: float, window: int, found: Found) -> int:
    """Try windows of whole sentences, each starting halfway the one before; return the number of windows so far."""
    first = 0
    while first < count:
        last, half = first, first
        while last < count:
            sentence = tokens.sentence[last]
            end = last
            while end < count and tokens.sentence[end] == sentence and end - first < LARGEST_WINDOW:
                end += 1
            if last > first and end - first > WINDOW_TOKENS:
                break
            last = end
            if half == first or last - first <= HALF_WINDOW:
                half = last
        window += 1
        logit = window_logit(priced, first, last, window, bias)
        if logit > found.logit[row] and (last - first >= LEAST_TOKENS or count <= LEAST_TOKENS):
            found.logit[row], found.first[row], found.last[row] = logit, first, last
        if last >= count:
            break
        first = half
    return window


@kernel
def tell_sentence(row: int, tokens: Tokens, priced: Priced, found: Found, base: int) -> None:
    """The sentence of the best window that adds most; bytes from the start of the text."""
    first, last = found.first[row], found.last[row]
    best = -np.inf
    begin = first
    while begin < last:
        end, total = begin, 0.0
        while end < last and tokens.sentence[end] == tokens.sentence[begin]:
            total += priced.worth[end] + priced.pair[end]
            end += 1
        if total > best:
            best = total
            found.start[row], found.end[row] = tokens.start[begin] - base, tokens.end[end - 1] - base
        begin = end
