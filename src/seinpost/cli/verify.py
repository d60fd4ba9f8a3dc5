"""`seinpost verify`: does a run still prove itself?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from seinpost.cli.speech import speech
from seinpost.errors import RunError
from seinpost.run.ledger import read_ledger, verify


def verify_command(run: Path, as_json: bool) -> None:
    """Check a run and leave with 0, or with the exit code of RunError and every fault told."""
    faults = verify(run)
    ledger = read_ledger(run)
    if as_json:
        told = [{"what": fault.what, "nl": fault.nl, "en": fault.en} for fault in faults]
        print(json.dumps({"agrees": not faults, "faults": told, "digest": ledger.digest}, ensure_ascii=False))
    if faults:
        for fault in faults:
            speech.say(fault.told("nl"), fault.told("en"))
        speech.say(f"{len(faults)} ding(en) kloppen niet", f"{len(faults)} thing(s) do not agree")
        sys.exit(RunError.exit_code)
    counts = ledger.counts
    flagged = sum((counts.flagged or {}).values())
    n = [speech.number(value) for value in (counts.received, flagged, counts.not_flagged, counts.failed)]
    speech.say(
        f"klopt: {n[0]} ontvangen = {n[1]} aangemerkt + {n[2]} niet aangemerkt + {n[3]} mislukt; "
        f"pakket {ledger.pack['id']} {ledger.pack['version']}, vingerafdruk {ledger.digest[:16]}",
        f"agrees: {n[0]} received = {n[1]} flagged + {n[2]} not flagged + {n[3]} failed; "
        f"pack {ledger.pack['id']} {ledger.pack['version']}, digest {ledger.digest[:16]}",
    )
