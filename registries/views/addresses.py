"""How names and numbers stand in addresses."""

from __future__ import annotations

from django.urls import register_converter

from accounts.names import ENTITY_NAME, RESERVED_ENTITY_NAMES


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


class EntityConverter(NameConverter):
    """The name of a team, person or organization: nothing else of the site begins so."""

    regex = ENTITY_NAME.pattern

    def to_python(self, value: str) -> str:
        if value.lower() in RESERVED_ENTITY_NAMES:
            raise ValueError
        return value


class SdkPageConverter(NameConverter):
    """A tab of the pages whose addresses the SDK knows; here all lead to one page."""

    regex = "workspace|overview|artifacts|table|reports|logs|system"


register_converter(NameConverter, "name")
register_converter(EntityConverter, "entity")
register_converter(SdkPageConverter, "tab")
register_converter(VersionNumberConverter, "version")
