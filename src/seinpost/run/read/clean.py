"""Turn raw batches into batches the scanner can trust: ids, valid UTF-8 texts, moments with a zone; the rest set
apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seinpost.errors import InputError
from seinpost.run.read.profile import SourceProfile
from seinpost.run.read.quarantine import Quarantined, Reason
from seinpost.run.read.reader import RawBatch
from seinpost.run.read.sources import Source

ODDITIES = ("nul", "replacement_character", "mojibake")
"""Signs of a broken export that are scanned all the same and told in the ledger: NUL, U+FFFD, UTF-8 read twice
("Ã©").
"""


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
        return Batch(self.source, rows, ids, texts, when, keep, self.quarantined + apart, self.oddities)


class Sieve:
    """Collects which rows of a batch stay, and why the others do not."""

    def __init__(self, source: Source, raw: RawBatch) -> None:
        self.source, self.raw = source, raw
        self.stays = np.ones(len(raw.rows), dtype=np.bool_)
        self.apart: list[Quarantined] = list(raw.quarantined)
        self.ids: pa.Array | None = None

    def refuse(self, index: int, reason: Reason, name: str | None = None, value: str | None = None) -> None:
        """Set one row apart, unless it already is."""
        if not self.stays[index]:
            return
        self.stays[index] = False
        known = self.ids[index].as_py() if self.ids is not None else None
        row = int(self.raw.rows[index])
        self.apart.append(Quarantined(self.source.name, row, reason, None, known, name, value))


def clean(raw: RawBatch, source: Source, profile: SourceProfile) -> Batch:
    """Check every row of a raw batch; good rows stay in order, bad ones go to `quarantined` with their reason."""
    sieve = Sieve(source, raw)
    sieve.ids = checked_ids(sieve, profile)
    texts = checked_texts(sieve, profile)
    when = checked_moments(sieve, profile) if profile.registered_at else None
    keep = {name: keep_column(raw.columns[name]) for name in profile.keep}
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
    was_text = not pa.types.is_binary(column.type) and not pa.types.is_large_binary(column.type)
    if column.type != to:
        column = column.cast(to)
    if was_text:
        column.validate(full=True)
    return column


def textual(sieve: Sieve, name: str, to: pa.DataType) -> pa.Array:
    """One column as strings; rows that are not UTF-8 are set apart and become null."""
    column = sieve.raw.columns[name]
    try:
        return plain_string(column, to)
    except pa.ArrowInvalid:
        values: list[str | None] = []
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        for index, value in enumerate(column.cast(pa.large_binary()).to_pylist()):
            try:
                values.append(None if value is None else value.decode("utf-8"))
            except UnicodeDecodeError as error:
                values.append(None)
                sieve.refuse(index, Reason.NOT_UTF8, name, f"byte {error.start}")
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


def keep_column(column: pa.Array) -> pa.Array:
    """A copied column: CSV bytes become text as well as they can, other types stay."""
    if pa.types.is_binary(column.type):
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def checked_moments(sieve: Sieve, profile: SourceProfile) -> pa.TimestampArray:
    """The moments of registration in UTC; a moment that is not a time, or does not exist on the clock, sets its row
    apart.

    A local time that the clock shows twice (end of summer time) is taken to be the first.
    """
    name = profile.registered_at or ""
    column = sieve.raw.columns[name]
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_binary(column.type) or pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = textual(sieve, name, pa.string())
    try:
        return in_utc(column, profile)
    except pa.ArrowInvalid:
        moments = []
        for index in range(len(column)):
            try:
                moments.append(in_utc(column.slice(index, 1), profile)[0].as_py())
            except pa.ArrowInvalid:
                moments.append(None)
                sieve.refuse(index, Reason.BAD_TIME, name, str(column[index].as_py()))
        return pa.array(moments, pa.timestamp("us", "UTC"))


def in_utc(column: pa.Array, profile: SourceProfile) -> pa.TimestampArray:
    """Cast to UTC moments; raises ArrowInvalid on a value that is no moment, InputError on a column that cannot be."""
    utc = pa.timestamp("us", "UTC")
    if pa.types.is_timestamp(column.type) and column.type.tz:
        return column.cast(utc)
    if not (pa.types.is_timestamp(column.type) or pa.types.is_string(column.type) or pa.types.is_date(column.type)):
        raise InputError(
            f"column {profile.registered_at!r} has type {column.type} (allowed: timestamp, date, ISO text)",
            f"kolom {profile.registered_at!r} heeft type {column.type} (toegestaan: timestamp, date, ISO-tekst)",
        )
    if pa.types.is_string(column.type):
        zoned = pc.all(pc.match_substring_regex(pc.fill_null(column, "Z"), r"(Z|[+-]\d\d:?\d\d)$")).as_py()
        if zoned and len(column) and column.null_count < len(column):
            return column.cast(utc)
    if profile.time_zone is None:
        raise InputError(
            f"column {profile.registered_at!r} has no time zone; name it in the source profile (time_zone)",
            f"kolom {profile.registered_at!r} heeft geen tijdzone; noem die in het bronprofiel (time_zone)",
        )
    naive = column.cast(pa.timestamp("us"))
    return pc.assume_timezone(naive, profile.time_zone, ambiguous="earliest", nonexistent="raise").cast(utc)


def count_oddities(texts: pa.LargeStringArray) -> dict[str, int]:
    """Count the texts with signs of a broken export. One cheap pass over the bytes tells whether a closer look is
    needed.
    """
    buffer = texts.buffers()[2]
    if buffer is None or not len(texts):
        return {}
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(buffer, np.uint8)[offsets[0] : offsets[-1]]
    looks = {"nul": (0, "\x00"), "replacement_character": (0xBD, "\ufffd"), "mojibake": (0x83, "\u00c3[\u0080-\u00bf]")}
    found: dict[str, int] = {}
    for name, (byte, pattern) in looks.items():
        if not np.count_nonzero(data == byte):
            continue
        matched = pc.match_substring_regex(texts, pattern) if name == "mojibake" else pc.match_substring(texts, pattern)
        count = pc.sum(matched).as_py() or 0
        if count:
            found[name] = count
    return found
