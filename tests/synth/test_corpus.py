"""Word counts for the scanner's anchors."""

from __future__ import annotations

from pathlib import Path

import seinpost
from seinpost.synth import frequency, lexicon_corpus


def test_halves_weigh_the_same_and_digits_are_left_out() -> None:
    halves = [("a", ["de auto de"]), ("b", ["de boot 12 x9", "fiets de"])]
    counts = frequency(halves, str.lower)
    assert counts == {"de": 583_333, "auto": 166_666, "boot": 125_000, "fiets": 125_000}
    assert list(frequency(halves, str.lower, top=2)) == ["de", "auto"]


def test_corpus_is_the_same_every_time() -> None:
    def read() -> dict[str, int]:
        return frequency(lexicon_corpus(300), str.lower)

    assert list(read().items()) == list(read().items())


def test_shipped_table_is_sorted_and_whole() -> None:
    table = Path(seinpost.__file__).parent / "packs/nl/frequency.tsv"
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    counts = [int(count) for _, count in rows]
    assert 10_000 <= len(rows) <= 20_000
    assert counts == sorted(counts, reverse=True)
    assert len({word for word, _ in rows}) == len(rows)
