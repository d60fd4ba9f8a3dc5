"""`seinpost generate`: made-up registrations with known truth."""

from __future__ import annotations

import os
from pathlib import Path

from seinpost.cli.speech import speech
from seinpost.synth import write


def generate_command(registrations: int, seed: int, out: Path, threads: int | None) -> None:
    """Write made-up registrations to a file and tell so."""
    write(out, registrations, seed, threads=threads or os.cpu_count() or 1)
    speech.say(
        f"{speech.number(registrations)} verzonnen registraties in {out}",
        f"{speech.number(registrations)} made-up registrations in {out}",
    )
