"""The demo's world, people with rights, a run in the queue, and the commands that prove it, as the demo uses them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from tests.store.world import NOW, plan
from typer.testing import CliRunner

from seinpost.cli.app import app
from seinpost.cli.audit import export_chain, verify_file
from seinpost.cli.demo import scan_by_unit, write_day
from seinpost.cli.scan import Options, scan_files
from seinpost.errors import InputError, OutputError, RunError, SettingError
from seinpost.packs.procedure.terms import Processing, Profile, Role, Task, Verb
from seinpost.process.shapes import Refused
from seinpost.server.demo import PASSWORD, SERVICES, file_demo_run, make_demo_world, refuse_used_database
from seinpost.server.people import create_key, create_person
from seinpost.store.acting import actor_of, as_person, working_for
from seinpost.store.actions.people import Right, end_right, give_right, make_service
from seinpost.store.audit.stored import verify_stored
from seinpost.store.machines.keys import Admitted, Limit, Scope, admit, make_key
from seinpost.store.models import CaseEvent, Grant, Import, Person, Signal, Unit, ViewLog
from seinpost.store.queries.guarantee import prove_guarantee
from seinpost.store.queries.scope import signals_for
from seinpost.store.watching.caseload import counted_units
from seinpost.synth.world import SCHEMA

pytestmark = pytest.mark.usefixtures("db")
TEXTS = (
    "Betrokkene verklaarde dat de baas zijn paspoort heeft afgenomen en dat hij niet weg mag.",
    "Gestolen fiets voor de supermarkt.",
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run of two registrations, one of them flagged."""
    table = pa.table({"registration_id": ["R1", "R2"], "text": list(TEXTS)})
    papq.write_table(table, tmp_path / "day.parquet")
    options = Options((str(tmp_path / "day.parquet"),), tmp_path / "run", semantic=False)
    scan_files(options, overwrite=True, threads=1, report_limit=0)
    return tmp_path / "run"


def test_the_demo_world_has_somebody_of_every_role_in_every_service_and_is_made_once() -> None:
    logins = make_demo_world(NOW)
    assert {(login.service, login.role) for login in logins} == {
        (service.code, role) for service in SERVICES for role in Role if role is not Role.SYSTEM
    }
    events = CaseEvent.objects.using("owner").count()
    assert make_demo_world(NOW) == logins
    assert CaseEvent.objects.using("owner").count() == events
    person = Person.objects.get(login="politie-analist")
    assert person.check_password(PASSWORD)
    assert person.code_of_conduct_signed_at == NOW
    opened = Grant.objects.using("owner").exclude(compartments=[]).values_list("person__login", flat=True)
    assert set(opened) == {f"{service.code}-rechercheur" for service in SERVICES}
    assert verify_stored().breaks == ()


def test_each_service_has_who_leads_all_of_it_and_who_leads_one_unit() -> None:
    make_demo_world(NOW)
    for service in SERVICES:
        led = {}
        for login in (f"{service.code}-dienst", f"{service.code}-coordinator"):
            acting = as_person(Person.objects.get(login=login))
            with working_for(acting):
                led[login] = set(counted_units(actor_of(acting, NOW), NOW))
        assert led == {
            f"{service.code}-dienst": {unit.code for unit in service.units},
            f"{service.code}-coordinator": {service.units[0].code},
        }


def test_the_manual_names_everybody_who_can_log_in_and_the_units_they_are_in() -> None:
    manual = Path("docs/how-to/demo.md").read_text(encoding="utf-8")
    for login in make_demo_world(NOW):
        assert f"`{login.login.removeprefix(f'{login.service}-')}`" in manual or f"`{login.login}`" in manual, login
    assert PASSWORD in manual
    assert all(f"`{one.code}`" in manual for service in SERVICES for one in service.units)


def test_every_unit_has_somebody_and_signals_and_a_trainee_finds_practice_cases(tmp_path: Path) -> None:
    logins = make_demo_world(NOW)
    teams = [(service.code, team) for service in SERVICES[:3] for one in service.units for team in one.takes]
    teams += [(service.code, "een ander team") for service in SERVICES[:3]]
    write_day(tmp_path / "day.parquet", len(teams))
    made = papq.read_table(tmp_path / "day.parquet").to_pylist()
    for row, (service, team) in zip(made, teams, strict=True):
        row |= {"service": service, "unit": team, "text": f"{TEXTS[0]} Gezien bij {team}."}
    papq.write_table(pa.Table.from_pylist(made, SCHEMA), tmp_path / "day.parquet")
    for unit, folder in scan_by_unit(tmp_path).items():
        file_demo_run(unit, folder, NOW, plan())
    rows = list(Signal.objects.using("owner").select_related("unit", "service"))
    assert {row.unit_id for row in rows} == {one.code for service in SERVICES for one in service.units}
    place = dict(Person.objects.values_list("login", "unit"))
    for code in {row.unit_id for row in rows}:
        here = [login for login in logins if place[login.login] == code]
        assert {Role.ANALYST, Role.WEIGHER, Role.COORDINATOR} <= {login.role for login in here}, code
        analyst = as_person(Person.objects.get(login=next(one.login for one in here if one.role is Role.ANALYST)))
        with working_for(analyst):
            found = set(signals_for(actor_of(analyst, NOW), NOW).values_list("unit", flat=True))
        assert code in found, "who works there reads what is there"
    practice = [row for row in rows if row.service.practice]
    assert all(row.practice and row.source == "oefen" and row.external_id.startswith("OEFEN-") for row in practice)
    assert not [row for row in rows if row.practice and not row.service.practice]
    trainee = as_person(Person.objects.get(login="oefen-leerling"))
    with working_for(trainee):
        work = list(signals_for(actor_of(trainee, NOW), NOW, Verb.TAKE))
    assert len([row for row in work if row.layer in ("A", "B", "C")]) >= 10
    assert prove_guarantee(plan()).orphans == ()


def test_a_day_is_made_again_over_an_earlier_one_and_over_nothing_else(tmp_path: Path) -> None:
    day = tmp_path / "day.parquet"
    write_day(day, 100)
    first = day.read_bytes()
    write_day(day, 120)
    write_day(day, 100)
    assert day.read_bytes() == first
    for other in (b"geen tabel", None):
        if other is None:
            papq.write_table(pa.table({"text": ["van iemand"]}), day)
        else:
            day.write_bytes(other)
        with pytest.raises(OutputError, match="exists"):
            write_day(day, 100)


def test_in_a_database_of_the_environment_nobody_has_the_password_of_the_manual() -> None:
    refuse_used_database()
    logins = make_demo_world(NOW, own_passwords=True)
    assert len({login.password for login in logins}) == len(logins)
    chosen = (logins[0], logins[-1])
    for login in chosen:
        person = Person.objects.get(login=login.login)
        assert person.check_password(login.password)
        assert not person.check_password(PASSWORD)
        assert login.password not in repr(login)
    with pytest.raises(SettingError, match="is not empty"):
        refuse_used_database()


def test_the_demo_leaves_a_named_database_alone_unless_asked_and_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SEINPOST_DATABASE_URL", "postgresql://the-tests-have-opened-it")
    make_service(code="echt", profile=Profile.NLA, name_nl="Echt", name_en="Real", now=NOW)
    for more, said in (((), "--in-named-database"), (("--in-named-database",), "is not empty")):
        result = CliRunner().invoke(app, ["demo", "--no-serve", "--out", str(tmp_path / "out"), *more])
        assert isinstance(result.exception, SettingError)
        assert said in result.exception.told("en")
    assert not Person.objects.exists()
    assert not (tmp_path / "out").exists(), "refused before anything is made"


def test_a_run_is_filed_once_its_import_balances_and_the_guarantee_holds(run: Path) -> None:
    make_demo_world(NOW)
    done = file_demo_run("politie-avim-oost", run, NOW, plan())
    assert (done.received, done.filed, done.not_kept, done.known) == (2, 1, 1, 0)
    later = NOW + timedelta(hours=1)
    again = file_demo_run("politie-avim-oost", run, later, plan())
    assert again == replace(done, again=True), "what was accounted for is not written anew"
    signal = Signal.objects.using("owner").get()
    assert (signal.external_id, signal.service_id, signal.from_scan) == ("R1", "politie", True)
    assert Import.objects.using("owner").get().finished_at == NOW
    proof = prove_guarantee(plan())
    assert (proof.checked, proof.orphans) == (1, ())


def test_a_run_that_does_not_prove_itself_is_not_filed(run: Path) -> None:
    make_demo_world(NOW)
    (run / "signals.parquet").write_bytes(b"x")
    with pytest.raises(RunError):
        file_demo_run("politie-avim-oost", run, NOW, plan())
    assert not Import.objects.using("owner").exists()


def test_a_person_of_an_unknown_unit_or_role_or_with_a_weak_password_is_refused() -> None:
    make_demo_world(NOW)
    asked = {"login": "x", "name": "X", "unit": "politie-avim-oost", "years": 1, "password": None, "now": NOW}
    for change, said in (
        ({"unit": "nergens"}, "unknown unit"),
        ({"roles": ["baas"]}, "unknown role"),
        ({"compartments": ("geheim",)}, "unknown compartment"),
        ({"password": "kort"}, "too weak"),
        ({"login": "politie-analist"}, "exists already"),
    ):
        with pytest.raises(SettingError, match=said):
            create_person(**{**asked, "roles": ["analyst"], **change})  # type: ignore[arg-type]
    assert not Person.objects.filter(login="x").exists()


def test_only_an_administrator_manages_people_and_each_change_is_an_event() -> None:
    make_demo_world(NOW)
    person = Person.objects.get(login="politie-leerling")
    given = Grant.objects.using("owner").filter(person=person).get()
    right = Right(
        role=Role.ANALYST, task=Task(given.task), processing=Processing(given.processing), purposes=frozenset(),
        starts=NOW, ends=NOW + timedelta(days=30),
    )  # fmt: skip
    analyst = as_person(Person.objects.get(login="politie-analist"))
    assert isinstance(give_right(acting=analyst, person=person, right=right, now=NOW), Refused)
    boss = as_person(Person.objects.get(login="politie-beheerder"))
    alone = give_right(acting=boss, person=person, right=right, now=NOW)
    assert isinstance(alone, Refused)
    assert alone.codes == ("needs-second",)
    within = replace(right, role=Role(given.role), starts=given.starts, ends=given.ends)
    grant = give_right(acting=boss, person=person, right=within, now=NOW)
    assert isinstance(grant, Grant)
    by_command = CaseEvent.objects.using("owner").filter(service="politie", kind="right-given").earliest("id").body
    assert json.loads(by_command)["fact"]["second"] == "command"
    other = as_person(Person.objects.get(login="nla-beheerder"))
    assert end_right(acting=other, grant=grant.pk, now=NOW) is None  # for another service it does not exist
    ended = end_right(acting=boss, grant=grant.pk, now=NOW)
    assert isinstance(ended, Grant)
    assert ended.ends == NOW
    kinds = CaseEvent.objects.using("owner").filter(service="politie", by=boss.person).values_list("kind", flat=True)
    assert sorted(kinds) == ["code-of-conduct-signed", "right-ended", "right-given"]


def test_a_key_is_shown_once_and_kept_as_its_digest() -> None:
    make_demo_world(NOW)
    boss = as_person(Person.objects.get(login="politie-beheerder"))
    unit = Unit.objects.get(pk="politie-avim-oost")
    scopes = frozenset((Scope.INTAKE_WRITE,))
    made = make_key(
        acting=boss, unit=unit, source="bvh", name="bvh", scopes=scopes, ends=NOW + timedelta(days=1), now=NOW
    )
    assert not isinstance(made, Refused)
    assert made.secret not in (made.key.digest, *CaseEvent.objects.using("owner").values_list("body", flat=True))


def test_the_command_makes_a_key_and_names_the_units_there_are() -> None:
    make_demo_world(NOW)
    secret = create_key(name="bvh", unit="nla-toezicht", source="bvh", days=365, now=NOW)
    found = admit(secret=secret, scope=Scope.INTAKE_WRITE, limit=Limit(500), now=NOW)
    assert isinstance(found, Admitted)
    assert (found.acting.service, found.unit.pk) == ("nla", "nla-toezicht")
    with pytest.raises(SettingError, match="allowed: kmar-grens"):
        create_key(name="bvh", unit="nergens", source="bvh", days=1, now=NOW)


def test_an_exported_log_is_verified_without_a_database(tmp_path: Path) -> None:
    make_demo_world(NOW)
    path = tmp_path / "log.jsonl"
    count = export_chain(path, now=NOW)
    verdict = verify_file(path, [str(head) for head in verify_stored().heads])
    assert (verdict.checked, verdict.breaks) == (count, ())
    assert path.read_text(encoding="utf-8").count("log-exported") == len(SERVICES), (
        "each chain tells of it, in the file too"
    )
    looks = ViewLog.objects.using("owner").filter(verb="export").values_list("service", "purpose", "subject")
    assert set(looks) == {(service.code, "oversight", "records") for service in SERVICES}
    with pytest.raises(OutputError, match="exists"):
        export_chain(path, now=NOW)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:3] + lines[4:]) + "\n", encoding="utf-8")
    assert verify_file(path, []).breaks
    path.write_text("geen regel\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"log\.jsonl:1"):
        verify_file(path, [])
    with pytest.raises(SettingError, match="--head"):
        verify_file(path, ["politie:1"])


def test_the_offline_verifier_is_a_command_with_an_exit_code(tmp_path: Path) -> None:
    make_demo_world(NOW)
    path = tmp_path / "log.jsonl"
    export_chain(path, now=NOW)
    assert CliRunner().invoke(app, ["audit", "verify", str(path)]).exit_code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("right-given", "right-taken", 1), encoding="utf-8")
    result = CliRunner().invoke(app, ["audit", "verify", str(path)])
    assert result.exit_code == 1
    assert "veranderd" in result.stdout
