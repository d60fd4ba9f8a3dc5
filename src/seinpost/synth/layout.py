"""Numbers that the grammar compiler and the kernels agree on."""

from __future__ import annotations

# Operations of a rule: `kind`, with operands `a`, `b`, `c`.
LITERAL = 0  # bytes text[a : a + b]
PICK = 1  # one alternative of symbol a, drawn anew
SAME = 2  # one alternative of symbol a, the same in the whole registration for key b
ROLE = 3  # one alternative of the symbol that the incident type has for role a; nothing if it has none
SITUATION = 4  # the casebook text of this registration
NUMBER = 5  # a number from a to b, filled with zeros to c digits
DATE = 6  # a day at most a days before the registration, dd-mm-jjjj

# Cells of the composer's workspace.
USED, TYPE, STORY, DAY, CELLS = 0, 1, 2, 3, 4
STREAM, ROW_KEY, KEYS = 0, 1, 2
USED_RULES = 64  # fragments remembered so that none is told twice in one registration
REDRAWS = 6

# What a registration is; the stored code of truth_kind.
ORDINARY, NEAR_MISS, SIGNAL = 0, 1, 2
KINDS = ("ordinary", "near_miss", "signal")

ROLES = ("opening", "event", "statement", "detail", "negation", "handling", "closing", "form", "ruled_out")
SHAPES = ("plain", "signal", "beside", "alone")  # root symbols: what a registration is built as
