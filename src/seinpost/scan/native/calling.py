"""How Python calls machine code: numbers as they are, arrays by the addresses of their descriptions."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.kernels import Kernel
from seinpost.scan.native.values import WORDS_EACH, ArrayOf, Kind, RecordOf, Type, signature

C_TYPES: dict[Kind, Any] = {Kind.INT: ctypes.c_int64, Kind.WORD: ctypes.c_uint64, Kind.FLOAT: ctypes.c_double}


class Caller:
    """Machine code with arguments of Python. Arrays must lie in one piece and hold what the kernel says they do."""

    def __init__(self, name: str, call: Callable[..., Any], taken: tuple[Type, ...]) -> None:
        self._name, self._call, self._taken = name, call, taken
        self._words = sum(len(list(arrays_in(of))) for of in taken) * WORDS_EACH

    @staticmethod
    def of(kernel: Kernel, address: int) -> Callable[..., Any]:
        """What calls the machine code of a kernel; without anything between where it takes numbers alone."""
        taken, given = signature(kernel.function)
        places: list[Any] = [C_TYPES[of] if isinstance(of, Kind) else ctypes.c_int64 for of in taken]
        call = ctypes.CFUNCTYPE(C_TYPES[given] if isinstance(given, Kind) else None, *places)(address)
        if isinstance(given, tuple):
            raise TypeError(f"{kernel.function.__name__} gives {len(given)} numbers (Python can take one)")
        name = kernel.function.__name__
        return call if all(isinstance(of, Kind) for of in taken) else Caller(name, call, taken)

    def __call__(self, *arguments: Any) -> Any:
        """Run the machine code; the descriptions live as long as it runs."""
        described = np.empty(self._words, np.int64)
        start, at, passed = described.ctypes.data, 0, []
        for of, argument in zip(self._taken, arguments, strict=True):
            if isinstance(of, Kind):
                passed.append(argument)
                continue
            passed.append(start + 8 * at)
            for part, array in zip(arrays_in(of), argument if isinstance(of, RecordOf) else (argument,), strict=True):
                described[at : at + WORDS_EACH] = self._described(array, part)
                at += WORDS_EACH
        return self._call(*passed)

    def _described(self, array: npt.NDArray[Any], of: ArrayOf) -> tuple[int, int, int]:
        if array.dtype != of.item or not array.flags.c_contiguous or array.ndim not in (1, 2):
            what = f"{array.dtype}, {array.ndim} dimensions, in one piece: {array.flags.c_contiguous}"
            raise TypeError(f"{self._name}: an array of {what} (allowed: {of.item}, 1 or 2, in one piece)")
        return array.ctypes.data, len(array), array.shape[1] if array.ndim == 2 else 1


def arrays_in(of: Type) -> Iterator[ArrayOf]:
    """The arrays of a parameter, one after the other."""
    if isinstance(of, ArrayOf):
        yield of
    elif isinstance(of, RecordOf):
        for name, part in of.fields:
            if not isinstance(part, ArrayOf):
                raise TypeError(f"Python cannot hand {name} to a kernel inside a named tuple (allowed: arrays)")
            yield part
