"""A text as the second eye sees it, as words again: what may not be read is taken out before a text is encoded."""

from __future__ import annotations

import re

import numpy as np

from seinpost.scan.text import fold_text
from seinpost.score.eye.compiled import price, tokenise
from seinpost.score.eye.features import (
    BLANK,
    LARGE_NUMBER,
    MIXED_NUMBER,
    SMALL_NUMBER,
    hash_word,
    new_tokens,
)
from seinpost.score.eye.reader import Eye
from seinpost.score.eye.reading import new_priced, new_room
from seinpost.score.eye.words import NEUTRAL

NAME, NUMBER = "N", {int(SMALL_NUMBER): "2", int(LARGE_NUMBER): "2000", int(MIXED_NUMBER): "N"}
SAID = {
    **{"zijhij": "hij", "haarzijn": "zijn", "kindvan": "kind", "kinderenvan": "kinderen", "brus": "broer"},
    **{"brussen": "broers", "oomtante": "oom", "neefnicht": "neef", "neefnichten": "neven", "liefje": "vriend"},
    **{"schoonouder": "schoonvader", "grootouder": "opa", "buur": "buur"},
}
"""What stands for words of one meaning that differ in sex, where their common name is no word of its own.

One of them stands for all, so that a sentence stays a sentence to the encoder; which one says nothing of anybody.
"""
STANDS_FOR = {hash_word(value): SAID.get(value, value) for value in NEUTRAL.values()}
SPACES = re.compile(r"[ \t]+")


class Masker:
    """Masks texts with the lists of one second eye. Threads may share it."""

    def __init__(self, eye: Eye) -> None:
        self.eye = eye
        self.trait_words = frozenset(eye.model.lists.blank_words.tolist())
        self.trait_starts = frozenset(eye.model.lists.blank_starts.tolist())

    def masked(self, text: str, first: int = 0, last: int | None = None) -> tuple[str, int, int]:
        """Tokens `first` to `last` of a text (None: all) with what may not be read taken out, and their span.

        Words for a trait vanish, so that naming one or not is the same; names, places and numbers become one word.
        The span is in characters, and runs on to the next token, so that a sentence keeps its stop.
        """
        raw = text.encode() or b"\0"
        data, eye = np.frombuffer(raw, np.uint8), self.eye
        tokens = new_tokens(len(data) // 2 + 2)
        count = tokenise(data, 0, len(data), eye.fold, tokens)
        priced = new_priced(count + 1)
        price(tokens, count, data, eye.fold, eye.model.lists, eye.weights, eye.memo(), new_room(), priced)
        last = count if last is None else last
        starts, ends, values = tokens.start.tolist(), tokens.end.tolist(), priced.value.tolist()
        begin = starts[first] if first else 0
        stop = starts[last] if last < count else len(raw)
        parts, at = [], begin
        for i in range(first, last):
            word = raw[starts[i] : ends[i]].decode()
            parts += [raw[at : starts[i]].decode(), self.said(values[i], word)]
            at = ends[i]
        whole = SPACES.sub(" ", "".join([*parts, raw[at:stop].decode()])).strip()
        return whole, len(raw[:begin].decode()), len(raw[:stop].decode())

    def said(self, value: int, word: str) -> str:
        """What stands for a word of which the second eye made a value."""
        if value == BLANK:
            return "" if self.is_trait(fold_text(word)) else NAME
        if value in NUMBER:
            return NUMBER[value]
        return STANDS_FOR.get(value, word)

    def is_trait(self, word: str) -> bool:
        """A folded word is blanked for what it says of somebody, not because it is a name."""
        starts = (hash_word(word[:size]) for size in range(3, len(word) + 1))
        return hash_word(word) in self.trait_words or any(start in self.trait_starts for start in starts)
