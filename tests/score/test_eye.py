"""The second eye: deterministic, blind to traits and names, shown with the sentence that tells most."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.shipped import casebook, pack

from seinpost.errors import SettingError
from seinpost.packs import find_pack
from seinpost.packs.casebook import Situation
from seinpost.score.eye import Eye, load_eye
from seinpost.score.eye.features import hash_word
from seinpost.score.eye.model import read_model
from seinpost.score.eye.reading import LENGTH_FREE, LENGTH_PRICE
from seinpost.score.eye.training import model_path, text_features, train
from seinpost.score.eye.weights import word_weights
from seinpost.types import Form

SIGNAL = "Zijn baas houdt het paspoort in de kluis. Hij werkt zeven dagen per week en krijgt geen loon."
CALM = "Melding van een gevonden fiets bij het station. Eigenaar gebeld en fiets teruggegeven."


def situation(number: int, label: str, text: str) -> Situation:
    form = Form.LABOUR if label == "signal" else None
    codes = ("DOC-01",) if label == "signal" else ()
    told = "plain" if label == "signal" else None
    return Situation(f"T-{number:04d}", "train", label, form, None, None, "patrol", told, codes, "waarom", text)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small() -> Eye:
    texts = [
        situation(i, label, f"{text} {tail}")
        for i, (label, text, tail) in enumerate(
            (label, text, tail)
            for label, text in (("signal", SIGNAL), ("ordinary", CALM), ("near_miss", CALM.replace("fiets", "jas")))
            for tail in ("Verder niets.", "Gezien te Dorp.", "Einde bericht.", "Collega ingelicht.")
        )
    ]
    return Eye(train(texts, pack()))


@pytest.fixture(scope="module")
def shipped() -> Eye:
    eye = load_eye(pack())
    assert eye is not None
    return eye


def logit(eye: Eye, text: str) -> float:
    return float(eye.logits(pa.array([text], pa.large_string()))[0])


def test_training_twice_gives_the_same_bytes(small: Eye) -> None:
    situations = casebook("train")[:60]
    first = train(situations, pack()).as_bytes()
    assert train(tuple(reversed(situations)), pack()).as_bytes() == first
    assert read_model(first).as_bytes() == first


@pytest.mark.long(60)
def test_the_shipped_model_was_trained_on_the_shipped_casebook() -> None:
    path = model_path(find_pack("nl"))
    fresh = train(casebook("train"), pack())
    shipped = read_model(path.read_bytes())
    assert shipped.trained_on == fresh.trained_on, "run `seinpost pack train`"
    assert np.array_equal(shipped.features, fresh.features)
    assert np.allclose(shipped.weights, fresh.weights, atol=2 / 4096)


def test_a_signal_resembles_and_a_calm_text_does_not(small: Eye) -> None:
    found = small.read(pa.array([CALM, SIGNAL, None, "", "Kort."], pa.large_string()))
    assert found.row.tolist() == [1]


def test_a_situation_resembles_itself_most(shipped: Eye) -> None:
    signals = [s for s in casebook("train") if s.label == "signal"][::40]
    found = shipped.read(pa.array([s.text for s in signals], pa.large_string()))
    assert len(found) > len(signals) / 2
    named = [(signals[row].id, shipped.situations[at].id) for row, at in zip(found.row, found.situation, strict=True)]
    assert all(one == other for one, other in named)


def test_the_span_is_one_sentence_in_characters_and_in_bytes(small: Eye) -> None:
    text = "Één café, geen bijzonderheden hier. " + SIGNAL
    found = small.read(pa.array([text], pa.string()))
    assert len(found) == 1
    cut = text[found.start[0] : found.end[0]]
    assert cut == text.encode()[found.byte_start[0] : found.byte_end[0]].decode()
    assert cut in (
        "Zijn baas houdt het paspoort in de kluis",
        "Hij werkt zeven dagen per week en krijgt geen loon",
    )


SWAPS = (
    ("De Roemeense man", "De Nederlandse man"),
    ("Een moslim uit de moskee", "Een christen uit de kerk"),
    ("Mohammed verklaarde", "Jeroen verklaarde"),
    ("De vrouw zei dat zij bang was voor haar vriend", "De man zei dat hij bang was voor zijn vriendin"),
    ("Gezien in Eindhoven met Fatima", "Gezien in Zwolle met Xandra"),
)


@pytest.mark.parametrize(("one", "other"), SWAPS)
def test_swapping_a_trait_a_name_or_a_sex_changes_nothing(shipped: Eye, one: str, other: str) -> None:
    rest = " en moest elke dag al het verdiende geld afgeven, het paspoort lag bij de baas."
    assert logit(shipped, one + rest) == logit(shipped, other + rest)


def test_no_feature_is_a_trait_word(shipped: Eye) -> None:
    features = set(shipped.model.features.tolist())
    words = ("roemeense", "poolse", "marokkaanse", "moslim", "christen", "islamitische", "turkse", "nigeriaanse")
    assert not [word for word in words if hash_word(word) in features]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=8))
def test_any_text_is_read_alone_as_in_company(shipped: Eye, texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    together = shipped.logits(pa.array(texts, pa.large_string()))
    alone = [logit(shipped, text) for text in texts]
    assert np.array_equal(together, np.array(alone, np.float32))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("1１²Ａaé'ĳĲ _", min_size=1, max_size=4).map(f"{SIGNAL} {{}} ".format), max_size=6))
@example([f"{SIGNAL} １ 2 １2", f"{SIGNAL} 1 ² 12"])
def test_what_was_read_before_changes_nothing(shipped: Eye, texts: list[str]) -> None:
    after = [logit(shipped, text) for text in texts]
    with ThreadPoolExecutor(1) as fresh:  # what a thread remembers of words is its own
        alone = [fresh.submit(logit, shipped, text).result() for text in reversed(texts)]
    assert after == alone[::-1]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_a_slice_reads_as_the_whole(shipped: Eye, start: int, length: int) -> None:
    texts = pa.array([SIGNAL, CALM, None, "Ĳsje 😀 É"] * 12, pa.string())
    whole = shipped.logits(texts)
    assert np.array_equal(shipped.logits(texts.slice(start, length)), whole[start : start + length])


def test_long_texts_are_read_in_windows(small: Eye) -> None:
    text = (CALM + " ") * 200 + (SIGNAL + " ") * 12 + (CALM + " ") * 200
    found = small.read(pa.array([text], pa.large_string()))
    assert len(found) == 1
    assert text[found.start[0] : found.end[0]] in SIGNAL


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from((SIGNAL, CALM, "Loon bleef uit;", "loon loon.", "De baas\nDe baas")), max_size=9))
def test_word_weights_add_up_to_the_log_odds(shipped: Eye, parts: list[str]) -> None:
    text = " ".join(parts)
    weights = word_weights(shipped, text)
    assert [abs(one.weight) for one in weights] == sorted((abs(one.weight) for one in weights), reverse=True)
    assert all(one.words in " ".join(text.split()) for one in weights)
    if np.isfinite(logit(shipped, text)):
        assert sum(one.weight for one in weights) + shipped.model.bias == pytest.approx(logit(shipped, text), abs=1e-4)
    else:
        assert weights == ()


def test_the_words_of_a_long_text_are_those_of_its_best_window(small: Eye) -> None:
    text = (CALM + " ") * 60 + (SIGNAL + " ") * 12 + (CALM + " ") * 60
    told = {one.words for one in word_weights(small, text)}
    assert {"paspoort", "kluis", "zeven dagen"} <= told


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400))
def test_a_long_window_is_held_to_more(small: Eye, n: int) -> None:
    unknown = " ".join(f"w{letters}" for letters in ("".join(p) for p in product("bcdfghjk", repeat=3)))
    words = unknown.split()[:n]
    text = " ".join(["loon", *words, "kluis", "paspoort"])
    parts = sum(one.weight for one in word_weights(small, text))
    price = LENGTH_PRICE * max(0.0, math.log((n + 3) / LENGTH_FREE))
    assert logit(small, text) == pytest.approx(small.model.bias + parts - price, abs=1e-4)


def test_features_of_a_text_hold_no_repeats() -> None:
    model = train(casebook("train")[:20], pack())
    features, values = text_features("loon loon loon geen loon", model.lists)
    assert len(set(features.tolist())) == len(features)
    assert (values > 0).all()


def test_a_broken_model_file_is_refused() -> None:
    with pytest.raises(SettingError):
        read_model(b"\x05\0\0\0\0\0\0\0{}abc")


DOT = """
import numpy as np
from seinpost.score.eye.training import dot
one, other = np.random.default_rng(1).normal(size=(2, 200_000))
print(dot(one, other).hex())
"""


def test_training_adds_in_the_same_order_with_any_number_of_threads() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", DOT], env=os.environ | {"OPENBLAS_NUM_THREADS": n}, capture_output=True, check=True
        ).stdout
        for n in ("1", "2")
    }
    assert len(told) == 1
