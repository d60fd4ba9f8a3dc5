"""Where the kernels find things: byte offsets into one control block of int64, and the bits of a token value.

A control block belongs to one workspace. It holds addresses of the compiled tables (shared, never written), addresses
of the workspace's own arrays, and the few numbers that kernels hand to each other.
"""

from __future__ import annotations

# --- a token value: what the tables know about one folded word -------------------------------------------------------
CLASS_MASK = (1 << 24) - 1  # which token sets hold the word; 0: none
TERMINATOR = 1 << 25  # ends the scope of a negation
WAKE = 1 << 26  # ANCHOR or THREE_DIGITS: the document loop must look at this token
NO_STOP = 1 << 27  # abbreviation or single letter: a full stop after it ends no sentence
CUE_SHIFT = 28
CUE = 1 << CUE_SHIFT  # may anchor a cue of a context
ANCHOR = 1 << 29  # may anchor a pattern
THREE_DIGITS = 1 << 30  # may be the tail of a number with thousands

# --- entries of the folding table (written by tools/make_folding.py) -------------------------------------------------
FOLD_KIND, FOLD_WORD, FOLD_MARK, FOLD_DROPPED = 7, 1, 2, 3
FOLD_SPACE, FOLD_LINE_END, FOLD_LOWER, FOLD_ONE_LETTER = 8, 16, 32, 64
FOLD_ITSELF = 31

# --- the compiled tables ---------------------------------------------------------------------------------------------
FOLD_INDEX = 0  # u16 per 256 code points: block
FOLD_ENTRIES = 8  # u32 per code point of a block
FOLD_POOL = 16  # u8: folded bytes
KEY_MASKS = 24  # 17 pairs of u64 that keep the first 0-16 bytes of a key
EXACT = 32  # 32 bytes per slot: key 0-7, key 8-15, value u32 and length u32, place in the arena
EXACT_LAST = 40  # slots - 1
ARENA = 48  # u8: long words and affixes
AFFIX_HEADS = 56  # u32 per bucket: first affix (from 1)
AFFIXES = 64  # 4 x u32 per affix: next, test, length, place in the arena
TEST_CLASS = 72  # u32 per open test: the class of a word that passes this test only
PLANS = 104  # i32 stream, see variants.Encoder
ITEMS = 112  # i32 stream, see variants.Encoder
MEMBER_STARTS = 120  # bytes of the summary in one membership row; half as many follow for the places
INDICATOR = 128  # u32 per pattern
SCOPE_BEFORE, SCOPE_BARE, SCOPE_AFTER = 136, 144, 152

# --- the workspace: classes (the compiled ones first, then those met on the way) -------------------------------------
CLASSES = 160  # CLASS_BYTES per class
MEMBERS = (
    168  # per class: a bit per block of 64 columns that is not empty; u32 per 64 of these: place of the first block
)
CLASS_LISTS = 176  # lists of entries, counted in units of LIST_UNIT bytes
CLASS_COUNT, CLASS_CAP, CLASS_FIXED = 184, 192, 200
LISTS_COUNT, LISTS_CAP = 208, 216
BLOCKS, BLOCKS_COUNT, BLOCKS_CAP = 584, 592, 600  # u64 of membership bits each
MIX_TABLE, MIX_LAST = 224, 232  # u32 per slot: class made for a mix of tests (0: empty)
MIX_KEYS, MIX_COUNT, MIX_CAP = 240, 248, 256  # u32 stream: count, tests; a class finds its own by MIX_PLACE
MIX_PLACE = 264  # u32 per class made on the way
FOUND = 272  # u32: open tests that one word passes

# --- the workspace: memo of words -------------------------------------------------------------------------------------
MEMO, MEMO_SHIFT = 280, 288  # 32 bytes per word of at most 16 bytes: key, value u32
LONG_MEMO, LONG_SHIFT = 296, 304  # 64 bytes per word of at most 32: key, value
LATE_MEMO = 808  # as MEMO, a small one for words whose place is taken
KEY, KEY_CAP = 312, 320  # u8: the folded word under the lens

# --- the workspace: one document --------------------------------------------------------------------------------------
EDGES = 328  # i32: starts and ends of runs, in turn
SLOW = 336  # u32: runs that need the slow path
SPANS = 344  # u32 start, u32 end per token, bytes within the text
VALUES = 352  # u32 per token
WOKEN = 360  # u32: tokens with WAKE
TOKEN_CAP = 368
BREAKS, APART = 376, 384  # bit per token: sentence break before it; break or comma before it
BITS_READY = 392
TOKENS, WOKEN_COUNT = 400, 408
MATCHES, MATCH_COUNT, MATCH_CAP = 424, 432, 440  # u64 start << 32 | end (tokens), u64 pattern
CUES, CUE_COUNT, CUE_CAP = 448, 456, 464  # the same with cue tags
LAST_MATCH, LAST_STAMP = 472, 480  # u64 per pattern: place in MATCHES last seen; u64: in which document
STAMP = 488
UNLESS_STAMP = 496  # u64 per indicator
ROLES = 504  # 2 x i64 per cue role: least end, greatest start
ROLE_STAMP = 512

# --- the batch --------------------------------------------------------------------------------------------------------
ADDRESSES, LENGTHS = 520, 528  # i64 per row
OUT, OUT_COUNT, OUT_CAP = 536, 544, 552  # 48 bytes per hit, see OUT_*
WANTED = 560  # what ran out, see GROW_*
EXCLUDED_NEARBY = 568  # 1 if the officer excludes it in a sentence around the gathered one
FIRST_TEMPLATE = 576  # 1 if a template cue matches in the first sentence
AFFIX_KINDS = 608  # bit per kind of affix that the pack has
SENTENCE_START, SENTENCE_STOP = 616, 624  # of the sentence being matched
GAP_KINDS = 768  # u8 per byte value: see sentences.fill_bits
MARKS = 776  # u32: runs before which a mark stands that may end a sentence or part words
GAPS, GAP_COUNT = 784, 792  # u32: tokens before which a mark stands
SEEN = 800  # OR of all token values
CANDIDATES = 816  # u64 sentence looked into, u32 token, u32 words of its signature that hold what the token waits for
SENTENCES = 824  # LOOKED_BYTES per sentence looked into
QUEUE = 832  # u64 entry, u64 sentence, u64 token: plans to try
LISTED = 840  # u32: tokens that may anchor a cue
WIDE = 848  # 1 where the wide instructions are used
SLOTS = 107

QUEUE_CAP, QUEUE_BYTES = 1024, 24
OUT_BYTES = 48

# --- one class: what its words give to a sentence, what its entries want of it, and the lists of entries -------------
# For each side (pattern entries; SIDE further, cue entries) there is a bit per first need that its entries have. The
# entries of one bit lie together; the list begins with a u16 per bit, in order: the unit where they begin. RANKS holds
# a u16 per word of WANTS: the number of bits in the words before it.
SIGNATURE_BYTES, SIGNATURE_BITS = 64, 512
GIVES_FIRST, WANTS, GIVES_MORE = 0, 64, 128
WANTS_SIDE = 128
LIST, LIST_SIZE, LIST_SIDE = 256, 260, 8  # u32 place and u32 size, in units
RANKS, RANKS_SIDE = 272, 16
CLASS_BYTES = 384  # a multiple of 128: what a class gives and wants lies in two lines fetched together
ALWAYS = 1  # bit 0 of both signatures: every sentence gives it

# --- one sentence looked into: both signatures (SIGNATURE_BYTES each, see GIVES_*), u32 start, u32 stop ---------------
LOOKED_MORE, LOOKED_START, LOOKED_STOP, LOOKED_BYTES = 64, 128, 132, 192
LOOKED_CAP, CANDIDATES_CAP = 64, 1024  # looked into at a time

# --- one entry: a plan to try, if the sentence gives the second to fourth rarest of what it needs ---------------------
LIST_UNIT = 16
ENTRY_PLAN, ENTRY_NEEDS, ENTRY_FLAGS = 0, 4, 10  # u32, 3 x u16, u16
ENTRY_LAST, ENTRY_ALONE = 1, 2  # last of its bit; the anchor is the whole pattern
OUT_ROW, OUT_PATTERN, OUT_START, OUT_END = 0, 8, 12, 16
OUT_BYTE_START, OUT_BYTE_END, OUT_SENTENCE, OUT_CONTEXT = 20, 24, 28, 32

# kinds of gaps between tokens by their first byte
GAP_BREAK, GAP_COMMA, GAP_UNKNOWN, GAP_STOP, GAP_LINE = 1, 2, 4, 8, 16
GAP_LINE_SHIFT = 4
NO_STOP_SHIFT = 27

# what must grow before the row can be scanned again
GROW_NOTHING, GROW_TOKENS, GROW_KEY, GROW_CLASSES, GROW_MATCHES, GROW_CUES, GROW_OUT = range(7)

# --- cue roles: tags below UNLESS; above it UNLESS + indicator --------------------------------------------------------
ROLE_BEFORE, ROLE_BARE, ROLE_AFTER, ROLE_PSEUDO, ROLE_TEMPLATE = 0, 1, 2, 3, 4
ROLE_EXCLUDED, ROLE_HYPOTHETICAL, ROLE_HISTORICAL, ROLE_OTHER, ROLE_DENIED = 5, 6, 7, 8, 9
UNLESS = 16
PSEUDO_REACH = 4  # tokens before the hit in which a pseudo cue counts
EXCLUDED_REACH = 2  # sentences around the hit in which the officer's verdict counts

# --- hashing: the tables are filled in Python with the same steps (plans.tables.key_hash) ----------------------------
MIX_1 = -0x61C8864680B583EB  # 0x9E3779B97F4A7C15
MIX_2 = -0x3D4D51C2D82B14B1  # 0xC2B2AE3D27D4EB4F
LOW = 0x2020202020202020
LATE_BITS = 12
CHUNK = 4096  # bytes tokenised at a time
AHEAD = 1536  # bytes fetched ahead
AFFIX_BUCKETS = 8192
AFFIX_PREFIX_2, AFFIX_PREFIX_3, AFFIX_SUFFIX, AFFIX_INFIX = 1, 2, 3, 4
