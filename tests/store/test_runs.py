"""A registration of a run is handed in with all that its page shows: kept columns and what the scan concluded."""

from __future__ import annotations

from typing import Any

from tests.store.world import NOW

from seinpost.store.actions.runs import received

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
