"""How names and numbers stand in addresses."""

from __future__ import annotations

from django.urls import register_converter


class NameConverter:
    """One segment without control characters: no database has to refuse it."""

    regex = r"[^/\x00-\x1f\x7f]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class VersionNumberConverter:
    """`v3` in the address, 3 in Python."""

    regex = r"v(?:0|[1-9][0-9]{0,8})"

    def to_python(self, value: str) -> int:
        return int(value[1:])

    def to_url(self, value: int) -> str:
        return f"v{value}"


register_converter(NameConverter, "name")
register_converter(VersionNumberConverter, "version")
