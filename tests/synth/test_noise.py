"""Noise: valid UTF-8 whatever goes in, and nothing but slips."""

from __future__ import annotations

import unicodedata

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seinpost.synth import layout as at
from seinpost.synth.draw import key_of
from seinpost.synth.noise import roughen


def noisy(text: str, seed: int) -> str:
    raw = np.frombuffer(text.encode(), dtype=np.uint8).copy()
    out = np.zeros(4 * len(raw) + 16, dtype=np.uint8)
    keys = np.zeros(at.KEYS, dtype=np.uint64)
    keys[at.STREAM] = key_of(np.uint64(seed), 0, 2)
    rough = np.zeros(2 * len(raw) + 16, dtype=np.uint8)
    return bytes(out[: roughen(raw, len(raw), rough, out, 0, keys)]).decode()


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=300), st.integers(0, 2**40))
@example("Één café, naïeve coördinator in Curaçao × ÷ ß ÿ Ÿ", 3)
def test_any_text_stays_valid(text: str, seed: int) -> None:
    assert noisy(text, seed) is not None  # decoding is the test


def test_each_kind_of_noise_happens_and_most_texts_stay_as_they_were() -> None:
    text = "De coördinator zag één auto wegrijden. Daarna volgde niets meer, zei hij bij het café op de hoek. " * 3
    found = [noisy(text, seed) for seed in range(3_000)]
    bare = text.replace("ö", "o").replace("é", "e")
    assert sum(each == text for each in found) > 1_000
    for kind in (text.upper(), text.lower(), bare, unicodedata.normalize("NFD", text), text.encode().decode("cp1252")):
        assert kind in found
    assert any(each.startswith("DE COÖRDINATOR ZAG ÉÉN AUTO WEGRIJDEN. Daarna") for each in found)
    assert any("cafe op" not in each and "wegrijdn" in each for each in found)
