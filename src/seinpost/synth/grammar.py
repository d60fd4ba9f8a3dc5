"""Compile text fragments with slots into flat arrays that the kernels can expand.

A fragment is text in which `{naam}` draws from a list, `{naam@1}` draws once per registration for number 1, `{naam@}`
takes the number of the slot it stands in, `{3-9}` and `{01-28}` are numbers, `{datum}` is a day shortly before the
registration, `{EVENT}` is a role of the incident type and `[a|b]` a choice. A name with a capital gives the list
itself with a capital. Quotes and apostrophes follow the writer of the registration (lists `quote_open`, `quote_close`
and `apostrophe`). `3* ` before an item makes it three times as likely.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from seinpost.errors import Fault, Place
from seinpost.synth import layout as at

Op = tuple[int, int, int, int]
_WEIGHT = re.compile(r"^(\d{1,2})\* ")
_RANGE = re.compile(r"^(\d{1,9})-(\d{1,9})$")
_SLOT = re.compile(r"^([A-Za-z_]+)(?:@(\d?))?$")
_CONTROLS: Mapping[str, tuple[str, ...]] = {'"': ("quote_open", "quote_close"), "'": ("apostrophe",)}
_VERBATIM = frozenset(name for names in _CONTROLS.values() for name in names)
_DATE, _DATE_DAYS, _DATE_BYTES = "datum", 3, 10
_GENDER = "gender"


class Grammar(NamedTuple):
    """The compiled fragments: few arrays, because every array handed to a kernel costs."""

    text: Any  # uint8
    ops: Any  # int32[operation, 4]: kind, a, b, c
    rule: Any  # int32: rule r has the operations rule[r] : rule[r + 1]
    symbol: Any  # int32[symbol, 3]: first alternative, number of alternatives, 1 if none is told twice
    alternative: Any  # int32: rule numbers; repeated: likelier
    roles: Any  # int32[type, role]: symbol or -1
    stories: Any  # int32 per situation: rule


@dataclass(frozen=True, slots=True)
class Line:
    """One fragment and where it stands."""

    text: str
    place: Place


class Builder:
    """Collects symbols and rules, then freezes them; `faults` holds everything wrong that was met."""

    def __init__(self, lists: Mapping[str, Sequence[Line]], gendered: Mapping[str, Sequence[Line]]) -> None:
        self.faults: list[Fault] = []
        self._lists = {**lists, **gendered}
        self._gendered = frozenset(gendered)
        self._text = bytearray()
        self._known: dict[bytes, int] = {}
        self._rules: list[list[Op]] = []
        self._symbols: list[list[int]] = []
        self._once: list[bool] = []
        self._instances: dict[tuple[str, str, bool], int] = {}

    def literal(self, text: str) -> int:
        """Add a rule that is this text and nothing else."""
        return self._rule([self._literal_op(text)])

    def fragments(self, lines: Sequence[Line]) -> int:
        """Add a symbol of fragments, none of which is told twice in one registration."""
        return self._symbol([rule for line in lines for rule in self._weighted(line, "", False)], once=True)

    def either(self, symbols: Sequence[tuple[int, int]]) -> int:
        """Add a symbol that is one of these (symbol, weight)."""
        return self._symbol(
            [self._rule([(at.PICK, symbol, 0, 0)]) for symbol, weight in symbols for _ in range(weight)]
        )

    def root(self, symbol: int) -> int:
        """Add a rule that is one of the alternatives of a symbol."""
        return self._rule([(at.PICK, symbol, 0, 0)])

    def freeze(self, roles: Any, stories: Sequence[int]) -> Grammar:
        """Lay everything out in arrays."""
        ops = [op for rule in self._rules for op in rule]
        sizes = np.array([len(symbol) for symbol in self._symbols], dtype=np.int32)
        return Grammar(
            text=np.frombuffer(bytes(self._text), dtype=np.uint8).copy(),
            ops=np.array(ops, dtype=np.int32).reshape(-1, 4),
            rule=np.cumsum([0, *(len(rule) for rule in self._rules)]).astype(np.int32),
            symbol=np.column_stack((np.cumsum(sizes) - sizes, sizes, self._once)).astype(np.int32),
            alternative=np.array([rule for symbol in self._symbols for rule in symbol], dtype=np.int32),
            roles=np.ascontiguousarray(roles, dtype=np.int32),
            stories=np.array(stories, dtype=np.int32),
        )

    def _symbol(self, rules: list[int], *, once: bool = False) -> int:
        self._symbols.append(rules)
        self._once.append(once)
        return len(self._symbols) - 1

    def _rule(self, ops: list[Op]) -> int:
        self._rules.append(ops)
        return len(self._rules) - 1

    def _literal_op(self, text: str) -> Op:
        raw = text.encode()
        place = self._known.get(raw)
        if place is None:
            place = self._known[raw] = len(self._text)
            self._text += raw
        return (at.LITERAL, place, len(raw), 0)

    def _weighted(self, line: Line, number: str, capital: bool) -> list[int]:
        weight = _WEIGHT.match(line.text)
        text = line.text[weight.end() :] if weight else line.text
        control = line.place.field is not None and line.place.field.rpartition(".")[2] in _VERBATIM
        ops = [self._literal_op(text)] if control else _Reader(self, line, number).read(text, capital)
        rule = self._rule(ops)
        return [rule] * (int(weight[1]) if weight else 1)

    def slot(self, name: str, line: Line, number: str, capital: bool) -> Op | None:
        """Give the operation that fills a slot, or None after adding a fault."""
        span = _RANGE.match(name)
        if span:
            width = len(span[1]) if span[1].startswith("0") and len(span[1]) > 1 else 0
            return (at.NUMBER, int(span[1]), int(span[2]), width)
        if name == _DATE:
            return (at.DATE, _DATE_DAYS, 0, 0)
        if name == "SITUATION":
            return (at.SITUATION, 0, 0, 0)
        if name.lower() in at.ROLES and name.isupper():
            return (at.ROLE, at.ROLES.index(name.lower()), 0, 0)
        parts = _SLOT.match(name)
        if parts is None:
            self._refuse(line, name)
            return None
        word = parts[1]
        if word not in self._lists and word[:1].isupper():
            word, capital = word[:1].lower() + word[1:], True
        if word not in self._lists:
            self._refuse(line, name)
            return None
        own = number if parts[2] == "" else parts[2] or ""
        symbol = self._instance(word, own, capital)
        if parts[2] is None:
            return (at.PICK, symbol, 0, 0)
        group = _GENDER if word in self._gendered else word
        return (at.SAME, symbol, sticky(group, own), 0)

    def control(self, name: str) -> Op:
        """Give the operation for a quote or an apostrophe, in the writer's manner."""
        group = "quotes" if name.startswith("quote") else name
        return (at.SAME, self._instance(name, "", False), sticky(group, ""), 0)

    def choice(self, options: Sequence[list[Op]]) -> Op:
        """Give the operation for `[a|b]`."""
        return (at.PICK, self._symbol([self._rule(ops) for ops in options]), 0, 0)

    def _instance(self, word: str, number: str, capital: bool) -> int:
        key = (word, number, capital)
        if key not in self._instances:
            self._instances[key] = symbol = self._symbol([])
            for line in self._lists[word]:
                self._symbols[symbol] += self._weighted(line, number, capital)
        return self._instances[key]

    def _refuse(self, line: Line, name: str) -> None:
        names = ", ".join(sorted(self._lists))
        roles = ", ".join(role.upper() for role in at.ROLES)
        self.faults.append(Fault(line.place, "unknown slot", name, f"{names}, {_DATE}, SITUATION, {roles}, 1-9"))


class _Reader:
    """Reads one fragment."""

    def __init__(self, builder: Builder, line: Line, number: str) -> None:
        self._builder = builder
        self._line = line
        self._number = number
        self._quoted = False

    def read(self, text: str, capital: bool) -> list[Op]:
        ops: list[Op] = []
        plain, place = "", 0
        while place < len(text):
            end, make = self._special(text, place)
            if make is None:
                plain += text[place]
                place += 1
                continue
            if plain:
                ops.append(self._builder._literal_op(_raised(plain) if capital else plain))
                plain, capital = "", False
            op = make(capital)
            capital = capital and text[place] in "\"'"
            ops += [op] if op is not None else []
            place = end
        if plain:
            ops.append(self._builder._literal_op(_raised(plain) if capital else plain))
        return ops

    def _special(self, text: str, place: int) -> tuple[int, Callable[[bool], Op | None] | None]:
        char = text[place]
        if char == "{" and "}" in text[place:]:
            end = text.index("}", place)
            name = text[place + 1 : end]
            return end + 1, lambda capital: self._builder.slot(name, self._line, self._number, capital)
        if char == "[":
            options, end = _options(text, place)
            if len(options) > 1:
                return end, lambda capital: self._builder.choice([self.read(each, capital) for each in options])
        if char in _CONTROLS:
            name = _CONTROLS[char][int(self._quoted) if char == '"' else 0]
            self._quoted ^= char == '"'
            return place + 1, lambda _capital: self._builder.control(name)
        return place, None


def sticky(group: str, number: str) -> int:
    """Key under which a draw is the same in the whole registration."""
    return zlib.crc32(f"{group}@{number}".encode()) & 0x7FFFFFFF


def bounds(grammar: Grammar, roots: Sequence[int]) -> tuple[int, int]:
    """Give the longest text in bytes and the deepest nesting any of these rules can grow to.

    Raises RecursionError if a symbol contains itself.
    """
    measured = _Bounds(grammar)
    return measured.most([measured.rule(root) for root in roots])


class _Bounds:
    """Longest text and deepest nesting of symbols and rules."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._known: dict[int, tuple[int, int]] = {}
        self._open: set[int] = set()

    @staticmethod
    def most(found: Sequence[tuple[int, int]]) -> tuple[int, int]:
        return max((size for size, _ in found), default=0), max((depth for _, depth in found), default=0)

    def symbol(self, symbol: int) -> tuple[int, int]:
        if symbol in self._open:
            raise RecursionError(f"symbol {symbol} contains itself")
        if symbol not in self._known:
            self._open.add(symbol)
            first, size, _ = self._grammar.symbol[symbol]
            rules = sorted(set(self._grammar.alternative[first : first + size].tolist()))
            self._known[symbol] = self.most([self.rule(rule) for rule in rules])
            self._open.discard(symbol)
        return self._known[symbol]

    def rule(self, rule: int) -> tuple[int, int]:
        start, end = self._grammar.rule[rule : rule + 2].tolist()
        found = [self._op(*op) for op in self._grammar.ops[start:end, :3].tolist()]
        return sum(size for size, _ in found), self.most(found)[1] + 1

    def _op(self, kind: int, a: int, b: int) -> tuple[int, int]:
        if kind == at.LITERAL:
            return b, 0
        if kind in (at.PICK, at.SAME):
            return self.symbol(a)
        if kind == at.ROLE:
            symbols = sorted(set(self._grammar.roles[:, a].tolist()) - {-1})
            return self.most([self.symbol(symbol) for symbol in symbols])
        if kind == at.SITUATION:
            return self.most([self.rule(rule) for rule in self._grammar.stories.tolist()])
        return _DATE_BYTES, 0


def _options(text: str, place: int) -> tuple[list[str], int]:
    """Split `[a|b]` at `place` on its own bars; one option: no choice."""
    depth, start, options = 0, place + 1, []
    for end in range(place, len(text)):
        char = text[end]
        depth += (char == "[") - (char == "]")
        if (char == "|" and depth == 1) or depth == 0:
            options.append(text[start:end])
            start = end + 1
        if depth == 0:
            return options, end + 1
    return [], place


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]
