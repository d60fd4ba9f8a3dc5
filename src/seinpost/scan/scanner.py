"""The scanner: a pack compiled once, one workspace per thread, texts in as Arrow, hits out as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.errors import InputError
from seinpost.packs.pack import Pack
from seinpost.scan import layout as at
from seinpost.scan.kernel import run_scan
from seinpost.scan.native.vectors import is_wide
from seinpost.scan.plans.tables import Tables, compile_pack
from seinpost.types import HitColumns

PADDING = 96  # the kernels read this far past a text, never using what they read
LONGEST = (1 << 31) - 1  # bytes of one text: spans are 32-bit
MEMO_BITS, LONG_BITS = 16, 11
TOKENS, KEY_BYTES, CLASSES, RECORDS, HITS = 1 << 14, 1 << 12, 1 << 12, 1 << 12, 1 << 14
UNITS_EACH, BLOCKS_EACH = 16, 32  # room for lists and membership per class met on the way
SLACK = 256  # tokens past the last that kernels may look at
LEAD = 64  # zero bytes before the first bit

_HIT = np.dtype(
    {
        "names": ["row", "pattern", "start", "end", "byte_start", "byte_end", "sentence", "context"],
        "formats": ["<i8", "<i4", "<i4", "<i4", "<i4", "<i4", "<i4", "u1"],
        "offsets": [
            at.OUT_ROW,
            at.OUT_PATTERN,
            at.OUT_START,
            at.OUT_END,
            at.OUT_BYTE_START,
            at.OUT_BYTE_END,
            at.OUT_SENTENCE,
            at.OUT_CONTEXT,
        ],
        "itemsize": at.OUT_BYTES,
    }
)


class Scanner:
    """A compiled pack. Immutable; any number of threads may scan with it, each with its own workspace.

    `frequency` holds word counts of registration-like text: it decides where patterns are anchored, so it changes speed
    and never hits. `tables` are those of the same pack, compiled before.
    """

    def __init__(self, pack: Pack, frequency: Mapping[str, int] | None = None, tables: Tables | None = None) -> None:
        self._tables = tables if tables is not None else compile_pack(pack, frequency)

    def workspace(self, memo_bits: int = MEMO_BITS, capacity: int | None = None, wide: bool | None = None) -> Workspace:
        """Make a workspace for one thread; the memo holds up to 2 ** `memo_bits` words.

        `capacity` is the room to start with in every array that can grow; `wide` tells whether to use the wide
        instructions (by default where the processor is good at them). None of these changes any hit.
        """
        return Workspace(self._tables, memo_bits, capacity, is_wide() if wide is None else wide)

    def scan(self, texts: pa.Array | pa.ChunkedArray, workspace: Workspace | None = None) -> HitColumns:
        """Find all hits in an array of strings (string, large_string or string_view); a null has none.

        Raises InputError for another type, or for a text of 2 GiB or more.
        """
        space = workspace or self.workspace()
        chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
        found: list[npt.NDArray[np.void]] = []
        row = 0
        for chunk in chunks:
            for part in space.scan(text_rows(chunk)):
                part["row"] += row
                found.append(part)
            row += len(chunk)
        hits = np.concatenate(found) if found else np.zeros(0, _HIT)
        return HitColumns(**{name: np.ascontiguousarray(hits[name]) for name in HitColumns.__slots__})


@dataclass(frozen=True, slots=True)
class TextRows:
    """Where each text stands in memory; a null has length 0. `keep` holds what the addresses point into."""

    addresses: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    keep: tuple[object, ...]


def text_rows(array: pa.Array) -> TextRows:
    """Find the texts of one Arrow array, and copy those that end too near the end of their buffer to read past."""
    if pa.types.is_string_view(array.type):
        addresses, lengths, ends = _view_rows(array)
    elif pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        addresses, lengths, ends = _offset_rows(array)
    else:
        raise InputError(f"texts have the Arrow type {array.type} (allowed: string, large_string, string_view)")
    if array.null_count:
        lengths[array.is_null().to_numpy(zero_copy_only=False)] = 0
    if len(lengths) and int(lengths.max()) > LONGEST:
        row = int(lengths.argmax())
        raise InputError(f"the text in row {row} has {int(lengths[row])} bytes (allowed: at most {LONGEST})")
    near = np.flatnonzero((lengths > 0) & (addresses + lengths + PADDING > ends))
    copies = []
    for row in near.tolist():
        copy = np.zeros(int(lengths[row]) + PADDING, np.uint8)
        source = pa.foreign_buffer(int(addresses[row]), int(lengths[row]), array)
        copy[: len(source)] = np.frombuffer(source, np.uint8)
        addresses[row] = copy.ctypes.data
        copies.append(copy)
    return TextRows(addresses, lengths, (array, *copies))


Places = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64] | int]


def _offset_rows(array: pa.Array) -> Places:
    _, offsets, data = array.buffers()
    if offsets is None or data is None or len(array) == 0:
        empty = np.zeros(len(array), np.int64)
        return empty, empty.copy(), 0
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    bounds = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    return bounds[:-1] + data.address, np.diff(bounds), data.address + data.size


def _view_rows(array: pa.Array) -> Places:
    _, views, *variadic = array.buffers()
    if views is None or len(array) == 0:
        empty = np.zeros(len(array), np.int64)
        return empty, empty.copy(), 0
    # a view: length, then up to 12 bytes of text; or length, 4 bytes of prefix, buffer, offset
    words = np.frombuffer(views, np.int32).reshape(-1, 4)[array.offset : array.offset + len(array)]
    lengths = words[:, 0].astype(np.int64)
    inline = lengths <= 12
    place = views.address + 16 * (array.offset + np.arange(len(array), dtype=np.int64)) + 4
    starts = np.array([part.address for part in variadic] or [0], np.int64)
    stops = np.array([part.address + part.size for part in variadic] or [0], np.int64)
    which = np.where(inline, 0, words[:, 2])
    addresses = np.where(inline, place, starts[which] + words[:, 3])
    return addresses, lengths, np.where(inline, views.address + views.size, stops[which])


class Workspace:
    """What one thread needs to scan: the memo of words, classes met on the way, arrays that grow with the texts."""

    def __init__(self, tables: Tables, memo_bits: int, capacity: int | None, wide: bool) -> None:
        self._tables = tables
        self._memo_bits = memo_bits
        self._arrays: dict[int, npt.NDArray[np.uint8]] = {}
        self._control = np.zeros(at.SLOTS, np.int64)
        self._address = self._control.ctypes.data
        for slot, array in tables.arrays.items():
            self._control[slot // 8] = array.ctypes.data
        for slot, number in tables.numbers.items():
            self._control[slot // 8] = number
        self._caps = {
            at.GROW_TOKENS: TOKENS,
            at.GROW_KEY: KEY_BYTES,
            at.GROW_CLASSES: CLASSES,
            at.GROW_MATCHES: RECORDS,
            at.GROW_CUES: RECORDS,
            at.GROW_OUT: HITS,
        }
        if capacity is not None:
            self._caps = dict.fromkeys(self._caps, capacity)
        self._make = {
            at.GROW_TOKENS: self._make_tokens,
            at.GROW_KEY: self._make_key,
            at.GROW_CLASSES: self._make_classes,
            at.GROW_MATCHES: self._make_matches,
            at.GROW_CUES: self._make_cues,
            at.GROW_OUT: self._make_out,
        }
        for make in self._make.values():
            make()
        self._put_fixed()
        self._set(at.WIDE, int(wide))

    def _put_fixed(self) -> None:
        """Put the arrays whose size the pack decides."""
        tables = self._tables
        self._put(at.EDGES, 4 * (at.CHUNK + 64))
        self._put(at.SLOW, 4 * (at.CHUNK + 64))
        self._put(at.MARKS, 4 * (at.CHUNK + 64))
        self._put(at.SENTENCES, at.LOOKED_BYTES * at.LOOKED_CAP)
        self._put(at.CANDIDATES, 16 * (at.CANDIDATES_CAP + 1))
        self._put(at.QUEUE, at.QUEUE_BYTES * (at.QUEUE_CAP + 1))
        self._put(at.FOUND, 4 * (tables.tests + 1))
        for slot, count in (
            (at.LAST_MATCH, tables.patterns + 1),
            (at.LAST_STAMP, tables.patterns + 1),
            (at.UNLESS_STAMP, tables.indicators),
            (at.ROLES, 2 * 16),
        ):
            self._put(slot, 8 * count)

    def scan(self, rows: TextRows) -> Iterator[npt.NDArray[np.void]]:
        """Scan texts; gives blocks of hits whose rows count from the first text."""
        control = self._control
        self._set(at.ADDRESSES, rows.addresses.ctypes.data)
        self._set(at.LENGTHS, rows.lengths.ctypes.data)
        self._set(at.OUT_COUNT, 0)
        row, last, stuck = 0, len(rows.lengths), -1
        while row < last:
            row = run_scan(self._address, row, last)
            wanted = int(control[at.WANTED // 8])
            if wanted == at.GROW_NOTHING:
                break
            if wanted == at.GROW_OUT and control[at.OUT_COUNT // 8]:
                yield self._drain()
                continue
            # classes start anew; only a text that overflows them twice needs more of them
            if wanted != at.GROW_CLASSES or stuck == row:
                self._caps[wanted] *= 2
            stuck = row if wanted == at.GROW_CLASSES else stuck
            self._make[wanted]()
        if control[at.OUT_COUNT // 8]:
            yield self._drain()

    def _drain(self) -> npt.NDArray[np.void]:
        count = int(self._control[at.OUT_COUNT // 8])
        self._set(at.OUT_COUNT, 0)
        return self._arrays[at.OUT][: count * at.OUT_BYTES].view(_HIT).copy()

    def _set(self, slot: int, value: int) -> None:
        self._control[slot // 8] = value

    def _put(self, slot: int, size: int) -> npt.NDArray[np.uint8]:
        """Put a zeroed array of at least `size` bytes, aligned to 64, in a slot."""
        array = np.zeros(size + 128, np.uint8)
        skip = -array.ctypes.data % 64
        self._arrays[slot] = array[skip : skip + size + 64]
        self._set(slot, array.ctypes.data + skip)
        return self._arrays[slot]

    def _put_together(self, sizes: Mapping[int, int]) -> None:
        """Put zeroed arrays in slots, in one stretch of memory: so large a one gets large pages."""
        rooms = {slot: size + 127 & -64 for slot, size in sizes.items()}
        whole = np.zeros(sum(rooms.values()) + 64, np.uint8)
        place = -whole.ctypes.data % 64
        for slot, room in rooms.items():
            self._arrays[slot] = whole[place : place + room]
            self._set(slot, whole.ctypes.data + place)
            place += room

    def _make_tokens(self) -> None:
        cap = self._caps[at.GROW_TOKENS]
        self._put(at.SPANS, 8 * (cap + SLACK))
        self._put(at.VALUES, 4 * (cap + SLACK))
        self._put(at.WOKEN, 4 * (cap + SLACK))
        self._put(at.GAPS, 4 * (cap + SLACK))
        self._put(at.LISTED, 4 * (cap + SLACK))
        for slot in (at.BREAKS, at.APART):  # bit windows may begin before the first token
            self._put(slot, LEAD + cap // 8 + SLACK)
            self._control[slot // 8] += LEAD
        self._set(at.TOKEN_CAP, cap)

    def _make_key(self) -> None:
        self._put(at.KEY, self._caps[at.GROW_KEY])
        self._set(at.KEY_CAP, self._caps[at.GROW_KEY])

    def _make_classes(self) -> None:
        """Forget the classes met on the way, and the words that have them."""
        classes, extra = self._tables.classes, self._caps[at.GROW_CLASSES]
        fixed = len(classes.records) // at.CLASS_BYTES
        units, blocks = len(classes.lists) + UNITS_EACH * extra, len(classes.blocks) + BLOCKS_EACH * extra
        row = self._tables.numbers[at.MEMBER_STARTS] * 3 // 2
        self._put_together(
            {
                at.CLASSES: at.CLASS_BYTES * (fixed + extra),
                at.MEMBERS: row * (fixed + extra),
                at.CLASS_LISTS: at.LIST_UNIT * units,
                at.BLOCKS: 8 * blocks,
                at.MIX_TABLE: 4 * 4 * extra,
                at.MIX_KEYS: 4 * 8 * extra,
                at.MIX_PLACE: 4 * extra,
                at.MEMO: 32 << self._memo_bits,
                at.LATE_MEMO: 32 << at.LATE_BITS,
                at.LONG_MEMO: 64 << LONG_BITS,
            }
        )
        for slot, array in (
            (at.CLASSES, classes.records),
            (at.MEMBERS, classes.members),
            (at.CLASS_LISTS, classes.lists),
            (at.BLOCKS, classes.blocks),
        ):
            data = array.view(np.uint8).reshape(-1)
            self._arrays[slot][: len(data)] = data
        numbers = {
            at.CLASS_COUNT: fixed,
            at.CLASS_CAP: fixed + extra,
            at.CLASS_FIXED: fixed,
            at.MIX_LAST: 4 * extra - 1,
        }
        numbers |= {at.LISTS_COUNT: len(classes.lists), at.LISTS_CAP: units, at.MIX_COUNT: 0, at.MIX_CAP: 8 * extra}
        numbers |= {at.BLOCKS_COUNT: len(classes.blocks), at.BLOCKS_CAP: blocks}
        numbers |= {at.MEMO_SHIFT: 64 - self._memo_bits, at.LONG_SHIFT: 64 - LONG_BITS}
        for slot, number in numbers.items():
            self._set(slot, number)

    def _make_matches(self) -> None:
        self._put(at.MATCHES, 16 * self._caps[at.GROW_MATCHES])
        self._set(at.MATCH_CAP, self._caps[at.GROW_MATCHES])

    def _make_cues(self) -> None:
        self._put(at.CUES, 16 * self._caps[at.GROW_CUES])
        self._set(at.CUE_CAP, self._caps[at.GROW_CUES])

    def _make_out(self) -> None:
        self._put(at.OUT, at.OUT_BYTES * self._caps[at.GROW_OUT])
        self._set(at.OUT_CAP, self._caps[at.GROW_OUT])
