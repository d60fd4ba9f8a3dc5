"""The second eye: a small trained reader that finds what the phrases did not foresee, and names what it resembles.

It is shown apart from phrase hits, never hides one, and has no feature for a trait, a name or a place.
"""

from __future__ import annotations

from pathlib import Path

from seinpost.packs import find_pack
from seinpost.packs.pack import Pack
from seinpost.score.eye.model import read_model
from seinpost.score.eye.reader import Eye

__all__ = ["Eye", "load_eye"]


def load_eye(pack: Pack, folder: Path | None = None) -> Eye | None:
    """Load the reader trained for a pack (default: the shipped pack of that name), or None when it has none."""
    home = folder if folder is not None else find_pack(pack.id)
    path = home / "eye.bin"
    return Eye(read_model(path.read_bytes())) if path.is_file() else None
