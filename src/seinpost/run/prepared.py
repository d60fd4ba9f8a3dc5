"""A pack and its compiled tables, kept from the first start for every later one.

The file's name holds a digest of all that decides what is in it: the pack's files, and the sources of the rooms that
read and compile it. A file that is damaged, or cannot be written, only means that the work is done again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from seinpost.packs import checked_pack, find_pack
from seinpost.packs.pack import Pack
from seinpost.run.flat import Flat, read_flat, write_flat
from seinpost.run.kept import as_plain, from_plain
from seinpost.scan.plans.tables import Classes, Tables, compile_pack

HOME = Path(__file__).parent.parent
RECIPE = (
    "*.py",
    "packs/*.py",
    "packs/lints/*.py",
    "scan/*.py",
    "scan/plans/*.py",
    "scan/*.npz",
    "run/prepared.py",
    "run/kept.py",
    "run/flat.py",
)
CONTENT = ("*.yaml", "*.tsv", "indicators/*.yaml", "examples/*.yaml")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked pack, and its tables compiled for the scanner."""

    pack: Pack
    tables: Tables


def prepare_pack(name_or_path: str | Path, folder: Path) -> Prepared:
    """Load and compile a pack, from what `folder` keeps of it or anew; raises PackError as `load_pack` does."""
    home = find_pack(name_or_path)
    path = folder / f"pack-{digest_of(home)}.flat"
    kept = read_flat(path)
    if kept is not None:
        return unpacked(kept)
    read = checked_pack(home)
    prepared = Prepared(read.pack, compile_pack(read.pack, read.pack.frequency))
    with contextlib.suppress(OSError):
        write_flat(path, packed(prepared, read.macros))
    return prepared


def digest_of(home: Path) -> str:
    """A digest of the pack in a folder, and of everything that reads and compiles it."""
    digest = hashlib.sha256()
    for root, patterns in ((HOME, RECIPE), (home, CONTENT)):
        for path in files(root, patterns):
            digest.update(f"{path.relative_to(root)}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def files(root: Path, patterns: Iterable[str]) -> list[Path]:
    """The files of a folder that have one of the patterns, sorted."""
    return sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})


def packed(prepared: Prepared, macros: Any) -> Flat:
    """What is kept: the pack as plain values, the tables as arrays."""
    tables = prepared.tables
    arrays = {f"table.{slot}": array for slot, array in tables.arrays.items()}
    arrays |= {f"class.{field.name}": getattr(tables.classes, field.name) for field in fields(Classes)}
    values = {
        "pack": as_plain(prepared.pack),
        "macros": dict(macros),
        "numbers": list(tables.numbers.items()),
        "counts": [tables.tests, tables.patterns, tables.indicators],
    }
    return Flat(values, arrays)


def unpacked(kept: Flat) -> Prepared:
    """What was kept."""
    arrays = {int(name[6:]): array for name, array in kept.arrays.items() if name.startswith("table.")}
    classes = Classes(**{name[6:]: array for name, array in kept.arrays.items() if name.startswith("class.")})
    tables = Tables(arrays, dict(map(tuple, kept.values["numbers"])), classes, *kept.values["counts"])
    return Prepared(from_plain(kept.values["pack"], kept.values["macros"]), tables)
