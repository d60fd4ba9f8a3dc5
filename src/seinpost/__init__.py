"""Seinpost finds hidden signals of human trafficking in Dutch registrations, and explains each one.

import seinpost
result = seinpost.scan(table)          # an Arrow table, files, or seinpost.types.Registration items
result.signals, result.hits, result.contributions, result.quarantine, result.counts
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seinpost.packs.pack import Pack
    from seinpost.run.api import Scannable, ScanResult

__all__ = ["__version__", "load_pack", "scan"]
__version__: str

_COMPILED = ("scan", "scan/native", "scan/plans", "score/passes", "score/eye", "synth", "run/read")
"""Where compiled functions live, and the constants compiled into them."""


def private_folder() -> Path:
    """The folder where this user's Seinpost keeps what it can make again: compiled kernels, tables, bytecode.

    It stands in the user's cache folder; where that cannot be written, in the folder for temporary files, and then it
    is used only if nobody else can write in it: what is kept there is run.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: TID251
    there = next(folder for folder in (base, *base.parents) if folder.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return base / "seinpost"
    own = Path(tempfile.gettempdir()) / f"seinpost-{os.getuid()}"
    with contextlib.suppress(OSError):
        own.mkdir(mode=0o700, exist_ok=True)
        state = own.lstat()
        if stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o022:
            return own
    return Path(tempfile.mkdtemp(prefix="seinpost-"))


def _kernel_cache() -> str:
    """The folder for compiled kernels, by the digest of every kernel's source.

    numba looks at the file of the outermost function only, so with one shared folder a change in a function it inlines
    would go on running the old machine code.
    """
    home = Path(__file__).parent
    sources = [path for room in _COMPILED for path in sorted((home / room).glob("*.py"))]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.read_bytes())
    return str(private_folder() / f"kernels-{digest.hexdigest()[:16]}")


if "NUMBA_CACHE_DIR" not in os.environ:  # noqa: TID251 - numba reads it when it is first imported
    os.environ["NUMBA_CACHE_DIR"] = _kernel_cache()  # noqa: TID251

# `seinpost.scan` is the function below although a room has the same name. Python binds a submodule's name when it is
# first imported; binding it now keeps a later import of the room from taking the name back.
importlib.import_module("seinpost.scan")


def __getattr__(name: str) -> str:
    if name == "__version__":  # read late: looking for it takes longer than all the rest here
        from importlib.metadata import version

        return version("seinpost")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_pack(name_or_path: str | Path = "nl") -> Pack:
    """Load a checked rule pack by the name of a shipped one or by its folder; raises PackError."""
    from seinpost.packs import load_pack as load

    return load(name_or_path)


def scan(
    source: Scannable | Sequence[str | Path],
    pack: Pack | str | Path = "nl",
    *,
    id_column: str = "registration_id",
    text_column: str = "text",
    semantic: bool = True,
    encoder: bool = False,
    threads: int | None = None,
) -> ScanResult:
    """Scan an Arrow table, a reader, registrations or files; see docs/reference/run.md for the tables.

    `semantic` adds the second eye, `encoder` the third reader beside it (`seinpost[semantic]`). `threads` is how many
    batches are scanned at a time, None: one for each core; the result is the same. Raises PackError, InputError and
    SettingError; single bad rows go to `quarantine` instead.
    """
    from seinpost.packs import find_pack
    from seinpost.packs.pack import Pack as PackClass
    from seinpost.run.api import scan_anything
    from seinpost.run.engine import Engine
    from seinpost.run.prepared import prepare_pack
    from seinpost.score.encoder import load_reader

    if isinstance(pack, PackClass):
        engine = Engine(pack, load_reader(pack, None, semantic=semantic, encoder=encoder))
    else:
        prepared = prepare_pack(pack, Path(os.environ["NUMBA_CACHE_DIR"]))  # noqa: TID251 - set above
        reader = load_reader(prepared.pack, find_pack(pack), semantic=semantic, encoder=encoder)
        engine = Engine(prepared.pack, reader, prepared.tables)
    crew = os.cpu_count() or 1 if threads is None else threads
    return scan_anything(source, engine, id_column=id_column, text_column=text_column, threads=crew)
