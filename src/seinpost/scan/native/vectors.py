"""Wide instructions for cutting a text: 64 edges, eight look-ups or eight notes at a time.

They are written for any processor, but only worth their while where it packs and gathers by itself (AVX-512 with
VBMI2: Intel since Ice Lake, AMD since Zen 4). Elsewhere kernels take the narrow way, to the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import llvmlite.binding as llvm
from llvmlite import ir

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import Instruction

NEEDED = ("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512vbmi2", "avx512vpopcntdq")
LANES = 8
_I1, _I8, _I32, _I64 = (ir.IntType(bits) for bits in (1, 8, 32, 64))
_LANES = ir.VectorType(_I64, LANES)


def is_wide() -> bool:
    """Tell whether this processor has what makes the wide instructions fast."""
    features = llvm.get_host_cpu_features()
    return all(features.get(name, False) for name in NEEDED)


def _every(kind: ir.Type, value: int, count: int = LANES) -> Any:
    return ir.Constant(ir.VectorType(kind, count), [value] * count)


def _places(kind: ir.Type, count: int = LANES) -> Any:
    return ir.Constant(ir.VectorType(kind, count), list(range(count)))


def _spread(builder: Any, value: Any, kind: ir.Type = _I64, count: int = LANES) -> Any:
    """A number in every lane."""
    if value.type != kind:
        value = builder.trunc(value, kind)
    one = builder.insert_element(ir.Constant(ir.VectorType(kind, count), ir.Undefined), value, ir.Constant(_I32, 0))
    return builder.shuffle_vector(one, one, _every(_I32, 0, count))


def _read(builder: Any, address: Any, kind: ir.Type, count: int = LANES) -> Any:
    value = builder.load(builder.inttoptr(address, ir.VectorType(kind, count).as_pointer()))
    value.align = 1
    return value


def _write(builder: Any, value: Any, address: Any) -> None:
    builder.store(value, builder.inttoptr(address, value.type.as_pointer())).align = 1


def _declared(builder: Any, name: str, shape: ir.FunctionType) -> Any:
    return builder.module.globals.get(name) or ir.Function(builder.module, shape, name)


def _gather(builder: Any, addresses: Any, wanted: Any) -> Any:
    """The 64 bits at eight addresses; 0 in lanes that are not wanted."""
    pointers = builder.inttoptr(addresses, ir.VectorType(_I64.as_pointer(), LANES))
    kinds = [pointers.type, _I32, wanted.type, _LANES]
    gather = _declared(builder, f"llvm.masked.gather.v{LANES}i64.v{LANES}p0", ir.FunctionType(_LANES, kinds))
    return builder.call(gather, [pointers, ir.Constant(_I32, 1), wanted, _every(_I64, 0)])


def _pack(builder: Any, values: Any, wanted: Any) -> Any:
    """The wanted lanes, moved together."""
    shape = ir.FunctionType(values.type, [values.type, wanted.type, values.type])
    name = f"llvm.experimental.vector.compress.v{values.type.count}i{values.type.element.width}"
    pack = _declared(builder, name, shape)
    return builder.call(pack, [values, wanted, ir.Constant(values.type, ir.Undefined)])


def _count(builder: Any, bits: Any) -> Any:
    count = _declared(builder, "llvm.ctpop.i64", ir.FunctionType(_I64, [_I64]))
    return builder.call(count, [builder.zext(builder.bitcast(bits, _I8), _I64)])


def _write_places(builder: Any, target: Any, base: Any, bits: Any) -> Any:
    wanted = builder.bitcast(bits, ir.VectorType(_I1, 64))
    packed = _pack(builder, _places(_I8, 64), wanted)
    first = _spread(builder, base, _I32, 16)
    for part in range(0, 64, 16):
        some = builder.shuffle_vector(
            packed, packed, ir.Constant(ir.VectorType(_I32, 16), list(range(part, part + 16)))
        )
        places = builder.add(builder.zext(some, ir.VectorType(_I32, 16)), first)
        _write(builder, places, builder.add(target, ir.Constant(_I64, 4 * part)))
    return ir.Constant(_I64, 0)


write_places = cast(Callable[[int, int, int], None], Instruction(_write_places))
"""Write base + n as u32 to the target for every bit n of the third argument; always writes 256 bytes."""


def _write_ranks(builder: Any, target: Any, marks: Any, bits: Any, base: Any) -> Any:
    packed = _pack(builder, _places(_I8, 64), builder.bitcast(marks, ir.VectorType(_I1, 64)))
    first = builder.shuffle_vector(packed, packed, _places(_I32))
    left = builder.sub(_every(_I64, 63), builder.and_(builder.zext(first, _LANES), _every(_I64, 63)))
    until = builder.and_(builder.lshr(_every(_I64, -1), left), _spread(builder, bits))
    count = _declared(builder, f"llvm.ctpop.v{LANES}i64", ir.FunctionType(_LANES, [_LANES]))
    ranks = builder.add(builder.call(count, [until]), _spread(builder, base))
    _write(builder, builder.trunc(builder.lshr(ranks, _every(_I64, 1)), ir.VectorType(_I32, LANES)), target)
    return ir.Constant(_I64, 0)


write_ranks = cast(Callable[[int, int, int, int], None], Instruction(_write_ranks))
"""Write (bits up to and with n, plus a base) >> 1 as u32 for the lowest eight n of a mask: target, mask, bits, base.

Always writes 32 bytes.
"""


def _kept(builder: Any, sizes: Any) -> tuple[Any, Any]:
    """Masks that keep the first 0-16 bytes of the two halves of a key."""
    bits = builder.and_(builder.shl(sizes, _every(_I64, 3)), _every(_I64, 63))
    some = builder.not_(builder.shl(_every(_I64, -1), bits))
    full, none = _every(_I64, -1), _every(_I64, 0)
    short = builder.icmp_unsigned("<", sizes, _every(_I64, 8))
    longer = builder.select(builder.icmp_unsigned("<", sizes, _every(_I64, 16)), some, full)
    return builder.select(short, some, full), builder.select(short, none, longer)


def _look_up(builder: Any, text: Any, edges: Any, count: Any, memo: Any, shift: Any, *targets: Any) -> Any:
    pairs = _read(builder, edges, _I64)
    starts = builder.and_(pairs, _every(_I64, 0xFFFFFFFF))
    sizes = builder.sub(builder.lshr(pairs, _every(_I64, 32)), starts)
    there = builder.icmp_unsigned("<", _places(_I64), _spread(builder, count))
    words = builder.add(starts, _spread(builder, text))
    keys = []
    for place, mask in zip((words, builder.add(words, _every(_I64, 8))), _kept(builder, sizes), strict=True):
        keys.append(builder.and_(builder.or_(_gather(builder, place, there), _every(_I64, at.LOW)), mask))
    mixed = builder.mul(builder.add(keys[0], builder.mul(keys[1], _every(_I64, at.MIX_2))), _every(_I64, at.MIX_1))
    slots = builder.shl(builder.lshr(mixed, _spread(builder, shift)), _every(_I64, 5))
    slots = builder.add(slots, _spread(builder, memo))
    same = builder.and_(there, builder.icmp_unsigned("<=", sizes, _every(_I64, 16)))
    for number, key in enumerate(keys):
        kept = _gather(builder, builder.add(slots, _every(_I64, 8 * number)), there)
        same = builder.and_(same, builder.icmp_signed("==", kept, key))
    values = _gather(builder, builder.add(slots, _every(_I64, 16)), there)
    _write(builder, pairs, targets[0])
    _write(builder, builder.trunc(values, ir.VectorType(_I32, LANES)), targets[1])
    missed = builder.and_(there, builder.not_(same))
    return builder.zext(builder.bitcast(missed, _I8), _I64)


look_up = cast(Callable[[int, int, int, int, int, int, int], int], Instruction(_look_up))
"""Look up to eight plain words in the memo: text, edges, count, memo, its shift, targets of spans and values.

Gives a bit per word that the memo does not hold, whose value is wrong. Always writes eight spans and eight values.
"""


def _note_woken(builder: Any, values: Any, count: Any, token: Any, target: Any) -> Sequence[Any]:
    some = _read(builder, values, _I32)
    there = builder.icmp_unsigned("<", _places(_I32), _spread(builder, count, _I32))
    none, noted = _every(_I32, 0), []
    for flag in (at.WAKE, at.THREE_DIGITS):
        has = builder.icmp_signed("!=", builder.and_(some, _every(_I32, flag)), none)
        noted.append(builder.and_(there, has))
    tokens = builder.add(_places(_I32), _spread(builder, token, _I32))
    _write(builder, _pack(builder, tokens, noted[0]), target)
    return tuple(_count(builder, bits) for bits in noted)


note_woken = cast(Callable[[int, int, int, int], tuple[int, int]], Instruction(_note_woken))
"""Note which of up to eight tokens are woken: values, count, number of the first token, target (u32).

Gives how many they are, and how many may be the tail of a number with thousands. Always writes 32 bytes.
"""


def _kinds_of_gaps(builder: Any, text: Any, spans: Any, values: Any, tokens: Any, count: Any, total: Any) -> Any:
    def is_one(byte: Any, *values: int) -> Any:
        found = builder.icmp_signed("==", byte, _every(_I64, values[0]))
        for value in values[1:]:
            found = builder.or_(found, builder.icmp_signed("==", byte, _every(_I64, value)))
        return found

    def within(byte: Any, first: int, size: int) -> Any:
        return builder.icmp_unsigned("<", builder.sub(byte, _every(_I64, first)), _every(_I64, size))

    def both(*parts: Any) -> Any:
        found = parts[0]
        for part in parts[1:]:
            found = builder.and_(found, part)
        return found

    number = builder.zext(_read(builder, tokens, _I32), _LANES)
    there = builder.icmp_unsigned("<", _places(_I64), _spread(builder, count))
    after_first = builder.icmp_unsigned(
        "<", builder.sub(number, _every(_I64, 1)), builder.sub(_spread(builder, total), _every(_I64, 1))
    )
    there = builder.and_(there, after_first)
    before = builder.sub(builder.shl(number, _every(_I64, 2)), _every(_I64, 4))
    bounds = builder.add(builder.shl(before, _every(_I64, 1)), _every(_I64, 4))  # of the end of the token before
    bounds = _gather(builder, builder.add(bounds, _spread(builder, spans)), there)
    left, right = builder.and_(bounds, _every(_I64, 0xFFFFFFFF)), builder.lshr(bounds, _every(_I64, 32))
    size = builder.sub(right, left)
    pair = _gather(builder, builder.add(left, _spread(builder, text)), there)
    value = _gather(builder, builder.add(before, _spread(builder, values)), there)
    first = builder.and_(pair, _every(_I64, 0xFF))
    second = builder.and_(builder.lshr(pair, _every(_I64, 8)), _every(_I64, 0xFF))
    # as sentences.quick_bits
    stopped = builder.icmp_signed("!=", builder.and_(value, _every(_I64, at.NO_STOP)), _every(_I64, 0))
    ends = builder.or_(is_one(first, *b"!?;"), both(is_one(first, *b"."), builder.not_(stopped)))
    ended = both(ends, is_one(second, *b" \n\r"), builder.icmp_signed(">", size, _every(_I64, 1)))
    line, comma = is_one(first, *b"\n"), is_one(first, *b",")
    strange = builder.not_(builder.or_(line, within(first, 0x20, 0x7F - 0x20)))
    lower, high = within(second, 0x61, 26), builder.icmp_signed(">", second, _every(_I64, 0x7F))
    alone, spaced = is_one(size, 1), both(is_one(size, 2), is_one(second, *b" "))
    known = builder.or_(alone, spaced)
    lone_line = both(alone, line)
    unknown = builder.or_(builder.not_(known), builder.or_(strange, both(line, builder.or_(spaced, high))))
    breaks = builder.or_(ended, both(lone_line, builder.not_(builder.or_(lower, high))))
    others = builder.and_(there, builder.not_(ended))
    found = (both(breaks, there), both(comma, known, others), both(unknown, others))
    return tuple(builder.zext(builder.bitcast(bits, _I8), _I64) for bits in found)


kinds_of_gaps = cast(
    Callable[[int, int, int, int, int, int], tuple[int, int, int]],
    Instruction(_kinds_of_gaps),
)
"""What stands before up to eight tokens: text, spans, values, token numbers (u32), how many, tokens of the text.

Gives a bit each for a break, a comma, and what `sentences.gap_bits` must look at. None for the first token, or for one
past the last.
"""
