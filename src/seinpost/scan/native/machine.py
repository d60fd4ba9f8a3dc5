"""Machine instructions for the kernels: raw loads and stores, bit tricks, 64-byte word masks.

The kernels see memory as addresses (int64), not as arrays. Loads extend with zeros; addresses need not be aligned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir

from seinpost.scan import layout as at
from seinpost.scan.native.kernels import Instruction

_I8, _I64 = ir.IntType(8), ir.IntType(64)
_BLOCK = 64
_AT_ONCE = 8
Emit = Callable[..., Any]
Unary = Callable[[int], int]
Binary = Callable[[int, int], int]


def _instruction(emit: Emit) -> Any:
    return Instruction(emit)


def _constant(value: int) -> Any:
    return ir.Constant(_I64, value)


def _load(bits: int) -> Unary:
    def emit(builder: Any, address: Any) -> Any:
        kind = ir.IntType(bits)
        value = builder.load(builder.inttoptr(address, kind.as_pointer()))
        value.align = 1
        return value if bits == 64 else builder.zext(value, _I64)

    return cast(Unary, _instruction(emit))


def _store(bits: int) -> Callable[[int, int], None]:
    def emit(builder: Any, address: Any, value: Any) -> Any:
        kind = ir.IntType(bits)
        part = value if bits == 64 else builder.trunc(value, kind)
        builder.store(part, builder.inttoptr(address, kind.as_pointer())).align = 1
        return _constant(0)

    return cast(Callable[[int, int], None], _instruction(emit))


def _unary(emit: Emit) -> Unary:
    return cast(Unary, _instruction(emit))


def _binary(emit: Emit) -> Binary:
    return cast(Binary, _instruction(emit))


def _call(name: str, builder: Any, *arguments: Any) -> Any:
    function = ir.FunctionType(_I64, [argument.type for argument in arguments])
    return builder.call(builder.module.declare_intrinsic(name, [_I64], function), arguments)


load8, load16, load32, load64 = _load(8), _load(16), _load(32), _load(64)
store8, store16, store32, store64 = _store(8), _store(16), _store(32), _store(64)

lowest = _unary(lambda b, x: _call("llvm.cttz", b, x, ir.Constant(ir.IntType(1), 0)))  # 64 for 0
popcount = _unary(lambda b, x: _call("llvm.ctpop", b, x))
reverse = _unary(lambda b, x: _call("llvm.bitreverse", b, x))
drop_lowest = _unary(lambda b, x: b.and_(x, b.add(x, _constant(-1))))
below = _unary(lambda b, x: b.and_(b.not_(x), b.add(x, _constant(-1))))  # the bits below the lowest one set
up = _binary(lambda b, x, n: b.shl(x, n))  # n in 0..63
down = _binary(lambda b, x, n: b.lshr(x, n))  # n in 0..63, zeros come in
multiply = _binary(lambda b, x, y: b.mul(x, y))  # wraps
add = _binary(lambda b, x, y: b.add(x, y))  # wraps
choose_less = _binary(lambda b, x, y: b.select(b.icmp_signed("<", x, y), x, y))


def _prefetch(builder: Any, address: Any) -> Any:
    place, kind = builder.inttoptr(address, _I8.as_pointer()), ir.IntType(32)
    shape = ir.FunctionType(ir.VoidType(), [place.type, kind, kind, kind])
    name = "llvm.prefetch.p0"
    function = builder.module.globals.get(name) or ir.Function(builder.module, shape, name)
    builder.call(function, [place, *(ir.Constant(kind, value) for value in (0, 3, 1))])
    return _constant(0)


prefetch = cast(Callable[[int], None], _instruction(_prefetch))
"""Bring the 64 bytes at an address near; it need not be readable."""


def _block_masks(builder: Any, address: Any) -> Any:
    vector = ir.VectorType(_I8, _BLOCK)
    data = builder.load(builder.inttoptr(address, vector.as_pointer()))
    data.align = 1

    def every(value: int) -> Any:
        return ir.Constant(vector, [value] * _BLOCK)

    def within(values: Any, first: int, count: int) -> Any:
        return builder.icmp_unsigned("<", builder.sub(values, every(first)), every(count))

    letters = within(builder.or_(data, every(0x20)), ord("a"), 26)
    plain = builder.or_(letters, builder.or_(within(data, ord("0"), 10), within(data, ord("_"), 1)))
    marks = builder.or_(within(data, ord("'"), 1), within(data, ord("`"), 1))
    slow = builder.or_(marks, builder.icmp_signed("<", data, every(0)))
    stops = builder.or_(within(builder.or_(data, every(2)), ord("."), 1), within(data, ord("!"), 1))
    ends = builder.or_(within(builder.or_(data, every(4)), ord("?"), 1), within(builder.or_(data, every(7)), 0x0F, 1))
    masks = (builder.or_(plain, slow), slow, builder.or_(stops, ends))
    return tuple(builder.bitcast(bits, _I64) for bits in masks)


block_masks = cast(Callable[[int], tuple[int, int, int]], _instruction(_block_masks))
"""Masks of the 64 bytes at an address: (bytes of words, those of them that need the slow path, marks).

Bytes of words are letters, digits, `_`, the ASCII apostrophes and all of 0x80-0xFF; the last two kinds are slow. Marks
are `. , ! ? ;` and 0x08-0x0F, line ends among them.
"""


def _shared_words(builder: Any, left: Any, right: Any) -> Any:
    vector = ir.VectorType(_I64, 8)
    both = []
    for place in (left, right):
        words = builder.load(builder.inttoptr(place, vector.as_pointer()))
        words.align = 1
        both.append(words)
    shared = builder.icmp_unsigned("!=", builder.and_(*both), ir.Constant(vector, [0] * 8))
    return builder.zext(builder.bitcast(shared, _I8), _I64)


shared_words = _binary(_shared_words)
"""Bit per word of two rows of 64 bytes: do the words share a bit?"""


def _gather_rows(builder: Any, values: Any, first: Any, last: Any, rows: Any, target: Any) -> Any:  # budget: one loop
    vector = ir.VectorType(_I64, 8)
    with builder.goto_entry_block():
        total, place = builder.alloca(vector), builder.alloca(_I64)
    builder.store(ir.Constant(vector, [0] * 8), total)
    builder.store(first, place)
    body, after = (builder.append_basic_block(name) for name in ("body", "after"))
    builder.branch(body)
    builder.position_at_end(body)
    begin, joined = builder.load(place), builder.load(total)
    for step in range(_AT_ONCE):
        number = builder.add(begin, _constant(step))
        one = builder.add(values, builder.shl(number, _constant(2)))
        value = builder.load(builder.inttoptr(one, ir.IntType(32).as_pointer()))
        value.align = 1
        number_of_class = builder.and_(builder.zext(value, _I64), _constant(at.CLASS_MASK))
        there = builder.icmp_signed("<", number, last)
        row = builder.mul(builder.select(there, number_of_class, _constant(0)), _constant(at.CLASS_BYTES))
        given = builder.load(builder.inttoptr(builder.add(rows, row), vector.as_pointer()))
        given.align = 1
        joined = builder.or_(joined, given)
    builder.store(joined, total)
    onward = builder.add(begin, _constant(_AT_ONCE))
    builder.store(onward, place)
    builder.cbranch(builder.icmp_signed("<", onward, last), body, after)
    builder.position_at_end(after)
    builder.store(builder.load(total), builder.inttoptr(target, vector.as_pointer())).align = 1
    return _constant(0)


gather_rows = cast(Callable[[int, int, int, int, int], None], _instruction(_gather_rows))
"""OR 64 bytes of the classes of the values (u32) first ... last - 1 into the 64 bytes at the target.

Eight values at a time, those past the last read as class 0, which has no bits: how long a sentence is is hard to guess.
"""
