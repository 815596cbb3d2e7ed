"""Which rules of protection contents fall under."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from registries.models import Alias, ProtectedAlias


def rules_carried_by(artifacts: QuerySet[Any, Any]) -> QuerySet[ProtectedAlias]:
    """Those whose name a version of these contents carries, asked from the rules: there are fewer
    of them than aliases. `artifacts` are keys."""
    carried = Alias.objects.filter(
        name=OuterRef("name"),
        collection__project=OuterRef("registry"),
        version__artifact__in=artifacts,
    )
    return ProtectedAlias.objects.filter(Exists(carried))
