"""Turn raw batches into batches the scanner can trust: ids, valid UTF-8 texts, moments with a zone; the rest set
apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined, Reason
from seinpost.run.read.raw import RawBatch, is_bytes, is_moment, is_textual, no_zone, zoned
from seinpost.run.read.signs import count_oddities
from seinpost.run.read.sources import Format, Source


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows ready to scan: `ids` and `texts` without nulls, `rows` their numbers in the source."""

    source: str
    rows: npt.NDArray[np.int64]
    ids: pa.StringArray
    texts: pa.LargeStringArray
    registered_at: pa.TimestampArray | None
    keep: dict[str, pa.Array]
    quarantined: tuple[Quarantined, ...]
    oddities: dict[str, int] = field(default_factory=dict)

    def without(self, doubled: npt.NDArray[np.bool_]) -> Batch:
        """The batch without the rows whose id came before; they are set apart as duplicates."""
        if not doubled.any():
            return self
        apart = tuple(
            Quarantined(self.source, int(self.rows[i]), Reason.DUPLICATE_ID, registration_id=self.ids[int(i)].as_py())
            for i in np.flatnonzero(doubled)
        )
        stays = pa.array(~doubled)
        when = None if self.registered_at is None else self.registered_at.filter(stays)
        keep = {name: column.filter(stays) for name, column in self.keep.items()}
        ids, texts = self.ids.filter(stays), self.texts.filter(stays)
        rows = self.rows[~doubled]
        both = tuple(sorted(self.quarantined + apart, key=lambda q: (q.row, q.reason.value)))
        return Batch(self.source, rows, ids, texts, when, keep, both, count_oddities(texts))


class Sieve:
    """Collects which rows of a batch stay, and why the others do not."""

    def __init__(self, source: Source, raw: RawBatch, profile: SourceProfile) -> None:
        self.source, self.raw = source, raw
        self.encoding = profile.encoding if source.format is Format.CSV else "utf-8"
        self.stays = np.ones(len(raw.rows), dtype=np.bool_)
        self.apart: list[Quarantined] = list(raw.quarantined)
        self.ids: pa.Array | None = None

    def refuse(
        self, index: int, reason: Reason, name: str | None = None, value: str | None = None, allowed: str | None = None
    ) -> None:
        """Set one row apart, unless it already is."""
        if not self.stays[index]:
            return
        self.stays[index] = False
        known = self.ids[index].as_py() if self.ids is not None else None
        row = int(self.raw.rows[index])
        self.apart.append(Quarantined(self.source.name, row, reason, None, known, name, value, allowed))


def clean(raw: RawBatch, source: Source, profile: SourceProfile) -> Batch:
    """Check every row of a raw batch; good rows stay in order, bad ones go to `quarantined` with their reason."""
    sieve = Sieve(source, raw, profile)
    sieve.ids = checked_ids(sieve, profile)
    texts = checked_texts(sieve, profile)
    when = checked_moments(sieve, profile) if profile.registered_at else None
    keep = {name: keep_column(raw.columns[name], sieve.encoding) for name in profile.keep}
    rows, ids = raw.rows, sieve.ids
    if not sieve.stays.all():
        mask = pa.array(sieve.stays)
        rows, ids, texts = rows[sieve.stays], ids.filter(mask), texts.filter(mask)
        when = None if when is None else when.filter(mask)
        keep = {name: column.filter(mask) for name, column in keep.items()}
    apart = tuple(sorted(sieve.apart, key=lambda q: (q.row, q.reason.value)))
    return Batch(source.name, rows, ids, texts, when, keep, apart, count_oddities(texts))


def plain_string(column: pa.Array, to: pa.DataType) -> pa.Array:
    """Cast any textual or integer column to a string type; raises ArrowInvalid when it is not UTF-8."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    was_text = not is_bytes(column.type)
    if column.type != to:
        column = column.cast(to)
    if was_text:
        column.validate(full=True)
    return column


def textual(sieve: Sieve, name: str, to: pa.DataType) -> pa.Array:
    """One column as strings; rows that are not in the encoding they should be are set apart and become null."""
    column = sieve.raw.columns[name]
    if sieve.encoding == "utf-8":
        try:
            return plain_string(column, to)
        except pa.ArrowInvalid:
            pass  # some value is not UTF-8: look which
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    values: list[str | None] = []
    for index, value in enumerate(column.cast(pa.large_binary()).to_pylist()):
        try:
            values.append(None if value is None else value.decode(sieve.encoding))
        except UnicodeDecodeError as error:
            values.append(None)
            sieve.refuse(index, Reason.NOT_UTF8, name, f"byte {error.start}", sieve.encoding)
    return pa.array(values, to)


def checked_ids(sieve: Sieve, profile: SourceProfile) -> pa.StringArray:
    """The ids, stripped of white space around them; rows without one are set apart."""
    ids = pc.utf8_trim_whitespace(textual(sieve, profile.id_column, pa.string()))
    missing = pc.fill_null(pc.equal(pc.binary_length(ids), 0), True).to_numpy(zero_copy_only=False)
    for index in np.flatnonzero(missing):
        sieve.refuse(int(index), Reason.NO_ID, profile.id_column)
    return ids


def checked_texts(sieve: Sieve, profile: SourceProfile) -> pa.LargeStringArray:
    """The texts; rows in which every text column is null are set apart (an empty text is a text)."""
    columns = [textual(sieve, name, pa.large_string()) for name in profile.text_columns]
    if len(columns) == 1:
        texts = columns[0]
    else:
        texts = pc.binary_join_element_wise(*columns, pa.scalar("\n\n", pa.large_string()), null_handling="skip")
        nothing = np.logical_and.reduce([c.is_null().to_numpy(zero_copy_only=False) for c in columns])
        texts = pc.if_else(pa.array(nothing), pa.scalar(None, pa.large_string()), texts)
    if texts.null_count:
        for index in np.flatnonzero(texts.is_null().to_numpy(zero_copy_only=False)):
            sieve.refuse(int(index), Reason.NO_TEXT, ", ".join(profile.text_columns))
    return texts


def keep_column(column: pa.Array, encoding: str) -> pa.StringArray:
    """A copied column as text, so that sources of every format give one table; bytes are read as well as they can."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_textual(column.type):
        values = column.cast(pa.large_binary()).to_pylist()
        return pa.array([None if v is None else v.decode(encoding, "replace") for v in values], pa.string())
    return column.cast(pa.string())


def checked_moments(sieve: Sieve, profile: SourceProfile) -> pa.TimestampArray:
    """The moments of registration in UTC; a moment that is not a time, or does not exist on the clock, sets its row
    apart.

    A local time that the clock shows twice (end of summer time) is taken to be the first. Raises InputError when the
    times have no zone and the profile names none.
    """
    name = profile.registered_at or ""
    column = sieve.raw.columns[name]
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_textual(column.type):
        column = textual(sieve, name, pa.string())
    written = column
    if profile.date_order == "day-first" and pa.types.is_string(column.type):
        column = year_first(column)
    has_zone = zones_in(column)
    if profile.time_zone is None and not has_zone.any() and column.null_count < len(column):
        raise no_zone(sieve.source, name)
    try:
        return in_utc(column, has_zone, profile.time_zone)
    except pa.ArrowInvalid:
        moments = []
        for index in range(len(column)):
            try:
                moments.append(in_utc(column.slice(index, 1), has_zone[index : index + 1], profile.time_zone)[0])
            except pa.ArrowInvalid:
                moments.append(None)
                sieve.refuse(index, Reason.BAD_TIME, name, str(written[index]))
        return pa.array([None if m is None else m.as_py() for m in moments], UTC)


UTC = pa.timestamp("us", "UTC")
NO_DATE = "not day-first: "
DAY_FIRST = r"^\s*(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})(?:[ T]+(\d{1,2}:.*?))?\s*$"


def year_first(column: pa.StringArray) -> pa.StringArray:
    """Turn 27-11-2026 8:05 into 2026-11-27 08:05; what is not written day first is no moment in such a column.

    Guessing per value would read 03-04-2026 as two different days in one file.
    """
    day_first = pc.match_substring_regex(column, DAY_FIRST)
    turned = pc.replace_substring_regex(column, DAY_FIRST, r"\4-0\3-0\1 0\5")
    turned = pc.replace_substring_regex(turned, r"([- ])0(\d\d)", r"\1\2")
    turned = pc.replace_substring_regex(turned, r" 0$", "")
    return pc.if_else(pc.fill_null(day_first, True), turned, pc.binary_join_element_wise(NO_DATE, column, ""))


def zones_in(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Tell for each value whether it says its own zone; a null counts as one that does where others do."""
    if is_moment(column.type):
        return np.full(len(column), zoned(column.type))
    said = pc.match_substring_regex(column, r"(Z|[+-]\d\d:?\d\d)$")
    missing = column.is_null().to_numpy(zero_copy_only=False)
    told: npt.NDArray[np.bool_] = pc.fill_null(said, False).to_numpy(zero_copy_only=False)
    return told | (missing if told.any() else False)


def in_utc(column: pa.Array, has_zone: npt.NDArray[np.bool_], zone: str | None) -> pa.TimestampArray:
    """Cast to UTC moments; raises ArrowInvalid on a value that is no moment, or that lacks a zone nobody named."""
    if has_zone.all():
        return column.cast(UTC, safe=not finer(column.type))
    naive = column.cast(pa.timestamp("us"), safe=not finer(column.type))
    if zone is None:
        if naive.null_count == len(naive):
            return naive.cast(UTC)
        raise pa.ArrowInvalid("a local time without a zone")
    return pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="raise").cast(UTC)


def finer(kind: pa.DataType) -> bool:
    """A timestamp is finer than ours if, and only if, it counts nanoseconds; what is below a microsecond is cut off."""
    return bool(pa.types.is_timestamp(kind) and kind.unit == "ns")
