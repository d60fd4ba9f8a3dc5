"""From a folded word to its value: memo, exact table, open tests, classes made on the way.

The memo only remembers; a word that fell out of it is resolved again to the same value. Words of at most 16 bytes are
equal if, and only if, their two key words are (a folded word holds no zero byte); longer ones are compared in full.
"""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.classes import mixed_class, same_bytes
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import add, down, load8, load16, load32, load64, multiply, store32, store64


@kernel
def fold_entry(c: int, code: int) -> int:
    """Entry of one code point in the folding table; beyond Unicode (broken text) a separator."""
    if code >= 0x110000:
        return 0
    block = load16(load64(c + at.FOLD_INDEX) + 2 * (code >> 8))
    return load32(load64(c + at.FOLD_ENTRIES) + 4 * ((block << 8) | (code & 255)))


@kernel
def code_point(address: int) -> int:
    """Decode one character as width << 24 | code point; never reads past three bytes further."""
    first = load8(address)
    if first < 0x80:
        return (1 << 24) | first
    second = load8(address + 1) & 0x3F
    if first < 0xE0:
        return (2 << 24) | ((first & 0x1F) << 6) | second
    third = load8(address + 2) & 0x3F
    if first < 0xF0:
        return (3 << 24) | ((first & 0x0F) << 12) | (second << 6) | third
    return (4 << 24) | ((first & 0x07) << 18) | (second << 12) | (third << 6) | (load8(address + 3) & 0x3F)


@kernel
def key_hash(key: int, length: int) -> int:
    """Hash a zero-padded key; plans.tables.key_hash must do the same."""
    state = length
    for place in range(0, length, 8):
        state = multiply(state ^ load64(key + place), at.MIX_1)
        state ^= down(state, 29)
    return state


@kernel
def exact_value(c: int, key: int, length: int) -> int:
    """Value of a word of the pack, or -1."""
    table, last = load64(c + at.EXACT), load64(c + at.EXACT_LAST)
    slot = down(key_hash(key, length), 20) & last
    first, second = load64(key), load64(key + 8)
    while True:
        entry = table + 32 * slot
        size = load32(entry + 20)
        if size == 0:
            return -1
        if (
            size == length
            and load64(entry) == first
            and load64(entry + 8) == second
            and (length <= 16 or same_bytes(load64(c + at.ARENA) + load64(entry + 24), key, length))
        ):
            return load32(entry + 16)
        slot = (slot + 1) & last


@kernel
def affix_bucket(kind: int, head: int) -> int:
    """Bucket of affixes that share their kind and first bytes; plans.tables.affix_bucket must do the same."""
    return down(multiply(head + (kind << 32), at.MIX_1), 64 - 13)


@kernel
def try_affixes(c: int, kind: int, head: int, place: int, room: int, found: int) -> int:  # budget: one flat call
    """Test affixes of one kind that share first bytes: at `place` (prefix, infix), or before `place + 4` (suffix)."""
    number = load32(load64(c + at.AFFIX_HEADS) + 4 * affix_bucket(kind, head))
    while number != 0:
        affix = load64(c + at.AFFIXES) + 16 * (number - 1)
        number = load32(affix)
        kind_length = load32(affix + 8)
        length = kind_length & 0xFFFFFF
        start = place if kind != at.AFFIX_SUFFIX else place + 4 - length
        if (
            kind_length >> 24 == kind
            and length <= room
            and same_bytes(start, load64(c + at.ARENA) + load32(affix + 12), length)
        ):
            found = note_test(c, load32(affix + 4), found)
    return found


@kernel
def note_test(c: int, test: int, found: int) -> int:
    """Add a test to the sorted list of those that the word passes."""
    tests = load64(c + at.FOUND)
    place = found
    while place > 0 and load32(tests + 4 * (place - 1)) > test:
        place -= 1
    if place > 0 and load32(tests + 4 * (place - 1)) == test:
        return found
    for later in range(found, place, -1):
        store32(tests + 4 * later, load32(tests + 4 * (later - 1)))
    store32(tests + 4 * place, test)
    return found + 1


@kernel
def open_tests(c: int, key: int, length: int) -> int:
    """Run all open tests on a word; their numbers stand sorted in FOUND, the count is returned."""
    found, kinds = 0, load64(c + at.AFFIX_KINDS)
    if length >= 2 and kinds & (1 << at.AFFIX_PREFIX_2):
        found = try_affixes(c, at.AFFIX_PREFIX_2, load16(key), key, length, found)
    if length >= 3 and kinds & (1 << at.AFFIX_PREFIX_3):
        found = try_affixes(c, at.AFFIX_PREFIX_3, load32(key) & 0xFFFFFF, key, length, found)
    if length >= 4 and kinds & (1 << at.AFFIX_SUFFIX):
        end = key + length - 4
        found = try_affixes(c, at.AFFIX_SUFFIX, load32(end), end, length, found)
    if kinds & (1 << at.AFFIX_INFIX):
        for place in range(length - 3):
            found = try_affixes(c, at.AFFIX_INFIX, load32(key + place), key + place, length - place, found)
    return found


@kernel
def form_flags(c: int, key: int, length: int) -> int:
    """Bits that follow from the letters alone: three digits, a single letter."""
    if length == 3 and digits_only(key, 3):
        return at.THREE_DIGITS | at.WAKE
    if length <= 4:
        char = code_point(key)
        if (char >> 24) == length and fold_entry(c, char & 0xFFFFFF) & at.FOLD_ONE_LETTER:
            return at.NO_STOP
    return 0


@kernel
def digits_only(key: int, length: int) -> bool:
    """Tell whether all bytes are ASCII digits."""
    for place in range(length):
        byte = load8(key + place)
        if byte < 0x30 or byte > 0x39:
            return False
    return True


@kernel(cold=True)
def resolve(c: int, key: int, length: int) -> int:
    """Value of a folded word (zero-padded at `key`), or -1 when out of room for a new class."""
    value = exact_value(c, key, length)
    if value < 0:
        found = open_tests(c, key, length)
        number = 0
        if found == 1:
            number = load32(load64(c + at.TEST_CLASS) + 4 * load32(load64(c + at.FOUND)))
        elif found > 1:
            number = mixed_class(c, found)
            if number < 0:
                return -1
        record = load64(c + at.CLASSES) + at.CLASS_BYTES * number
        value = number
        if load32(record + at.LIST_SIZE) != 0:
            value |= at.ANCHOR | at.WAKE
        if load32(record + at.LIST_SIZE + at.LIST_SIDE) != 0:
            value |= at.CUE
    return value | form_flags(c, key, length)


@kernel
def short_hash(first: int, second: int) -> int:
    """Hash a word of at most 16 bytes; its high bits are the best."""
    return multiply(add(first, multiply(second, at.MIX_2)), at.MIX_1)


@kernel
def memo_place(memo: int, shift: int, first: int, second: int) -> int:
    """Where a word of at most 16 bytes stands in the memo, if it does."""
    return memo + (down(short_hash(first, second), shift) << 5)


@kernel(cold=True)
def late_value(c: int, place: int, first: int, second: int) -> int:
    """Value of a word of at most 16 bytes whose place in the memo holds another or none; -1 when out of room.

    The first word in a place stays: words that come early are common. Later ones share a small memo, where the last
    one stays.
    """
    late = load64(c + at.LATE_MEMO) + (down(short_hash(first, second), 64 - at.LATE_BITS) << 5)
    if load64(late) == first and load64(late + 8) == second:
        return load32(late + 16)
    key = load64(c + at.KEY)
    store64(key, first)
    store64(key + 8, second)
    store64(key + 16, 0)
    value = resolve(c, key, key_length(first, second))
    if value >= 0:
        if load64(place) == 0:
            late = place
        store64(late, first)
        store64(late + 8, second)
        store64(late + 16, value)
    return value


@kernel
def short_value(c: int, first: int, second: int) -> int:
    """Value of a word of at most 16 bytes; -1 when out of room."""
    place = memo_place(load64(c + at.MEMO), load64(c + at.MEMO_SHIFT), first, second)
    if load64(place) == first and load64(place + 8) == second:
        return load32(place + 16)
    return late_value(c, place, first, second)


@kernel
def key_length(first: int, second: int) -> int:
    """Length of a key of at most 16 bytes: its bytes before the first zero."""
    length = 0
    while length < 8 and down(first, 8 * length) & 255:
        length += 1
    while 8 <= length < 16 and down(second, 8 * (length - 8)) & 255:
        length += 1
    return length


@kernel
def long_value(c: int, key: int, length: int) -> int:
    """Value of a word of more than 16 bytes, zero-padded at `key`; -1 when out of room."""
    if length > 32:
        return resolve(c, key, length)
    entry = load64(c + at.LONG_MEMO) + (down(key_hash(key, length), load64(c + at.LONG_SHIFT)) << 6)
    if (
        load64(entry) == load64(key)
        and load64(entry + 8) == load64(key + 8)
        and load64(entry + 16) == load64(key + 16)
        and load64(entry + 24) == load64(key + 24)
    ):
        return load64(entry + 32)
    value = resolve(c, key, length)
    if value >= 0:
        for place in range(0, 32, 8):
            store64(entry + place, load64(key + place))
        store64(entry + 32, value)
    return value


@kernel
def key_value(c: int, key: int, length: int) -> int:
    """Value of a word of any length, zero-padded at `key`; -1 when out of room."""
    if length <= 16:
        return short_value(c, load64(key), load64(key + 8))
    return long_value(c, key, length)
