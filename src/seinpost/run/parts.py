"""The work folder of a run: every finished unit is there whole or not at all, so a run can go on where it was
stopped.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc as paipc

from seinpost.errors import OutputError, RunError
from seinpost.run.engine import Counts, UnitResult
from seinpost.run.read.quarantine import Quarantined

TABLES = ("signals", "hits", "contributions")


@dataclass(frozen=True, slots=True)
class UnitState:
    """What is remembered of a finished unit."""

    unit: int
    source: str
    counts: Counts
    digest: str
    oddities: dict[str, int]


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failing write into an OutputError that names the path."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"{path}: cannot be written: {reason}", f"{path}: kan niet worden geschreven: {reason}"
        ) from error


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file so that its name only ever stands for the whole content."""
    partial = path.with_name(path.name + ".partial")
    with writing(path):
        try:
            with partial.open("wb") as file:
                file.writelines([data] if isinstance(data, bytes) else data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


class WorkFolder:
    """`.work` inside the output folder."""

    def __init__(self, out: Path) -> None:
        self.out, self.path, self.done = out, out / ".work", out / ".done"

    @property
    def plan_path(self) -> Path:
        """Where the plan of the run stands: what makes it this run and no other."""
        return self.path / "plan.json"

    @property
    def unplanned(self) -> bool:
        """A run was killed before its plan stood: nothing of it is there but the folder."""
        return self.path.is_dir() and not self.plan_path.is_file()

    def start(self, plan: dict[str, Any]) -> None:
        """Make the folder for a new run."""
        with writing(self.path):
            self.path.mkdir(parents=True)
        write_whole(self.plan_path, canonical(plan))

    def resume(self, plan: dict[str, Any]) -> None:
        """Go on with a run; raises RunError when there is none, or its plan is not this one."""
        if not self.plan_path.is_file():
            raise RunError(
                f"{self.out}: no interrupted run to resume", f"{self.out}: geen onderbroken run om te hervatten"
            )
        before = json.loads(self.plan_path.read_bytes())
        differing = sorted(key for key in before.keys() | plan.keys() if before.get(key) != plan.get(key))
        if differing:
            names = ", ".join(differing)
            raise RunError(
                f"{self.out}: the interrupted run had other {names}; it cannot be resumed with these",
                f"{self.out}: de onderbroken run had andere {names}; zo kan hij niet worden hervat",
            )

    def remove(self) -> None:
        """Remove the folder and all in it; under another name first, so that half of it never looks like a run."""
        shutil.rmtree(self.done, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.path, self.done)
        shutil.rmtree(self.done, ignore_errors=True)

    def state_path(self, unit: int) -> Path:
        """Where the state of a unit stands; it is written last, so it stands for the whole unit."""
        return self.path / f"{unit:08d}.json"

    def table_path(self, unit: int, table: str) -> Path:
        """Where one table of a unit stands."""
        return self.path / f"{unit:08d}.{table}.arrow"

    def finished(self, unit: int) -> UnitState | None:
        """The state of a unit, if it is finished."""
        path = self.state_path(unit)
        if not path.is_file():
            return None
        state = json.loads(path.read_bytes())
        counts = Counts(**state.pop("counts"))
        return UnitState(counts=counts, **state)

    def quarantine_path(self, unit: int) -> Path:
        """Where the rows of a unit that were set apart stand."""
        return self.path / f"{unit:08d}.quarantine.jsonl"

    def write(self, state: UnitState, result: UnitResult, quarantined: Iterable[Quarantined]) -> None:
        """Write a finished unit: its tables and what was set apart, then its state."""
        for name in TABLES:
            table: pa.Table = getattr(result.tables, name)
            path = self.table_path(state.unit, name)
            with writing(path), paipc.new_file(str(path), table.schema) as writer:
                writer.write_table(table)
        with writing(self.path):
            text = "".join(row.as_json() + "\n" for row in quarantined)
            self.quarantine_path(state.unit).write_text(text, encoding="utf-8")
        write_whole(self.state_path(state.unit), canonical(asdict(state)))

    def read(self, unit: int, table: str, columns: Sequence[str] = ()) -> pa.Table:
        """One table of a finished unit, or some of its columns; what of it is looked at is read, and no more.

        Nothing is packed: these files live for minutes, and packing them costs more than it saves.
        """
        with pa.memory_map(str(self.table_path(unit, table))) as file:
            if not columns:
                return paipc.open_file(file).read_all()
            names = paipc.open_file(file).schema.names
            options = paipc.IpcReadOptions(included_fields=[names.index(name) for name in columns])
            return paipc.open_file(file, options=options).read_all().select(columns)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys: the same value gives the same bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
