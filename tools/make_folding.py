"""Write src/seinpost/scan/folding.npz anew: `python tools/make_folding.py`.

The table fixes how every Unicode character folds (docs/reference/pattern-language.md, section 1), so that each Python
reads text alike. Run it only to move to a newer Unicode version: it takes the version of the Python that runs it.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parent.parent / "src" / "seinpost" / "scan" / "folding.npz"
BLOCK = 256
CODE_POINTS = 0x110000

SEPARATOR, WORD, MARK, DROPPED = 0, 1, 2, 3
SPACE_BIT, LINE_END_BIT, LOWER_BIT, ONE_LETTER_BIT = 1 << 3, 1 << 4, 1 << 5, 1 << 6
LENGTH_SHIFT, OFFSET_SHIFT = 8, 13
ITSELF = 31  # as length: the character folds to its own bytes, which the pool need not hold

APOSTROPHES = "'\u2019\u2018`\u02bc\u00b4"
JOINERS = "\u200c\u200d\u2060\ufeff\u00ad"  # zero-width (non-)joiner, word joiner, BOM, soft hyphen
LINE_ENDS = "\n\r\u2028\u2029\u0085"
# the Unicode property White_Space, written out: Python's str.isspace also takes U+001C-U+001F
SPACES = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def decompose(char: str) -> str:
    """Lower case and NFKD, repeated until nothing changes (U+2102 decomposes to a capital)."""
    before, after = "", char
    while before != after:
        before, after = after, unicodedata.normalize("NFKD", "".join(c.lower() for c in after))
    return after


def fold(char: str) -> tuple[int, str]:
    """Kind of a character and what it contributes to a token."""
    if char in APOSTROPHES or char in JOINERS:
        return DROPPED, ""
    if unicodedata.category(char)[0] == "M":
        return MARK, ""
    left = "".join(
        c for c in decompose(char) if c not in APOSTROPHES and c not in JOINERS and unicodedata.category(c)[0] != "M"
    )
    if not left:
        return DROPPED, ""
    if all(c == "_" or unicodedata.category(c)[0] in "LN" for c in left):
        return WORD, left
    return SEPARATOR, ""


def value(code: int, pool: bytearray, seen: dict[bytes, int]) -> int:
    """The packed 32-bit entry of one code point: kind, flags, length and place of its folded bytes in the pool."""
    char = chr(code)
    if 0xD800 <= code <= 0xDFFF:
        return SEPARATOR
    kind, folded = fold(char)
    entry = kind
    entry |= SPACE_BIT if char in SPACES else 0
    entry |= LINE_END_BIT if char in LINE_ENDS else 0
    entry |= LOWER_BIT if unicodedata.category(char) == "Ll" else 0
    if kind == WORD:
        entry |= ONE_LETTER_BIT if len(folded) == 1 and unicodedata.category(folded)[0] == "L" else 0
        if folded == char:
            return entry | ITSELF << LENGTH_SHIFT
        data = folded.encode()
        if data not in seen:
            seen[data] = len(pool)
            pool += data
        entry |= len(data) << LENGTH_SHIFT | seen[data] << OFFSET_SHIFT
    return entry


def main() -> None:
    """Build the two-stage table and write it."""
    pool, seen = bytearray(), dict[bytes, int]()
    entries = np.array([value(code, pool, seen) for code in range(CODE_POINTS)], np.uint32)
    assert len(pool) < 1 << 19
    blocks, index = np.unique(entries.reshape(-1, BLOCK), axis=0, return_inverse=True)
    np.savez_compressed(
        TARGET,
        unicode_version=np.array(unicodedata.unidata_version),
        index=index.reshape(-1).astype(np.uint16),
        entries=np.ascontiguousarray(blocks).reshape(-1),
        pool=np.frombuffer(bytes(pool), np.uint8),
    )
    print(f"{TARGET.name}: Unicode {unicodedata.unidata_version}, {len(blocks)} blocks, pool {len(pool)} bytes")


if __name__ == "__main__":
    main()
