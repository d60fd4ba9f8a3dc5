"""`seinpost explain`: why a registration is a signal, or why it is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as papq
from rich.console import Console

from seinpost.cli.scan import warm_engine
from seinpost.cli.speech import speech
from seinpost.errors import InputError, RunError
from seinpost.report.terminal import explanation
from seinpost.report.view import explained_view
from seinpost.run.ledger import Ledger, read_ledger
from seinpost.run.read.clean import clean
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.profilefile import ProfileModel, frozen
from seinpost.run.read.raw import BrokenSourceError
from seinpost.run.read.reader import read_source
from seinpost.run.read.sources import find_sources
from seinpost.run.warm import explain_text
from seinpost.score.sentences import names


def explain_command(run: Path, registration_id: str, pack_name: str, as_json: bool) -> None:
    """Explain one registration of a finished run; its text comes from the run, or else from the input."""
    ledger = read_ledger(run)
    engine = warm_engine(pack_name, ledger.second_eye is not None, encoder=ledger.encoder is not None)
    pack = engine.pack
    if pack.digest != ledger.pack["digest"]:
        speech.say(
            f"let op: de run is gemaakt met pakket {ledger.pack['version']} ({ledger.pack['digest'][:12]}), "
            f"deze uitleg met {pack.version} ({pack.digest[:12]})",
            f"mind: the run was made with pack {ledger.pack['version']} ({ledger.pack['digest'][:12]}), "
            f"this explanation with {pack.version} ({pack.digest[:12]})",
        )
    if engine.encoder != ledger.encoder:
        speech.say(
            f"let op: de run las met een andere derde lezer: {ledger.encoder}, deze uitleg met {engine.encoder}",
            f"mind: the run read with another third reader: {ledger.encoder}, this explanation with {engine.encoder}",
        )
    text = text_of(run, ledger, registration_id)
    found = explain_text(engine, text, registration_id)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    Console().print(explanation(explained_view(found), names(pack)))


def text_of(run: Path, ledger: Ledger, registration_id: str) -> str:
    """The text of a registration: kept in the run when it was flagged, else read back from the input."""
    signals = papq.read_table(
        run / "signals.parquet", columns=["text"], filters=pc.field("registration_id") == registration_id
    )
    if len(signals):
        return str(signals["text"][0].as_py())
    gone = [source.name for source in ledger.sources if not Path(source.name).is_file()]
    text = text_in_inputs(
        [source.name for source in ledger.sources if source.name not in gone], ledger, registration_id
    )
    if text is not None:
        return text
    set_apart(run, registration_id)
    if gone:
        names_gone = ", ".join(gone)
        raise RunError(
            f"{registration_id}: not flagged, and its text is not kept; the input is gone: {names_gone}",
            f"{registration_id}: niet aangemerkt, en dan wordt de tekst niet bewaard; de invoer is weg: {names_gone}",
        )
    raise InputError(f"{registration_id}: not in this run", f"{registration_id}: komt in deze run niet voor")


def text_in_inputs(inputs: list[str], ledger: Ledger, registration_id: str) -> str | None:
    """The text of a registration in the inputs that still stand; None when none has it."""
    profile = profile_from(ledger)
    for source in find_sources(inputs):
        try:
            for raw in read_source(source, profile):
                batch = clean(raw, source, profile)
                at = pc.index(batch.ids, registration_id).as_py()
                if at >= 0:
                    return str(batch.texts[at].as_py())
        except BrokenSourceError:
            continue  # it broke off in the run too: what came after was never scanned
    return None


def set_apart(run: Path, registration_id: str) -> None:
    """Raise InputError with the reason when the registration stands in quarantine."""
    with (run / "quarantine.jsonl").open("rb") as file:
        for line in file:
            row = json.loads(line)
            if row["registration_id"] == registration_id:
                raise InputError(
                    f"{registration_id}: not scanned ({row['source']}, row {row['row']}): {row['detail_en']}",
                    f"{registration_id}: niet gescand ({row['source']}, rij {row['row']}): {row['detail_nl']}",
                )


def profile_from(ledger: Ledger) -> SourceProfile:
    """The source profile a run was read with."""
    return frozen(ProfileModel.model_validate({"name": "ledger", **ledger.settings}))
