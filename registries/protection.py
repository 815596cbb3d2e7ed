"""Which rules of protection contents fall under."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from registries.models import Alias, ProtectedAlias


def rules_carried_by(contents: Q) -> QuerySet[ProtectedAlias]:
    """Those whose name an alias has that fits `contents`, asked from the rules: there are fewer of
    them than aliases."""
    carried = Alias.objects.filter(
        contents, name=OuterRef("name"), collection__project=OuterRef("registry")
    )
    return ProtectedAlias.objects.filter(Exists(carried))
