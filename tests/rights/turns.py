"""Which cells of the matrix are asked when not all are, always the same ones: as tests/rights/test_rights.py says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.rights.matrix import COLUMNS, Reader, service_of

METHODS, NONE, HOME, WRONG_METHOD = ("GET", "POST"), [""], "politie", 405
Cell = tuple[str, str]  # method and column; a page of no signal has one column without a name


def in_turn(reader: Reader, number: int, turn: int, verb: bool, status: dict[Cell, int]) -> Iterator[Cell]:
    """What one reader asks of one row, of whose cells the statuses are known."""
    home = reader.actor.service if reader.actor else ""
    far, groups = home not in (HOME, ""), defaultdict(list)
    for (method, column), one in status.items():
        groups[method, service_of(column) == home, one].append(column)
    taken = {method for method, _, one in groups if one != WRONG_METHOD}
    for (method, own, one), group in groups.items():
        at = turn // 2 if far or not own else turn + 5 * METHODS.index(method)
        skipped = home and (far or not own) and group != NONE and len(taken) == 2 and METHODS[at % 2] != method
        if (far and not reader.name.startswith("analyst") and turn % 2) or (one != WRONG_METHOD and skipped):
            continue
        if one == WRONG_METHOD:
            picked = group[:1] if number % 4 == 0 else []
        elif own and far:
            picked = group
        else:
            every = 12 if verb else 4
            picked = [column for column in group if own and column and (at + COLUMNS.index(column)) % every == 0]
            picked = picked or group[at % len(group) :][:1]
        yield from ((method, column) for column in picked)
