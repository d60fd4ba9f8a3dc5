"""Kill -9 at random: an importer that hands registrations in, a reader that decides on them, and the real web server
with its worker, through which people decide over HTTP; again and again.

Each is a process of its own, killed after a random piece of work and started anew, until everything is handed in. Then
nothing may be lost, doubled or half written: counts, the chain, the guarantee and the balance of the import say so, and
every decision that somebody was told is there, once.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from desk.fill import copies, flagged, scanned
from desk.served import PARTS, Deciding, Served
from seinpost.server.database import migrate, opened

UNIT, SERVICE, READER = "politie-avim-oost", "politie", "politie-analist"
DIGEST = "f" * 64
STRIDE = 1_500  # registrations between two kills, at most


def hand_in(data: Path, count: int) -> None:
    """Hand in this many registrations as one import; handed in again it goes on behind what is known."""
    with opened(data):
        from seinpost.packs.procedure import load_procedure
        from seinpost.store.acting import as_system, working_for
        from seinpost.store.actions.intake import Into, file_batch
        from seinpost.store.models import Import, Unit

        now, plan, acting = datetime.now(UTC), load_procedure(), as_system(SERVICE)
        unit = Unit.objects.select_related("service").get(pk=UNIT)
        with working_for(acting):
            batch, _ = Import.objects.get_or_create(
                service_id=SERVICE, digest=DIGEST,
                defaults={
                    "unit": unit, "source": "faults", "pack": "nl", "received": count, "not_kept": 0, "failed": 0,
                    "started_at": now,
                },
            )  # fmt: skip
            if batch.finished_at is not None:  # killed between its last word and its end
                return
            Import.objects.filter(pk=batch.pk).update(filed=0, known=0, corrected=0, refused=0)
        items = flagged(scanned(data.parent / f"{data.name}-scan"), now)
        for part in copies(items, UNIT, 0, count, now):
            file_batch(acting=acting, batch=batch.pk, into=Into(unit), items=part, now=now, plan=plan)
        with working_for(acting):
            Import.objects.filter(pk=batch.pk).update(finished_at=datetime.now(UTC))


def decide(data: Path) -> None:
    """Call one after the other a signal, until killed."""
    with opened(data):
        from seinpost.packs.procedure import load_procedure
        from seinpost.process.commands import Confirm
        from seinpost.process.people import Words
        from seinpost.store.acting import actor_of, as_person, working_for
        from seinpost.store.actions.act import act
        from seinpost.store.models import Person
        from seinpost.store.queries.queue import QueueFilter, queue

        plan = load_procedure()
        acting = as_person(Person.objects.get(login=READER))
        while True:
            now = datetime.now(UTC)
            with working_for(acting):
                rows = queue(actor_of(acting, now), QueueFilter(phase="registered"), now).rows
            for row in rows:
                ask = Confirm(forms=row.forms, words=Words("Oefening."))
                act(acting=acting, signal=row.id, ask=ask, now=datetime.now(UTC), plan=plan)


def started(data: Path, job: str, count: int) -> subprocess.Popen[bytes]:
    """One of the two as a process of its own."""
    script = Path(__file__).parents[1] / "workbench.py"
    command = [sys.executable, str(script), job, str(data), "--signals", str(count)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def broken(data: Path, count: int, seed: int, port: int) -> tuple[dict[str, int], list[str]]:
    """Hand in and decide under kills; how often each was killed and what was done, and everything that is wrong."""
    chance, kills = random.Random(seed), Counter({"importer": 0, "reader": 0, **dict.fromkeys(PARTS, 0)})
    with opened(data):
        from seinpost.server.demo import make_demo_world

        migrate()
        make_demo_world(datetime.now(UTC))
        scanned(data.parent / f"{data.name}-scan")
        served, people = Served(data, port), Deciding(port)
        importer, reader = started(data, "hand-in", count), started(data, "decide", count)
        marks = {"signals": chance.randint(1, STRIDE), "decisions": chance.randint(1, STRIDE // 10), "told": 1}
        there = counted()
        while importer.poll() != 0 or (not all(kills[part] for part in PARTS) and there["decisions"] < count):
            time.sleep(chance.uniform(0.0, 0.4))
            there = counted()
            if importer.poll() not in (None, 0) or (there["signals"] >= marks["signals"] and importer.poll() is None):
                kills["importer"] += end(importer)
                importer = started(data, "hand-in", count)
                marks["signals"] = there["signals"] + chance.randint(1, STRIDE)
            if reader.poll() is not None or there["decisions"] >= marks["decisions"]:
                kills["reader"] += end(reader)
                reader = started(data, "decide", count)
                marks["decisions"] = there["decisions"] + chance.randint(1, STRIDE // 10)
            if people.told.total() >= marks["told"]:
                kills[served.kill(chance)] += 1
                marks["told"] = people.told.total() + chance.randint(1, STRIDE // 30)
        people.end()
        for process in (reader, importer):
            end(process)
        served.end()
        done = {**kills, **counted(), "of them told over HTTP": people.told.total(), "jobs of the worker": jobs()}
        return done, [*wrong(count), *people.wrong(), *untrue(people.told)]


def end(process: subprocess.Popen[bytes]) -> int:
    """Kill a process; 1 if it was alive."""
    alive = process.poll() is None
    if alive:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return int(alive)


def counted() -> dict[str, int]:
    """How many signals there are, and how many were decided on."""
    from seinpost.store.acting import as_system, working_for
    from seinpost.store.models import CaseEvent, Signal

    with working_for(as_system(SERVICE), reach="all"):
        return {"signals": Signal.objects.count(), "decisions": CaseEvent.objects.filter(kind="confirmed").count()}


def jobs() -> int:
    """How many jobs of the worker came to their end."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'")
        return int(cursor.fetchone()[0])


def untrue(told: Counter[str]) -> Iterator[str]:
    """What people were told and is not so, and what was decided more than once."""
    from seinpost.store.acting import as_system, working_for
    from seinpost.store.models import CaseEvent

    with working_for(as_system(SERVICE), reach="all"):
        decided = Counter(map(str, CaseEvent.objects.filter(kind="confirmed").values_list("signal", flat=True)))
    yield from (f"{key} was said to be decided {many} times" for key, many in told.items() if many != 1)
    yield from (f"{key} was said to be decided and is not" for key in told if key not in decided)
    yield from (f"{key} was decided {many} times" for key, many in decided.items() if many != 1)


def wrong(count: int) -> list[str]:
    """Everything that is not as it must be."""
    from seinpost.packs.procedure import load_procedure
    from seinpost.store.acting import as_system, working_for
    from seinpost.store.audit.stored import verify_stored
    from seinpost.store.models import CaseEvent, Import, Signal, TextVersion
    from seinpost.store.queries.guarantee import prove_guarantee

    found = []
    with working_for(as_system(SERVICE), reach="all"):
        signals = Signal.objects.count()
        texts, first = TextVersion.objects.count(), CaseEvent.objects.filter(kind="registered").count()
        batch = Import.objects.get(digest=DIGEST)
    if not signals == texts == first == count:
        found.append(f"{count} handed in, {signals} signals, {texts} texts, {first} registered")
    if batch.finished_at is None or batch.filed + batch.known != count:
        found.append(f"the import says {batch.filed} filed and {batch.known} known of {count}")
    found += [f"chain: {one}" for one in verify_stored().breaks]
    proof = prove_guarantee(load_procedure())
    found += [f"orphan: {orphan.signal} {orphan.flaws}" for orphan in proof.orphans]
    return found
