"""What a request may write where the protocol has scalars of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

MOST = 2**63


def text(value: Any) -> str:
    """Of a JSONString; what the text holds is read by whoever needs it."""
    if not isinstance(value, str):
        raise GraphQLError("A JSONString is a text that holds JSON.")
    return value


def whole_number(value: Any) -> int:
    """Of an Int64."""
    if isinstance(value, bool) or not isinstance(value, int) or not -MOST <= value < MOST:
        raise GraphQLError("An Int64 is a whole number of at most 64 bits.")
    return value


READ: dict[str, Callable[[Any], Any]] = {"Int64": whole_number, "JSONString": text}
