"""What a kernel is: a Python function over numbers and arrays, and the machine instructions it may call.

An integer has 64 bits and wraps; `>>` keeps the sign; a comparison gives 0 or 1. The scanner's kernels see memory as
addresses, the others as arrays. That little language (see `translate`) is all they need, and a whole program of them
compiles in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast, overload

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """A function to translate. A `cold` one is never inlined: it is kept out of the way of the code that calls it."""

    function: Callable[..., Any]
    cold: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Instruction:
    """Something written in the compiler's own terms: gives a value, or a tuple of them, from a builder and values."""

    emit: Callable[..., Any]


@overload
def kernel(function: Function) -> Function: ...
@overload
def kernel(*, cold: bool) -> Callable[[Function], Function]: ...
def kernel(function: Function | None = None, *, cold: bool = False) -> Any:
    """Mark a function as a kernel. It can be called by other kernels, and by Python through a `Program` only."""
    if function is None:
        return lambda one: cast(Any, Kernel(one, cold))
    return Kernel(function, cold)
