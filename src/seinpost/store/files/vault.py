"""Files on disk by service and digest: written whole or not at all, encrypted when there is a key, read back checked.

A file begins with one line that says how it is stored; what follows is its content, or its content under AES-256-GCM
with the service and the digest as associated data, so that no file can stand in for another.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from seinpost.errors import FileError

DIGEST = re.compile(r"[0-9a-f]{64}")
SERVICE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLAIN = b"seinpost-file 1 plain\n"
SEALED = b"seinpost-file 1 aes-256-gcm "
NONCE = 12
PART = ".part-"


@dataclass(frozen=True, slots=True)
class Vault:
    """A folder of files. The first key seals what is written; each of them opens what it sealed."""

    folder: Path
    keys: tuple[bytes, ...] = field(default=(), repr=False)

    def put(self, service: str, content: bytes) -> str:
        """Keep a file under its digest, on the disk when this returns; raises FileError, and then nothing is there."""
        digest = hashlib.sha256(content).hexdigest()
        self.put_stored(service, digest, self.sealed(content, service, digest))
        return digest

    def put_stored(self, service: str, digest: str, stored: bytes) -> None:
        """Put a file as it stands on a disk: sealed already, or not."""
        path = self.place(service, digest)
        part = path.with_name(f"{PART}{secrets.token_hex(8)}")
        try:
            make_folder(path.parent, self.folder)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(stored)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise FileError(
                f"a file cannot be kept in {self.folder}: {error.strerror}",
                f"een bestand kan niet worden bewaard in {self.folder}: {error.strerror}",
            ) from error

    def get(self, service: str, digest: str) -> bytes:
        """A file as it came in; raises FileError where it is missing, was changed, or its key is not there."""
        content = self.opened(self.stored(service, digest), service, digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileError(f"{service}/{digest} was changed", f"{service}/{digest} is veranderd")
        return content

    def proved(self, service: str, digest: str) -> bytes:
        """A file as it stands on the disk, read whole and proved as far as the keys here reach; raises FileError."""
        stored = self.stored(service, digest)
        head = stored.partition(b"\n")[0]
        if head.startswith(SEALED) and head.removeprefix(SEALED) not in map(key_name, self.keys):
            return stored  # only who has its key can tell more
        self.get(service, digest)
        return stored

    def stored(self, service: str, digest: str) -> bytes:
        """A file as it stands on the disk; raises FileError where it is missing."""
        try:
            return self.place(service, digest).read_bytes()
        except FileNotFoundError:
            raise FileError(f"{service}/{digest} is missing", f"{service}/{digest} ontbreekt") from None
        except OSError as error:
            said = f"{service}/{digest} cannot be read: {error.strerror}"
            raise FileError(said, f"{service}/{digest} kan niet worden gelezen: {error.strerror}") from error

    def drop(self, service: str, digest: str) -> None:
        """Remove a file; nothing where there is none."""
        path = self.place(service, digest)
        with suppress(FileNotFoundError):
            path.unlink()
            sync_folder(path.parent)

    def held(self) -> Iterator[tuple[str, str, float]]:
        """Every file with its service, its digest and when it was written; also what a broken-off write left."""
        for path in sorted(self.folder.glob("*/*/*")):
            with suppress(FileNotFoundError):
                yield path.parent.parent.name, path.name, path.stat().st_mtime

    def place(self, service: str, digest: str) -> Path:
        """Where a file stands: made from a code and a digest only, so that no name from outside becomes a path."""
        if not SERVICE.fullmatch(service) or not DIGEST.fullmatch(digest):
            raise FileError(f"{service!r}/{digest!r} names no file (allowed: a service and a SHA-256)")
        return self.folder / service / digest[:2] / digest

    def sealed(self, content: bytes, service: str, digest: str) -> bytes:
        """A file as it goes to the disk."""
        if not self.keys:
            return PLAIN + content
        nonce = secrets.token_bytes(NONCE)
        head = SEALED + key_name(self.keys[0]) + b"\n"
        return head + nonce + AESGCM(self.keys[0]).encrypt(nonce, content, bound(service, digest))

    def opened(self, stored: bytes, service: str, digest: str) -> bytes:
        """The content of what stood on the disk."""
        head, _, rest = stored.partition(b"\n")
        if head + b"\n" == PLAIN:
            return rest
        if not head.startswith(SEALED):
            raise FileError(f"{service}/{digest} was changed", f"{service}/{digest} is veranderd")
        name = head.removeprefix(SEALED)
        key = next((key for key in self.keys if key_name(key) == name), None)
        if key is None:
            told = name.decode("ascii", "replace")[:16]
            raise FileError(
                f"{service}/{digest} is sealed with key {told}, which is not in SEINPOST_FILES_KEY",
                f"{service}/{digest} is versleuteld met sleutel {told}, die niet in SEINPOST_FILES_KEY staat",
            )
        try:
            return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], bound(service, digest))
        except (InvalidTag, ValueError) as error:
            raise FileError(f"{service}/{digest} was changed", f"{service}/{digest} is veranderd") from error


def vault() -> Vault:
    """The files of this installation."""
    return Vault(settings.FILES_FOLDER, settings.FILES_KEYS)


def key_name(key: bytes) -> bytes:
    """By what a key is known; tells nothing of it."""
    return hashlib.sha256(b"seinpost key " + key).hexdigest()[:16].encode()


def bound(service: str, digest: str) -> bytes:
    """What a sealed file is bound to."""
    return f"{service}/{digest}".encode()


def make_folder(folder: Path, top: Path) -> None:
    """Make a folder of ours, for its owner only, with every new name in it on the disk."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for made in (folder, folder.parent, top):
        os.chmod(made, 0o700)
        sync_folder(made.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk: a file without its name is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
