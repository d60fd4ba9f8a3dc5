"""The bytes of a source, unpacked: when the packing breaks off, all that could still be unpacked is given first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.run.read.sources import Source
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.program import Program, kept_folder

PIECE = 1 << 16
FIELD_START, UNQUOTED, QUOTED, QUOTE_IN_QUOTED = 0, 1, 2, 3


class Unpacked(io.RawIOBase):
    """A readable stream over a source. It never fails for packing that breaks off: it ends there, and `broken` says so.

    A library's stream throws away what it had unpacked of the piece in which the break lies, so that piece is read
    once more, byte by byte.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.given = 0
        self.broken: str | None = None
        self.rest = b""
        self.inner = self.open()

    def open(self) -> Any:
        """Open the stream underneath."""
        if self.source.compression is None:
            return self.source.path.open("rb")
        return pa.input_stream(str(self.source.path), compression=self.source.compression)

    def take(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        if self.broken is not None:
            data, self.rest = self.rest[:size], self.rest[size:]
            return data
        if self.source.compression is None:
            return bytes(self.inner.read(size))
        try:
            data = bytes(self.inner.read(min(size, PIECE)))
        except (pa.ArrowException, OSError, EOFError) as error:
            self.broken = str(error)
            self.rest = self.salvage()
            return self.take(size)
        self.given += len(data)
        return data

    def salvage(self) -> bytes:
        """What can still be unpacked after what was given."""
        saved = bytearray()
        try:
            with self.open() as again:
                for at in range(0, self.given, PIECE):
                    again.read(min(PIECE, self.given - at))
                while data := again.read(1):
                    saved += data
        except (pa.ArrowException, OSError, EOFError):
            pass  # the same break, met where it is
        return bytes(saved)

    def close(self) -> None:
        """Close the stream underneath too."""
        if not self.closed:
            self.inner.close()
        super().close()


def whole_lines(stream: Unpacked, size: int) -> Iterator[bytes]:
    """Yield blocks of about `size` bytes that end where a line ends; a line that a break cut off is left out."""
    waiting: list[bytes] = []
    while data := read_up_to(stream, size):
        cut = data.rfind(b"\n") + 1
        if not cut:
            waiting.append(data)
            continue
        yield b"".join((*waiting, data[:cut]))
        waiting = [data[cut:]]
    last = b"".join(waiting)
    if last and stream.broken is None:
        yield last


def read_up_to(stream: Unpacked, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end."""
    pieces, missing = [], size
    while missing and (data := stream.take(missing)):
        pieces.append(data)
        missing -= len(data)
    return b"".join(pieces)


@kernel
def follow_quotes(data: npt.NDArray[np.uint8], state: int, delimiter: int, quote: int, one_row: bool) -> int:
    """Follow CSV quoting through bytes as Arrow does: a quote opens only where a field starts.

    Returns the state after, and above its two bits how many bytes were followed: all, or with `one_row` up to the end
    of the first row.
    """
    for at in range(len(data)):
        byte = data[at]
        if state == QUOTED:
            if byte == quote:
                state = QUOTE_IN_QUOTED
            continue
        if byte == quote and state != UNQUOTED:
            state = QUOTED
        elif byte == delimiter:
            state = FIELD_START
        elif byte == 10 or byte == 13:
            state = FIELD_START
            if one_row and byte == 10:
                return state | (at + 1) << 2
        else:
            state = UNQUOTED
    return state | len(data) << 2


follow = Program("quotes", kept_folder(), [Path(__file__)], [follow_quotes]).entry(follow_quotes)


class Rows(Unpacked):
    """The rows of a CSV source: the stream starts after the header, and knows how it ended."""

    def __init__(self, source: Source, delimiter: str, quote: str) -> None:
        super().__init__(source)
        self.delimiter, self.quote = ord(delimiter), ord(quote)
        self.state, self.last = FIELD_START, 10
        self.header, self.ahead = self.cut_header()

    def cut_header(self) -> tuple[bytes, bytes]:
        """The first row that is not blank, and what was read after it."""
        head, state, followed = b"", FIELD_START, 0
        while data := super().take(PIECE):
            head += data
            state, more = self.follow(data, state)
            followed += more
            while followed < len(head) or head.endswith(b"\n"):
                row, rest = head[:followed], head[followed:]
                if row.strip(b"\r\n\xef\xbb\xbf"):
                    return row, rest
                head = rest
                state, followed = self.follow(head, FIELD_START)
                if not head:
                    break
        return head, b""

    def follow(self, data: bytes, state: int) -> tuple[int, int]:
        """Follow the quoting to the end of a row."""
        followed = follow(np.frombuffer(data, np.uint8), state, self.delimiter, self.quote, True)
        return followed & 3, followed >> 2

    def take(self, size: int) -> bytes:
        """The next bytes after the header."""
        if self.ahead:
            data, self.ahead = self.ahead[:size], self.ahead[size:]
        else:
            data = super().take(size)
        if data:
            view = np.frombuffer(data, np.uint8)
            self.state = follow(view, self.state, self.delimiter, self.quote, False) & 3
            self.last = data[-1]
        return data

    @property
    def fault(self) -> str | None:
        """What is wrong with the end of the stream, once it is read; None if nothing is."""
        if self.broken is not None:
            return self.broken
        return "a quote is opened and never closed" if self.state == QUOTED else None

    @property
    def ends_whole(self) -> bool:
        """The stream ended where a row ends."""
        return self.state == FIELD_START and self.last in (10, 13)
