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
def compose(g: Grammar, w: Desk, root: int) -> Any:
    """Expand rule `root` into w.draft and give the length; w.cell and w.keys say for which registration."""
    depth = 1
    w.stack[0, 0] = g.rule[root]
    w.stack[0, 1] = g.rule[root + 1]
    w.cell[at.USED] = 0
    place: Any = 0
    while depth > 0:
        op = w.stack[depth - 1, 0]
        if op == w.stack[depth - 1, 1]:
            depth -= 1
            continue
        w.stack[depth - 1, 0] = op + 1
        if g.ops[op, 0] == at.LITERAL:
            start, size = g.ops[op, 1], g.ops[op, 2]
            for step in range(size):
                w.draft[place + step] = g.text[start + step]
            place += size
        elif g.ops[op, 0] >= at.NUMBER:
            place = _figures(g.ops, op, w.cell[at.DAY], w.keys, w.draft, place)
        else:
            rule = _rule_of(g, w, op)
            if rule >= 0:
                w.stack[depth, 0] = g.rule[rule]
                w.stack[depth, 1] = g.rule[rule + 1]
                depth += 1
    return place


@numba.njit(nogil=True, cache=True, inline="always")
def _rule_of(g: Any, w: Any, op: Any) -> Any:
    """Give the rule an operation leads to, -1 for none."""
    kind = g.ops[op, 0]
    symbol: Any = np.int64(g.ops[op, 1])
    rule: Any = np.int64(-1)
    if kind == at.SAME:
        value = mixed(w.keys[at.ROW_KEY] ^ mixed(np.uint64(g.ops[op, 2])))
        rule = np.int64(g.alternative[g.symbol[symbol, 0] + below(value, g.symbol[symbol, 1])])
    elif kind == at.SITUATION:
        rule = np.int64(g.stories[w.cell[at.STORY]])
    else:
        if kind == at.ROLE:
            symbol = np.int64(g.roles[w.cell[at.TYPE], symbol])
        if symbol >= 0:
            rule = _drawn(g.symbol, g.alternative, symbol, w.cell, w.used, w.keys)
    return rule


@numba.njit(nogil=True, cache=True)
def _drawn(symbols: Any, alternatives: Any, symbol: int, cell: Any, used: Any, keys: Any) -> Any:
    """Draw an alternative; of a symbol told once, one not yet told in this registration if a few draws find it."""
    first, size = symbols[symbol, 0], symbols[symbol, 1]
    rule: Any = np.int64(alternatives[first + fresh(keys, size)])
    if symbols[symbol, 2] == 0:
        return rule
    told = cell[at.USED]
    for _ in range(at.REDRAWS):
        again = False
        for place in range(told):
            again |= used[place] == rule
        if not again:
            break
        rule = np.int64(alternatives[first + fresh(keys, size)])
    if told < at.USED_RULES:
        used[told] = rule
        cell[at.USED] = told + 1
    return rule


@numba.njit(nogil=True, cache=True)
def _figures(ops: Any, op: int, day: int, keys: Any, out: Any, place: int) -> Any:
    """Write a number or a date."""
    if ops[op, 0] == at.DATE:
        return _day(day - fresh(keys, ops[op, 1]), out, place)
    value: Any = ops[op, 1] + fresh(keys, ops[op, 2] - ops[op, 1] + 1)
    return _digits(value, ops[op, 3], out, place)


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
