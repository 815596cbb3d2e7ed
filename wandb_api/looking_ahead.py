"""Resolvers that know what is asked of their answer, to look it up in the same trip.

GraphQL resolves a field when the one around it is there, so each look at the database waits for the
one before it, also where both could be asked together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def looking_ahead_at(field: str) -> Callable[[Resolver], Resolver]:
    """For a resolver that takes as `ahead` the arguments of the first `field` asked of its answer;
    without it when there is none."""

    def marked(resolver: Resolver) -> Resolver:
        resolver.looks_ahead_at = field  # type: ignore[attr-defined]
        return resolver

    return marked


def field_looked_at(resolver: Callable[..., Any]) -> str | None:
    return getattr(resolver, "looks_ahead_at", None)
