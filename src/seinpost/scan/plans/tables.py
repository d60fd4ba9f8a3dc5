"""From a pack to the compiled tables: flat arrays that the kernels read and never write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seinpost.errors import PatternError
from seinpost.packs.language import TokenTest
from seinpost.packs.pack import Pack
from seinpost.scan import layout as at
from seinpost.scan.plans.signatures import Choice, Rarity, Signatures, class_choices, scatter, share_bits
from seinpost.scan.plans.variants import Encoder, Frequency
from seinpost.scan.text import FOLDING

Bytes = npt.NDArray[np.uint8]
Pairs = tuple[list[int], list[int]]  # rows, bits
WORD_MASK = (1 << 64) - 1
ROLE_FIELDS = (
    (at.ROLE_BEFORE, "negation_before"),
    (at.ROLE_BARE, "negation_bare"),
    (at.ROLE_AFTER, "negation_after"),
    (at.ROLE_PSEUDO, "pseudo"),
    (at.ROLE_TEMPLATE, "template"),
    (at.ROLE_EXCLUDED, "excluded_by_officer"),
    (at.ROLE_HYPOTHETICAL, "hypothetical"),
    (at.ROLE_HISTORICAL, "historical"),
    (at.ROLE_OTHER, "other_person"),
    (at.ROLE_DENIED, "denied_by_person"),
)


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of words to start from; a workspace adds those it meets."""

    records: Bytes  # CLASS_BYTES per class
    lists: npt.NDArray[np.uint64]  # lists of entries, in units of two
    members: Bytes  # per class: summary, places of blocks
    blocks: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Tables:
    """Compiled tables: arrays by their slot in the control block, numbers by theirs, and the classes to start from."""

    arrays: dict[int, npt.NDArray[np.generic]]
    numbers: dict[int, int]
    classes: Classes
    tests: int
    patterns: int
    indicators: int


def compile_pack(pack: Pack, frequency: Mapping[str, int] | None) -> Tables:
    """Compile all patterns and cues of a pack. Raises PatternError for a pattern the kernels cannot hold."""
    encoder = Encoder(Frequency(frequency))
    for number, rule in enumerate(pack.patterns):
        encoder.add(rule.pattern, number)
    for role, name in ROLE_FIELDS:
        for pattern in getattr(pack.cues, name):
            encoder.add(pattern, role, cue=True)
    for number, indicator in enumerate(pack.indicators):
        for pattern in indicator.unless:
            encoder.add(pattern, at.UNLESS + number, cue=True)
    words = Lexicon(encoder, pack)
    scope = pack.cues.scope
    arrays = {**words.arrays(), **fixed_arrays()}
    arrays[at.PLANS] = np.array(encoder.plans or [0], np.int32)
    arrays[at.ITEMS] = np.array(encoder.items or [0], np.int32)
    arrays[at.INDICATOR] = np.array([rule.indicator for rule in pack.patterns] or [0], np.uint32)
    numbers = {at.SCOPE_BEFORE: scope.before, at.SCOPE_BARE: scope.before_bare, at.SCOPE_AFTER: scope.after}
    kinds = {_affix(test)[0] for test in words.tests}
    numbers |= {at.AFFIX_KINDS: sum(1 << kind for kind in kinds), at.MEMBER_STARTS: 8 * words.parts}
    numbers |= {at.EXACT_LAST: len(arrays[at.EXACT]) // 32 - 1}
    indicators = max(1, len(pack.indicators))
    return Tables(arrays, numbers, words.class_arrays(), len(words.tests), len(pack.patterns), indicators)


def fixed_arrays() -> dict[int, npt.NDArray[np.generic]]:
    """Give the arrays that no pack changes."""
    masks = [(1 << 8 * min(size, 8)) - 1 for size in range(17)]
    tails = [(1 << 8 * max(size - 8, 0)) - 1 for size in range(17)]
    return {
        at.KEY_MASKS: np.array([mask for pair in zip(masks, tails, strict=True) for mask in pair], np.uint64),
        at.GAP_KINDS: gap_kinds(),
        at.FOLD_INDEX: FOLDING.index,
        at.FOLD_ENTRIES: FOLDING.entries,
        at.FOLD_POOL: FOLDING.pool,
    }


def gap_kinds() -> Bytes:
    """Give per byte what it means as the first between two tokens, if it is alone there or only a space follows."""
    kinds = np.full(256, at.GAP_UNKNOWN, np.uint8)
    kinds[0x20:0x7F] = 0
    kinds[ord(",")] = at.GAP_COMMA
    kinds[list(b"!?;")] = at.GAP_BREAK
    kinds[ord(".")] = at.GAP_BREAK | at.GAP_STOP
    kinds[ord("\n")] = at.GAP_LINE
    return kinds


class Lexicon:
    """All words and open tests of the sets, and the classes of words that stand in the same sets."""

    def __init__(self, encoder: Encoder, pack: Pack) -> None:
        self._encoder = encoder
        self._main = {entry.anchor for entry in encoder.main}
        self._cue = {entry.anchor for entry in encoder.cues}
        self._classes: dict[tuple[int, ...], int] = {(): 0}
        self._set_columns: list[list[int]] = [[] for _ in encoder.sets]
        for column, members in enumerate(encoder.columns):
            for one in members:
                self._set_columns[one].append(column)
        self.parts = len(encoder.columns) // 4096 + 1
        words: dict[str, list[int]] = defaultdict(list)
        tests: dict[TokenTest, list[int]] = defaultdict(list)
        for number, tokens in enumerate(encoder.sets):
            for test in tokens:
                if test.open_front or test.open_back:
                    tests[test].append(number)
                else:
                    words[test.word].append(number)
        for word in (*pack.abbreviations, *pack.cues.terminators):
            words.setdefault(word, [])
        self.tests = sorted(tests)
        self._test_classes = [self._class(tests[test]) for test in self.tests]
        self._shares: dict[int, float] = defaultdict(float)  # per class: share of all tokens
        for test, number in zip(self.tests, self._test_classes, strict=True):
            self._shares[number] += encoder.frequency.share(frozenset((test,)))
        self._values = self._word_values(words, tests, pack)

    def _class(self, sets: Iterable[int]) -> int:
        key = tuple(sorted(set(sets)))
        return self._classes.setdefault(key, len(self._classes))

    def _word_values(
        self, words: Mapping[str, list[int]], tests: Mapping[TokenTest, list[int]], pack: Pack
    ) -> dict[bytes, int]:
        """Give the value of every word that stands in the pack as such, with the open tests that it also passes."""
        finder = TestFinder(self.tests)
        values: dict[bytes, int] = {}
        for word, sets in words.items():
            all_sets = set(sets)
            for test in finder.passed_by(word):
                all_sets.update(tests[test])
            value = self._class(all_sets)
            self._shares[value] += self._encoder.frequency.share(frozenset((TokenTest(word),)))
            if not all_sets.isdisjoint(self._main):
                value |= at.ANCHOR | at.WAKE
            if not all_sets.isdisjoint(self._cue):
                value |= at.CUE
            if word in pack.abbreviations:
                value |= at.NO_STOP
            if word in pack.cues.terminators:
                value |= at.TERMINATOR
            values[word_key(word)] = value
        return values

    def class_arrays(self) -> Classes:
        """Give the class records, their lists of entries and their membership."""
        encoder, count = self._encoder, len(self._classes)
        rarity = Rarity(encoder)
        choices = [class_choices(encoder, side, list(self._classes), rarity) for side in (encoder.main, encoder.cues)]
        signatures = share_bits(encoder, choices, rarity, [self._shares[number] for number in range(count)])
        records = np.zeros((count, at.CLASS_BYTES), np.uint8)
        given: dict[int, Pairs] = {at.GIVES_FIRST: ([], []), at.GIVES_MORE: ([], [])}
        members: Pairs = [], []
        for sets, number in self._classes.items():
            for (rows, bits), of_set in (
                (given[at.GIVES_FIRST], signatures.gives_first),
                (given[at.GIVES_MORE], signatures.gives_more),
                (members, self._set_columns),
            ):
                new = [bit for one in sets for bit in of_set[one]]
                rows += [number] * len(new)
                bits += new
        for place, (rows, bits) in given.items():
            records[:, place : place + at.SIGNATURE_BYTES] = scatter(rows, bits, count, at.SIGNATURE_BYTES)
        lists = EntryLists(records)
        for side, of_side in enumerate(choices):
            lists.add(side, of_side, signatures)
        return Classes(records.reshape(-1), lists.units(), *member_rows(*members, count, self.parts))

    def arrays(self) -> dict[int, npt.NDArray[np.generic]]:
        """Give the exact table, the open tests and the bytes both point into."""
        arena = bytearray()
        exact = exact_table(self._values, arena)
        heads, affixes = affix_table(self.tests, arena)
        return {
            at.EXACT: exact,
            at.AFFIX_HEADS: heads,
            at.AFFIXES: affixes,
            at.TEST_CLASS: np.array(self._test_classes or [0], np.uint32),
            at.ARENA: np.frombuffer(bytes(arena) + bytes(16), np.uint8),
        }


class EntryLists:
    """The lists of entries of all classes, see layout.ENTRY_*; their places are written into the records."""

    def __init__(self, records: Bytes) -> None:
        self._records = records
        self._units: list[tuple[int, int]] = []

    def add(self, side: int, choices: Sequence[Sequence[Choice]], signatures: Signatures) -> None:
        """Add the lists of one side: per class its entries, in order of the bit they wait for."""
        for number, of_class in enumerate(choices):
            mine = sorted(signatures.record(entry, needs) for entry, needs in of_class)
            if mine:
                self._add_list(self._records[number], side, mine)

    def _add_list(self, record: Bytes, side: int, entries: list[tuple[int, int, int]]) -> None:
        bits = [entry[0] for entry in entries]
        distinct = sorted(set(bits))
        head = (len(distinct) + 7) // 8
        offsets = np.zeros(8 * head, np.uint16)
        offsets[: len(distinct)] = [head + bits.index(bit) for bit in distinct]
        last = [bit != after for bit, after in zip(bits, [*bits[1:], -1], strict=True)]
        units = [(int(low), int(high)) for low, high in offsets.view(np.uint64).reshape(-1, 2)]
        units += [
            (one, two | (at.ENTRY_LAST << 16 if end else 0)) for (_, one, two), end in zip(entries, last, strict=True)
        ]
        wants = record[at.WANTS + at.WANTS_SIDE * side :][: at.SIGNATURE_BYTES]
        wants |= np.packbits(np.isin(np.arange(at.SIGNATURE_BITS), distinct), bitorder="little")
        ranks = np.searchsorted(distinct, np.arange(0, at.SIGNATURE_BITS, 64)).astype(np.uint16)
        place = at.RANKS + at.RANKS_SIDE * side
        record[place : place + 16] = ranks.view(np.uint8)
        place = at.LIST + at.LIST_SIDE * side
        record[place : place + 8] = np.array([len(self._units), len(units)], np.uint32).view(np.uint8)
        self._units += units

    def units(self) -> npt.NDArray[np.uint64]:
        """Give all lists, one behind the other."""
        return np.array(self._units or [(0, 0)], np.uint64)


def member_rows(
    rows: Sequence[int], columns: Sequence[int], count: int, parts: int
) -> tuple[Bytes, npt.NDArray[np.uint64]]:
    """Give per class which blocks of 64 columns are not empty, and the blocks: see layout.MEMBERS."""
    row, column = np.array(rows, np.int64), np.array(columns, np.int64)
    width = 64 * parts  # blocks of a row
    keys, which = np.unique(row * width + (column >> 6), return_inverse=True)
    blocks = np.zeros(len(keys) + 1, np.uint64)
    np.bitwise_or.at(blocks, which, np.uint64(1) << (column & 63).astype(np.uint64))
    table = np.zeros((count, 12 * parts), np.uint8)
    table[:, : 8 * parts] = scatter((keys // width).tolist(), (keys % width).tolist(), count, 8 * parts)
    starts = np.searchsorted(keys, np.arange(0, count * width, 64)).astype(np.uint32)
    table[:, 8 * parts :] = starts.reshape(count, parts).view(np.uint8)
    return table.reshape(-1), blocks


class TestFinder:
    """Finds the open tests that a word passes, by the lengths of their words."""

    __test__ = False  # no test class for pytest

    def __init__(self, tests: Sequence[TokenTest]) -> None:
        self._kinds: list[dict[str, TokenTest]] = [{}, {}, {}]
        for test in tests:
            self._kinds[test.open_front + 2 * test.open_back - 1][test.word] = test
        self._lengths = [sorted({len(word) for word in kind}) for kind in self._kinds]

    def passed_by(self, word: str) -> Iterator[TokenTest]:
        """Give all tests that accept the word, some perhaps twice."""
        for kind, lengths in zip(self._kinds, self._lengths, strict=True):
            for length in lengths:
                if length > len(word):
                    break
                for part in self._parts(word, length, kind is self._kinds[0], kind is self._kinds[1]):
                    if part in kind:
                        yield kind[part]

    def _parts(self, word: str, length: int, suffix: bool, prefix: bool) -> Iterator[str]:
        if suffix:
            yield word[len(word) - length :]
        elif prefix:
            yield word[:length]
        else:
            yield from (word[start : start + length] for start in range(len(word) - length + 1))


def word_key(word: str) -> bytes:
    """Write a folded word as the kernels do: UTF-8, with `_` as 0x7F."""
    return word.replace("_", "\x7f").encode()


def _multiply(left: int, right: int) -> int:
    return left * right & WORD_MASK


def key_hash(key: bytes) -> int:
    """Hash a key as words.key_hash does."""
    state = len(key)
    for place in range(0, len(key), 8):
        state = _multiply(state ^ int.from_bytes(key[place : place + 8], "little"), at.MIX_1 & WORD_MASK)
        state ^= state >> 29
    return state


def affix_bucket(kind: int, head: bytes) -> int:
    """Bucket of an affix as words.affix_bucket has it."""
    return _multiply(int.from_bytes(head, "little") + (kind << 32), at.MIX_1 & WORD_MASK) >> (64 - 13)


def exact_table(values: Mapping[bytes, int], arena: bytearray) -> Bytes:
    """Fill the open-addressing table of all words, at most half full; long words go to the arena."""
    size = 64
    while size < 2 * len(values) + 2:
        size *= 2
    table = np.zeros((size, 4), np.uint64)
    taken = bytearray(size)
    for key, value in values.items():
        if not key:
            continue
        slot = key_hash(key) >> 20 & (size - 1)
        while taken[slot]:
            slot = (slot + 1) & (size - 1)
        taken[slot] = 1
        place = 0
        if len(key) > 16:
            place = len(arena)
            arena += key
        head, tail = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:16], "little")
        table[slot] = head, tail, value | len(key) << 32, place
    return table.view(np.uint8).reshape(-1)


def affix_table(tests: Sequence[TokenTest], arena: bytearray) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Fill the buckets of open tests. Raises PatternError for an affix too short to look up."""
    heads = np.zeros(at.AFFIX_BUCKETS, np.uint32)
    affixes = np.zeros((len(tests) + 1, 4), np.uint32)
    for number, test in enumerate(tests):
        kind, head, key = _affix(test)
        bucket = affix_bucket(kind, head)
        affixes[number] = heads[bucket], number, kind << 24 | len(key), len(arena)
        heads[bucket] = number + 1
        arena += key
    return heads, affixes


def _affix(test: TokenTest) -> tuple[int, bytes, bytes]:
    key = word_key(test.word)
    if len(key) < (4 if test.open_front else 2):
        raise PatternError(test.word, 0, "too few characters beside a star", "at least 2 before a star, 4 after one")
    if not test.open_front:
        kind = at.AFFIX_PREFIX_2 if len(key) == 2 else at.AFFIX_PREFIX_3
        return kind, key[: kind + 1], key
    if test.open_back:
        return at.AFFIX_INFIX, key[:4], key
    return at.AFFIX_SUFFIX, key[-4:], key
