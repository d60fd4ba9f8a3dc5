"""Classes of words met on the way: those that pass two or more open tests and stand in no pack as such.

A class made on the way joins the classes of its tests: it gives and wants what they do, stands in their token sets, and
has their entries, each once.
"""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import (
    below,
    down,
    drop_lowest,
    load8,
    load16,
    load32,
    load64,
    multiply,
    popcount,
    store16,
    store32,
    store64,
)


@kernel
def same_bytes(left: int, right: int, length: int) -> bool:
    """Compare two stretches of memory."""
    for place in range(length):  # noqa: SIM110 - numba compiles no generators
        if load8(left + place) != load8(right + place):
            return False
    return True


@kernel
def source_record(c: int, one: int) -> int:
    """Record of the class of one of the tests in FOUND."""
    test = load32(load64(c + at.FOUND) + 4 * one)
    return load64(c + at.CLASSES) + at.CLASS_BYTES * load32(load64(c + at.TEST_CLASS) + 4 * test)


@kernel
def source_members(c: int, one: int) -> int:
    """Membership row of the class of one of the tests in FOUND."""
    test = load32(load64(c + at.FOUND) + 4 * one)
    starts = load64(c + at.MEMBER_STARTS)
    return load64(c + at.MEMBERS) + (starts + (starts >> 1)) * load32(load64(c + at.TEST_CLASS) + 4 * test)


@kernel
def has_room(c: int, found: int) -> bool:
    """Tell whether there is room for one more class, made of the tests in FOUND."""
    units, blocks = load64(c + at.LISTS_COUNT), load64(c + at.BLOCKS_COUNT)
    for one in range(found):
        record, row = source_record(c, one), source_members(c, one)
        units += load32(record + at.LIST_SIZE) + load32(record + at.LIST_SIZE + at.LIST_SIDE)
        for place in range(0, load64(c + at.MEMBER_STARTS), 8):
            blocks += popcount(load64(row + place))
    return (
        load64(c + at.CLASS_COUNT) + 1 < load64(c + at.CLASS_CAP)
        and units <= load64(c + at.LISTS_CAP)
        and blocks <= load64(c + at.BLOCKS_CAP)
        and load64(c + at.MIX_COUNT) + found + 1 <= load64(c + at.MIX_CAP)
    )


@kernel
def join_signatures(c: int, record: int, found: int) -> None:
    """Give and want what the classes of the tests in FOUND do."""
    for place in range(0, at.LIST, 8):
        joined = 0
        for one in range(found):
            joined |= load64(source_record(c, one) + place)
        store64(record + place, joined)


@kernel
def join_members(c: int, row: int, found: int) -> None:
    """Stand in the token sets of the classes of the tests in FOUND."""
    blocks, starts, count = load64(c + at.BLOCKS), load64(c + at.MEMBER_STARTS), load64(c + at.BLOCKS_COUNT)
    for place in range(0, starts, 8):
        summary = 0
        for one in range(found):
            summary |= load64(source_members(c, one) + place)
        store64(row + place, summary)
        store32(row + starts + (place >> 1), count)
        while summary:
            under, joined = below(summary), 0
            for one in range(found):
                source = source_members(c, one)
                given = load64(source + place)
                if given & (under + 1):
                    block = load32(source + starts + (place >> 1)) + popcount(given & under)
                    joined |= load64(blocks + 8 * block)
            store64(blocks + 8 * count, joined)
            count += 1
            summary = drop_lowest(summary)
    store64(c + at.BLOCKS_COUNT, count)


@kernel
def join_entries(c: int, record: int, found: int, side: int) -> None:
    """Take over the entries of one side of the classes of the tests in FOUND, bit by bit."""
    place, wants = load64(c + at.LISTS_COUNT), record + at.WANTS + at.WANTS_SIDE * side
    entries, bits = load64(c + at.CLASS_LISTS) + at.LIST_UNIT * place, 0
    for word in range(8):
        bits += popcount(load64(wants + 8 * word))
    units, rank = (bits + 7) >> 3, 0
    for word in range(8):
        store16(record + at.RANKS + at.RANKS_SIDE * side + 2 * word, rank)
        left = load64(wants + 8 * word)
        while left:
            store16(entries + 2 * rank, units)
            units = join_bit(c, entries, units, found, side, word, below(left))
            rank += 1
            left = drop_lowest(left)
    store32(record + at.LIST + at.LIST_SIDE * side, place)
    store32(record + at.LIST_SIZE + at.LIST_SIDE * side, units)
    store64(c + at.LISTS_COUNT, place + units)


@kernel
def join_bit(c: int, entries: int, units: int, found: int, side: int, word: int, under: int) -> int:
    """Add the entries of one bit, the one above `under`, each once, from unit `units` on; the unit after them."""
    first = units
    for one in range(found):
        record = source_record(c, one)
        wants = load64(record + at.WANTS + at.WANTS_SIDE * side + 8 * word)
        if wants & (under + 1) == 0:
            continue
        source = load64(c + at.CLASS_LISTS) + at.LIST_UNIT * load32(record + at.LIST + at.LIST_SIDE * side)
        rank = load16(record + at.RANKS + at.RANKS_SIDE * side + 2 * word) + popcount(wants & under)
        entry = source + at.LIST_UNIT * load16(source + 2 * rank)
        while True:
            flags, known = load16(entry + at.ENTRY_FLAGS), False
            for earlier in range(first, units):  # every entry has a plan of its own
                if load32(entries + at.LIST_UNIT * earlier) == load32(entry):
                    known = True
            if not known:
                target = entries + at.LIST_UNIT * units
                store64(target, load64(entry))
                store64(target + 8, load64(entry + 8))
                store16(target + at.ENTRY_FLAGS, flags & ~at.ENTRY_LAST)
                units += 1
            if flags & at.ENTRY_LAST:
                break
            entry += at.LIST_UNIT
    final = entries + at.LIST_UNIT * (units - 1) + at.ENTRY_FLAGS
    store16(final, load16(final) | at.ENTRY_LAST)
    return units


@kernel(cold=True)
def make_class(c: int, found: int) -> int:
    """Make the class of words that pass exactly the tests in FOUND; -1 when there is no room."""
    if not has_room(c, found):
        store64(c + at.WANTED, at.GROW_CLASSES)
        return -1
    number, mix, starts = load64(c + at.CLASS_COUNT), load64(c + at.MIX_COUNT), load64(c + at.MEMBER_STARTS)
    record = load64(c + at.CLASSES) + at.CLASS_BYTES * number
    join_signatures(c, record, found)
    join_members(c, load64(c + at.MEMBERS) + (starts + (starts >> 1)) * number, found)
    join_entries(c, record, found, 0)
    join_entries(c, record, found, 1)
    keys = load64(c + at.MIX_KEYS) + 4 * mix
    store32(keys, found)
    for one in range(found):
        store32(keys + 4 + 4 * one, load32(load64(c + at.FOUND) + 4 * one))
    store32(load64(c + at.MIX_PLACE) + 4 * (number - load64(c + at.CLASS_FIXED)), mix)
    store64(c + at.MIX_COUNT, mix + found + 1)
    store64(c + at.CLASS_COUNT, number + 1)
    return number


@kernel(cold=True)
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
