"""The grammar: what parses to what, what is refused where, and that writing and reading agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seinpost.errors import PatternError
from seinpost.packs.language import Item, Pattern, TokenTest
from seinpost.packs.parser import MAX_RUNS, PatternParser, parse_pattern, width
from seinpost.packs.words import FUNCTION_WORDS, NUMBER_WORDS
from seinpost.packs.writing import write_pattern


def words(*texts: str) -> frozenset[TokenTest]:
    return frozenset(TokenTest(text) for text in texts)


def refusal(text: str, macros: dict[str, str] | None = None) -> PatternError:
    with pytest.raises(PatternError) as caught:
        parse_pattern(text, macros or {})
    return caught.value


def test_it_reads_words_gaps_and_stars() -> None:
    assert parse_pattern("paspoort* ~3 *pakt *hotel*", {}) == Pattern(
        text="paspoort* ~3 *pakt *hotel*",
        left=(
            Item(((frozenset((TokenTest("paspoort", open_back=True),)),),)),
            Item(((frozenset((TokenTest("pakt", open_front=True),)),),), gap=3),
            Item(((frozenset((TokenTest("hotel", open_front=True, open_back=True),)),),)),
        ),
    )


def test_it_joins_single_words_into_one_set_and_keeps_longer_runs() -> None:
    item = parse_pattern("(a b|paspoort|c (d|e)|id|paspoort)", {}).left[0]
    assert item.runs == ((words("paspoort", "id"),), (words("a"), words("b")), (words("c"), words("d", "e")))


def test_it_multiplies_groups_inside_runs() -> None:
    item = parse_pattern("((a b|c) (d e|f))", {}).left[0]
    texts = {" ".join(next(iter(tokens)).word for tokens in run) for run in item.runs}
    assert texts == {"a b d e", "a b f", "c d e", "c f"}


def test_it_reads_both_sides_and_optional_items() -> None:
    pattern = parse_pattern("baas ~2 [heeft|had al] ~1 paspoort &8 afgepakt", {})
    assert [item.optional for item in pattern.left] == [False, True, False]
    assert [item.gap for item in pattern.left] == [0, 2, 1]
    assert (pattern.within, len(pattern.right)) == (8, 1)


def test_it_reads_numbers_in_digits_and_words() -> None:
    (tokens,) = parse_pattern("<n:8-12> uur", {}).left[0].runs[0]
    assert tokens == words("8", "9", "10", "11", "12", "acht", "negen", "tien", "elf", "twaalf")


def test_it_opens_macros_that_use_macros() -> None:
    macros = {"DOC": "paspoort|{ID}", "ID": "id|id kaart"}
    assert parse_pattern("{DOC} weg", macros).left == parse_pattern("(paspoort|id|id kaart) weg", {}).left


@pytest.mark.parametrize(
    ("text", "column", "problem", "allowed"),
    [
        ("", 0, "the end", "words"),
        ("pas  weg", 4, "' '", "one space"),
        (" pas", 0, "' '", "one space"),
        ("pas ", 4, "the end", "words"),
        ("(pas|weg", 8, "the end where ) must close", ")"),
        ("pas)", 3, "')'", "("),
        ("pas|weg", 3, "'|'", "between ( and )"),
        ("(pas|)", 5, "')'", ")"),
        ("()", 1, "')'", ")"),
        ("[pas] weg", 0, "first item", "between two"),
        ("pas [weg]", 0, "last item", "between two"),
        ("pas ~3 weg &4 [in] huis", 14, "first item", "between two"),
        ("(pas ~3 weg)", 4, "inside a group", "outside groups"),
        ("(pas &3 weg)", 4, "inside a group", "outside groups"),
        ("pas &3 weg &4 huis", 10, "inside a group or at an end", "outside groups"),
        ("pas ~ weg", 4, "cannot be read", "' ~3 '"),
        ("pas&3 weg", 3, "cannot be read", "' &8 '"),
        ("pas ~61 weg", 3, "too far apart", "0-60"),
        ("pas ~99999 weg", 3, "too far apart", "0-60"),
        ("pa*", 0, "only 2 characters", "at least 3"),
        ("1*", 0, "only 1 characters", "2 digits"),
        ("*pas", 0, "only 3 characters", "4 after"),
        ("*", 0, "cannot be read", "star"),
        ("Paspoort", 0, "not written folded", "paspoort"),
        ("cafébaas", 0, "not written folded", "cafebaas"),
        ("foto's", 4, "cannot be read", "fotos"),
        ("e-mail", 1, "cannot be read", "hyphen"),
        ("pas, weg", 3, "cannot be read", "comma"),
        ("{doc} weg", 0, "cannot be read", "capitals"),
        ("{DOC} weg", 0, "unknown macro DOC", "no macros"),
        ("<n:8> uur", 0, "cannot be read", "<n:8-17>"),
        ("<n:9-8> uur", 0, "holds 0 numbers", "low before high"),
        ("<n:1-101> uur", 0, "holds 101 numbers", "1-100"),
        ("<n:8-9>uur", 7, "right after", "between them"),
        ("de het <n:1-3>", 0, "only numbers and function words", "one other"),
        ("niet zonder 12", 0, "", ""),
        ("pas ~30 weg ~30 baas", 0, "could span 63 tokens", "at most 60"),
        ("x [a] [b] [c] [d] [e] [f] y", 0, "64 variants", "at most 32"),
        ("(" * 30 + "pas" + ")" * 30, 20, "nested deeper than 20", "at most 20"),
    ],
)
def test_it_refuses_with_a_column_and_what_is_allowed(text: str, column: int, problem: str, allowed: str) -> None:
    if not problem:
        parse_pattern(text, {})
        return
    error = refusal(text)
    assert error.column == column
    assert problem in error.problem
    assert error.allowed is not None
    assert allowed in error.allowed


def test_it_allows_a_cue_of_function_words_alone() -> None:
    assert PatternParser({}).parse("geen", cue=True).text == "geen"


def test_it_names_the_circle_of_macros() -> None:
    error = refusal("{A} weg", {"A": "pas|{B}", "B": "{C}|id", "C": "een {A}"})
    assert "A -> B -> C -> A" in error.problem


def test_it_names_the_macro_in_which_the_fault_stands() -> None:
    error = refusal("{A} weg", {"A": "pas|"})
    assert (error.text, error.column) == ("pas|", 4)
    assert error.problem.startswith("macro A: ")


def test_it_refuses_a_chain_of_macros_that_is_too_long() -> None:
    macros = {f"M{n}": f"{{M{n + 1}}}" for n in range(40)} | {"M40": "pas"}
    assert "nested deeper" in refusal("{M0} weg", macros).problem


def test_it_refuses_an_exploding_pattern_with_its_cost() -> None:
    choice = "(" + "|".join(f"a{n} b{n}" for n in range(20)) + ")"
    error = refusal(f"({choice} {choice} {choice})")
    assert "explodes into 8000 runs" in error.problem
    assert str(MAX_RUNS) in (error.allowed or "")


def test_it_refuses_a_macro_bomb_without_building_it() -> None:
    macros = {"M0": "a b|c d"} | {f"M{n}": f"{{M{n - 1}}} {{M{n - 1}}}" for n in range(1, 15)}
    assert "explodes into 65536 runs" in refusal("{M14} x", macros).problem


def test_it_gives_the_same_objects_for_the_same_words() -> None:
    parser = PatternParser({"DOC": "pas|id"})
    first, second = parser.parse("{DOC} weg"), parser.parse("{DOC} kwijt")
    assert first.left[0].runs[0][0] is second.left[0].runs[0][0]


known = FUNCTION_WORDS | frozenset(NUMBER_WORDS.values())
word = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=8).filter(lambda text: text not in known)
test = st.builds(lambda w, f, b: "*" * f + w + "*" * b, word, st.booleans(), st.booleans())


def joined(parts: list[str], sign: str) -> str:
    return sign.join(parts)


atom = st.recursive(
    test | st.just("<n:3-7>"),
    lambda inner: st.lists(st.lists(inner, min_size=1, max_size=2).map(" ".join), min_size=1, max_size=3).map(
        lambda runs: f"({joined(runs, '|')})"
    ),
    max_leaves=6,
)


@st.composite
def sides(draw: st.DrawFn) -> str:
    text: str = draw(test)
    for _ in range(draw(st.integers(0, 2))):
        gap = draw(st.integers(0, 6))
        text += f" ~{gap} " if gap else " "
        if draw(st.booleans()):
            text += f"[{draw(atom)}] "
        text += draw(atom)
    return text


@st.composite
def pattern_texts(draw: st.DrawFn) -> str:
    left: str = draw(sides())
    return f"{left} &{draw(st.integers(0, 9))} {draw(sides())}" if draw(st.booleans()) else left


@given(pattern_texts())
def test_writing_and_reading_agree(text: str) -> None:
    pattern = parse_pattern(text, {})
    again = parse_pattern(write_pattern(pattern), {})
    assert [canonical(item) for item in again.left] == [canonical(item) for item in pattern.left]
    assert [canonical(item) for item in again.right] == [canonical(item) for item in pattern.right]
    assert again.within == pattern.within
    assert width(pattern.left) + (pattern.within or 0) + width(pattern.right) <= 60


def canonical(item: Item) -> tuple[object, ...]:
    return frozenset(item.runs), item.gap, item.optional


@settings(max_examples=300)
@given(st.text("ab*()[]|{}<n:-> ~&3é'DOC", max_size=40))
def test_any_text_parses_or_is_refused_at_a_column(text: str) -> None:
    found = attempt(text)
    if isinstance(found, PatternError):
        assert 0 <= found.column <= max(len(found.text), 1)
        assert found.allowed
    else:
        assert found.text == text


def attempt(text: str) -> Pattern | PatternError:
    try:
        return parse_pattern(text, {"DOC": "pas|id kaart"})
    except PatternError as error:
        return error
