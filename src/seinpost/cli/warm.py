"""The first start builds the compiled kernels, once per version, in two processes at a time.

Run as a module (`python -m seinpost.cli.warm`) it builds those of the second eye; the process that started it builds
those of the scan and the score meanwhile, and then finds the others ready in the cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seinpost.cli.speech import speech

if TYPE_CHECKING:
    from seinpost.packs.pack import Pack
    from seinpost.scan.scanner import Scanner

MARK = "complete"
TEXT = "Zijn paspoort werd ingenomen door de baas en hij krijgt geen loon."


def kernel_folder() -> Path:
    """Where compiled kernels and tables of this version are kept."""
    return Path(os.environ["NUMBA_CACHE_DIR"])


class Warming:
    """What this process knows of kernels that are still to be built."""

    def __init__(self) -> None:
        self.helper: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Let a second process begin, before this one has even loaded what it needs; nothing once all is there."""
        if self.helper is not None or (kernel_folder() / MARK).exists():
            return
        speech.say(
            "eerste start van deze versie: de rekenkernen worden eenmalig gebouwd (een kwart minuut)",
            "first start of this version: the kernels are built once (a quarter of a minute)",
        )
        self.helper = subprocess.Popen([sys.executable, "-m", "seinpost.cli.warm"])

    def finish(self, pack: Pack, scanner: Scanner) -> None:
        """Build what the second process does not, and wait for it; a helper that failed leaves its part to us."""
        if self.helper is None:
            return
        build_scan_and_score(pack, scanner)
        if self.helper.wait() == 0:
            (kernel_folder() / MARK).touch()
        self.helper = None


warming = Warming()
"""The warming of this process."""


def build_scan_and_score(pack: Pack, scanner: Scanner) -> None:
    """Scan, score and tabulate two small texts."""
    from tempfile import gettempdir

    import numpy as np
    import pyarrow as pa

    from seinpost.run.read.identity import SeenIds
    from seinpost.score import tables
    from seinpost.score.scorer import Scorer
    from seinpost.types import HitColumns

    texts = pa.array([TEXT] * 2, pa.large_string())
    scanner.scan(texts)
    one = np.ones(1, np.int32)
    hits = HitColumns(
        np.zeros(1, np.int64), 0 * one, 0 * one, 5 * one, 0 * one, 5 * one, np.zeros(1, np.uint8), 0 * one
    )
    scorer = Scorer(pack)
    batch = tables.Batch(pa.array(["1", "2"]), texts, "warm", np.arange(2))
    tables.TableBuilder(scorer).build(hits, scorer.score(hits, 2), batch)
    SeenIds(Path(gettempdir())).mark(batch.ids)


def build_second_eye() -> None:
    """Read two small texts with the second eye; the kernels are the same whatever its pack."""
    import pyarrow as pa

    from seinpost.packs import find_pack
    from seinpost.score.eye import Eye
    from seinpost.score.eye.model import read_model

    eye = Eye(read_model((find_pack("nl") / "eye.bin").read_bytes()))
    eye.read(pa.array([TEXT] * 2, pa.large_string()))


if __name__ == "__main__":
    build_second_eye()
