"""A counter-based generator (splitmix64): a registration's draws depend on seed and row only, never on its neighbours.

Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from seinpost.synth import layout as at

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
S27, S30, S31, S32 = (np.uint64(bits) for bits in (27, 30, 31, 32))
UNIT = 1.0 / 9007199254740992.0  # 2**-53
S11 = np.uint64(11)


@numba.njit(nogil=True, cache=True, inline="always")
def mixed(value: Any) -> Any:
    """Scramble 64 bits."""
    value = (value ^ (value >> S30)) * FIRST
    value = (value ^ (value >> S27)) * SECOND
    return value ^ (value >> S31)


@numba.njit(nogil=True, cache=True, inline="always")
def key_of(seed: Any, row: Any, purpose: Any) -> Any:
    """Give the key of one row for one purpose."""
    return mixed(mixed(seed + STEP * np.uint64(row + 1)) ^ (STEP * np.uint64(purpose + 1)))


@numba.njit(nogil=True, cache=True, inline="always")
def below(value: Any, limit: Any) -> Any:
    """Map 64 scrambled bits to 0 .. limit - 1."""
    return np.int64(((value >> S32) * np.uint64(limit)) >> S32)


@numba.njit(nogil=True, cache=True, inline="always")
def fresh(keys: Any, limit: Any) -> Any:
    """Draw 0 .. limit - 1 from the stream in `keys`."""
    keys[at.STREAM] += STEP
    return below(mixed(keys[at.STREAM]), limit)


@numba.njit(nogil=True, cache=True, inline="always")
def share(keys: Any) -> Any:
    """Draw a number from [0, 1) from the stream in `keys`."""
    keys[at.STREAM] += STEP
    return np.float64(mixed(keys[at.STREAM]) >> S11) * UNIT
