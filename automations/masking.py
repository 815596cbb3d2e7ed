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
            begun = _begun_at_the_end(masked, form)
            if begun:
                masked = masked[:-begun] + MASK
        return masked[:length]


def _begun_at_the_end(text: str, form: str) -> int:
    """How many characters at the end of `text` are the beginning of `form`, the most there are; 0
    for fewer than `SHORTEST_PIECE`. Only where the first few stand is the rest looked at: there may
    be a hundred forms of thousands of characters."""
    first = form[:SHORTEST_PIECE]
    at = text.find(first, max(0, len(text) - len(form) + 1))
    while at >= 0:
        if form.startswith(text[at:]):
            return len(text) - at
        at = text.find(first, at + 1)
    return 0


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
