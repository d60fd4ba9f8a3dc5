"""A workbench with a year's work in it: many signals through the one door, and a long view log.

The signals are made-up registrations that a scan flagged, filed by the same action as every intake, so rows, events,
chain and indexes are what real work leaves. A scanned registration is filed many times under other numbers, with a line
of its own. The log rows are written straight into the table: nobody could look two million times.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from common import command, corpus_file

from seinpost.server.database import migrate, opened

SCANNED = 20_000
SHARES = {"politie-avim-oost": 0.7, "nla-arbeidsuitbuiting": 0.2, "kmar-schiphol": 0.1}
BATCH = 500
DAYS = 365
LOG = """
INSERT INTO store_viewlog (service, at, person, purpose, verb, signal, subject, count, refused)
SELECT p.service, %s - (n %% 525600) * interval '1 minute', p.id::text, 'follow-up', 'read', s.id, '', 1, ''
FROM generate_series(1, %s) AS n
JOIN people AS p ON p.place = n %% (SELECT count(*) FROM people)
JOIN signals AS s ON s.service = p.service AND s.place = (n::bigint * 7919) %% p.signals
"""
PEOPLE = """
CREATE TEMP TABLE signals AS
  SELECT id, service_id AS service, row_number() OVER (PARTITION BY service_id) - 1 AS place FROM store_signal;
CREATE TEMP TABLE people AS
  SELECT p.id, p.service_id AS service, row_number() OVER () - 1 AS place, count(s.id) AS signals
  FROM store_person AS p JOIN store_signal AS s ON s.service_id = p.service_id GROUP BY p.id, p.service_id;
CREATE INDEX ON signals (service, place); ANALYZE signals; ANALYZE people;
"""


def scanned(folder: Path) -> Path:
    """A run over made-up registrations; made once."""
    run = folder / "run"
    if not (run / "ledger.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(command("scan", corpus_file(folder, SCANNED), "--out", run), check=True)
    return run


def flagged(run: Path, now: datetime) -> list[object]:
    """What the scan flagged for people, as it is handed in."""
    from seinpost.packs.procedure import load_procedure
    from seinpost.run.ledger import read_ledger
    from seinpost.store.actions.runs import chosen_rows, read_items

    ledger = read_ledger(run)
    rows = chosen_rows(run, ledger, load_procedure())
    return list(read_items(run, rows, "benchmark", ledger, now))


def copies(items: Sequence[object], unit: str, first: int, last: int, now: datetime) -> Iterator[list[object]]:
    """Batches of registrations number `first` to `last` of a unit, received in the course of a year."""
    batch: list[object] = []
    for number in range(first, last):
        item = items[number % len(items)]
        text = f"{item.text}\nMutatie {unit} {number}."  # type: ignore[attr-defined]
        when = now - timedelta(days=DAYS * (1 - number / max(last, 1)))
        batch.append(replace(item, external_id=f"{unit}-{number}", text=text, received_at=when))  # type: ignore[type-var]
        if len(batch) == BATCH or number == last - 1:
            yield batch
            batch = []


def fill(data: Path, signals: int, log_rows: int) -> None:
    """Bring a data folder to this many signals and log rows; what is there stays."""
    with opened(data):
        from django.db import connections

        from seinpost.packs.procedure import load_procedure
        from seinpost.server.demo import make_demo_world
        from seinpost.store.acting import as_person, as_system, working_for
        from seinpost.store.actions.intake import Into, file_batch
        from seinpost.store.actions.own import sign_conduct
        from seinpost.store.models import Import, Person, Signal, Unit
        from seinpost.web.reader import CONDUCT

        now = datetime.now(UTC)
        migrate()
        make_demo_world(now)
        for person in Person.objects.filter(is_active=True):  # also to a code that changed since the folder was made
            sign_conduct(acting=as_person(person), version=CONDUCT, now=now)
        plan = load_procedure()
        items = flagged(scanned(data.parent / f"{data.name}-scan"), now)
        for code, share in SHARES.items():
            unit = Unit.objects.select_related("service").get(pk=code)
            acting = as_system(unit.service_id)
            with working_for(acting, reach="all"):
                there = Signal.objects.filter(unit=unit).count()
                wanted = int(signals * share)
                batch = Import.objects.create(
                    service_id=unit.service_id, unit=unit, source="benchmark", digest=uuid4().hex * 2, pack="nl",
                    received=max(0, wanted - there), not_kept=0, failed=0, started_at=now,
                )  # fmt: skip
            for part in copies(items, code, there, wanted, now):
                file_batch(acting=acting, batch=batch.pk, into=Into(unit), items=part, now=now, plan=plan)
                print(f"\r{code}: {part[-1].external_id} of {wanted}", end="", file=sys.stderr)  # type: ignore[attr-defined]
            print(file=sys.stderr)
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM store_viewlog")
            missing = log_rows - cursor.fetchone()[0]
            if missing > 0:
                cursor.execute(PEOPLE)
                cursor.execute(LOG, [now, missing])
            cursor.execute("VACUUM ANALYZE")
