"""Lints on single patterns: traits, commonness, duplicates in other words, containment."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import product

from seinpost.errors import Fault
from seinpost.packs.build import ReadPack
from seinpost.packs.language import Item, Pattern, Run, TokenSet, TokenTest
from seinpost.packs.lints.base import Lint, Severity
from seinpost.packs.pack import PatternRule
from seinpost.packs.words import COMMON_WORDS, FUNCTION_WORDS, NEUTRAL_WORDS, NUMBER_WORDS

NUMBERS = frozenset(NUMBER_WORDS.values())


class TraitAlone(Lint):
    """A pattern must not be able to match on words for a trait alone: nationality, ethnicity, religion, language, legal
    status, sex work or a social trait. Function words, numbers and neutral words ("spreekt", "man") beside them change
    nothing, and a pattern of function words alone is refused too. Behaviour scores, a trait never does.
    """

    name = "trait-alone"

    def __init__(self, read: ReadPack) -> None:
        super().__init__(read)
        self._words = _Overlap(
            test for patterns in read.traits.values() for pattern in patterns for test in _lone_tests(pattern)
        )
        self._groups = [
            tuple(_Overlap(iter(item.runs[0][0])) for item in pattern.left)
            for patterns in read.traits.values()
            for pattern in patterns
            if len(pattern.left) > 1
        ]
        self._in_groups: dict[TokenSet, frozenset[tuple[int, int]]] = {}
        self._graded: dict[TokenSet, _Grade] = {}
        self._runs: dict[tuple[Run, ...], tuple[_Grade, str]] = {}

    def check_pattern(self, index: int, rule: PatternRule) -> Iterator[Fault]:
        items = [item for item in (*rule.pattern.left, *rule.pattern.right) if not item.optional]
        # Nearly every pattern is cleared by its smallest item, so the large ones are seldom looked at.
        for item in sorted(items, key=_size):
            if self._item(item.runs)[0] is _Grade.SAYS_SOMETHING:
                return
        graded = [self._item(item.runs) for item in items]
        worst = [grade for grade, _ in graded]
        if _Grade.TRAIT not in worst and _Grade.NEUTRAL in worst:
            return
        sample = " ".join(text for _, text in graded)
        problem = f"can match on {'a trait' if _Grade.TRAIT in worst else 'function words'} alone, as in {sample!r}"
        allowed = "a word for what somebody does or suffers in every way to match"
        yield Fault(self.read.place_of_pattern(index), problem, rule.pattern.text, allowed)

    def _item(self, runs: tuple[Run, ...]) -> tuple[_Grade, str]:
        """Give the emptiest way to match an item, a trait first, with words that show it."""
        found = self._runs.get(runs)
        if found is None:
            found = self._runs[runs] = min((self._run(run) for run in runs), key=lambda graded: graded[0])
        return found

    def _run(self, run: Run) -> tuple[_Grade, str]:
        grades = [self._grade(tokens) for tokens in run]
        if len(run) > 1:
            self._mark_groups(run, grades)
        if _Grade.SAYS_SOMETHING in grades:
            return _Grade.SAYS_SOMETHING, ""
        worst = _Grade.TRAIT if _Grade.TRAIT in grades else max(grades)
        return worst, " ".join(self._sample(*pair) for pair in zip(run, grades, strict=True))

    def _mark_groups(self, run: Run, grades: list[_Grade]) -> None:
        """Grade as a trait every stretch of the run that can be one of the word groups ("oost europe*")."""
        places = [self._places_in_groups(tokens) for tokens in run]
        for start, here in enumerate(places):
            for number in (number for number, place in here if place == 0):
                end = start + len(self._groups[number])
                if end <= len(run) and all((number, n) in there for n, there in enumerate(places[start:end])):
                    grades[start:end] = [_Grade.TRAIT] * (end - start)

    def _places_in_groups(self, tokens: TokenSet) -> frozenset[tuple[int, int]]:
        found = self._in_groups.get(tokens)
        if found is None:
            found = self._in_groups[tokens] = frozenset(
                (number, place)
                for number, group in enumerate(self._groups)
                for place, words in enumerate(group)
                if any(words.meets(test) for test in tokens)
            )
        return found

    def _grade(self, tokens: TokenSet) -> _Grade:
        found = self._graded.get(tokens)
        if found is None:
            found = self._graded[tokens] = min(self._grade_of_test(test) for test in tokens)
        return found

    def _grade_of_test(self, test: TokenTest) -> _Grade:
        word = test.word
        if self._words.meets(test):
            return _Grade.TRAIT
        if test.open_back or test.open_front:
            return _Grade.SAYS_SOMETHING
        if word in FUNCTION_WORDS or word.isdigit() or word in NUMBERS:
            return _Grade.FUNCTION
        return _Grade.NEUTRAL if word in NEUTRAL_WORDS else _Grade.SAYS_SOMETHING

    def _sample(self, tokens: TokenSet, grade: _Grade) -> str:
        return min((test.word for test in tokens if self._grade_of_test(test) is grade), default=min(tokens).word)


class _Grade(IntEnum):
    TRAIT = 0
    FUNCTION = 1
    NEUTRAL = 2
    SAYS_SOMETHING = 3


def _size(item: Item) -> int:
    return sum(len(tokens) for run in item.runs for tokens in run)


class _Overlap:
    """Answers whether a token test can accept a token that one of a set of words accepts."""

    def __init__(self, tests: Iterator[TokenTest]) -> None:
        every = list(tests)
        self._exact = frozenset(test.word for test in every if not test.open_back)
        self._stems = tuple(test.word for test in every if test.open_back)
        self._all = tuple(test.word for test in every)

    def meets(self, test: TokenTest) -> bool:
        word = test.word
        if test.open_front:
            return any(test.accepts(other) for other in self._all) or any(_runs_on(stem, word) for stem in self._stems)
        if word in self._exact or word.startswith(self._stems):
            return True
        return test.open_back and any(other.startswith(word) for other in self._all)


def _runs_on(stem: str, word: str) -> bool:
    """Tell whether a word can begin inside a stem and go on after it: "*oemeens*" in "roemeen*"."""
    return any(stem.endswith(word[:size]) for size in range(4, len(word)))


def _lone_tests(pattern: Pattern) -> Iterator[TokenTest]:
    if len(pattern.left) == 1 and pattern.within is None:
        for run in pattern.left[0].runs:
            if len(run) == 1:
                yield from run[0]


def accepts(wide: TokenTest, narrow: TokenTest) -> bool:
    """Tell whether every token that `narrow` accepts is accepted by `wide`."""
    if wide == narrow:
        return True
    if narrow.open_front and not wide.open_front:
        return False
    if narrow.open_back and not wide.open_back:
        return False
    return wide.accepts(narrow.word)


class TooCommon(Lint):
    """A pattern that one common word alone can satisfy would mark a large part of all registrations."""

    name = "too-common"

    def check_pattern(self, index: int, rule: PatternRule) -> Iterator[Fault]:
        pattern = rule.pattern
        required = [item for item in (*pattern.left, *pattern.right) if not item.optional]
        if len(required) > 1:
            return
        for run in required[0].runs:
            if len(run) == 1:
                for test in sorted(run[0]):
                    common = _common(test)
                    if common:
                        allowed = "a rarer word, or a second word near it"
                        problem = f"matches the common word {common!r} alone"
                        yield Fault(self.read.place_of_pattern(index), problem, pattern.text, allowed)
                        return


def _common(test: TokenTest) -> str | None:
    if not (test.open_back or test.open_front):
        return test.word if test.word in COMMON_WORDS else None
    return min((word for word in COMMON_WORDS if test.accepts(word)), default=None)


class WideGap(Lint):
    """Gaps that add up to most of a sentence say that the words belong together when they may not."""

    name = "wide-gap"
    severity = Severity.WARNING
    most = 30

    def check_pattern(self, index: int, rule: PatternRule) -> Iterator[Fault]:
        pattern = rule.pattern
        gaps = sum(item.gap for item in (*pattern.left, *pattern.right)) + (pattern.within or 0)
        if gaps > self.most:
            place = self.read.place_of_pattern(index)
            yield Fault(place, f"passes over up to {gaps} words", pattern.text, f"at most {self.most}")


class SameElsewhere(Lint):
    """The same pattern in two indicators counts one fact twice."""

    name = "same-pattern-elsewhere"
    severity = Severity.WARNING

    def check_pack(self) -> Iterator[Fault]:
        pack = self.read.pack
        seen: dict[tuple[object, ...], int] = {}
        for index, rule in enumerate(pack.patterns):
            key = (rule.pattern.left, rule.pattern.right, rule.pattern.within)
            first = pack.patterns[seen.setdefault(key, index)]
            if first.indicator != rule.indicator:
                code = pack.indicators[first.indicator].code
                yield Fault(self.read.place_of_pattern(index), f"stands in {code} too", rule.pattern.text)


Line = tuple[tuple[int, int], ...]  # per item: number of its alternatives in `_Items`, gap before it


class Contained(Lint):
    """A pattern whose every match holds a match of another pattern of the same indicator adds nothing."""

    name = "contained-pattern"
    severity = Severity.WARNING
    slow = True

    def __init__(self, read: ReadPack) -> None:
        super().__init__(read)
        self._items = _Items()

    def check_pack(self) -> Iterator[Fault]:
        pack = self.read.pack
        by_indicator: dict[int, list[int]] = {}
        for index, rule in enumerate(pack.patterns):
            by_indicator.setdefault(rule.indicator, []).append(index)
        for indexes in by_indicator.values():
            lines = {index: self._lines(pack.patterns[index].pattern) for index in indexes}
            for index in indexes:
                other = next((o for o in indexes if o != index and self._within(lines[index], lines[o])), None)
                if other is None or (other > index and self._within(lines[other], lines[index])):
                    continue  # of two equal patterns only the later one is told
                problem = f"always matches where {pack.patterns[other].pattern.text!r} of the same indicator does"
                yield Fault(self.read.place_of_pattern(index), problem, pack.patterns[index].pattern.text)

    def _lines(self, pattern: Pattern) -> tuple[Line, ...]:
        orders = [pattern.left]
        if pattern.within is not None:
            orders = [
                (*one, Item(two[0].runs, pattern.within), *two[1:])
                for one, two in ((pattern.left, pattern.right), (pattern.right, pattern.left))
            ]
        return tuple(line for order in orders for line in self._variants(order))

    def _variants(self, order: tuple[Item, ...]) -> Iterator[Line]:
        optional = [number for number, item in enumerate(order) if item.optional]
        for present in product((True, False), repeat=len(optional)):
            absent = {number for number, here in zip(optional, present, strict=True) if not here}
            line, carried = [], 0
            for number, item in enumerate(order):
                if number in absent:
                    carried = max(carried, item.gap)
                else:
                    line.append((self._items.number(item.runs), max(carried, item.gap)))
                    carried = 0
            yield tuple(line)

    def _within(self, narrow: tuple[Line, ...], wide: tuple[Line, ...]) -> bool:
        return all(any(self._holds(one, other) for other in wide) for one in narrow)

    def _holds(self, narrow: Line, wide: Line) -> bool:
        covers = self._items.covers
        for start in range(len(narrow) - len(wide) + 1):
            if all(
                covers(wide[n][0], narrow[start + n][0]) and (n == 0 or narrow[start + n][1] <= wide[n][1])
                for n in range(len(wide))
            ):
                return True
        return False


class _Items:
    """Numbers the alternatives of items and remembers which cover which; macros make most items recur."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Run, ...], int] = {}
        self._runs: list[tuple[Run, ...]] = []
        self._known: dict[tuple[int, int], bool] = {}

    def number(self, runs: tuple[Run, ...]) -> int:
        found = self._numbers.get(runs)
        if found is None:
            found = self._numbers[runs] = len(self._runs)
            self._runs.append(runs)
        return found

    def covers(self, wide: int, narrow: int) -> bool:
        if wide == narrow:
            return True
        known = self._known.get((wide, narrow))
        if known is None:
            known = self._known[wide, narrow] = all(
                any(_run_covers(other, one) for other in self._runs[wide]) for one in self._runs[narrow]
            )
        return known


def _run_covers(wide: Run, narrow: Run) -> bool:
    return len(wide) == len(narrow) and all(_set_covers(w, n) for w, n in zip(wide, narrow, strict=True))


def _set_covers(wide: TokenSet, narrow: TokenSet) -> bool:
    if narrow <= wide:
        return True
    open_tests = [test for test in wide if test.open_back or test.open_front]
    return bool(open_tests) and all(test in wide or any(accepts(o, test) for o in open_tests) for test in narrow)
