"""The scanner around the kernels: Arrow layouts, growth, memo, collisions, threads, faults."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from tests.scan import builder, reference

from seinpost.errors import InputError, PatternError
from seinpost.packs.language import Item, Pattern, TokenTest
from seinpost.scan import layout as at
from seinpost.scan.plans.tables import key_hash, word_key
from seinpost.scan.scanner import Scanner

TEXTS: list[str | None] = [
    "Paspóórt van haar is afgepakt. Er is geen sprake van dwang, maar ze mag niet naar buiten.",
    None,
    "",
    "x",
    "mensenhandel",
    "de foto’s zijn afgepakt",
    "Zij betaalt 1.500 euro; paspoort en 12 euro " * 40,
    "einde: dwang",
]
PACK = builder.pack(
    [
        builder.patterns(["paspoort ~4 afgepakt", "*handel", "<n:1200-1299> euro", "1500 euro"]),
        builder.patterns(["dwang"]),
    ],
    {"negation_before": builder.patterns(["geen sprake van"]), "historical": builder.patterns(["betaal*"])},
)
SCANNER = Scanner(PACK)
EXPECTED = reference.scan(PACK, TEXTS)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_every_layout_and_slice(kind: pa.DataType) -> None:
    whole = pa.array(TEXTS, kind)
    assert builder.rows(SCANNER, whole) == EXPECTED
    for start in range(len(TEXTS)):
        for stop in range(start, len(TEXTS) + 1):
            part = whole.slice(start, stop - start)
            assert builder.rows(SCANNER, part) == reference.scan(PACK, TEXTS[start:stop])


def test_chunks_count_rows_on() -> None:
    chunks = pa.chunked_array([pa.array(TEXTS[:3]), pa.array([], pa.string()), pa.array(TEXTS[3:])])
    assert builder.rows(SCANNER, chunks) == EXPECTED
    assert builder.rows(SCANNER, pa.chunked_array([], pa.string())) == []


def test_no_texts_and_only_nulls() -> None:
    assert builder.rows(SCANNER, pa.array([], pa.string())) == []
    for kind in (pa.string(), pa.string_view()):
        assert builder.rows(SCANNER, pa.nulls(3, kind)) == []


def test_other_types_are_refused() -> None:
    with pytest.raises(InputError, match="allowed: string, large_string, string_view"):
        SCANNER.scan(pa.array([1]))


def test_columns_have_their_types() -> None:
    hits = SCANNER.scan(pa.array(TEXTS))
    assert len(hits) == len(EXPECTED)
    assert [hits.row.dtype.name, hits.pattern.dtype.name, hits.context.dtype.name] == ["int64", "int32", "uint8"]


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("capacity", [4, 64])
@pytest.mark.parametrize("memo_bits", [1, 4])
def test_small_memo_and_arrays_change_nothing(memo_bits: int, capacity: int, wide: bool) -> None:
    space = SCANNER.workspace(memo_bits, capacity, wide)
    for _ in range(3):
        assert builder.rows(SCANNER, pa.array(TEXTS), workspace=space) == EXPECTED


def test_words_with_the_same_hash() -> None:
    """Words that fall on one slot of the exact table, short and long, are told apart."""
    short = [f"w{n}" for n in range(4000)]
    long = [f"vreemdelingenbewaring{n}" for n in range(4000)]
    slots = 1 << 10
    chosen = []
    for words in (short, long):
        first = key_hash(word_key(words[0])) >> 20 & (slots - 1)
        chosen += [word for word in words if key_hash(word_key(word)) >> 20 & (slots - 1) == first]
    assert len(chosen) > 6
    pack = builder.pack([builder.patterns(chosen[::2])])
    texts = [" ".join(chosen), " ".join(reversed(chosen))]
    assert builder.rows(Scanner(pack), pa.array(texts)) == reference.scan(pack, list(texts))


def test_more_classes_than_there_is_room_for() -> None:
    """Texts full of words that pass ever other mixes of open tests: classes made on the way are made anew."""
    parts = [f"{a}{b}{a}{b}" for a in "bdfg" for b in "aeou"]
    pack = builder.pack([builder.patterns([f"*{part}*" for part in parts])])
    texts = ["".join(parts[n] for n in range(16) if mask >> n & 1) or "x" for mask in range(0, 1 << 16, 97)]
    scanner = Scanner(pack)
    space = scanner.workspace(1, 4)
    expected = reference.scan(pack, list(texts))
    assert builder.rows(scanner, pa.array(texts), workspace=space) == expected
    joined = " ".join(texts)
    assert builder.rows(scanner, pa.array([joined]), workspace=scanner.workspace(1, 4)) == reference.scan(
        pack, [joined]
    )


@pytest.mark.parametrize(
    "word", ["x" * 5_000, "é" * 100_000, "paspoort" * 20_000, "– " * 9_000, "1.000" + ".000" * 9_000]
)
def test_very_long_words(word: str) -> None:
    texts = [word, f"dwang {word} dwang", f"{word} mensenhandel"]
    assert builder.rows(SCANNER, pa.array(texts)) == reference.scan(PACK, list(texts))


def test_a_large_text() -> None:
    """Twenty megabytes in one text: hits at both ends and in the middle, counted in characters."""
    filler = "Er is één zin zonder iets. " * 370_000
    text = f"dwang {filler}mensenhandel. {filler}dwang"
    found = builder.rows(SCANNER, pa.array([text], pa.large_string()))
    assert [(row[1], row[3]) for row in found] == [(0, 4), (text.index("mensen"), 1), (len(text) - 5, 4)]
    assert found[2][5] == len(text.encode())
    assert found[2][7] == 740_001


def test_more_candidates_and_plans_than_are_kept_at_a_time() -> None:
    """A sentence of more anchors than are looked into at a time, each with plans to try, and many short sentences."""
    pack = builder.pack([builder.patterns(["paspoort ~3 weg", "weg ~3 paspoort", "paspoort weg"])])
    count = at.CANDIDATES_CAP + 7
    many, short = "paspoort weg " * count, "paspoort is weg. " * (3 * at.LOOKED_CAP)
    texts = [many, short, "paspoort en. " * count + "paspoort weg"]
    assert builder.rows(Scanner(pack), pa.array(texts)) == reference.scan(pack, list(texts))


def test_many_hits_in_one_text_without_sentences() -> None:
    text = "dwang geen sprake van dwang " * 50_000
    hits = SCANNER.scan(pa.array([text]))
    assert len(hits) == 100_000
    assert int((hits.context == 1).sum()) == 99_999  # the cue reaches both after it; before the first there is none


def test_threads_share_a_scanner() -> None:
    batch = pa.array(TEXTS * 200)
    expected = builder.rows(SCANNER, batch)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: builder.rows(SCANNER, batch), range(8)):
            assert found == expected


def test_an_affix_too_short_to_look_up_is_refused() -> None:
    item = Item(((frozenset((TokenTest("abc", open_front=True),)),),))
    with pytest.raises(PatternError, match="too few characters"):
        Scanner(builder.pack([[Pattern("*abc", (item,))]]))


def test_a_pattern_too_wide_is_refused() -> None:
    word = Item(((frozenset((TokenTest("man"),)),),))
    wide = Item(word.runs, gap=59)
    with pytest.raises(PatternError, match="could span 61 tokens"):
        Scanner(builder.pack([[Pattern("man ~59 man", (word, wide))]]))


def test_a_pack_without_patterns_finds_nothing() -> None:
    assert builder.rows(Scanner(builder.pack([])), pa.array(TEXTS)) == []


def test_frequency_moves_anchors_not_hits() -> None:
    counts = {"paspoort": 1_000_000, "afgepakt": 1, "euro": 5, "handel": 3, "dwang": 10}
    assert builder.rows(Scanner(PACK, counts), pa.array(TEXTS)) == EXPECTED


def test_layout_fits_the_control_block() -> None:
    assert at.WIDE // 8 + 1 == at.SLOTS
