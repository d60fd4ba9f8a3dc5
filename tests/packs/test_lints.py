"""Gate 3: every lint with a pack that breaks it, and none on a pack that does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.packs.bench_pack import make_pack

from seinpost.errors import PackError
from seinpost.packs import load_pack, read_pack
from seinpost.packs.lints import LINTS, Finding, Severity, lint_pack

DOC = "indicators/DOC.yaml"
SCH = "indicators/SCH.yaml"
PATTERN = "zonder papieren"
COMBINATIONS = "combinations.yaml"


def findings(folder: Path, file: str, old: str, new: str) -> tuple[Finding, ...]:
    return lint_pack(read_pack(make_pack(folder, {file: (old, new)})))


def test_a_good_pack_has_no_findings(tmp_path: Path) -> None:
    assert lint_pack(read_pack(make_pack(tmp_path))) == ()


@pytest.mark.parametrize(
    ("lint", "file", "old", "new", "expected"),
    [
        ("unknown-source", DOC, "sources: [EIGEN]", "sources: [EIGENN]", "DOC.yaml:12 (DOC-01.sources.0)"),
        (
            "unused-source",
            "pack.yaml",
            "sources:",
            "sources:\n  X: {what: iets, confidence: laag}",
            "pack.yaml:6 (sources.X)",
        ),
        ("unknown-indicator", COMBINATIONS, "[SCH-01]", "[SCH-01, SCH-09]", "'SCH-09' (allowed: SCH-01)"),
        ("unknown-indicator", "scoring.yaml", "[DOC-01]", "[DIC-01]", "'DIC-01' (allowed: DOC, SCH)"),
        ("incomplete-scoring", "scoring.yaml", ", zwak: 1", "", "misses a strength: 'zwak'"),
        ("incomplete-scoring", "scoring.yaml", "  historical: 0.5\n", "", "misses a context: 'historical'"),
        ("incomplete-scoring", "scoring.yaml", "  affirmed: 1", "  affirmed: 0.9", "must keep the whole weight"),
        ("incomplete-scoring", "scoring.yaml", "layer_d: 0.75", "layer_d: 0.95", "is above resemblance_layer_c"),
        ("context-in-dimension", DOC, "strength: sterk", "strength: context", "has strength context outside META"),
        ("unused-macro", "macros.yaml", "DOC:", "TEL:\n  - telefoon\nDOC:", "macros.yaml:1 (TEL)"),
        ("missing-examples", DOC, 'miss: ["Zijn paspoort is verlopen."]', "miss: []", "no example that must miss"),
        ("contradicting-examples", DOC, "is verlopen", "is ingenomen", "must hit and must miss"),
        ("clause-shape", DOC, "iemand anders houdt", "Iemand anders houdt", "does not fit in a sentence"),
        ("same-name", SCH, "Debt bondage", "Passport taken", "is the same as that of DOC-01"),
        ("trait-alone", DOC, PATTERN, "(paspoort|roemeense) ~3 (weg|niet)", "alone, as in"),
        ("too-common", DOC, PATTERN, "(achtergehouden|telefoon)", "matches the common word 'telefoon' alone"),
        ("too-common", DOC, PATTERN, "*foon*", "matches the common word 'telefoon' alone"),
        ("wide-gap", DOC, PATTERN, "pas ~20 weg ~12 baas", "passes over up to 32 words"),
        ("same-pattern-elsewhere", SCH, "schuld &8 (afbetalen|aflossen)", "zonder papieren", "stands in DOC-01 too"),
        ("contained-pattern", DOC, PATTERN, "zijn paspoort ~2 ingenomen", "always matches where '{DOC} ~3"),
    ],
)
def test_each_lint_finds_its_fault(tmp_path: Path, lint: str, file: str, old: str, new: str, expected: str) -> None:
    found = findings(tmp_path, file, old, new)
    assert [finding.lint for finding in found] == [lint], [str(finding) for finding in found]
    assert expected in str(found[0])


def test_it_tells_duplicate_combinations(tmp_path: Path) -> None:
    first = "- id: G01\n  name_nl: een andere\n  name_en: another\n  all_of: [[SCH-01], [DOC-01]]\n"
    rest = "  weight: 1\n  layer: C\n  basis: eigen\n"
    for number, (name, expected) in enumerate((("G02", "asks the same indicators"), ("G01", "is a duplicate id"))):
        added = (first + rest).replace("G01", name)
        found = findings(tmp_path / str(number), COMBINATIONS, "- id: G01", f"{added}\n- id: G01")
        assert [finding.lint for finding in found] == ["duplicate-combination"]
        assert expected in str(found[0])


@pytest.mark.parametrize(
    "pattern",
    [
        "roemeen*",
        "roemeense",
        "roem*",  # could match "roemeense"
        "*oemeens*",
        "een roemeense",
        "(twee|<n:2-9>) roemeense",
        "roemeense ~5 asielzoekers",
        "dakloos &6 roemeens",
        "sekswerkster ~3 [met] ~2 moslima",
        "spreekt geen nederlands",
        "spreekt ~3 nederlands",
        "(oost europese)",
        "(afgepakt|dakloos)",
        "(paspoort weg|oost europees)",
        "(afgepakt|roemeens) is",
    ],
)
def test_a_pattern_must_not_match_on_a_trait_alone(tmp_path: Path, pattern: str) -> None:
    found = findings(tmp_path, DOC, PATTERN, pattern)
    assert "trait-alone" in [finding.lint for finding in found]
    with pytest.raises(PackError, match="alone, as in"):
        load_pack(tmp_path)


@pytest.mark.parametrize(
    "pattern",
    [
        "dreigt ~4 (asielzoekers|uitzetting)",
        "paspoort ~4 roemeense",
        "sekswerkster &8 afdragen",
        "(mag niet|kan niet) ~3 vrij spreken",
        "roemers gestolen",
        "antwoordt (voor|namens) haar",
    ],
)
def test_behaviour_beside_a_trait_may_score(tmp_path: Path, pattern: str) -> None:
    found = findings(tmp_path, DOC, PATTERN, pattern)
    assert "trait-alone" not in [finding.lint for finding in found], [str(finding) for finding in found]


@pytest.mark.parametrize(
    ("narrow", "wide", "contained"),
    [
        ("paspoort afgepakt", "(paspoort|id) afgepakt", True),
        ("paspoort ~2 afgepakt", "paspoort ~3 afgepakt", True),
        ("paspoort ~4 afgepakt", "paspoort ~3 afgepakt", False),
        ("zijn paspoort is afgepakt", "paspoort ~1 afgepakt", False),  # "is" is asked for by one only
        ("zijn paspoort afgepakt", "paspoort afgepakt", True),
        ("paspoorten afgepakt", "paspoort* afgepakt", True),
        ("paspoort* afgepakt", "paspoorten afgepakt", False),
        ("paspoort ~3 afgepakt", "afgepakt &3 paspoort", True),
        ("afgepakt &3 paspoort", "paspoort ~3 afgepakt", False),
        ("paspoort [was] afgepakt", "paspoort afgepakt", False),
        ("paspoort ~1 afgepakt", "paspoort ~1 [was] afgepakt", True),
        ("paspoort ~1 [was] afgepakt", "paspoort ~1 (was|is) afgepakt", False),
    ],
)
def test_containment(tmp_path: Path, narrow: str, wide: str, contained: bool) -> None:
    changes = {DOC: (PATTERN, f'{narrow}"\n    - "{wide}'), "macros.yaml": ("paspoort|paspoorten", "legitimatie|pas")}
    found = lint_pack(read_pack(make_pack(tmp_path, changes)))
    told = [finding.fault.value for finding in found if finding.lint == "contained-pattern"]
    assert (narrow in told) == contained


def test_warnings_do_not_refuse_a_pack(tmp_path: Path) -> None:
    make_pack(tmp_path, {"macros.yaml": ("DOC:", "TEL:\n  - telefoon\nDOC:")})
    assert [finding.severity for finding in lint_pack(read_pack(tmp_path))] == [Severity.WARNING]
    load_pack(tmp_path)


def test_lint_names_are_unique_and_every_lint_says_what_it_is() -> None:
    names = [lint.name for lint in LINTS]
    assert len(set(names)) == len(names)
    assert all(lint.__doc__ for lint in LINTS)
