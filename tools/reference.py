"""Write docs/reference from code and packs: `python tools/reference.py write`; `check` fails on a page out of date."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.main import get_command

from seinpost.api.describe import markdown, page_of
from seinpost.api.openapi import document
from seinpost.cli.app import app
from seinpost.packs import load_pack
from seinpost.packs.card import render_card
from seinpost.packs.pack import Pack
from seinpost.packs.procedure import load_procedure
from seinpost.process.card import render_tables
from seinpost.score.schema import HITS, SIGNALS, contributions_schema

DOCS = Path("docs/reference")
MADE = "<!-- Made by tools/reference.py; change the code or the pack, then `python tools/reference.py write`. -->\n\n"
EXIT_CODES = (
    ("0", "done; for `verify`: everything agrees"),
    ("2", "an option or setting is not allowed"),
    ("3", "a pack is refused, or an example of it fails"),
    ("4", "an input cannot be read; nothing was scanned"),
    ("5", "a result cannot be written; nothing half-written is left"),
    ("6", "a run does not prove itself, or cannot be resumed like this"),
    ("7", "the run is complete, but a source broke off before its end: the ledger says where"),
    ("8", "the database cannot be made, started or reached, or what it holds does not prove itself"),
    ("130", "stopped by its user; `--resume` goes on"),
)


def commands() -> Iterator[str]:
    """The page of every command, option and exit code."""
    yield "# Commands\n\nMessages go to standard error, data to standard output; progress shows on a terminal only. "
    yield "Dutch by default, English with `--lang en` or `SEINPOST_LANG=en`.\n"
    root = get_command(app)
    context = typer.Context(root, info_name="seinpost")
    yield from describe(root, context)
    yield "\n## Exit codes\n\n| code | meaning |\n|---|---|\n"
    yield from (f"| {code} | {meaning} |\n" for code, meaning in EXIT_CODES)


def describe(command: object, context: typer.Context) -> Iterator[str]:
    """One command and those below it."""
    subcommands = getattr(command, "commands", {})
    for name, sub in subcommands.items():
        inner = typer.Context(sub, info_name=name, parent=context)
        if getattr(sub, "commands", None):
            yield from describe(sub, inner)
            continue
        yield f"\n## `{inner.command_path}`\n\n{sub.help}\n\n| | default | |\n|---|---|---|\n"
        for parameter in sub.params:
            if "--help" in parameter.opts:
                continue
            label = (
                (parameter.metavar or parameter.name.upper())
                if parameter.param_type_name == "argument"
                else ", ".join(parameter.opts)
            )
            default = (
                "" if parameter.default in (None, False) or callable(parameter.default) else str(parameter.default)
            )
            yield f"| `{label}` | {default} | {getattr(parameter, 'help', '') or ''} |\n"


def indicators(pack: Pack) -> Iterator[str]:
    """The page of every indicator."""
    yield f"# Indicators of pack {pack.id} {pack.version}\n\n"
    yield f"{len(pack.indicators)} indicators, {len(pack.patterns)} patterns. "
    yield "`seinpost pack show CODE` shows one whole. Of one with a * pages fold the sentence (`distressing`).\n"
    yield "\n| code | name | forms | strength | dimension | patterns | why |\n|---|---|---|---|---|---|---|\n"
    for number, indicator in enumerate(pack.indicators):
        forms = "all" if len(indicator.forms) == 8 else " ".join(form.value for form in indicator.forms)
        count = sum(rule.indicator == number for rule in pack.patterns)
        code = indicator.code + "*" * indicator.distressing
        row = (code, f"{indicator.name_nl} / {indicator.name_en}", forms, indicator.strength.value)
        yield "| " + " | ".join((*row, indicator.dimension.value, str(count), indicator.why_nl)) + " |\n"


def tables() -> Iterator[str]:
    """The page of every column of the result tables."""
    yield "# Columns of the result tables\n\nThe same meanings stand in the Parquet files themselves.\n"
    for name, schema in (("signals", SIGNALS), ("hits", HITS), ("contributions", contributions_schema(True))):
        yield f"\n## {name}.parquet\n\n| column | type | null | meaning |\n|---|---|---|---|\n"
        for field in schema:
            null = "yes" if field.nullable else ""
            yield f"| {field.name} | {field.type} | {null} | {field.metadata[b'meaning'].decode()} |\n"
    yield "\nThe run adds to signals: `text` (the original, flagged registrations only), `registered_at` (UTC, if the "
    yield "source profile names it) and a column `source.NAME` for each column the profile keeps.\n"


def modules() -> Iterator[str]:
    """The page that says what every module is for, from its docstring."""
    yield "# The house, room by room\n\n| module | what it is for |\n|---|---|\n"
    for path in sorted(Path("src/seinpost").rglob("*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        name = str(path.relative_to("src/seinpost")).replace("/__init__.py", "/").replace("__init__.py", "seinpost")
        yield f"| `{name}` | {' '.join(doc.split(chr(10) * 2)[0].split())} |\n"


def pages() -> dict[Path, str]:
    """Every generated page with its content."""
    pack = load_pack("nl")
    return {
        DOCS / "commands.md": MADE + "".join(commands()),
        DOCS / "indicators.md": MADE + "".join(indicators(pack)),
        DOCS / "columns.md": MADE + "".join(tables()),
        DOCS / "modules.md": MADE + "".join(modules()),
        DOCS / "model-card.md": MADE + render_card(pack),
        DOCS / "api.md": MADE + "".join(markdown(page_of(document("en"), "en"))),
        DOCS / "process-tables.md": MADE + render_tables(load_procedure("nl")),
    }


def main() -> int:
    """Write the pages, or tell which are out of date."""
    stale = [path for path, text in pages().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if sys.argv[1:] == ["write"]:
        for path, text in pages().items():
            path.write_text(text, encoding="utf-8")
    elif stale:
        print("\n".join(f"{path}: out of date, run `python tools/reference.py write`" for path in stale))
        return 1
    print(f"reference: {len(pages())} pages, {len(stale)} were out of date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
