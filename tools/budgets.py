"""Check the size budgets of the house: `python tools/budgets.py`; prints every breach and exits 1 if there is one.

A function may break a budget if, and only if, its `def` line (or the decorator above it) carries `# budget: <reason>`;
a file if one of its first ten lines carries `# budget-file: <reason>`.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 50
FOLDER_MODULES = 12
PACKAGE_DEPTH = 3
KEPT_BYTES = 5_000_000  # of one file under version control: a wheel or a dump once committed stays in every clone
ROOTS = ("src", "tests", "tools", "benchmarks")
CORE = Path("src/seinpost")
OUTER_ROOMS = ("cli",)
REASON = re.compile(r"# budget: \S.{9,}")
FILE_REASON = re.compile(r"# budget-file: \S.{9,}")
TODO = re.compile(r"\b(TODO|FIXME|XXX)\b(?!.*#\d)")


def check_file(path: Path) -> Iterator[str]:
    """Yield one line per breach in one Python file; a migration that Django wrote is data."""
    if path.parent.name == "migrations" and path.name == "0001_initial.py":
        return
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if len(lines) > FILE_LINES and not any(FILE_REASON.search(line) for line in lines[:10]):
        yield f"{path}: {len(lines)} lines (budget {FILE_LINES})"
    for node in ast.walk(ast.parse(text)):
        yield from check_node(path, lines, node)
    for number, line in enumerate(lines, 1):
        if TODO.search(line) and path.name != "budgets.py":
            yield f"{path}:{number}: a note without an issue number: {line.strip()[:80]}"


def check_node(path: Path, lines: list[str], node: ast.AST) -> Iterator[str]:
    """Yield the breaches of one syntax node: too long a function, a broad except in the core."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        head = lines[max(0, node.lineno - 1 - len(node.decorator_list)) : node.body[0].lineno]
        if length > FUNCTION_LINES and not any(REASON.search(line) for line in head):
            yield f"{path}:{node.lineno}: {node.name} has {length} lines (budget {FUNCTION_LINES})"
    if isinstance(node, ast.ExceptHandler) and in_core(path):
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {getattr(kind, "id", "") for kind in caught}
        if node.type is None or names & {"Exception", "BaseException"}:
            yield f"{path}:{node.lineno}: broad except in the core"


def in_core(path: Path) -> bool:
    """A file belongs to the core if, and only if, it stands under src/seinpost outside the outer rooms."""
    return path.is_relative_to(CORE) and path.relative_to(CORE).parts[0] not in OUTER_ROOMS


def check_folders(root: Path) -> Iterator[str]:
    """Yield folders with too many modules, or packages too deep; migrations are a history, which only grows."""
    for folder in {path.parent for path in root.rglob("*.py") if path.parent.name != "migrations"}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        if len(modules) > FOLDER_MODULES:
            yield f"{folder}: {len(modules)} modules (budget {FOLDER_MODULES})"
        if root == Path("src") and len(folder.relative_to(root).parts) > PACKAGE_DEPTH:
            yield f"{folder}: deeper than {PACKAGE_DEPTH}"


def check_kept(root: Path) -> Iterator[str]:
    """Yield the files under version control that are too big; of a folder without version control nothing."""
    if not (root / ".git").exists():
        return
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        path = root / name
        if path.is_file() and path.stat().st_size > KEPT_BYTES:
            yield f"{name}: {path.stat().st_size} bytes (budget {KEPT_BYTES})"


def main() -> int:
    """Check every root and tell what breaks."""
    breaches = [
        breach
        for root in map(Path, ROOTS)
        if root.exists()
        for breaches in (check_folders(root), *(check_file(path) for path in sorted(root.rglob("*.py"))))
        for breach in breaches
    ] + list(check_kept(Path()))
    print("\n".join(breaches) if breaches else "budgets: all kept")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
