"""From kernels to one LLVM module: a small compiler for functions over numbers, arrays and named tuples.

What it knows: names, numbers, arithmetic, comparisons, `and`, `or`, `not`, `x if y else z`, items of arrays, fields of
named tuples, calls of kernels, of instructions and of a little mathematics, assignment, `if`, `while`,
`for ... in range(...)` with a constant step, `break`, `continue`, `return`. Anything else is refused with its place.
A variable keeps the kind of its first value. All functions but the entries are private: the optimiser sees the whole.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from llvmlite import ir

from seinpost.scan.native.expressions import ONE, ZERO, Expressions
from seinpost.scan.native.kernels import Kernel
from seinpost.scan.native.values import I64, Kind, Number, Result, gathered, registers, signature


def translate(entries: Mapping[str, Kernel]) -> ir.Module:
    """Translate kernels, and all that they call, into a module that gives them out by their names."""
    module = ir.Module("kernels")
    functions: dict[Kernel, ir.Function] = {}
    waiting: list[Kernel] = []
    names = {kernel: name for name, kernel in entries.items()}

    def declared(kernel: Kernel) -> ir.Function:
        if kernel not in functions:
            taken, given = signature(kernel.function)
            label = names.get(kernel, f"{kernel.function.__module__}.{kernel.function.__name__}")
            shape = ir.FunctionType(register_of(given), [one for part in taken for one in registers(part)])
            made = ir.Function(module, shape, label)
            made.attributes.add("nounwind")
            if kernel.cold:
                made.attributes.add("noinline")
                made.attributes.add("cold")
            if kernel not in names:
                made.linkage = "internal"
            functions[kernel] = made
            waiting.append(kernel)
        return functions[kernel]

    for entry in names:
        declared(entry)
    while waiting:
        kernel = waiting.pop()
        _Body(kernel, functions[kernel], declared).write()
    return module


def register_of(given: Result) -> ir.Type:
    """What a function gives, in registers."""
    return given.llvm if isinstance(given, Kind) else ir.LiteralStructType([kind.llvm for kind in given])


class _Body(Expressions):
    """Writes the body of one function."""

    def __init__(self, kernel: Kernel, target: ir.Function, declared: Callable[[Kernel], ir.Function]) -> None:
        source = textwrap.dedent(inspect.getsource(kernel.function))
        self._tree = cast(ast.FunctionDef, ast.parse(source).body[0])
        self._globals = kernel.function.__globals__
        self._code = kernel.function.__code__
        self._taken, self._gives = signature(kernel.function)
        self._target, self._declared = target, declared
        self._builder = ir.IRBuilder(target.append_basic_block("entry"))
        self._places, self._given = {}, {}
        self._loops: list[tuple[ir.Block, ir.Block]] = []  # where `continue` and `break` go

    def write(self) -> None:
        """Translate all statements; a function that ends without `return` gives 0."""
        given = iter(self._target.args)
        for argument, of in zip(self._tree.args.args, self._taken, strict=True):
            value = gathered(self._builder, of, given)
            if isinstance(value, Number):
                self._keep(argument, argument.arg, value)
            else:
                self._given[argument.arg] = value
        self._statements(self._tree.body)
        if not self._builder.block.is_terminated:
            self._builder.ret(ir.Constant(register_of(self._gives), None))

    def _keep(self, node: ast.AST, name: str, value: Number) -> None:
        """Put a number in a variable."""
        if name in self._given:
            self._refuse(node)
        if name not in self._places:
            with self._builder.goto_entry_block():
                self._places[name] = value.kind, self._builder.alloca(value.kind.llvm, name=name)
        kind, place = self._places[name]
        self._builder.store(self._suited(node, value, kind).ir, place)

    # --- statements ----------------------------------------------------------------------------------------------

    def _statements(self, body: Sequence[ast.stmt]) -> None:
        for node in body:
            if self._builder.block.is_terminated:
                return
            write = getattr(self, f"_write_{type(node).__name__.lower()}", None)
            if write is None:
                self._refuse(node)
            write(node)

    def _write_expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._any(node.value)

    def _write_return(self, node: ast.Return) -> None:
        if isinstance(self._gives, Kind):
            value = Number(Kind.INT, ZERO) if node.value is None else self._value(node.value)
            self._builder.ret(self._suited(node, value, self._gives).ir)
            return
        values = () if node.value is None else self._values(node.value)
        if len(values) != len(self._gives):
            self._refuse(node)
        whole = ir.Constant(register_of(self._gives), ir.Undefined)
        for at, (value, kind) in enumerate(zip(values, self._gives, strict=True)):
            whole = self._builder.insert_value(whole, self._suited(node, value, kind).ir, at)
        self._builder.ret(whole)

    def _values(self, node: ast.expr) -> tuple[Number, ...]:
        """The numbers of a tuple: written out, or what a call gives."""
        if isinstance(node, ast.Tuple):
            return tuple(self._value(one) for one in node.elts)
        values = self._any(node)
        if not isinstance(values, tuple):
            self._refuse(node)
        return values

    def _write_assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if len(node.targets) != 1:
            self._refuse(node)
        if isinstance(target, ast.Tuple):
            for one, value in zip(target.elts, self._values(node.value), strict=True):
                self._store(one, value)
        else:
            self._store(target, self._value(node.value))

    def _store(self, target: ast.expr, value: Number) -> None:
        if isinstance(target, ast.Name):
            self._keep(target, target.id, value)
        elif isinstance(target, ast.Subscript):
            array, place = self._item(target)
            one = self._suited(target, value, array.of.kind).ir
            bits = array.of.item.itemsize * 8
            if array.of.kind.is_whole and bits < 64:
                one = self._builder.trunc(one, ir.IntType(bits))
            self._builder.store(one, self._builder.inttoptr(place, one.type.as_pointer()))
        else:
            self._refuse(target)

    def _write_augassign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and node.target.id not in self._places:
            self._refuse(node)
        before = self._value(node.target)
        self._store(node.target, self._operate(node, node.op, before, self._value(node.value)))

    def _write_if(self, node: ast.If) -> None:
        then, after = self._block("then"), self._block("after")
        other = self._block("else") if node.orelse else after
        self._branch(node.test, then, other)
        for block, body in ((then, node.body), (other, node.orelse)):
            if block is not after:
                self._builder.position_at_end(block)
                self._statements(body)
                self._go(after)
        self._builder.position_at_end(after)

    def _write_while(self, node: ast.While) -> None:
        test, body, after = self._block("test"), self._block("body"), self._block("after")
        self._go(test)
        self._builder.position_at_end(test)
        if isinstance(node.test, ast.Constant) and node.test.value is True:
            self._go(body)
        else:
            self._branch(node.test, body, after)
        self._loop(node, body, test, after)

    def _write_for(self, node: ast.For) -> None:
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"):
            self._refuse(node)
        bounds = [self._suited(one, self._value(one), Kind.INT).ir for one in call.args]
        first, stop = (ZERO, bounds[0]) if len(bounds) == 1 else bounds[:2]
        step = bounds[2] if len(bounds) == 3 else ONE
        if not isinstance(step, ir.Constant) or step.constant == 0 or not isinstance(node.target, ast.Name):
            self._refuse(node)
        builder = self._builder
        with builder.goto_entry_block():
            place = builder.alloca(I64)
        builder.store(first, place)
        test, body, onward = self._block("test"), self._block("body"), self._block("next")
        after = self._block("after")
        builder.branch(test)
        builder.position_at_end(test)
        number = builder.load(place)
        builder.cbranch(builder.icmp_signed("<" if step.constant > 0 else ">", number, stop), body, after)
        builder.position_at_end(body)
        self._keep(node, node.target.id, Number(Kind.INT, number))
        self._loop(node, body, onward, after)
        builder.position_at_end(onward)
        builder.store(builder.add(builder.load(place), step), place)
        builder.branch(test)
        builder.position_at_end(after)

    def _loop(self, node: ast.For | ast.While, body: ir.Block, again: ir.Block, after: ir.Block) -> None:
        if node.orelse:
            self._refuse(node)
        self._builder.position_at_end(body)
        self._loops.append((again, after))
        self._statements(node.body)
        self._loops.pop()
        self._go(again)
        self._builder.position_at_end(after)

    def _write_break(self, _node: ast.Break) -> None:
        self._builder.branch(self._loops[-1][1])

    def _write_continue(self, _node: ast.Continue) -> None:
        self._builder.branch(self._loops[-1][0])

    def _go(self, block: ir.Block) -> None:
        if not self._builder.block.is_terminated:
            self._builder.branch(block)
