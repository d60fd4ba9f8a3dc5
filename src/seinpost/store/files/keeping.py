"""Files and rows together: a file is kept before its row is, and removed only when no row points at it any more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, connections

from seinpost.store.acting import Acting, as_system, working_for
from seinpost.store.files.vault import DIGEST, PART, vault

OWNER = "owner"
PATIENCE = "5s"  # a backup keeps every file as long as it runs: what waits longer is left for the nightly sweep
STRAY_SECONDS = 3600  # what is younger may belong to a change that is still going on
LOCK = "hashtextextended('seinpost files', 0)"


def hold_files() -> None:
    """Let nobody remove a file until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({LOCK})")


@contextmanager
def held_for_owner() -> Iterator[None]:
    """Let nobody remove a file meanwhile; before a transaction of the owner begins, so that it sees what is held."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock_shared({LOCK})")
        try:
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock_shared({LOCK})")


def forget(acting: Acting, digests: Iterable[str]) -> int:
    """Remove the files that nothing of the service points at any more; how many. After the change was committed."""
    files, removed = vault(), 0
    try:
        with working_for(as_system(acting.service), reach="all"), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            for digest in dict.fromkeys(digests):
                cursor.execute("SELECT seinpost_file_wanted(%s)", [digest])
                if not cursor.fetchone()[0]:
                    files.drop(acting.service, digest)
                    removed += 1
    except OperationalError:  # somebody holds the files: the sweep comes back
        return removed
    return removed


def sweep(service: str) -> int:
    """Remove what no row of a service points at, and what a broken-off write left; how many."""
    files, before = vault(), time.time() - STRAY_SECONDS
    old = [(name, at) for owner, name, at in files.held() if owner == service and at < before]
    parts = [path for path in files.folder.glob(f"{service}/*/{PART}*") if path.stat().st_mtime < before]
    for path in parts:
        path.unlink(missing_ok=True)
    return len(parts) + forget(as_system(service), (name for name, _ in old if DIGEST.fullmatch(name)))
