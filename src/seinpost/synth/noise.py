"""The kernel that makes a clean text look typed: typos, case, missing or decomposed accents, broken encoding."""

from __future__ import annotations

import unicodedata
from typing import Any

import numba
import numpy as np

from seinpost.synth.draw import fresh, share

# Share of registrations.
UPPER, LOWER, SHOUTED_START = 0.015, 0.05, 0.035
BARE, DECOMPOSED, BROKEN = 0.08, 0.02, 0.003
# Share of registrations, mean characters between two typos.
CAREFUL, USUAL, HURRIED = 0.40, 0.82, 0.97
USUAL_GAP, HURRIED_GAP, WORST_GAP = 320, 110, 45

_PLAIN, _BARE, _DECOMPOSED, _BROKEN = 0, 1, 2, 3
_AS_TYPED, _ALL_LOWER, _ALL_UPPER, _UPPER_START = 0, 1, 2, 3
_A, _Z, _a, _z, _SPACE, _STOP = 65, 90, 97, 122, 32, 46
_LATIN = 0xC3  # first byte of U+00C0 .. U+00FF
_SWAP, _DROP, _DOUBLE = 0, 1, 2


def _accents() -> Any:
    """Per second byte of U+00C0-U+00FF: base letter and the two bytes of its mark; 0: no decomposition."""
    table = np.zeros((64, 3), dtype=np.uint8)
    for low in range(64):
        parts = unicodedata.normalize("NFD", chr(0xC0 + low))
        if len(parts) == 2:
            table[low] = list(parts.encode())
    return table


ACCENTS = _accents()


@numba.njit(nogil=True, cache=True)
def roughen(draft: Any, size: int, rough: Any, out: Any, place: int, keys: Any) -> int:
    """Copy draft[:size] with noise into `out` from `place` on; give the place after it.

    At most four bytes come out for each that goes in.
    """
    size = _mistyped(draft, size, rough, keys)
    _cased(rough, size, _case(share(keys)))
    accents = _accent(share(keys))
    if accents == _PLAIN:
        for step in range(size):
            out[place + step] = rough[step]
        return place + size
    return _accented(rough, size, out, place, accents)


@numba.njit(nogil=True, cache=True)
def _case(drawn: float) -> int:
    if drawn < UPPER:
        return _ALL_UPPER
    if drawn < UPPER + LOWER:
        return _ALL_LOWER
    return _UPPER_START if drawn < UPPER + LOWER + SHOUTED_START else _AS_TYPED


@numba.njit(nogil=True, cache=True)
def _accent(drawn: float) -> int:
    if drawn < BARE:
        return _BARE
    if drawn < BARE + DECOMPOSED:
        return _DECOMPOSED
    return _BROKEN if drawn < BARE + DECOMPOSED + BROKEN else _PLAIN


@numba.njit(nogil=True, cache=True)
def _gap(keys: Any) -> int:
    drawn = share(keys)
    if drawn < CAREFUL:
        return 0
    if drawn < USUAL:
        return USUAL_GAP
    return HURRIED_GAP if drawn < HURRIED else WORST_GAP


@numba.njit(nogil=True, cache=True)
def _mistyped(draft: Any, size: int, rough: Any, keys: Any) -> int:
    gap = _gap(keys)
    at, place = 0, 0
    while at < size:
        stop = size if gap == 0 else min(size, at + fresh(keys, 2 * gap))
        while at < stop:
            rough[place] = draft[at]
            at += 1
            place += 1
        if at < size:
            at, place = _slip(draft, at, size, rough, place, fresh(keys, 3))
    return place


@numba.njit(nogil=True, cache=True)
def _slip(draft: Any, at: int, size: int, rough: Any, place: int, kind: int) -> tuple[int, int]:
    """Make one typo at `at`: two letters change place, a letter or space is left out, a letter comes twice."""
    here = draft[at]
    following = draft[at + 1] if at + 1 < size else np.uint8(0)
    before = draft[at - 1] if at > 0 else np.uint8(0)
    if here == _SPACE and _letter(following) and _letter(before):
        return at + 1, place
    if not (_letter(here) and _letter(following)):
        rough[place] = here
        return at + 1, place + 1
    if kind == _DROP:
        return at + 1, place
    if kind == _DOUBLE:
        rough[place], rough[place + 1] = here, here
        return at + 1, place + 2
    rough[place], rough[place + 1] = following, here
    return at + 2, place + 2


@numba.njit(nogil=True, cache=True, inline="always")
def _letter(byte: Any) -> Any:
    low = byte | 32
    return low >= _a and low <= _z


@numba.njit(nogil=True, cache=True)
def _cased(rough: Any, size: int, case: int) -> None:
    if case == _AS_TYPED:
        return
    latin = False
    for place in range(size):
        byte = rough[place]
        if case == _ALL_LOWER:
            rough[place] = _lowered(byte, latin)
        else:
            rough[place] = _raised(byte, latin)
            if case == _UPPER_START and byte == _STOP and place > 20:
                return
        latin = byte == _LATIN


@numba.njit(nogil=True, cache=True, inline="always")
def _raised(byte: Any, latin: Any) -> Any:
    small = byte >= _a and byte <= _z
    accented = latin and byte >= 0xA0 and byte <= 0xBE and byte != 0xB7
    return np.uint8(byte - 32) if small or accented else byte


@numba.njit(nogil=True, cache=True, inline="always")
def _lowered(byte: Any, latin: Any) -> Any:
    large = byte >= _A and byte <= _Z
    accented = latin and byte >= 0x80 and byte <= 0x9E and byte != 0x97
    return np.uint8(byte + 32) if large or accented else byte


@numba.njit(nogil=True, cache=True)
def _accented(rough: Any, size: int, out: Any, place: int, way: int) -> int:
    at = 0
    while at < size:
        byte = rough[at]
        if byte != _LATIN:
            out[place] = byte
            at, place = at + 1, place + 1
            continue
        low = rough[at + 1]
        at += 2
        if way == _BROKEN:
            place = _misread(low, out, place)
        elif ACCENTS[low - 128, 0] == 0:
            out[place], out[place + 1] = byte, low
            place += 2
        else:
            out[place] = ACCENTS[low - 128, 0]
            if way == _DECOMPOSED:
                out[place + 1], out[place + 2] = ACCENTS[low - 128, 1], ACCENTS[low - 128, 2]
            place += 1 if way == _BARE else 3
    return place


@numba.njit(nogil=True, cache=True)
def _misread(low: int, out: Any, place: int) -> int:
    """Write U+00xx of two UTF-8 bytes as Windows reads them: "é" becomes "Ã©"."""
    if low < 0xA0:  # Windows-1252 and Unicode part here
        out[place], out[place + 1] = _LATIN, low
        return place + 2
    out[place], out[place + 1], out[place + 2], out[place + 3] = 0xC3, 0x83, 0xC2, low
    return place + 4
