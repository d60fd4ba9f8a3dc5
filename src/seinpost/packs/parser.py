"""Read the pattern language: text -> `Pattern`, or a `PatternError` that points at the column.

The grammar and its limits stand in docs/reference/pattern-language.md, section 3. A `PatternParser` opens each macro
once, so thousands of patterns of one pack share the work and the token sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn

from seinpost.errors import PatternError
from seinpost.packs.language import Item, Pattern, Run, TokenSet, TokenTest
from seinpost.packs.words import FUNCTION_WORDS, NUMBER_WORDS, fold

MAX_RUNS = 4_000
MAX_VARIANTS = 32
MAX_WIDTH = 60
MAX_NUMBERS = 100
MAX_DEPTH = 20
MIN_PREFIX = 3
MIN_DIGIT_PREFIX = 2
MIN_INFIX = 4

Runs = tuple[Run, ...]

_TOKEN = re.compile(
    r"(?P<test>\*?\w+\*?)"
    r"|(?P<flat>\((?P<words>[a-z0-9_]+(?:\|[a-z0-9_]+)*)\))"  # a group of plain words needs no descent
    r"|(?P<within> &(?P<within_n>\d+) )"
    r"|(?P<gap> ~(?P<gap_n>\d+) )"
    r"|(?P<space> )"
    r"|(?P<bar>\|)"
    r"|(?P<open>\()"
    r"|(?P<close>\))"
    r"|(?P<macro>\{(?P<name>[A-Z][A-Z0-9_]*)\})"
    r"|(?P<option>\[)"
    r"|(?P<end_option>\])"
    r"|(?P<number><n:(?P<low>\d{1,9})-(?P<high>\d{1,9})>)"
    r"|(?P<odd>.)",
    re.DOTALL,
)
_ATOMS = frozenset(("test", "flat", "open", "macro", "number"))
_HINTS = {
    "~": "a gap is written ' ~3 ', with one space before and after it, between two items outside groups",
    "&": "a window is written ' &8 ', with one space before and after it, once, between two sides",
    "<": "a number is written <n:8-17>",
    "{": "a macro is written {NAME}, in capitals, digits and _",
    "'": "an apostrophe is dropped: foto's is written fotos",
    "*": "a star stands right before or after a word: woord* *woord *woord*",
    "-": "a hyphen separates tokens: write a space",
    ",": "a comma cannot be asked for; write a gap ~N to pass over it",
}
_MISPLACED = {
    "space": "one space between words, none at the ends or beside ( | )",
    "bar": "alternatives between ( and ), none of them empty",
    "close": "a ) for every (, with words between",
    "end_option": "a ] for every [, with words between",
}
_WORDS = "words in lower case, one space, ( | ) [ ] {NAME} <n:8-17> ~N &N *"


def parse_pattern(text: str, macros: Mapping[str, str]) -> Pattern:
    """Read one pattern; `macros` maps names to alternatives ("paspoort|id kaart").

    Raises PatternError, with the 0-based column in `text` or in the macro that is wrong.
    """
    return PatternParser(macros).parse(text)


class PatternParser:
    """Reads patterns over one set of macros; each macro is opened once."""

    def __init__(self, macros: Mapping[str, str]) -> None:
        self._macros = macros
        self._opened: dict[str, Runs] = {}
        self._opening: list[str] = []
        self._tests: dict[str, Runs] = {}
        self._words: dict[str, Runs] = {}
        self._joined: dict[TokenSet, TokenSet] = {}

    def parse(self, text: str, *, cue: bool = False) -> Pattern:
        """Read one pattern; a cue may consist of function words alone ("geen"), any other pattern may not.

        Raises PatternError.
        """
        reader = _Reader(text, self)
        left = reader.side()
        within: int | None = None
        right: tuple[Item, ...] = ()
        if reader.kind == "within":
            within = reader.count("within_n")
            reader.advance()
            right = reader.side()
        if reader.kind != "end":
            reader.fail()
        _check_limits(text, left, right, within)
        if not cue:
            _check_content(text, (*left, *right))
        return Pattern(text=text, left=left, right=right, within=within)

    def open_macro(self, name: str) -> Runs:
        """Give the alternatives of one macro; raises PatternError when it is unknown, circular or does not parse."""
        if name in self._opened:
            return self._opened[name]
        if name in self._opening:
            circle = " -> ".join((*self._opening[self._opening.index(name) :], name))
            raise PatternError(f"{{{name}}}", 0, f"macros in a circle: {circle}", "macros that do not use themselves")
        if len(self._opening) >= MAX_DEPTH:
            raise PatternError(f"{{{name}}}", 0, f"macros nested deeper than {MAX_DEPTH}", f"at most {MAX_DEPTH}")
        reader = _Reader(self._macros[name], self, macro=name)
        self._opening.append(name)
        try:
            runs = reader.alternatives()
            if reader.kind != "end":
                reader.fail()
        finally:
            self._opening.pop()
        self._opened[name] = runs
        return runs

    def has_macro(self, name: str) -> bool:
        """Tell whether the pack has this macro."""
        return name in self._macros

    def macro_names(self) -> tuple[str, ...]:
        """Give the names of all macros, sorted."""
        return tuple(sorted(self._macros))

    def known_test(self, written: str) -> Runs | None:
        """Give a test that was read before, as it was."""
        return self._tests.get(written)

    def test(self, written: str) -> Runs:
        """Give one written test, already checked, as a run of its own."""
        test = TokenTest(written.strip("*"), written.startswith("*"), written.endswith("*"))
        runs = self._tests[written] = ((self.share(frozenset((test,))),),)
        return runs

    def words(self, written: str) -> Runs:
        """Give "a|b|c", plain words only, as one token set."""
        found = self._words.get(written)
        if found is None:
            tokens = frozenset(TokenTest(word) for word in written.split("|"))
            found = self._words[written] = ((self.share(tokens),),)
        return found

    def share(self, tokens: TokenSet) -> TokenSet:
        """Give one shared object for equal token sets, so later rooms compare them fast."""
        return self._joined.setdefault(tokens, tokens)


class _Reader:
    """Recursive descent over the tokens of one text; the current token is (`kind`, `match`, `column`)."""

    def __init__(self, text: str, parser: PatternParser, macro: str | None = None) -> None:
        self.text = text
        self.parser = parser
        self.macro = macro
        self._stream: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self.kind = ""
        self.after_atom = False  # an atom ended right before the current token
        self.depth = 0
        self.match: re.Match[str] | None = None
        self.column = 0
        self.advance()

    def advance(self) -> None:
        """Go to the next token; after the last the kind is "end"."""
        match = next(self._stream, None)
        self.match = match
        if match is None:
            self.kind = "end"
            self.column = len(self.text)
        else:
            self.kind = _kind(match)
            self.column = match.start()

    def count(self, group: str) -> int:
        """Give the number inside the current token, at most the widest match."""
        digits = self.match.group(group) if self.match else "0"
        if len(digits) > 4 or int(digits) > MAX_WIDTH:
            raise self.error(self.column, f"{digits} tokens is too far apart", f"0-{MAX_WIDTH}")
        return int(digits)

    def side(self) -> tuple[Item, ...]:
        """Read items up to "&N" or the end."""
        start = self.column
        items = [self.item(gap=0)]
        while self.kind in ("space", "gap"):
            gap = self.count("gap_n") if self.kind == "gap" else 0
            self.advance()
            items.append(self.item(gap))
        for item, place in ((items[0], "first"), (items[-1], "last")):
            if item.optional:
                raise self.error(start, f"the {place} item of a side is optional", "[x] between two other items")
        return tuple(items)

    def item(self, gap: int) -> Item:
        """Read one item: an atom, or [alternatives]."""
        if self.kind != "option":
            return Item(self.atom(), gap)
        self.advance()
        runs = self.alternatives()
        self.expect("end_option", "]")
        return Item(runs, gap, optional=True)

    def alternatives(self) -> Runs:
        """Read runs parted by "|"; single-token alternatives become one token set."""
        runs = list(self.run())
        while self.kind == "bar":
            self.advance()
            runs.extend(self.run())
        return self._join(runs)

    def run(self) -> Runs:
        """Read adjacent atoms; give every run they can make."""
        start = self.column
        runs = self.atom()
        while self.kind == "space":
            self.advance()
            more = self.atom()
            cost = len(runs) * len(more)
            if cost > MAX_RUNS:
                raise self.error(start, f"the item explodes into {cost} runs", f"at most {MAX_RUNS}")
            runs = tuple(left + right for left in runs for right in more)
        return runs

    def atom(self) -> Runs:
        """Read a test, number, macro or group."""
        match, kind = self.match, self.kind
        if match is None or kind not in _ATOMS:
            self.fail()
        if kind == "open":
            return self._group()
        runs: Runs
        if kind == "test":
            runs = self._test(match.group())
        elif kind == "flat":
            runs = self.parser.words(match.group("words"))
        elif kind == "number":
            runs = self._number(int(match.group("low")), int(match.group("high")))
        else:
            runs = self._open(match.group("name"))
        self.advance()
        self.after_atom = self.kind in _ATOMS
        return runs

    def _group(self) -> Runs:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(self.column, f"groups nested deeper than {MAX_DEPTH}", f"at most {MAX_DEPTH}")
        self.advance()
        runs = self.alternatives()
        self.expect("close", ")")
        self.depth -= 1
        self.after_atom = self.kind in _ATOMS
        return runs

    def _open(self, name: str) -> Runs:
        if not self.parser.has_macro(name):
            allowed = ", ".join(self.parser.macro_names()) or "this pack has no macros"
            raise self.error(self.column, f"unknown macro {name}", allowed)
        return self.parser.open_macro(name)

    def _test(self, written: str) -> Runs:
        known = self.parser.known_test(written)
        if known is not None:
            return known
        word = written.strip("*")
        if not word.isascii() or word.lower() != word:
            self._check_folded(word)
        if len(written) != len(word):
            self._check_star(word, open_front=written.startswith("*"))
        return self.parser.test(written)

    def _check_folded(self, word: str) -> None:
        folded = fold(word)
        if folded != word:
            raise self.error(self.column, f"{word!r} is not written folded", folded or _WORDS)

    def _check_star(self, word: str, *, open_front: bool) -> None:
        least = MIN_INFIX if open_front else MIN_DIGIT_PREFIX if word.isdigit() else MIN_PREFIX
        if len(word) < least:
            problem = f"only {len(word)} characters beside a star"
            allowed = f"at least {MIN_PREFIX} before a star ({MIN_DIGIT_PREFIX} digits), {MIN_INFIX} after one"
            raise self.error(self.column, problem, allowed)

    def _number(self, low: int, high: int) -> Runs:
        if low > high or high - low >= MAX_NUMBERS:
            problem = f"the number range {low}-{high} holds {max(0, high - low + 1)} numbers"
            raise self.error(self.column, problem, f"1-{MAX_NUMBERS}, low before high")
        words = [str(number) for number in range(low, high + 1)]
        words += [NUMBER_WORDS[number] for number in range(low, high + 1) if number in NUMBER_WORDS]
        return ((self.parser.share(frozenset(TokenTest(word) for word in words)),),)

    def _join(self, runs: list[Run]) -> Runs:
        singles = [run[0] for run in runs if len(run) == 1]
        longer = list(dict.fromkeys(run for run in runs if len(run) > 1))
        if len(singles) > 1:
            singles = [self.parser.share(frozenset().union(*singles))]
        if len(longer) + len(singles) > MAX_RUNS:
            raise self.error(0, f"the item explodes into {len(longer) + len(singles)} runs", f"at most {MAX_RUNS}")
        return (*((single,) for single in singles), *longer)

    def expect(self, kind: str, sign: str) -> None:
        """Pass over a closing sign, or fail."""
        if self.kind == "end":
            raise self.error(self.column, f"the end where {sign} must close", f"{sign} or |")
        if self.kind != kind:
            self.fail()
        self.advance()

    def fail(self) -> NoReturn:
        """Raise the error for a token that cannot stand here."""
        raise self.error(self.column, *self._misplaced())

    def _misplaced(self) -> tuple[str, str]:
        if self.kind in ("gap", "within"):
            return f"{self._seen()} inside a group or at an end", "gaps only between items outside groups"
        if self.kind == "option" and not self.after_atom:
            return "'[' inside a group or a side's alternatives", "[x] only as an item of its own"
        if self.kind == "odd" and self.match is not None:
            return f"{self._seen()} cannot be read", _HINTS.get(self.match.group(), _WORDS)
        if self.after_atom:
            return f"{self._seen()} right after a word or group", "a space, a gap, | or the end between them"
        problem = f"{self._seen()} where a word, number, macro or group must stand"
        return problem, _MISPLACED.get(self.kind, _WORDS)

    def _seen(self) -> str:
        return "the end" if self.match is None else repr(self.match.group())

    def error(self, column: int, problem: str, allowed: str | None = None) -> PatternError:
        """Make the error, naming the macro when the text is one."""
        where = f"macro {self.macro}: " if self.macro else ""
        return PatternError(self.text, column, where + problem, allowed)


def _kind(match: re.Match[str]) -> str:
    # lastgroup names the last closed group at the outer level, which is the alternative that matched.
    return match.lastgroup or "odd"


def width(items: Iterable[Item]) -> int:
    """Give the most tokens a side can span, its gaps included."""
    return sum(item.gap + max(len(run) for run in item.runs) for item in items)


def _check_limits(text: str, left: tuple[Item, ...], right: tuple[Item, ...], within: int | None) -> None:
    variants = 2 ** sum(item.optional for item in (*left, *right))
    if variants > MAX_VARIANTS:
        raise PatternError(text, 0, f"optional items make {variants} variants", f"at most {MAX_VARIANTS}")
    span = width(left) + (within or 0) + width(right)
    if span > MAX_WIDTH:
        raise PatternError(text, 0, f"a match could span {span} tokens", f"at most {MAX_WIDTH}")


def _check_content(text: str, items: tuple[Item, ...]) -> None:
    numbers = NUMBER_WORDS.values()
    for item in items:
        for run in item.runs:
            for tokens in run:
                for test in tokens:
                    word = test.word
                    if not (word in FUNCTION_WORDS or word.isdigit() or word in numbers):
                        return
    raise PatternError(text, 0, "only numbers and function words", "at least one other word")
