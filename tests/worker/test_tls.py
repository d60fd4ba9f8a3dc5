"""Mail over TLS, to a real server with a real certificate: believed for its authority, its name and its days only."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.worker.smtp import Postbox, mail_server

from seinpost.errors import MailError
from seinpost.server.environment import read_mail
from seinpost.server.worker.post import connected, send

PEM = serialization.Encoding.PEM
KINDS = pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])


@cache
def authority(name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """An authority that signs certificates."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key, signed(name, key, name, key, timedelta(days=1))


def signed(
    name: str, key: ec.EllipticCurvePrivateKey, by: str, with_: ec.EllipticCurvePrivateKey, until: timedelta
) -> x509.Certificate:
    """A certificate for a name; one that an authority gives itself may sign others."""
    now = datetime.now(UTC)
    who, own = with_.public_key(), key is with_
    usage = x509.KeyUsage(not own, False, False, False, False, own, own, False, False)
    builder = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, by)]),
        subject_name=x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]),
        public_key=key.public_key(), serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=2), not_valid_after=now + until,
    )  # fmt: skip
    added: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=own, path_length=None), True),
        (usage, True),
        (x509.SubjectAlternativeName([x509.DNSName(name)]), False),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(who), False),
    ]
    for extension, critical in added:
        builder = builder.add_extension(extension, critical)
    return builder.sign(with_, hashes.SHA256())


def certified(folder: Path, name: str = "localhost", by: str = "Ons", until: timedelta | None = None) -> ssl.SSLContext:
    """What a mail server of this name shows, given by this authority."""
    key, (theirs, _) = ec.generate_private_key(ec.SECP256R1()), authority(by)
    shown = signed(name, key, by, theirs, until or timedelta(days=1))
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(private + shown.public_bytes(PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


@pytest.fixture(autouse=True)
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one authority that this machine believes."""
    (tmp_path / "ours.pem").write_bytes(authority("Ons")[1].public_bytes(PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ours.pem"))


def mailed(scheme: str, box: Postbox) -> None:
    """Send one mail, as the worker does, with the address that the setting gives."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "seinpost@dienst.example", "ana@dienst.example", "Toegewezen"
    letter.set_content("Er is iets voor u.")
    with connected(read_mail(f"{scheme}://post:geheim@localhost:{box.port}")) as server:
        send(server, letter)


@KINDS
def test_mail_and_password_go_inside_tls_only(scheme: str, tmp_path: Path) -> None:
    with mail_server(Postbox(tls=certified(tmp_path), wrapped=scheme == "smtps")) as box:
        mailed(scheme, box)
    assert [to for to, _text in box.mails] == ["ana@dienst.example"]
    assert {"AUTH", "MAIL", "DATA"} <= {word for word, inside in box.spoken if inside}
    assert {word for word, inside in box.spoken if not inside} <= {"EHLO", "STARTTLS"}


@KINDS
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "post.elders.example"}, "localhost"),
        ({"by": "Iemand anders"}, "unable to get local issuer certificate"),
        ({"until": -timedelta(days=1)}, "certificate has expired"),
    ],
)
def test_a_certificate_that_is_not_right_gets_no_word_and_is_told(
    scheme: str, wrong: dict[str, object], told: str, tmp_path: Path
) -> None:
    shown = certified(tmp_path, **wrong)  # type: ignore[arg-type]
    with (
        mail_server(Postbox(tls=shown, wrapped=scheme == "smtps")) as box,
        pytest.raises(MailError, match="its certificate is not believed: ") as fault,
    ):
        mailed(scheme, box)
    assert told in fault.value.en
    assert fault.value.away, "no other mail is tried there"
    assert "ana@" not in fault.value.en
    assert box.mails == []
    assert {word for word, _inside in box.spoken} <= {"EHLO", "STARTTLS"}


def test_a_server_that_offers_no_tls_gets_no_word_and_is_told() -> None:
    with mail_server(Postbox()) as box, pytest.raises(MailError, match="it offers no TLS"):
        mailed("smtp+starttls", box)
    assert {word for word, _inside in box.spoken} == {"EHLO"}
