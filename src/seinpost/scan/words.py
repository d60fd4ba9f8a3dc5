"""From a folded word to its value: memo, exact table, open tests, classes made on the way.

The memo only remembers; a word that fell out of it is resolved again to the same value. Words of at most 16 bytes are
equal if, and only if, their two key words are (a folded word holds no zero byte); longer ones are compared in full.
"""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.machine import add, down, load8, load16, load32, load64, multiply, store32, store64
from seinpost.scan.native.kernels import kernel


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
    """Hash a zero-padded key; tables.key_hash must do the same."""
    state = length
    for place in range(0, length, 8):
        state = multiply(state ^ load64(key + place), at.MIX_1)
        state ^= down(state, 29)
    return state


@kernel
def same_bytes(left: int, right: int, length: int) -> bool:
    """Compare two stretches of memory."""
    for place in range(length):  # noqa: SIM110 - numba compiles no generators
        if load8(left + place) != load8(right + place):
            return False
    return True


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
    """Bucket of affixes that share their kind and first bytes; tables.affix_bucket must do the same."""
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
def entry_place(entries: int, number: int) -> int:
    """Address of an entry of a list, see layout.ENTRY_*."""
    return entries + at.ENTRY_BLOCK * (number >> 2) + 8 * (number & 3)


@kernel
def merge_list(c: int, source: int, target: int, count: int) -> int:
    """Add the entries of one list (place, count at `source`) to the list at `target`, each once; the new count."""
    lists = load64(c + at.CLASS_LISTS)
    for number in range(load32(source + 4)):
        entry = entry_place(lists + at.ENTRY_BLOCK * load32(source), number)
        plan = load32(entry + at.ENTRY_PLAN)  # every entry has its own
        known = False
        for earlier in range(count):
            if load32(entry_place(lists + at.ENTRY_BLOCK * target, earlier) + at.ENTRY_PLAN) == plan:
                known = True
        if not known:
            place = entry_place(lists + at.ENTRY_BLOCK * target, count)
            for byte in range(0, at.ENTRY_BLOCK, at.ENTRY_FIELD):
                store64(place + byte, load64(entry + byte))
            count += 1
    return count


@kernel
def list_room(c: int, found: int) -> int:
    """Greatest number of blocks of entries that a class made of these tests can take."""
    room = 0
    for place in range(found):
        test = load32(load64(c + at.FOUND) + 4 * place)
        entry = load64(c + at.CLASSES) + 16 * load32(load64(c + at.TEST_CLASS) + 4 * test)
        room += ((load32(entry + 4) + 3) >> 2) + ((load32(entry + 12) + 3) >> 2)
    return room


@kernel
def make_class(c: int, found: int) -> int:
    """Make the class of words that pass exactly the tests in FOUND; -1 when there is no room."""
    number, place = load64(c + at.CLASS_COUNT), load64(c + at.LISTS_COUNT)
    mix = load64(c + at.MIX_COUNT)
    if (
        number + 1 >= load64(c + at.CLASS_CAP)
        or place + list_room(c, found) > load64(c + at.LISTS_CAP)
        or mix + found + 1 > load64(c + at.MIX_CAP)
    ):
        store64(c + at.WANTED, at.GROW_CLASSES)
        return -1
    classes, members, row = load64(c + at.CLASSES), load64(c + at.MEMBERS), load64(c + at.ROW_BYTES)
    entry = classes + 16 * number
    main, cue = 0, 0
    for byte in range(0, row, 8):
        store64(members + row * number + byte, 0)
    for passing in range(2):  # the main list first, then the cue list behind it
        for one in range(found):
            test = load32(load64(c + at.FOUND) + 4 * one)
            source = load32(load64(c + at.TEST_CLASS) + 4 * test)
            if passing == 1:
                cue = merge_list(c, classes + 16 * source + 8, place + ((main + 3) >> 2), cue)
                continue
            main = merge_list(c, classes + 16 * source, place, main)
            for byte in range(0, at.SIGNATURE_BYTES, 8):
                rows = load64(c + at.SIGNATURES) + byte
                given = load64(rows + at.SIGNATURE_BYTES * number) if one else 0
                given |= load64(rows + at.SIGNATURE_BYTES * source)
                store64(rows + at.SIGNATURE_BYTES * number, given)
            for byte in range(0, at.FILTER_BYTES, 8):
                filters = load64(c + at.FILTERS) + byte
                given = load64(filters + at.FILTER_BYTES * number) if one else 0
                given |= load64(filters + at.FILTER_BYTES * source)
                store64(filters + at.FILTER_BYTES * number, given)
            for byte in range(0, row, 8):
                target = members + row * number + byte
                store64(target, load64(target) | load64(members + row * source + byte))
            store32(load64(c + at.MIX_KEYS) + 4 * (mix + 1 + one), test)
    store32(entry, place)
    store32(entry + 4, main)
    store32(entry + 8, place + ((main + 3) >> 2))
    store32(entry + 12, cue)
    store32(load64(c + at.MIX_KEYS) + 4 * mix, found)
    store32(load64(c + at.MIX_PLACE) + 4 * (number - load64(c + at.CLASS_FIXED)), mix)
    store64(c + at.MIX_COUNT, mix + found + 1)
    store64(c + at.LISTS_COUNT, place + ((main + 3) >> 2) + ((cue + 3) >> 2))
    store64(c + at.CLASS_COUNT, number + 1)
    return number


@kernel
def mixed_class(c: int, found: int) -> int:
    """Class of words that pass exactly the two or more tests in FOUND, made when first met; -1 when out of room."""
    tests, keys = load64(c + at.FOUND), load64(c + at.MIX_KEYS)
    state = found
    for one in range(found):
        state = multiply(state ^ load32(tests + 4 * one), at.MIX_1)
        state ^= down(state, 29)
    table, last = load64(c + at.MIX_TABLE), load64(c + at.MIX_LAST)
    slot = down(state, 20) & last
    while True:
        number = load32(table + 4 * slot)
        if number == 0:
            number = make_class(c, found)
            if number > 0:
                store32(table + 4 * slot, number)
            return number
        place = load32(load64(c + at.MIX_PLACE) + 4 * (number - load64(c + at.CLASS_FIXED)))
        if load32(keys + 4 * place) == found and same_bytes(keys + 4 * place + 4, tests, 4 * found):
            return number
        slot = (slot + 1) & last


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


@kernel
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
        entry = load64(c + at.CLASSES) + 16 * number
        value = number
        if load32(entry + 4) != 0:
            value |= at.ANCHOR | at.WAKE
        if load32(entry + 12) != 0:
            value |= at.CUE
    return value | form_flags(c, key, length)


@kernel
def memo_line(memo: int, shift: int, first: int, second: int) -> int:
    """Line of the memo where a word of at most 16 bytes stands, if it does."""
    return memo + (down(multiply(add(first, multiply(second, at.MIX_2)), at.MIX_1), shift) << 6)


@kernel
def learn_word(c: int, line: int, first: int, second: int) -> int:
    """Resolve a word of at most 16 bytes that is not in its line of the memo; -1 when out of room.

    The first word of a line stays: words that come early are common. The other two places take turns.
    """
    key = load64(c + at.KEY)
    store64(key, first)
    store64(key + 8, second)
    store64(key + 16, 0)
    value = resolve(c, key, key_length(first, second))
    if value >= 0:
        way = 0
        if load64(line) != 0:
            way = 1 + (load32(line + 60) & 1)
            store32(line + 60, load32(line + 60) + 1)
        store64(line + 16 * way, first)
        store64(line + 16 * way + 8, second)
        store32(line + 48 + 4 * way, value)
    return value


@kernel
def short_value(c: int, line: int, first: int, second: int) -> int:
    """Value of a word of at most 16 bytes by its line of the memo; -1 when out of room."""
    for way in range(3):
        if load64(line + 16 * way) == first and load64(line + 16 * way + 8) == second:
            return load32(line + 48 + 4 * way)
    return learn_word(c, line, first, second)


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
        first, second = load64(key), load64(key + 8)
        line = memo_line(load64(c + at.MEMO), load64(c + at.MEMO_SHIFT), first, second)
        return short_value(c, line, first, second)
    return long_value(c, key, length)
