"""The commands of the server. Django and the database are imported only inside a command that needs them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seinpost.cli.speech import speech
from seinpost.errors import DatabaseError, SettingError

if TYPE_CHECKING:
    from seinpost.store.actions.intake import Into

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Gegevensmap van de eigen database; niet bij SEINPOST_DATABASE_URL."),
]
LANES = ("daily", "historical")
check_app = typer.Typer(help="Nagaan of de server zijn werk kan doen, en of geen signaal zoekraakt.")
audit_app = typer.Typer(help="Het logboek: nagaan of er niets veranderd of weggelaten is.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Put the commands of the server beside those of the scan."""
    for command in (serve, worker, migrate, backup, restore, intake, duty):
        app.command(command.__name__.replace("_", "-"))(command)
    app.add_typer(check_app, name="check")
    app.add_typer(audit_app, name="audit")


@contextmanager
def on_database(data: Path | None) -> Iterator[None]:
    """Work on the database of the environment, or on our own in a data folder; the extra `server` must be there."""
    try:
        from seinpost.server.database import opened
    except ModuleNotFoundError as error:
        raise SettingError(
            f"this command needs the server: pip install 'seinpost[server]' ({error.name} is missing)",
            f"deze opdracht heeft de server nodig: pip install 'seinpost[server]' ({error.name} ontbreekt)",
        ) from error
    from django.db import Error

    try:
        with opened(data):
            yield
    except Error as error:
        said = str(error).splitlines()[0]
        raise DatabaseError(
            f"the database refuses: {said} (not migrated? seinpost migrate)",
            f"de database weigert: {said} (niet bijgewerkt? seinpost migrate)",
        ) from error


def now() -> datetime:
    """The moment a command runs."""
    return datetime.now(UTC)


def serve(
    host: Annotated[str, typer.Option("--host", help="Adres om op te luisteren.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Hoeveel processen.")] = 2,
    timed: Annotated[
        bool, typer.Option("--timed/--no-timed", help="Doe ook het werk op de klok; anders draait elders een worker.")
    ] = True,
    data: DataOption = None,
) -> None:
    """Draai de werkplek: de webserver, na controle dat de database klaar en veilig is, met een worker ernaast."""
    with on_database(data):
        from seinpost.server.serving import serve_pages

        speech.say(f"de werkplek: http://{host}:{port}", f"the workbench: http://{host}:{port}")
        serve_pages(host, port, workers, beside=worker_told if timed else nullcontext)


def worker_told() -> AbstractContextManager[None]:
    """A worker beside the pages; when it does not stop at once, it is said what is waited for."""
    from seinpost.server.worker.beside import worker_beside

    def waiting(seconds: float) -> None:
        speech.say(
            f"de worker maakt af wat hij in handen heeft: nog hooguit {seconds:.0f} s; niets gaat verloren",
            f"the worker finishes what it has in hand: {seconds:.0f} s at most; nothing is lost",
        )

    return worker_beside(waiting=waiting)


def worker(
    once: Annotated[bool, typer.Option("--once", help="Doe elke taak nu een keer, en stop.")] = False,
    watch: Annotated[
        Path | None,
        typer.Option("--watch", metavar="DIR", help="Lees in wat hier aankomt.", exists=True, file_okay=False),
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="Bij --watch: code van de eenheid.")] = "",
    source: Annotated[str, typer.Option("--source", help="Bij --watch: naam van de bron, zoals bvh.")] = "bvh",
    profile: Annotated[str | None, typer.Option("--profile", help="Bij --watch: bronprofiel van de bestanden.")] = None,
    lane: Annotated[str, typer.Option("--lane", help="Bij --watch: daily, of historical.")] = "daily",
    quiet: Annotated[
        float, typer.Option("--quiet", min=1, max=3600, help="Bij --watch: zo veel seconden onveranderd is compleet.")
    ] = 30,
    data: DataOption = None,
) -> None:
    """Doe wat op de klok moet: bewaken, narekenen, opruimen; en lees een map in. Er mogen er meer tegelijk draaien."""
    check_lane(lane)
    with on_database(data):
        from seinpost.server.worker.beside import leave_with_parent
        from seinpost.server.worker.run import work

        if watch is None:
            leave_with_parent()
            work(once=once)
            return
        from seinpost.run.read.profilefile import load_profile
        from seinpost.server.worker.watch import watching

        if profile is not None:
            load_profile(profile)  # a wrong name is told now, not for every file
        into = queue_of(unit, lane)
        work(once=once, started=watching(watch, quiet, lambda path, run: take_in(path, run, into, source, profile)))


def migrate(data: DataOption = None) -> None:
    """Breng de database op de huidige stap en geef de app precies haar rechten."""
    with on_database(data):
        from seinpost.server.database import migrate as bring_up

        steps = bring_up()
        speech.say(f"{steps} stappen gezet; rechten gegeven", f"{steps} steps taken; rights given")


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Bestand om te maken; het bewijs komt ernaast.")],
    data: DataOption = None,
) -> None:
    """Maak een reservekopie van de hele database en alle bijlagen, met het bewijs van wat erin hoort."""
    with on_database(data):
        from seinpost.server.backup import backup as save

        manifest = save(target)
        rows, files = sum(manifest["rows"].values()), len(manifest["files"])
        speech.say(f"{target}: {rows} rijen, {files} bijlagen", f"{target}: {rows} rows, {files} attachments")
        for service, number, digest in manifest["heads"]:
            print(f"{service}:{number}:{digest}")
        tell_left_out(manifest["left_out"])


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="Reservekopie van `seinpost backup`.")],
    data: DataOption = None,
) -> None:
    """Zet een reservekopie terug in een lege database, de bijlagen in de gegevensmap, en bewijs dat alles gelijk is."""
    with on_database(data):
        from seinpost.server.backup import restore as put_back

        manifest = put_back(source)
        rows = sum(manifest["rows"].values())
        files = len(manifest["files"])
        speech.say(
            f"teruggezet en gelijk: {rows} rijen, {files} bijlagen",
            f"restored and the same: {rows} rows, {files} attachments",
        )
        tell_left_out(manifest["left_out"])


def tell_left_out(left_out: list[tuple[str, str]]) -> None:
    """Name the attachments that a backup could not hold; exit 1 when there is one."""
    if not left_out:
        return
    speech.say("deze bijlagen zitten niet in de reservekopie:", "these attachments are not in the backup:")
    for en, nl in left_out:
        print(nl if speech.language.value == "nl" else en)
    raise typer.Exit(1)


@check_app.callback(invoke_without_command=True)
def check(context: typer.Context, data: DataOption = None) -> None:
    """Kan de server zijn werk doen? Anders elke reden waarom niet, en uitgang 1."""
    if context.invoked_subcommand is not None:
        return
    with on_database(data):
        from seinpost.server.health import late_work, problems

        found = list(problems()) or list(late_work())
        for problem in found:
            print(problem)
        if found:
            raise typer.Exit(1)
        speech.say("de server kan zijn werk doen", "the server can do its work")


@check_app.command("guarantee")
def check_guarantee(data: DataOption = None) -> None:
    """Heeft elk open signaal een eigenaar, een volgende actie en een datum? Anders de lijst, en uitgang 1."""
    with on_database(data):
        from seinpost.packs.procedure import load_procedure
        from seinpost.store.queries.guarantee import prove_guarantee

        proof = prove_guarantee(load_procedure())
        for orphan in proof.orphans:
            print(f"{orphan.service} {orphan.signal} {' '.join(flaw.value for flaw in orphan.flaws)}")
        print(proof.checked)
        if proof.orphans:
            raise typer.Exit(1)
        speech.say(
            f"{proof.checked} signalen nagegaan: geen enkel zonder eigenaar, volgende actie en datum",
            f"{proof.checked} signals checked: none without owner, next action and date",
        )


@check_app.command("imports")
def check_imports(data: DataOption = None) -> None:
    """Is elke inlezing afgesloten, en in balans? Tellingen alleen: dit mag iedereen lezen. Zo niet, uitgang 1."""
    with on_database(data):
        from seinpost.store.acting import as_system, working_for
        from seinpost.store.actions.duty import services
        from seinpost.store.queries.oversight import check_imports as look

        wrong = 0
        for service in services():
            with working_for(as_system(service)):
                found = look(service, now())
            print(f"{service} {found.imports} {found.registrations} {found.stuck} {found.unbalanced}")
            wrong += found.stuck + found.unbalanced
        speech.say(
            "per dienst: inlezingen, ontvangen registraties, na een dag niet afgesloten, niet in balans",
            "for each service: imports, registrations received, not closed after a day, not in balance",
        )
        if wrong:
            raise typer.Exit(1)


@audit_app.command("verify")
def audit_verify(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Uitgevoerd logboek; anders de database.")] = None,
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="SERVICE:NUMBER:HASH", help="Eerder genoteerd einde van een keten."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Reken elke keten na, schakel voor schakel, en lees elke bijlage; elke breuk met haar plaats, en uitgang 1."""
    from seinpost.cli.audit import tell_files, tell_verdict, verify_database, verify_file

    if file is not None:
        tell_verdict(verify_file(file, head or []))
        return
    with on_database(data):
        tell_verdict(verify_database(head or []))
        tell_files()


@audit_app.command("export")
def audit_export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Bestand om te maken, een gebeurtenis per regel.")],
    purpose: Annotated[
        str, typer.Option("--purpose", help="Doel; komt in de ketens en in het inzagelog.")
    ] = "oversight",
    data: DataOption = None,
) -> None:
    """Schrijf de ketens naar een bestand dat elders na te rekenen is; zonder wat mensen typten."""
    with on_database(data):
        from seinpost.cli.audit import export_chain, read_purpose

        count = export_chain(file, now=now(), purpose=read_purpose(purpose))
        speech.say(f"{count} gebeurtenissen", f"{count} events")


def intake(
    path: Annotated[Path, typer.Argument(metavar="RUN|FILE", help="Map van een run, of een bestand met registraties.")],
    unit: Annotated[str, typer.Option("--unit", help="Code van de eenheid die de wachtrij krijgt.")],
    source: Annotated[str, typer.Option("--source", help="Naam van de bron, zoals bvh.")] = "bvh",
    profile: Annotated[str | None, typer.Option("--profile", help="Bronprofiel, bij een bestand.")] = None,
    lane: Annotated[str, typer.Option("--lane", help="daily, of historical: oude registraties apart.")] = "daily",
    data: DataOption = None,
) -> None:
    """Lees een run of een bestand in: wat gemarkeerd is komt in de wachtrij, van de rest blijft alleen de telling."""
    check_lane(lane)
    with on_database(data):
        into = queue_of(unit, lane)  # before the scan: a wrong name should not cost one
        with tempfile.TemporaryDirectory(prefix="seinpost-intake-") as folder:
            take_in(path, Path(folder) / "run", into, source, profile)


def check_lane(lane: str) -> None:
    """Raise SettingError for a lane that is none."""
    if lane not in LANES:
        raise SettingError(
            f"unknown lane {lane!r} (allowed: {', '.join(LANES)})",
            f"onbekende baan {lane!r} (toegestaan: {', '.join(LANES)})",
        )


def take_in(path: Path, work: Path, into: Into, source: str, profile: str | None) -> None:
    """Take in a run, or scan a file to a run in the folder `work` and take that in."""
    if not path.is_dir():
        from seinpost.cli.scan import Options, scan_files

        options = Options((str(path),), work, source=profile, encoder=reads_with_encoder())
        scan_files(options, overwrite=True, threads=None, report_limit=0)
        path = work
    hand_in(path, into, source)


def reads_with_encoder() -> bool:
    """Whether the settings of the server let the third reader read along."""
    from django.conf import settings

    return bool(settings.SCAN_ENCODER)


def queue_of(unit: str, lane: str) -> Into:
    """The queue that is filled; raises SettingError for a unit that is not there."""
    from seinpost.store.actions.intake import Into
    from seinpost.store.models import Unit

    row = Unit.objects.select_related("service").filter(pk=unit).first()
    if row is None:
        known = ", ".join(Unit.objects.order_by("pk").values_list("pk", flat=True))
        raise SettingError(
            f"unknown unit {unit!r} (allowed: {known})", f"onbekende eenheid {unit!r} (toegestaan: {known})"
        )
    return Into(row, lane)


def hand_in(run: Path, into: Into, source: str) -> None:
    """File a finished run, and tell its balance."""
    from seinpost.packs.procedure import load_procedure
    from seinpost.store.actions.runs import file_run

    done = file_run(folder=run, into=into, source=source, now=now(), plan=load_procedure())
    if done.again:
        speech.say("deze run was al ingelezen; toen:", "this run was taken in before; then:")
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
