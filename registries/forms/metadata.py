"""Metadata of a version, typed as JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from accounts.errors import Invalid

LONGEST_METADATA = 1_000_000


def read_metadata(text: str) -> dict[str, Any]:
    """The JSON object that was typed, or Invalid with the place of the mistake."""
    if len(text) > LONGEST_METADATA:
        raise Invalid("metadata_size", "Metadata has at most 1 MB.", field="metadata")
    try:
        value = json.loads(text.strip() or "{}", parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise Invalid(
            "metadata_json",
            f"This is not JSON: see line {error.lineno}, column {error.colno}.",
            field="metadata",
        ) from error
    except (RecursionError, ValueError) as error:
        raise Invalid("metadata_json", "This JSON cannot be read.", field="metadata") from error
    if not isinstance(value, dict):
        raise Invalid(
            "metadata_object",
            "Metadata is a JSON object: names and values in { }.",
            field="metadata",
        )
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise Invalid("metadata_nan", f"{name} is not JSON. Write a number or null.", field="metadata")
