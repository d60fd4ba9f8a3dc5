"""The casebook loader: what it gives, what it refuses and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.packs.bench_pack import make_pack

from seinpost.errors import PackError
from seinpost.packs.casebook import load_casebook
from seinpost.types import Form

SIGNAL = """
- id: ARB-0001
  label: signal
  form: ARB
  sector: tuinbouw
  disguise: verkeer
  register: patrol
  explicitness: hidden
  indicators: [SCH-01, DOC-01]
  why: Bestuurder houdt de papieren
  text: >-
    Bestuurder had alle papieren van de inzittenden bij zich in een tas.
"""
NEAR_MISS = """
- id: ARB-0002
  label: near_miss
  sector: tuinbouw
  disguise: verkeer
  register: inspector
  why: Ieder had zijn eigen papieren
  text: "Controle in de kas, ieder toonde zelf een geldig document."
"""
ORDINARY = """
- id: ARB-0003
  label: ordinary
  register: desk
  text: "Aangifte van diefstal van een fiets bij het station opgenomen."
"""


def casebook(folder: Path, train: str = SIGNAL + NEAR_MISS, unseen: str = ORDINARY) -> Path:
    make_pack(folder)
    for part, text in (("train", train), ("unseen", unseen)):
        (folder / "casebook" / part).mkdir(parents=True, exist_ok=True)
        (folder / "casebook" / part / "arbeid_01.yaml").write_text(text.lstrip(), encoding="utf-8")
    return folder


def test_it_gives_the_part_that_is_asked_for(tmp_path: Path) -> None:
    casebook(tmp_path)
    assert [situation.id for situation in load_casebook("train", tmp_path)] == ["ARB-0001", "ARB-0002"]
    assert [situation.id for situation in load_casebook("unseen", tmp_path)] == ["ARB-0003"]
    assert len(load_casebook("all", tmp_path)) == 3


def test_it_gives_situations_as_they_were_written(tmp_path: Path) -> None:
    signal, near_miss, ordinary = load_casebook("all", casebook(tmp_path))
    assert signal.form is Form.LABOUR
    assert signal.indicators == ("DOC-01", "SCH-01")
    assert signal.text == "Bestuurder had alle papieren van de inzittenden bij zich in een tas."
    assert (near_miss.form, near_miss.indicators, near_miss.explicitness) == (None, (), None)
    assert (ordinary.part, ordinary.sector, ordinary.why) == ("unseen", None, None)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("label: signal", "label: maybe", "train/arbeid_01.yaml:2 (ARB-0001.label): is not allowed: 'maybe'"),
        ("  form: ARB\n", "", "(ARB-0001.form): misses what every signal has"),
        ("  explicitness: hidden\n", "", "(ARB-0001.explicitness): misses what every signal has"),
        ("  sector: tuinbouw\n", "", "(ARB-0001.sector): misses what every signal has"),
        ("  why: Bestuurder houdt de papieren\n", "", "(ARB-0001): misses why"),
        (
            "[SCH-01, DOC-01]",
            "[SCH-01, SCH-07]",
            "(ARB-0001.indicators.1): unknown indicator: 'SCH-07' (allowed: SCH-01)",
        ),
        ("[SCH-01, DOC-01]", "[SCH-01, SCH-01]", "(ARB-0001.indicators.1): is named twice"),
        ("register: patrol", "register: policy", "(ARB-0001.register): is never a signal"),
        ("register: patrol", "registr: patrol", "unknown key: 'registr' (allowed: disguise, explicitness, form, id"),
        ("label: signal", "label: near_miss", "(ARB-0001.form): stands in a situation labelled near_miss"),
        ("id: ARB-0001", "id: ARB-0003", "(ARB-0003.id): is a duplicate id"),
        ("Bestuurder houdt", "Bestuurder: houdt", "is not YAML"),
    ],
)
def test_it_refuses_with_a_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in SIGNAL
    with pytest.raises(PackError) as caught:
        load_casebook("train", casebook(tmp_path, train=SIGNAL.replace(old, new, 1)))
    assert expected in str(caught.value)


def test_it_refuses_one_text_in_two_situations(tmp_path: Path) -> None:
    double = ORDINARY.replace("ARB-0003", "ARB-0004").replace("Aangifte van", "aangifte  van")
    with pytest.raises(PackError, match=r"unseen/arbeid_01\.yaml:4 \(ARB-0003\.text\): is the text of ARB-0004 too"):
        load_casebook("all", casebook(tmp_path, train=double))


def test_a_pack_without_casebook_has_no_situations(tmp_path: Path) -> None:
    assert load_casebook("all", make_pack(tmp_path)) == ()
