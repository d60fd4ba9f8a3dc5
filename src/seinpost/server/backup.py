"""Backup, restore and proof as one: a backup knows the end of each chain and every file; what differs does not open."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg.conninfo import make_conninfo

from seinpost.errors import DatabaseError, FileError
from seinpost.server.instance.binaries import find_runner
from seinpost.store.audit.chain import Head
from seinpost.store.audit.stored import OWNER, stored_heads, verify_stored
from seinpost.store.files.keeping import held_for_owner
from seinpost.store.files.saving import check_saved, put_back, save_files, wanted_files
from seinpost.store.files.vault import vault
from seinpost.store.rights import give_rights

VERSION = 2


def backup(target: Path) -> dict[str, Any]:
    """Write the database to a file, the attachments to `.files` and what they must hold to `.json`; of one moment.

    An attachment that is missing or was changed is named under `left_out`, and does not stop the backup of all others.
    Raises DatabaseError or FileError; nothing half-written is left under the final name.
    """
    part = target.with_name(target.name + ".part")
    with held_for_owner():
        with transaction.atomic(using=OWNER, durable=True), connections[OWNER].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            run("pg_dump", ["--format=custom", f"--snapshot={snapshot}", f"--file={part}"])
            heads, rows, wanted = stored_heads(), count_rows(), wanted_files()
        part_of_files = files_of(part)
        digests, left_out = save_files(part_of_files, wanted, vault())
    manifest = {
        "version": VERSION,
        "heads": [[head.service, head.number, head.hash] for head in heads],
        "rows": rows,
        "sha256": sha256_of(part),
        "files": digests,
        "left_out": left_out,
    }
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part_of_files.replace(files_of(target))
    part.replace(target)
    manifest_of(target).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def restore(source: Path) -> dict[str, Any]:
    """Put a backup back into an empty database and its attachments in the data folder, and prove both.

    Raises DatabaseError or FileError when a file differs from its manifest, the database is not empty, or the proof
    fails; every file that is missing or changed is named.
    """
    manifest = read_manifest(source)
    if sha256_of(source) != manifest["sha256"]:
        raise DatabaseError(
            f"{source} is not the file its backup made: its digest differs",
            f"{source} is niet het bestand dat de reservekopie maakte: de controlesom verschilt",
        )
    check_saved(files_of(source), manifest["files"])
    if connections[OWNER].introspection.table_names():
        raise DatabaseError(
            "the database is not empty: a backup goes back into an empty one only",
            "de database is niet leeg: een reservekopie gaat alleen terug in een lege",
        )
    flags = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    run("pg_restore", [*flags, str(source)])
    give_rights(connections[OWNER], settings.DATABASES["default"]["USER"])
    put_back(files_of(source), vault())
    prove(manifest)
    return manifest


def read_manifest(source: Path) -> dict[str, Any]:
    """What a backup must hold; raises DatabaseError where that cannot be read."""
    try:
        manifest: dict[str, Any] = json.loads(manifest_of(source).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatabaseError(f"{manifest_of(source)} cannot be read: {error}") from error
    if manifest.get("version") != VERSION:
        raise DatabaseError(f"{manifest_of(source)} has version {manifest.get('version')!r} (allowed: {VERSION})")
    return manifest


def prove(manifest: dict[str, Any]) -> None:
    """Raise DatabaseError when the database does not hold exactly what the manifest says."""
    verdict = verify_stored(tuple(Head(*head) for head in manifest["heads"]))
    faults = [one.told("en") for one in verdict.breaks]
    rows = count_rows()
    faults += [
        f"{table}: {rows.get(table)} rows instead of {manifest['rows'].get(table)}"
        for table in sorted(set(rows) | set(manifest["rows"]))
        if rows.get(table) != manifest["rows"].get(table)
    ]
    files, known = vault(), set(manifest["files"])
    for service, digest in wanted_files():
        if f"{service}/{digest}" not in known:
            continue  # it was missing already when the backup was made, and named then
        try:
            files.proved(service, digest)
        except FileError as error:
            faults.append(error.en)
    if faults:
        raise DatabaseError("the restored database is not what was backed up:\n  " + "\n  ".join(faults))


def count_rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    counts = {}
    with connections[OWNER].cursor() as cursor:
        for table in sorted(connections[OWNER].introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connections[OWNER].ops.quote_name(table)}")
            counts[table] = int(cursor.fetchone()[0])
    return counts


def run(program: str, arguments: list[str]) -> None:
    """Run one of PostgreSQL's own programs as the owner; the password goes through the environment, not the list."""
    wanted = connections[OWNER].settings_dict
    address = {"host": wanted["HOST"], "port": wanted["PORT"], "user": wanted["USER"], "dbname": wanted["NAME"]}
    options = {name: value for name, value in wanted["OPTIONS"].items() if name.startswith("ssl")}
    conninfo = make_conninfo("", **{name: value for name, value in {**address, **options}.items() if value})
    command = [str(find_runner(Path("/")).programs / "bin" / program), *arguments, f"--dbname={conninfo}"]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGPASSWORD": wanted["PASSWORD"]}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        raise DatabaseError(f"{program} failed: {done.stderr.strip()}", f"{program} mislukte: {done.stderr.strip()}")


def sha256_of(path: Path) -> str:
    """The digest of a file; raises DatabaseError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DatabaseError(f"{path} cannot be read: {error.strerror}") from error


def manifest_of(path: Path) -> Path:
    """Where the manifest of a backup stands."""
    return path.with_name(path.name + ".json")


def files_of(path: Path) -> Path:
    """Where the attachments of a backup stand."""
    return path.with_name(path.name + ".files")
