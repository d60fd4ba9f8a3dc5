"""Files on disk: whole or not there, sealed, bound to their place, and every change is found."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seinpost.errors import FileError
from seinpost.store.files.vault import Vault

KEY, OTHER = bytes(range(32)), bytes(range(32, 64))
CONTENT = b"Zij zei dat zij niet weg mocht." * 100


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("keys", [(), (KEY,)])
def test_a_file_comes_back_as_it_went_and_only_its_owner_may_open_it(tmp_path: Path, keys: tuple[bytes, ...]) -> None:
    vault = Vault(tmp_path / "files", keys)
    digest = vault.put("politie", CONTENT)
    assert vault.get("politie", digest) == CONTENT
    [path] = everything(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert all(part.stat().st_mode & 0o77 == 0 for part in (path.parent, path.parent.parent, tmp_path / "files"))
    assert (CONTENT[:30] in path.read_bytes()) == (not keys)
    vault.drop("politie", digest)
    vault.drop("politie", digest)
    with pytest.raises(FileError, match="missing"):
        vault.get("politie", digest)


@given(content=st.binary(max_size=200), at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_any_changed_byte_is_found(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, at: int, flip: int
) -> None:
    for keys in ((), (KEY,)):
        vault = Vault(tmp_path_factory.mktemp("files"), keys)
        digest = vault.put("politie", content)
        [path] = everything(vault.folder)
        changed = bytearray(path.read_bytes())
        changed[at % len(changed)] ^= flip
        path.write_bytes(changed)
        with pytest.raises(FileError):
            vault.get("politie", digest)


def test_a_sealed_file_cannot_stand_in_for_another_nor_for_another_services(tmp_path: Path) -> None:
    vault = Vault(tmp_path, (KEY,))
    one, other = vault.put("politie", b"een"), vault.put("politie", b"twee")
    vault.put("nla", b"een")
    vault.place("politie", other).write_bytes(vault.stored("politie", one))
    vault.place("nla", one).write_bytes(vault.stored("politie", one))
    for service, digest in (("politie", other), ("nla", one)):
        with pytest.raises(FileError, match="was changed"):
            vault.get(service, digest)


def test_a_new_key_seals_and_an_old_one_still_opens_what_it_sealed(tmp_path: Path) -> None:
    plain = Vault(tmp_path).put("politie", b"nul")
    old = Vault(tmp_path, (KEY,)).put("politie", b"een")
    both = Vault(tmp_path, (OTHER, KEY))
    new = both.put("politie", b"twee")
    assert [both.get("politie", digest) for digest in (plain, old, new)] == [b"nul", b"een", b"twee"]
    with pytest.raises(FileError, match="not in SEINPOST_FILES_KEY"):
        Vault(tmp_path, (OTHER,)).get("politie", old)
    with pytest.raises(FileError, match="not in SEINPOST_FILES_KEY"):
        Vault(tmp_path).get("politie", new)


@pytest.mark.parametrize(
    ("service", "digest"),
    [("politie", "../../etc/passwd"), ("..", "0" * 64), ("politie", "A" * 64), ("", "0" * 64), ("politie", "0" * 63)],
)
def test_no_name_from_outside_becomes_a_path(tmp_path: Path, service: str, digest: str) -> None:
    with pytest.raises(FileError, match="names no file"):
        Vault(tmp_path).get(service, digest)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        Vault(tmp_path / "files").put("politie", CONTENT)
    assert everything(tmp_path) == []


def test_what_was_there_stays_while_the_same_is_written_again(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    digest = vault.put("politie", CONTENT)
    vault.place("politie", digest).write_bytes(b"half")
    assert vault.put("politie", CONTENT) == digest
    assert vault.get("politie", digest) == CONTENT
    assert [(service, name) for service, name, _ in vault.held()] == [("politie", digest)]
