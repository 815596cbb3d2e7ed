"""Which rules of protection contents fall under."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from registries.models import Alias, ProtectedAlias


def rules_carried_by(contents: Q) -> QuerySet[ProtectedAlias]:
    """Those whose name an alias has that fits `contents`, asked from the rules: there are fewer of
    them than aliases."""
    carried = Alias.objects.filter(
        contents, name=OuterRef("name"), collection__project=OuterRef("registry")
    )
    return ProtectedAlias.objects.filter(Exists(carried))


def protected_among(
    aliases: QuerySet[Alias], protected_names: Iterable[str]
) -> QuerySet[Alias, tuple[int, str, int]]:
    """Those of them that are protected, as `state_of()` takes them."""
    protected = aliases.filter(name__in=list(protected_names))
    return protected.values_list("collection_id", "name", "counter")


def state_of(protected: Iterable[tuple[int, str, int]]) -> str:
    """Another text when a protected alias came, moved or went: collection, name, counter of each.

    A question carries it, so that its answer is about what it showed.
    """
    return hashlib.sha256(repr(sorted(protected)).encode()).hexdigest()
