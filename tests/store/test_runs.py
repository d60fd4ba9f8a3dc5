"""A registration of a run is handed in with all that its page shows: kept columns and what the scan concluded."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from tests.store.world import NOW, make_world, plan

from seinpost.cli.scan import Options, scan_files
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions import runs
from seinpost.store.actions.intake import Into
from seinpost.store.actions.runs import Filed, file_run, received
from seinpost.store.models import Import, Signal, Unit

ROW: dict[str, Any] = {
    "registration_id": "R1",
    "text": "De baas heeft zijn paspoort.",
    "layer": "A",
    "score": 4.0,
    "cause": "A2",
    "forms": ["ARB"],
    "indicators": ["DOC-01"],
    "dimensions": ["CD"],
    "positive_dimensions": [],
    "elements": ["middel"],
    "minor": False,
    "already_known": False,
    "resembles": "KERN-0001",
    "resemblance": 0.9,
    "reason_nl": "Omdat.",
    "reason_en": "Because.",
    "source.eenheid": "Noord",
    "source.klasse": None,
}


def test_details_hold_the_kept_columns_and_the_conclusions_that_pages_read() -> None:
    details = received(ROW, [], [], "bvh", "nl 0.1.0", NOW).details
    assert details["kept"] == {"eenheid": "Noord"}
    assert details["resembles"] == "KERN-0001"
    assert details["indicators"] == ["DOC-01"]
    assert details["cause"] == "A2"


MANY = 16


def scanned(folder: Path, texts: list[str]) -> Path:
    """A finished run of these texts."""
    ids = [f"R{number}" for number in range(len(texts))]
    papq.write_table(pa.table({"registration_id": ids, "text": texts}), folder / "day.parquet")
    options = Options((str(folder / "day.parquet"),), folder / "run", semantic=False)
    scan_files(options, overwrite=True, threads=1, report_limit=0)
    return folder / "run"


def test_two_hand_ins_of_one_run_at_once_are_one(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connections

    make_world(("politie",))
    monkeypatch.setattr(runs, "BATCH", 1)  # many transactions, so that the two would meet
    texts = [f"Melding {n}: de baas heeft zijn paspoort afgenomen en hij mag niet weg." for n in range(MANY)]
    folder = scanned(tmp_path, texts)
    unit = Unit.objects.select_related("service").get(code="politie-team")
    done: list[Filed] = []
    start = threading.Barrier(2)

    def hand_in() -> None:
        start.wait()
        try:
            done.append(file_run(folder=folder, into=Into(unit), source="bvh", now=NOW, plan=plan()))
        finally:
            connections.close_all()

    both = [threading.Thread(target=hand_in) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(one.again for one in done) == [False, True]
    assert {(one.received, one.filed, one.known) for one in done} == {(MANY, MANY, 0)}
    with working_for(as_system("politie")):
        assert Signal.objects.count() == MANY
        assert Import.objects.get().finished_at == NOW
