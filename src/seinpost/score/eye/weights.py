"""Which words weigh most in a resemblance: exact, for the reader is linear."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.score.eye.compiled import price, tokenise
from seinpost.score.eye.features import new_tokens
from seinpost.score.eye.reader import Eye
from seinpost.score.eye.reading import new_priced, new_room
from seinpost.score.resemblance import WordWeight


def word_weights(eye: Eye, text: str) -> tuple[WordWeight, ...]:
    """What every distinct word and pair of words adds to the log-odds of the best window, the heaviest first.

    Together with the bias and what a long window costs they are the log-odds, before any near miss damps them.
    """
    found, data, offsets, room = eye.find(pa.array([text], pa.large_string()))
    if not np.isfinite(found.logit[0]):
        return ()
    tokens = new_tokens(room)
    count = tokenise(data, offsets[0], offsets[1], eye.fold, tokens)
    priced = new_priced(room)
    price(tokens, count, data, eye.fold, eye.model.lists, eye.weights, eye.memo(), new_room(), priced)
    weights: dict[int | tuple[int, int], tuple[str, float]] = {}
    distinct: set[int] = set()
    for i in range(int(found.first[0]), int(found.last[0])):
        value, left = int(priced.value[i]), int(priced.value[i - 1]) if i else -1
        span = slice(int(tokens.start[i]), int(tokens.end[i]))
        distinct.add(value)
        weights.setdefault(value, (words_at(data, span), float(priced.worth[i])))
        if priced.pair[i]:
            both = slice(int(tokens.start[max(i - 1, 0)]), int(tokens.end[i]))
            weights.setdefault((left, value), (words_at(data, both), float(priced.pair[i])))
    root = float(np.sqrt(len(distinct)))
    told = [WordWeight(words, weight / root) for words, weight in weights.values() if weight]
    return tuple(sorted(told, key=lambda one: (-abs(one.weight), one.words)))


def words_at(data: npt.NDArray[np.uint8], span: slice) -> str:
    """The words of a span of bytes, on one line."""
    return " ".join(data[span].tobytes().decode().split())
