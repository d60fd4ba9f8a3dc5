"""A slow, plain reader of docs/reference/pattern-language.md, for tests: shares no code with the scanner."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from seinpost.packs.language import Item, Pattern
from seinpost.packs.pack import Cues, Pack
from seinpost.types import Context

DROPPED = set("'’‘`ʼ´\u00ad\u200c\u200d\u2060\ufeff")
WHITE_SPACE = set("\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(c) for c in range(0x2000, 0x200B)
}
LINE_ENDS = set("\n\r\u2028\u2029\u0085")

Span = tuple[int, int]


@cache
def fold(char: str) -> str | None:
    """What a word character contributes; "" for a dropped one, None for a separator."""
    if char in DROPPED or unicodedata.category(char).startswith("M"):
        return ""
    folded = char
    for _ in range(4):
        folded = unicodedata.normalize("NFKD", "".join(part.lower() for part in folded))
    kept = [part for part in folded if part not in DROPPED and not unicodedata.category(part).startswith("M")]
    if any(part != "_" and unicodedata.category(part)[0] not in "LN" for part in kept):
        return None
    return "".join(kept)


@dataclass(frozen=True)
class Word:
    """A token: folded form, and characters from `start` to `end` (exclusive)."""

    form: str
    start: int
    end: int


def cut(text: str) -> list[Word]:
    """Section 1: tokens, thousands joined."""
    words: list[Word] = []
    place = 0
    while place < len(text):
        stop = place
        while stop < len(text) and fold(text[stop]) is not None:
            stop += 1
        letters = [n for n in range(place, stop) if fold(text[n])]
        if letters:
            end = letters[-1] + 1
            while end < len(text) and unicodedata.category(text[end]).startswith("M"):
                end += 1
            words.append(Word("".join(fold(text[n]) or "" for n in letters), letters[0], end))
        place = stop + 1
    joined: list[Word] = []
    open_number = False
    for word in words:
        tail = len(word.form) == 3 and set(word.form) <= set("0123456789")
        if open_number and tail and text[joined[-1].end : word.start] in {".", ","}:
            joined[-1] = Word(joined[-1].form + word.form, joined[-1].start, word.end)
            continue
        joined.append(word)
        open_number = len(word.form) <= 3 and set(word.form) <= set("0123456789")
    return joined


def is_break(text: str, left: Word, right: Word, abbreviations: frozenset[str]) -> bool:
    """Section 2: is there a sentence break between two tokens?"""
    between = text[left.end : right.start]
    quiet = left.form in abbreviations or (len(left.form) == 1 and unicodedata.category(left.form).startswith("L"))
    for place, char in enumerate(between):
        followed = place + 1 < len(between) and between[place + 1] in WHITE_SPACE
        if char in "!?;." and followed and not (char == "." and place == 0 and quiet):
            return True
    lines = between.replace("\r\n", "\n")
    ends = [place for place, char in enumerate(lines) if char in LINE_ENDS]
    if not ends:
        return False
    after = [char for char in lines[ends[0] + 1 :] if char not in WHITE_SPACE] + [text[right.start]]
    return len(ends) > 1 or unicodedata.category(after[0]) != "Ll"


@dataclass(frozen=True)
class Reading:
    """A text read: tokens, sentence number per token, comma before each token."""

    words: list[Word]
    sentence: list[int]
    comma: list[bool]

    def adjacent(self, later: int) -> bool:
        return self.sentence[later] == self.sentence[later - 1] and not self.comma[later]


def read(text: str, abbreviations: frozenset[str]) -> Reading:
    """Sections 1 and 2 of one text."""
    words = cut(text)
    sentence, comma = [0] * len(words), [False] * len(words)
    for n in range(1, len(words)):
        sentence[n] = sentence[n - 1] + is_break(text, words[n - 1], words[n], abbreviations)
        comma[n] = "," in text[words[n - 1].end : words[n].start]
    return Reading(words, sentence, comma)


def item_ends(reading: Reading, item: Item, start: int) -> set[int]:
    """Last tokens of the item's runs that start at this token."""
    ends = set()
    for run in item.runs:
        stop = start + len(run)
        if stop > len(reading.words) or not all(reading.adjacent(n) for n in range(start + 1, stop)):
            continue
        if all(any(t.accepts(reading.words[start + n].form) for t in tokens) for n, tokens in enumerate(run)):
            ends.add(stop - 1)
    return ends


def rest_ends(reading: Reading, items: tuple[Item, ...], last: int, gap: int) -> set[int]:
    """Last tokens of ways to match the other items after token `last`; `gap` comes from absent items."""
    if not items:
        return {last}
    item, gap = items[0], max(gap, items[0].gap)
    found: set[int] = set()
    for start in range(last + 1, min(last + gap + 2, len(reading.words))):
        if reading.sentence[start] != reading.sentence[last] or (gap == 0 and not reading.adjacent(start)):
            continue
        for end in item_ends(reading, item, start):
            found |= rest_ends(reading, items[1:], end, 0)
    if item.optional:
        found |= rest_ends(reading, items[1:], last, gap)
    return found


def side_spans(reading: Reading, items: tuple[Item, ...]) -> set[Span]:
    """All match spans of one side."""
    return {
        (start, last)
        for start in range(len(reading.words))
        for end in item_ends(reading, items[0], start)
        for last in rest_ends(reading, items[1:], end, 0)
    }


def all_spans(reading: Reading, pattern: Pattern) -> set[Span]:
    """Section 3: all match spans of a pattern, in tokens, both ends inclusive."""
    left = side_spans(reading, pattern.left)
    if pattern.within is None:
        return left
    right = side_spans(reading, pattern.right)
    found = set()
    for one, two in [(a, b) for a in left for b in right] + [(b, a) for a in left for b in right]:
        if 0 <= two[0] - one[1] - 1 <= pattern.within and reading.sentence[two[0]] == reading.sentence[one[1]]:
            found.add((one[0], two[1]))
    return found


def shortest(spans: set[Span]) -> set[Span]:
    """Section 4: spans that hold no other span."""
    return {s for s in spans if not any(t != s and s[0] <= t[0] and t[1] <= s[1] for t in spans)}


class Contexts:
    """Section 5, for one text."""

    def __init__(self, reading: Reading, pack: Pack) -> None:
        self.reading, self.pack = reading, pack

    def spans(self, patterns: tuple[Pattern, ...]) -> set[Span]:
        return {span for pattern in patterns for span in all_spans(self.reading, pattern)}

    def in_sentence(self, patterns: tuple[Pattern, ...], sentences: range) -> set[Span]:
        return {s for s in self.spans(patterns) if self.reading.sentence[s[0]] in sentences}

    def scope(self, hit: Span, before: int, after: int) -> Span:
        """Tokens around a hit: at most so many before and after it, in its sentence, cut at terminators."""
        reading, low, high = self.reading, hit[0], hit[1]
        terminators = self.pack.cues.terminators
        while low > 0 and hit[0] - low < before and reading.adjacent(low):
            if reading.words[low - 1].form in terminators:
                break
            low -= 1
        while high + 1 < len(reading.words) and high - hit[1] < after and reading.adjacent(high + 1):
            if reading.words[high + 1].form in terminators:
                break
            high += 1
        return low, high

    def negated(self, hit: Span) -> bool:
        cues = self.pack.cues
        low, high = self.scope(hit, cues.scope.before, cues.scope.after)
        bare, _ = self.scope(hit, cues.scope.before_bare, 0)
        pseudo, _ = self.scope(hit, 4, 0)
        if any(pseudo <= s[0] and s[1] <= hit[1] for s in self.spans(cues.pseudo)):
            return False
        return (
            any(low <= s[0] and s[1] < hit[0] for s in self.spans(cues.negation_before))
            or any(bare <= s[0] and s[1] < hit[0] for s in self.spans(cues.negation_bare))
            or any(hit[1] < s[0] and s[1] <= high for s in self.spans(cues.negation_after))
        )

    def of(self, hit: Span, unless: tuple[Pattern, ...]) -> Context:
        cues: Cues = self.pack.cues
        sentence = self.reading.sentence[hit[0]]
        same = range(sentence, sentence + 1)

        def outside(patterns: tuple[Pattern, ...], sentences: range) -> bool:
            return any(s[1] < hit[0] or hit[1] < s[0] for s in self.in_sentence(patterns, sentences))

        if self.in_sentence(unless, same):
            return Context.OTHER_MEANING
        if self.in_sentence(cues.template, same):
            return Context.TEMPLATE
        if self.negated(hit):
            return Context.NEGATED
        if self.in_sentence(cues.template, range(1)):
            return Context.TEMPLATE
        if outside(cues.excluded_by_officer, range(sentence - 2, sentence + 3)):
            return Context.EXCLUDED_BY_OFFICER
        for patterns, context in (
            (cues.hypothetical, Context.HYPOTHETICAL),
            (cues.historical, Context.HISTORICAL),
            (cues.other_person, Context.OTHER_PERSON),
            (cues.denied_by_person, Context.DENIED_BY_PERSON),
        ):
            if outside(patterns, same):
                return context
        return Context.AFFIRMED


Row = tuple[int, int, int, int, int, int, int, int]


def scan_text(pack: Pack, row: int, text: str) -> list[Row]:
    """Hits of one text: (row, start, end, pattern, byte start, byte end, context, sentence), sorted."""
    reading = read(text, pack.abbreviations)
    contexts = Contexts(reading, pack)
    found = []
    for number, rule in enumerate(pack.patterns):
        for span in shortest(all_spans(reading, rule.pattern)):
            start, end = reading.words[span[0]].start, reading.words[span[1]].end
            context = contexts.of(span, pack.indicators[rule.indicator].unless)
            ends = len(text[:start].encode()), len(text[:end].encode())
            found.append((row, start, end, number, *ends, int(context), reading.sentence[span[0]]))
    return sorted(found)


def scan(pack: Pack, texts: list[str | None]) -> list[Row]:
    """Hits of all texts."""
    return [hit for row, text in enumerate(texts) if text is not None for hit in scan_text(pack, row, text)]
