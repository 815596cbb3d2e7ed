"""A provider of SAML on loopback: its metadata, and signed answers to what our site asks."""

from __future__ import annotations

import base64
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.machine.serving import served

EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{url}">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
 Location="{url}/sign-in"/></IDPSSODescriptor></EntityDescriptor>"""
ANSWER = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{id}" Version="2.0"
 IssueInstant="{now}" Destination="{acs}" {in_response_to}><saml:Issuer>{url}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="_{id}a" Version="2.0" IssueInstant="{now}"><saml:Issuer>{url}</saml:Issuer>
<saml:Subject><saml:NameID>{name}</saml:NameID><saml:SubjectConfirmation
 Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{end}" Recipient="{acs}" {in_response_to}/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{start}" NotOnOrAfter="{end}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_{id}s"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="{kind}">
<saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion></samlp:Response>"""

END = """<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{id}" Version="2.0" IssueInstant="{now}"
 Destination="{address}"><saml:Issuer>{url}</saml:Issuer><saml:NameID>anybody</saml:NameID>
</samlp:LogoutRequest>"""


class Key:
    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()


@dataclass
class Asked:
    """What our site asked: under which id, and where the answer goes."""

    id: str
    acs: str
    issuer: str

    @classmethod
    def read(cls, address: str) -> Asked:
        packed = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        asked = ET.fromstring(zlib.decompress(base64.b64decode(packed), -15))
        issuer = asked.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
        assert issuer is not None
        return cls(
            asked.attrib["ID"], asked.attrib["AssertionConsumerServiceURL"], issuer.text or ""
        )


@dataclass
class Provider:
    """`told` replaces the metadata."""

    url: str
    key: Key
    told: str | None = None

    def answer(
        self, asked: Asked, name: str, email: str, *, key: Key | None = None, **other: str
    ) -> str:
        """As a browser would bring it. `other` replaces parts; another `key` is a forger's."""
        now = datetime.now(UTC)
        parts = {
            "id": secrets.token_hex(16),
            "now": _time(now),
            "start": _time(now - timedelta(minutes=1)),
            "end": _time(now + timedelta(minutes=5)),
            "acs": asked.acs,
            "audience": asked.issuer,
            "in_response_to": f'InResponseTo="{asked.id}"',
            "url": self.url,
            "name": name,
            "email": email,
            "kind": EMAIL,
        }
        by = key or self.key
        signed = OneLogin_Saml2_Utils.add_sign(
            ANSWER.format(**parts | other), by.private, by.certificate
        )
        return base64.b64encode(signed).decode()

    def end_of_session(self, address: str) -> str:
        """What a link to `address` would carry that signs people out, unsigned."""
        parts = {"id": secrets.token_hex(16), "now": _time(datetime.now(UTC)), "address": address}
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(END.format(url=self.url, **parts).encode()) + packer.flush()
        return base64.b64encode(packed).decode()

    def metadata(self) -> str:
        if self.told is not None:
            return self.told
        lines = [line for line in self.key.certificate.splitlines() if "-----" not in line]
        return METADATA.format(url=self.url, certificate="".join(lines))


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider("", Key())

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = provider.metadata().encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/samlmetadata+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    with served(Answers) as provider.url:
        yield provider
