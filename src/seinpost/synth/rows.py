"""Kernels over a range of rows: what each registration is, its number, its text."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

from seinpost.synth import layout as at
from seinpost.synth.compose import Desk, civil, compose, write_number
from seinpost.synth.draw import below, fresh, key_of, mixed, share
from seinpost.synth.grammar import Grammar
from seinpost.synth.noise import roughen

_PLAN, _TEXT, _NOISE, _VOICE = 0, 1, 2, 3  # purposes of a row's keys
_DIGITS = 9
_DASH = 45
TAG = 3
NUMBER_BYTES = 40  # at most, of a registration number


class Odds(NamedTuple):
    """Shares as rising edges in 0-1, and what they choose."""

    kinds: Any  # float64[3]: signal; signal + near miss; + ordinary situation
    alone: float  # share of situations that stand alone
    types: Any  # float64 per type
    forms: Any  # float64 per form that has situations
    stories: Any  # int32: signals by form, then near misses, then ordinary situations
    shelves: Any  # int32 per form, near miss, ordinary: edges in stories
    homes: Any  # int32: types a situation can be booked under
    home: Any  # int32 per situation: edges in homes
    service: Any  # int32 per type
    units: Any  # float64 per unit: edges within its service
    unit: Any  # int32 per service: edges in units
    roots: Any  # int32 per shape: rule


class Plan(NamedTuple):
    """What the rows of a range are, by row of the range."""

    kind: Any  # int8
    story: Any  # int32, -1: none
    type: Any  # int32
    unit: Any  # int32
    root: Any  # int32
    moment: Any  # float64 in [0, 1): place within the row's slice of the day


def blank(rows: int) -> Plan:
    """Make an empty plan."""
    return Plan(
        kind=np.zeros(rows, dtype=np.int8),
        story=np.full(rows, -1, dtype=np.int32),
        type=np.zeros(rows, dtype=np.int32),
        unit=np.zeros(rows, dtype=np.int32),
        root=np.zeros(rows, dtype=np.int32),
        moment=np.zeros(rows, dtype=np.float64),
    )


@numba.njit(nogil=True, cache=True)
def plan_rows(o: Odds, seed: int, first: int, plan: Plan) -> None:
    """Decide for each row its kind, situation, incident type, unit and shape."""
    keys = np.zeros(at.KEYS, dtype=np.uint64)
    for row in range(len(plan.kind)):
        keys[at.STREAM] = key_of(np.uint64(seed), first + row, _PLAN)
        shelf = _shelf(o, keys)
        plan.moment[row] = share(keys)
        if shelf < 0:
            plan.type[row] = _edge(o.types, 0, len(o.types), share(keys))
            plan.root[row] = o.roots[0]
        else:
            _place_story(o, keys, shelf, plan, row)
        service = o.service[plan.type[row]]
        plan.unit[row] = _edge(o.units, o.unit[service], o.unit[service + 1], share(keys))


@numba.njit(nogil=True, cache=True)
def _shelf(o: Odds, keys: Any) -> int:
    """Draw which situations a row takes one from: a form, near misses, ordinary ones; -1: none."""
    drawn = share(keys)
    form = share(keys)
    forms = len(o.forms)
    shelf = -1
    if drawn < o.kinds[0]:
        shelf = _edge(o.forms, 0, forms, form)
    elif drawn < o.kinds[1]:
        shelf = forms
    elif drawn < o.kinds[2]:
        shelf = forms + 1
    return shelf if shelf < 0 or o.shelves[shelf] < o.shelves[shelf + 1] else -1


@numba.njit(nogil=True, cache=True)
def _place_story(o: Odds, keys: Any, shelf: int, plan: Plan, row: int) -> None:
    forms = len(o.forms)
    start, end = o.shelves[shelf], o.shelves[shelf + 1]
    story = o.stories[start + fresh(keys, end - start)]
    start, end = o.home[story], o.home[story + 1]
    plan.story[row] = story
    plan.type[row] = o.homes[start + fresh(keys, end - start)]
    signal = shelf < forms
    plan.kind[row] = at.SIGNAL if signal else (at.NEAR_MISS if shelf == forms else at.ORDINARY)
    alone = share(keys) < o.alone
    plan.root[row] = o.roots[3 if alone else (1 if signal else 2)]


@numba.njit(nogil=True, cache=True)
def _edge(edges: Any, start: int, end: int, drawn: float) -> int:
    """Find the first edge above `drawn` in edges[start:end]."""
    low, high = start, end - 1
    while low < high:
        middle = (low + high) // 2
        if edges[middle] > drawn:
            high = middle
        else:
            low = middle + 1
    return low


class Task(NamedTuple):
    """Which rows of a plan to write, and on what days they fall."""

    seed: int
    first: int  # row number of the first row of the plan
    start: int  # row of the plan to begin with
    reserve: int  # bytes a registration can take at most
    days: Any  # int32 per row: days since 1970


@numba.njit(nogil=True, cache=True)
def write_texts(g: Grammar, w: Desk, plan: Plan, task: Task, out: Any, offsets: Any) -> int:
    """Write texts from row task.start on until `out` could overflow; give the first row not written."""
    place: Any = np.int64(offsets[task.start])
    for row in range(task.start, len(plan.kind)):
        if place + task.reserve > len(out):
            return row
        number = task.first + row
        seed = np.uint64(task.seed)
        w.keys[at.STREAM] = key_of(seed, number, _TEXT)
        w.keys[at.ROW_KEY] = key_of(seed, number, _VOICE)
        w.cell[at.TYPE] = plan.type[row]
        w.cell[at.STORY] = plan.story[row]
        w.cell[at.DAY] = task.days[row]
        size = compose(g, w, plan.root[row])
        w.keys[at.STREAM] = key_of(seed, number, _NOISE)
        place = roughen(w.draft, size, w.rough, out, place, w.keys)
        offsets[row + 1] = place
    return len(plan.kind)


class Numbering(NamedTuple):
    """How registration numbers are made: prefix of the unit, year, row, three characters of the seed."""

    prefixes: Any  # uint8
    edges: Any  # int32 per unit
    tag: Any  # uint8[TAG]


@numba.njit(nogil=True, cache=True)
def write_numbers(n: Numbering, unit: Any, days: Any, first: int, out: Any, offsets: Any) -> int:
    """Write the registration numbers of a range; give their bytes."""
    place = 0
    for row in range(len(unit)):
        for step in range(n.edges[unit[row]], n.edges[unit[row] + 1]):
            out[place] = n.prefixes[step]
            place += 1
        out[place] = _DASH
        year, _month, _day = civil(days[row])
        place = write_number(year, 4, out, place + 1)
        place = write_number(first + row, _DIGITS, out, place)
        out[place] = _DASH
        place += 1
        for step in range(TAG):
            out[place] = n.tag[step]
            place += 1
        offsets[row + 1] = place
    return place


@numba.njit(nogil=True, cache=True)
def tag_of(seed: int, alphabet: Any) -> Any:
    """Three characters that tell most seeds apart, so that files of several seeds can be read together."""
    tag = np.zeros(TAG, dtype=np.uint8)
    key = mixed(np.uint64(seed))
    for step in range(TAG):
        key = mixed(key + np.uint64(step))
        tag[step] = alphabet[below(key, len(alphabet))]
    return tag
