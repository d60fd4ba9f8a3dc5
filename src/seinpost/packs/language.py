"""The pattern language: what a pattern is, once read.

The grammar stands in docs/reference/pattern-language.md; `seinpost.packs.parser` reads it. This module holds the
shapes only. Words are already folded (lower case, no marks, no apostrophes).

    Pattern     left side, or left side and right side within `within` tokens in any order ("A &8 B")
    Side        items in order; each later item at most `gap` tokens after the item before it (0: adjacent)
    Item        alternatives, each a run of adjacent token sets; optional items may be absent
    TokenSet    the tokens that may stand in one place
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class TokenTest:
    """One way for a token to qualify: exact, or open at its front ("*woord"), back ("woord*") or both ("*woord*").

    A number range `<n:8-17>` is read as the exact tokens "8" ... "17" and the Dutch number words among 1-20.
    """

    word: str
    open_front: bool = False
    open_back: bool = False

    def accepts(self, token: str) -> bool:
        """Accept a folded token if, and only if, it equals, ends with, starts with or contains `word`, as opened."""
        if self.open_front and self.open_back:
            return self.word in token
        if self.open_front:
            return token.endswith(self.word)
        if self.open_back:
            return token.startswith(self.word)
        return token == self.word


TokenSet = frozenset[TokenTest]
Run = tuple[TokenSet, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Alternatives for one place in a side; at most `gap` tokens may stand between it and the item before it."""

    runs: tuple[Run, ...]
    gap: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One parsed pattern. `right` is empty, and `within` None, if, and only if, the pattern has no `&N`."""

    text: str
    left: tuple[Item, ...]
    right: tuple[Item, ...] = ()
    within: int | None = None
