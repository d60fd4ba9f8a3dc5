"""Backup and restore: the chain holds, the rows are the same, and what differs does not open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.database import close_all
from tests.store.signals import filed
from tests.store.test_chain import noted
from tests.store.world import make_world

from seinpost.errors import DatabaseError
from seinpost.packs.procedure.terms import Role
from seinpost.server import database
from seinpost.server.backup import backup, manifest_of, restore
from seinpost.server.health import problems
from seinpost.store.models import EventWords, Signal


@pytest.fixture
def saved(db: str, tmp_path: Path) -> Path:
    """A backup of a database with two signals and a note."""
    world = make_world()
    signal = filed("politie")
    filed("nla")
    noted(world, signal, "Woorden van een mens, ook in de reservekopie.")
    assert world.people["politie", Role.ANALYST]
    target = tmp_path / "saved.backup"
    manifest = backup(target)
    assert [head[:2] for head in manifest["heads"]] == [["nla", 1], ["politie", 2]]
    return target


@pytest.fixture
def empty(instance: Any, saved: Path) -> Iterator[None]:
    """Django on an empty database."""
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
    assert EventWords.objects.using("owner").get().text == "Woorden van een mens, ook in de reservekopie."
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


def test_a_database_that_is_not_empty_is_not_written_over(saved: Path) -> None:
    with pytest.raises(DatabaseError, match="not empty"):
        restore(saved)


def test_a_backup_that_fails_leaves_nothing_under_its_name(saved: Path) -> None:
    with pytest.raises(DatabaseError, match="pg_dump failed"):
        backup(saved.parent / "no-such-folder" / "x")
    assert not (saved.parent / "no-such-folder").exists()
