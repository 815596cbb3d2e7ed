"""Digests as the SDK computes them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable


def base64_of_hex(hex_digest: str) -> str:
    """A manifest entry carries base64 of the raw MD5; we store hex."""
    return base64.b64encode(bytes.fromhex(hex_digest)).decode()


def artifact_digest(entries: Iterable[tuple[str, str]]) -> str:
    """Hex MD5 over (path, entry digest) pairs, equal to what `Artifact.digest` is in the SDK.

    The header line names the manifest's version, so the digest changes if that ever does.
    """
    hasher = hashlib.md5(b"wandb-artifact-manifest-v1\n", usedforsecurity=False)
    for path, digest in sorted(entries):
        hasher.update(f"{path}:{digest}\n".encode())
    return hasher.hexdigest()
