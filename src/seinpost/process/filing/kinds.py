"""What a file is, by its content and never by its name: a closed list; whatever is not surely on it is not known. Pure.

A library that names a thousand kinds by their first bytes answers another question: a file could be a Word document
with macros to it. Here a kind is known if, and only if, its signature is at its place and it carries no program.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

UNKNOWN = ""
MOST_ENTRIES = 10_000
LONGEST_MIMETYPE = 100
TAIL = 2048  # where the end of a PDF is looked for
PROGRAMS = ("vbaproject.bin", "vbadata.xml", "activex", "basic/", "scripts/")  # in the names of a zipped document


@dataclass(frozen=True, slots=True)
class Kind:
    """How a known kind is handed out: never under a name or a type that came from outside."""

    media_type: str
    extension: str


KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", "pdf"),
    "jpeg": Kind("image/jpeg", "jpg"),
    "png": Kind("image/png", "png"),
    "webp": Kind("image/webp", "webp"),
    "heic": Kind("image/heic", "heic"),
    "text": Kind("text/plain; charset=utf-8", "txt"),
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "pptx": Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    "odt": Kind("application/vnd.oasis.opendocument.text", "odt"),
    "ods": Kind("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    "mp3": Kind("audio/mpeg", "mp3"),
    "m4a": Kind("audio/mp4", "m4a"),
    "ogg": Kind("audio/ogg", "ogg"),
    "wav": Kind("audio/wav", "wav"),
    "mp4": Kind("video/mp4", "mp4"),
}
BRANDS = {  # of the ISO base media format: what stands after "ftyp"
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"heim", b"heis"), "heic"),
    **dict.fromkeys((b"M4A ", b"M4B "), "m4a"),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "), "mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"qt  "), "mp4"),
}
RIFFS = {b"WEBP": "webp", b"WAVE": "wav"}
OOXML = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OPEN_DOCUMENT = {KINDS[code].media_type: code for code in ("odt", "ods")}
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")


def kind_of(content: bytes) -> str:
    """The code of the kind; empty where it is none of the list, or carries a program."""
    return next((found for look in LOOKS if (found := look(content))), UNKNOWN)


def signed(content: bytes) -> str:
    """Kinds with a signature of their own at the very beginning."""
    if content.startswith((b"%PDF-1.", b"%PDF-2.")) and b"%%EOF" in content[-TAIL:]:
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return "png"
    if content.startswith(b"OggS\x00"):
        return "ogg"
    return "mp3" if content.startswith(b"ID3") or is_mpeg_frame(content[:4]) else UNKNOWN


def is_mpeg_frame(head: bytes) -> bool:
    """The header of an MPEG layer III frame with a bit rate and a sample rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] not in (0xFB, 0xFA, 0xF3, 0xF2):
        return False
    return head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3


def boxed(content: bytes) -> str:
    """Kinds that tell what they are inside a container's head."""
    if content[4:8] == b"ftyp":
        return BRANDS.get(content[8:12], UNKNOWN)
    return RIFFS.get(content[8:12], UNKNOWN) if content.startswith(b"RIFF") else UNKNOWN


def zipped(content: bytes) -> str:
    """Documents in a zip, without encrypted parts and macros; nothing is unpacked but the line that names it."""
    if not content.startswith(b"PK\x03\x04"):
        return UNKNOWN
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or any(entry.flag_bits & 1 for entry in entries):
                return UNKNOWN
            names = {entry.filename for entry in entries}
            if any(program in name.casefold() for name in names for program in PROGRAMS):
                return UNKNOWN
            if "[Content_Types].xml" in names:
                return next((code for name, code in OOXML.items() if name in names), UNKNOWN)
            return open_document(archive, entries)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return UNKNOWN


def open_document(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    """An OpenDocument names itself in its first entry, uncompressed."""
    first = entries[0] if entries else None
    if first is None or first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return UNKNOWN
    if first.file_size > LONGEST_MIMETYPE:
        return UNKNOWN
    return OPEN_DOCUMENT.get(archive.read(first).decode("ascii", "replace"), UNKNOWN)


def plain(content: bytes) -> str:
    """Text: UTF-8 that says something, without control signs."""
    if not content.strip() or CONTROLS & frozenset(content) or content.startswith(b"%PDF-"):
        return UNKNOWN
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return UNKNOWN
    return "text"


LOOKS: tuple[Callable[[bytes], str], ...] = (signed, boxed, zipped, plain)
