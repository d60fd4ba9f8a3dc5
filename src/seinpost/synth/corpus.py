"""Words of registration-like text and how often they occur: where the scanner anchors its patterns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from seinpost.packs.casebook import load_casebook
from seinpost.synth.world import generate

CORPUS_SEED = 1
CORPUS_ROWS = 6_000
MILLION = 1_000_000


def lexicon_corpus(rows: int = CORPUS_ROWS) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the two halves of the corpus by name, each an iterator of texts: `casebook` (train) and `synth`."""
    yield "casebook", (story.text for story in load_casebook("train"))
    yield "synth", (text for batch in generate(rows, CORPUS_SEED) for text in batch.column("text").to_pylist())


def frequency(
    halves: Iterable[tuple[str, Iterable[str]]], fold: Callable[[str], str], top: int = 20_000
) -> dict[str, int]:
    """Count folded words per million, each half weighing the same, commonest first; words with digits are left out.

    `fold` gives the folded words of a text parted by spaces. At most `top` words, each counted at least 1.
    """
    shares: Counter[str] = Counter()
    sources = 0
    for _name, texts in halves:
        counts = Counter(word for text in texts for word in fold(text).split(" ") if word.isalpha())
        total = sum(counts.values())
        sources += 1
        for word, count in counts.items():
            shares[word] += count * MILLION // max(1, total)
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:top]
    return {word: max(1, count // sources) for word, count in ranked}
