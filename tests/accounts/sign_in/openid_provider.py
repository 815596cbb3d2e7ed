"""A provider of OpenID Connect on loopback: discovery, codes with PKCE, signed tokens, userinfo.

It signs in whoever `person` says, without asking for a password: that is its matter, not ours.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.machine.serving import served

CLIENT, SECRET, KEY_ID = "waymark", "of the provider alone", "first"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """`person` are the claims of whoever is signed in there; `other` replaces some in tokens.

    `told` is said at a path instead of what belongs there.
    """

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [key | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}]}

    def agree(self, asked: dict[str, str]) -> str:
        """Where the browser goes on with a code."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """A code works once, for the client that asked, with the verifier of its challenge."""
        asked = self.codes.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET)
            or asked.get("code_challenge_method") != "S256"
            or asked.get("code_challenge") != challenge
            or asked["redirect_uri"] != sent.get("redirect_uri")
        ):
            self.refusals.append("token")
            return None
        access = secrets.token_urlsafe()
        self.access[access] = self.person
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        signed = jwt.encode(
            claims | self.person | self.other, KEY, algorithm="RS256", headers={"kid": KEY_ID}
        )
        return {"access_token": access, "token_type": "Bearer", "id_token": signed}


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(HTTPStatus.FOUND)
                self.send_header("Location", provider.agree(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            held = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self.tell(
                {
                    "/.well-known/openid-configuration": provider.discovery(),
                    "/jwks": provider.keys(),
                    "/userinfo": provider.access.get(held),
                }.get(parts.path)
            )

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(text).items()}
            self.tell(provider.token(sent))

        def tell(self, answer: dict[str, Any] | None) -> None:
            answer = provider.told.get(urlsplit(self.path).path, answer)
            body = json.dumps({"error": "invalid_grant"} if answer is None else answer).encode()
            self.send_response(HTTPStatus.BAD_REQUEST if answer is None else HTTPStatus.OK)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    with served(Answers) as provider.url:
        yield provider
