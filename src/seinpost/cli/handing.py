"""`seinpost intake` and `seinpost duty`: what comes in, and what the system does by itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from seinpost.cli.speech import speech
from seinpost.cli.workbench import DataOption, now, on_database
from seinpost.errors import SettingError

LANES = ("daily", "historical")


def intake(
    path: Annotated[Path, typer.Argument(metavar="RUN|FILE", help="Map van een run, of een bestand met registraties.")],
    unit: Annotated[str, typer.Option("--unit", help="Code van de eenheid die de wachtrij krijgt.")],
    source: Annotated[str, typer.Option("--source", help="Naam van de bron, zoals bvh.")] = "bvh",
    profile: Annotated[str | None, typer.Option("--profile", help="Bronprofiel, bij een bestand.")] = None,
    lane: Annotated[str, typer.Option("--lane", help="daily, of historical: oude registraties apart.")] = "daily",
    data: DataOption = None,
) -> None:
    """Lees een run of een bestand in: wat gemarkeerd is komt in de wachtrij, van de rest blijft alleen de telling."""
    if lane not in LANES:
        raise SettingError(
            f"unknown lane {lane!r} (allowed: {', '.join(LANES)})",
            f"onbekende baan {lane!r} (toegestaan: {', '.join(LANES)})",
        )
    if path.is_dir():
        hand_in(path, unit, source, lane, data)
        return
    from seinpost.cli.scan import Options, scan_files

    with tempfile.TemporaryDirectory(prefix="seinpost-intake-") as folder:
        run = Path(folder) / "run"
        scan_files(Options((str(path),), run, source=profile), overwrite=False, threads=None, report_limit=0)
        hand_in(run, unit, source, lane, data)


def hand_in(run: Path, unit: str, source: str, lane: str, data: Path | None) -> None:
    """File a finished run, and tell its balance."""
    with on_database(data):
        from seinpost.packs.procedure import load_procedure
        from seinpost.store.actions.intake import Into
        from seinpost.store.actions.runs import file_run
        from seinpost.store.models import Unit

        row = Unit.objects.select_related("service").filter(pk=unit).first()
        if row is None:
            known = ", ".join(Unit.objects.order_by("pk").values_list("pk", flat=True))
            raise SettingError(
                f"unknown unit {unit!r} (allowed: {known})", f"onbekende eenheid {unit!r} (toegestaan: {known})"
            )
        done = file_run(folder=run, into=Into(row, lane), source=source, now=now(), plan=load_procedure())
        speech.say(
            f"{done.received} ontvangen = {done.filed} in de wachtrij + {done.known} al bekend"
            f" + {done.corrected} gecorrigeerd + {done.refused} geweigerd + {done.not_kept} niet bewaard"
            f" + {done.failed} mislukt",
            f"{done.received} received = {done.filed} in the queue + {done.known} known + {done.corrected} corrected"
            f" + {done.refused} refused + {done.not_kept} not kept + {done.failed} failed",
        )


def duty(data: DataOption = None) -> None:
    """Doe wat vanzelf moet: veel te laat naar boven, terug naar de wachtrij wat van niemand meer is."""
    with on_database(data):
        from seinpost.packs.procedure import load_procedure
        from seinpost.store.actions.duty import do_duty

        done = do_duty(now=now(), plan=load_procedure())
        told = ", ".join(f"{count} x {verb}" for verb, count in sorted(done.items())) or "-"
        speech.say(f"vanzelf gedaan: {told}", f"done by itself: {told}")
