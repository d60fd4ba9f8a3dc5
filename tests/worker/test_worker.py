"""The worker as a process of its own: killed at any moment it loses and doubles nothing, told to stop it stops."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.database import close_all
from tests.store.world import make_world, plan
from tests.web.people import file_one

from seinpost.errors import DatabaseError
from seinpost.packs.procedure.terms import Role
from seinpost.process.commands import Take
from seinpost.process.fold import fold
from seinpost.process.shapes import Refused
from seinpost.server.database import APP
from seinpost.server.health import healthz
from seinpost.server.worker.beside import GIVES_WAY, PARENT, leave
from seinpost.server.worker.tasks import DEAD_AFTER, QUEUE, WORK, do_job, put_back
from seinpost.store.acting import alone, as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.duty import prove_nightly
from seinpost.store.audit.stored import verify_stored
from seinpost.store.jobs import JOBS, job_states
from seinpost.store.log import histories
from seinpost.store.models import CaseEvent, Notice, Person, Signal
from seinpost.store.queries.guarantee import last_proof, prove_guarantee

SIGNALS = 40
SECONDS = 60.0
TAKEN_UP = DEAD_AFTER + 60.0 + SECONDS
"""Seconds: a job that a killed worker had in hand waits for its death to show, and for the sweep of the next minute."""
ROWS = '{"registration_id": "W1", "text": "De baas heeft zijn paspoort afgenomen en hij mag niet weg."}\n'


@pytest.fixture
def settings(instance: Any, db: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a worker on the test's own database."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("SEINPOST_")}
    return {
        **others,
        "SEINPOST_DEMO": "yes",
        "SEINPOST_SECRET_KEY": "only for the tests: 0123456789 abcdefghijklmnopqrstuvwxyz",
        "SEINPOST_DATABASE_URL": instance.url(db, APP),
        "SEINPOST_DATA": str(tmp_path),
    }


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def worker(settings: dict[str, str]) -> Iterator[Start]:
    """Start a worker with these options; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "seinpost.cli.main", "worker", *options]
        started.append(subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        if process.stderr and not process.stderr.closed:
            process.communicate()


def until(happened: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float = SECONDS) -> None:
    """Wait until something is so; a process that leaves before that tells why, and so do the jobs when it is not."""
    end = time.monotonic() + seconds
    while not happened():
        assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
        assert time.monotonic() < end, job_states(datetime.now(UTC))
        time.sleep(0.002)


def escalated() -> int:
    """How many times anything went up the line."""
    return CaseEvent.objects.using("owner").filter(kind="escalated").count()


def all_done() -> bool:
    """Whether every job but the sweep, which waits for its minute, was done."""
    return all(state.done is not None for state in job_states(datetime.now(UTC)) if state.job.name != "sweep")


def test_killed_at_any_moment_it_loses_and_doubles_nothing_and_told_to_stop_it_stops(
    worker: Start, tmp_path: Path
) -> None:
    world = make_world(("politie", "kmar"))
    long_ago = datetime.now(UTC) - timedelta(days=40)
    for service in ("politie", "kmar"):
        for _ in range(SIGNALS // 2):
            file_one(service, now=long_ago)
    chance = random.Random(20261127)
    for moment in sorted(chance.sample(range(1, SIGNALS // 2), 2)):
        killed = worker("--once")
        until(lambda moment=moment: escalated() >= moment, killed)  # type: ignore[misc]
        time.sleep(chance.random() / 50)
        killed.kill()
        killed.communicate()
    assert escalated() < SIGNALS, "killed too late to prove anything"
    folder = tmp_path / "arrivals"
    folder.mkdir()
    (folder / "day.jsonl").write_text(ROWS, encoding="utf-8")
    watching = ("--watch", str(folder), "--unit", "politie-team", "--quiet", "1")
    both = [worker(), worker(*watching)]
    taken = folder / "done" / "day.jsonl"
    until(lambda: escalated() == SIGNALS and all_done() and taken.exists(), both[1], TAKEN_UP)
    for one in both:
        one.send_signal(signal.SIGTERM)
    for one in both:
        _out, said = one.communicate(timeout=SECONDS)
        assert one.returncode == 0, said.decode()
    close_all()
    assert escalated() == SIGNALS
    for service in ("politie", "kmar"):
        with working_for(as_system(service), reach="all"):
            views = [fold(events) for events in histories(Signal.objects.values_list("pk", flat=True)).values()]
            late = [view for view in views if view.escalations]
            assert [len(view.escalations) for view in late] == [1] * (SIGNALS // 2)
            assert len(views) - len(late) == (service == "politie"), "the one from the watched folder"
            leaders = Notice.objects.filter(person=world.people[service, Role.COORDINATOR], event_kind="escalated")
            assert leaders.count() == SIGNALS // 2
            assert last_proof(service) is not None
    assert verify_stored().breaks == ()
    assert not prove_guarantee(plan()).orphans


def test_every_job_has_its_work_and_one_worker_at_a_time(db: str) -> None:
    assert {job.name for job in JOBS} == {*WORK, "sweep"}
    found = []

    def elsewhere() -> None:
        found.append(do_job("tidy", datetime.now(UTC)))
        connections.close_all()

    with alone("job tidy", wait=False) as free:
        assert free
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
    assert found == [{"elsewhere": 1}]
    assert "elsewhere" not in do_job("tidy", datetime.now(UTC))


def test_a_job_that_was_not_done_in_time_is_late_and_the_health_says_so(db: str) -> None:
    now = datetime.now(UTC)
    old = MigrationRecorder.Migration.objects.using("owner").filter(app="procrastinate")
    assert old.update(applied=now) > 0  # never done counts from there, and the template of a long run is old
    assert all(state.well for state in job_states(now + timedelta(minutes=5)))
    late = {state.job.name for state in job_states(now + timedelta(minutes=25)) if state.late}
    assert late == {"duty", "post", "sweep"}
    assert {state.job.name for state in job_states(now + timedelta(days=2)) if state.late} == {j.name for j in JOBS}
    answer = healthz(RequestFactory().get("/healthz"))
    assert (answer.status_code, set(json.loads(answer.content)["jobs"])) == (200, {job.name for job in JOBS})


def test_an_orphan_is_found_by_night_put_in_the_chain_and_makes_the_job_fail(db: str) -> None:
    world = make_world(("politie",))
    signal_key = file_one("politie")
    now = datetime.now(UTC)
    done = act(acting=world.acting(Role.ANALYST), signal=signal_key, ask=Take(), now=now, plan=plan())
    assert not isinstance(done, Refused)
    assert prove_nightly(now=now, plan=plan()) == {"checked": 1, "orphans": 0, "imports": 0}
    Person.objects.filter(pk=world.people["politie", Role.ANALYST].pk).update(is_active=False)
    with pytest.raises(DatabaseError, match="1 orphans"):
        prove_nightly(now=now, plan=plan())
    with working_for(as_system("politie")):
        proof = last_proof("politie")
    assert proof is not None
    assert (proof.checked, proof.orphans) == (1, (signal_key,))


def test_what_is_waited_for_at_the_end_is_told_and_nothing_when_it_stops_at_once() -> None:
    slow = "import signal, sys, time\nsignal.signal(15, lambda *_: (time.sleep(1.5), sys.exit()))\n"
    for begin, expected in ((slow, [30.0]), ("import time\n", [])):
        told: list[float] = []
        code = f"{begin}print(1, flush=True)\ntime.sleep(60)"
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            leave(child, told.append)
        assert told == expected
        assert child.returncode is not None


def test_a_job_that_was_told_to_stop_waits_once_for_the_next_worker(db: str) -> None:
    duty = next(job for job in JOBS if job.name == "duty")
    put_back(duty)
    put_back(duty)
    waiting = ProcrastinateJob.objects.filter(task_name="duty", status="todo")
    assert [(one.queueing_lock, one.queue_name) for one in waiting] == [("duty", QUEUE)]


def test_beside_the_pages_it_gives_way_to_them(worker: Start, settings: dict[str, str]) -> None:
    settings[PARENT] = str(os.getpid())
    beside, lower = worker(), min(19, os.getpriority(os.PRIO_PROCESS, 0) + GIVES_WAY)
    until(lambda: os.getpriority(os.PRIO_PROCESS, beside.pid) == lower, beside)
