"""Backup and restore: the chain holds, the rows are the same, and what differs does not open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from tests.database import close_all
from tests.store.signals import filed
from tests.store.test_chain import noted
from tests.store.world import LATER, World, make_world, plan

from seinpost.errors import DatabaseError, FileError
from seinpost.packs.procedure.terms import Role
from seinpost.process.shapes import Refused
from seinpost.server import database
from seinpost.server.backup import backup, files_of, manifest_of, restore
from seinpost.server.health import problems
from seinpost.store.actions.act import act
from seinpost.store.actions.attachments import Upload
from seinpost.store.files.vault import vault
from seinpost.store.files.verify import verify_files
from seinpost.store.models import EventWords, Signal


@pytest.fixture
def saved(db: str, tmp_path: Path) -> Path:
    """A backup of a database with two signals and a note."""
    world = make_world()
    signal = filed("politie")
    filed("nla")
    attached(world, signal)
    noted(world, signal, "Woorden van een mens, ook in de reservekopie.")
    assert world.people["politie", Role.ANALYST]
    target = tmp_path / "saved.backup"
    manifest = backup(target)
    assert [head[:2] for head in manifest["heads"]] == [["nla", 1], ["politie", 3]]
    return target


def attached(world: World, signal: UUID) -> None:
    """One attachment."""
    ask = UPLOAD.command("Van de buurvrouw.", shows_source=False)
    who = world.acting(Role.ANALYST)
    done = act(acting=who, signal=signal, ask=ask, now=LATER, plan=plan(), content=UPLOAD.content)
    assert not isinstance(done, Refused), done


UPLOAD = Upload("brief.txt", b"de brief", 8)


@pytest.fixture
def empty(instance: Any, saved: Path) -> Iterator[None]:
    """Django on an empty database and an empty data folder."""
    settings.FILES_FOLDER = settings.FILES_FOLDER / "elsewhere"
    name = f"empty_{os.getpid()}_{os.urandom(4).hex()}"
    database.make_database(instance, name)
    close_all()
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name
    yield
    close_all()


@pytest.mark.usefixtures("empty")
def test_a_restored_database_is_whole_and_guarded_as_before(saved: Path) -> None:
    restore(saved)
    assert Signal.objects.using("owner").count() == 2
    words = set(EventWords.objects.using("owner").values_list("text", flat=True))
    assert words == {"Woorden van een mens, ook in de reservekopie.", "brief.txt", "Van de buurvrouw."}
    assert vault().get("politie", UPLOAD.digest) == b"de brief"
    verdict = verify_files()
    assert (verdict.checked, verdict.misfits, verdict.strays) == (1, (), 0)
    assert list(problems()) == []
    assert not Signal.objects.exists()  # the app sees nothing before it says for whom


@pytest.mark.usefixtures("empty")
def test_a_file_that_was_changed_does_not_open(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    saved.write_bytes(content)
    with pytest.raises(DatabaseError, match="digest differs"):
        restore(saved)


@pytest.mark.usefixtures("empty")
def test_a_backup_that_lacks_what_its_manifest_says_does_not_open(saved: Path) -> None:
    text = manifest_of(saved).read_text(encoding="utf-8")
    manifest_of(saved).write_text(text.replace('"store_signal": 2', '"store_signal": 3'), encoding="utf-8")
    with pytest.raises(DatabaseError, match="store_signal: 2 rows instead of 3"):
        restore(saved)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: content.replace(b"de brief", b"een brie"), "was changed"),
        (lambda content: content[:512].replace(b"politie/", b"politie_") + content[512:], "cannot be read|no file"),
        (lambda _content: bytes(10_240), f"politie/{UPLOAD.digest} is missing"),
        (lambda _content: b"not an archive", "cannot be read"),
    ],
)
def test_an_attachment_that_is_missing_or_changed_is_named_and_nothing_opens(
    saved: Path, change: Any, said: str
) -> None:
    archive = files_of(saved)
    archive.write_bytes(change(archive.read_bytes()))
    with pytest.raises(FileError, match=said):
        restore(saved)
    assert connections["owner"].introspection.table_names() == []


def test_a_file_that_is_gone_is_named_by_the_backup_and_does_not_stop_it(saved: Path) -> None:
    vault().drop("politie", UPLOAD.digest)
    manifest = backup(saved.with_name("later.backup"))
    assert [en for en, _ in manifest["left_out"]] == [f"politie/{UPLOAD.digest} is missing"]
    assert manifest["files"] == {}


def test_a_database_that_is_not_empty_is_not_written_over(saved: Path) -> None:
    with pytest.raises(DatabaseError, match="not empty"):
        restore(saved)


def test_a_backup_that_fails_leaves_nothing_under_its_name(saved: Path) -> None:
    with pytest.raises(DatabaseError, match="pg_dump failed"):
        backup(saved.parent / "no-such-folder" / "x")
    assert not (saved.parent / "no-such-folder").exists()
