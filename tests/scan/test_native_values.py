"""Kernels over arrays, named tuples and numbers of four kinds: machine code does what Python and numpy do."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.program import Program

U64 = np.uint64
STEP, FACTOR = U64(0x100000001B3), np.float32(0.4)
FLOAT = st.floats(-1e6, 1e6)


class Columns(NamedTuple):
    """Arrays of every width; `table` has two dimensions."""

    byte: npt.NDArray[np.uint8]
    short: npt.NDArray[np.uint16]
    signed: npt.NDArray[np.int32]
    single: npt.NDArray[np.float32]
    truth: npt.NDArray[np.bool_]
    table: npt.NDArray[np.int64]


class Pair(NamedTuple):
    """Values that a kernel hands to another."""

    number: int
    real: float


@kernel
def halves(number: int, real: float) -> tuple[int, float]:
    return number >> 1, real / 2


@kernel
def weigh(pair: Pair, columns: Columns, row: int) -> float:
    half, real = halves(pair.number, pair.real)
    columns.table[row, 1] += half
    return real + int(columns.table[row, 0]) / 4


@kernel
def sums(columns: Columns, scale: float) -> float:
    total, best = 0.0, -np.inf
    for row in range(len(columns.byte)):
        columns.truth[row] = columns.short[row] > columns.byte[row]
        columns.signed[row] -= columns.short[row]
        columns.single[row] = FACTOR * columns.single[row] + np.float32(1)
        one = weigh(Pair(columns.signed[row], scale), columns, row)
        best = max(best, one if columns.truth[row] else 0.0)
        total += columns.single[row]
    return total + best + math.floor(scale) + math.sqrt(len(columns.byte)) + math.log(max(scale, 1.0))


def program(entry: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    return Program("test", folder, [Path(__file__)], [entry]).entry(entry)


def columns_of(rows: list[tuple[int, int, int, float]]) -> Columns:
    byte, short, signed, single = (list(column) for column in zip(*rows, strict=True))
    return Columns(
        np.array(byte, np.uint8),
        np.array(short, np.uint16),
        np.array(signed, np.int32),
        np.array(single, np.float32),
        np.zeros(len(rows), np.bool_),
        np.arange(2 * len(rows), dtype=np.int64).reshape(-1, 2),
    )


ROW = st.tuples(st.integers(0, 255), st.integers(0, 65535), st.integers(-(1 << 30), 1 << 30), FLOAT)


def test_columns_and_reals(tmp_path: Path) -> None:
    compiled = program(sums, tmp_path)

    @given(st.lists(ROW, min_size=1, max_size=6), FLOAT)
    def agree(rows: list[tuple[int, int, int, float]], scale: float) -> None:
        mine, theirs = columns_of(rows), columns_of(rows)
        signed = theirs.signed - theirs.short
        single = FACTOR * theirs.single + np.float32(1)
        truth = theirs.short > theirs.byte
        weights = scale / 2 + theirs.table[:, 0] / 4
        expected = 0.0
        for value in single:
            expected += float(value)
        for part in (float(np.where(truth, weights, 0.0).max()), math.floor(scale), len(rows) ** 0.5):
            expected += part
        expected += math.log(max(scale, 1.0))
        assert compiled(mine, scale) == expected
        assert mine.truth.tolist() == truth.tolist()
        assert mine.signed.tolist() == signed.tolist()
        assert mine.single.tolist() == single.tolist()
        assert mine.table[:, 1].tolist() == (theirs.table[:, 1] + (signed >> 1)).tolist()

    agree()


@kernel
def hashed(data: npt.NDArray[np.uint8], out: npt.NDArray[np.uint64]) -> bool:
    value = U64(len(data))
    for at in range(len(data)):
        value = (value ^ U64(data[at])) * STEP
        value ^= value >> U64(29)
    out[0], low = value, int(value & U64(1))
    return bool(value > STEP) and low == 0


@given(data=st.binary(max_size=40))
def test_words_have_no_sign(data: bytes, hashing: Callable[..., int]) -> None:
    out, value = np.zeros(1, np.uint64), len(data)
    for byte in data:
        value = (value ^ byte) * int(STEP) % (1 << 64)
        value ^= value >> 29
    assert hashing(np.frombuffer(data, np.uint8), out) == (value > int(STEP) and not value & 1)
    assert out.tolist() == [value]


@pytest.fixture(scope="module")
def hashing(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., int]:
    return program(hashed, tmp_path_factory.mktemp("code"))


@pytest.mark.parametrize(
    ("data", "out"),
    [
        (np.zeros(4, np.int8), np.zeros(1, np.uint64)),
        (np.zeros(8, np.uint8)[::2], np.zeros(1, np.uint64)),
        (np.zeros((1, 1, 1), np.uint8), np.zeros(1, np.uint64)),
        (np.zeros(4, np.uint8), np.zeros(1, np.int64)),
    ],
)
def test_an_array_of_another_make_is_refused(data: Any, out: Any, hashing: Callable[..., int]) -> None:
    with pytest.raises(TypeError, match="hashed: an array of"):
        hashing(data, out)


@kernel
def mixes_signs(number: int, word: np.uint64) -> int:
    return int(word + number)


@kernel
def rounds_unasked(data: npt.NDArray[np.float32], real: float) -> int:
    data[0] = real
    return 0


@kernel
def changes_kind(number: int) -> int:
    while number:
        number = number / 2  # type: ignore[assignment]
    return number


@kernel
def names_no_field(columns: Columns) -> int:
    return columns.nothing  # type: ignore[attr-defined, no-any-return]


@kernel
def sorts(columns: Columns) -> int:
    return np.argsort(columns.byte)  # type: ignore[return-value]


@pytest.mark.parametrize("refused", [mixes_signs, rounds_unasked, changes_kind, names_no_field, sorts])
def test_what_would_change_a_number_unasked_is_refused(refused: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(SyntaxError, match="a kernel cannot hold"):
        Program("test", tmp_path, [Path(__file__)], [refused]).load()


def test_python_takes_one_number(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="gives 2 numbers"):
        program(halves, tmp_path)(1, 2.0)
