"""What the benchmarks share: a corpus made once, alternating runs, a process measured from outside, Markdown rows."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import seinpost
from seinpost.scan.scanner import Scanner, Workspace
from seinpost.synth import generate, write

SEED = 20261124
MEGA = 1e6
CORE = ("seinpost", "numpy", "numba", "llvmlite", "pyarrow")
SLICE = 5_000
"""Registrations that one thread takes at a time."""

# A slim parent of its own: Linux hands the peak memory of a process on to what it starts, so a child of this process
# would never show less than this process ever took.
LAUNCHER = """
import json, os, sys, time
out = os.open(os.devnull, os.O_WRONLY)
began = time.perf_counter()
actions = [(os.POSIX_SPAWN_DUP2, out, 1)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_, status, usage = os.wait4(pid, 0)
took = time.perf_counter() - began
print(json.dumps([took, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status)]))
"""


def parser(description: str, *, rounds: int, cache: bool = True) -> argparse.ArgumentParser:
    """Make the parser with the options every benchmark has."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    made.add_argument("--rounds", type=int, default=rounds, help="alternating runs; the median counts")
    made.add_argument("--bare", action="store_true", help="leave out versions and machine (benchmarks/run_all.py)")
    if cache:
        home = Path(tempfile.gettempdir()) / "seinpost-benchmarks"
        made.add_argument("--cache", type=Path, default=home, help="folder for generated files")
    return made


def head(title: str, what: str, *, bare: bool, packages: Sequence[str] = ()) -> None:
    """Print the heading of a benchmark: what is compared, how busy the machine is, versions and machine."""
    print(f"## {title}\n\n{what}\n")
    if not bare:
        print(f"{versions(CORE)}; {machine()}.")
    if packages:
        print(f"Peers: {versions(packages)}.")
    print(f"Load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n", flush=True)


def versions(packages: Sequence[str]) -> str:
    """Give "name version" of packages, parted by commas."""
    return ", ".join(f"{name} {installed(name)}" for name in packages)


def installed(name: str) -> str:
    """Version of an installed package, or "not installed"."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def machine() -> str:
    """Say in one line what this runs on."""
    model, memory = platform.processor() or platform.machine(), ""
    info, sizes = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if info.is_file():
        named = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = named[0] if named else model
    if sizes.is_file():
        memory = f", {int(sizes.read_text().split()[1]) / (1 << 20):.0f} GiB"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores of {model}{memory}, {platform.system()} {platform.release()}, {python}"


def rows(heads: Sequence[str], table: Sequence[Sequence[object]] = ()) -> None:
    """Print the head of a Markdown table, and rows if they are there already."""
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    for cells in table:
        row(*cells)


def row(*cells: object) -> None:
    """Print one Markdown row."""
    print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)


def clock(run: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def alternate(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Wall seconds per round of each run, all runs in turn in each round, after one round that does not count."""
    for run in runs.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(clock(run))
    return taken


def ratio(slow: Sequence[float], fast: Sequence[float]) -> tuple[float, float, float]:
    """Median, least and greatest of the paired ratios slow / fast."""
    paired = [left / right for left, right in zip(slow, fast, strict=True)]
    return statistics.median(paired), min(paired), max(paired)


def times(ratios: tuple[float, float, float]) -> str:
    """Write a paired ratio: the median in bold, its range behind it."""
    middle, least, greatest = (f"{value:.0f}" if value >= 20 else f"{value:.2f}" for value in ratios)
    return f"**{middle}x** ({least}-{greatest})"


def speed(size: float, seconds: Sequence[float]) -> str:
    """Write a median speed in MB/s."""
    value = size / MEGA / statistics.median(seconds)
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def corpus_file(cache: Path, registrations: int) -> Path:
    """Make a generated Parquet file (zstd) once; its name holds a digest of how this version generates."""
    digest = hashlib.sha256(seinpost.__version__.encode())
    for batch in generate(2_000, SEED):
        for text in batch.column("text").to_pylist():
            digest.update(text.encode())
    path = cache / f"registrations-{registrations}-{digest.hexdigest()[:12]}.parquet"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        write(path, registrations, SEED, threads=os.cpu_count() or 1)
    return path


def corpus(registrations: int) -> pa.Array:
    """Texts of generated registrations, as one array in memory."""
    return pa.concat_arrays([batch.column("text") for batch in generate(registrations, SEED)])


def text_bytes(texts: pa.Array) -> int:
    """Bytes of UTF-8 in an array of strings, without offsets."""
    return int(pc.sum(pc.binary_length(texts)).as_py() or 0)


def text_bytes_of(path: Path) -> int:
    """Bytes of UTF-8 in the texts of a Parquet file."""
    file = pq.ParquetFile(path)
    groups = (file.read_row_group(group, columns=["text"])["text"] for group in range(file.num_row_groups))
    return sum(text_bytes(chunk) for chunked in groups for chunk in chunked.chunks)


def scan_on(scanner: Scanner, spaces: Sequence[Workspace], texts: pa.Array) -> int:
    """Scan texts on as many threads as there are workspaces, a slice at a time; gives the number of hits."""
    slices = [texts.slice(first, SLICE) for first in range(0, len(texts), SLICE)]

    def work(number: int) -> int:
        return sum(len(scanner.scan(part, spaces[number])) for part in slices[number :: len(spaces)])

    if len(spaces) == 1:
        return work(0)
    with ThreadPoolExecutor(len(spaces)) as pool:
        return sum(pool.map(work, range(len(spaces))))


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process took: wall and processor seconds, and the most memory it held at once in bytes."""

    seconds: float
    memory: int
    processor: float


def measured(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Finished:
    """Run a command to its end and measure it from outside; its standard output is dropped.

    Raises RuntimeError with its standard error when it fails.
    """
    launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launch, capture_output=True, text=True, env={**os.environ, **(environment or {})})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} did not start:\n{done.stderr}")
    seconds, memory, processor, code = json.loads(done.stdout)
    if code != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {code}:\n{done.stderr}")
    return Finished(seconds, memory, processor)


def command(*arguments: str | Path) -> list[str]:
    """The `seinpost` command of this environment."""
    return [sys.executable, "-m", "seinpost.cli.main", *map(str, arguments)]


def fresh(folder: Path, name: str) -> Path:
    """A path in a folder that does not exist yet."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder)) / "run"
