"""Read, check and freeze the procedure of a pack: moves, deadlines, enrichment, criteria, reasons, sentences."""

from __future__ import annotations

from pathlib import Path

from seinpost.errors import PackError
from seinpost.packs import find_pack
from seinpost.packs.procedure.build import read_procedure
from seinpost.packs.procedure.lints import lint_procedure
from seinpost.packs.procedure.procedure import Procedure

__all__ = ["load_procedure", "read_procedure"]


def load_procedure(name_or_path: str | Path = "nl") -> Procedure:
    """Load the procedure of a pack that passes the model and every lint; raises PackError with all faults."""
    read = read_procedure(find_pack(name_or_path))
    faults = lint_procedure(read)
    if faults:
        raise PackError(faults)
    return read.procedure
