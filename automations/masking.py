"""Secrets out of whatever is kept or shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from urllib.parse import quote

MASK = "••••••••"
SHORTEST_PIECE = 4  # characters of the beginning of a secret that are still masked at a cut


class Mask:
    """Replaces secrets in every form a receiver may give them back in."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self.forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self.forms:
            text = text.replace(form, MASK)
        return text

    def cut(self, text: str, length: int) -> str:
        """The first characters. What was cut off before may have ended inside a secret."""
        masked = self(text)
        for form in self.forms:
            for size in range(min(len(form) - 1, len(masked)), SHORTEST_PIECE - 1, -1):
                if masked.endswith(form[:size]):
                    masked = masked[:-size] + MASK
                    break
        return masked[:length]


def _forms(secret: str) -> set[str]:
    encoded = base64.b64encode(secret.encode()).decode()
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe=""),
        quote(secret),
        encoded,
        secret.removeprefix("whsec_"),
    }
