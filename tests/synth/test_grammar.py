"""Fragments, slots, choices, and every fault in them with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from seinpost.errors import PackError, Place
from seinpost.synth import layout as at
from seinpost.synth.compose import compose, desk
from seinpost.synth.draw import key_of
from seinpost.synth.grammar import Builder, Line, bounds
from seinpost.synth.source import DATA, fragments, load_source

HERE = Place(Path("lists.yaml"), 1, "lists.x")
LISTS = {
    "quote_open": ["“"],
    "quote_close": ["”"],
    "apostrophe": ["’"],
    "kleur": ["rode", "blauwe"],
    "naam": ["{voornaam@} Bos"],
    "voornaam_m": ["Jan"],
    "voornaam_v": ["Ans"],
}
GENDERED = {"voornaam": ["{voornaam_m@}", "{voornaam_v@}"], "hij": ["hij", "zij"]}


def texts(fragment: str, times: int = 60) -> set[str]:
    """What a fragment can become."""

    def lines(items: dict[str, list[str]]) -> dict[str, list[Line]]:
        return {
            name: [Line(text, Place(Path("lists.yaml"), 1, f"lists.{name}")) for text in found]
            for name, found in items.items()
        }

    builder = Builder(lines(LISTS), lines(GENDERED))
    root = builder.root(builder.fragments([Line(fragment, HERE)]))
    if builder.faults:
        raise PackError(tuple(builder.faults))
    grammar = builder.freeze(np.full((1, len(at.ROLES)), -1), [builder.literal("situatie")])
    longest, depth = bounds(grammar, [root])
    table = desk(depth, longest)
    table.cell[at.DAY] = 19_723  # 2024-01-01
    found = set()
    for row in range(times):
        table.keys[at.STREAM] = key_of(np.uint64(1), row, 1)
        table.keys[at.ROW_KEY] = key_of(np.uint64(1), row, 2)
        size = compose(grammar, table, root)
        assert size <= longest
        found.add(bytes(table.draft[:size]).decode())
    return found


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("een {kleur} auto", {"een rode auto", "een blauwe auto"}),
        ("{Kleur}", {"Rode", "Blauwe"}),
        ("[een|twee] [persoon 1]", {"een [persoon 1]", "twee [persoon 1]"}),
        ("[a|[b|c]]", {"a", "b", "c"}),
        ("{1-3}", {"1", "2", "3"}),
        ("{08-10}", {"08", "09", "10"}),
        ("{kleur@1} {kleur@1}", {"rode rode", "blauwe blauwe"}),
        ("{naam@1}, {hij@1}", {"Jan Bos, hij", "Ans Bos, zij"}),
        ('zegt: "ja"', {"zegt: “ja”"}),
        ("'s nachts", {"’s nachts"}),
        ("{datum}", {"01-01-2024", "31-12-2023", "30-12-2023"}),
        ("{SITUATION}.", {"situatie."}),
        ("{EVENT}.", {"."}),
        ("[rood|rood", {"[rood|rood"}),
    ],
)
def test_what_a_fragment_becomes(fragment: str, expected: set[str]) -> None:
    assert texts(fragment) == expected


def test_unknown_slot_is_named_with_its_place_and_what_is_allowed() -> None:
    with pytest.raises(PackError, match=r"lists\.yaml:1 \(lists\.x\): unknown slot: 'klleur' \(allowed: .*kleur"):
        texts("{klleur}")


def copy_with(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("types_diensten.yaml", "service: nla", "service: brandweer", r"types_diensten\.yaml:\d+ .*brandweer.*politie"),
        ("types_diensten.yaml", "share: 0.9", "share: veel", r"types_diensten\.yaml:\d+ .*veel"),
        ("types_diensten.yaml", "[arbeid, arb", "[werk, arb", r"types_diensten\.yaml:\d+ .*unknown family: 'werk'"),
        ("types_diensten.yaml", "Controle minimumloon", "Winkeldiefstal", r"incident type twice"),
        ("types_politie_1.yaml", "{Aangever@1}", "{Aangeever@1}", r"types_politie_1\.yaml:\d+ .*'Aangeever@1'"),
        ("lists.yaml", "; grijze ;", "; {voertuig} ;", r"a list contains itself"),
        ("world.yaml", "Overige mutatie]", "Overig]", r"world\.yaml:\d+ .*unknown incident type: 'Overig'"),
        ("shapes.yaml", "signal: |", "signaal: |", r"shapes\.yaml:\d+ .*signaal"),
    ],
)
def test_faults_in_the_data_are_located(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        load_source(copy_with(tmp_path, name, old, new))


def test_the_data_holds_enough_of_everything() -> None:
    counts = fragments()
    assert sum(counts.values()) >= 1_000
    assert counts["event"] >= 400
    assert counts["statement"] >= 150
