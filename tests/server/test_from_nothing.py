"""From an empty database to a service at work, with the commands that docs/how-to/run-the-server.md names."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.test_runs import scanned
from tests.store.world import NOW, make_world
from typer.testing import CliRunner

from seinpost.cli.app import app
from seinpost.cli.speech import Language, speech
from seinpost.errors import SettingError
from seinpost.server.database import APP
from seinpost.server.people import check_code, check_names, create_service, create_unit
from seinpost.store.models import CaseEvent, Import, Person, Service, Signal, Unit

PASSWORD = "een lang wachtwoord van niemand anders 7"
REGISTRATIONS = (
    {"registration_id": "R1", "text": "Betrokkene verklaarde dat de baas zijn paspoort heeft afgenomen."},
    {"registration_id": "R2", "text": "Gestolen fiets voor de supermarkt."},
)
SERVICE = ("politie", "--profile", "politie", "--name", "Politie", "--name-en", "Police")
UNIT = ("avim", "--service", "politie", "--task", "police-task", "--processing", "wpg-8", "--name", "AVIM")
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def command(instance: Any, db: str, tmp_path: Path) -> Command:
    """Runs a command as a process of its own, with the settings of a real server: outside the demo."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SEINPOST_", "DJANGO_"))}
    settings = {
        "SEINPOST_DATABASE_URL": instance.url(db, APP),
        "SEINPOST_SECRET_KEY": secrets.token_urlsafe(50),
        "SEINPOST_ORIGIN": "https://seinpost.example",
        "SEINPOST_DATA": str(tmp_path / "data"),
    }

    def run(*arguments: str, said: str = "", killed: Callable[[], bool] | None = None) -> Any:
        line = [sys.executable, "-m", "seinpost.cli.main", *arguments]
        with subprocess.Popen(
            line, env={**own, **settings}, text=True, stdin=PIPE, stdout=PIPE, stderr=PIPE
        ) as process:
            while killed is not None and process.poll() is None and not killed():
                time.sleep(0.01)
            if killed is not None:
                process.kill()
            out, error = process.communicate(said)
        return subprocess.CompletedProcess(line, process.returncode, out, error)

    return run


def test_the_commands_of_a_real_server_lead_from_nothing_to_signals_that_are_proved(
    command: Command, raw: Any, tmp_path: Path
) -> None:
    day = tmp_path / "day.jsonl"
    day.write_text("".join(json.dumps(one) + "\n" for one in REGISTRATIONS), encoding="utf-8")
    roles = ("--role", "administrator", "--role", "analyst")
    for arguments, said in (
        (("create-service", *SERVICE), "dienst politie gemaakt"),
        (("create-unit", *UNIT), "eenheid avim gemaakt"),
        (("create-user", "eerste", "--name", "Eerste", "--unit", "avim", *roles, "--password-stdin"), "eerste gemaakt"),
        (("intake", str(day), "--unit", "avim"), "2 ontvangen = 1 in de wachtrij"),
    ):
        done = command(*arguments, said=f"{PASSWORD}\n")
        assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert Person.objects.get(login="eerste").check_password(PASSWORD)
    row = Signal.objects.using("owner").get()
    proved = command("check", "guarantee")
    assert (proved.returncode, proved.stdout) == (0, "1\n"), proved.stderr
    with raw(role="seinpost_owner") as connection:
        connection.execute("UPDATE store_signal SET next_kind = 'weg'")
    broken = command("check", "guarantee")
    assert (broken.returncode, broken.stdout) == (1, f"politie {row.pk} no-next-action\n1\n"), broken.stderr


def test_a_run_that_is_handed_in_again_after_a_kill_lies_there_once(command: Command, tmp_path: Path) -> None:
    make_world(("politie",))
    texts = [f"Melding {number}: de baas heeft zijn paspoort afgenomen, hij mag niet weg." for number in range(40)]
    folder = scanned(tmp_path, texts)
    ask = ("intake", str(folder), "--unit", "politie-team", "--source", "bvh")
    rows = Import.objects.using("owner")
    assert command(*ask, killed=rows.exists).returncode == -signal.SIGKILL
    done = command(*ask)
    assert done.returncode == 0, done.stderr
    row = rows.get()
    assert row.finished_at is not None
    assert row.received == row.filed + row.known + row.not_kept + row.failed == len(texts)
    first = Signal.objects.using("owner").filter(service="politie").count()
    assert first == CaseEvent.objects.using("owner").filter(kind="registered").count() == row.filed + row.known > 0
    again = command(*ask)
    assert (again.returncode, "deze run was al ingelezen" in again.stderr) == (0, True), again.stderr
    assert Signal.objects.using("owner").filter(service="politie").count() == first
    assert command("check", "guarantee").stdout == f"{first}\n"


REFUSED = (
    (("create-service", *SERVICE), "service 'politie' exists already", "dienst 'politie' bestaat al"),
    (("create-unit", *UNIT), "unit 'avim' exists already", "eenheid 'avim' bestaat al"),
    (("create-service", "x", "--profile", "fiod", *SERVICE[3:]), "'fiod' (allowed: politie, nla, kmar)", "profiel"),
    (("create-service", "Dienst", *SERVICE[1:]), "'Dienst' (allowed: lower-case", "toegestaan: kleine letters"),
    (("create-service", "x", "--profile", "nla", "--name", " ", "--name-en", "X"), "name ' ' (allowed", "naam ' '"),
    (("create-unit", "x", "--service", "fiod", *UNIT[3:]), "service 'fiod' (allowed: politie)", "dienst 'fiod'"),
    (("create-unit", "x", *UNIT[1:3], "--task", "work", *UNIT[5:]), "task 'work' (allowed: police-task,", "taak"),
    (("create-unit", "x", *UNIT[1:5], "--processing", "avg", *UNIT[7:]), "'avg' (allowed: wpg-8", "regime 'avg'"),
)


@pytest.mark.usefixtures("db")
def test_what_exists_already_and_unknown_values_are_refused_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEINPOST_DATABASE_URL", "postgresql://the-tests-have-opened-it")
    monkeypatch.setattr(speech, "language", Language.NL)
    for line in (("create-service", *SERVICE), ("create-unit", *UNIT)):
        assert CliRunner().invoke(app, line).exit_code == 0
    for arguments, en, nl in REFUSED:
        error = CliRunner().invoke(app, arguments).exception
        assert isinstance(error, SettingError), arguments
        assert en in error.told("en")
        assert nl in error.told("nl")
    assert (Service.objects.count(), Unit.objects.count()) == (1, 1)
    assert CaseEvent.objects.using("owner").count() == 2


@pytest.mark.usefixtures("db")
def test_a_practice_service_is_made_as_one_and_each_making_is_in_its_chain() -> None:
    service = create_service(
        code="oefen", profile="politie", name_nl="Oefenen", name_en="Practice", practice=True, now=NOW
    )
    create_unit(
        code="oefen-team", service="oefen", task="police-task", processing="wpg-8", name_nl="T", name_en="T", now=NOW
    )
    assert service.practice
    assert list(CaseEvent.objects.using("owner").values_list("kind", flat=True)) == ["service-made", "unit-made"]


@given(st.text(max_size=70))
def test_no_text_is_a_code_or_name_that_the_database_would_refuse(text: str) -> None:
    wanted = 0 < len(text) <= 40 and all(part.isalnum() and part.isascii() for part in text.split("-"))
    if not (wanted and text == text.lower()):
        with pytest.raises(SettingError):
            check_code(text, Service)
    if not text.strip() or "\x00" in text:
        with pytest.raises(SettingError):
            check_names(text)
