"""From kernels to one LLVM module: a small compiler for functions over int64.

What it knows: names, integers, arithmetic, comparisons, `and`, `or`, `not`, `x if y else z`, calls of kernels and of
instructions, assignment, `if`, `while`, `for ... in range(...)` with a constant step, `break`, `continue`, `return`.
Anything else is refused with its place. All functions but the entry are private, so the optimiser sees the whole.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NoReturn, cast

from llvmlite import ir

from seinpost.scan.native.kernels import Instruction, Kernel

I64 = ir.IntType(64)
ZERO, ONE = ir.Constant(I64, 0), ir.Constant(I64, 1)
COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
OPERATIONS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.RShift: "ashr",
}


def translate(entry: Kernel, name: str) -> ir.Module:
    """Translate a kernel, and all that it calls, into a module that gives it out as `name`."""
    module = ir.Module("kernels")
    functions: dict[Kernel, ir.Function] = {}
    waiting: list[Kernel] = []

    def declared(kernel: Kernel) -> ir.Function:
        if kernel not in functions:
            count = kernel.function.__code__.co_argcount
            label = name if kernel is entry else f"{kernel.function.__module__}.{kernel.function.__name__}"
            made = ir.Function(module, ir.FunctionType(I64, [I64] * count), label)
            made.attributes.add("nounwind")
            if kernel.cold:
                made.attributes.add("noinline")
                made.attributes.add("cold")
            if kernel is not entry:
                made.linkage = "internal"
            functions[kernel] = made
            waiting.append(kernel)
        return functions[kernel]

    declared(entry)
    while waiting:
        kernel = waiting.pop()
        _Body(kernel, functions[kernel], declared).write()
    return module


class _Body:
    """Writes the body of one function."""

    def __init__(self, kernel: Kernel, target: ir.Function, declared: Callable[[Kernel], ir.Function]) -> None:
        source = textwrap.dedent(inspect.getsource(kernel.function))
        self._tree = cast(ast.FunctionDef, ast.parse(source).body[0])
        self._globals = kernel.function.__globals__
        self._code = kernel.function.__code__
        self._target, self._declared = target, declared
        self._builder: Any = ir.IRBuilder(target.append_basic_block("entry"))
        self._places: dict[str, ir.Value] = {}
        self._loops: list[tuple[ir.Block, ir.Block]] = []  # where `continue` and `break` go

    def write(self) -> None:
        """Translate all statements; a function that ends without `return` gives 0."""
        names = [argument.arg for argument in self._tree.args.args]
        stored = {node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name) and _is_stored(node)}
        for name in [*names, *sorted(stored.difference(names))]:
            self._places[name] = self._builder.alloca(I64, name=name)
        for name, value in zip(names, self._target.args, strict=True):
            self._builder.store(value, self._places[name])
        self._statements(self._tree.body)
        if not self._builder.block.is_terminated:
            self._builder.ret(ZERO)

    def _refuse(self, node: ast.AST) -> NoReturn:
        line = self._code.co_firstlineno + getattr(node, "lineno", 1) - 1
        what = f"a kernel cannot hold {type(node).__name__}"
        raise SyntaxError(what, (self._code.co_filename, line, None, ast.unparse(node)))

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
            self._value(node.value)

    def _write_return(self, node: ast.Return) -> None:
        self._builder.ret(ZERO if node.value is None else self._value(node.value))

    def _write_assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if len(node.targets) != 1:
            self._refuse(node)
        if isinstance(target, ast.Name):
            self._builder.store(self._value(node.value), self._places[target.id])
        elif isinstance(target, ast.Tuple):
            if isinstance(node.value, ast.Tuple):
                values = [self._value(one) for one in node.value.elts]
            else:
                values = self._value(node.value)
            for name, value in zip(target.elts, values, strict=True):
                self._builder.store(value, self._places[cast(ast.Name, name).id])
        else:
            self._refuse(node)

    def _write_augassign(self, node: ast.AugAssign) -> None:
        if not isinstance(node.target, ast.Name):
            self._refuse(node)
        place = self._places[node.target.id]
        value = self._operate(node, node.op, self._builder.load(place), self._value(node.value))
        self._builder.store(value, place)

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
        bounds = [self._value(one) for one in call.args]
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
        builder.store(number, self._places[node.target.id])
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

    def _block(self, name: str) -> ir.Block:
        return cast(ir.Block, self._builder.append_basic_block(name))

    def _go(self, block: ir.Block) -> None:
        if not self._builder.block.is_terminated:
            self._builder.branch(block)

    # --- expressions ---------------------------------------------------------------------------------------------

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
            self._builder.cbranch(self._builder.icmp_signed("!=", self._value(node), ZERO), yes, no)

    def _value(self, node: ast.expr) -> Any:
        write = getattr(self, f"_value_{type(node).__name__.lower()}", None)
        if write is None:
            self._refuse(node)
        return write(node)

    def _value_constant(self, node: ast.Constant) -> ir.Value:
        if not isinstance(node.value, int):
            self._refuse(node)
        return ir.Constant(I64, int(node.value))

    def _value_name(self, node: ast.Name) -> ir.Value:
        if node.id in self._places:
            return self._builder.load(self._places[node.id])
        return self._outer(node, self._globals.get(node.id))

    def _value_attribute(self, node: ast.Attribute) -> ir.Value:
        owner = self._globals.get(node.value.id) if isinstance(node.value, ast.Name) else None
        return self._outer(node, getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None)

    def _outer(self, node: ast.expr, value: object) -> ir.Value:
        if not isinstance(value, int):
            self._refuse(node)
        return ir.Constant(I64, int(value))

    def _value_boolop(self, node: ast.BoolOp) -> ir.Value:
        return self._either(node, ONE, ZERO)

    def _value_ifexp(self, node: ast.IfExp) -> ir.Value:
        return self._either(node.test, node.body, node.orelse)

    def _either(self, test: ast.expr, left: Any, right: Any) -> ir.Value:
        yes, no, after = self._block("yes"), self._block("no"), self._block("after")
        self._branch(test, yes, no)
        ends = []
        for block, one in ((yes, left), (no, right)):
            self._builder.position_at_end(block)
            value = self._value(one) if isinstance(one, ast.expr) else one
            ends.append((value, self._builder.block))
            self._builder.branch(after)
        self._builder.position_at_end(after)
        joined = self._builder.phi(I64)
        for value, block in ends:
            joined.add_incoming(value, block)
        return joined

    def _value_unaryop(self, node: ast.UnaryOp) -> ir.Value:
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return ir.Constant(I64, -cast(int, node.operand.value))
        value = self._value(node.operand)
        if isinstance(node.op, ast.USub):
            return self._builder.sub(ZERO, value)
        if isinstance(node.op, ast.Invert):
            return self._builder.not_(value)
        if not isinstance(node.op, ast.Not):
            self._refuse(node)
        return self._builder.zext(self._builder.icmp_signed("==", value, ZERO), I64)

    def _value_binop(self, node: ast.BinOp) -> ir.Value:
        return self._operate(node, node.op, self._value(node.left), self._value(node.right))

    def _operate(self, node: ast.AST, operator: ast.operator, left: ir.Value, right: ir.Value) -> ir.Value:
        name = OPERATIONS.get(type(operator))
        if name is None:
            self._refuse(node)
        return getattr(self._builder, name)(left, right)

    def _value_compare(self, node: ast.Compare) -> ir.Value:
        holds, left = None, self._value(node.left)
        for operator, other in zip(node.ops, node.comparators, strict=True):
            if type(operator) not in COMPARISONS:
                self._refuse(node)
            right = self._value(other)
            one = self._builder.icmp_signed(COMPARISONS[type(operator)], left, right)
            holds, left = one if holds is None else self._builder.and_(holds, one), right
        return self._builder.zext(holds, I64)

    def _value_call(self, node: ast.Call) -> Any:
        arguments = [self._value(one) for one in node.args]
        name = node.func.id if isinstance(node.func, ast.Name) and not node.keywords else ""
        called = self._globals.get(name)
        if isinstance(called, Kernel):
            return self._builder.call(self._declared(called), arguments)
        if isinstance(called, Instruction):
            return called.emit(self._builder, *arguments)
        if name != "int":
            self._refuse(node)
        return arguments[0]


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)
