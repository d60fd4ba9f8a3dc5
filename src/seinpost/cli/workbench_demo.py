"""The second half of `seinpost demo`: the workbench with three services, their people and the scanned day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import pyarrow.parquet as papq

from seinpost.cli.scan import Options, scan_files
from seinpost.cli.speech import speech
from seinpost.cli.workbench import now, on_database

if TYPE_CHECKING:
    from seinpost.server.demo import Login


def open_workbench(out: Path, data: Path, *, serve: bool, port: int) -> None:
    """Start the database, migrate, make the people, file the day, print who can log in, and serve."""
    runs = scan_by_service(out)
    with on_database(data):
        from seinpost.packs.procedure import load_procedure
        from seinpost.server.database import migrate
        from seinpost.server.demo import file_demo_run, make_demo_world
        from seinpost.store.queries.guarantee import prove_guarantee

        migrate()
        logins = make_demo_world(now())
        plan = load_procedure()
        for service, folder in runs.items():
            done = file_demo_run(service, folder, now(), plan)
            speech.say(
                f"{service}: {done.received} ontvangen, {done.filed} in de wachtrij, {done.known} al bekend",
                f"{service}: {done.received} received, {done.filed} in the queue, {done.known} known already",
            )
        proof = prove_guarantee(plan)
        speech.say(
            f"{proof.checked} signalen, {len(proof.orphans)} zonder eigenaar, volgende actie of datum",
            f"{proof.checked} signals, {len(proof.orphans)} without owner, next action or date",
        )
        tell_logins(logins)
        if serve:
            from seinpost.server.serving import serve_pages

            address = f"http://localhost:{port}"
            speech.say(f"de werkplek: {address} (stoppen: Ctrl-C)", f"the workbench: {address} (stop: Ctrl-C)")
            serve_pages("127.0.0.1", port, 2)


def scan_by_service(out: Path) -> dict[str, Path]:
    """Part the day by the service that wrote it, and scan each part: three controllers, three runs."""
    day = papq.read_table(out / "day.parquet")
    runs = {}
    for service in sorted(pc.unique(day["service"]).to_pylist()):
        part = out / f"day-{service}.parquet"
        papq.write_table(day.filter(pc.equal(day["service"], service)), part)
        scan_files(Options((str(part),), out / f"run-{service}"), overwrite=True, threads=None, report_limit=0)
        runs[service] = out / f"run-{service}"
    return runs


def tell_logins(logins: tuple[Login, ...]) -> None:
    """Print who can log in: the same names in each service."""
    from seinpost.server.demo import PASSWORD, SERVICES

    services = ", ".join(service.code for service in SERVICES)
    speech.say(
        f"inloggen als DIENST-NAAM (dienst: {services}) met wachtwoord {PASSWORD}; namen:",
        f"log in as SERVICE-NAME (service: {services}) with password {PASSWORD}; names:",
    )
    names = sorted({login.login.removeprefix(f"{login.service}-") for login in logins})
    speech.say("  " + ", ".join(names), "  " + ", ".join(names))
