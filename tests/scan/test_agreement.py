"""The scanner agrees with the slow reader on every span, pattern and context of random texts and packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scan import builder, reference

from seinpost.packs.language import Item, Pattern, TokenSet, TokenTest
from seinpost.packs.pack import Pack
from seinpost.scan.scanner import Scanner
from seinpost.types import Context

WORDS = ("man", "mannen", "mensenhandel", "handel", "geen", "niet", "maar", "dhr", "s", "1500", "500", "ijs", "x_y")
LONG_WORDS = ("hottentottententen", "vreemdelingenbewaringsmaatregelen", "huis" * 20)
WRITTEN = (
    *WORDS,
    *LONG_WORDS,
    *("MAN", "Ménsenhandel", "méns\u00adenhandel", "me\u0301nsenhandel", "man’s", "'s", "ĳs", "Ĳs", "ﬁets", "1.500"),
    *(
        "1,500",
        "1.500.500",
        "1.50",
        "500.500",
        "１.５００",
        "m\u200dan",
        "man\u0301",
        "’",
        "`",
        "é",
        "ж",
        "日本",
        "½",
        "²",
    ),
    *("x" * 16, "x" * 17, "x" * 80, "aaa_bbb", "handelaar", "tussenhandelaar", "e\u0301\u0300", "ß", "İ", "ΑΣ", "😀"),
)
BETWEEN = (
    *(
        " ",
        " ",
        " ",
        " ",
        " ",
        "-",
        "/",
        ", ",
        ",",
        ". ",
        ".",
        "! ",
        "? ",
        "; ",
        "...",
        ".. ",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
    ),
    *(
        "\u2028",
        "\u0085",
        " \n ",
        "\n, ",
        "\u00a0",
        "  ",
        ": ",
        "(",
        ")",
        "“",
        "” ",
        "–",
        "😀",
        ".\u00a0",
        ".\n",
        "",
        "\u200b",
    ),
    *("\t", ". \n", "'. ", "\v", "\x00", "\x1c"),
)
CASES = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def written_texts(draw: st.DrawFn) -> str:
    """Text of words that patterns know, glued by all that may stand between."""
    parts = draw(st.lists(st.tuples(st.sampled_from(WRITTEN), st.sampled_from(BETWEEN)), max_size=40))
    text = "".join(word + between for word, between in parts)
    return text[: draw(st.sampled_from([len(text), 63, 64, 65, 127, 128, 129, 192]))]


tests = st.one_of(
    st.sampled_from(WORDS + LONG_WORDS).map(TokenTest),
    st.sampled_from(("man", "han", "15", "huis", "vreemdelingenbewaring")).map(lambda w: TokenTest(w, open_back=True)),
    st.sampled_from(("handel", "enhandel", "nnen", "bewaringsmaatregelen")).map(
        lambda w: TokenTest(w, open_front=True)
    ),
    st.sampled_from(("hand", "ensen", "tenten", "lingenbewaringsmaat")).map(lambda w: TokenTest(w, True, True)),
)
sets: st.SearchStrategy[TokenSet] = st.frozensets(tests, min_size=1, max_size=3)
runs = st.lists(st.lists(sets, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)


@st.composite
def sides(draw: st.DrawFn) -> tuple[Item, ...]:
    """One to four items, those inside perhaps optional."""
    size = draw(st.integers(1, 4))
    inner = range(1, size - 1)
    gaps = st.sampled_from((0, 0, 1, 2, 5))
    return tuple(Item(draw(runs), draw(gaps) if n else 0, n in inner and draw(st.booleans())) for n in range(size))


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Any pattern that spans at most 60 tokens."""
    left = draw(sides())
    if draw(st.booleans()):
        return Pattern("left", left)
    return Pattern("both", left, draw(sides()), draw(st.sampled_from((0, 1, 3, 6))))


few = st.lists(patterns(), max_size=2).map(tuple)


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """A pack of a few random patterns and cues."""
    rules = draw(st.lists(st.lists(patterns(), min_size=1, max_size=3).map(tuple), min_size=1, max_size=3))
    return builder.pack(
        rules,
        {role: draw(few) for role in builder.ROLES},
        {n: draw(few) for n in range(len(rules)) if draw(st.booleans())},
        terminators=draw(st.lists(st.sampled_from(WORDS), max_size=2)),
        abbreviations=draw(st.lists(st.sampled_from(WORDS), max_size=2)),
        scope=draw(st.sampled_from(((6, 3, 6), (2, 1, 2), (0, 0, 0), (9, 9, 9)))),
    )


# --- few words, so that matches and near-matches abound ---------------------------------------------------------------

FEW = ("man", "geld", "handel", "niet", "maar")
few_written = st.one_of(st.sampled_from(FEW), st.sampled_from((*FEW, "mensenhandel", "Mán", "x", "NIET", "gelden")))
few_between = st.sampled_from((" ",) * 14 + (", ", ". ", "? ", "\n", " - ", ". X. ", "\n\n"))
few_tests = st.one_of(
    st.sampled_from(FEW).map(TokenTest),
    st.sampled_from(
        (TokenTest("handel", open_front=True), TokenTest("gel", open_back=True), TokenTest("ande", True, True))
    ),
)
few_runs = st.lists(
    st.lists(st.frozensets(few_tests, min_size=1, max_size=2), min_size=1, max_size=2).map(tuple),
    min_size=1,
    max_size=3,
).map(tuple)


@st.composite
def dense_texts(draw: st.DrawFn) -> str:
    """Many sentences of the few words."""
    parts = draw(st.lists(st.tuples(few_written, few_between), min_size=10, max_size=70))
    return "".join(word + between for word, between in parts)


@st.composite
def dense_patterns(draw: st.DrawFn, most: int) -> Pattern:
    """A pattern of the few words with gaps, optional items and perhaps two sides."""

    def side() -> tuple[Item, ...]:
        size = draw(st.integers(1, most))
        gaps = st.sampled_from((0, 1, 2, 4))
        return tuple(
            Item(draw(few_runs), draw(gaps) if n else 0, 0 < n < size - 1 and draw(st.booleans())) for n in range(size)
        )

    if draw(st.integers(0, 2)):
        return Pattern("left", side())
    return Pattern("both", side(), side(), draw(st.integers(0, 4)))


@st.composite
def dense_packs(draw: st.DrawFn) -> Pack:
    """Patterns over the few words; each kind of cue is there now and then, so that each context is reached."""
    some = st.lists(dense_patterns(2), min_size=1, max_size=2).map(tuple)
    rules = draw(st.lists(st.lists(dense_patterns(4), min_size=1, max_size=3).map(tuple), min_size=1, max_size=3))
    roles = draw(st.sets(st.sampled_from(builder.ROLES), max_size=4))
    return builder.pack(
        rules,
        {role: draw(some) for role in sorted(roles)},
        {n: draw(some) for n in range(len(rules)) if draw(st.integers(0, 5)) == 0},
        terminators=draw(st.lists(st.sampled_from(FEW), max_size=1)),
        abbreviations=draw(st.lists(st.sampled_from(FEW), max_size=1)),
        scope=draw(st.sampled_from(((6, 3, 6), (2, 1, 2), (9, 9, 9)))),
    )


def agree(pack: Pack, texts: Sequence[str | None], scanner: Scanner | None = None) -> None:
    """Fail unless the scanner finds what the reader finds."""
    found = builder.rows(scanner or Scanner(pack), pa.array(texts, pa.large_string()))
    assert found == reference.scan(pack, list(texts))


@pytest.mark.long(40)
@CASES
@given(packs(), st.lists(st.one_of(written_texts(), st.none()), max_size=6))
def test_random_packs_and_texts(pack: Pack, texts: list[str | None]) -> None:
    agree(pack, texts)


@pytest.mark.long(30)
@CASES
@given(dense_packs(), st.lists(dense_texts(), min_size=1, max_size=3))
def test_few_words_with_many_hits(pack: Pack, texts: list[str]) -> None:
    agree(pack, texts)


def test_the_dense_cases_reach_every_context() -> None:
    """The cases above prove nothing unless they hold hits of more than one token, and each context."""
    contexts: Counter[int] = Counter()
    wide = 0

    @settings(CASES, max_examples=600, derandomize=True, database=None)
    @given(dense_packs(), dense_texts())
    def count(pack: Pack, text: str) -> None:
        nonlocal wide
        found = reference.scan(pack, [text])
        contexts.update(row[6] for row in found)
        wide += sum(" " in text[row[1] : row[2]] for row in found)

    count()
    assert set(contexts) == {int(context) for context in Context}
    assert wide > 200


def one_word_pack() -> Pack:
    """Every word is a pattern, as are all tokens that end, begin or go on in some way."""
    words = ["man", "mensenhandel", "1500", "500", "ijs", "fiets", "*handel", "*hand*", "man*", "x_y", "s", "mans"]
    return builder.pack([builder.patterns([*words, "man ~5 mensenhandel", "mannen maar", "handel &9 1500"])])


ONE_WORD = one_word_pack()
ONE_WORD_SCANNER = Scanner(ONE_WORD)


@CASES
@given(st.lists(written_texts(), max_size=8))
def test_written_words(texts: list[str]) -> None:
    agree(ONE_WORD, texts, ONE_WORD_SCANNER)


@CASES
@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_unicode(texts: list[str]) -> None:
    agree(ONE_WORD, texts, ONE_WORD_SCANNER)


@CASES
@given(st.text(st.characters(max_codepoint=0x2FF), max_size=150).map(lambda t: f"man {t} man {t}handel 1{t}500"))
def test_words_beside_any_character(text: str) -> None:
    agree(ONE_WORD, [text], ONE_WORD_SCANNER)


@pytest.mark.parametrize("word", ["man", "é", "’s", "mensenhandel"])
def test_lengths_around_blocks(word: str) -> None:
    """Words at every place around the ends of 64-byte blocks and of chunks, at the end of a text and before more."""
    texts = [" " * size + word for size in [*range(50, 70), *range(118, 132), *range(4080, 4100), *range(8180, 8196)]]
    texts += [text + " man" for text in texts]
    agree(ONE_WORD, texts, ONE_WORD_SCANNER)
