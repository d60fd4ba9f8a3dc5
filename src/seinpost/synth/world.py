"""The synthetic world: any range of rows as an Arrow batch, from seed and row numbers alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from seinpost.errors import SettingError
from seinpost.synth import layout as at
from seinpost.synth.compose import desk
from seinpost.synth.rows import (
    NUMBER_BYTES,
    Numbering,
    Plan,
    Task,
    blank,
    plan_rows,
    tag_of,
    write_numbers,
    write_texts,
)
from seinpost.synth.source import Source, load_source

BATCH_ROWS = 20_000
BASE_RATE = 0.005
NEAR_MISS_RATE = 0.03
TIME_ZONE = "Europe/Amsterdam"
_GUESS = 800  # bytes a registration takes on average, rounded up
_GROWTH = 4  # bytes noise makes of one, at most
_ALPHABET = np.frombuffer(b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789", dtype=np.uint8)
_MAX_ROWS = 10**10  # some nine centuries of days

SCHEMA = pa.schema(
    [
        pa.field("registration_id", pa.string(), nullable=False),
        pa.field("service", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("registered_at", pa.timestamp("us", tz=TIME_ZONE), nullable=False),
        pa.field("incident_type", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("truth_signal", pa.bool_(), nullable=False),
        pa.field("truth_form", pa.string()),
        pa.field("truth_situation", pa.string()),
        pa.field("truth_kind", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of registrations that hold a hidden signal, and that hold a near miss."""

    signals: float = BASE_RATE
    near_misses: float = NEAR_MISS_RATE

    def __post_init__(self) -> None:
        for name, value in (("base_rate", self.signals), ("near_miss_rate", self.near_misses)):
            if not 0.0 <= value <= 1.0:
                raise SettingError(
                    f"{name} is {value}; allowed: 0 to 1", f"{name} is {value}; toegestaan: van 0 tot en met 1"
                )
        if self.signals + self.near_misses > 1.0:
            raise SettingError(
                "base_rate and near_miss_rate add up to more than 1",
                "base_rate en near_miss_rate zijn samen meer dan 1",
            )


@cache
def shipped_source() -> Source:
    """The world that ships with Seinpost, read once: that takes longer than to make a thousand registrations of it."""
    return load_source()


class World:
    """A compiled world for one seed. `batch` may be called from several threads at once."""

    def __init__(self, seed: int, rates: Rates | None = None, source: Source | None = None) -> None:
        if not 0 <= seed < 2**63:
            raise SettingError(f"seed is {seed}; allowed: 0 to 2^63 - 1", f"seed is {seed}; toegestaan: 0 t/m 2^63 - 1")
        self.source = source if source is not None else shipped_source()
        self._seed = seed
        given = rates if rates is not None else Rates()
        ordinary = (1.0 - given.signals - given.near_misses) * self.source.ordinary_situations
        edges = np.cumsum([given.signals, given.near_misses, ordinary])
        self._odds = self.source.odds._replace(kinds=edges)
        prefixes = [unit.prefix.encode() for unit in self.source.units]
        self._numbering = Numbering(
            prefixes=np.frombuffer(b"".join(prefixes), dtype=np.uint8),
            edges=np.cumsum([0, *(len(prefix) for prefix in prefixes)]).astype(np.int32),
            tag=tag_of(seed, _ALPHABET),
        )
        self._names = _Names(self.source)

    def batch(self, first: int, rows: int) -> pa.RecordBatch:
        """Make the rows first .. first + rows - 1: the same bytes however a world is cut into ranges."""
        plan = blank(rows)
        plan_rows(self._odds, self._seed, first, plan)
        days, seconds = self.source.clock.moments(first, plan.moment)
        arrays = [
            self._numbers(plan, days, first),
            self._names.service(plan.type),
            self._names.unit(plan.unit),
            pa.array(seconds * 1_000_000, type=SCHEMA.field("registered_at").type),
            self._names.type(plan.type),
            self._texts(plan, days, first),
            pa.array(plan.kind == at.SIGNAL),
            self._names.form(plan.story),
            self._names.situation(plan.story),
            self._names.kind(plan.kind),
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)

    def _numbers(self, plan: Plan, days: Any, first: int) -> pa.Array:
        rows = len(plan.kind)
        out = np.empty(rows * NUMBER_BYTES, dtype=np.uint8)
        offsets = np.zeros(rows + 1, dtype=np.int32)
        size = write_numbers(self._numbering, plan.unit, days, first, out, offsets)
        return _strings(out[:size].copy(), offsets)

    def _texts(self, plan: Plan, days: Any, first: int) -> pa.Array:
        rows = len(plan.kind)
        reserve = _GROWTH * self.source.longest + 64
        workspace = desk(self.source.depth, self.source.longest)
        out = np.empty(rows * _GUESS + reserve, dtype=np.uint8)
        offsets = np.zeros(rows + 1, dtype=np.int64)
        row = 0
        while True:
            task = Task(self._seed, first, row, reserve, days)
            row = write_texts(self.source.grammar, workspace, plan, task, out, offsets)
            if row == rows:
                break
            grown = np.empty(2 * len(out), dtype=np.uint8)
            grown[: offsets[row]] = out[: offsets[row]]
            out = grown
        if offsets[-1] > 2**31 - 1:
            raise SettingError(f"a batch of {rows} rows holds more than 2 GiB of text; allowed: fewer rows a batch")
        return _strings(out[: offsets[-1]], offsets.astype(np.int32))


class _Names:
    """Turns numbers into columns of names."""

    def __init__(self, source: Source) -> None:
        services = [("politie", "nla", "kmar")[number] for number in source.odds.service]
        self._services = pa.array(services, type=pa.string())
        self._types = pa.array(source.types, type=pa.string())
        self._units = pa.array([unit.name for unit in source.units], type=pa.string())
        stories = source.situations
        self._situations = pa.array([story.id for story in stories], type=pa.string())
        forms = [story.form.value if story.form is not None else None for story in stories]
        self._forms = pa.array(forms, type=pa.string())
        self._kinds = pa.array(at.KINDS, type=pa.string())

    def service(self, types: Any) -> pa.Array:
        return self._services.take(pa.array(types))

    def type(self, types: Any) -> pa.Array:
        return self._types.take(pa.array(types))

    def unit(self, units: Any) -> pa.Array:
        return self._units.take(pa.array(units))

    def form(self, stories: Any) -> pa.Array:
        return self._forms.take(_optional(stories))

    def situation(self, stories: Any) -> pa.Array:
        return self._situations.take(_optional(stories))

    def kind(self, kinds: Any) -> pa.Array:
        return self._kinds.take(pa.array(kinds))


def generate(
    registrations: int,
    seed: int,
    *,
    batch_rows: int = BATCH_ROWS,
    rates: Rates | None = None,
    threads: int = 1,
    start: int = 0,
) -> Iterator[pa.RecordBatch]:
    """Make registrations start .. start + registrations - 1 of the world of a seed, in batches, in order.

    The bytes depend on seed, rates, row numbers, and the shipped data only; `batch_rows` and `threads` change none.
    Raises SettingError.
    """
    _within("registrations", registrations, 0)
    _within("batch_rows", batch_rows, 1)
    _within("threads", threads, 1)
    _within("start", start, 0)
    _within("start + registrations", start + registrations, 0)
    return _batches(World(seed, rates), range(start, start + registrations), batch_rows, threads)


def _batches(world: World, rows: range, batch_rows: int, threads: int) -> Iterator[pa.RecordBatch]:
    places = range(rows.start, rows.stop, batch_rows)
    if threads == 1:
        for place in places:
            yield world.batch(place, min(batch_rows, rows.stop - place))
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="synth") as pool:
        waiting = []
        for place in places:
            waiting.append(pool.submit(world.batch, place, min(batch_rows, rows.stop - place)))
            if len(waiting) > threads:  # bounded: never more than threads + 1 batches in memory
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _within(name: str, value: int, least: int) -> None:
    if not least <= value <= _MAX_ROWS:
        raise SettingError(
            f"{name} is {value}; allowed: {least} to {_MAX_ROWS}",
            f"{name} is {value}; toegestaan: {least} tot en met {_MAX_ROWS}",
        )


def _strings(data: Any, offsets: Any) -> pa.Array:
    return pa.Array.from_buffers(
        pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)], null_count=0
    )


def _optional(numbers: Any) -> pa.Array:
    return pa.array(numbers, mask=numbers < 0)
