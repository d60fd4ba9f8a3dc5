"""`seinpost scan`: from files to signals, with progress on a terminal and silence in a pipe."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from seinpost.cli.reporting import reporter
from seinpost.cli.speech import speech
from seinpost.cli.warm import kernel_folder, warming
from seinpost.errors import InputError, SettingError
from seinpost.packs import find_pack
from seinpost.run.engine import Engine
from seinpost.run.job import Finished, run_job, silent
from seinpost.run.parts import writing
from seinpost.run.pipeline import Plan
from seinpost.run.pipeline import Progress as Report
from seinpost.run.prepared import prepare_pack
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.sources import STDIN, Format, find_sources
from seinpost.score.encoder import load_reader

BROKEN_SOURCE = 7
"""Exit code of a run that finished, but with a source that broke off before its end."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a scan was asked to do; `columns` are the id and text column, None: as the profile says."""

    inputs: tuple[str, ...]
    out: Path
    columns: tuple[str | None, str | None] = (None, None)
    source: str | None = None
    format: str = "jsonl"
    pack: str = "nl"
    semantic: bool = True
    encoder: bool = False


def scan_as_asked(*, inputs: list[str], out: Path, **asked: Any) -> None:
    """Scan with the parameters of the command, by their names there."""
    columns = (asked["id_column"], asked["text_column"])
    readers = not asked["no_semantic"], asked["encoder"]
    options = Options(tuple(inputs), out, columns, asked["source"], asked["format"], asked["pack"], *readers)
    scan_command(
        options,
        resume=asked["resume"],
        overwrite=asked["overwrite"],
        threads=asked["threads"],
        report_limit=asked["report_limit"],
        as_json=asked["json"],
    )


def scan_command(
    options: Options, *, resume: bool, overwrite: bool, threads: int | None, report_limit: int, as_json: bool
) -> None:
    """Scan, tell what was found, and leave with the documented exit code."""
    if resume and overwrite:
        raise SettingError("--resume and --overwrite exclude each other", "--resume en --overwrite sluiten elkaar uit")
    finished = scan_files(options, resume=resume, overwrite=overwrite, threads=threads, report_limit=report_limit)
    if as_json:
        sys.stdout.buffer.write(finished.ledger.as_bytes())
        sys.stdout.flush()
    tell(finished, options.out)
    if finished.broken:
        sys.exit(BROKEN_SOURCE)


def scan_files(
    options: Options, *, resume: bool = False, overwrite: bool = False, threads: int | None, report_limit: int
) -> Finished:
    """Scan the files of the options into their folder."""
    profile = profile_of(options)
    engine = warm_engine(options.pack, options.semantic, encoder=options.encoder)
    gc.freeze()  # the pack and the modules: 170,000 objects that a scan would be looking through for nothing
    gc.enable()
    with spooled(options, resume) as stdin:
        sources = find_sources(options.inputs, stdin, format_of(options.format), options.out)
        plan = Plan(tuple(sources), profile, options.out, threads or os.cpu_count() or 1, resume)
        with watched() as progress:
            make = reporter(engine.pack, sources, report_limit)
            return run_job(plan, engine, overwrite=overwrite, progress=progress, reporter=make)


def warm_engine(pack: str, semantic: bool, *, encoder: bool = False) -> Engine:
    """An engine whose compiled kernels are there: loaded, or built when this version starts for the first time."""
    warming.begin()
    prepared = prepare_pack(pack, kernel_folder())
    warming.finish()
    reader = load_reader(prepared.pack, find_pack(pack), semantic=semantic, encoder=encoder)
    return Engine(prepared.pack, reader, prepared.tables)


def profile_of(options: Options) -> SourceProfile:
    """The source profile, with the columns named on the command line in place of its own."""
    profile = SourceProfile()
    if options.source:
        from seinpost.run.read.profilefile import load_profile

        profile = load_profile(options.source)
    id_column, text_column = options.columns
    if id_column is not None:
        profile = replace(profile, id_column=id_column)
    if text_column is not None:
        profile = replace(profile, text_columns=(text_column,))
    return profile


def format_of(name: str) -> Format:
    """The format of standard input; SettingError names what is allowed."""
    try:
        return Format(name)
    except ValueError:
        allowed = ", ".join(kind.value for kind in Format)
        raise SettingError(
            f"unknown format {name!r} (allowed: {allowed})", f"onbekend formaat {name!r} (toegestaan: {allowed})"
        ) from None


@contextmanager
def spooled(options: Options, resume: bool) -> Iterator[Path | None]:
    """Standard input as a file beside the output folder, if it is asked for; removed afterwards."""
    if STDIN not in options.inputs:
        yield None
        return
    if resume:
        raise SettingError(
            "standard input cannot be resumed: give a file", "standaardinvoer is niet te hervatten: geef een bestand"
        )
    if sys.stdin.isatty():
        raise InputError(
            "standard input is a terminal: give a file", "standaardinvoer is een terminal: geef een bestand"
        )
    folder = options.out.absolute().parent
    with ExitStack() as stack:
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(NamedTemporaryFile(dir=folder, prefix=".seinpost-stdin-"))
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
            file.flush()
        yield Path(file.name)


@contextmanager
def watched() -> Iterator[Report]:
    """A progress line for a person at a terminal, silence for a pipe."""
    if not speech.interactive:
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    lock = threading.Lock()
    done = [0, 0]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(speech.pick("lezen ...", "reading ..."), total=None)

        def report(registrations: int, size: int) -> None:
            with lock:
                done[0] += registrations
                done[1] += size
            read = f"{speech.number(done[0])} {speech.pick('registraties', 'registrations')}, {done[1] / 1e6:.0f} MB"
            bar.update(task, description=read)

        yield report


def tell(finished: Finished, out: Path) -> None:
    """Tell what a run found and what it proves."""
    counts = finished.ledger.counts
    layers = "  ".join(f"{layer} {speech.number(count)}" for layer, count in (counts.flagged or {}).items())
    n = {name: speech.number(value) for name, value in asdict(counts).items() if isinstance(value, int)}
    speech.say(
        f"{n['received']} ontvangen = signalen ({layers}) + {n['not_flagged']} niet aangemerkt + {n['failed']} mislukt",
        f"{n['received']} received = signals ({layers}) + {n['not_flagged']} not flagged + {n['failed']} failed",
    )
    if counts.failed:
        path = out / "quarantine.jsonl"
        speech.say(f"mislukte rijen, met reden: {path}", f"failed rows, with the reason: {path}")
    for message in finished.broken.values():
        speech.say(f"let op, een bron brak af: {message}", f"mind, a source broke off: {message}")
    if finished.ledger.oddities:
        odd = json.dumps(finished.ledger.oddities)
        speech.say(f"let op, tekenen van een kapotte export: {odd}", f"mind, signs of a broken export: {odd}")
    speech.say(f"rapport: {out / 'report.html'}", f"report: {out / 'report.html'}")
