"""What stands between tokens: sentence breaks and commas, as bits (docs/reference/pattern-language.md, section 2)."""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.machine import down, load8, load16, load32, load64, lowest, popcount, reverse, store64, up
from seinpost.scan.native.kernels import kernel
from seinpost.scan.words import code_point, fold_entry

BREAK, COMMA, UNKNOWN = at.GAP_BREAK, at.GAP_COMMA, at.GAP_UNKNOWN


@kernel
def fill_bits(c: int, text: int) -> None:
    """Write BREAKS and APART for all tokens of the text; bit 0 of both is clear."""
    tokens, spans, values = load64(c + at.TOKENS), load64(c + at.SPANS), load64(c + at.VALUES)
    breaks, apart = load64(c + at.BREAKS), load64(c + at.APART)
    break_word, apart_word = 0, 0
    for token in range(1, tokens):
        if token & 63 == 0:
            store64(breaks + ((token - 1) >> 6 << 3), break_word)
            store64(apart + ((token - 1) >> 6 << 3), apart_word)
            break_word, apart_word = 0, 0
        left, right = load32(spans + 8 * token - 4), load32(spans + 8 * token)
        value = load32(values + 4 * token - 4)
        between = quick_bits(c, text + left, right - left, value)
        if between & UNKNOWN:
            between = gap_bits(c, text, left, right, value)
        apart_word |= up((between | between >> 1) & 1, token & 63)
        break_word |= up(between & BREAK, token & 63)
    last = (tokens - 1) >> 6 << 3
    store64(breaks + last, break_word)
    store64(apart + last, apart_word)
    for beyond in range(8, 24, 8):
        store64(breaks + last + beyond, 0)
        store64(apart + last + beyond, 0)
    store64(c + at.BITS_READY, 1)


@kernel
def quick_bits(c: int, place: int, size: int, value: int) -> int:
    """As gap_bits for the commonest gaps, one printable character or one and a space; else UNKNOWN.

    Without branches: what stands between two words is hard to guess.
    """
    pair = load16(place)
    kind = load8(load64(c + at.GAP_KINDS) + (pair & 0xFF))
    alone, spaced = int(size == 1), int(size == 2) & int(pair >> 8 == 0x20)
    before_space = kind & ~((kind >> 3) & (value >> at.NO_STOP_SHIFT) & 1)
    found = (-alone & kind & (COMMA | UNKNOWN)) | (-spaced & before_space & (BREAK | COMMA | UNKNOWN))
    return found | (1 - (alone | spaced)) << 2


@kernel
def is_line_end(c: int, char: int) -> bool:
    """Tell whether a decoded character ends a line."""
    return fold_entry(c, char & 0xFFFFFF) & at.FOLD_LINE_END != 0


@kernel
def is_space(c: int, char: int) -> bool:
    """Tell whether a decoded character is white space."""
    return fold_entry(c, char & 0xFFFFFF) & at.FOLD_SPACE != 0


@kernel
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
    """64 bits: bit n tells of token + n."""
    word, shift = words + (token >> 6 << 3), token & 63
    low = down(load64(word), shift)
    return low | up(load64(word + 8), 64 - shift) if shift else low


@kernel
def bits_until(words: int, token: int) -> int:
    """64 bits, backwards: bit n tells of token - n; clear before the first token."""
    if token >= 63:
        return reverse(bits_from(words, token - 63))
    return reverse(up(load64(words), 63 - token))


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
