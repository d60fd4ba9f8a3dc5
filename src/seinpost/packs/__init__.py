"""Read, check and freeze rule packs: strict YAML, then the model, then the lints, then the examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seinpost.errors import Fault, PackError, Place

if TYPE_CHECKING:
    from seinpost.packs.build import ReadPack
    from seinpost.packs.pack import Pack

__all__ = ["checked_pack", "find_pack", "load_pack", "read_pack", "shipped_packs"]

_HOME = Path(__file__).parent


def shipped_packs() -> tuple[str, ...]:
    """Give the names of the packs that come with Seinpost."""
    return tuple(sorted(path.parent.name for path in _HOME.glob("*/pack.yaml")))


def find_pack(name_or_path: str | Path = "nl") -> Path:
    """Give the folder of a shipped pack by name, or of any pack by path; raises PackError when there is none."""
    if isinstance(name_or_path, str) and name_or_path in shipped_packs():
        return _HOME / name_or_path
    folder = Path(name_or_path)
    if (folder / "pack.yaml").is_file():
        return folder
    allowed = f"{', '.join(shipped_packs())}, or a folder with pack.yaml"
    raise PackError((Fault(Place(folder), "is no pack", str(name_or_path), allowed),))


def read_pack(folder: Path) -> ReadPack:
    """Read and build the pack in a folder; raises PackError with every fault found, by gate."""
    from seinpost.packs.build import read_pack as read

    return read(folder)


def checked_pack(folder: Path) -> ReadPack:
    """Read the pack in a folder and refuse it with all its faults when it fails the model or a lint; PackError."""
    from seinpost.packs.lints import errors_of

    whole = read_pack(folder)
    findings = errors_of(whole)
    if findings:
        raise PackError(tuple(finding.fault for finding in findings))
    return whole


def load_pack(name_or_path: str | Path = "nl") -> Pack:
    """Load a pack that passes the model and every lint that can refuse; raises PackError with all faults.

    Reads the files anew at every call.
    """
    return checked_pack(find_pack(name_or_path)).pack
