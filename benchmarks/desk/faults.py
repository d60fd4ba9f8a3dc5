"""Kill -9 at random: an importer that hands registrations in, and a reader that decides on them, again and again.

Each is a process of its own, killed after a random piece of work and started anew, until everything is handed in. Then
nothing may be lost, doubled or half written: counts, the chain, the guarantee and the balance of the import say so.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from desk.fill import copies, flagged, scanned
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


def broken(data: Path, count: int, seed: int) -> tuple[dict[str, int], list[str]]:
    """Hand in and decide under kills; how often each was killed and what was done, and everything that is wrong."""
    chance, kills = random.Random(seed), {"importer": 0, "reader": 0}
    with opened(data):
        from seinpost.server.demo import make_demo_world

        migrate()
        make_demo_world(datetime.now(UTC))
        scanned(data.parent / f"{data.name}-scan")
        importer, reader = started(data, "hand-in", count), started(data, "decide", count)
        marks = {"signals": chance.randint(1, STRIDE), "decisions": chance.randint(1, STRIDE // 10)}
        while importer.poll() is None or importer.returncode != 0:
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
        reader.kill()
        reader.wait()
        return kills | counted(), list(wrong(count))


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
