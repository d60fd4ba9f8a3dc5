"""The files of a backup: copied into one archive as they stand on the disk, sealed ones still sealed, and put back."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from seinpost.errors import FileError
from seinpost.store.audit.stored import OWNER
from seinpost.store.files.vault import Vault
from seinpost.store.models import Attachment, DraftFile

Digests = dict[str, str]
"""SHA-256 of each file as it is stored, by service and digest: "politie/0123...": what a restore is held to."""


def wanted_files() -> list[tuple[str, str]]:
    """Service and digest of every file that a row points at; inside a transaction of the owner."""
    rows = [set(model.objects.using(OWNER).values_list("service", "digest")) for model in (Attachment, DraftFile)]
    return sorted(rows[0] | rows[1])


def save_files(target: Path, wanted: Iterable[tuple[str, str]], files: Vault) -> tuple[Digests, list[tuple[str, str]]]:
    """Write the archive; the digest of each file in it, and why any could not be in it (en, nl).

    A file that is missing or was changed does not stop a backup of all others: it is named.
    """
    digests: Digests = {}
    left_out: list[tuple[str, str]] = []
    try:
        with target.open("wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
                for service, digest in wanted:
                    try:
                        stored = files.proved(service, digest)
                    except FileError as error:
                        left_out.append((error.en, error.nl))
                        continue
                    entry = tarfile.TarInfo(f"{service}/{digest}")
                    entry.size, entry.mode = len(stored), 0o600
                    archive.addfile(entry, io.BytesIO(stored))
                    digests[entry.name] = hashlib.sha256(stored).hexdigest()
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise FileError(
            f"{target} cannot be written: {error.strerror}", f"{target} kan niet worden geschreven: {error.strerror}"
        ) from error
    return digests, left_out


def saved_files(source: Path) -> Iterator[tuple[str, bytes]]:
    """Name and stored bytes of every file in an archive; raises FileError where it cannot be read."""
    try:
        with tarfile.open(source, mode="r:") as archive:
            for entry in archive:
                content = archive.extractfile(entry) if entry.isreg() else None
                if content is None:
                    raise FileError(f"{source}: {entry.name!r} is no file", f"{source}: {entry.name!r} is geen bestand")
                yield entry.name, content.read()
    except (OSError, tarfile.TarError) as error:
        raise FileError(f"{source} cannot be read: {error}", f"{source} kan niet worden gelezen: {error}") from error


def check_saved(source: Path, digests: Mapping[str, str]) -> None:
    """Raise FileError that names every file which is missing from an archive, was changed in it, or is too many."""
    found = {name: hashlib.sha256(stored).hexdigest() for name, stored in saved_files(source)}
    wrong = [f"{name} is missing" for name in sorted(set(digests) - set(found))]
    wrong += [f"{name} was changed" for name in sorted(set(digests) & set(found)) if digests[name] != found[name]]
    wrong += [f"{name} does not belong there" for name in sorted(set(found) - set(digests))]
    if wrong:
        told = "\n  ".join(wrong)
        raise FileError(
            f"{source} is not what the backup made:\n  {told}",
            f"{source} is niet wat de reservekopie maakte:\n  {told}",
        )


def put_back(source: Path, files: Vault) -> int:
    """Put every file of an archive back in its place; how many."""
    count = 0
    for name, stored in saved_files(source):
        service, _, digest = name.partition("/")
        files.put_stored(service, digest, stored)
        count += 1
    return count
