"""From text to features: the words a reader may weigh, and nothing that names a group, a person or a place.

A feature is a 64-bit hash of a word, of two neighbouring words, or of a run of letters inside a word. Before that,

- words for nationality, ethnicity, religion and legal status become one and the same blank, which has no weight;
- words that only tell a sex become neutral ("vrouw", "man" -> one word), so swapping them changes nothing;
- a capitalised word that the casebook does not know in lower case (a name, a place) becomes a blank;
- numbers become "a small number", "a large number", "mixed".

Training and reading share this one kernel, so what was learned is what is read.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.kernels import kernel

U64 = np.uint64
FNV_START = U64(0xCBF29CE484222325)
FNV_STEP = U64(0x100000001B3)
BLANK = U64(0x5EED_0000_0000_0001)
SMALL_NUMBER = U64(0x5EED_0000_0000_0002)
LARGE_NUMBER = U64(0x5EED_0000_0000_0003)
MIXED_NUMBER = U64(0x5EED_0000_0000_0004)
EDGE = U64(0x5EED_0000_0000_0005)
BIGRAM = U64(0xB16A_0000_0000_0000)
GRAM = U64(0x6A3A_0000_0000_0000)
GRAM_LEAST, GRAM_MOST, GRAM_WORD = 4, 5, 4
"""Letter runs of 4 and 5 (word edges included), in words of at least 4 letters."""
GRAM_WEIGHT = np.float32(0.4)
LONGEST = 64
"""Words are compared by their first 64 folded bytes."""


class Lists(NamedTuple):
    """Sorted hashes: words known in lower case, blanked words and beginnings, neutral words with what they become."""

    known: npt.NDArray[np.uint64]
    blank_words: npt.NDArray[np.uint64]
    blank_starts: npt.NDArray[np.uint64]
    neutral_from: npt.NDArray[np.uint64]
    neutral_to: npt.NDArray[np.uint64]


class Fold(NamedTuple):
    """The folding table of the scanner: blocks, entries, pool (see seinpost.scan.text)."""

    blocks: npt.NDArray[np.uint16]
    entries: npt.NDArray[np.uint32]
    pool: npt.NDArray[np.uint8]


class Tokens(NamedTuple):
    """Tokens of one text: hash of the folded word (its last bit tells a capital), byte span, sentence."""

    raw: npt.NDArray[np.uint64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]


def new_tokens(room: int) -> Tokens:
    """Room for the tokens of one text."""
    return Tokens(
        np.empty(room, np.uint64), np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    )


def hash_word(word: str) -> int:
    """The hash of a folded word, as the kernel computes it."""
    value = int(FNV_START)
    for byte in word.encode()[:LONGEST]:
        value = ((value ^ byte) * int(FNV_STEP)) & 0xFFFF_FFFF_FFFF_FFFF
    return value


@kernel
def step(value: np.uint64, byte: np.uint64) -> np.uint64:
    """One step of FNV-1a."""
    return (value ^ byte) * FNV_STEP


@kernel
def mixed(value: np.uint64) -> np.uint64:
    """Spread the bits of a hash."""
    value ^= value >> U64(32)
    value *= U64(0xD6E8FEB86659FD93)
    return value ^ (value >> U64(32))


@kernel
def place_of(values: npt.NDArray[np.uint64], wanted: np.uint64) -> int:
    """The place of the first value of a sorted list that is not below the wanted one."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def has(values: npt.NDArray[np.uint64], wanted: np.uint64) -> bool:
    """A sorted list has a value."""
    at = place_of(values, wanted)
    return at < len(values) and values[at] == wanted


@kernel
def settle(word: npt.NDArray[np.uint8], size: int, digits: int, capital: bool, lists: Lists) -> np.uint64:
    """What a word becomes: itself, a neutral word, a kind of number, or a blank."""
    if digits == size:
        return SMALL_NUMBER if size < 3 else LARGE_NUMBER
    value = FNV_START
    for i in range(size):
        value = step(value, U64(word[i]))
        if i >= 2 and has(lists.blank_starts, value):
            return BLANK
    if has(lists.blank_words, value):
        return BLANK
    at = place_of(lists.neutral_from, value)
    if at < len(lists.neutral_from) and lists.neutral_from[at] == value:
        return lists.neutral_to[at]
    if digits:
        return MIXED_NUMBER
    if capital and not has(lists.known, value):
        return BLANK
    return value


@kernel
def stays_itself(word: npt.NDArray[np.uint8], size: int, value: np.uint64) -> bool:
    """A word was neither blanked nor made neutral, so its letters may be weighed too."""
    own = FNV_START
    for i in range(size):
        own = step(own, U64(word[i]))
    return own == value


@kernel
def is_break(byte: np.uint8) -> bool:
    """A byte that ends a sentence for this reader: . ! ? ; and a line end."""
    return byte == 46 or byte == 33 or byte == 63 or byte == 59 or byte == 10


@kernel
def decode(data: npt.NDArray[np.uint8], at: int) -> tuple[int, int]:
    """Code point and size of the UTF-8 character at a place; the text is known to be valid."""
    byte = np.int64(data[at])
    if byte < 0xE0:
        return ((byte & 0x1F) << 6) | (np.int64(data[at + 1]) & 0x3F), 2
    if byte < 0xF0:
        return ((byte & 0x0F) << 12) | ((np.int64(data[at + 1]) & 0x3F) << 6) | (np.int64(data[at + 2]) & 0x3F), 3
    high = ((byte & 0x07) << 18) | ((np.int64(data[at + 1]) & 0x3F) << 12)
    return high | ((np.int64(data[at + 2]) & 0x3F) << 6) | (np.int64(data[at + 3]) & 0x3F), 4


@kernel
def is_capital(code: int) -> bool:
    """A Latin capital; good enough for names as they are written in Dutch texts."""
    return 65 <= code <= 90 or 0xC0 <= code <= 0xDE or (0x100 <= code <= 0x17F and not code & 1)


@kernel
def tokenise(
    data: npt.NDArray[np.uint8], begin: int, end: int, fold: Fold, out: Tokens
) -> int:  # budget: one loop over bytes; splitting it would pass ten values back and forth
    """Write the tokens of data[begin:end] to `out` and return their number; stops when `out` is full."""
    count, sentence, start, last = 0, 0, -1, 0
    raw, capital, pending = FNV_START, U64(0), False
    at = begin
    while at <= end and count < len(out.raw):
        separator, width = True, 1
        if at < end:
            byte = data[at]
            if byte < 0x80:
                lower = byte | 0x20
                letter = 97 <= lower <= 122
                if letter or 48 <= byte <= 57 or byte == 95:
                    separator = False
                    if start < 0:
                        start, capital = at, U64(letter and byte < 97)
                    raw = step(raw, U64(lower if letter else byte))
                    last = at + 1
                elif byte == 39 or byte == 96:
                    separator = False
            else:
                code, width = decode(data, at)
                entry = fold.entries[(np.int64(fold.blocks[code >> 8]) << 8) | (code & 255)]
                kind = entry & np.uint32(7)
                separator = kind == 0
                if kind == 1:
                    if start < 0:
                        start, capital = at, U64(is_capital(code))
                    length, place = np.int64((entry >> np.uint32(8)) & np.uint32(31)), np.int64(entry >> np.uint32(13))
                    for i in range(width if length == 31 else length):
                        raw = step(raw, U64(data[at + i] if length == 31 else fold.pool[place + i]))
                    last = at + width
        if separator:
            if start >= 0:
                sentence += pending
                pending = False
                out.raw[count] = (raw & ~U64(1)) | capital
                out.start[count], out.end[count], out.sentence[count] = start, last, sentence
                count += 1
                raw, start = FNV_START, -1
            if count and at < end and is_break(data[at]) and (at + 1 >= end or data[at + 1] <= 32 or data[at] == 10):
                pending = True
        at += width
    return count


@kernel
def fold_word(
    data: npt.NDArray[np.uint8], start: int, end: int, fold: Fold, word: npt.NDArray[np.uint8]
) -> tuple[int, int, bool]:
    """Fold the bytes of one token into `word` (at most LONGEST); how many, how many of them digits, and a capital
    first.
    """
    size, digits, at = 0, 0, start
    first = int(data[at])
    if first >= 0x80:
        first, _ = decode(data, at)
    while at < end:
        byte = data[at]
        width = 1
        if byte < 0x80:
            if byte != 39 and byte != 96 and size < LONGEST:
                word[size] = byte | 0x20 if 65 <= byte <= 90 else byte
                digits += 48 <= byte <= 57
                size += 1
        else:
            code, width = decode(data, at)
            entry = fold.entries[(np.int64(fold.blocks[code >> 8]) << 8) | (code & 255)]
            if entry & np.uint32(7) == 1:
                length, place = np.int64((entry >> np.uint32(8)) & np.uint32(31)), np.int64(entry >> np.uint32(13))
                for i in range(width if length == 31 else length):
                    if size < LONGEST:
                        word[size] = data[at + i] if length == 31 else fold.pool[place + i]
                        digits += 48 <= word[size] <= 57  # raised or wide: the memo knows the folded word
                        size += 1
        at += width
    return size, digits, is_capital(first)


@kernel
def bigram(left: np.uint64, right: np.uint64) -> np.uint64:
    """The feature of two neighbouring words."""
    return mixed((left * U64(0x9E3779B97F4A7C15)) ^ right ^ BIGRAM)


@kernel
def grams(word: npt.NDArray[np.uint8], size: int, out: npt.NDArray[np.uint64]) -> int:
    """The features of the letter runs of one folded word, its edges marked; return their number."""
    count = 0
    if size < GRAM_WORD:
        return 0
    for length in range(GRAM_LEAST, GRAM_MOST + 1):
        for first in range(-1, size - length + 2):
            value = GRAM
            for i in range(first, first + length):
                byte = U64(1) if i < 0 or i >= size else U64(word[i])
                value = step(value, byte)
            out[count] = mixed(value)
            count += 1
    return count
