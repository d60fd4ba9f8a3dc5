"""In which order the tests run: those that take minutes first, spread over the processes; all others as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar


class Item(Protocol):
    """What the order is about: a test by its module, with the marks that it wears."""

    @property
    def nodeid(self) -> str:
        """Where it stands."""

    def get_closest_marker(self, name: str) -> Any:
        """Its nearest mark of this name, if any."""


T = TypeVar("T", bound=Item)


def long_first(tests: Sequence[T], processes: int) -> list[T]:
    """The tests of each module with a `long` one together, at the start of what a process is given to begin with.

    Of `worksteal` each process begins with an equal part of the list, in its order; what it takes over later comes from
    the end of another part. A process gets the next longest module when it has the least to do. A module stays whole:
    what its tests share is made once.
    """
    seconds: dict[str, int] = defaultdict(int)
    for test in tests:
        if (mark := test.get_closest_marker("long")) is not None:
            seconds[module_of(test)] += mark.args[0]
    modules: dict[str, list[T]] = {module: [] for module in seconds}
    rest: list[T] = []
    for test in tests:
        modules.get(module_of(test), rest).append(test)
    heads: list[list[T]] = [[] for _ in range(processes)]
    busy = [0] * processes
    for module in sorted(modules, key=lambda one: (-seconds[one], one)):
        place = busy.index(min(busy))
        heads[place] += modules[module]
        busy[place] += seconds[module]
    order: list[T] = []
    for place, head in enumerate(heads):
        left = len(tests) - len(order)
        share = max(0, left // (processes - place) - len(head))
        order += [*head, *rest[:share]]
        del rest[:share]
    return order + rest


def module_of(test: Item) -> str:
    """The file that a test stands in."""
    return test.nodeid.partition("::")[0]
