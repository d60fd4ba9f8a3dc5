"""Find what to read: files, folders and standard input, each with its format and compression checked by content."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from seinpost.errors import InputError

STDIN = "-"


class Format(str, Enum):
    """The formats a source may have."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    ARROW = "arrow"


SUFFIXES = {
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".arrow": Format.ARROW,
    ".arrows": Format.ARROW,
    ".ipc": Format.ARROW,
    ".feather": Format.ARROW,
}
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {b"PAR1": Format.PARQUET, b"ARRO": Format.ARROW, b"\xff\xff\xff\xff": Format.ARROW}
COMPRESSED_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
ALLOWED = "parquet, csv, tsv, jsonl, ndjson, arrow, ipc, feather; csv and jsonl also with .gz or .zst"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read. `name` is what the ledger and the messages call it: the path as it was given."""

    name: str
    path: Path
    format: Format
    compression: str | None = None

    @property
    def tab_separated(self) -> bool:
        """A source is tab-separated if, and only if, its name says .tsv."""
        return ".tsv" in self.path.suffixes


def find_sources(
    inputs: Sequence[str],
    spooled: Path | None = None,
    stdin_format: Format = Format.JSONL,
    leave_out: Path | None = None,
) -> list[Source]:
    """List the sources behind the given paths, folders sorted and searched through; `-` stands for `spooled`.

    Folders are not searched in `leave_out`: the results of a run are never its input.

    Raises InputError when a path does not exist, a folder holds nothing readable, a format is unknown, or the content
    is
    not what the name says.
    """
    sources: list[Source] = []
    for given in inputs:
        if given == STDIN:
            if spooled is None:
                raise InputError(
                    "standard input was asked for but not given", "standaardinvoer gevraagd maar niet gegeven"
                )
            sources.append(Source("stdin", spooled, stdin_format, sniff_compression(spooled)))
            continue
        path = Path(given)
        if path.is_dir():
            sources.extend(find_in_folder(path, leave_out))
        elif path.exists():
            sources.append(one_source(path))
        else:
            raise InputError(f"{given}: no such file or folder", f"{given}: bestand of map bestaat niet")
    for source in sources:
        check_content(source)
    doubled = [path for path, count in Counter(source.path.resolve() for source in sources).items() if count > 1]
    if doubled:
        raise InputError(f"{doubled[0]}: given more than once", f"{doubled[0]}: meer dan eens opgegeven")
    return sources


def find_in_folder(folder: Path, leave_out: Path | None = None) -> Iterator[Source]:
    """Yield the readable files under a folder in the order of their paths; hidden files and folders are passed over.

    Raises InputError for a folder that may not be looked into: its registrations would be missing without a word.
    """
    found = sorted(path for path in files_under(folder, leave_out) if format_of(path) is not None)
    if not found:
        raise InputError(
            f"{folder}: holds no file with registrations (allowed: {ALLOWED})",
            f"{folder}: bevat geen bestand met registraties (toegestaan: {ALLOWED})",
        )
    yield from (one_source(path) for path in found)


def files_under(folder: Path, leave_out: Path | None) -> Iterator[Path]:
    """Yield every file under a folder that is not hidden."""

    def refused(error: OSError) -> None:
        raise InputError(
            f"{error.filename}: cannot be read: {error.strerror}", f"{error.filename}: niet te lezen: {error.strerror}"
        ) from error

    skipped = leave_out.resolve() if leave_out is not None else None
    for place, folders, files in os.walk(folder, onerror=refused):
        here = Path(place)
        folders[:] = [name for name in folders if name[0] != "." and (here / name).resolve() != skipped]
        yield from (here / name for name in files if name[0] != "." and (here / name).is_file())


def one_source(path: Path) -> Source:
    """Make a source of one existing file, by its name."""
    kind = format_of(path)
    if kind is None:
        raise InputError(
            f"{path}: unknown format {path.suffix!r} (allowed: {ALLOWED})",
            f"{path}: onbekend formaat {path.suffix!r} (toegestaan: {ALLOWED})",
        )
    return Source(str(path), path, kind, COMPRESSIONS.get(path.suffix.lower()))


def format_of(path: Path) -> Format | None:
    """Tell the format by the name, looking through .gz and .zst; None if the name says nothing known."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSIONS:
        suffixes.pop()
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


def sniff_compression(path: Path) -> str | None:
    """Tell the compression by the first bytes."""
    head = read_head(path)
    return next((name for magic, name in COMPRESSED_MAGIC.items() if head.startswith(magic)), None)


def read_head(path: Path) -> bytes:
    """Read the first four bytes; InputError if the file cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read: {error.strerror}", f"{path}: kan niet worden gelezen: {error.strerror}"
        ) from error


def check_content(source: Source) -> None:
    """Refuse an empty source, and one whose first bytes are not what its name says."""
    head = read_head(source.path)
    if not head:
        raise InputError(f"{source.name}: the file is empty", f"{source.name}: het bestand is leeg")
    packed = next((name for magic, name in COMPRESSED_MAGIC.items() if head.startswith(magic)), None)
    if packed != source.compression:
        said, found = source.compression or "not compressed", packed or "not compressed"
        raise InputError(
            f"{source.name}: the name says {said}, the content is {found}",
            f"{source.name}: de naam zegt {said}, de inhoud is {found}",
        )
    if packed and source.format in (Format.PARQUET, Format.ARROW):
        raise InputError(
            f"{source.name}: {source.format.value} inside {packed} is not read (unpack it first)",
            f"{source.name}: {source.format.value} in {packed} wordt niet gelezen (pak het eerst uit)",
        )
    content = MAGIC.get(head)
    expected = source.format if source.format in (Format.PARQUET, Format.ARROW) else None
    if not packed and content is not expected:
        found_name = content.value if content else "text"
        raise InputError(
            f"{source.name}: the name says {source.format.value}, the content is {found_name}",
            f"{source.name}: de naam zegt {source.format.value}, de inhoud is {found_name}",
        )
