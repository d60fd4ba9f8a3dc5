"""The commands that make what a server starts with: services, units, the first people, keys of systems."""

from __future__ import annotations

from typing import Annotated

import typer

from seinpost.cli.speech import speech
from seinpost.cli.workbench import DataOption, now, on_database


def register(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    for command in (create_service, create_unit, create_user, create_key):
        app.command(command.__name__.replace("_", "-"))(command)


def create_service(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code van de dienst, zoals politie; verandert nooit.")],
    profile: Annotated[str, typer.Option("--profile", help="Werkwijze: politie, nla of kmar.")],
    name: Annotated[str, typer.Option("--name", help="Naam in het Nederlands.")],
    name_en: Annotated[str, typer.Option("--name-en", help="Naam in het Engels.")],
    practice: Annotated[
        bool, typer.Option("--practice", help="Oefendienst: alleen verzonnen signalen, voor aspiranten.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Maak een dienst: een verwerkingsverantwoordelijke met eigen eenheden, mensen en logboek."""
    with on_database(data):
        from seinpost.server.people import create_service as make

        make(code=code, profile=profile, name_nl=name, name_en=name_en, practice=practice, now=now())
        speech.say(
            f"dienst {code} gemaakt; nu haar eenheden: seinpost create-unit CODE --service {code} ...",
            f"service {code} made; now its units: seinpost create-unit CODE --service {code} ...",
        )


def create_unit(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code van de eenheid; verandert nooit.")],
    service: Annotated[str, typer.Option("--service", help="Code van de dienst.")],
    task: Annotated[str, typer.Option("--task", help="Taak: police-task, investigation, supervision of aliens-task.")],
    processing: Annotated[str, typer.Option("--processing", help="Regime: wpg-8, wpg-9, wpg-10, wpg-13 of gdpr.")],
    name: Annotated[str, typer.Option("--name", help="Naam in het Nederlands.")],
    name_en: Annotated[str, typer.Option("--name-en", help="Naam in het Engels; anders de Nederlandse.")] = "",
    data: DataOption = None,
) -> None:
    """Maak een eenheid van een dienst: een team met een taak, onder een regime van verwerking."""
    with on_database(data):
        from seinpost.server.people import create_unit as make

        make(
            code=code, service=service, task=task, processing=processing, name_nl=name, name_en=name_en or name,
            now=now(),
        )  # fmt: skip
        speech.say(
            f"eenheid {code} gemaakt; nu haar mensen: seinpost create-user LOGIN --unit {code} ...",
            f"unit {code} made; now its people: seinpost create-user LOGIN --unit {code} ...",
        )


def create_user(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="Inlognaam.")],
    name: Annotated[str, typer.Option("--name", help="Naam zoals collega's die kennen.")],
    unit: Annotated[str, typer.Option("--unit", help="Code van de eenheid.")],
    role: Annotated[list[str], typer.Option("--role", help="Rol; mag vaker.")],
    years: Annotated[int, typer.Option("--years", min=1, max=5, help="Hoe lang de rechten gelden.")] = 1,
    compartment: Annotated[
        list[str] | None, typer.Option("--compartment", help="Beschermde bron die open is; mag vaker.")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Lees een wachtwoord van standaardinvoer.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Maak iemand die mag inloggen, met rollen in een eenheid."""
    with on_database(data):
        from seinpost.server.people import create_person

        password = typer.get_text_stream("stdin").readline().rstrip("\n") if password_stdin else None
        person = create_person(
            login=login, name=name, unit=unit, roles=role, years=years, password=password, now=now(),
            compartments=tuple(compartment or ()),
        )  # fmt: skip
        speech.say(f"{person.login} gemaakt in {unit}", f"{person.login} made in {unit}")


def create_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Welk systeem hem gebruikt.")],
    unit: Annotated[str, typer.Option("--unit", help="Code van de eenheid die de signalen krijgt.")],
    source: Annotated[str, typer.Option("--source", help="Bron waar de sleutel voor spreekt, zoals bvh.")],
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="Hoe lang hij geldt.")] = 365,
    protected: Annotated[
        str, typer.Option("--protected", metavar="COMPARTMENT", help="De bron is beschermd, in dit compartiment.")
    ] = "",
    identifies: Annotated[
        list[str] | None,
        typer.Option(
            "--identifies", metavar="COLUMN", help="Bewaarde kolom die zegt wie de bron is; mag vaker; anders elke."
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """Maak een sleutel waarmee een systeem registraties aanbiedt; hij wordt één keer getoond en nergens bewaard."""
    with on_database(data):
        from seinpost.server.people import create_key as make

        secret = make(
            name=name, unit=unit, source=source, days=days, now=now(), protected=protected,
            identifies=tuple(identifies or ()),
        )  # fmt: skip
        print(secret)
        speech.say(f"sleutel voor {unit}, {days} dagen geldig", f"key for {unit}, valid for {days} days")
