"""What the words around a hit say about it: the contexts of docs/reference/pattern-language.md, section 5.

Cues are matched in texts with hits only, in the sentences that can matter. They stand sorted by first token, so the
cues of a sentence or of a few tokens lie together; what a sentence says is gathered once for all its hits.
"""

from __future__ import annotations

from seinpost.scan import layout as at
from seinpost.scan.candidates import match_tokens
from seinpost.scan.match import sort_records
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.machine import down, load32, load64, store32, store64
from seinpost.scan.sentences import bits_from, sentence_start, sentence_stop
from seinpost.types import Context

AFFIRMED, NEGATED, TEMPLATE = int(Context.AFFIRMED), int(Context.NEGATED), int(Context.TEMPLATE)
EXCLUDED, HYPOTHETICAL, HISTORICAL = (
    int(Context.EXCLUDED_BY_OFFICER),
    int(Context.HYPOTHETICAL),
    int(Context.HISTORICAL),
)
OTHER_PERSON, DENIED, OTHER_MEANING = (
    int(Context.OTHER_PERSON),
    int(Context.DENIED_BY_PERSON),
    int(Context.OTHER_MEANING),
)
FAR = 1 << 40
ROLE_COUNT = 16


@kernel
def match_cues(c: int, text: int, start: int, stop: int) -> bool:
    """Match the cues of whole sentences, tokens start ... stop - 1; False when an array is too small."""
    values, listed, count = load64(c + at.VALUES), load64(c + at.LISTED), 0
    for token in range(start, stop):
        store32(listed + 4 * count, token)
        count += (load32(values + 4 * token) >> at.CUE_SHIFT) & 1
    return match_tokens(c, text, listed, count, 1)


@kernel
def find_cues(c: int, text: int, hits: int) -> bool:
    """Match the cues that may turn a hit, sorted: those around the hits and in the first sentence.

    False when an array is too small. The hits stand sorted in MATCHES.
    """
    store64(c + at.CUE_COUNT, 0)
    matches, breaks, tokens = load64(c + at.MATCHES), load64(c + at.BREAKS), load64(c + at.TOKENS)
    start = sentence_start(breaks, down(load64(matches), 32))
    stop = sentence_stop(breaks, down(load64(matches + 16 * (hits - 1)), 32), tokens)
    for _ in range(at.EXCLUDED_REACH):
        start = sentence_start(breaks, start - 1) if start > 0 else 0
        stop = sentence_stop(breaks, stop, tokens) if stop < tokens else tokens
    if start > 0 and not match_cues(c, text, 0, sentence_stop(breaks, 0, tokens)):
        return False
    if not match_cues(c, text, start, stop):
        return False
    sort_records(load64(c + at.CUES), load64(c + at.CUE_COUNT))
    return True


@kernel
def first_cue(c: int, token: int) -> int:
    """Number of the first cue that starts at `token` or later."""
    cues = load64(c + at.CUES)
    low, high = 0, load64(c + at.CUE_COUNT)
    while low < high:
        middle = (low + high) >> 1
        if down(load64(cues + 16 * middle), 32) < token:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def cue_within(c: int, role: int, first: int, last: int) -> bool:
    """Tell whether a cue of this role lies wholly within tokens first ... last."""
    cues = load64(c + at.CUES)
    for number in range(first_cue(c, first), load64(c + at.CUE_COUNT)):
        span = load64(cues + 16 * number)
        if down(span, 32) > last:
            return False
        if load64(cues + 16 * number + 8) == role and (span & 0xFFFFFFFF) <= last:
            return True
    return False


@kernel
def excluded_nearby(c: int, start: int, stop: int) -> bool:
    """Tell whether the officer excludes it in the sentences around the one from `start` to `stop`."""
    breaks, tokens = load64(c + at.BREAKS), load64(c + at.TOKENS)
    low, high = start, stop
    for _ in range(at.EXCLUDED_REACH):
        low = sentence_start(breaks, low - 1) if low > 0 else 0
        high = sentence_stop(breaks, high, tokens) if high < tokens else tokens
    before = low < start and cue_within(c, at.ROLE_EXCLUDED, low, start - 1)
    return before or (high > stop and cue_within(c, at.ROLE_EXCLUDED, stop, high - 1))


@kernel
def gather_sentence(c: int, start: int, stop: int) -> None:
    """Note per role the least end and greatest start of its cues in a sentence, and which `unless` patterns match."""
    roles, cues = load64(c + at.ROLES), load64(c + at.CUES)
    for role in range(ROLE_COUNT):
        store64(roles + 16 * role, FAR)
        store64(roles + 16 * role + 8, -1)
    stamp = load64(c + at.STAMP) + 1
    store64(c + at.STAMP, stamp)
    for number in range(first_cue(c, start), load64(c + at.CUE_COUNT)):
        span, tag = load64(cues + 16 * number), load64(cues + 16 * number + 8)
        if down(span, 32) >= stop:
            break
        if tag >= at.UNLESS:
            store64(load64(c + at.UNLESS_STAMP) + 8 * (tag - at.UNLESS), stamp)
            continue
        if (span & 0xFFFFFFFF) < load64(roles + 16 * tag):
            store64(roles + 16 * tag, span & 0xFFFFFFFF)
        store64(roles + 16 * tag + 8, down(span, 32))
    store64(c + at.ROLE_STAMP, stamp)
    store64(c + at.EXCLUDED_NEARBY, 1 if excluded_nearby(c, start, stop) else 0)


@kernel
def gather_text(c: int) -> None:
    """Note whether a template cue matches in the first sentence of the text."""
    stop = sentence_stop(load64(c + at.BREAKS), 0, load64(c + at.TOKENS))
    store64(c + at.FIRST_TEMPLATE, 1 if cue_within(c, at.ROLE_TEMPLATE, 0, stop - 1) else 0)


@kernel
def outside(c: int, role: int, first: int, last: int) -> bool:
    """Tell whether the gathered sentence has a cue of this role that does not overlap tokens first ... last."""
    entry = load64(c + at.ROLES) + 16 * role
    return load64(entry) < first or load64(entry + 8) > last


@kernel
def scope_start(c: int, first: int, reach: int, start: int) -> int:
    """First token of the scope of at most `reach` tokens before `first`, cut at the nearest terminator."""
    values, apart = load64(c + at.VALUES), load64(c + at.APART)
    token = first
    while token > start and first - token < reach:
        if bits_from(apart, token) & 1 or load32(values + 4 * (token - 1)) & at.TERMINATOR:
            break
        token -= 1
    return token


@kernel
def scope_end(c: int, last: int, reach: int, stop: int) -> int:
    """Last token of the scope of at most `reach` tokens after `last`, cut at the nearest terminator."""
    values, apart = load64(c + at.VALUES), load64(c + at.APART)
    token = last
    while token + 1 < stop and token - last < reach:
        if bits_from(apart, token + 1) & 1 or load32(values + 4 * (token + 1)) & at.TERMINATOR:
            break
        token += 1
    return token


@kernel
def is_negated(c: int, first: int, last: int, start: int, stop: int) -> bool:
    """Point 3 of section 5, for a hit of tokens first ... last in the sentence start ... stop - 1."""
    low = scope_start(c, first, load64(c + at.SCOPE_BEFORE), start)
    bare = scope_start(c, first, load64(c + at.SCOPE_BARE), start)
    high = scope_end(c, last, load64(c + at.SCOPE_AFTER), stop)
    found = (
        (low < first and cue_within(c, at.ROLE_BEFORE, low, first - 1))
        or (bare < first and cue_within(c, at.ROLE_BARE, bare, first - 1))
        or (high > last and cue_within(c, at.ROLE_AFTER, last + 1, high))
    )
    return found and not cue_within(c, at.ROLE_PSEUDO, scope_start(c, first, at.PSEUDO_REACH, start), last)


@kernel
def context_of(
    c: int, span: int, pattern: int, start: int, stop: int
) -> int:  # budget: the nine contexts, in their order
    """Context of one hit whose sentence (tokens start ... stop - 1) was gathered."""
    first, last = down(span, 32), span & 0xFFFFFFFF
    indicator = load32(load64(c + at.INDICATOR) + 4 * pattern)
    if load64(load64(c + at.UNLESS_STAMP) + 8 * indicator) == load64(c + at.ROLE_STAMP):
        return OTHER_MEANING
    if load64(load64(c + at.ROLES) + 16 * at.ROLE_TEMPLATE) != FAR:
        return TEMPLATE
    if is_negated(c, first, last, start, stop):
        return NEGATED
    if load64(c + at.FIRST_TEMPLATE):
        return TEMPLATE
    if load64(c + at.EXCLUDED_NEARBY) or outside(c, at.ROLE_EXCLUDED, first, last):
        return EXCLUDED
    if outside(c, at.ROLE_HYPOTHETICAL, first, last):
        return HYPOTHETICAL
    if outside(c, at.ROLE_HISTORICAL, first, last):
        return HISTORICAL
    if outside(c, at.ROLE_OTHER, first, last):
        return OTHER_PERSON
    if outside(c, at.ROLE_DENIED, first, last):
        return DENIED
    return AFFIRMED
