"""From the bytes of one text to its tokens: spans and values (docs/reference/pattern-language.md, section 1).

Word bytes come as 64-bit masks; the edges of a mask are starts and ends of runs, in turn. A run of ASCII letters and
digits is one token and is looked up where it stands. Runs with an apostrophe or a byte above 0x7F are decoded and
folded.
"""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import (
    add,
    block_masks,
    choose_less,
    down,
    drop_lowest,
    load8,
    load32,
    load64,
    lowest,
    popcount,
    prefetch,
    store8,
    store32,
    store64,
    up,
)
from seinpost.scan.native.vectors import look_up, note_woken, write_places, write_ranks
from seinpost.scan.words import (
    code_point,
    fold_entry,
    key_value,
    late_value,
    long_value,
    memo_place,
    short_value,
)


@kernel
def tokenise(c: int, text: int, length: int) -> int:
    """Write all tokens of a text, numbers in parts; the count, or -1 with WANTED set when an array is too small."""
    store64(c + at.TOKENS, 0)
    store64(c + at.WOKEN_COUNT, 0)
    store64(c + at.GAP_COUNT, 0)
    store64(c + at.SEEN, 0)
    edges, slow, marks = load64(c + at.EDGES), load64(c + at.SLOW), load64(c + at.MARKS)
    carry, pending, pending_slow, wide = 0, 0, 0, load64(c + at.WIDE)
    for chunk in range(0, length, at.CHUNK):
        stop = choose_less(chunk + at.CHUNK, length)
        count, slow_count, mark_count = pending, pending_slow, 0
        if pending_slow:
            store32(slow, 0)
        for base in range(chunk, stop, 64):
            prefetch(text + base + at.AHEAD)  # of the texts after this one, as a rule
            words, marked, gaps = block_masks(text + base)
            if length - base < 64:
                keep = up(1, length - base) - 1
                words &= keep
                marked &= keep
                gaps &= keep
            edge = words ^ (up(words, 1) | carry)
            carry = down(words, 63)
            if marked:
                slow_count = mark_slow(slow, slow_count, count, edge, marked)
            mark_count = mark_gaps(marks, mark_count, gaps, count, edge, wide)
            if wide:
                write_places(edges + 4 * count, base, edge)
                count += popcount(edge)
            else:
                count = write_edges(edges, count, edge, base)
        if stop == length and carry:
            store32(edges + 4 * count, length)
            count += 1
        runs = count >> 1
        pending = count & 1
        pending_slow = 0
        if slow_count and load32(slow + 4 * (slow_count - 1)) == runs:
            slow_count -= 1
            pending_slow = 1
        if not write_tokens(c, text, runs, slow_count, mark_count):
            return -1
        if pending:
            store32(edges, load32(edges + 8 * runs))
    return load64(c + at.TOKENS)


@kernel
def mark_gaps(marks: int, mark_count: int, gaps: int, count: int, edge: int, wide: int) -> int:  # budget: one flat call
    """Note before which runs the marks of a block stand; the new count of marks."""
    total = mark_count + popcount(gaps)
    if wide and total - mark_count <= 8:
        write_ranks(marks + 4 * mark_count, gaps, edge, count)
        return total
    while gaps:
        below = gaps ^ add(gaps, -1)  # up to and with the mark: the end of the run before it may stand there
        store32(marks + 4 * mark_count, (count + popcount(edge & below)) >> 1)
        mark_count += 1
        gaps = drop_lowest(gaps)
    return total


@kernel
def write_edges(edges: int, count: int, edge: int, base: int) -> int:
    """Append the places of all bits; writes past the end in steps of eight, so that the common case has no branches."""
    total = count + popcount(edge)
    while edge:
        for step in range(8):
            store32(edges + 4 * (count + step), base + lowest(edge))
            edge = drop_lowest(edge)
        count += 8
    return total


@kernel
def mark_slow(slow: int, slow_count: int, count: int, edge: int, marked: int) -> int:
    """Note the runs of a block that hold a marked byte, each once; the new count of slow runs."""
    while marked:
        place = lowest(marked)
        below = add(up(2, place), -1) if place < 63 else -1
        run = (count + popcount(edge & below) - 1) >> 1
        if slow_count == 0 or load32(slow + 4 * (slow_count - 1)) != run:
            store32(slow + 4 * slow_count, run)
            slow_count += 1
        ends = edge & ~below
        if ends == 0:
            break
        marked &= ~add(up(1, lowest(ends)), -1)
    return slow_count


@kernel
def note_gap(c: int, token: int) -> None:
    """Note that what stands before a token must be looked at; tokens come in order."""
    count, gaps = load64(c + at.GAP_COUNT), load64(c + at.GAPS)
    store32(gaps + 4 * count, token)
    if count == 0 or load32(gaps + 4 * (count - 1)) != token:
        store64(c + at.GAP_COUNT, count + 1)


@kernel
def note_gaps(c: int, marks: int, mark: int, mark_count: int, last: int, moved: int) -> int:  # budget: one flat call
    """As `note_gap` for all marks before a run and those before it; the first mark after it."""
    count, gaps = load64(c + at.GAP_COUNT), load64(c + at.GAPS)
    before = load32(gaps + 4 * count - 4) if count > 0 else -1
    while mark < mark_count and load32(marks + 4 * mark) <= last:
        token = load32(marks + 4 * mark) + moved
        count += int(token != before)
        store32(gaps + 4 * count - 4, token)
        before = token
        mark += 1
    store64(c + at.GAP_COUNT, count)
    return mark


@kernel
def write_tokens(c: int, text: int, runs: int, slow_count: int, mark_count: int) -> bool:
    """Turn the first `runs` runs into tokens; False when an array is too small."""
    slow, marks = load64(c + at.SLOW), load64(c + at.MARKS)
    first, mark, wide = 0, 0, load64(c + at.WIDE)
    for number in range(slow_count + 1):
        last = load32(slow + 4 * number) if number < slow_count else runs
        moved = load64(c + at.TOKENS) - first
        if not (write_wide(c, text, first, last) if wide else write_plain(c, text, first, last)):
            return False
        mark = note_gaps(c, marks, mark, mark_count, last, moved)
        if number < slow_count:
            pair = load64(load64(c + at.EDGES) + 8 * last)
            if not write_folded(c, text, pair & 0xFFFFFFFF, down(pair, 32)):
                return False
        first = last + 1
    return True


@kernel
def write_plain(c: int, text: int, first: int, last: int) -> bool:  # budget: the hot loop, every word of every text
    """Look up the plain ASCII runs `first` to `last` and write them as tokens; False when an array is too small."""
    tokens, woken = load64(c + at.TOKENS), load64(c + at.WOKEN_COUNT)
    if tokens + last - first >= load64(c + at.TOKEN_CAP):
        store64(c + at.WANTED, at.GROW_TOKENS)
        return False
    edges, spans, values = load64(c + at.EDGES), load64(c + at.SPANS), load64(c + at.VALUES)
    woken_list, memo, shift = load64(c + at.WOKEN), load64(c + at.MEMO), load64(c + at.MEMO_SHIFT)
    masks, seen = load64(c + at.KEY_MASKS), load64(c + at.SEEN)
    for run in range(first, last):
        pair = load64(edges + 8 * run)
        start = pair & 0xFFFFFFFF
        size = down(pair, 32) - start
        mask = masks + 16 * choose_less(size, 16)
        head = (load64(text + start) | at.LOW) & load64(mask)
        tail = (load64(text + start + 8) | at.LOW) & load64(mask + 8)
        place = memo_place(memo, shift, head, tail)
        if size <= 16 and load64(place) == head and load64(place + 8) == tail:
            value = load32(place + 16)
        else:
            value = late_value(c, place, head, tail) if size <= 16 else plain_long_value(c, text + start, size)
            if value < 0:
                return False
        store64(spans + 8 * tokens, pair)
        store32(values + 4 * tokens, value)
        store32(woken_list + 4 * woken, tokens)
        woken += (value >> 26) & 1
        seen |= value
        tokens += 1
    store64(c + at.TOKENS, tokens)
    store64(c + at.WOKEN_COUNT, woken)
    store64(c + at.SEEN, seen)
    return True


@kernel
def write_wide(c: int, text: int, first: int, last: int) -> bool:
    """As `write_plain`, eight runs at a time."""
    tokens, woken, seen = load64(c + at.TOKENS), load64(c + at.WOKEN_COUNT), 0
    if tokens + last - first >= load64(c + at.TOKEN_CAP):
        store64(c + at.WANTED, at.GROW_TOKENS)
        return False
    edges, woken_list = load64(c + at.EDGES), load64(c + at.WOKEN)
    spans, values = load64(c + at.SPANS) + 8 * tokens, load64(c + at.VALUES) + 4 * tokens
    memo, shift = load64(c + at.MEMO), load64(c + at.MEMO_SHIFT)
    for run in range(first, last, 8):
        count = choose_less(last - run, 8)
        missed = look_up(text, edges + 8 * run, count, memo, shift, spans, values)
        while missed:
            one = lowest(missed)
            value = missed_value(c, text, load64(edges + 8 * (run + one)))
            if value < 0:
                return False
            store32(values + 4 * one, value)
            missed = drop_lowest(missed)
        noted, threes = note_woken(values, count, tokens, woken_list + 4 * woken)
        woken += noted
        seen |= threes
        spans += 64
        values += 32
        tokens += count
    store64(c + at.TOKENS, tokens)
    store64(c + at.WOKEN_COUNT, woken)
    if seen:
        store64(c + at.SEEN, load64(c + at.SEEN) | at.THREE_DIGITS)
    return True


@kernel(cold=True)
def missed_value(c: int, text: int, pair: int) -> int:
    """Value of a plain word that the memo does not hold where it was sought; -1 when out of room."""
    start = pair & 0xFFFFFFFF
    size = down(pair, 32) - start
    if size > 16:
        return plain_long_value(c, text + start, size)
    mask = load64(c + at.KEY_MASKS) + 16 * size
    return short_value(
        c,
        (load64(text + start) | at.LOW) & load64(mask),
        (load64(text + start + 8) | at.LOW) & load64(mask + 8),
    )


@kernel
def key_room(c: int, length: int) -> bool:
    """Ask for a larger key buffer when a word of this many bytes does not fit."""
    if length + 64 > load64(c + at.KEY_CAP):
        store64(c + at.WANTED, at.GROW_KEY)
        return False
    return True


@kernel(cold=True)
def plain_long_value(c: int, word: int, length: int) -> int:
    """Value of an ASCII word of more than 16 bytes; -1 when out of room."""
    if not key_room(c, length):
        return -1
    key = load64(c + at.KEY)
    for place in range(0, length, 8):
        store64(key + place, load64(word + place) | at.LOW)
    for place in range(4):  # zero padding, over what the last step wrote too far
        store64(key + length + 8 * place, 0)
    return long_value(c, key, length)


@kernel
def write_token(c: int, start: int, end: int, length: int) -> bool:
    """Write one token whose folded word of `length` bytes stands in KEY; False when an array is too small."""
    tokens, woken = load64(c + at.TOKENS), load64(c + at.WOKEN_COUNT)
    if tokens + 1 >= load64(c + at.TOKEN_CAP):
        store64(c + at.WANTED, at.GROW_TOKENS)
        return False
    key = load64(c + at.KEY)
    for place in range(5):
        store64(key + length + 8 * place, 0)
    value = key_value(c, key, length)
    if value < 0:
        return False
    store64(load64(c + at.SPANS) + 8 * tokens, start | up(end, 32))
    store32(load64(c + at.VALUES) + 4 * tokens, value)
    store32(load64(c + at.WOKEN) + 4 * woken, tokens)
    store64(c + at.WOKEN_COUNT, woken + ((value >> 26) & 1))
    store64(c + at.SEEN, load64(c + at.SEEN) | value)
    store64(c + at.TOKENS, tokens + 1)
    return True


@kernel(cold=True)
def write_folded(c: int, text: int, start: int, stop: int) -> bool:
    """Decode and fold one run, which may hold separators, and write its tokens; False when an array is too small."""
    place, length, first, end, touching = start, 0, -1, start, False
    while place < stop:
        char = code_point(text + place)
        after = place + (char >> 24)
        entry = fold_entry(c, char & 0xFFFFFF)
        kind = entry & at.FOLD_KIND
        if kind == at.FOLD_WORD:
            if first < 0:
                first = place
            if not key_room(c, length + 32):
                return False
            length = append_folded(c, text + place, char, entry, length)
            end, touching = after, True
        elif kind == at.FOLD_MARK:
            if touching:
                end = after
        elif kind == at.FOLD_DROPPED:
            touching = False
        else:
            if first >= 0 and not write_token(c, first, end, length):
                return False
            note_gap(c, load64(c + at.TOKENS))
            length, first, touching = 0, -1, False
        place = after
    return first < 0 or write_token(c, first, end, length)


@kernel
def append_folded(c: int, char_place: int, char: int, entry: int, length: int) -> int:
    """Append what a word character contributes to the key; its new length."""
    key = load64(c + at.KEY) + length
    if char == (1 << 24 | 0x5F):  # `_` as the plain path folds it, so that keys are one
        store8(key, 0x7F)
        return length + 1
    size = (entry >> 8) & 31
    if size == at.FOLD_ITSELF:
        size = char >> 24
        source = char_place
    else:
        source = load64(c + at.FOLD_POOL) + (entry >> 13)
    for byte in range(size):
        store8(key + byte, load8(source + byte))
    return length + size
