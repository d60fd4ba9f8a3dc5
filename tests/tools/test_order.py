"""The order of the tests: the long ones begin, spread over the processes, and none is lost or asked twice."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from tests.order import long_first


@dataclass(frozen=True)
class Named:
    """A test by its name, with the seconds of its mark; 0: no mark."""

    nodeid: str
    seconds: int

    def get_closest_marker(self, name: str) -> SimpleNamespace | None:
        return SimpleNamespace(args=(self.seconds,)) if self.seconds and name == "long" else None


NAMES = st.from_regex(r"[a-d]\.py::[a-z]{3}", fullmatch=True)
TESTS = st.lists(st.builds(Named, NAMES, st.sampled_from((0, 0, 5, 90))))


def parts(tests: list[Named], processes: int) -> list[list[Named]]:
    """What each process is given to begin with."""
    made = []
    for left in range(processes, 0, -1):
        share = len(tests) // left
        made.append(tests[:share])
        tests = tests[share:]
    return made


@given(TESTS, st.integers(1, 4))
def test_none_is_lost_and_the_short_ones_keep_their_order(tests: list[Named], processes: int) -> None:
    found = long_first(tests, processes)
    assert sorted(found, key=repr) == sorted(tests, key=repr)
    long = {one.nodeid[0] for one in tests if one.seconds}
    assert [one for one in found if one.nodeid[0] not in long] == [one for one in tests if one.nodeid[0] not in long]


def test_each_process_begins_with_a_long_module_whole_the_longest_first() -> None:
    short = [Named(f"s.py::{number}", 0) for number in range(21)]
    long = [Named(f"{module}.py::{number}", seconds) for number in "12" for module, seconds in (("x", 9), ("y", 5))]
    long += [Named("z.py::1", 4), Named("z.py::2", 0)]
    first, second = parts(long_first([*short, *long], 2), 2)
    assert [one.nodeid for one in first[:3]] == ["x.py::1", "x.py::2", "s.py::0"]
    assert [one.nodeid for one in second[:5]] == ["y.py::1", "y.py::2", "z.py::1", "z.py::2", "s.py::11"]
    assert long_first(short, 2) == short
