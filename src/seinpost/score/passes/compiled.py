"""The passes of the score as functions that Python can call."""

from __future__ import annotations

from pathlib import Path

from seinpost.scan.native.program import Program, kept_folder
from seinpost.score.passes import kernel, slices

PROGRAM = Program(
    "score", kept_folder(), sorted(Path(__file__).parent.glob("*.py")), [kernel.score_rows, slices.copy_slices]
)
score_rows = PROGRAM.entry(kernel.score_rows)
copy_slices = PROGRAM.entry(slices.copy_slices)
