"""A source profile that says its rows come from a protected source: content for everybody, the source for who may know.

From the file to the pages, by the commands' own path: scan, hand in, read, search, fail.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from django.urls import reverse
from tests.api.machine import Machine, results
from tests.api.machine import item as item_of
from tests.rights.matrix import insider
from tests.store.signals import received
from tests.store.world import NOW, make_world, plan
from tests.web.people import browser

from seinpost.cli.audit import export_chain
from seinpost.cli.scan import Options, scan_files
from seinpost.errors import SettingError
from seinpost.packs.procedure.terms import Role, Verb
from seinpost.process.shapes import Refused
from seinpost.server.people import create_key
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.intake import Into, file_batch, file_signal
from seinpost.store.actions.runs import file_run
from seinpost.store.models import Import, ImportFault, Signal, Unit, ViewLog
from seinpost.store.queries.drafts import SOURCE as FORM

SOURCE = ("zwnummer-7", "zwmelder jansen", "zwkanaal")
CLASS = "Verkeer en vervoer"
PROFILE = """name: lijn
id_column: nummer
text_columns: [tekst]
keep: [melder, klasse]
identifies: [melder]
protected: {}
"""


def run_of(folder: Path, compartment: str, number: str = SOURCE[0]) -> Path:
    """A finished run of one flagged registration from a source that is protected by its profile."""
    row = {"nummer": [number], "tekst": ["De baas heeft zijn paspoort afgenomen en hij mag niet weg."]}
    papq.write_table(pa.table({**row, "melder": [SOURCE[1]], "klasse": [CLASS]}), folder / "day.parquet")
    (folder / "lijn.yaml").write_text(PROFILE.format(compartment), encoding="utf-8")
    options = Options((str(folder / "day.parquet"),), folder / "run", source=str(folder / "lijn.yaml"), semantic=False)
    scan_files(options, overwrite=True, threads=1, report_limit=0)
    return folder / "run"


def test_content_is_for_everybody_and_the_source_for_who_may_know_it(
    db: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world(("politie",))
    into = Into(Unit.objects.select_related("service").get(code="politie-team"))
    with caplog.at_level(logging.DEBUG, logger="seinpost"):
        done = file_run(folder=run_of(tmp_path, "anonymous-line"), into=into, source=SOURCE[2], now=NOW, plan=plan())
    assert (done.filed, done.refused) == (1, 0)
    signal = Signal.objects.using("owner").get()
    assert signal.compartment == "anonymous-line"
    again = file_run(folder=tmp_path / "run", into=into, source=SOURCE[2], now=NOW, plan=plan())
    assert again.again  # its number is still known, where it may be
    addresses = [reverse(name, args=[signal.pk]) for name in ("signal", "signal-history", "signal-enrich")]
    addresses += [reverse("queue"), *(f"{reverse('search')}?q={word.split()[0]}" for word in (*SOURCE, "paspoort"))]
    opened = browser(insider())
    for role in (Role.ANALYST, Role.DETECTIVE, Role.COORDINATOR, Role.PRIVACY_OFFICER):
        client = browser(world.people["politie", role])
        seen = ""
        for address in addresses:
            page = client.get(address).content.decode()
            seen += page.replace(address.partition("=")[2] or "\0", "").replace("value=", "")
        assert "paspoort" in seen
        assert CLASS in seen, "a column that does not tell who the source is"
        assert not [word for word in SOURCE if word in seen.lower()], role
    page = opened.get(addresses[0]).content.decode()
    assert [word for word in SOURCE if word in page.lower()] == list(SOURCE)
    looks = ViewLog.objects.using("owner").filter(verb=Verb.READ_SOURCE.value)
    assert looks.count() == 1  # who saw the source has a line of its own
    export_chain(tmp_path / "log.jsonl", now=datetime.now(UTC))
    told = (tmp_path / "log.jsonl").read_text(encoding="utf-8") + caplog.text
    assert not [word for word in SOURCE[:2] if word in told.lower()]


def test_a_fault_of_a_protected_row_names_no_source(db: str) -> None:
    make_world(("politie",))
    into = Into(Unit.objects.select_related("service").get(code="politie-team"))
    item = replace(received(), external_id=SOURCE[0] * 80, compartment="confidential", author=SOURCE[1])
    with working_for(as_system("politie")):
        batch = Import.objects.create(
            service_id="politie", unit=into.unit, source="x", digest="d", pack="", received=1, not_kept=0, failed=0,
            started_at=NOW,
        )  # fmt: skip
    counts = file_batch(acting=as_system("politie"), batch=batch.pk, into=into, items=[item], now=NOW, plan=plan())
    assert counts == {"refused": 1}
    fault = ImportFault.objects.using("owner").get()
    assert fault.place == f"confidential {item.digest[:16]}"
    assert "zw" not in fault.place + fault.problem


def test_a_compartment_that_is_none_stops_the_import_and_is_named(db: str, tmp_path: Path) -> None:
    make_world(("politie",))
    into = Into(Unit.objects.select_related("service").get(code="politie-team"))
    with pytest.raises(SettingError, match=r"'nonsense' \(allowed: criminal-intelligence, anonymous-line"):
        file_run(folder=run_of(tmp_path, "nonsense"), into=into, source="x", now=NOW, plan=plan())
    assert not Import.objects.using("owner").exists()
    with pytest.raises(SettingError, match="protected"):
        run_of(tmp_path, "'Niet Geldig'")


SAFE = {"contact": "Alleen via haar zus, nooit bellen", "interpreter": "yes", "interpreter-language": "Tigrinya"}
TELLS = {"reporter": "zwmelder jansen", "own-number": "zwnummer-7"}


def test_of_a_form_safe_contact_and_interpreter_stay_readable_where_the_source_is_shut(db: str) -> None:
    world = make_world(("politie",))
    into = Into(Unit.objects.select_related("service").get(code="politie-team"))
    item = received(
        source=FORM, reading=None, channel="desk", compartment="confidential", details={"kept": {**SAFE, **TELLS}}
    )
    made = file_signal(acting=as_system("politie"), into=into, item=item, now=NOW, plan=plan())
    assert not isinstance(made, Refused)
    address = reverse("signal", args=[made.signal])
    page = browser(world.people["politie", Role.INTERVIEWER]).get(address).content.decode()
    assert [word for word in SAFE.values() if word in page] == list(SAFE.values())
    assert not [word for word in TELLS.values() if word in page]
    page = browser(insider()).get(address).content.decode()
    assert [word for word in TELLS.values() if word in page] == list(TELLS.values())


def test_a_key_of_a_protected_source_hides_who_it_is_and_shows_the_rest(db: str) -> None:
    world = make_world(("politie",))
    secrets = {
        name: create_key(
            name=name, unit="politie-team", source=name, days=9, now=datetime.now(UTC), protected="anonymous-line",
            identifies=columns,
        )
        for name, columns in (("alle", ()), ("een", ("melder",)))
    }  # fmt: skip
    kept = {"melder": SOURCE[1], "klasse": CLASS}
    for name, secret in secrets.items():
        status, body = Machine(secret).push(item_of("zwnummer-7", kept=kept))
        assert (status, results(body)) == (200, ["filed"]), body
        signal = Signal.objects.using("owner").get(source=name)
        assert signal.compartment == "anonymous-line"
        page = browser(world.people["politie", Role.ANALYST]).get(reverse("signal", args=[signal.pk])).content.decode()
        assert not [word for word in SOURCE[:2] if word in page], name
        assert (CLASS in page) is (name == "een")
    with pytest.raises(SettingError, match="unknown compartment"):
        create_key(name="x", unit="politie-team", source="x", days=9, now=NOW, protected="geheim")
    with pytest.raises(SettingError, match="goes with --protected"):
        create_key(name="x", unit="politie-team", source="x", days=9, now=NOW, identifies=("melder",))
