"""Bring the texts of the workbench to the translators and back: `python tools/messages.py write`, or `check`.

    uv run python tools/messages.py write    # collect the Dutch texts, keep what is translated, compile
    uv run python tools/messages.py check    # every text has an English translation, and the compiled file is current

Dutch is the source language, so there is one catalogue: English. Texts are collected from templates and Python as
Django does it, with Babel instead of the GNU tools, so that nobody has to install those.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "seinpost" / "web"
CATALOGUE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
BORN = datetime(2026, 11, 27, tzinfo=UTC)
KEYWORDS = dict(DEFAULT_KEYWORDS) | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources() -> Iterator[tuple[str, str]]:
    """Every file with texts, as its path in the project and Python that Babel can read."""
    for path in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.txt")]):
        yield path.relative_to(ROOT).as_posix(), templatize(path.read_text(), origin=path.name)
    for path in sorted(WEB.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text()


def empty() -> Catalog:
    """A catalogue whose head never changes, so that writing twice gives the same bytes."""
    return Catalog(
        locale="en",
        project="Seinpost",
        version="-",
        copyright_holder="The Seinpost founders",
        msgid_bugs_address="-",
        creation_date=BORN,
        revision_date=BORN,
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )


def collect() -> Catalog:
    """The Dutch texts as they stand now. Line numbers are left out: they would change with every edit."""
    catalogue = empty()
    for name, code in sources():
        for _, text, comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS, ("Translators:",)):
            catalogue.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalogue


def current() -> Catalog:
    """The translations as they stand in the project."""
    if not CATALOGUE.is_file():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def faults(wanted: Catalog, have: Catalog) -> Iterator[str]:
    """What is missing, left over, or broken."""
    known = {(message.id, message.context) for message in have if message.id}
    needed = {(message.id, message.context) for message in wanted if message.id}
    for text, _ in sorted(needed - known, key=str):
        yield f"not in the catalogue: {text!r}"
    for text, _ in sorted(known - needed, key=str):
        yield f"no longer used: {text!r}"
    for message in have:
        if message.id and (not message.string or (isinstance(message.string, tuple) and not all(message.string))):
            yield f"no English for: {message.id!r}"
        for error in message.check(have):
            yield f"{message.id!r}: {error}"


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the server reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def write() -> int:
    """Bring the catalogue up to date and compile it."""
    catalogue, before = collect(), current()
    for message in catalogue:
        known = before.get(message.id, message.context) if message.id else None
        if known is not None:
            message.string = known.string
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=False)
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(current()))
    return report()


def report() -> int:
    """Print what is wrong; 1 when anything is."""
    have = current()
    wrong = list(faults(collect(), have))
    compiled_file = CATALOGUE.with_suffix(".mo")
    if not compiled_file.is_file() or compiled_file.read_bytes() != compiled(have):
        wrong.append("the compiled catalogue is not current: python tools/messages.py write")
    for fault in wrong:
        print(fault, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit({"write": write, "check": report}[sys.argv[1]]())
