"""Machine instructions for the kernels: raw loads and stores, bit tricks, 64-byte word masks.

The kernels see memory as addresses (int64), not as arrays: a call then passes a few numbers instead of dozens of array
structs, which measured three times as fast. Every value is an int64; the functions below do what Python's operators
would do wrong on it (numba's signed arithmetic may not wrap, and `>>` keeps the sign).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_I8, _I64 = ir.IntType(8), ir.IntType(64)
_BLOCK = 64
_tuple: Any = types.Tuple
_cgutils: Any = cgutils

Emit = Callable[[Any, Any], Any]


def _load(bits: int) -> Callable[[int], int]:
    @intrinsic
    def load(_typing: Any, _address: Any) -> Any:
        def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            kind = ir.IntType(bits)
            value = builder.load(builder.inttoptr(arguments[0], kind.as_pointer()))
            value.align = 1
            return value if bits == 64 else builder.zext(value, _I64)

        return types.int64(types.int64), emit

    return cast(Callable[[int], int], load)


def _store(bits: int) -> Callable[[int, int], None]:
    @intrinsic
    def store(_typing: Any, _address: Any, _value: Any) -> Any:
        def emit(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            kind = ir.IntType(bits)
            value = arguments[1] if bits == 64 else builder.trunc(arguments[1], kind)
            builder.store(value, builder.inttoptr(arguments[0], kind.as_pointer())).align = 1
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), emit

    return cast(Callable[[int, int], None], store)


def _unary(operation: Emit) -> Callable[[int], int]:
    @intrinsic
    def unary(_typing: Any, _value: Any) -> Any:
        def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return operation(builder, arguments[0])

        return types.int64(types.int64), emit

    return cast(Callable[[int], int], unary)


def _binary(operation: Callable[[Any, Any, Any], Any]) -> Callable[[int, int], int]:
    @intrinsic
    def binary(_typing: Any, _left: Any, _right: Any) -> Any:
        def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return operation(builder, arguments[0], arguments[1])

        return types.int64(types.int64, types.int64), emit

    return cast(Callable[[int, int], int], binary)


def _call(name: str, builder: Any, *arguments: Any) -> Any:
    function = ir.FunctionType(_I64, [argument.type for argument in arguments])
    return builder.call(builder.module.declare_intrinsic(name, [_I64], function), arguments)


def _constant(value: int) -> Any:
    return ir.Constant(_I64, value)


# loads extend with zeros; addresses need not be aligned
load8, load16, load32, load64 = _load(8), _load(16), _load(32), _load(64)
store8, store32, store64 = _store(8), _store(32), _store(64)

lowest = _unary(lambda b, x: _call("llvm.cttz", b, x, ir.Constant(ir.IntType(1), 0)))  # 64 for 0
popcount = _unary(lambda b, x: _call("llvm.ctpop", b, x))
reverse = _unary(lambda b, x: _call("llvm.bitreverse", b, x))
drop_lowest = _unary(lambda b, x: b.and_(x, b.add(x, _constant(-1))))
up = _binary(lambda b, x, n: b.shl(x, n))  # n in 0..63
down = _binary(lambda b, x, n: b.lshr(x, n))  # n in 0..63, zeros come in
multiply = _binary(lambda b, x, y: b.mul(x, y))  # wraps
add = _binary(lambda b, x, y: b.add(x, y))  # wraps
choose_less = _binary(lambda b, x, y: b.select(b.icmp_signed("<", x, y), x, y))


@intrinsic
def _block_masks(_typing: Any, _address: Any) -> Any:
    """Masks of the 64 bytes at an address: (bytes of words, those of them that need the slow path).

    Bytes of words are letters, digits, `_`, the ASCII apostrophes and all of 0x80-0xFF; the last two kinds are slow.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(_I8, _BLOCK)
        data = builder.load(builder.inttoptr(arguments[0], vector.as_pointer()))
        data.align = 1

        def every(value: int) -> Any:
            return ir.Constant(vector, [value] * _BLOCK)

        def within(values: Any, first: int, count: int) -> Any:
            return builder.icmp_unsigned("<", builder.sub(values, every(first)), every(count))

        letters = within(builder.or_(data, every(0x20)), ord("a"), 26)
        plain = builder.or_(letters, builder.or_(within(data, ord("0"), 10), within(data, ord("_"), 1)))
        marks = builder.or_(within(data, ord("'"), 1), within(data, ord("`"), 1))
        slow = builder.or_(marks, builder.icmp_signed("<", data, every(0)))
        masks = [builder.bitcast(bits, _I64) for bits in (builder.or_(plain, slow), slow)]
        return context.make_tuple(builder, signature.return_type, masks)

    return _tuple((types.int64, types.int64))(types.int64), emit


block_masks = cast(Callable[[int], tuple[int, int]], _block_masks)


@intrinsic
def _likely_block(_typing: Any, _address: Any, _first: Any, _second: Any) -> Any:
    """Bits of those of four entries (u64 x 4, u64 x 4) that share no bit with the two words."""

    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(_I64, 4)
        lacking = ir.Constant(vector, [0] * 4)
        for number in range(2):
            place = builder.inttoptr(builder.add(arguments[0], _constant(32 * number)), vector.as_pointer())
            needed = builder.load(place)
            needed.align = 1
            lacks = ir.Constant(vector, ir.Undefined)
            for lane in range(4):
                lacks = builder.insert_element(lacks, arguments[1 + number], ir.Constant(ir.IntType(32), lane))
            lacking = builder.or_(lacking, builder.and_(needed, lacks))
        none = builder.icmp_unsigned("==", lacking, ir.Constant(vector, [0] * 4))
        return builder.zext(builder.bitcast(none, ir.IntType(4)), _I64)

    return types.int64(*[types.int64] * 3), emit


likely_block = cast(Callable[[int, int, int], int], _likely_block)


@intrinsic
def _gather_rows(_typing: Any, _values: Any, _first: Any, _last: Any, _rows: Any, _mask: Any, _target: Any) -> Any:
    """OR the 64-byte rows of the values (u32, masked) first ... last - 1 into the 64 bytes at the target."""

    def emit(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        values, first, last, rows, mask, target = arguments
        vector = ir.VectorType(_I64, 8)
        total = _cgutils.alloca_once_value(builder, ir.Constant(vector, [0] * 8))
        with _cgutils.for_range_slice(builder, first, last, _constant(1), intp=_I64) as (number, _):
            place = builder.add(values, builder.shl(number, _constant(2)))
            value = builder.load(builder.inttoptr(place, ir.IntType(32).as_pointer()))
            value.align = 1
            row = builder.shl(builder.and_(builder.zext(value, _I64), mask), _constant(6))
            given = builder.load(builder.inttoptr(builder.add(rows, row), vector.as_pointer()))
            given.align = 1
            builder.store(builder.or_(builder.load(total), given), total)
        kept = builder.store(builder.load(total), builder.inttoptr(target, vector.as_pointer()))
        kept.align = 1
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), emit


gather_rows = cast(Callable[[int, int, int, int, int, int], None], _gather_rows)
