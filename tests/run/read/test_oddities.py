"""Signs of a broken export are counted per text, wherever they stand and however common their bytes are."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seinpost.run.read.signs import count_oddities

PIECES = ("a", "é", "Ã", "\u00a0", "Ã©", "\ufffd", "\0", "ﾃ", "カ", "€", "", "ÃÂ", "\uffff")
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), max_size=12)


def plainly(texts: list[str]) -> dict[str, int]:
    """The same, text by text."""
    counts = {
        "nul": sum("\0" in text for text in texts),
        "replacement_character": sum("\ufffd" in text for text in texts),
        "mojibake": sum(any(a == "Ã" and "\u0080" <= b <= "\u00bf" for a, b in pairwise(text)) for text in texts),
    }
    return {name: count for name, count in counts.items() if count}


@given(texts=TEXTS, skip=st.integers(0, 3))
def test_every_sign_is_counted_once_a_text(texts: list[str], skip: int) -> None:
    array = pa.array(["\0Ã©", "\ufffd", "Ã", *texts], pa.large_string())
    assert count_oddities(array.slice(skip)) == plainly(array.slice(skip).to_pylist())


def test_texts_full_of_the_rarest_bytes_are_searched_too() -> None:
    texts = ["カ" * (1005) + "Ã©", "ﾃ" * (1005) + "\ufffd", "\0" * 9, "Ã", "\u00a9"]
    assert count_oddities(pa.array(texts, pa.large_string())) == plainly(texts)
    assert plainly(texts) == {"nul": 1, "replacement_character": 1, "mojibake": 1}
