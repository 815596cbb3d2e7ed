"""Headers as people type them: `Name: value`, one on each line."""

from __future__ import annotations

from accounts.errors import Invalid
from registries.forms.typed import lines


def typed_headers(text: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines(text):
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise Invalid(
                "headers", f"“{line[:60]}” is not written as Name: value.", field="headers"
            )
        headers[name.strip()] = value.strip()
    return headers
