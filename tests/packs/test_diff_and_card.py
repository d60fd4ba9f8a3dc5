"""What changed between two packs, and the model card."""

from __future__ import annotations

from pathlib import Path

from tests.packs.bench_pack import make_pack

from seinpost.packs import load_pack
from seinpost.packs.card import CONTEXT_NAMES, DIMENSION_NAMES, FORM_NAMES, render_card
from seinpost.packs.diff import Change, Difference, PackDiff, diff_packs
from seinpost.types import Context, Dimension, Form


def compare(folder: Path, changes: dict[str, tuple[str, str]]) -> PackDiff:
    return diff_packs(load_pack(make_pack(folder / "old")), load_pack(make_pack(folder / "new", changes)))


def test_equal_packs_have_no_differences(tmp_path: Path) -> None:
    diff = compare(tmp_path, {})
    assert not diff
    assert diff.same_results


def test_it_tells_patterns_fields_weights_cues_and_examples(tmp_path: Path) -> None:
    diff = compare(
        tmp_path,
        {
            "pack.yaml": ("version: 1.0.0", "version: 1.1.0"),
            "indicators/DOC.yaml": (
                'zonder papieren"\n  unless:\n    - "verloren',
                'papieren weg"\n  unless:\n    - "kwijt',
            ),
            "indicators/SCH.yaml": ("strength: middel", "strength: sterk"),
            "cues.yaml": ('["training"]', '["training", "cursus"]'),
            "scoring.yaml": ("zwak: 1", "zwak: 0.5"),
            "combinations.yaml": ("weight: 4", "weight: 3"),
            "examples/registrations.yaml": ("id: N01", "id: N02"),
        },
    )
    assert (diff.old, diff.new, diff.same_results) == ("test 1.0.0", "test 1.1.0", False)
    assert diff.changes == (
        Change("SCH-01.strength", "middel", "sterk"),
        Change("G01.weight", "4.0", "3.0"),
        Change("scoring.strength_weight.zwak", "1.0", "0.5"),
    )
    assert diff.patterns == {
        "DOC-01": Difference(("papieren weg", "unless kwijt"), ("unless verloren", "zonder papieren"))
    }
    assert diff.cues == {"template": Difference(added=("cursus",))}
    assert diff.registrations == Difference(("N02",), ("N01",))
    assert not diff.indicators
    assert diff


def test_it_tells_a_pattern_that_only_a_macro_changed(tmp_path: Path) -> None:
    diff = compare(tmp_path, {"macros.yaml": ("id kaart", "id bewijs")})
    assert [rule.split("/")[0] for rule in diff.reshaped] == ["DOC-01"]
    assert not diff.patterns
    assert not diff.same_results


def test_it_tells_indicators_and_combinations_that_came_and_went(tmp_path: Path) -> None:
    old, new = make_pack(tmp_path / "old"), make_pack(tmp_path / "new", {"combinations.yaml": ("G01", "G02")})
    text = (new / "indicators/SCH.yaml").read_text(encoding="utf-8")
    (new / "indicators/SCH.yaml").write_text(text.replace("SCH-01", "SCH-02"), encoding="utf-8")
    (new / "combinations.yaml").write_text((new / "combinations.yaml").read_text().replace("SCH-01", "SCH-02"))
    diff = diff_packs(load_pack(old), load_pack(new))
    assert diff.indicators == Difference(("SCH-02",), ("SCH-01",))
    assert diff.combinations == Difference(("G02",), ("G01",))
    assert diff.patterns["SCH-02"].added == ("schuld &8 (afbetalen|aflossen)",)


def test_the_card_tells_what_runs() -> None:
    pack = load_pack("nl")
    card = render_card(pack)
    assert pack.digest in card
    assert f"| patronen | {len(pack.patterns)} |" in card
    for heading in (
        "Doel",
        "Gegevens",
        "Werking",
        "Lezers naast de patronen",
        "Gewichten",
        "Combinaties",
        "Wat nooit uit zichzelf scoort",
        "Grenzen",
    ):
        assert f"\n## {heading}\n" in card
    for name in (*FORM_NAMES.values(), *DIMENSION_NAMES.values(), *CONTEXT_NAMES.values()):
        assert name in card
    assert all(combination.name_nl in card for combination in pack.combinations)
    assert card == render_card(load_pack("nl"))


def test_every_table_row_of_the_card_has_the_cells_of_its_head() -> None:
    cells = 0
    for line in render_card(load_pack("nl")).splitlines():
        found = line.replace("\\|", "").count("|")
        assert found == cells or cells == 0 or found == 0
        cells = found


def test_the_card_has_a_name_for_everything() -> None:
    assert set(FORM_NAMES) == set(Form)
    assert set(DIMENSION_NAMES) == set(Dimension)
    assert set(CONTEXT_NAMES) == set(Context)
