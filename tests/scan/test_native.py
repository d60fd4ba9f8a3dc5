"""The small compiler: kernels do in machine code what Python does on int64; what it does not know is refused."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import Kernel, kernel
from seinpost.scan.native.machine import block_masks, choose_less, down, load32, load64, lowest, popcount, store32
from seinpost.scan.native.program import Program
from seinpost.scan.native.vectors import write_places, write_ranks

INT = st.integers(-(1 << 63), (1 << 63) - 1)
SMALL = st.integers(-50, 50)


def wrap(value: int) -> int:
    return ctypes.c_int64(value).value


@kernel
def arithmetic(x: int, y: int) -> int:
    total = x + y * 3 - (x ^ -y)
    total &= ~y | 0xFF
    total = total << 3
    return (total >> 5) | (x & y)


@kernel
def first_kept(place: int, size: int, wanted: int) -> int:
    """Place of the first of some numbers that are kept, or -1."""
    for number in range(size):
        if load64(place + 8 * number) == wanted:
            return number
    return -1


@kernel(cold=True)
def collatz(number: int, most: int) -> int:
    steps = 0
    while True:
        if number == 1 or steps >= most:
            break
        number = 3 * number + 1 if number & 1 else number >> 1
        steps += 1
    return steps


@kernel
def control(x: int, y: int) -> int:
    low, high = choose_less(x, y), y if x < y else x
    total = 0
    for number in range(high, low, -2):
        if number == 7:
            continue
        if total > 500 and not (number & 1):
            break
        total += number
    if -10 < x <= y < 40 or (x == y and x != 0):
        total += 1000
    elif x >= 0:
        total += collatz(choose_less(x + 1, 30), 100) + at.UNLESS
    a, b = high, low
    a, b = b, a
    return total + 2 * a + b + int(x > y)


def plain(one: object) -> FunctionType:
    """A kernel as Python runs it, calling other kernels and instructions as plain functions."""
    assert isinstance(one, Kernel)
    known = {"collatz": collatz.function, "choose_less": min}  # type: ignore[attr-defined]
    return FunctionType(one.function.__code__, {**one.function.__globals__, **known})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("code")


def program(entry: Callable[..., int], folder: Path) -> Callable[..., int]:
    """Each entry under a name of its own, as the name says nothing of the kernel."""
    name = entry.function.__name__  # type: ignore[attr-defined]
    return Program("test", folder / name, [Path(__file__)], [entry]).entry(entry)


def test_control_flow_is_that_of_python(folder: Path) -> None:
    compiled, python = program(control, folder), plain(control)

    @given(SMALL, SMALL)
    def agree(x: int, y: int) -> None:
        assert compiled(x, y) == python(x, y)

    agree()


def test_arithmetic_wraps(folder: Path) -> None:
    compiled = program(arithmetic, folder)

    @given(INT, INT)
    def agree(x: int, y: int) -> None:
        total = wrap(wrap(x + y * 3 - (x ^ -y)) & (~y | 0xFF))
        assert compiled(x, y) == wrap(wrap(total << 3) >> 5 | x & y)

    agree()


def test_memory_and_return(folder: Path) -> None:
    compiled, kept = program(first_kept, folder), np.array([5, 7, 5], np.int64)
    assert [compiled(kept.ctypes.data, 3, wanted) for wanted in (5, 7, 9)] == [0, 1, -1]


@kernel
def instructions(place: int) -> int:
    words, slow, marks = block_masks(place)
    store32(place, popcount(words) << 8 | lowest(slow))
    return down(-1, 60) + load32(place) + (lowest(marks) << 32)


def test_instructions(folder: Path) -> None:
    text = np.frombuffer(b"de foto's, \xc3\xa9n " + b" " * 64, np.uint8).copy()
    assert program(instructions, folder)(text.ctypes.data) == 15 + (11 << 8 | 7) + (9 << 32)


@kernel
def wide(target: int, marks: int, bits: int, base: int) -> int:
    write_ranks(target, marks, bits, base)
    write_places(target + 32, base, bits)
    return 0


def test_wide_instructions(folder: Path) -> None:
    compiled, out = program(wide, folder), np.zeros(8 + 64, np.uint32)

    @given(INT, st.sets(st.integers(0, 63), max_size=8), st.integers(0, 1 << 20))
    def agree(bits: int, marks: set[int], base: int) -> None:
        compiled(out.ctypes.data, wrap(sum(1 << mark for mark in marks)), bits, base)
        places = [place for place in range(64) if bits >> place & 1]
        assert out[: len(marks)].tolist() == [base + sum(p <= mark for p in places) >> 1 for mark in sorted(marks)]
        assert out[8 : 8 + len(places)].tolist() == [base + place for place in places]

    agree()


def test_threads_load_once(folder: Path) -> None:
    compiled = program(arithmetic, folder)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: compiled(3, 4), range(16)))) == 1


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    expected = program(arithmetic, tmp_path)(11, 12)
    (file,) = (tmp_path / "arithmetic").iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:100], whole[:-1] + bytes([whole[-1] ^ 1])):
        file.write_bytes(damaged)
        assert program(arithmetic, tmp_path)(11, 12) == expected
        assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "arithmetic").write_text("a file where the folder should be")
    assert program(arithmetic, tmp_path)(1, 2) == program(arithmetic, tmp_path / "other")(1, 2)


@kernel
def divides(x: int) -> int:
    return x // 2


@kernel
def indexes(x: int) -> int:
    return [x][0]


@kernel
def steps_unknown(x: int) -> int:
    total = 0
    for number in range(0, 10, x):
        total += number
    return total


@kernel
def calls_python(x: int) -> int:
    return abs(x)


@kernel
def names_text(_x: int) -> int:
    return __name__  # type: ignore[return-value]


@pytest.mark.parametrize("refused", [divides, indexes, steps_unknown, calls_python, names_text])
def test_what_it_does_not_know_is_refused_with_its_place(refused: Callable[..., int], folder: Path) -> None:
    with pytest.raises(SyntaxError, match="a kernel cannot hold") as caught:
        program(refused, folder)(1)
    first = refused.function.__code__.co_firstlineno  # type: ignore[attr-defined]
    assert caught.value.filename == __file__
    assert first < (caught.value.lineno or 0) <= first + 5
