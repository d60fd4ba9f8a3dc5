"""What a file is: by its content, never by its name, and nothing that carries a program."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import plan

from seinpost.packs.procedure.terms import ListName
from seinpost.process.filing.kinds import KINDS, kind_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def zip_of(*names: str, mimetype: str = "", compress: int = zipfile.ZIP_STORED) -> bytes:
    """A zip with these entries; `mimetype` goes first."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, compress)
        for name in names:
            archive.writestr(name, "x")
    return kept.getvalue()


ODT = KINDS["odt"].media_type
EXAMPLES = {
    "pdf": PDF,
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "png": PNG,
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00",
    "text": "Zij zei: „ik mag niet weg”.\r\n".encode(),
    "docx": zip_of("[Content_Types].xml", "word/document.xml"),
    "xlsx": zip_of("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": zip_of("[Content_Types].xml", "ppt/presentation.xml"),
    "odt": zip_of("content.xml", mimetype=ODT),
    "ods": zip_of("content.xml", mimetype=KINDS["ods"].media_type),
    "mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "m4a": b"\x00\x00\x00\x18ftypM4A \x00\x00",
    "ogg": b"OggS\x00\x02",
    "wav": b"RIFF\x10\x00\x00\x00WAVEfmt ",
    "mp4": b"\x00\x00\x00\x18ftypisom\x00\x00",
}


def test_the_pack_allows_what_is_known_and_nothing_else() -> None:
    assert set(plan().lists[ListName.ATTACHMENTS]) == set(KINDS) == set(EXAMPLES)


@pytest.mark.parametrize("code", EXAMPLES)
def test_each_kind_is_known_by_its_content(code: str) -> None:
    assert kind_of(EXAMPLES[code]) == code
    assert kind_of(b" " + EXAMPLES[code]) in ("", "text")  # a signature is at its place, or it is none


REFUSED = {
    "nothing": b"",
    "white": b" \r\n\t ",
    "a Windows program": b"MZ\x90\x00\x03",
    "a Linux program": b"\x7fELF\x02\x01\x01",
    "an old Word document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "a zip of anything": zip_of("a.txt", "b.exe"),
    "a Word document with macros": zip_of("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "an OpenDocument with macros": zip_of("Basic/Standard/x.xml", mimetype=ODT),
    "an OpenDocument that hides its name": zip_of("content.xml", mimetype=ODT, compress=zipfile.ZIP_DEFLATED),
    "an OpenDocument of another kind": zip_of("content.xml", mimetype="application/vnd.oasis.opendocument.graphics"),
    "a zip behind a picture's name": b"\x89PNG" + zip_of("a.txt"),
    "half a zip": zip_of("[Content_Types].xml", "word/document.xml")[:60],
    "a PDF without its end": b"%PDF-1.7\n1 0 obj",
    "Latin-1": "één".encode("latin-1"),
    "text with a bell": b"abc\x07",
    "an image of a disk": b"\x00" * 64,
    "a sound frame with no bit rate": b"\xff\xfb\x00\x00",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_on_the_list_is_not_known(what: str) -> None:
    assert kind_of(REFUSED[what]) == ""


def test_an_encrypted_document_is_not_known() -> None:
    content = bytearray(EXAMPLES["docx"])
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 4)
    assert kind_of(bytes(content)) == ""


@given(start=st.sampled_from([*EXAMPLES.values(), *REFUSED.values()]), cut=st.integers(0, 400), noise=st.binary())
def test_any_bytes_at_all_give_a_known_code_or_none(start: bytes, cut: int, noise: bytes) -> None:
    assert kind_of(start[:cut] + noise + start[cut:]) in {"", *KINDS}
