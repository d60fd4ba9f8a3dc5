"""The synthetic world: the same bytes however it is made, whole and true."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import shipped

from seinpost.errors import SettingError
from seinpost.synth import SCHEMA, Rates, World, generate
from seinpost.synth.world import shipped_source
from seinpost.types import Form

SEEDS = st.integers(0, 2**63 - 1)


@cache
def day() -> pa.Table:
    return pa.Table.from_batches(generate(30_000, 11, threads=2)).combine_chunks()


@cache
def dense() -> pa.Table:
    """A world with many hidden signals and near misses."""
    return pa.Table.from_batches(generate(20_000, 12, rates=Rates(0.4, 0.4))).combine_chunks()


def world(seed: int, rates: Rates | None = None) -> World:
    return World(seed, rates, shipped_source())


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.integers(0, 10**9), st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_any_cut_into_ranges_gives_the_whole(seed: int, first: int, sizes: list[int]) -> None:
    made = world(seed)
    whole = made.batch(first, sum(sizes))
    places = np.cumsum([first, *sizes])
    parts = [made.batch(int(place), size) for place, size in zip(places, sizes, strict=False)]
    assert pa.Table.from_batches(parts).combine_chunks().equals(pa.Table.from_batches([whole]))


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(0, 10**10 - 50))
def test_every_batch_is_valid_whatever_the_seed(seed: int, first: int) -> None:
    batch = world(seed, Rates(0.3, 0.3)).batch(first, 50)
    batch.validate(full=True)  # UTF-8 among others
    assert batch.schema.equals(SCHEMA)
    assert len(set(batch["registration_id"].to_pylist())) == 50
    assert all(text.strip() for text in batch["text"].to_pylist())


def test_threads_batches_and_start_change_no_byte() -> None:
    one = pa.Table.from_batches(generate(5_000, 3, batch_rows=5_000)).combine_chunks()
    two = pa.Table.from_batches(generate(5_000, 3, batch_rows=333, threads=3)).combine_chunks()
    late = pa.Table.from_batches(generate(1_000, 3, start=4_000)).combine_chunks()
    assert one.equals(two)
    assert one.slice(4_000).combine_chunks().equals(late)


def test_a_longer_world_begins_with_the_shorter() -> None:
    short = pa.Table.from_batches(generate(700, 3)).combine_chunks()
    longer = pa.Table.from_batches(generate(2_000, 3)).combine_chunks()
    assert longer.slice(0, 700).combine_chunks().equals(short)


def test_seeds_differ_in_texts_and_numbers() -> None:
    one, two = world(1).batch(0, 200), world(2).batch(0, 200)
    assert not set(one["registration_id"].to_pylist()) & set(two["registration_id"].to_pylist())
    assert len(set(one["text"].to_pylist()) & set(two["text"].to_pylist())) < 10


def test_numbers_are_unique_and_times_never_fall() -> None:
    assert len(day()["registration_id"].unique()) == day().num_rows
    moments = day()["registered_at"].cast(pa.int64()).to_numpy()
    assert (np.diff(moments) >= 0).all()


def test_rates_are_kept() -> None:
    kinds = Counter(day()["truth_kind"].to_pylist())
    rows = day().num_rows
    for kind, rate in (("signal", 0.005), ("near_miss", 0.03)):
        slack = 5 * (rows * rate * (1 - rate)) ** 0.5
        assert abs(kinds[kind] - rows * rate) < slack


@pytest.mark.parametrize(
    ("rates", "kinds"), [(Rates(0, 0), {"ordinary"}), (Rates(1, 0), {"signal"}), (Rates(0, 1), {"near_miss"})]
)
def test_extreme_rates(rates: Rates, kinds: set[str]) -> None:
    assert set(world(5, rates).batch(0, 300)["truth_kind"].to_pylist()) == kinds


@pytest.mark.parametrize(("signals", "near"), [(-0.1, 0.0), (0.0, 1.1), (0.6, 0.6), (float("nan"), 0.0)])
def test_rates_out_of_bounds_are_refused(signals: float, near: float) -> None:
    with pytest.raises(SettingError):
        Rates(signals, near)


def test_truth_agrees_with_itself_and_the_casebook() -> None:
    situations = {story.id: story for story in shipped.casebook("train")}
    for row in dense().to_pylist():
        story = situations.get(row["truth_situation"])
        assert row["truth_signal"] == (row["truth_kind"] == "signal")
        if story is None:
            assert row["truth_situation"] is None
            assert row["truth_kind"] == "ordinary"
        else:
            assert story.label == row["truth_kind"]
        assert row["truth_form"] == (story.form.value if story is not None and story.form is not None else None)


def test_the_situation_stands_in_the_text() -> None:
    situations = {story.id: story for story in shipped.casebook("train")}
    found, rows = 0, [row for row in dense().slice(0, 3_000).to_pylist() if row["truth_situation"]]
    for row in rows:
        words = set(situations[row["truth_situation"]].text.lower().split())
        found += len(words & set(row["text"].lower().split())) >= 0.7 * len(words)
    assert found >= 0.9 * len(rows)  # typos and lost accents take some words


def test_unseen_situations_are_never_used() -> None:
    unseen = {story.id for story in shipped.casebook("unseen")}
    assert not unseen & set(dense()["truth_situation"].to_pylist())


def test_every_form_and_every_situation_comes_by() -> None:
    assert set(dense()["truth_form"].to_pylist()) - {None} == {form.value for form in Form}
    told = set(dense()["truth_situation"].to_pylist())
    signals = [story.id for story in shipped_source().situations if story.label == "signal"]
    assert len(signals) > 1000  # of the casebook, those that length does not give away
    assert len(told & set(signals)) > 0.85 * len(signals)


def test_every_incident_type_comes_by_with_its_service() -> None:
    types = set(day()["incident_type"].to_pylist())
    assert types == set(shipped_source().types)
    assert len(types) >= 60
    assert set(day()["service"].to_pylist()) == {"politie", "nla", "kmar"}


def test_lengths_are_like_registrations_and_tell_no_label() -> None:
    table = pa.Table.from_batches(generate(20_000, 4, rates=Rates(0.1, 0.1)))
    lengths = np.array([len(text) for text in table["text"].to_pylist()])
    kinds = np.array(table["truth_kind"].to_pylist())
    assert 500 <= lengths.mean() <= 700
    assert np.percentile(lengths, 5) < 250
    assert np.percentile(lengths, 95) > 900
    means = [lengths[kinds == kind].mean() for kind in ("ordinary", "near_miss", "signal")]
    assert max(means) / min(means) < 1.25


def test_texts_vary() -> None:
    texts = day()["text"].to_pylist()
    assert len(set(texts)) > 0.98 * len(texts)
    openings = Counter(text[:60] for text in texts)
    assert openings.most_common(1)[0][1] < 0.02 * len(texts)


def test_the_mess_of_real_text_is_there() -> None:
    texts = day()["text"].to_pylist()
    assert sum(text.upper() == text for text in texts) > 100
    assert sum(text != unicodedata.normalize("NFC", text) for text in texts) > 20
    for mark in ("€", "“", "’", "\n", "\r\n", "  ", "Ã", "SLACHTOFFERRECHTEN", "[persoon 1]", "mensenhandel"):
        assert any(mark in text for text in texts), mark


@pytest.mark.parametrize(
    "arguments",
    [
        {"registrations": -1},
        {"seed": -1},
        {"seed": 2**63},
        {"batch_rows": 0},
        {"threads": 0},
        {"start": -1},
        {"start": 10**10},
    ],
)
def test_settings_out_of_bounds_are_refused(arguments: dict[str, int]) -> None:
    given_settings: dict[str, int] = {"registrations": 1, "seed": 1, **arguments}
    registrations, seed = given_settings.pop("registrations"), given_settings.pop("seed")
    with pytest.raises(SettingError):
        generate(registrations, seed, **given_settings)  # type: ignore[arg-type]


def test_no_registrations_is_an_empty_world() -> None:
    assert list(generate(0, 1)) == []
    assert world(1).batch(0, 0).num_rows == 0
