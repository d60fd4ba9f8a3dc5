"""The kernel that grows one registration from the grammar."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

from seinpost.synth import layout as at
from seinpost.synth.draw import below, fresh, mixed
from seinpost.synth.grammar import Grammar

_ZERO = 48
_DASH = 45


class Desk(NamedTuple):
    """Workspace of one thread."""

    stack: Any  # int64[depth, 2]: next operation, end
    used: Any  # int32: rules told in this registration
    cell: Any  # int64: see layout
    keys: Any  # uint64: stream and row key
    draft: Any  # uint8: the registration before noise
    rough: Any  # uint8: after typos, before accents


def desk(depth: int, longest: int) -> Desk:
    """Make a workspace for texts of at most `longest` bytes and rules nested at most `depth` deep."""
    return Desk(
        stack=np.zeros((depth + 2, 2), dtype=np.int64),
        used=np.zeros(at.USED_RULES, dtype=np.int32),
        cell=np.zeros(at.CELLS, dtype=np.int64),
        keys=np.zeros(at.KEYS, dtype=np.uint64),
        draft=np.zeros(longest + 16, dtype=np.uint8),
        rough=np.zeros(2 * longest + 16, dtype=np.uint8),
    )


@numba.njit(nogil=True, cache=True)
def compose(g: Grammar, w: Desk, root: int) -> int:
    """Write one registration into w.draft and give its length; w.cell and w.keys say which."""
    w.cell[at.DEPTH] = 0
    w.cell[at.USED] = 0
    _enter(g, w, _drawn(g, w, root))
    place = 0
    while w.cell[at.DEPTH] > 0:
        top = w.cell[at.DEPTH] - 1
        op = w.stack[top, 0]
        if op == w.stack[top, 1]:
            w.cell[at.DEPTH] = top
            continue
        w.stack[top, 0] = op + 1
        kind = g.kind[op]
        if kind == at.LITERAL:
            place = _copied(g.text, g.a[op], g.b[op], w.draft, place)
        elif kind == at.NUMBER:
            value = g.a[op] + fresh(w.keys, g.b[op] - g.a[op] + 1)
            place = _digits(value, g.c[op], w.draft, place)
        elif kind == at.DATE:
            place = _day(w.cell[at.DAY] - fresh(w.keys, g.a[op]), w.draft, place)
        else:
            _enter(g, w, _rule_of(g, w, op))
    return place


@numba.njit(nogil=True, cache=True)
def _rule_of(g: Grammar, w: Desk, op: int) -> int:
    """Give the rule an operation leads to, -1 for none."""
    kind, a = g.kind[op], np.int64(g.a[op])
    if kind == at.SAME:
        first = g.symbol[a]
        value = mixed(w.keys[at.ROW_KEY] ^ mixed(np.uint64(g.b[op])))
        return np.int64(g.alternative[first + below(value, g.symbol[a + 1] - first)])
    if kind == at.SITUATION:
        return np.int64(g.stories[w.cell[at.STORY]])
    if kind == at.ROLE:
        a = np.int64(g.roles[w.cell[at.TYPE], a])
        if a < 0:
            return -1
    return _drawn(g, w, a)


@numba.njit(nogil=True, cache=True)
def _drawn(g: Grammar, w: Desk, symbol: int) -> int:
    """Draw an alternative; of a symbol told once, one not yet told in this registration if a few draws find it."""
    first, size = g.symbol[symbol], g.symbol[symbol + 1] - g.symbol[symbol]
    rule = np.int64(g.alternative[first + fresh(w.keys, size)])
    if g.once[symbol] == 0:
        return rule
    for _ in range(at.REDRAWS):
        if not _told(w, rule):
            break
        rule = np.int64(g.alternative[first + fresh(w.keys, size)])
    if w.cell[at.USED] < at.USED_RULES:
        w.used[w.cell[at.USED]] = rule
        w.cell[at.USED] += 1
    return rule


@numba.njit(nogil=True, cache=True)
def _told(w: Desk, rule: int) -> bool:
    for place in range(w.cell[at.USED]):  # noqa: SIM110 - numba compiles the loop
        if w.used[place] == rule:
            return True
    return False


@numba.njit(nogil=True, cache=True, inline="always")
def _enter(g: Grammar, w: Desk, rule: Any) -> None:
    if rule >= 0:
        top = w.cell[at.DEPTH]
        w.stack[top, 0] = g.rule[rule]
        w.stack[top, 1] = g.rule[rule + 1]
        w.cell[at.DEPTH] = top + 1


@numba.njit(nogil=True, cache=True, inline="always")
def _copied(text: Any, start: Any, size: Any, out: Any, place: Any) -> Any:
    for step in range(size):
        out[place + step] = text[start + step]
    return place + size


@numba.njit(nogil=True, cache=True)
def _digits(value: int, width: int, out: Any, place: int) -> int:
    size, rest = 1, value // 10
    while rest > 0:
        size, rest = size + 1, rest // 10
    size = max(size, width)
    rest = value
    for step in range(size - 1, -1, -1):
        out[place + step] = _ZERO + rest % 10
        rest //= 10
    return place + size


@numba.njit(nogil=True, cache=True)
def civil(days: int) -> tuple[int, int, int]:
    """Year, month, day of a number of days since 1970 (Hinnant, "chrono-compatible low-level date algorithms")."""
    shifted = days + 719468
    era = shifted // 146097
    of_era = shifted - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + era * 400 + (1 if month <= 2 else 0), month, day


@numba.njit(nogil=True, cache=True)
def _day(days: int, out: Any, place: int) -> int:
    year, month, day = civil(days)
    place = _digits(day, 2, out, place)
    out[place] = _DASH
    place = _digits(month, 2, out, place + 1)
    out[place] = _DASH
    return _digits(year, 4, out, place + 1)


@numba.njit(nogil=True, cache=True)
def write_number(value: int, width: int, out: Any, place: int) -> int:
    """Write a number filled with zeros to `width` digits; give the place after it."""
    return _digits(value, width, out, place)
