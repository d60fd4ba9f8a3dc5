"""`seinpost demo`: the whole job on a made-up day."""

from __future__ import annotations

import shlex
import time
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

from seinpost.cli.explain import explain_command
from seinpost.cli.generate import generate_command
from seinpost.cli.reporting import first_signals
from seinpost.cli.scan import Options, scan_files, tell
from seinpost.cli.speech import speech
from seinpost.cli.verify import verify_command
from seinpost.report.terminal import ranked_list

SEED = 2026
SHOWN = 3


def demo_command(out: Path, registrations: int, serve: bool, data: Path | None = None, port: int = 8000) -> None:
    """The whole job on a made-up day; then, where the server is installed, the workbench with that day in it."""
    scan_a_day(out, registrations)
    if find_spec("django") is None:
        speech.say(
            "de werkplek is niet geïnstalleerd: pip install 'seinpost[server]'",
            "the workbench is not installed: pip install 'seinpost[server]'",
        )
        return
    from seinpost.cli.workbench_demo import open_workbench

    open_workbench(out, data or out / "data", serve=serve, port=port)


def scan_a_day(out: Path, registrations: int) -> None:
    """Make a day, scan it, show the first signals and the sum of the first, and prove the count."""
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    day = out / "day.parquet"
    generate_command(registrations, SEED, day, None)
    begin = time.perf_counter()
    options = Options((str(day),), out / "run")
    finished = scan_files(options, overwrite=True, threads=None, report_limit=1000)
    spent = time.perf_counter() - begin
    speech.say(f"gescand in {spent:.1f} s", f"scanned in {spent:.1f} s")
    tell(finished, out / "run")
    views, _ = first_signals(out / "run", SHOWN)
    if views:
        console.print(Rule(speech.pick("de eerste signalen", "the first signals")))
        console.print(ranked_list(views))
        console.print(Rule(speech.pick("waarom het eerste bovenaan staat", "why the first is on top")))
        explain_command(out / "run", views[0].registration_id, "nl", False)
    console.print(Rule(speech.pick("het bewijs", "the proof")))
    verify_command(out / "run", False)
    folder = shlex.quote(str(out / "run"))
    speech.say(
        f"verder: open {folder}/report.html, of: seinpost explain {folder} NUMMER",
        f"next: open {folder}/report.html, or: seinpost explain {folder} ID",
    )
