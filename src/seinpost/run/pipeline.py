"""Run a scan over files: one thread reads in order, the others scan and score; finished units survive any end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from seinpost.errors import OutputError, RunError
from seinpost.run.engine import Engine, digest_of
from seinpost.run.lock import LOCK
from seinpost.run.parts import UnitState, WorkFolder
from seinpost.run.read.clean import Batch, clean
from seinpost.run.read.identity import SeenIds
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.raw import BrokenSourceError
from seinpost.run.read.reader import check_source, read_source
from seinpost.run.read.sources import Source

Progress = Callable[[int, int], None]
"""Called from any thread with how many registrations and bytes of text were finished since the last call."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to scan and where the result goes."""

    sources: tuple[Source, ...]
    profile: SourceProfile
    out: Path
    threads: int
    resume: bool = False


@dataclass(slots=True)
class Outcome:
    """What the reading and scanning gave: the states of all units in order, and the sources that broke off."""

    units: list[UnitState] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)


class InterruptedRunError(RunError):
    """The run was stopped by its user; the work folder holds what was finished."""

    exit_code = 130


def prepare(plan: Plan, overwrite: bool) -> WorkFolder:
    """Find the work in the output folder; refuses one that holds something, unless told to overwrite or resume."""
    work = WorkFolder(plan.out)
    if plan.resume and not work.unplanned:
        return work
    if work.unplanned:
        work.remove()
    if any(path.name != LOCK for path in plan.out.iterdir()) and not plan.resume:
        if not overwrite:
            stopped = work.plan_path.is_file()
            raise OutputError(
                f"{plan.out}: exists and is not empty (allowed: {'--resume, ' * stopped}--overwrite, another folder)",
                f"{plan.out}: bestaat en is niet leeg (kan: {'--resume, ' * stopped}--overwrite, een andere map)",
            )
        work.remove()
    for source in plan.sources:
        check_source(source, plan.profile)
    return work


def read_units(plan: Plan, work: WorkFolder, outcome: Outcome) -> Iterator[Batch]:
    """Yield the batches of all sources in order, duplicates set apart; a source that breaks off is noted and ends
    there.
    """
    seen = SeenIds(work.path)
    for source in plan.sources:
        try:
            for raw in read_source(source, plan.profile):
                batch = clean(raw, source, plan.profile)
                yield batch.without(seen.mark(batch.ids))
        except BrokenSourceError as error:
            outcome.broken[source.name] = str(error)


class Crew:
    """Threads that process units, bounded in how many units wait; the first fault of any stops all."""

    def __init__(self, engine: Engine, work: WorkFolder, threads: int, progress: Progress) -> None:
        self.engine, self.work, self.progress = engine, work, progress
        self.pool = ThreadPoolExecutor(threads)
        self.places = threading.Semaphore(2 * threads)
        self.own = threading.local()
        self.tasks: list[Future[None]] = []
        self.states: dict[int, UnitState] = {}
        self.stopped = threading.Event()

    def run(self, unit: int, batch: Batch) -> None:
        """Process one unit in a thread, which keeps its workspace for the next."""
        whole = False
        try:
            if self.stopped.is_set():
                return
            if not hasattr(self.own, "workspace"):
                self.own.workspace = self.engine.workspace()
            result = self.engine.process(batch, self.own.workspace)
            state = UnitState(unit, batch.source, result.counts, result.digest, batch.oddities)
            self.work.write(state, result, batch.quarantined)
            self.states[unit] = state
            self.progress(len(batch.rows), batch.texts.nbytes)
            whole = True
        finally:
            if not whole:
                self.stopped.set()
            self.places.release()

    def give(self, unit: int, batch: Batch) -> None:
        """Hand over one unit, waiting while enough are under way."""
        self.places.acquire()
        self.tasks = [task for task in self.tasks if not task.done() or task.exception() is not None]
        self.tasks.append(self.pool.submit(self.run, unit, batch))

    def finish(self) -> None:
        """Wait until all units are done; raise the first fault there was."""
        for task in self.tasks:
            task.result()

    def stop(self) -> None:
        """Let every thread end after the unit it is at; units that wait are dropped."""
        self.stopped.set()
        self.pool.shutdown(wait=True, cancel_futures=True)


def same_input(plan: Plan, batch: Batch, state: UnitState) -> None:
    """Refuse to build on a finished unit whose input is no longer what it was."""
    if digest_of(batch) != state.digest:
        raise RunError(
            f"{plan.out}: {batch.source} was changed since the run was interrupted",
            f"{plan.out}: {batch.source} is veranderd sinds de run werd onderbroken",
        )


def run_units(plan: Plan, engine: Engine, work: WorkFolder, progress: Progress) -> Outcome:
    """Scan every unit that is not finished yet; units from before are checked against the input."""
    from_before: dict[int, UnitState] = {}
    outcome = Outcome()
    crew = Crew(engine, work, plan.threads, progress)
    try:
        for unit, batch in enumerate(read_units(plan, work, outcome)):
            if crew.stopped.is_set():
                break
            state = work.finished(unit) if plan.resume else None
            if state is None:
                crew.give(unit, batch)
            else:
                same_input(plan, batch, state)
                from_before[unit] = state
                progress(len(batch.rows), batch.texts.nbytes)
        crew.finish()
    finally:
        crew.stop()
    states = from_before | crew.states
    outcome.units = [states[unit] for unit in sorted(states)]
    return outcome
