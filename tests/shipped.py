"""What ships with Seinpost, read once for all tests of a process: it is frozen, and reading it takes seconds."""

from __future__ import annotations

from functools import cache
from typing import Literal

from seinpost.packs import load_pack
from seinpost.packs.casebook import Situation, load_casebook
from seinpost.packs.pack import Pack


@cache
def pack() -> Pack:
    """The Dutch pack."""
    return load_pack()


@cache
def casebook(part: Literal["train", "unseen"]) -> tuple[Situation, ...]:
    """A part of the Dutch casebook."""
    return load_casebook(part)
