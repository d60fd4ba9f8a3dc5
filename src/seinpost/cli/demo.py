"""`seinpost demo`: the whole job on a made-up day."""

from __future__ import annotations

import os
import shlex
import time
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as papq
from rich.console import Console
from rich.rule import Rule

from seinpost.cli.explain import explain_command
from seinpost.cli.reporting import first_signals
from seinpost.cli.scan import Options, scan_files, tell
from seinpost.cli.speech import speech
from seinpost.cli.verify import verify_command
from seinpost.cli.workbench import now, on_database, reads_with_encoder, worker_told
from seinpost.errors import SettingError
from seinpost.report.terminal import ranked_list
from seinpost.synth import write
from seinpost.synth.world import SCHEMA

if TYPE_CHECKING:
    from seinpost.server.demo import Login

SEED = 2026
PRACTICE_CASES = 100
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Workbench:
    """Where the demo's workbench opens; `named`: somebody said that the database of the environment may be filled."""

    data: Path
    port: int
    named: bool = False


def demo_command(out: Path, registrations: int, place: Workbench, *, serve: bool) -> None:
    """The whole job on a made-up day; then, where the server is installed, the workbench with that day in it.

    In a database that the environment names if, and only if, somebody says so and it is empty: else the demo would put
    people whose password everybody can read beside those of a real service. Refused before anything is made.
    """
    here = find_spec("django") is not None
    named = here and is_named()
    if named:
        refuse_database(place)
    scan_a_day(out, registrations)
    if not here:
        speech.say(
            "de werkplek is niet geïnstalleerd: pip install 'seinpost[server]'",
            "the workbench is not installed: pip install 'seinpost[server]'",
        )
        return
    open_workbench(out, place, serve=serve, own_passwords=named)


def is_named() -> bool:
    """Whether the environment names a database."""
    return bool({"SEINPOST_DATABASE_URL", "SEINPOST_DATABASE_URL_FILE"} & set(os.environ))


def refuse_database(place: Workbench) -> None:
    """Refuse the database of the environment: unless asked for by name, and when anything is in it."""
    if not place.named:
        raise SettingError(
            "SEINPOST_DATABASE_URL names a database, and the demo fills one with made-up signals and people:"
            " unset it for a database of the demo's own, or say --in-named-database when it is empty and may be used",
            "SEINPOST_DATABASE_URL noemt een database, en de demo vult er een met verzonnen signalen en mensen:"
            " laat hem weg voor een eigen database van de demo, of zeg --in-named-database als hij leeg is en dat mag",
        )
    with on_database(place.data):
        from seinpost.server.demo import refuse_used_database

        refuse_used_database()


def scan_a_day(out: Path, registrations: int) -> None:
    """Make a day, scan it, show the first signals and the sum of the first, and prove the count."""
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    day = out / "day.parquet"
    write_day(day, registrations)
    speech.say(
        f"{speech.number(registrations)} verzonnen registraties in {day}",
        f"{speech.number(registrations)} made-up registrations in {day}",
    )
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


def write_day(day: Path, registrations: int, seed: int = SEED, **rates: float) -> None:
    """Write a made-up day, over one of an earlier demo if there is one; raises OutputError for any other file."""
    ours = day.exists() and is_made_up(day)
    write(day, registrations, seed, threads=os.cpu_count() or 1, overwrite=ours, **rates)  # type: ignore[arg-type]


def is_made_up(path: Path) -> bool:
    """Whether a file is a made-up day: it has the columns that only those have."""
    try:
        return bool(papq.read_schema(path).names == SCHEMA.names)
    except (OSError, pa.ArrowInvalid):
        return False


def open_workbench(out: Path, place: Workbench, *, serve: bool, own_passwords: bool) -> None:
    """Start the database, migrate, make the people, file the day, print who can log in, and serve."""
    with on_database(place.data):
        from seinpost.packs.procedure import load_procedure
        from seinpost.server.database import migrate
        from seinpost.server.demo import file_demo_run, make_demo_world
        from seinpost.store.queries.guarantee import prove_guarantee

        migrate()
        logins = make_demo_world(now(), own_passwords=own_passwords)
        plan = load_procedure()
        for unit, folder in scan_by_unit(out).items():
            done = file_demo_run(unit, folder, now(), plan)
            speech.say(
                f"{unit}: {done.received} ontvangen, {done.filed} in de wachtrij, {done.known} al bekend",
                f"{unit}: {done.received} received, {done.filed} in the queue, {done.known} known already",
            )
        proof = prove_guarantee(plan)
        speech.say(
            f"{proof.checked} signalen, {len(proof.orphans)} zonder eigenaar, volgende actie of datum",
            f"{proof.checked} signals, {len(proof.orphans)} without owner, next action or date",
        )
        tell_logins(logins)
        if serve:
            from seinpost.server.serving import serve_pages

            address = f"http://localhost:{place.port}"
            speech.say(f"de werkplek: {address} (stoppen: Ctrl-C)", f"the workbench: {address} (stop: Ctrl-C)")
            serve_pages("127.0.0.1", place.port, 2, beside=worker_told)


def scan_by_unit(out: Path) -> dict[str, Path]:
    """Part the day by the unit that gets it, and scan each part; the practice service gets cases of its own."""
    from seinpost.server.demo import unit_of_team

    day = papq.read_table(out / "day.parquet")
    pairs = zip(day["service"].to_pylist(), day["unit"].to_pylist(), strict=True)
    units = pa.array([unit_of_team(service, team) for service, team in pairs])
    parts = {unit: day.filter(pc.equal(units, unit)) for unit in sorted(pc.unique(units).to_pylist())}
    parts["oefen-team"] = practice_cases(out / "practice.parquet")
    runs = {}
    for unit, rows in parts.items():
        part = out / f"day-{unit}.parquet"
        papq.write_table(rows, part)
        options = Options((str(part),), out / f"run-{unit}", encoder=reads_with_encoder())
        scan_files(options, overwrite=True, threads=None, report_limit=0)
        runs[unit] = out / f"run-{unit}"
    return runs


def practice_cases(path: Path) -> pa.Table:
    """Made-up cases to learn on: as many signals as look-alikes and ordinary ones, numbered as practice."""
    write_day(path, PRACTICE_CASES, SEED + 1, base_rate=0.34, near_miss_rate=0.33)
    rows = papq.read_table(path)
    numbers = [f"OEFEN-{number:04d}" for number in range(1, len(rows) + 1)]
    for name, values in (("registration_id", numbers), ("service", ["oefen"] * len(rows))):
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), pa.array(values))
    return rows


def tell_logins(logins: tuple[Login, ...]) -> None:
    """Print who can log in: the same names in each service, or everybody with a password of their own, this once."""
    from seinpost.server.demo import PASSWORD, SERVICES

    if any(login.password != PASSWORD for login in logins):
        speech.say(
            "wie kan inloggen, met welk wachtwoord; ze zijn nergens bewaard en worden niet opnieuw getoond:",
            "who can log in, with which password; they are kept nowhere and not shown again:",
        )
        for login in logins:
            print(f"{login.login}\t{login.password}")
        return
    services = ", ".join(service.code for service in SERVICES)
    speech.say(
        f"inloggen als DIENST-NAAM (dienst: {services}) met wachtwoord {PASSWORD}; namen:",
        f"log in as SERVICE-NAME (service: {services}) with password {PASSWORD}; names:",
    )
    counts = Counter(login.login.removeprefix(f"{login.service}-") for login in logins)
    everywhere = sorted(name for name, count in counts.items() if count == len(SERVICES))
    speech.say("  " + ", ".join(everywhere), "  " + ", ".join(everywhere))
    other = [one.login for one in logins if one.login.removeprefix(f"{one.service}-") not in everywhere]
    speech.say("in een tweede eenheid:", "in a second unit:")
    speech.say("  " + ", ".join(other), "  " + ", ".join(other))
