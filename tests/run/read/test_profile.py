"""Source profiles: what ships loads, and every wrong value is told with file, field, value and what is allowed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.run.bench import DEFAULT, good, read

from seinpost.errors import SettingError
from seinpost.run.read.profilefile import PROFILES, load_profile

WHOLE = "name: x\nid_column: nr\ntext_columns: [a, b]\n"


@pytest.mark.parametrize("name", sorted(path.stem for path in PROFILES.glob("*.yaml")))
def test_what_ships_loads(name: str) -> None:
    assert load_profile(name).name == name


def test_the_default_is_the_shipped_default() -> None:
    assert load_profile("registrations") == DEFAULT


def test_the_example_reads_a_windows_export(tmp_path: Path) -> None:
    profile = load_profile("bvh_csv")
    head = "registratienummer;onderwerp;toelichting;datum_kennisname;maatschappelijke_klasse;eenheid\n"
    rows = '7;Controle;"Café; alles in orde";01-07-2026 10:00;E35;Noord\n8;;b;1-1-2026;E1;Zuid\n'
    path = tmp_path / "d.csv"
    path.write_bytes((head + rows).encode("cp1252"))
    batches, _ = read(path, profile)
    assert good(batches) == [(0, "7", "Controle\n\nCafé; alles in orde"), (1, "8", "\n\nb")]
    assert {name: column.to_pylist() for name, column in batches[0].keep.items()} == {
        "maatschappelijke_klasse": ["E35", "E1"],
        "eenheid": ["Noord", "Zuid"],
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (WHOLE + "time_zone: Europe/Amsterdm\n", ["time_zone", "Europe/Amsterdm", "allowed"]),
        (WHOLE + "encoding: utf-16\n", ["encoding", "utf-16", "cp1252"]),
        (WHOLE + "delimiter: ';;'\n", ["delimiter", ";;"]),
        (WHOLE + "deliminator: ';'\n", ["deliminator"]),
        ("name: x\nid_column: nr\ntext_columns: []\n", ["text_columns"]),
        ("name: x\nid_column: nr\ntext_columns: tekst\n", ["text_columns", "tekst"]),
        ("name: x\ntext_columns: [a]\n", ["id_column"]),
        ("- a\n", ["x.yaml"]),
        ("a: [\n", ["x.yaml"]),
        ("", ["x.yaml"]),
        (WHOLE + "id_column: other\n", ["id_column"]),
    ],
)
def test_wrong_profiles_are_refused(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(SettingError) as caught:
        load_profile(str(path))
    assert all(part in str(caught.value) for part in [str(path), *parts])


def test_unknown_and_unreadable_profiles(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"unknown source profile 'bvh' \(allowed: bvh_csv, registrations"):
        load_profile("bvh")
    with pytest.raises(SettingError, match="cannot be read"):
        load_profile(str(tmp_path / "gone.yaml"))
    (tmp_path / "x.yaml").write_bytes(b"name: \xff\n")
    with pytest.raises(SettingError, match="UTF-8"):
        load_profile(str(tmp_path / "x.yaml"))


def test_columns_are_asked_for_once() -> None:
    profile = replace(DEFAULT, registered_at="when", keep=("when", "text", "extra"))
    assert profile.columns == ("registration_id", "text", "when", "extra")
