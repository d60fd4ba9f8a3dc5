"""A SAML identity provider of the test's own: its certificate, and responses that it signs, or that somebody forged."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

IDP = "https://idp.politie.example/saml"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r{id}" Version="2.0" IssueInstant="{now}"
 Destination="{acs}"{answers}><saml:Issuer>{idp}</saml:Issuer><samlp:Status><samlp:StatusCode
 Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a{id}" Version="2.0"
 IssueInstant="{now}"><saml:Issuer>{idp}</saml:Issuer><saml:Subject><saml:NameID
 Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{login}</saml:NameID><saml:SubjectConfirmation
 Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{until}"
 Recipient="{acs}"{answers}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{since}"
 NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
</saml:Conditions><saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext>
</saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="uid"><saml:AttributeValue>{login}
</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"""


@cache
def key_pair(name: str) -> tuple[str, str]:
    """A key and its certificate, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private.decode(), certificate.public_bytes(pem).decode()


def settings(slug: str, service: str) -> dict[str, Any]:
    """The settings that name this provider, made as the server makes them."""
    from seinpost.server.settings import saml

    idp = {"entity_id": IDP, "sso_url": f"{IDP}/login", "x509cert": key_pair("idp")[1]}
    app = {"provider_id": slug, "name": "Politie", "client_id": slug, "secret": "", "settings": saml({"idp": idp})}
    return {"SOCIALACCOUNT_PROVIDERS": {"saml": {"APPS": [app]}}, "PROVIDER_SERVICE": {slug: service}}


def response(question: str, login: str, lie: str) -> str:
    """A response to a request, for somebody; with a lie in it, or "" for none."""
    request = etree.fromstring(zlib.decompress(base64.b64decode(question), -15))
    now = datetime.now(UTC) - (timedelta(hours=1) if lie == "late" else timedelta())
    acs, issuer = request.get("AssertionConsumerServiceURL"), request.findtext("{*}Issuer")
    facts = {
        "id": uuid4().hex, "now": stamp(now), "since": stamp(now - timedelta(minutes=1)), "acs": acs, "idp": IDP,
        "until": stamp(now + timedelta(minutes=5)), "login": login,
        "audience": "https://ergens.anders.example" if lie == "audience" else issuer,
        "answers": "" if lie == "unasked" else f' InResponseTo="{request.get("ID")}"',
    }  # fmt: skip
    assertion = ASSERTION.format(**facts).replace("\n</saml:AttributeValue>", "</saml:AttributeValue>")
    if lie != "unsigned":
        key, certificate = key_pair("other" if lie == "other key" else "idp")
        signed = OneLogin_Saml2_Utils.add_sign(
            assertion, key, certificate, sign_algorithm=RSA256, digest_algorithm=SHA256
        )
        assertion = signed.decode() if isinstance(signed, bytes) else signed
    if lie == "altered":
        assertion = assertion.replace(login, "coordinator-politie")
    return base64.b64encode(RESPONSE.format(**facts, assertion=assertion).encode()).decode()


def stamp(moment: datetime) -> str:
    """A moment as SAML writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
