"""From the anchors of a text to the plans worth trying: three passes, each over all that the one before it left.

Most anchors lead nowhere, and which do is hard to guess. So each pass writes down what it looks at and counts it only
if it is wanted: no branch to guess wrong, and the memory that one needs is fetched while others wait.
"""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.match import match_entry
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import (
    below,
    down,
    drop_lowest,
    gather_rows,
    load8,
    load16,
    load32,
    load64,
    lowest,
    popcount,
    shared_words,
    store32,
    store64,
    up,
)
from seinpost.scan.sentences import fill_bits, sentence_start, sentence_stop

NO_TOKEN = 0xFFFFFFFF


@kernel
def match_tokens(c: int, text: int, tokens: int, count: int, cue: int) -> bool:
    """Try every plan anchored at the tokens of a list, of patterns (0) or cues (1); False when an array is too small.

    Tokens come in order; there is room for one more behind them.
    """
    store32(tokens + 4 * count, NO_TOKEN)
    number = 0
    while number < count:
        number, found = find_candidates(c, text, tokens, number, count, cue)
        if found > 0 and not queue_plans(c, found, cue):
            return False
    return True


@kernel
def gather_signature(c: int, sentence: int, given: int, signature: int) -> None:
    """Gather what the words of a sentence give, and what every sentence gives."""
    start, stop = load32(sentence + at.LOOKED_START), load32(sentence + at.LOOKED_STOP)
    gather_rows(load64(c + at.VALUES), start, stop, load64(c + at.CLASSES) + given, signature)
    store64(signature, load64(signature) | at.ALWAYS)


@kernel
def find_candidates(
    c: int, text: int, tokens: int, number: int, count: int, cue: int
) -> tuple[int, int]:  # budget: one flat call
    """Write the tokens that wait for something that their sentence gives to CANDIDATES.

    Begins at token `number` of the list; gives the one to go on with, and the count of candidates.
    """
    values, breaks, total = load64(c + at.VALUES), load64(c + at.BREAKS), load64(c + at.TOKENS)
    wants = load64(c + at.CLASSES) + at.WANTS + at.WANTS_SIDE * cue
    candidates, sentence = load64(c + at.CANDIDATES), load64(c + at.SENTENCES)
    flag = at.CUE if cue else at.ANCHOR
    last, found = sentence + at.LOOKED_BYTES * at.LOOKED_CAP, 0
    while number < count and sentence < last and found < at.CANDIDATES_CAP:
        token = load32(tokens + 4 * number)
        if load32(values + 4 * token) & flag == 0:
            number += 1
            continue
        if load64(c + at.BITS_READY) == 0:
            fill_bits(c, text)
        stop = sentence_stop(breaks, token, total)
        store32(sentence + at.LOOKED_START, sentence_start(breaks, token))
        store32(sentence + at.LOOKED_STOP, stop)
        gather_signature(c, sentence, at.GIVES_FIRST, sentence)
        while token < stop and found < at.CANDIDATES_CAP:
            record = at.CLASS_BYTES * (load32(values + 4 * token) & at.CLASS_MASK)
            words = shared_words(sentence, wants + record)
            store64(candidates + 16 * found, sentence)
            store64(candidates + 16 * found + 8, token | up(words, 32))
            found += int(words != 0)
            number += 1
            token = load32(tokens + 4 * number)
        sentence += at.LOOKED_BYTES
    return number, found


@kernel
def queue_plans(c: int, found: int, cue: int) -> bool:
    """Try the plans that wait for what the sentences of the candidates give; False when an array is too small."""
    values, classes, lists = load64(c + at.VALUES), load64(c + at.CLASSES), load64(c + at.CLASS_LISTS)
    candidates, gathered, queued = load64(c + at.CANDIDATES), 0, 0
    for number in range(found):
        sentence, place = load64(candidates + 16 * number), load64(candidates + 16 * number + 8)
        if sentence != gathered:
            gathered = sentence
            gather_signature(c, sentence, at.GIVES_MORE, sentence + at.LOOKED_MORE)
        token, words = place & NO_TOKEN, down(place, 32)
        record = classes + at.CLASS_BYTES * (load32(values + 4 * token) & at.CLASS_MASK)
        entries = lists + at.LIST_UNIT * load32(record + at.LIST + at.LIST_SIDE * cue)
        while words:
            word = 8 * lowest(words)
            words = drop_lowest(words)
            wants = load64(record + at.WANTS + at.WANTS_SIDE * cue + word)
            shared = wants & load64(sentence + word)
            rank = load16(record + at.RANKS + at.RANKS_SIDE * cue + (word >> 2))
            while shared:
                unit = load16(entries + 2 * (rank + popcount(wants & below(shared))))
                shared = drop_lowest(shared)
                queued = queue_bit(c, entries + at.LIST_UNIT * unit, sentence, token, queued, cue)
                if queued < 0:
                    return False
    return try_queue(c, queued, cue)


@kernel
def queue_bit(c: int, entry: int, sentence: int, token: int, queued: int, cue: int) -> int:  # budget: one flat call
    """Queue the entries of one bit, from the first on; how many are queued, or -1 when an array is too small."""
    queue = load64(c + at.QUEUE)
    while True:
        store64(queue + at.QUEUE_BYTES * queued, entry)
        store64(queue + at.QUEUE_BYTES * queued + 8, sentence)
        store64(queue + at.QUEUE_BYTES * queued + 16, token)
        queued += has_needs(sentence + at.LOOKED_MORE, entry)
        if queued == at.QUEUE_CAP:
            if not try_queue(c, queued, cue):
                return -1
            queued = 0
        if load16(entry + at.ENTRY_FLAGS) & at.ENTRY_LAST:
            return queued
        entry += at.LIST_UNIT


@kernel
def has_needs(more: int, entry: int) -> int:
    """1 if the sentence gives what an entry needs beside its first need, as far as signatures tell, else 0."""
    given = 1
    for place in range(0, 6, 2):
        bit = load16(entry + at.ENTRY_NEEDS + place)
        given &= load8(more + (bit >> 3)) >> (bit & 7)
    return given


@kernel
def try_queue(c: int, queued: int, cue: int) -> bool:
    """Try the plans of all queued entries around their anchors; False when an array is too small."""
    queue = load64(c + at.QUEUE)
    for place in range(queue, queue + at.QUEUE_BYTES * queued, at.QUEUE_BYTES):
        sentence = load64(place + 8)
        store64(c + at.SENTENCE_START, load32(sentence + at.LOOKED_START))
        store64(c + at.SENTENCE_STOP, load32(sentence + at.LOOKED_STOP))
        if not match_entry(c, load64(place), load64(place + 16), cue):
            return False
    return True
