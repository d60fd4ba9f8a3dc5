"""From an anchor to a span: check one plan around one token, and keep the shortest spans per pattern.

A plan names the run the anchor stands in, then the items to its right and to its left with the gaps before them.
Reached positions are bits of one word: bit n is the n-th token away from the anchor's run. From one anchor the shortest
span goes from the greatest start to the least end, which the two directions give independently.
"""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import (
    add,
    down,
    drop_lowest,
    load16,
    load32,
    load64,
    lowest,
    popcount,
    store64,
    up,
)
from seinpost.scan.sentences import bits_from, bits_until

ADJACENT = 0  # gaps are stored as N + 1; adjacent items as 0
NO_COLUMN = 0xFFFFFFFF


@kernel
def is_member(c: int, token: int, column: int) -> bool:
    """Tell whether the token is in the token set of this column."""
    number = load32(load64(c + at.VALUES) + 4 * token) & at.CLASS_MASK
    starts = load64(c + at.MEMBER_STARTS)
    row, part, bit = load64(c + at.MEMBERS) + (starts + (starts >> 1)) * number, column >> 12, up(1, (column >> 6) & 63)
    summary = load64(row + 8 * part)
    if summary & bit == 0:
        return False
    block = load32(row + starts + 4 * part) + popcount(summary & add(bit, -1))
    return down(load64(load64(c + at.BLOCKS) + 8 * block), column & 63) & 1 != 0


@kernel
def smear(bits: int, gap: int) -> int:
    """OR of the bits shifted up by 0 ... gap."""
    have = 1
    while have <= gap:
        step = have if have + have <= gap + 1 else gap + 1 - have
        bits |= up(bits, step)
        have += step
    return bits


@kernel
def run_fits(
    c: int, run: int, first: int, apart: int, away: int, forward: bool
) -> bool:  # budget: one flat argument list
    """Check a run of several sets from `first` on, or backwards from it; `run` is at its length in ITEMS."""
    length = load32(run)
    for step in range(1, length):
        # forward: token first + step must touch the one before it; backward: first - step + 1 must
        if down(apart, away + step if forward else away + step - 1) & 1:
            return False
    for step in range(length):
        column = load32(run + 4 + 4 * (step if forward else length - 1 - step))
        if not is_member(c, first + step if forward else first - step, column):
            return False
    return True


@kernel
def reach_item(
    c: int, item: int, base: int, starts: int, apart: int, forward: bool
) -> int:  # budget: one flat argument list
    """Positions where a run of the item can end, given where it can start; `base` is the token of bit 0."""
    edge = load32(item if forward else item + 4)  # column of all first (last) words
    single, runs = load32(item + 8), load32(item + 12)
    ends = 0
    while starts:
        away = lowest(starts)
        starts = drop_lowest(starts)
        token = base + away if forward else base - away
        if not is_member(c, token, edge):
            continue
        if runs == 0 or (single != NO_COLUMN and is_member(c, token, single)):
            ends |= up(1, away)
        run = item + 16
        for _ in range(runs):
            length = load32(run)
            room = 64 - away if forward else choose_room(away, token)
            if length <= room and run_fits(c, run, token, apart, away, forward):
                ends |= up(1, away + length - 1)
            run += 4 + 4 * length
    return ends


@kernel
def choose_room(away: int, token: int) -> int:
    """Most tokens a run can take backwards from `token`."""
    return 64 - away if 64 - away < token + 1 else token + 1


@kernel
def reach(c: int, steps: int, count: int, base: int, forward: bool) -> int:
    """Distance from `base` to the nearest token where the steps can end, or -1."""
    if forward:
        room = load64(c + at.SENTENCE_STOP) - base
        apart = bits_from(load64(c + at.APART), base)
    else:
        room = base - load64(c + at.SENTENCE_START) + 1
        apart = bits_until(load64(c + at.APART), base)
    inside = add(up(1, room), -1) if room < 64 else -1
    items = load64(c + at.ITEMS)
    bits = 1
    for number in range(count):
        gap = load32(steps + 8 * number)
        if gap == ADJACENT:
            # forward the bit of the later token tells; backward that of the token we come from
            bits = up(bits, 1) & ~apart if forward else up(bits & ~apart, 1)
        else:
            bits = smear(up(bits, 1), gap - 1)
        item = items + 4 * load32(steps + 8 * number + 4)
        bits = reach_item(c, item, base, bits & inside, apart, forward) & inside
        if bits == 0:
            return -1
    return lowest(bits)


@kernel
def try_plan(c: int, plan: int, token: int) -> int:
    """Shortest span (start << 32 | end) of a plan around its anchor, or -1."""
    length, place = load32(plan + 4), load32(plan + 8)
    first = token - place
    last = first + length - 1
    if first < load64(c + at.SENTENCE_START) or last >= load64(c + at.SENTENCE_STOP):
        return -1
    for step in range(length):
        if step != place and not is_member(c, first + step, load32(plan + 20 + 4 * step)):
            return -1
    if length > 1:
        apart = down(bits_from(load64(c + at.APART), first), 1)
        if apart & add(up(1, length - 1), -1):
            return -1
    right, left = load32(plan + 12), load32(plan + 16)
    steps = plan + 20 + 4 * length
    if right:
        ahead = reach(c, steps, right, last, True)
        if ahead < 0:
            return -1
        last += ahead
    if left:
        back = reach(c, steps + 8 * right, left, first, False)
        if back < 0:
            return -1
        first -= back
    return up(first, 32) | last


@kernel
def add_record(c: int, records: int, span: int, tag: int, wanted: int) -> bool:
    """Append (span, tag) to MATCHES or CUES, whose count and capacity stand behind it; False when it is full."""
    count = load64(c + records + 8)
    if count >= load64(c + records + 16):
        store64(c + at.WANTED, wanted)
        return False
    place = load64(c + records) + 16 * count
    store64(place, span)
    store64(place + 8, tag)
    store64(c + records + 8, count + 1)
    return True


@kernel
def match_entry(c: int, entry: int, token: int, cue: int) -> bool:
    """Try the plan of one entry around its anchor; False when an array is too small."""
    plan = load64(c + at.PLANS) + 4 * load32(entry + at.ENTRY_PLAN)
    alone = load16(entry + at.ENTRY_FLAGS) & at.ENTRY_ALONE
    span = up(token, 32) | token if alone else try_plan(c, plan, token)
    if span < 0:
        return True
    if cue:
        return add_record(c, at.CUES, span, load32(plan), at.GROW_CUES)
    return add_record(c, at.MATCHES, span, load32(plan), at.GROW_MATCHES)


@kernel
def sort_records(records: int, count: int) -> None:
    """Sort by (start, end, tag): insertion, as records come nearly sorted."""
    for number in range(1, count):
        span, tag = load64(records + 16 * number), load64(records + 16 * number + 8)
        place = records + 16 * number
        while place > records:
            before = load64(place - 16)
            if before < span or (before == span and load64(place - 8) <= tag):
                break
            store64(place, before)
            store64(place + 8, load64(place - 8))
            place -= 16
        store64(place, span)
        store64(place + 8, tag)


@kernel
def keep_shortest(c: int) -> int:
    """Sort the matches and drop those that hold another span of the same pattern, or repeat it; the count left."""
    records, count = load64(c + at.MATCHES), load64(c + at.MATCH_COUNT)
    sort_records(records, count)
    last, stamps = load64(c + at.LAST_MATCH), load64(c + at.LAST_STAMP)
    stamp = load64(c + at.STAMP) + 1
    store64(c + at.STAMP, stamp)
    for number in range(count - 1, -1, -1):  # from the greatest start down: a later one may lie within an earlier one
        place = records + 16 * number
        span, tag = load64(place), load64(place + 8)
        if load64(stamps + 8 * tag) == stamp:
            kept = records + 16 * load64(last + 8 * tag)
            if span & 0xFFFFFFFF >= load64(kept) & 0xFFFFFFFF and span != load64(kept):
                store64(place + 8, -1)
                continue
            if down(load64(kept), 32) == down(span, 32):
                store64(kept + 8, -1)
        store64(stamps + 8 * tag, stamp)
        store64(last + 8 * tag, number)
    left = 0
    for number in range(count):
        place = records + 16 * number
        if load64(place + 8) >= 0:
            store64(records + 16 * left, load64(place))
            store64(records + 16 * left + 8, load64(place + 8))
            left += 1
    return left
