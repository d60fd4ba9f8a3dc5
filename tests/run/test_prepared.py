"""What a start keeps for the next: the same pack and tables, or nothing."""

from __future__ import annotations

import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.packs.bench_pack import make_pack

from seinpost.errors import PackError
from seinpost.packs import load_pack
from seinpost.packs.pack import Pack
from seinpost.run.flat import Flat, read_flat, write_flat
from seinpost.run.kept import KeptPattern
from seinpost.run.prepared import HOME, RECIPE, Prepared, files, prepare_pack
from seinpost.scan.plans.tables import Classes, compile_pack


def same(one: Prepared, pack: Pack) -> bool:
    """Prepared and made anew are the same if, and only if, the pack and every table are."""
    tables = compile_pack(pack, pack.frequency)
    pairs = [(one.tables.arrays[slot], array) for slot, array in tables.arrays.items()]
    pairs += [(getattr(one.tables.classes, f.name), getattr(tables.classes, f.name)) for f in fields(Classes)]
    counts = [(t.numbers, t.tests, t.patterns, t.indicators) for t in (one.tables, tables)]
    equal = all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)
    return equal and counts[0] == counts[1] and one.pack == pack and one.tables.arrays.keys() == tables.arrays.keys()


def kept_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.flat"))


@pytest.mark.parametrize("name", ["nl", "small"])
def test_what_is_kept_equals_what_is_made_anew(tmp_path: Path, name: str) -> None:
    source: str | Path = "nl" if name == "nl" else make_pack(tmp_path / "small")
    made = prepare_pack(source, tmp_path / "kept")
    kept = prepare_pack(source, tmp_path / "kept")
    assert isinstance(kept.pack.patterns[0].pattern, KeptPattern)
    assert not isinstance(made.pack.patterns[0].pattern, KeptPattern)
    pack = load_pack(source)
    assert same(made, pack)
    assert same(kept, pack)
    assert hash(kept.pack.patterns[0]) == hash(pack.patterns[0])
    assert len(kept_files(tmp_path / "kept")) == 1


def test_whatever_compiles_a_pack_is_in_the_digest_of_what_is_kept() -> None:
    """All of the rooms that read and compile, but native code, which makes no tables, and procedures, which are read
    by themselves.
    """
    found = [path for room in ("packs", "scan") for path in (HOME / room).rglob("*.py")]
    assert {path for path in found if not {"native", "procedure"} & set(path.parts)} <= set(files(HOME, RECIPE))


def test_a_changed_pack_is_read_anew_and_a_wrong_one_refused(tmp_path: Path) -> None:
    pack, kept = make_pack(tmp_path / "small"), tmp_path / "kept"
    first = prepare_pack(pack, kept).pack
    scoring = pack / "scoring.yaml"
    scoring.write_text(scoring.read_text().replace("dimension_weight: ", "dimension_weight: 1"))
    second = prepare_pack(pack, kept).pack
    assert (first.digest != second.digest, len(kept_files(kept))) == (True, 2)
    scoring.write_text(scoring.read_text() + "\nunknown: 1\n")
    with pytest.raises(PackError, match="unknown"):
        prepare_pack(pack, kept)


@pytest.mark.parametrize("damage", ["cut off", "emptied", "one bit", "no file of ours", "a folder"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: str) -> None:
    pack, kept = make_pack(tmp_path / "small"), tmp_path / "kept"
    prepare_pack(pack, kept)
    (path,) = kept_files(kept)
    whole = path.read_bytes()
    bit = bytearray(whole)
    bit[len(whole) // 2] ^= 4
    broken = {"cut off": whole[:-9], "emptied": b"", "one bit": bytes(bit), "no file of ours": b"x" * 500}
    if damage == "a folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(broken[damage])
    assert same(prepare_pack(pack, kept), load_pack(pack))
    if damage != "a folder":
        assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "small")
    (tmp_path / "file").write_text("in the way")
    assert prepare_pack(pack, tmp_path / "file" / "kept").pack == load_pack(pack)
    shutil.rmtree(pack)
    with pytest.raises(PackError):
        prepare_pack(pack, tmp_path / "file")


ARRAYS = st.dictionaries(
    st.text(max_size=8),
    st.sampled_from(["|u1", "<i4", "<u8", "<f8"]).flatmap(
        lambda kind: st.lists(st.integers(0, 255), max_size=70).map(lambda values: np.array(values, kind))
    ),
    max_size=4,
)


@given(arrays=ARRAYS, values=st.recursive(st.none() | st.text(), st.lists, max_leaves=8))
def test_a_flat_file_gives_back_what_was_put_in(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, np.ndarray], values: object
) -> None:
    path = tmp_path_factory.mktemp("flat") / "x.flat"
    write_flat(path, Flat(values, arrays))
    found = read_flat(path)
    assert found is not None
    assert found.values == values
    assert found.arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found.arrays[name].dtype == array.dtype
        assert np.array_equal(found.arrays[name], array)
        assert not found.arrays[name].flags.writeable
