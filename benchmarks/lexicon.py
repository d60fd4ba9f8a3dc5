"""The benchmark lexicon: made-up Dutch compounds, phrases and proximities, planted in generated registrations.

Its compounds share beginnings and ends with ordinary words, as real terms do, but occur in the texts only where they
are planted. One term in six is a phrase with a compound in it; beside ten terms stands one proximity "A &8 B", half of
them, up to 300, of two of 40 common words. The lexicon of 300 is the beginning of that of 3,000, and so on.

The everyday lexicon is harder: half of its phrases and half of its proximities are of ordinary words only, so the more
terms, the more words of every text can begin a hit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from seinpost.packs.pack import Pack, PatternRule
from seinpost.packs.parser import PatternParser
from seinpost.packs.words import FUNCTION_WORDS

SIZES = (300, 3_000, 30_000)
PLANTED = 3_000
"""Terms of the lexicon that are planted: the larger one costs look-ups, not hits."""
SHARE = 0.04
WINDOW = 8
COMMON_PAIRS = 300


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms (one or more words, folded) and pairs of words that must stand within 8 tokens."""

    terms: tuple[str, ...]
    near: tuple[tuple[str, str], ...]

    def first(self, size: int) -> Lexicon:
        """The first terms, with one proximity for every ten."""
        return Lexicon(self.terms[:size], self.near[: size // 10])


def make_lexicon(
    frequency: Mapping[str, int], size: int = SIZES[-1], *, everyday: bool = False, seed: int = 1
) -> Lexicon:
    """Make a lexicon from word counts of registration-like text."""
    draw = np.random.default_rng(seed)
    usable = [word for word in frequency if 4 <= len(word) <= 11 and word.isascii() and word not in FUNCTION_WORDS]
    middle = usable[250:5_000]
    lefts, rights = (usable[:250], middle) if everyday else (usable[150:170], usable[170:190])
    terms = list(dict.fromkeys(_terms(draw, frequency, middle, size, everyday)))[:size]
    words = [term for term in terms if " " not in term]
    near: dict[tuple[str, str], None] = {}
    while len(near) < size // 10:
        left = lefts[draw.integers(len(lefts))]
        common = len(near) % 2 and (everyday or len(near) < 2 * COMMON_PAIRS)
        right = rights[draw.integers(len(rights))] if common else words[len(near)]
        near[left, right] = None
    return Lexicon(tuple(terms), tuple(near))


def _terms(
    draw: np.random.Generator, known: Mapping[str, int], words: list[str], size: int, everyday: bool
) -> Iterator[str]:
    """More terms than asked, for some come up twice; compounds that are known words are left out."""
    number = 0
    while number < size + size // 4:
        picked = [words[place] for place in draw.integers(len(words), size=4)]
        compound = picked[0] + picked[1]
        if compound in known:
            continue
        if number % 6 != 5:
            yield compound
        elif number % 12 == 5:
            yield f"{compound} {picked[2]}"
        elif everyday:
            yield " ".join(picked[: 2 + number % 3])
        else:
            yield f"{picked[2]} {compound} {picked[3]}"
        number += 1


def as_pack(lexicon: Lexicon, base: Pack, *, near: bool = True) -> Pack:
    """Make the lexicon a pack of one indicator, with the context cues of `base`; pattern n is term n."""
    read = PatternParser({}).parse
    texts = [*lexicon.terms, *(f"{left} &{WINDOW} {right}" for left, right in lexicon.near if near)]
    patterns = tuple(PatternRule(f"BENCH/{number:06d}", 0, read(text)) for number, text in enumerate(texts))
    indicator = replace(base.indicators[0], code="BENCH", unless=())
    return replace(base, indicators=(indicator,), patterns=patterns, combinations=())


def plant(texts: pa.Array, lexicon: Lexicon, seed: int = 2, share: float = SHARE) -> pa.Array:
    """Put a term or a proximity in a share of the texts: a tenth in capitals, some with an accent."""
    draw = np.random.default_rng(seed)
    planted = texts.to_pylist()
    small = lexicon.first(PLANTED)
    for place in np.flatnonzero(draw.random(len(planted)) < share).tolist():
        chance = draw.random(2)
        if chance[0] < 0.8:
            words = small.terms[draw.integers(len(small.terms))]
        else:
            words = " van die ".join(small.near[draw.integers(len(small.near))])
        words = words.upper() if chance[1] < 0.10 else words.replace("e", "é", 1) if chance[1] < 0.15 else words
        text = planted[place]
        space = text.find(" ", int(draw.integers(len(text))))
        planted[place] = f"{text[:space]} {words}{text[space:]}" if space >= 0 else f"{text} {words}"
    return pa.array(planted, pa.string())
