"""The whole job: scan sources into a folder of results, proven by its ledger."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from seinpost.errors import RunError
from seinpost.run import merge
from seinpost.run.engine import Counts, Engine, source_fields
from seinpost.run.ledger import (
    LEDGER,
    Ledger,
    OutputEntry,
    chain,
    count_lines,
    file_sha256,
    read_ledger,
    source_entry,
    total_oddities,
)
from seinpost.run.lock import held
from seinpost.run.parts import UnitState, WorkFolder, write_whole
from seinpost.run.pipeline import InterruptedRunError, Outcome, Plan, Progress, prepare, run_units

Report = Callable[[Callable[[Sequence[str], int], merge.First | None]], bytes]
Reporter = Callable[[Counts, Callable[[Sequence[str], int], merge.First | None]], bytes]
"""Makes report.html of the counts, and of what gives the rows of the first signals of some layers, up to a rank."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished job: its ledger, and the sources that broke off before their end."""

    ledger: Ledger
    broken: dict[str, str]


def silent(registrations: int, size: int) -> None:
    """Progress for whoever does not look."""


def run_job(
    plan: Plan,
    engine: Engine,
    *,
    overwrite: bool = False,
    progress: Progress = silent,
    reporter: Reporter | None = None,
) -> Finished:
    """Scan all sources of the plan into its folder.

    Writes signals.parquet, hits.parquet, contributions.parquet, quarantine.jsonl, report.html (with a reporter) and,
    last, ledger.json: its presence says that the run is complete. Raises InputError, OutputError, RunError; on any of
    them, and on kill -9, nothing stands under a final name that is not whole, and `resume` goes on where it ended.
    """
    with held(plan.out):
        return run_alone(plan, engine, overwrite, progress, reporter)


def run_alone(plan: Plan, engine: Engine, overwrite: bool, progress: Progress, reporter: Reporter | None) -> Finished:
    """Start, resume or overwrite, in a folder nobody else writes."""
    anew = WorkFolder(plan.out).unplanned
    work = prepare(plan, overwrite)
    described = describe(plan, engine)
    if anew:
        plan = replace(plan, resume=False)
    if plan.resume and not work.plan_path.is_file() and (plan.out / LEDGER).is_file():
        return finished_before(plan, engine, work)
    if plan.resume:
        work.resume(described)
    else:
        remove_results(plan.out)
        work.start(described)
    try:
        ledger, broken = carry_out(plan, engine, work, progress, reporter)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"{plan.out}: stopped; go on with --resume", f"{plan.out}: onderbroken; ga verder met --resume"
        ) from None
    write_whole(plan.out / LEDGER, ledger.as_bytes())
    work.remove()
    return Finished(ledger, broken)


def carry_out(
    plan: Plan, engine: Engine, work: WorkFolder, progress: Progress, reporter: Reporter | None
) -> tuple[Ledger, dict[str, str]]:
    """Scan, write every result but the ledger, and account for it."""
    stopped = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        digests = [pool.submit(file_sha256, source.path, stopped) for source in plan.sources]
        try:
            outcome = run_units(plan, engine, work, progress)
            pa.default_memory_pool().release_unused()  # what the scan worked in; merging needs its own
            counts = sum((unit.counts for unit in outcome.units), Counts()) + Counts()
            write_results(plan, engine, work, outcome.units, None if reporter is None else partial(reporter, counts))
            inputs = [digest.result() for digest in digests]
        finally:
            stopped.set()
    return account(plan, engine, outcome, inputs, counts), outcome.broken


def finished_before(plan: Plan, engine: Engine, work: WorkFolder) -> Finished:
    """The run that is to be resumed was finished after all; raises RunError when it was another run."""
    ledger = read_ledger(plan.out)
    readers = (second_eye(engine), engine.encoder)
    asked = (settings(plan), engine.pack.digest, readers, [source.name for source in plan.sources])
    was = (ledger.second_eye, ledger.encoder)
    if asked != (ledger.settings, ledger.pack["digest"], was, [source.name for source in ledger.sources]):
        raise RunError(
            f"{plan.out}: holds a finished run of other input, pack, readers or settings",
            f"{plan.out}: bevat een voltooide run met andere invoer, pakket, lezers of instellingen",
        )
    work.remove()
    return Finished(ledger, {source.name: source.broken for source in ledger.sources if source.broken is not None})


def describe(plan: Plan, engine: Engine) -> dict[str, object]:
    """What makes this run this run: two runs with the same description may share finished units."""
    return {
        "seinpost": version("seinpost"),
        "pack": engine.pack.digest,
        "second_eye": second_eye(engine),
        **({} if engine.encoder is None else {"encoder": engine.encoder}),
        "inputs": [[source.name, source.path.stat().st_size] for source in plan.sources if source.name != "stdin"],
        "profile": settings(plan),
    }


def second_eye(engine: Engine) -> str | None:
    """The digest of the second eye that reads, None: none does."""
    return engine.eye.digest if engine.eye is not None else None


def settings(plan: Plan) -> dict[str, object]:
    """The settings that can change a result."""
    profile = plan.profile
    return {
        "id_column": profile.id_column,
        "text_columns": list(profile.text_columns),
        "registered_at": profile.registered_at,
        "time_zone": profile.time_zone,
        "encoding": profile.encoding,
        "delimiter": profile.delimiter,
        "quote": profile.quote,
        "keep": list(profile.keep),
        "protected": profile.protected,
        "identifies": list(profile.identifies),
    }


def remove_results(out: Path) -> None:
    """Remove the results of an earlier run, the ledger first so that no half run looks whole."""
    for name in (LEDGER, "signals.parquet", "hits.parquet", "contributions.parquet", "quarantine.jsonl", "report.html"):
        (out / name).unlink(missing_ok=True)


def write_results(
    plan: Plan, engine: Engine, work: WorkFolder, units: Sequence[UnitState], report: Report | None
) -> None:
    """Write the quarantine, the three tables and, while others write those, the report."""
    write_whole(plan.out / "quarantine.jsonl", (work.quarantine_path(unit.unit).read_bytes() for unit in units))
    schema, hits, contributions = engine.builder.schemas
    for field in source_fields(plan.profile.registered_at is not None, plan.profile.keep):
        schema = schema.append(field)
    keys = merge.rank_signals(work, units, schema)
    with concurrent.futures.ThreadPoolExecutor(plan.threads) as pool:
        tasks = [
            pool.submit(merge.merge_signals, work, units, keys, schema, plan.out / "signals.parquet"),
            pool.submit(
                merge.merge_table, work, units, "contributions", contributions, plan.out / "contributions.parquet"
            ),
            pool.submit(merge.merge_table, work, units, "hits", hits, plan.out / "hits.parquet"),
        ]
        if report is not None:
            write_whole(plan.out / "report.html", report(partial(merge.first_rows, work, units, keys)))
        for task in tasks:
            task.result()


def account(plan: Plan, engine: Engine, outcome: Outcome, inputs: Sequence[str], counts: Counts) -> Ledger:
    """Make the ledger of a run whose results are written."""
    sources = tuple(
        source_entry(
            source.name,
            source.path,
            sha256,
            [unit for unit in outcome.units if unit.source == source.name],
            outcome.broken.get(source.name),
        )
        for source, sha256 in zip(plan.sources, inputs, strict=True)
    )
    pack = engine.pack
    return Ledger(
        seinpost=version("seinpost"),
        pack={"id": pack.id, "version": pack.version, "digest": pack.digest, "dated": pack.dated.isoformat()},
        second_eye=second_eye(engine),
        encoder=engine.encoder,
        settings=settings(plan),
        counts=counts,
        digest=chain(source.digest for source in sources),
        sources=sources,
        outputs=tuple(outputs(plan.out)),
        oddities=total_oddities(outcome.units),
    )


def outputs(out: Path) -> list[OutputEntry]:
    """Describe the files a run wrote, as they stand."""
    entries = []
    for name in ("signals.parquet", "hits.parquet", "contributions.parquet", "quarantine.jsonl", "report.html"):
        path = out / name
        if not path.is_file():
            continue
        rows: int | None = None
        if path.suffix == ".parquet":
            rows = merge.rows_of(path)
        elif path.suffix == ".jsonl":
            rows = count_lines(path)
        entries.append(OutputEntry(name, rows, file_sha256(path)))
    return entries
