"""What a value in a kernel can be: a number of one of four kinds, an array, a named tuple of them, a tuple.

Kinds follow annotations: `int` and `bool` are 64 bits with a sign, `np.uint64` the same without one, `float` and
`np.float32` what they say. What an array holds in fewer bits is an `int` once it is loaded. Kinds are mixed as numpy
mixes them, with two differences: nothing becomes or stops being unsigned unless the kernel says so, and nothing is
rounded to `np.float32` unless it says so.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

import numpy as np
from llvmlite import ir

I64 = ir.IntType(64)
WORDS_EACH = 3
"""What stands for an array in memory: its address, its length, and the length of a row (1 where it has none)."""


class Kind(Enum):
    """The kinds of numbers, and what LLVM calls each."""

    INT = "int"
    WORD = "np.uint64"
    SINGLE = "np.float32"
    FLOAT = "float"

    @property
    def is_whole(self) -> bool:
        """Whole numbers, with or without a sign."""
        return self in (Kind.INT, Kind.WORD)

    @property
    def llvm(self) -> ir.Type:
        """How a number stands in a register."""
        return I64 if self.is_whole else ir.FloatType() if self is Kind.SINGLE else ir.DoubleType()


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """An array, by what it holds."""

    item: np.dtype[Any]

    @property
    def kind(self) -> Kind:
        """What an item is once it is loaded."""
        if self.item.kind == "f":
            return Kind.SINGLE if self.item.itemsize == 4 else Kind.FLOAT
        return Kind.WORD if self.item == np.uint64 else Kind.INT


@dataclass(frozen=True, slots=True)
class RecordOf:
    """A named tuple. One of arrays alone is passed on as one address, behind which they are described in turn."""

    fields: tuple[tuple[str, Type], ...]

    @property
    def is_address(self) -> bool:
        """Arrays alone."""
        return all(isinstance(of, ArrayOf) for _, of in self.fields)


Type: TypeAlias = Kind | ArrayOf | RecordOf
Result: TypeAlias = Kind | tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a register."""

    kind: Kind
    ir: Any


@dataclass(frozen=True, slots=True)
class Array:
    """An array by the address of its description."""

    of: ArrayOf
    place: Any


@dataclass(frozen=True, slots=True)
class Record:
    """A named tuple under way: `place` is where its arrays are described, None where it is a tuple of values."""

    of: RecordOf
    fields: Mapping[str, Value]
    place: Any = None


Value: TypeAlias = Number | Array | Record

PLAIN: dict[Any, Kind] = {int: Kind.INT, bool: Kind.INT, float: Kind.FLOAT, type(None): Kind.INT}
NUMPY: dict[Any, Kind] = {np.uint64: Kind.WORD, np.float32: Kind.SINGLE, np.float64: Kind.FLOAT}
NUMPY |= dict.fromkeys((np.int64, np.int32, np.uint32, np.uint16, np.uint8), Kind.INT)


@functools.cache
def signature(function: Callable[..., Any]) -> tuple[tuple[Type, ...], Result]:
    """What a function takes and gives, by its annotations."""
    hints = get_type_hints(function)
    result = hints.pop("return", None)
    parts = get_args(result) if get_origin(result) is tuple else ()
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    taken = tuple(type_of(hints[name]) for name in names)
    return taken, tuple(kind_of(part) for part in parts) if parts else kind_of(result)


def kind_of(hint: Any) -> Kind:
    """The kind of number an annotation stands for."""
    found = NUMPY.get(hint) or PLAIN.get(hint if hint is not None else type(None))
    if found is None:
        raise TypeError(f"a kernel cannot take or give {hint}")
    return found


def type_of(hint: Any) -> Type:
    """The type an annotation stands for."""
    if get_origin(hint) is np.ndarray:
        return ArrayOf(np.dtype(get_args(get_args(hint)[1])[0]))
    if isinstance(hint, type) and issubclass(hint, tuple):
        return record_of(hint)
    return kind_of(hint)


def record_of(cls: type) -> RecordOf:
    """The type of a named tuple."""
    hints = get_type_hints(cls)
    return RecordOf(tuple((name, type_of(hints[name])) for name in cls._fields))  # type: ignore[attr-defined]


def registers(of: Type) -> Iterator[ir.Type]:
    """The registers a value is passed in."""
    if isinstance(of, Kind):
        yield of.llvm
    elif isinstance(of, ArrayOf) or of.is_address:
        yield I64
    else:
        for _, part in of.fields:
            yield from registers(part)


def spread(value: Value) -> Iterator[Any]:
    """A value as it is passed in registers."""
    if isinstance(value, Number):
        yield value.ir
    elif isinstance(value, Array) or value.place is not None:
        yield value.place
    else:
        for part in value.fields.values():
            yield from spread(part)


def gathered(builder: Any, of: Type, given: Iterator[Any]) -> Value:
    """The value that was passed in registers."""
    if isinstance(of, Kind):
        return Number(of, next(given))
    if isinstance(of, ArrayOf):
        return Array(of, next(given))
    if not of.is_address:
        return Record(of, {name: gathered(builder, part, given) for name, part in of.fields})
    place, fields = next(given), {}
    for number, (name, part) in enumerate(of.fields):
        offset = ir.Constant(I64, number * WORDS_EACH * 8)
        fields[name] = gathered(builder, part, iter([builder.add(place, offset)]))
    return Record(of, fields, place)


def fixed(value: Any) -> Number | None:
    """A constant of Python or numpy, if it is a number."""
    if isinstance(value, np.uint64):
        return Number(Kind.WORD, ir.Constant(I64, int(value)))
    if isinstance(value, int | np.integer | np.bool_):
        return Number(Kind.INT, ir.Constant(I64, int(value)))
    if isinstance(value, np.float32):
        return Number(Kind.SINGLE, ir.Constant(Kind.SINGLE.llvm, float(value)))
    if isinstance(value, float):
        return Number(Kind.FLOAT, ir.Constant(Kind.FLOAT.llvm, float(value)))
    return None


def converted(builder: Any, number: Number, kind: Kind) -> Number:
    """A number of another kind, because the kernel asks for it."""
    source, one = number.kind, number.ir
    if source is kind:
        return number
    if source.is_whole and kind.is_whole:
        return Number(kind, one)
    if source.is_whole:
        if isinstance(one, ir.Constant):
            return Number(kind, ir.Constant(kind.llvm, float(one.constant)))
        make = builder.sitofp if source is Kind.INT else builder.uitofp
    elif kind.is_whole:
        make = builder.fptosi if kind is Kind.INT else builder.fptoui
    else:
        make = builder.fpext if kind is Kind.FLOAT else builder.fptrunc
    return Number(kind, make(one, kind.llvm))


def suits(number: Number, kind: Kind) -> bool:
    """Whether a number may stand where one of a kind is wanted without the kernel saying so."""
    if number.kind is kind or (kind is Kind.FLOAT and number.kind is not Kind.WORD):
        return True
    if number.kind is not Kind.INT or not isinstance(number.ir, ir.Constant):
        return False
    return kind is Kind.SINGLE or (kind is Kind.WORD and number.ir.constant >= 0)


def common(left: Number, right: Number) -> Kind | None:
    """The kind that two numbers have in common; None where they have none."""
    if left.kind is right.kind:
        return left.kind
    kind = Kind.WORD if {left.kind, right.kind} == {Kind.INT, Kind.WORD} else Kind.FLOAT
    return kind if suits(left, kind) and suits(right, kind) else None
