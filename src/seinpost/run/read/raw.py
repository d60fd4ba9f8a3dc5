"""What reading gives before anything is checked, and what every format's reader needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.errors import InputError
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined
from seinpost.run.read.sources import Source

BATCH_BYTES = 12_000_000
BATCH_ROWS = 32_768


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Columns of one source as read, `rows` their numbers in it from 0, and what was set apart while reading them."""

    columns: dict[str, pa.Array]
    rows: npt.NDArray[np.int64]
    quarantined: tuple[Quarantined, ...] = ()


class BrokenSourceError(InputError):
    """A source breaks off: the rows before the break have been given out, the rest cannot be read."""


def breaks_off(source: Source, row: int, error: Exception | str) -> tuple[str, str]:
    """Say in English and Dutch that a source cannot be read from a row on."""
    kind = source.format.value
    return (
        f"{source.name}: not readable as {kind} from row {row} on: {error}",
        f"{source.name}: vanaf rij {row} niet leesbaar als {kind}: {error}",
    )


def check_columns(source: Source, profile: SourceProfile, names: list[str]) -> None:
    """Refuse a source in which a wanted column is missing or stands twice; the message names the columns there are."""
    for wanted in profile.columns:
        count = names.count(wanted)
        if count != 1:
            problem = "is missing" if count == 0 else f"stands {count} times"
            probleem = "ontbreekt" if count == 0 else f"staat er {count} keer"
            there = ", ".join(name[:80] for name in names[:40])
            raise InputError(
                f"{source.name}: column {wanted!r} {problem} (columns there are: {there or 'none'})",
                f"{source.name}: kolom {wanted!r} {probleem} (kolommen die er zijn: {there or 'geen'})",
            )


def is_textual(kind: pa.DataType) -> bool:
    """A column can hold texts if, and only if, it is a string or bytes in any of Arrow's layouts, or all null."""
    types = pa.types
    if types.is_null(kind):
        return True
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return True
    return is_bytes(kind)


def is_bytes(kind: pa.DataType) -> bool:
    """A type holds bytes if, and only if, it is binary in any of Arrow's layouts of varying length."""
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def is_moment(kind: pa.DataType) -> bool:
    """A type holds moments if, and only if, it is a timestamp or a date."""
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def zoned(kind: pa.DataType) -> bool:
    """A type knows its time zone if, and only if, it is a timestamp with one."""
    return bool(pa.types.is_timestamp(kind) and kind.tz)


def no_zone(source: Source, name: str) -> InputError:
    """The fault of local times of which nobody said where."""
    return InputError(
        f"{source.name}: column {name!r} has no time zone; name it in the source profile (time_zone)",
        f"{source.name}: kolom {name!r} heeft geen tijdzone; noem die in het bronprofiel (time_zone)",
    )
