"""`seinpost audit`: the chains, from the database or from a file that was exported from one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import typer

from seinpost.cli.speech import speech
from seinpost.errors import InputError, OutputError, SettingError
from seinpost.packs.procedure.terms import Purpose
from seinpost.store.audit.chain import Head, Link, Verdict, read_line, verify, write_line

HEAD = re.compile(r"([a-z0-9-]+):([0-9]{1,18}):([0-9a-f]{64})")


def read_heads(texts: list[str]) -> tuple[Head, ...]:
    """The ends of chains that somebody noted earlier."""
    heads = []
    for text in texts:
        match = HEAD.fullmatch(text)
        if match is None:
            raise SettingError(
                f"--head {text!r} (allowed: SERVICE:NUMBER:HASH)", f"--head {text!r} (mag: DIENST:NUMMER:HASH)"
            )
        heads.append(Head(match[1], int(match[2]), match[3]))
    return tuple(heads)


def verify_file(path: Path, heads: list[str]) -> Verdict:
    """Verify an exported log, without any database."""
    return verify(read_links(path), read_heads(heads))


def read_links(path: Path) -> Iterator[Link]:
    """Every line of an exported log; InputError names the line that is none."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield read_line(line)
                except ValueError as error:
                    raise InputError(f"{path}:{number}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def verify_database(heads: list[str]) -> Verdict:
    """Verify the chains in the database."""
    from seinpost.store.audit.stored import verify_stored

    return verify_stored(read_heads(heads))


def read_purpose(value: str) -> Purpose:
    """A purpose for which somebody may export the chains; SettingError names those there are."""
    allowed = {one.value: one for one in (Purpose.OVERSIGHT, Purpose.MANAGEMENT)}
    if value not in allowed:
        told = ", ".join(allowed)
        raise SettingError(f"--purpose {value!r} (allowed: {told})", f"--purpose {value!r} (mag: {told})")
    return allowed[value]


def export_chain(path: Path, *, now: datetime, purpose: Purpose = Purpose.OVERSIGHT) -> int:
    """Write every event as a line; how many. That it is done and why stands in each chain, and in the file, first."""
    from seinpost.store.actions.duty import record_export
    from seinpost.store.audit.stored import stored_links

    count = 0
    try:
        with path.open("x", encoding="utf-8") as file:
            record_export(purpose=purpose, now=now)
            for link in stored_links():
                file.write(write_line(link) + "\n")
                count += 1
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error
    return count


def tell_files() -> None:
    """Read every attachment whole, print every one that is missing or changed; exit 1 when there is one."""
    from seinpost.store.files.verify import verify_files

    verdict = verify_files()
    for one in verdict.misfits:
        print(one.told(speech.language.value))
    if verdict.strays:
        speech.say(
            f"{verdict.strays} bestanden waar niets naar wijst: `seinpost worker` ruimt ze op",
            f"{verdict.strays} files that nothing points at: `seinpost worker` removes them",
        )
    if verdict.misfits:
        raise typer.Exit(1)
    speech.say(
        f"{verdict.checked} bijlagen gelezen: alle er en ongewijzigd",
        f"{verdict.checked} attachments read: all there and unchanged",
    )


def tell_verdict(verdict: Verdict) -> None:
    """Print every break, then where the chains end; exit 1 when there is a break."""
    for one in verdict.breaks:
        print(one.told(speech.language.value))
    for head in verdict.heads:
        print(head)
    if verdict.breaks:
        raise typer.Exit(1)
    speech.say(
        f"{verdict.checked} gebeurtenissen nagerekend: niets veranderd, niets weggelaten",
        f"{verdict.checked} events verified: nothing changed, nothing left out",
    )
