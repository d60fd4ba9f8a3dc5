"""Attachments on their pages: added, refused with what is allowed, handed out and never shown, erased with a line."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.process.filing.test_kinds import PDF
from tests.web.people import Office, open_office
from tests.web.test_filing import begin, file, fill
from tests.web.test_stories import SENTENCE, do, done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.files.vault import vault


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def sent(name: str = "../&<b>verklaring.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def listed(client: Client, key: UUID) -> str:
    return client.get(reverse("signal-attachments", args=[key])).content.decode()


def test_a_file_is_added_listed_with_its_custody_line_and_handed_out_but_never_shown(office: Office) -> None:
    client, key = office.client(Role.ANALYST), office.signal
    assert "Nog geen bestanden" in listed(client, key)
    done(client, key, Verb.ATTACH, file=sent(), origin="Van de buurvrouw, per e-mail.")
    page = listed(client, key)
    for said in (
        "&amp;&lt;b&gt;verklaring.pdf",
        "Van de buurvrouw, per e-mail.",
        "PDF-document",
        "analyst-politie",
    ):
        assert said in page
    [one] = view(key).attachments
    assert one.digest in page
    answer = client.get(reverse("signal-attachment", args=[key, 1]))
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="P-')
    assert disposition.endswith('-1.pdf"')
    assert "default-src 'none'; script-src 'self'" in client.get("/wachtrij/").headers["Content-Security-Policy"]
    assert client.get(reverse("signal-attachment", args=[key, 2])).status_code == 404
    log = office.client(Role.PRIVACY_OFFICER).get(reverse("view-log")).content.decode()
    assert "Bijlage ophalen" in log
    vault().drop("politie", one.digest)
    gone = client.get(reverse("signal-attachment", args=[key, 1]))
    assert (gone.status_code, "niet meer wat het was" in gone.content.decode()) == (503, True)


@pytest.mark.parametrize(
    ("upload", "origin", "said"),
    [
        (sent("verklaring.pdf", b"MZ\x90\x00\x03"), SENTENCE, "Toegestaan: PDF-document, JPEG-foto"),
        (sent(content=b"x" * (25 * 1024 * 1024 + 1)), SENTENCE, "hoogstens 25 MiB"),
        (sent(content=b""), SENTENCE, "of het is leeg"),
        (sent(), "", "Van wie of waarvandaan?"),
    ],
)
def test_what_cannot_be_kept_is_told_with_what_is_allowed(
    office: Office, upload: SimpleUploadedFile, origin: str, said: str
) -> None:
    answer = do(office.client(Role.ANALYST), office.signal, Verb.ATTACH, file=upload, origin=origin)
    assert answer.status_code != 302
    assert said in answer.content.decode()
    assert (view(office.signal).attachments, list(vault().held())) == ((), [])


def test_the_privacy_officer_erases_one_and_everybody_reads_that_and_why(office: Office) -> None:
    client, officer, key = office.client(Role.ANALYST), office.client(Role.PRIVACY_OFFICER), office.signal
    done(client, key, Verb.ATTACH, file=sent(), origin="Van de buurvrouw.")
    [one] = view(key).attachments
    done(officer, key, Verb.ERASE_ATTACHMENT, digest=one.digest, words="Hoort bij een heel andere zaak.")
    page = listed(client, key)
    for said in (
        "Gewist bestand",
        "Gewist door privacy-officer-politie",
        "Hoort bij een heel andere zaak.",
        one.digest,
    ):
        assert said in page
    history = client.get(reverse("signal-history", args=[key])).content.decode()
    assert "verklaring" not in page + history
    assert "buurvrouw" not in page + history
    assert client.get(reverse("signal-attachment", args=[key, 1])).status_code == 404


def test_a_form_takes_files_along(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    add = reverse("filing-attach", args=[key])
    fill(client, key)
    refused = client.post(add, {"file": sent("x.pdf", b"\x00\x01")})
    assert (refused.status_code, "Toegestaan: PDF-document" in refused.content.decode()) == (422, True)
    assert client.post(add).status_code == 422
    for upload in (sent(), sent("tweede.txt", b"nog een")):
        assert client.post(add, {"file": upload}).status_code == 302
    page = client.get(reverse("filing-summary", args=[key])).content.decode()
    assert "tweede.txt" in page
    drop = next(found for found in re.findall(r'action="([^"]+)"', page) if re.search(r"/bijlage/\d+/wissen/", found))
    assert client.post(drop).status_code == 302
    assert client.post(drop).status_code == 404
    assert office.client(Role.DETECTIVE).post(add, {"file": sent()}).status_code == 404
    signal = file(client, key)
    assert [str(one.name) for one in view(signal).attachments] == ["tweede.txt"]
    assert len(list(vault().held())) == 1
    assert "tweede.txt" in listed(client, signal)
