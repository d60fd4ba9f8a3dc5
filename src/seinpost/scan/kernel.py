"""The scan of a batch of texts: tokens, anchors, shortest spans, contexts, characters.

`run_scan` is what Python calls; all kernels are compiled into it.
"""

from __future__ import annotations

from pathlib import Path

from seinpost.scan import layout as at
from seinpost.scan.candidates import match_tokens
from seinpost.scan.context import context_of, find_cues, gather_sentence, gather_text
from seinpost.scan.match import keep_shortest
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import down, load8, load32, load64, popcount, store32, store64
from seinpost.scan.native.program import Program, kept_folder
from seinpost.scan.sentences import count_bits, sentence_start, sentence_stop
from seinpost.scan.thousands import settle_thousands
from seinpost.scan.tokens import tokenise

HIGH = -0x7F7F7F7F7F7F7F80  # 0x8080808080808080


@kernel
def count_chars(place: int, length: int) -> int:
    """Number of characters in some bytes: those that do not continue a character."""
    continuing, full = 0, length & ~7
    for offset in range(0, full, 8):
        word = load64(place + offset)
        continuing += popcount(word & ~(word << 1) & HIGH)  # 10xxxxxx: high bit set, the one below it clear
    for offset in range(full, length):
        if load8(place + offset) & 0xC0 == 0x80:
            continuing += 1
    return length - continuing


@kernel
def scan_text(c: int, text: int, length: int) -> int:
    """Find the hits of one text: their count, left sorted in MATCHES; -1 when an array is too small."""
    if tokenise(c, text, length) < 0:
        return -1
    if load64(c + at.SEEN) & at.THREE_DIGITS and settle_thousands(c, text) < 0:
        return -1
    store64(c + at.BITS_READY, 0)
    store64(c + at.MATCH_COUNT, 0)
    woken = load64(c + at.WOKEN_COUNT)
    if woken == 0:
        return 0
    if not match_tokens(c, text, load64(c + at.WOKEN), woken, 0):
        return -1
    if load64(c + at.MATCH_COUNT) == 0:
        return 0
    hits = keep_shortest(c)
    return hits if find_cues(c, text, hits) else -1


@kernel
def write_hits(c: int, row: int, text: int, hits: int) -> None:
    """Write the hits of one text to OUT: contexts, sentences, bytes and characters."""
    matches, spans, breaks = load64(c + at.MATCHES), load64(c + at.SPANS), load64(c + at.BREAKS)
    out = load64(c + at.OUT) + at.OUT_BYTES * load64(c + at.OUT_COUNT)
    start, stop, sentence, place, chars = 0, 0, 0, 0, 0
    gather_text(c)
    for number in range(hits):
        span, pattern = load64(matches + 16 * number), load64(matches + 16 * number + 8)
        first, last = down(span, 32), span & 0xFFFFFFFF
        if first >= stop:
            new_start = sentence_start(breaks, first)
            sentence += count_bits(breaks, start, new_start)
            start, stop = new_start, sentence_stop(breaks, first, load64(c + at.TOKENS))
            gather_sentence(c, start, stop)
        byte_start, byte_end = load32(spans + 8 * first), load32(spans + 8 * last + 4)
        chars += count_chars(text + place, byte_start - place)
        place = byte_start
        store64(out + at.OUT_ROW, row)
        store32(out + at.OUT_PATTERN, pattern)
        store32(out + at.OUT_START, chars)
        store32(out + at.OUT_END, chars + count_chars(text + byte_start, byte_end - byte_start))
        store32(out + at.OUT_BYTE_START, byte_start)
        store32(out + at.OUT_BYTE_END, byte_end)
        store32(out + at.OUT_SENTENCE, sentence)
        store32(out + at.OUT_CONTEXT, context_of(c, span, pattern, start, stop))
        out += at.OUT_BYTES
    store64(c + at.OUT_COUNT, load64(c + at.OUT_COUNT) + hits)


@kernel
def scan_rows(c: int, first: int, last: int) -> int:
    """Scan rows first ... last - 1; the row to go on with, `last` when done. WANTED tells what ran out."""
    store64(c + at.WANTED, at.GROW_NOTHING)
    addresses, lengths = load64(c + at.ADDRESSES), load64(c + at.LENGTHS)
    for row in range(first, last):
        length = load64(lengths + 8 * row)
        if length <= 0:
            continue
        text = load64(addresses + 8 * row)
        hits = scan_text(c, text, length)
        if hits < 0:
            return row
        if hits == 0:
            continue
        if load64(c + at.OUT_COUNT) + hits > load64(c + at.OUT_CAP):
            store64(c + at.WANTED, at.GROW_OUT)
            store64(c + at.MATCH_COUNT, hits)
            return row
        write_hits(c, row, text, hits)
    return last


HERE = Path(__file__).parent
PROGRAM = Program("scan", kept_folder(), sorted([*HERE.glob("*.py"), HERE.parent / "types.py"]), [scan_rows])
run_scan = PROGRAM.entry(scan_rows)
