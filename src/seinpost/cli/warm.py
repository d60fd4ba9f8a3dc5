"""The first start builds the compiled kernels, once per version, in a second process.

Run as a module (`python -m seinpost.cli.warm`) it builds them; the process that started it reads and compiles the pack
meanwhile, and then finds the kernels ready in the cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from seinpost.cli.speech import speech

MARK = "complete"


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
            "eerste start van deze versie: de rekenkernen worden eenmalig gebouwd (enkele seconden)",
            "first start of this version: the kernels are built once (a few seconds)",
        )
        self.helper = subprocess.Popen([sys.executable, "-m", "seinpost.cli.warm"])

    def finish(self) -> None:
        """Wait for the second process; what one that failed has not built is built where it is first called."""
        if self.helper is None:
            return
        if self.helper.wait() == 0:
            (kernel_folder() / MARK).touch()
        self.helper = None


warming = Warming()
"""The warming of this process."""


def build() -> None:
    """Build all kernels that a scan calls."""
    from seinpost.run.read.identity import PROGRAM as IDS
    from seinpost.run.read.signs import PROGRAM as SIGNS
    from seinpost.scan.kernel import PROGRAM as SCAN
    from seinpost.score.eye.compiled import PROGRAM as EYE
    from seinpost.score.passes.compiled import PROGRAM as SCORE

    for program in (SCAN, SCORE, EYE, IDS, SIGNS):
        program.load()


if __name__ == "__main__":
    build()
