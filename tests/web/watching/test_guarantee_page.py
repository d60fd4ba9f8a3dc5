"""What the page of the guarantee says when something is wrong: an orphan, rows not read, an import broken off."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.store.signals import filed
from tests.store.world import plan
from tests.web.people import open_office
from typer.testing import CliRunner

from seinpost.cli.app import app
from seinpost.cli.scan import Options, scan_files
from seinpost.errors import DatabaseError
from seinpost.packs.procedure.terms import Role
from seinpost.process.speech import reference
from seinpost.store.actions.duty import prove_nightly
from seinpost.store.actions.intake import Into
from seinpost.store.actions.runs import file_run
from seinpost.store.models import Import, ImportFault, Signal, Unit

TEXT = "Betrokkene verklaarde dat de baas zijn paspoort heeft afgenomen en dat hij niet weg mag."
GOOD = {"registration_id": "Z1", "text": TEXT}
BAD = {"registration_id": "zwnummer-van-iemand", "text": 7}


def test_orphans_and_unread_rows_are_told_in_words_and_a_broken_off_import_is_seen(
    db: str, raw: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, now = open_office(), datetime.now(UTC)
    (tmp_path / "day.jsonl").write_text("".join(json.dumps(one) + "\n" for one in (GOOD, BAD)), encoding="utf-8")
    options = Options((str(tmp_path / "day.jsonl"),), tmp_path / "run", semantic=False)
    scan_files(options, overwrite=True, threads=1, report_limit=0)
    into = Into(Unit.objects.select_related("service").get(code="politie-team"))
    done = file_run(folder=tmp_path / "run", into=into, source="bvh", now=now, plan=plan())
    assert (done.filed, done.failed) == (1, 1)
    file_run(folder=tmp_path / "run", into=into, source="bvh", now=now, plan=plan())
    fault = ImportFault.objects.using("owner").get()
    assert (fault.place, fault.problem.split()[0]) == ("day.jsonl line 2", "wrong_type"), "kept once, as the run goes"
    monkeypatch.setenv("SEINPOST_DATABASE_URL", "postgresql://the-tests-have-opened-it")
    checked = CliRunner().invoke(app, ["check", "imports"])
    assert (checked.exit_code, "politie 1 2 0 0" in checked.output) == (0, True), checked.output
    assert prove_nightly(now=now, plan=plan())["imports"] == 0
    signal = Signal.objects.using("owner").get(pk=filed("politie"))
    with raw(role="seinpost_owner") as connection:
        connection.execute("UPDATE store_import SET finished_at = NULL, started_at = %s", [now - timedelta(days=2)])
    with pytest.raises(DatabaseError, match="never closed: 1"):
        prove_nightly(now=now, plan=plan())
    assert CliRunner().invoke(app, ["check", "imports"]).exit_code == 1
    with raw(role="seinpost_owner") as connection:
        connection.execute("UPDATE store_signal SET due = due + interval '1 day' WHERE id = %s", [signal.pk])
        connection.execute("UPDATE store_signal SET very_late = due + interval '9 day' WHERE id = %s", [signal.pk])
        connection.execute("UPDATE store_signal SET last_at = now() + interval '1 day' WHERE id = %s", [signal.pk])
    page = office.client(Role.COORDINATOR).get(reverse("guarantee")).content.decode()
    assert reference("politie", signal.number) in page
    assert f">{signal.pk}<" not in page
    assert "geen datum" in page
    assert "no-date" not in page
    assert "afgebroken" in page
    assert "Een veld heeft een verkeerd type." in page
    assert "zwnummer" not in page
    assert Import.objects.using("owner").count() == 1
