"""Ways of a query into what scripts wrote as JSON: `metadata.rows`, `config.rate.value`."""

from __future__ import annotations

from django.db.models import JSONField

from accounts.errors import Invalid

# Of a number in a path: a place in a list, as both databases take it.
LAST_PLACE = 2**31 - 1


def path_into(name: str, column: str, rest: str) -> str:
    """The way of a query to `config.rate`: `name` is the field, `rest` what follows the dot."""
    keys = _plain_keys(rest)
    if name == "config" and keys[1:2] != ["value"]:
        # A configuration keeps each value below its key; scripts may leave that out.
        keys.insert(1, "value")
    return "__".join([column, *keys])


def _plain_keys(path: str) -> list[str]:
    """Names inside JSON, or Invalid for what the database layer would read as an operator."""
    names = path.split(".")
    reserved = set(JSONField().get_lookups())
    if any(not name or "__" in name or name in reserved or _is_no_place(name) for name in names):
        raise Invalid("filter_field", f"“{path[:100]}” cannot be searched.")
    return names


def _is_no_place(name: str) -> bool:
    """Whether it reads as a number that no list in JSON has a place for."""
    try:
        return not 0 <= int(name) <= LAST_PLACE
    except ValueError:
        return False
