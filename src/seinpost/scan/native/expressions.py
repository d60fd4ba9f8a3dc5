"""From the expressions of a kernel to LLVM: names, arithmetic, comparisons, places of arrays, calls."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Sequence
from types import CodeType, ModuleType
from typing import Any, NoReturn, cast

import numpy as np
from llvmlite import ir

from seinpost.scan.native.kernels import Instruction, Kernel
from seinpost.scan.native.values import (
    I64,
    NUMPY,
    PLAIN,
    Array,
    Kind,
    Number,
    Record,
    Value,
    common,
    converted,
    fixed,
    record_of,
    signature,
    spread,
    suits,
)

ZERO, ONE = ir.Constant(I64, 0), ir.Constant(I64, 1)
TRUE, FALSE = Number(Kind.INT, ONE), Number(Kind.INT, ZERO)
COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
WHOLE = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.RShift: "ashr",
}
REAL = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
ROOTS = {math.sqrt: "llvm.sqrt", np.sqrt: "llvm.sqrt"}
LIBRARY = {math.log: "log", math.exp: "exp", math.log1p: "log1p", np.log: "log", np.exp: "exp", np.log1p: "log1p"}
"""Functions of the C library, which every process that runs Python has."""
Place = tuple[Kind, Any]


class Expressions:
    """Writes the expressions of one function."""

    _globals: dict[str, Any]
    _code: CodeType
    _builder: Any
    _places: dict[str, Place]  # variables: numbers alone
    _given: dict[str, Array | Record]  # parameters that are no numbers
    _declared: Callable[[Kernel], Any]

    def _refuse(self, node: ast.AST, why: str = "") -> NoReturn:
        line = self._code.co_firstlineno + getattr(node, "lineno", 1) - 1
        what = f"a kernel cannot hold {type(node).__name__}{why}"
        raise SyntaxError(what, (self._code.co_filename, line, None, ast.unparse(node)))

    def _block(self, name: str) -> ir.Block:
        return cast(ir.Block, self._builder.append_basic_block(name))

    # --- values --------------------------------------------------------------------------------------------------

    def _any(self, node: ast.expr) -> Any:
        """A number, an array, a named tuple, or a tuple of numbers."""
        write = getattr(self, f"_value_{type(node).__name__.lower()}", None)
        if write is None:
            self._refuse(node)
        return write(node)

    def _value(self, node: ast.expr) -> Number:
        value = self._any(node)
        if not isinstance(value, Number):
            self._refuse(node, " where a number is wanted")
        return value

    def _suited(self, node: ast.AST, number: Number, kind: Kind) -> Number:
        if not suits(number, kind):
            self._refuse(node, f": {number.kind.value} where {kind.value} is wanted")
        return converted(self._builder, number, kind)

    def _common(self, node: ast.AST, left: Number, right: Number) -> Kind:
        return common(left, right) or self._refuse(node, f": {left.kind.value} and {right.kind.value}")

    def _alike(self, node: ast.AST, left: Number, right: Number) -> tuple[Number, Number]:
        """Two numbers as numbers of the kind they have in common."""
        kind = self._common(node, left, right)
        return converted(self._builder, left, kind), converted(self._builder, right, kind)

    def _value_constant(self, node: ast.Constant) -> Number:
        return fixed(node.value) or self._refuse(node)

    def _value_name(self, node: ast.Name) -> Value:
        if node.id in self._places:
            kind, place = self._places[node.id]
            return Number(kind, self._builder.load(place))
        if node.id in self._given:
            return self._given[node.id]
        return fixed(self._globals.get(node.id)) or self._refuse(node)

    def _value_attribute(self, node: ast.Attribute) -> Value:
        outer = self._outer(node)
        if outer is not None:
            return fixed(outer) or self._refuse(node)
        owner = self._any(node.value)
        if not isinstance(owner, Record) or node.attr not in owner.fields:
            self._refuse(node)
        return owner.fields[node.attr]

    def _outer(self, node: ast.expr) -> Any:
        """What a name outside the function stands for: in its own module, or `module.name`."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = self._globals.get(node.value.id)
            return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
        return self._globals.get(node.id) if isinstance(node, ast.Name) else None

    def _value_subscript(self, node: ast.Subscript) -> Number:
        array, place = self._item(node)
        bits = array.of.item.itemsize * 8
        kind = array.of.kind
        if not kind.is_whole:
            return Number(kind, self._builder.load(self._builder.inttoptr(place, kind.llvm.as_pointer())))
        value = self._builder.load(self._builder.inttoptr(place, ir.IntType(bits).as_pointer()))
        widen = self._builder.sext if array.of.item.kind == "i" else self._builder.zext
        return Number(kind, value if bits == 64 else widen(value, I64))

    def _item(self, node: ast.Subscript) -> tuple[Array, Any]:
        """The array and the address of one of its items; no index is checked, and none counts from the end."""
        array = self._any(node.value)
        if not isinstance(array, Array):
            self._refuse(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        index = [self._value(part) for part in parts]
        if len(index) > 2 or not all(one.kind.is_whole for one in index):
            self._refuse(node)
        number = index[0].ir
        if len(index) == 2:
            number = self._builder.add(self._builder.mul(number, self._described(array, 2)), index[1].ir)
        size = ir.Constant(I64, array.of.item.itemsize)
        return array, self._builder.add(self._described(array, 0), self._builder.mul(number, size))

    def _described(self, array: Array, word: int) -> Any:
        """A word of the description of an array, which stays as it is while kernels run."""
        place = self._builder.add(array.place, ir.Constant(I64, 8 * word))
        value = self._builder.load(self._builder.inttoptr(place, I64.as_pointer()))
        value.set_metadata("invariant.load", self._builder.module.add_metadata([]))
        return value

    # --- truth ---------------------------------------------------------------------------------------------------

    def _branch(self, node: ast.expr, yes: ir.Block, no: ir.Block) -> None:
        """Go to one block if the condition holds, to the other if not; `and` and `or` look no further than needed."""
        if isinstance(node, ast.BoolOp):
            both = isinstance(node.op, ast.And)
            for part in node.values[:-1]:
                onward = self._block("and" if both else "or")
                self._branch(part, onward if both else yes, no if both else onward)
                self._builder.position_at_end(onward)
            self._branch(node.values[-1], yes, no)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._branch(node.operand, no, yes)
        else:
            value = self._value(node)
            self._builder.cbranch(self._compare(node, "!=", value, FALSE), yes, no)

    def _compare(self, node: ast.AST, sign: str, left: Number, right: Number) -> Any:
        left, right = self._alike(node, left, right)
        if left.kind is Kind.INT:
            return self._builder.icmp_signed(sign, left.ir, right.ir)
        if left.kind is Kind.WORD:
            return self._builder.icmp_unsigned(sign, left.ir, right.ir)
        compare = self._builder.fcmp_unordered if sign == "!=" else self._builder.fcmp_ordered
        return compare(sign, left.ir, right.ir)

    def _value_compare(self, node: ast.Compare) -> Number:
        holds, left = None, self._value(node.left)
        for operator, other in zip(node.ops, node.comparators, strict=True):
            if type(operator) not in COMPARISONS:
                self._refuse(node)
            right = self._value(other)
            one = self._compare(node, COMPARISONS[type(operator)], left, right)
            holds, left = one if holds is None else self._builder.and_(holds, one), right
        return Number(Kind.INT, self._builder.zext(holds, I64))

    def _value_boolop(self, node: ast.BoolOp) -> Number:
        return self._either(node, lambda: TRUE, lambda: FALSE)

    def _value_ifexp(self, node: ast.IfExp) -> Number:
        return self._either(node.test, lambda: self._value(node.body), lambda: self._value(node.orelse))

    def _either(self, test: ast.expr, left: Callable[[], Number], right: Callable[[], Number]) -> Number:
        yes, no, after = self._block("yes"), self._block("no"), self._block("after")
        self._branch(test, yes, no)
        ends: list[tuple[Number, ir.Block]] = []
        for block, one in ((yes, left), (no, right)):
            self._builder.position_at_end(block)
            ends.append((one(), self._builder.block))
        kind = self._common(test, ends[0][0], ends[1][0])
        joined = []
        for value, block in ends:
            self._builder.position_at_end(block)
            joined.append((converted(self._builder, value, kind).ir, block))
            self._builder.branch(after)
        self._builder.position_at_end(after)
        chosen = self._builder.phi(kind.llvm)
        for one, block in joined:
            chosen.add_incoming(one, block)
        return Number(kind, chosen)

    # --- arithmetic ----------------------------------------------------------------------------------------------

    def _value_unaryop(self, node: ast.UnaryOp) -> Number:
        if isinstance(node.op, ast.Not):
            return self._either(node.operand, lambda: FALSE, lambda: TRUE)
        value = self._value(node.operand)
        if isinstance(node.op, ast.USub):
            if isinstance(value.ir, ir.Constant) and value.kind is not Kind.WORD:
                return Number(value.kind, ir.Constant(value.ir.type, -value.ir.constant))
            negate = self._builder.neg if value.kind.is_whole else self._builder.fneg
            return Number(value.kind, negate(value.ir))
        if isinstance(node.op, ast.Invert) and value.kind.is_whole:
            return Number(value.kind, self._builder.not_(value.ir))
        return self._refuse(node)

    def _value_binop(self, node: ast.BinOp) -> Number:
        return self._operate(node, node.op, self._value(node.left), self._value(node.right))

    def _operate(self, node: ast.AST, operator: ast.operator, left: Number, right: Number) -> Number:
        left, right = self._alike(node, left, right)
        if isinstance(operator, ast.Div) and left.kind is Kind.INT:
            left, right = (converted(self._builder, one, Kind.FLOAT) for one in (left, right))
        name = (WHOLE if left.kind.is_whole else REAL).get(type(operator))
        if name is None:
            self._refuse(node)
        if name == "ashr" and left.kind is Kind.WORD:
            name = "lshr"
        return Number(left.kind, getattr(self._builder, name)(left.ir, right.ir))

    # --- calls ---------------------------------------------------------------------------------------------------

    def _value_call(self, node: ast.Call) -> Any:
        if node.keywords:
            self._refuse(node)
        called = self._outer(node.func)
        if called is None and isinstance(node.func, ast.Name):
            called = getattr(builtins, node.func.id, None)
        arguments = [self._any(one) for one in node.args]
        if isinstance(called, Kernel):
            return self._call_kernel(node, called, arguments)
        if isinstance(called, type) and issubclass(called, tuple):
            return self._make_record(node, called, arguments)
        if called is len and len(arguments) == 1 and isinstance(arguments[0], Array):
            return Number(Kind.INT, self._described(arguments[0], 1))
        numbers = [one for one in arguments if isinstance(one, Number)]
        if not numbers or len(numbers) < len(arguments):
            self._refuse(node)
        if isinstance(called, Instruction):
            return self._emit(node, called, numbers)
        return self._call_known(node, called, numbers)

    def _call_kernel(self, node: ast.Call, called: Kernel, arguments: Sequence[Any]) -> Any:
        taken, given = signature(called.function)
        if len(taken) != len(arguments):
            self._refuse(node)
        passed: list[Any] = []
        for wanted, one in zip(taken, arguments, strict=True):
            if isinstance(wanted, Kind) and isinstance(one, Number):
                one = self._suited(node, one, wanted)
            elif isinstance(one, Number | tuple) or one.of != wanted:
                self._refuse(node, f": not what {called.function.__name__} takes")
            passed.extend(spread(one))
        result = self._builder.call(self._declared(called), passed)
        if isinstance(given, Kind):
            return Number(given, result)
        return tuple(Number(kind, self._builder.extract_value(result, at)) for at, kind in enumerate(given))

    def _make_record(self, node: ast.Call, called: type, arguments: Sequence[Value]) -> Record:
        of = record_of(called)
        if of.is_address or len(of.fields) != len(arguments):
            self._refuse(node)
        fields = {}
        for (name, wanted), one in zip(of.fields, arguments, strict=True):
            if not isinstance(wanted, Kind) or not isinstance(one, Number):
                self._refuse(node)
            fields[name] = self._suited(node, one, wanted)
        return Record(of, fields)

    def _emit(self, node: ast.Call, called: Instruction, numbers: Sequence[Number]) -> Any:
        if not all(number.kind.is_whole for number in numbers):
            self._refuse(node)
        result = called.emit(self._builder, *(number.ir for number in numbers))
        if isinstance(result, tuple):
            return tuple(Number(Kind.INT, one) for one in result)
        return Number(Kind.INT, result)

    def _call_known(self, node: ast.Call, called: Any, numbers: Sequence[Number]) -> Number:
        """A conversion, `min`, `max`, or a function of mathematics."""
        kind = NUMPY.get(called) or PLAIN.get(called)
        if kind is not None and len(numbers) == 1:
            return converted(self._builder, numbers[0], kind)
        if called in (min, max) and len(numbers) == 2:
            left, right = self._alike(node, *numbers)
            other = self._compare(node, "<" if called is min else ">", right, left)
            return Number(left.kind, self._builder.select(other, right.ir, left.ir))
        if len(numbers) != 1:
            self._refuse(node)
        number = numbers[0]
        if called in ROOTS:
            number = number if not number.kind.is_whole else self._suited(node, number, Kind.FLOAT)
            return self._call_intrinsic(ROOTS[called], number)
        number = self._suited(node, number, Kind.FLOAT)
        if called is math.floor:
            return converted(self._builder, self._call_intrinsic("llvm.floor", number), Kind.INT)
        if called not in LIBRARY:
            self._refuse(node)
        shape = ir.FunctionType(Kind.FLOAT.llvm, [Kind.FLOAT.llvm])
        name = LIBRARY[called]
        function = self._builder.module.globals.get(name) or ir.Function(self._builder.module, shape, name)
        return Number(Kind.FLOAT, self._builder.call(function, [number.ir]))

    def _call_intrinsic(self, name: str, number: Number) -> Number:
        shape = ir.FunctionType(number.kind.llvm, [number.kind.llvm])
        function = self._builder.module.declare_intrinsic(name, [number.kind.llvm], shape)
        return Number(number.kind, self._builder.call(function, [number.ir]))
