"""Seinpost finds hidden signals of human trafficking in Dutch registrations, and explains each one.

import seinpost
result = seinpost.scan(table)          # an Arrow table, files, or seinpost.types.Registration items
result.signals, result.hits, result.contributions, result.quarantine, result.counts
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seinpost.packs.pack import Pack
    from seinpost.run.api import Scannable, ScanResult

__all__ = ["__version__", "load_pack", "scan"]
__version__ = version("seinpost")

# `seinpost.scan` is the function below although a room has the same name. Python binds a submodule's name when it is
# first imported; binding it now keeps a later import of the room from taking the name back.
importlib.import_module("seinpost.scan")


def load_pack(name_or_path: str | Path = "nl") -> Pack:
    """Load a checked rule pack by the name of a shipped one or by its folder; raises PackError."""
    from seinpost.packs import load_pack as load

    return load(name_or_path)


def scan(
    source: Scannable | Sequence[str | Path],
    pack: Pack | str | Path = "nl",
    *,
    id_column: str = "registration_id",
    text_column: str = "text",
    semantic: bool = True,
) -> ScanResult:
    """Scan an Arrow table, a reader, registrations or files; see docs/reference/run.md for the tables.

    Raises PackError and InputError; single bad rows go to `quarantine` instead. `semantic` adds the second eye.
    """
    from seinpost.packs.pack import Pack as PackClass
    from seinpost.run.api import scan_anything
    from seinpost.score.eye import load_eye

    loaded = pack if isinstance(pack, PackClass) else load_pack(pack)
    eye = load_eye(loaded) if semantic else None
    return scan_anything(source, loaded, id_column=id_column, text_column=text_column, eye=eye)
