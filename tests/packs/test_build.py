"""Gate 2 and what only shows across values: the model, the pack that comes out, its order and digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.packs.bench_pack import FILES, make_pack

from seinpost.errors import PackError
from seinpost.packs import find_pack, load_pack, read_pack, shipped_packs
from seinpost.types import Context, Form, Layer, Strength


def faults(folder: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


def broken(folder: Path, file: str, old: str, new: str) -> list[str]:
    return faults(make_pack(folder, {file: (old, new)}))


def test_it_builds_a_pack(tmp_path: Path) -> None:
    pack = load_pack(make_pack(tmp_path))
    assert [indicator.code for indicator in pack.indicators] == ["DOC-01", "SCH-01"]
    assert pack.indicators[0].forms == tuple(Form)
    assert pack.indicators[1].forms == (Form.LABOUR, Form.SEXUAL)
    assert pack.indicators[1].child_strength is Strength.STRONG
    assert [indicator.distressing for indicator in pack.indicators] == [False, False]
    assert pack.combinations[0].all_of == (frozenset(("DOC-01",)), frozenset(("SCH-01",)))
    assert pack.combinations[0].layer is Layer.C
    assert pack.scoring.context_factor[Context.HISTORICAL] == 0.5
    assert pack.abbreviations == {"vdt"}
    assert [(example.id, example.signal) for example in pack.registrations] == [("N01", False), ("P01", True)]
    assert "oost europe*" in pack.trait_words


def test_an_indicator_can_say_that_what_it_finds_is_distressing(tmp_path: Path) -> None:
    flagged = "strength: sterk\n  distressing: true"
    pack = load_pack(make_pack(tmp_path / "a", {DOC: ("strength: sterk", flagged)}))
    assert [indicator.distressing for indicator in pack.indicators] == [True, False]
    said = broken(tmp_path / "b", DOC, "strength: sterk", "strength: sterk\n  distressing: yes")
    assert said == [
        "indicators/DOC.yaml:11 (DOC-01.distressing): is not allowed: 'yes' (allowed: 'true' or 'false')",
    ]


def test_patterns_come_by_code_and_id_and_ids_come_from_their_text(tmp_path: Path) -> None:
    pack = load_pack(make_pack(tmp_path))
    keys = [(pack.indicators[rule.indicator].code, rule.id) for rule in pack.patterns]
    assert keys == sorted(keys)
    for rule in pack.patterns:
        code, digits = rule.id.split("/")
        assert code == pack.indicators[rule.indicator].code
        assert digits == hashlib.sha256(rule.pattern.text.encode()).hexdigest()[:6]


def test_it_finds_shipped_packs_and_folders(tmp_path: Path) -> None:
    assert "nl" in shipped_packs()
    assert find_pack("nl").name == "nl"
    assert find_pack(make_pack(tmp_path)) == tmp_path
    assert find_pack(str(tmp_path)) == tmp_path
    with pytest.raises(PackError, match=r"is no pack: 'xx' \(allowed: nl, or a folder"):
        find_pack("xx")


DOC = "indicators/DOC.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            DOC,
            "  basis:",
            "  bassis:",
            "indicators/DOC.yaml:11 (DOC-01.bassis): unknown key: 'bassis' (allowed: basis, ",
        ),
        (
            DOC,
            '  why_nl: "iemand anders houdt het paspoort"\n',
            "",
            "indicators/DOC.yaml:1 (DOC-01.why_nl): missing key",
        ),
        (DOC, "[ALLE]", "[SEKSS]", "indicators/DOC.yaml:6 (DOC-01.forms.0): is not allowed: 'SEKSS' (allowed: "),
        (DOC, "dimension: CD", "dimension: CX", "(DOC-01.dimension): is not allowed: 'CX' (allowed: 'DR', 'CR'"),
        (DOC, "strength: sterk", "strength: no", "(DOC-01.strength): is not allowed: 'no' (allowed: 'sterk'"),
        (DOC, "code: DOC-01", "code: DOC-1", "is not written as it should be: 'DOC-1'"),
        (DOC, "code: DOC-01", "code: DUC-01", "stands in the file of another family: 'DUC-01'"),
        (DOC, "  patterns:", "  patterns: [a]\n  patterns:", "is a duplicate key (first on line 13)"),
        (DOC, "{DOC} ~3", "{DOK} ~3", "(DOC-01.patterns.0): unknown macro DOK at column 1"),
        (DOC, '    - "zonder papieren"', '    - "{DOC} ~3 (ingenomen|afgepakt)"', "is a duplicate pattern"),
        (DOC, "  forms: [ALLE]", "  forms: ALLE", "must be a list: 'ALLE'"),
        (
            DOC,
            '    hit: ["Zijn paspoort is ingenomen."]',
            "    hat: [x]",
            "(DOC-01.examples.hat): unknown key: 'hat' (allowed: hit",
        ),
        ("pack.yaml", "dated: 2026-11-24", "dated: gisteren", "pack.yaml:3 (dated): must be a date: 'gisteren'"),
        ("pack.yaml", "dated: 2026-11-24", "dated: 1609459200", "must be a date"),
        ("pack.yaml", "version: 1.0.0", "version: 1.0", "is not written as it should be: '1.0'"),
        ("pack.yaml", "confidence: laag", "confidence: zeker", "(sources.EIGEN.confidence): is not allowed: 'zeker'"),
        ("cues.yaml", "before: 6", "before: 12:30", "cues.yaml:1 (scope.before): must be a whole number: '12:30'"),
        ("cues.yaml", "before: 6", "before: -1", "is too small: '-1' (allowed: at least 0)"),
        ("cues.yaml", '["vroeger"]', '["vroeger|"]', "cues.yaml:10 (historical.0): '|' where a word"),
        ("cues.yaml", "[maar]", "[Maar]", "(terminators.0): is not one folded token: 'Maar'"),
        ("abbreviations.yaml", "vdt:", "v.d.t:", "(with_stop.v.d.t): is not one folded token"),
        ("scoring.yaml", "negated: 0", "negated: 2", "(context_factor.negated): is too large: '2' (allowed: at most 1"),
        ("scoring.yaml", "negated: 0", "negatd: 0", "(context_factor.negatd): is not allowed"),
        ("scoring.yaml", "dimension_weight: 2", "dimension_weight: nan", "number"),
        ("scoring.yaml", "sterk: 4", "sterk: no", "(strength_weight.sterk): must be a number: 'no'"),
        (
            "macros.yaml",
            '  - "id kaart"',
            '  - "id kaart|{DOC}"',
            "macros.yaml:1 (DOC): macros in a circle: DOC -> DOC",
        ),
        (
            "macros.yaml",
            '  - "id kaart"',
            '  - "(id kaart"',
            "macros.yaml:1 (DOC): macro DOC: the end where ) must close",
        ),
        ("combinations.yaml", "layer: C", "layer: E", "combinations.yaml:6 (G01.layer): is not allowed: 'E'"),
        ("combinations.yaml", "[[DOC-01], [SCH-01]]", "[[DOC-01]]", "(G01.all_of): has too few entries"),
        ("traits.yaml", "social:", "sociaal:", "traits.yaml:6 (sociaal): unknown key"),
        ("examples/registrations.yaml", "id: N01", "id: P01", "is a duplicate id: 'P01'"),
        (
            "examples/registrations.yaml",
            "expect: silence",
            "expect: silence\n  form: ARB",
            "has a form, but expects silence",
        ),
    ],
)
def test_it_names_file_line_field_and_what_is_allowed(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    told = broken(tmp_path, file, old, new)
    assert any(expected in fault for fault in told), told


def test_it_tells_the_faults_of_all_files_at_once(tmp_path: Path) -> None:
    changes = {
        DOC: ("  basis:", "  bassis:"),
        "pack.yaml": ("version: 1.0.0", "version: x"),
        "scoring.yaml": ("standing_factor: 0.5", "standing_factor: half"),
    }
    told = faults(make_pack(tmp_path, changes))
    assert {fault.split(":")[0] for fault in told} == {DOC, "pack.yaml", "scoring.yaml"}


def test_it_refuses_a_pattern_that_explodes_and_tells_its_cost(tmp_path: Path) -> None:
    choice = "(" + "|".join(f"a{n} b{n}" for n in range(20)) + ")"
    told = broken(tmp_path, DOC, "zonder papieren", f"({choice} {choice} {choice}) weg")
    assert "indicators/DOC.yaml:15 (DOC-01.patterns.1): the item explodes into 8000 runs" in told[0]


def test_it_refuses_unknown_missing_and_absent_files(tmp_path: Path) -> None:
    make_pack(tmp_path)
    (tmp_path / "macro.yaml").write_text("A: [b]\n")
    (tmp_path / "cues.yaml").unlink()
    told = faults(tmp_path)
    assert any(fault.startswith("macro.yaml: is no file of a pack") for fault in told)
    assert any(fault.startswith("cues.yaml: cannot be read") for fault in told)


def test_it_leaves_the_casebook_alone(tmp_path: Path) -> None:
    make_pack(tmp_path)
    (tmp_path / "casebook/train").mkdir(parents=True)
    (tmp_path / "casebook/train/x.yaml").write_text("anything: [\n")
    load_pack(tmp_path)


def digest(folder: Path, file: str = "pack.yaml", old: str = "id: test", new: str = "id: test") -> str:
    return read_pack(make_pack(folder, {file: (old, new)})).pack.digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (DOC, "- code: DOC-01", "# a comment\n- code: DOC-01"),
        (DOC, '    - "{DOC} ~3 (ingenomen|afgepakt)"\n    - "zonder', '    - "zonder'),
        (DOC, 'basis: "eigen"', 'basis: "een andere grond"'),
        (DOC, "strength: sterk", "strength: sterk\n  distressing: true"),
        (DOC, 'hit: ["Zijn paspoort is ingenomen."]', 'hit: ["Haar paspoort is ingenomen."]'),
        ("macros.yaml", '  - "paspoort|paspoorten"\n  - "id kaart"', '  - "id kaart|paspoorten"\n  - "paspoort"'),
        ("pack.yaml", 'what: "eigen schatting"', 'what: "onze schatting"'),
        ("cues.yaml", '["geen", "niet"]', '["niet", "geen"]'),
        ("abbreviations.yaml", "vdt: verdachte", "vdt: de verdachte"),
    ],
)
def test_the_digest_ignores_what_cannot_change_a_result(tmp_path: Path, file: str, old: str, new: str) -> None:
    if "zonder" in old:  # the same two patterns in the other order
        new = '    - "zonder papieren"\n    - "{DOC} ~3 (ingenomen|afgepakt)"\n'
        old = '    - "{DOC} ~3 (ingenomen|afgepakt)"\n    - "zonder papieren"\n'
    assert digest(tmp_path / "a", file, old, new) == digest(tmp_path / "b")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (DOC, "zonder papieren", "zonder papier"),
        (DOC, '    - "verloren"', '    - "kwijt"'),
        (DOC, "iemand anders houdt", "een ander houdt"),
        (DOC, "strength: sterk", "strength: middel"),
        ("macros.yaml", "id kaart", "id bewijs"),
        ("cues.yaml", "before: 6", "before: 5"),
        ("cues.yaml", "[maar]", "[maar, doch]"),
        ("scoring.yaml", "zwak: 1", "zwak: 0.5"),
        ("combinations.yaml", "weight: 4", "weight: 3"),
        ("abbreviations.yaml", "vdt:", "verd:"),
        ("traits.yaml", "dakloos", "dakloze"),
        ("pack.yaml", "version: 1.0.0", "version: 1.0.1"),
    ],
)
def test_the_digest_changes_with_what_can(tmp_path: Path, file: str, old: str, new: str) -> None:
    assert digest(tmp_path / "a", file, old, new) != digest(tmp_path / "b")


def test_the_digest_is_the_same_every_time(tmp_path: Path) -> None:
    first = digest(tmp_path)
    assert first == digest(tmp_path)
    assert len(first) == 64


def test_the_small_pack_has_every_file_of_a_pack() -> None:
    shipped = {path.relative_to(find_pack("nl")).as_posix() for path in find_pack("nl").glob("*.yaml")}
    assert shipped == {name for name in FILES if "/" not in name}
