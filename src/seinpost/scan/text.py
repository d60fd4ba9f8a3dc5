"""Fold and cut text in plain Python on the shipped folding table: for explanations and tools, not for speed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seinpost.scan import layout as at


@dataclass(frozen=True, slots=True)
class Folding:
    """The two-stage table written by tools/make_folding.py."""

    unicode_version: str
    index: npt.NDArray[np.uint16]  # per 256 code points: block
    entries: npt.NDArray[np.uint32]  # per code point of a block
    pool: npt.NDArray[np.uint8]

    def entry(self, char: str) -> int:
        """Entry of one character: kind, flags, place of what it folds to."""
        code = ord(char)
        return int(self.entries[(int(self.index[code >> 8]) << 8) | (code & 255)])

    def fold(self, char: str) -> str:
        """Give what a character contributes to a token: "" for dropped characters and separators."""
        entry = self.entry(char)
        if entry & at.FOLD_KIND != at.FOLD_WORD:
            return ""
        size, place = entry >> 8 & 31, entry >> 13
        return char if size == at.FOLD_ITSELF else bytes(self.pool[place : place + size]).decode()


def load_folding() -> Folding:
    """Load the table that is shipped beside this module."""
    with np.load(Path(__file__).with_name("folding.npz")) as stored:
        return Folding(str(stored["unicode_version"]), stored["index"], stored["entries"], stored["pool"])


FOLDING = load_folding()


@lru_cache(maxsize=4096)  # a text is written with few characters, thousands of times each
def _read(char: str) -> tuple[int, str]:
    """The kind of a character, and what it contributes to a token."""
    return FOLDING.entry(char) & at.FOLD_KIND, FOLDING.fold(char)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its folded word and its span in characters, end exclusive."""

    word: str
    start: int
    end: int


def fold_text(text: str) -> str:
    """Give the folded words of a text, parted by single spaces."""
    return " ".join(token.word for token in tokens(text))


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens (docs/reference/pattern-language.md, section 1)."""
    found: list[Token] = []
    pieces = list(_pieces(text))
    place = 0
    while place < len(pieces):
        token = pieces[place]
        place += 1
        if _is_digits(token.word, 1, 3):
            while place < len(pieces) and _joins(text, token, pieces[place]):
                token = Token(token.word + pieces[place].word, token.start, pieces[place].end)
                place += 1
        found.append(token)
    return found


def _is_digits(word: str, least: int, most: int) -> bool:
    return least <= len(word) <= most and word.isascii() and word.isdigit()


def _joins(text: str, left: Token, right: Token) -> bool:
    return _is_digits(right.word, 3, 3) and text[left.end : right.start] in (".", ",")


def _pieces(text: str) -> Iterator[Token]:
    word, start, end, touching = "", -1, 0, False
    for place, char in enumerate(text):
        kind, folded = _read(char)
        if kind == at.FOLD_WORD:
            start = place if start < 0 else start
            word += folded
            end, touching = place + 1, True
        elif kind == at.FOLD_MARK:
            end = place + 1 if touching else end
        elif kind == at.FOLD_DROPPED:
            touching = False
        else:
            if start >= 0:
                yield Token(word, start, end)
            word, start, touching = "", -1, False
    if start >= 0:
        yield Token(word, start, end)
