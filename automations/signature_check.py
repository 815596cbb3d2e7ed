"""Why does my signature not match? What is pasted is tried with the secrets and usual mistakes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from automations.encryption import decrypt
from automations.models import Integration
from automations.signing import standard_key

TOLERANCE = 5 * 60  # seconds that receivers allow between sending and verifying
LARGEST = 64 * 1024


@dataclass(frozen=True)
class Finding:
    """`good` is True for what is right, False for what is wrong, None for good to know."""

    good: bool | None
    sentence: str


@dataclass(frozen=True)
class Pasted:
    """What a receiver had in hands. `computed` is the signature it came to, where it is known."""

    headers: Mapping[str, str]
    body: str
    computed: str = ""

    @classmethod
    def of(cls, header_lines: str, body: str, computed: str = "") -> Pasted:
        pairs = (line.partition(":") for line in header_lines.splitlines() if ":" in line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        return cls(headers, body, computed.strip())

    @property
    def message_id(self) -> str:
        return self.headers.get("webhook-id", "")

    @property
    def timestamp(self) -> str:
        return self.headers.get("webhook-timestamp", "")

    @property
    def signatures(self) -> list[str]:
        written = self.headers.get("webhook-signature", "").split()
        return [one.removeprefix("v1,") for one in written]

    def signed(self, body: str) -> bytes:
        return f"{self.message_id}.{self.timestamp}.{body}".encode()


def findings_of(webhook: Integration, pasted: Pasted, now: datetime) -> list[Finding]:
    """From the most telling on. Says nothing of a secret but whether it fits."""
    secrets = _secrets(webhook)
    if not secrets:
        return [Finding(False, f"“{webhook.name}” has no signing secret: nothing is signed.")]
    missing = [
        name
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        if not pasted.headers.get(name)
    ]
    if missing:
        return [
            Finding(
                False,
                f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not among the "
                "headers. Proxies and frameworks sometimes drop or rename headers: look at the "
                "raw request.",
            )
        ]
    found = [_finding_of_signature(secrets, pasted), *_findings_of_time(pasted, now)]
    if pasted.computed:
        found.append(_finding_of_computed(secrets, pasted))
    return found


def _finding_of_signature(secrets: dict[str, str], pasted: Pasted) -> Finding:
    for change, body in _bodies(pasted.body):
        for which, secret in secrets.items():
            if _base64(standard_key(secret), pasted.signed(body)) in pasted.signatures:
                return _match(change, which)
    if _fits_body_alone(secrets, pasted):
        return Finding(
            False,
            "The body and the secret are right (X-Wandb-Signature or X-Hub-Signature-256 fits), "
            "but webhook-id or webhook-timestamp is not what it was sent with.",
        )
    return Finding(
        False,
        "The signature was not made with the secret of this webhook over this id, timestamp and "
        "body. Either they belong to different messages, or the body was changed on its way, or "
        "the message came from somewhere else.",
    )


def _match(change: str, which: str) -> Finding:
    if change:
        return Finding(
            False,
            f"The body is not the one that was signed: it fits {change}. Verify the raw bytes of "
            "the request, before anything parses or formats them.",
        )
    return Finding(True, f"The signature is right: it was made with {which}.")


def _findings_of_time(pasted: Pasted, now: datetime) -> Iterator[Finding]:
    if not pasted.timestamp.isdecimal() or len(pasted.timestamp) > 12:
        yield Finding(False, "webhook-timestamp is not a number of seconds.")
        return
    age = int(now.astimezone(UTC).timestamp()) - int(pasted.timestamp)
    if abs(age) > TOLERANCE:
        when = f"{_span(abs(age))} {'old' if age > 0 else 'ahead of this server’s clock'}"
        yield Finding(
            None,
            f"The timestamp is {when}. Libraries refuse what is more than 5 minutes away from "
            "their clock, however right the signature is.",
        )


def _span(seconds: int) -> str:
    """In the largest unit of which there are two."""
    units = {"days": 86_400, "hours": 3_600, "minutes": 60}
    unit = next((name for name, size in units.items() if seconds >= 2 * size), "minutes")
    return f"{seconds // units[unit]} {unit}"


def _finding_of_computed(secrets: dict[str, str], pasted: Pasted) -> Finding:
    computed = pasted.computed.removeprefix("v1,").removeprefix("sha256=")
    for secret in secrets.values():
        for sentence, signature in _mistakes(secret, pasted):
            if hmac.compare_digest(signature.encode(), computed.encode()):
                return Finding(not sentence, sentence or _WAS_RIGHT)
    return Finding(False, "What you computed is none of the usual mistakes: check the secret.")


_WAS_RIGHT = (
    "What you computed is right. The header may list several signatures, separated by spaces, "
    "each after “v1,”: compare with every one."
)


def _mistakes(secret: str, pasted: Pasted) -> Iterator[tuple[str, str]]:
    """What went wrong, and the signature somebody comes to that way."""
    key, signed = standard_key(secret), pasted.signed(pasted.body)
    body = pasted.body.encode()
    yield "", _base64(key, signed)
    yield (
        "You used the letters of the secret as the key. What follows whsec_ is base64: decode it.",
        _base64(secret.encode(), signed),
    )
    yield (
        "You used the letters after whsec_ as the key. They are base64: decode them.",
        _base64(secret.removeprefix("whsec_").encode(), signed),
    )
    yield (
        "You signed the body alone. What is signed is {id}.{timestamp}.{body}, with dots.",
        _base64(key, body),
    )
    yield "You wrote it in hex. webhook-signature is base64.", _hex(key, signed)
    yield (
        "This is X-Wandb-Signature: it is made of the body alone, with the secret’s letters.",
        _base64(secret.encode(), body),
    )
    yield (
        "This is X-Hub-Signature-256: it is made of the body alone, with the secret’s letters.",
        _hex(secret.encode(), body),
    )


def _bodies(body: str) -> Iterator[tuple[str, str]]:
    """As pasted, and as it may have been before something changed it."""
    yield "", body
    yield "the body without the line break at its end", body.removesuffix("\n").removesuffix("\r")
    yield "the body with single line breaks", body.replace("\r\n", "\n")
    yield "the body with spaces around it taken away", body.strip()
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return
    compact = json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))
    if _is_text(compact):
        yield "the same JSON without spaces", compact
    yield (
        "the same JSON with letters that were written as \\u…",
        json.dumps(parsed, separators=(",", ":")),
    )


def _is_text(text: str) -> bool:
    """False for half of a pair of surrogates, which JSON can spell and nobody can send."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _fits_body_alone(secrets: dict[str, str], pasted: Pasted) -> bool:
    given = {
        pasted.headers.get("x-wandb-signature", ""),
        pasted.headers.get("x-hub-signature-256", "").removeprefix("sha256="),
    }
    body = pasted.body.encode()
    keys = [secret.encode() for secret in secrets.values()]
    return any(_base64(key, body) in given or _hex(key, body) in given for key in keys)


def _secrets(webhook: Integration) -> dict[str, str]:
    """What each is called in a sentence → its value."""
    secret = webhook.signing_secret
    if secret is None:
        return {}
    named = {secret.name: decrypt(secret.ciphertext)}
    if secret.previous_ciphertext:
        before = decrypt(secret.previous_ciphertext)
        named[f"the value {secret.name} had before it was rotated"] = before
    return named


def _base64(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()


def _hex(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, hashlib.sha256).hex()
