"""Only actions write: read from the syntax tree of every module above the core, so no door goes round the log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path("src/seinpost")
ROOMS = ("store", "web", "api", "server", "cli")
MAY_WRITE = ("store/actions/", "store/watching/", "store/machines/", "store/log.py", "store/migrations/")
WRITERS = {
    "acreate", "adelete", "asave", "aupdate", "bulk_create", "bulk_update", "create", "delete", "get_or_create", "save",
    "update", "update_or_create",
}  # fmt: skip
SETS = {"objects", "filter", "exclude", "all", "order_by", "select_for_update", "using"}


def writes(tree: ast.AST) -> Iterator[int]:
    """The lines that write rows: a writing method of a set of rows, or of a row."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in WRITERS:
            continue
        if node.func.attr in {"save", "delete", "asave", "adelete"} or comes_from_rows(node.func.value):
            yield node.lineno


def comes_from_rows(node: ast.expr) -> bool:
    """Whether an expression is a chain that goes through a manager: `Signal.objects.filter(...)`."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            if node.attr in SETS:
                return True
            node = node.value
        else:
            return False


def modules() -> list[Path]:
    """Every module that could write."""
    return [path for room in ROOMS for path in sorted((SOURCE / room).rglob("*.py"))]


def test_nothing_but_an_action_writes() -> None:
    found = [
        f"{path}:{line}"
        for path in modules()
        if not path.relative_to(SOURCE).as_posix().startswith(MAY_WRITE)
        for line in writes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_actions_do_write_so_the_check_sees_writing() -> None:
    text = (SOURCE / "store/actions/intake.py").read_text(encoding="utf-8")
    assert len(list(writes(ast.parse(text)))) >= 6


@pytest.mark.parametrize(
    "line",
    [
        "Signal.objects.create()",
        "Signal.objects.filter(pk=1).update(phase='x')",
        "row.save()",
        "signal.textversion_set.all().delete()",
        "Signal.objects.using('owner').bulk_create(rows)",
    ],
)
def test_each_way_of_writing_is_seen(line: str) -> None:
    assert list(writes(ast.parse(line))) == [1]


@pytest.mark.parametrize("line", ["values.update(a=1)", "hashlib.new('x').update(b'')", "Signal.objects.filter(pk=1)"])
def test_what_is_no_writing_is_left_alone(line: str) -> None:
    assert list(writes(ast.parse(line))) == []
