"""Gate 4: the examples as tests; on the small pack with plain functions, on the Dutch pack with scanner and score."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from tests.packs.bench_pack import make_pack

from seinpost.packs import find_pack, read_pack
from seinpost.packs.examples import check_examples
from seinpost.scan.scanner import Scanner
from seinpost.score.scorer import Scorer
from seinpost.types import Context, Layer

Hits = list[list[tuple[str, Context]]]


def scan_words(texts: list[str]) -> Hits:
    """Find DOC-01 in "ingenomen" and SCH-01 in "schuld afbetalen", negated after "niet"."""
    found: Hits = []
    for text in texts:
        context = Context.NEGATED if "niet" in text else Context.AFFIRMED
        codes = [code for code, word in (("DOC-01", "ingenomen"), ("SCH-01", "schuld afbetalen")) if word in text]
        found.append([(code, context) for code in codes])
    return found


def layers(texts: list[str]) -> list[Layer]:
    return [Layer.C if any(c is Context.AFFIRMED for _, c in hits) else Layer.NONE for hits in scan_words(texts)]


def told(folder: Path, file: str = "pack.yaml", old: str = "id: test", new: str = "id: test") -> list[str]:
    read = read_pack(make_pack(folder, {file: (old, new)}))
    return [str(fault).removeprefix(f"{folder}/") for fault in check_examples(read, scan_words, layers)]


def test_examples_that_do_what_they_say_give_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path) == []


def test_it_tells_a_sentence_that_is_not_found(tmp_path: Path) -> None:
    faults = told(tmp_path, "indicators/DOC.yaml", "is ingenomen", "is weg")
    assert faults == [
        "indicators/DOC.yaml:19 (DOC-01.examples.hit.0): is not found by DOC-01: 'Zijn paspoort is weg.'",
    ]


def test_it_tells_in_which_context_a_sentence_was_set_aside(tmp_path: Path) -> None:
    faults = told(tmp_path, "indicators/DOC.yaml", "is ingenomen", "is niet ingenomen")
    assert "is not found by DOC-01 (negated)" in faults[0]


def test_it_tells_a_sentence_that_must_not_be_found(tmp_path: Path) -> None:
    faults = told(tmp_path, "indicators/DOC.yaml", "is verlopen", "is vandaag ingenomen")
    assert faults[0].startswith("indicators/DOC.yaml:20 (DOC-01.examples.miss.0): is found by DOC-01 (affirmed)")


def test_a_miss_may_be_found_and_set_aside(tmp_path: Path) -> None:
    assert told(tmp_path, "indicators/DOC.yaml", "is verlopen", "is niet ingenomen") == []


def test_it_tells_registrations_in_the_wrong_layer(tmp_path: Path) -> None:
    file = "examples/registrations.yaml"
    missed = told(tmp_path, file, "Zijn paspoort is ingenomen door", "Zijn paspoort is weg zegt")
    assert missed == [
        "examples/registrations.yaml:2 (P01.expect): must reach a person, but comes in layer NONE: 'no hits'"
    ]
    alarmed = told(tmp_path, file, "een verloren paspoort gedaan", "een ingenomen paspoort gedaan")
    assert "must not reach a person, but comes in layer C: 'DOC-01 affirmed'" in alarmed[0]


def test_every_example_of_the_dutch_pack_holds() -> None:
    read = read_pack(find_pack("nl"))
    scanner, scorer = Scanner(read.pack), Scorer(read.pack)

    def scan(texts: list[str]) -> Hits:
        found: Hits = [[] for _ in texts]
        hits = scanner.scan(pa.array(texts))
        for row, pattern, context in zip(hits.row, hits.pattern, hits.context, strict=True):
            code = read.pack.indicators[read.pack.patterns[pattern].indicator].code
            found[row].append((code, Context(context)))
        return found

    def layer_of(texts: list[str]) -> list[Layer]:
        scores = scorer.score(scanner.scan(pa.array(texts)), len(texts))
        found = dict(zip(scores.row.tolist(), scores.layer.tolist(), strict=True))
        return [Layer(found.get(row, Layer.NONE)) for row in range(len(texts))]

    assert [str(fault) for fault in check_examples(read, scan, layer_of)] == []
