"""From patterns to plans: what to look up, and what to check around it.

A pattern with optional items, or with `&`, is a handful of linear variants. Each variant is anchored at its rarest
item, and there at the rarest set of each run: only texts with that word cost more than a look-up. Every plan also names
signature bits: bits that some word of the text must have given, or the plan cannot succeed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from seinpost.errors import PatternError
from seinpost.packs.language import Item, Pattern, Run, TokenSet, TokenTest
from seinpost.packs.words import COMMON_WORDS, FUNCTION_WORDS

MAX_SPAN = 60
NO_COLUMN = -1

# Shares assumed without counts: only their order matters much.
FUNCTION_SHARE, COMMON_SHARE, OTHER_SHARE = 1e-2, 1e-3, 1e-5
OPEN_FACTOR = 5.0
INFIX_SAMPLE = 5_000

Step = tuple[int, Item]  # encoded gap before the item (0: adjacent; N + 1: at most N tokens between), item
Runs = tuple[tuple[int, ...], ...]  # runs of set numbers


class Frequency:
    """Share of all tokens that a token set takes, from word counts where given, else from the shape of the words."""

    def __init__(self, counts: Mapping[str, int] | None) -> None:
        self._counts = counts or {}
        self._total = max(1, sum(self._counts.values()))
        self._tests: dict[TokenTest, float] = {}
        self._forward = _Sums(self._counts)
        self._backward = _Sums({word[::-1]: count for word, count in self._counts.items()})
        self._commonest = sorted(self._counts.items(), key=lambda pair: (-pair[1], pair[0]))[:INFIX_SAMPLE]

    def share(self, tokens: TokenSet) -> float:
        """Share of all tokens in 0-1 that are in the set; words never seen count as rare."""
        return sum(self._test(test) for test in tokens)

    def _test(self, test: TokenTest) -> float:
        known = self._tests.get(test)
        if known is None:
            known = self._tests[test] = self._counted(test) if self._counts else _guess(test)
        return known

    def _counted(self, test: TokenTest) -> float:
        word = test.word
        if test.open_front and test.open_back:
            count = sum(number for other, number in self._commonest if word in other)
        elif test.open_front:
            count = self._backward.starting(word[::-1])
        elif test.open_back:
            count = self._forward.starting(word)
        else:
            count = self._counts.get(word, 0)
        return (count + 0.3) / self._total


class _Sums:
    """Sums of counts over all words with a prefix."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._words = sorted(counts)
        self._sums = [0, *accumulate(counts[word] for word in self._words)]

    def starting(self, prefix: str) -> int:
        first = bisect_left(self._words, prefix)
        return self._sums[bisect_left(self._words, prefix + "\U0010ffff")] - self._sums[first]


def _guess(test: TokenTest) -> float:
    word = test.word
    share = FUNCTION_SHARE if word in FUNCTION_WORDS else COMMON_SHARE if word in COMMON_WORDS else OTHER_SHARE
    return share * (OPEN_FACTOR if test.open_front or test.open_back else 1.0) / len(word)


@dataclass(frozen=True, slots=True)
class Entry:
    """One plan behind one anchor set; `needs` are groups of sets, of each of which the sentence must hold a word."""

    anchor: int
    plan: int
    needs: tuple[int, ...]

    @property
    def others(self) -> bool:
        """The plan checks other tokens than the anchor."""
        return bool(self.needs)


@dataclass(frozen=True, slots=True)
class EncodedItem:
    """One item: its place in the ITEMS stream, per run the rarest set, and how common it is."""

    place: int
    runs: Runs
    rarest: tuple[int, ...]  # per run: place of its rarest set
    cost: float
    group: int


@dataclass(slots=True)
class Encoder:
    """Gathers token sets, items and plans of all patterns; each distinct one once."""

    frequency: Frequency
    sets: list[TokenSet] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)  # per set: share of all tokens
    plans: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    columns: list[frozenset[int]] = field(default_factory=list)  # per column: the sets it stands for
    groups: list[frozenset[int]] = field(default_factory=list)
    main: list[Entry] = field(default_factory=list)
    cues: list[Entry] = field(default_factory=list)
    _set_numbers: dict[TokenSet, int] = field(default_factory=dict)
    _column_numbers: dict[frozenset[int], int] = field(default_factory=dict)
    _group_numbers: dict[frozenset[int], int] = field(default_factory=dict)
    _encoded: dict[Runs, EncodedItem] = field(default_factory=dict)
    _by_object: dict[int, tuple[tuple[Run, ...], EncodedItem]] = field(default_factory=dict)

    def add(self, pattern: Pattern, tag: int, *, cue: bool = False) -> None:
        """Encode one pattern; `tag` is what its matches carry."""
        entries = self.cues if cue else self.main
        for steps in linear_variants(pattern):
            encoded = [(gap, self._item(item)) for gap, item in steps]
            anchor = min(range(len(encoded)), key=lambda number: encoded[number][1].cost)
            self._anchor(encoded, anchor, tag, entries)

    def _anchor(self, steps: list[tuple[int, EncodedItem]], at: int, tag: int, entries: list[Entry]) -> None:
        right = [(steps[n][0], steps[n][1].place) for n in range(at + 1, len(steps))]
        left = [(steps[n + 1][0], steps[n][1].place) for n in range(at - 1, -1, -1)]
        tail = [number for step in (*right, *left) for number in step]
        others = tuple(item.group for number, (_, item) in enumerate(steps) if number != at)
        item = steps[at][1]
        for run, place in zip(item.runs, item.rarest, strict=True):
            columns = [0 if n == place else self._column(frozenset((one,))) for n, one in enumerate(run)]
            own = tuple(self._group(frozenset((one,))) for n, one in enumerate(run) if n != place)
            entries.append(Entry(run[place], len(self.plans), others + own))
            self.plans += [tag, len(run), place, len(right), len(left), *columns, *tail]

    def _item(self, item: Item) -> EncodedItem:
        known = self._by_object.get(id(item.runs))
        if known is None:
            runs = tuple(dict.fromkeys(tuple(self._set(tokens) for tokens in run) for run in item.runs))
            encoded = self._encoded.get(runs) or self._encode_item(runs)
            # the runs are kept beside it, so that their identity is not used again
            known = self._by_object[id(item.runs)] = (item.runs, encoded)
        return known[1]

    def _encode_item(self, runs: Runs) -> EncodedItem:
        share = self.shares
        rarest = tuple(min(range(len(run)), key=lambda n: share[run[n]]) for run in runs)
        chosen = [run[place] for run, place in zip(runs, rarest, strict=True)]
        place = len(self.items)
        singles = frozenset(run[0] for run in runs if len(run) == 1)
        longer = [run for run in runs if len(run) > 1]
        self.items += [
            self._column(frozenset(run[0] for run in runs)),
            self._column(frozenset(run[-1] for run in runs)),
            self._column(singles) if singles else NO_COLUMN,
            len(longer),
        ]
        for run in longer:
            self.items += [len(run), *(self._column(frozenset((one,))) for one in run)]
        cost = sum(share[one] for one in chosen) + 1e-9 * len(runs)
        encoded = EncodedItem(place, runs, rarest, cost, self._group(frozenset(chosen)))
        self._encoded[runs] = encoded
        return encoded

    def _set(self, tokens: TokenSet) -> int:
        number = self._set_numbers.get(tokens)
        if number is None:
            number = self._set_numbers[tokens] = len(self.sets)
            self.sets.append(tokens)
            self.shares.append(self.frequency.share(tokens))
        return number

    def _column(self, sets: frozenset[int]) -> int:
        number = self._column_numbers.get(sets)
        if number is None:
            number = self._column_numbers[sets] = len(self.columns)
            self.columns.append(sets)
        return number

    def _group(self, sets: frozenset[int]) -> int:
        number = self._group_numbers.get(sets)
        if number is None:
            number = self._group_numbers[sets] = len(self.groups)
            self.groups.append(sets)
        return number


def linear_variants(pattern: Pattern) -> Iterable[list[Step]]:
    """Give every way to read a pattern as items in one order, none optional. Raises PatternError beyond 60 tokens."""
    left = side_variants(pattern.left)
    if pattern.within is None:
        variants = left
    else:
        between = pattern.within + 1
        right = side_variants(pattern.right)
        pairs = [(one, two) for one in left for two in right]
        pairs += [(two, one) for one, two in pairs]
        variants = [[*one, (between, two[0][1]), *two[1:]] for one, two in pairs]
    for steps in variants:
        span = sum(max(gap - 1, 0) for gap, _ in steps[1:]) + sum(max(map(len, item.runs)) for _, item in steps)
        if span > MAX_SPAN:
            raise PatternError(pattern.text, 0, f"a match could span {span} tokens", f"at most {MAX_SPAN}")
    return variants


def side_variants(items: Sequence[Item]) -> list[list[Step]]:
    """Give every way to leave out optional items; the gap of an absent item goes to the next one if it is larger."""
    ways: list[tuple[list[Step], int]] = [([], 0)]
    for item in items:
        grown: list[tuple[list[Step], int]] = []
        for steps, pending in ways:
            gap = max(item.gap, pending)
            grown.append(([*steps, (gap + 1 if gap else 0, item)], 0))
            if item.optional:
                grown.append((steps, gap))
        ways = grown
    return [steps for steps, _ in ways]
