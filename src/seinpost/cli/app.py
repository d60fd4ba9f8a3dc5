"""The commands and their options. Each command is a few lines here; what it does stands in a module of its own.

Heavy rooms are imported inside the commands, so that `seinpost --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from seinpost.cli.manage import make
from seinpost.cli.speech import Language, speech
from seinpost.cli.warm import warming
from seinpost.cli.workbench import register

USAGE_FAULT: Any = typer.BadParameter.__mro__[2]
"""What every usage fault derives from: click's ClickException, of which newer typer carries a copy of its own."""


def choose(value: str | None) -> None:
    """Set the language of the messages; a usage fault when it is none we speak."""
    if value is None:
        return
    if value not in {language.value for language in Language}:
        raise typer.BadParameter(f"{value!r} (nl, en)", param_hint="--lang")
    speech.language = Language(value)


app = typer.Typer(
    name="seinpost",
    help="Vindt verborgen signalen van mensenhandel in registraties, en legt elk signaal uit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
pack_app = typer.Typer(help="Regelpakketten: controleren, beproeven, tonen, vergelijken.", no_args_is_help=True)
app.add_typer(pack_app, name="pack")

PackOption = Annotated[str, typer.Option("--pack", help="Naam of map van het regelpakket.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Uitvoer als JSON op standaarduitvoer.")]
NoSemantic = Annotated[bool, typer.Option("--no-semantic", help="Zonder de tweede lezer.")]
WithEncoder = Annotated[bool, typer.Option("--encoder", help="Met de derde lezer (seinpost[semantic]).")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, max=256, help="Aantal draden; anders alle kernen.")]


def tell_version(asked: bool) -> None:
    """Print the version and leave."""
    if asked:
        from importlib.metadata import version

        print(f"seinpost {version('seinpost')}")
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="nl|en", help="Taal van de meldingen (ook: SEINPOST_LANG).")
    ] = None,
    version: Annotated[  # noqa: ARG001 - typer calls tell_version
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Toon de versie.")
    ] = False,
) -> None:
    """Options that hold for every command."""
    choose(lang)


@app.command()
def scan(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Bestanden, mappen, of - voor standaardinvoer.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Map voor de resultaten.")],
    id_column: Annotated[str | None, typer.Option("--id-column", help="Kolom met het registratienummer.")] = None,
    text_column: Annotated[str | None, typer.Option("--text-column", help="Kolom met de tekst.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Bronprofiel: naam of pad van een .yaml-bestand.")
    ] = None,
    format: Annotated[
        str, typer.Option("--format", help="Formaat van standaardinvoer: jsonl, csv, parquet, arrow.")
    ] = "jsonl",
    pack: PackOption = "nl",
    no_semantic: NoSemantic = False,
    encoder: WithEncoder = False,
    resume: Annotated[bool, typer.Option("--resume", help="Ga verder met een onderbroken run.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Vervang de resultaten in de map.")] = False,
    threads: Threads = None,
    report_limit: Annotated[int, typer.Option("--report-limit", min=0, help="Hoeveel signalen in report.html.")] = 1000,
    json: JsonOption = False,
) -> None:
    """Scan registraties: signalen, treffers, bijdragen, quarantaine, rapport en sluitende telling."""
    warming.begin()
    from seinpost.cli.scan import scan_as_asked

    scan_as_asked(
        inputs=inputs,
        out=out,
        id_column=id_column,
        text_column=text_column,
        source=source,
        format=format,
        pack=pack,
        no_semantic=no_semantic,
        encoder=encoder,
        resume=resume,
        overwrite=overwrite,
        threads=threads,
        report_limit=report_limit,
        json=json,
    )


@app.command()
def verify(
    run: Annotated[Path, typer.Argument(metavar="DIR", help="Map van een voltooide run.")], json: JsonOption = False
) -> None:
    """Controleer de sluitende telling van een run: niets verdwenen, niets veranderd."""
    from seinpost.cli.verify import verify_command

    verify_command(run, json)


@app.command()
def explain(
    run: Annotated[Path, typer.Argument(metavar="DIR", help="Map van een voltooide run.")],
    registration_id: Annotated[str, typer.Argument(metavar="ID", help="Registratienummer.")],
    pack: PackOption = "nl",
    json: JsonOption = False,
) -> None:
    """Leg uit waarom een registratie een signaal is, of waarom niet."""
    warming.begin()
    from seinpost.cli.explain import explain_command

    explain_command(run, registration_id, pack, json)


@app.command()
def generate(
    registrations: Annotated[int, typer.Option("--registrations", "-n", min=1, help="Hoeveel registraties.")],
    out: Annotated[Path, typer.Option("--out", help="Bestand: .parquet, .csv of .jsonl.")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="Zelfde getal, zelfde registraties.")] = 1,
    threads: Threads = None,
) -> None:
    """Maak verzonnen registraties met bekende waarheid (geen bewijs van trefkans in het echt)."""
    from seinpost.synth import write

    write(out, registrations, seed, threads=threads or os.cpu_count() or 1)
    speech.say(
        f"{speech.number(registrations)} verzonnen registraties in {out}",
        f"{speech.number(registrations)} made-up registrations in {out}",
    )


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Map voor de demo.")] = Path("seinpost-demo"),
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Zonder de webserver (voor scripts).")] = False,
    registrations: Annotated[
        int, typer.Option("--registrations", "-n", min=100, help="Hoeveel registraties.")
    ] = 20_000,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Map van de database; anders data in de map van de demo."),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Poort van de werkplek.")] = 8000,
    in_named_database: Annotated[
        bool,
        typer.Option(
            "--in-named-database",
            help="Ook in de lege database van SEINPOST_DATABASE_URL; elk wachtwoord is dan eigen en eens te zien.",
        ),
    ] = False,
) -> None:
    """Het hele werk op een verzonnen dag: maken, scannen, uitleggen, bewijzen, en de werkplek openen."""
    warming.begin()
    from seinpost.cli.demo import Workbench, demo_command

    place = Workbench(data or out / "data", port, in_named_database)
    demo_command(out, registrations, place, serve=not no_serve)


@pack_app.command("lint")
def pack_lint(pack: Annotated[str, typer.Argument(metavar="PACK")] = "nl", json: JsonOption = False) -> None:
    """Controleer een pakket: elke fout met bestand, regel, waarde en wat mag."""
    from seinpost.cli.pack import lint_command

    lint_command(pack, json)


@pack_app.command("test")
def pack_test(pack: Annotated[str, typer.Argument(metavar="PACK")] = "nl") -> None:
    """Draai de voorbeelden van een pakket."""
    from seinpost.cli.pack import test_command

    test_command(pack)


@pack_app.command("show")
def pack_show(
    code: Annotated[str, typer.Argument(metavar="ID", help="Code van een indicator, of nummer van een patroon.")],
    pack: PackOption = "nl",
    json: JsonOption = False,
) -> None:
    """Toon een indicator of patroon met alles wat erover bekend is."""
    from seinpost.cli.pack import show_command

    show_command(code, pack, json)


@pack_app.command("diff")
def pack_diff(
    old: Annotated[str, typer.Argument(metavar="OLD")],
    new: Annotated[str, typer.Argument(metavar="NEW")],
    json: JsonOption = False,
) -> None:
    """Wat verschilt er tussen twee pakketten?"""
    from seinpost.cli.pack import diff_command

    diff_command(old, new, json)


@pack_app.command("model-card")
def pack_model_card(pack: Annotated[str, typer.Argument(metavar="PACK")] = "nl") -> None:
    """Modelkaart voor het Algoritmeregister, uit het draaiende pakket."""
    from seinpost.cli.pack import card_command

    card_command(pack)


@pack_app.command("train")
def pack_train(
    pack: Annotated[str, typer.Argument(metavar="PACK")] = "nl",
    check: Annotated[bool, typer.Option("--check", help="Alleen nagaan of opnieuw trainen hetzelfde geeft.")] = False,
) -> None:
    """Train de tweede lezer opnieuw op het casusboek."""
    from seinpost.cli.pack import train_command

    train_command(pack, check)


register(app)
make.register(app)


def run(arguments: list[str]) -> None:
    """Run a command; a usage fault becomes one message and its exit code."""
    try:
        sys.exit(app(args=language_first(arguments), standalone_mode=False))
    except USAGE_FAULT as error:
        message = error.format_message()
        speech.say(f"seinpost: {message}", f"seinpost: {message}")
        sys.exit(error.exit_code)
    except typer.Abort:
        raise KeyboardInterrupt from None


def language_first(arguments: list[str]) -> list[str]:
    """Put --lang before the command's name, so that it may stand anywhere before a bare `--`."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    for at, argument in enumerate(arguments[:end]):
        if argument == "--lang" or argument.startswith("--lang="):
            width = 1 if "=" in argument else 2
            return [*arguments[at : at + width], *arguments[:at], *arguments[at + width :]]
    return arguments
