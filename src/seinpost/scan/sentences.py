"""What stands between tokens: sentence breaks and commas, as bits (docs/reference/pattern-language.md, section 2)."""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import (
    choose_less,
    down,
    drop_lowest,
    load8,
    load16,
    load32,
    load64,
    lowest,
    popcount,
    reverse,
    store64,
    up,
)
from seinpost.scan.native.vectors import kinds_of_gaps
from seinpost.scan.words import code_point, fold_entry

BREAK, COMMA, UNKNOWN = at.GAP_BREAK, at.GAP_COMMA, at.GAP_UNKNOWN


@kernel
def fill_bits(c: int, text: int) -> None:
    """Write BREAKS and APART for all tokens of the text; bit 0 of both is clear.

    Only gaps with a mark can part tokens, and those were noted when the text was cut.
    """
    tokens, gaps, noted = load64(c + at.TOKENS), load64(c + at.GAPS), load64(c + at.GAP_COUNT)
    breaks, apart = load64(c + at.BREAKS), load64(c + at.APART)
    for place in range(0, (tokens >> 6 << 3) + 24, 8):
        store64(breaks + place, 0)
        store64(apart + place, 0)
    if load64(c + at.WIDE):
        fill_wide(c, text, noted)
    else:
        for number in range(noted):
            token = load32(gaps + 4 * number)
            if 0 < token < tokens:
                fill_bit(c, text, token)
    store64(c + at.BITS_READY, 1)


@kernel
def fill_bit(c: int, text: int, token: int) -> None:
    """Set the bits of BREAKS and APART for what stands before one token."""
    spans = load64(c + at.SPANS) + 8 * token
    left, right = load32(spans - 4), load32(spans)
    value = load32(load64(c + at.VALUES) + 4 * token - 4)
    between = quick_bits(c, text + left, right - left, value)
    if between & UNKNOWN:
        between = gap_bits(c, text, left, right, value)
    set_bits(c, token, between)


@kernel
def set_bits(c: int, token: int, between: int) -> None:
    """Set the bits of BREAKS and APART of one token."""
    word, shift = token >> 6 << 3, token & 63
    breaks, apart = load64(c + at.BREAKS) + word, load64(c + at.APART) + word
    store64(breaks, load64(breaks) | up(between & BREAK, shift))
    store64(apart, load64(apart) | up((between | between >> 1) & 1, shift))


@kernel
def fill_wide(c: int, text: int, noted: int) -> None:
    """As `fill_bit` for all tokens in GAPS, eight at a time."""
    spans, values, gaps, tokens = (
        load64(c + at.SPANS),
        load64(c + at.VALUES),
        load64(c + at.GAPS),
        load64(c + at.TOKENS),
    )
    for number in range(0, noted, 8):
        place = gaps + 4 * number
        breaks, commas, unknown = kinds_of_gaps(text, spans, values, place, choose_less(noted - number, 8), tokens)
        while unknown:
            token = load32(place + 4 * lowest(unknown))
            span, value = spans + 8 * token, load32(values + 4 * token - 4)
            set_bits(c, token, gap_bits(c, text, load32(span - 4), load32(span), value))
            unknown = drop_lowest(unknown)
        marked = breaks | commas
        while marked:
            one = lowest(marked)
            set_bits(c, load32(place + 4 * one), down(breaks, one) & 1 | up(down(commas, one) & 1, 1))
            marked = drop_lowest(marked)


@kernel
def quick_bits(c: int, place: int, size: int, value: int) -> int:
    """As gap_bits for the commonest gaps: one ASCII character, one and a space, an end of a sentence; else UNKNOWN.

    Without branches: what stands between two words is hard to guess.
    """
    pair = load16(place)
    second = pair >> 8
    kind = load8(load64(c + at.GAP_KINDS) + (pair & 0xFF))
    line = kind >> at.GAP_LINE_SHIFT
    stop = kind & ~((kind >> 3) & (value >> at.NO_STOP_SHIFT) & 1) & BREAK
    white = int(second == 0x20) | int(second == 0x0A) | int(second == 0x0D)
    ended = stop & white & int(size > 1)  # whatever follows
    # a line end alone parts two sentences unless a lower-case letter goes on; the byte after it is that of the token
    lower, high = int(second >= 0x61) & int(second <= 0x7A), second >> 7
    single = (kind & (COMMA | UNKNOWN)) | (-line & (high << 2 | (1 - (lower | high))))
    double = (kind & (COMMA | UNKNOWN)) | line << 2
    alone, spaced = int(size == 1), int(size == 2) & int(second == 0x20)
    other = (-alone & single) | (-spaced & double) | (1 - (alone | spaced)) << 2
    return ended | (ended - 1) & other


@kernel
def is_line_end(c: int, char: int) -> bool:
    """Tell whether a decoded character ends a line."""
    return fold_entry(c, char & 0xFFFFFF) & at.FOLD_LINE_END != 0


@kernel
def is_space(c: int, char: int) -> bool:
    """Tell whether a decoded character is white space."""
    return fold_entry(c, char & 0xFFFFFF) & at.FOLD_SPACE != 0


@kernel(cold=True)
def gap_bits(c: int, text: int, left: int, right: int, value: int) -> int:
    """BREAK and COMMA for the bytes between two tokens; `value` is that of the token before."""
    found, line_ends, only_space = 0, 0, True
    place = left
    while place < right:
        char = code_point(text + place)
        after = place + (char >> 24)
        code = char & 0xFFFFFF
        if code == 0x2C:
            found |= COMMA
        if is_line_end(c, char):
            if code == 0x0D and after < right and load8(text + after) == 0x0A:
                after += 1
            line_ends += 1
            only_space = True
        elif not is_space(c, char):
            only_space = False
            if ends_sentence(c, text, code, after, right) and not (
                code == 0x2E and place == left and value & at.NO_STOP
            ):
                return found | BREAK
        place = after
    if line_ends and not (line_ends == 1 and only_space and starts_lower(c, text + right)):
        found |= BREAK
    return found


@kernel
def ends_sentence(c: int, text: int, code: int, after: int, right: int) -> bool:
    """Tell whether a character is one of `! ? ; .` with white space after it."""
    if code != 0x21 and code != 0x3F and code != 0x3B and code != 0x2E:
        return False
    return after < right and is_space(c, code_point(text + after))


@kernel
def starts_lower(c: int, place: int) -> bool:
    """Tell whether a lower-case letter stands here."""
    return fold_entry(c, code_point(place) & 0xFFFFFF) & at.FOLD_LOWER != 0


# --- reading the bits ------------------------------------------------------------------------------------------------


@kernel
def bits_from(words: int, token: int) -> int:
    """64 bits: bit n tells of token + n. From 63 tokens before the first on; bits before the first are clear."""
    word, shift = words + (token >> 6 << 3), token & 63
    return down(load64(word), shift) | up(load64(word + 8) << 1, 63 - shift)


@kernel
def bits_until(words: int, token: int) -> int:
    """64 bits, backwards: bit n tells of token - n; clear before the first token."""
    return reverse(bits_from(words, token - 63))


@kernel
def count_bits(words: int, first: int, last: int) -> int:
    """Number of bits set among tokens first + 1 ... last."""
    total, token = 0, first + 1
    while token <= last:
        window = bits_from(words, token)
        size = last - token + 1
        total += popcount(window if size >= 64 else window & (up(1, size) - 1))
        token += 64
    return total


@kernel
def sentence_start(words: int, token: int) -> int:
    """First token of the sentence that holds `token`."""
    while True:
        window = bits_until(words, token)
        if window:
            return token - lowest(window)
        if token < 64:
            return 0
        token -= 64


@kernel
def sentence_stop(words: int, token: int, tokens: int) -> int:
    """First token after the sentence that holds `token`."""
    place = token + 1
    while place < tokens:
        window = bits_from(words, place)
        if window:
            return place + lowest(window)
        place += 64
    return tokens
