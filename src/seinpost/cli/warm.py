"""The first start builds the compiled kernels, once per version: two processes at a time, in half the time.

Run as a module (`python -m seinpost.cli.warm`) it builds those of the score and the second eye; the process that
started it builds those of the scan meanwhile, and then finds the others ready in the cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seinpost.cli.speech import speech

MARK = "complete"


def kernel_folder() -> Path:
    """Where compiled kernels of this version are kept."""
    return Path(os.environ["NUMBA_CACHE_DIR"])


@contextmanager
def warm() -> Iterator[None]:
    """Build what is missing: the body builds the scan's kernels, a second process the others; then both are there."""
    mark = kernel_folder() / MARK
    if mark.exists():
        yield
        return
    speech.say(
        "eerste start van deze versie: de rekenkernen worden eenmalig gebouwd (een halve minuut)",
        "first start of this version: the kernels are built once (half a minute)",
    )
    with subprocess.Popen([sys.executable, "-m", "seinpost.cli.warm"]) as process:
        yield
    if process.returncode == 0:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def build() -> None:
    """Run score, tables and second eye once on two small texts."""
    import numpy as np
    import pyarrow as pa

    from seinpost.packs import load_pack
    from seinpost.score import tables
    from seinpost.score.eye import load_eye
    from seinpost.score.scorer import Scorer
    from seinpost.types import HitColumns

    pack = load_pack("nl")
    eye = load_eye(pack)
    texts = pa.array(["Zijn paspoort werd ingenomen door de baas en hij krijgt geen loon."] * 2, pa.large_string())
    seen = eye.read(texts) if eye is not None else None
    one = np.ones(1, np.int32)
    hits = HitColumns(
        np.zeros(1, np.int64), 0 * one, 0 * one, 5 * one, 0 * one, 5 * one, np.zeros(1, np.uint8), 0 * one
    )
    scorer = Scorer(pack, eye.situations if eye is not None else ())
    scores = scorer.score(hits, 2, seen)
    batch = tables.Batch(pa.array(["1", "2"]), texts, "warm", np.arange(2))
    tables.TableBuilder(scorer).build(hits, scores, batch, seen)


if __name__ == "__main__":
    build()
