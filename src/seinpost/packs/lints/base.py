"""What a lint is: one small class per check, over single values or over the whole pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from seinpost.errors import Fault
from seinpost.packs.build import ReadPack
from seinpost.packs.pack import Indicator, PatternRule


class Severity(str, Enum):
    """An error refuses the pack; a warning is for the author to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that a lint found."""

    lint: str
    severity: Severity
    fault: Fault

    def __str__(self) -> str:
        return f"{self.severity.value} [{self.lint}] {self.fault}"


class Lint:
    """A check. Single passes look at one indicator or pattern; `check_pack` looks at the whole set.

    `slow` lints (quadratic) run for authors only, not at every load.
    """

    name: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    slow: ClassVar[bool] = False

    def __init__(self, read: ReadPack) -> None:
        self.read = read

    def check_indicator(self, _indicator: Indicator) -> Iterator[Fault]:
        """Give the faults of one indicator."""
        return iter(())

    def check_pattern(self, _index: int, _rule: PatternRule) -> Iterator[Fault]:
        """Give the faults of `Pack.patterns[index]`."""
        return iter(())

    def check_pack(self) -> Iterator[Fault]:
        """Give the faults that only the whole set shows; called last."""
        return iter(())
