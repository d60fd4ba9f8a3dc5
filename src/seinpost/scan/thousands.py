"""Numbers written with thousands are one token: 1.500 and 1,500,000 (docs/reference/pattern-language.md, section 1)."""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import down, load8, load32, load64, store32, store64
from seinpost.scan.tokens import append_folded, key_room, write_token
from seinpost.scan.words import code_point, digits_only, fold_entry


@kernel
def joins(c: int, text: int, token: int) -> bool:
    """A token of three digits with exactly one full stop or comma between it and the token before it."""
    if token == 0 or not load32(load64(c + at.VALUES) + 4 * token) & at.THREE_DIGITS:
        return False
    spans = load64(c + at.SPANS) + 8 * token
    end = load32(spans - 4)
    if load32(spans) != end + 1:
        return False
    mark = load8(text + end)
    return mark == 0x2E or mark == 0x2C


@kernel
def fold_number(c: int, text: int, token: int, length: int) -> int:
    """Append a token's folded digits to the key; the new length, or -1 when it holds anything else."""
    span = load64(load64(c + at.SPANS) + 8 * token)
    place, stop, before = span & 0xFFFFFFFF, down(span, 32), length
    while place < stop:
        char = code_point(text + place)
        entry = fold_entry(c, char & 0xFFFFFF)
        if entry & at.FOLD_KIND == at.FOLD_WORD:
            if length > before + 3:
                return -1
            length = append_folded(c, text + place, char, entry, length)
        place += char >> 24
    return length if digits_only(load64(c + at.KEY) + before, length - before) else -1


@kernel
def settle_thousands(c: int, text: int) -> int:
    """Join numbers written with thousands, if any; the count of tokens, or -1 when an array is too small."""
    woken, values = load64(c + at.WOKEN), load64(c + at.VALUES)
    for number in range(load64(c + at.WOKEN_COUNT)):
        token = load32(woken + 4 * number)
        if load32(values + 4 * token) & at.THREE_DIGITS and joins(c, text, token):
            return join_thousands(c, text, token - 1, number)
    return load64(c + at.TOKENS)


@kernel(cold=True)
def join_thousands(c: int, text: int, token: int, woken: int) -> int:
    """Write the tokens from `token` on anew with numbers joined; the count, or -1 when an array is too small.

    That token begins the first such number; `woken` is how many before its tail are woken.
    """
    total, spans, values = load64(c + at.TOKENS), load64(c + at.SPANS), load64(c + at.VALUES)
    if woken > 0 and load32(load64(c + at.WOKEN) + 4 * (woken - 1)) == token:
        woken -= 1
    gaps, gap_count, kept = load64(c + at.GAPS), load64(c + at.GAP_COUNT), 0
    while kept < gap_count and load32(gaps + 4 * kept) < token:
        kept += 1
    gap = kept
    store64(c + at.TOKENS, token)
    store64(c + at.WOKEN_COUNT, woken)
    while token < total:
        span, value, following = load64(spans + 8 * token), load32(values + 4 * token), token + 1
        while gap < gap_count and load32(gaps + 4 * gap) < token:  # within a number
            gap += 1
        if gap < gap_count and load32(gaps + 4 * gap) == token:
            store32(gaps + 4 * kept, load64(c + at.TOKENS))
            kept += 1
        length = 0
        if following < total and joins(c, text, following):
            length = fold_number(c, text, token, 0)
            if length > 3:
                length = 0
            while length > 0 and following < total and joins(c, text, following):
                if not key_room(c, length + 32):
                    return -1
                length = fold_number(c, text, following, length)
                following += 1
        if length > 0:
            end = load32(spans + 8 * (following - 1) + 4)
            if not write_token(c, span & 0xFFFFFFFF, end, length):
                return -1
        else:
            following = token + 1
            rewrite_token(c, span, value)
        token = following
    store64(c + at.GAP_COUNT, kept)
    return load64(c + at.TOKENS)


@kernel
def rewrite_token(c: int, span: int, value: int) -> None:
    """Write a token that is already known to the place it moves to."""
    tokens, woken = load64(c + at.TOKENS), load64(c + at.WOKEN_COUNT)
    store64(load64(c + at.SPANS) + 8 * tokens, span)
    store32(load64(c + at.VALUES) + 4 * tokens, value)
    store32(load64(c + at.WOKEN) + 4 * woken, tokens)
    store64(c + at.WOKEN_COUNT, woken + ((value >> 26) & 1))
    store64(c + at.TOKENS, tokens + 1)
