"""What else ends when logged versions are deleted: their links and aliases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from registries.models import Alias, Collection, ProtectedAlias, Version
from registries.names import LATEST
from registries.queries.aliases import ShownAlias, in_order
from registries.visibility import versions_visible_to

SHOWN = 20


@dataclass(frozen=True)
class LinksOfVersion:
    """Aliases are those but `latest`, protected ones first.

    `has_hidden` tells of links in places the reader does not see, not of how many.
    """

    shown: list[Version]
    total: int
    has_hidden: bool
    aliases: list[ShownAlias]

    @property
    def is_protected(self) -> bool:
        return any(alias.protected for alias in self.aliases)


def links_of(user: User, artifacts: Iterable[int] | QuerySet[Any]) -> LinksOfVersion:
    """Of artifacts by id, in four queries."""
    versions = Version.objects.filter(artifact__in=artifacts)
    links = versions.filter(collection__kind=Collection.Kind.PORTFOLIO)
    seen = links.filter(pk__in=versions_visible_to(user).values("pk"))
    related = ("collection__project__entity", "collection__project__registry")
    total, visible = links.count(), seen.count()
    carried = Alias.objects.filter(
        version__in=versions_visible_to(user).filter(artifact__in=artifacts)
    )
    rules = ProtectedAlias.objects.filter(
        registry=OuterRef("collection__project"), name=OuterRef("name")
    )
    names = carried.exclude(name=LATEST).annotate(protected=Exists(rules))
    first = names.order_by("-protected", "name").values_list("name", "protected").distinct()
    return LinksOfVersion(
        list(seen.select_related(*related).order_by("-pk")[:SHOWN]),
        visible,
        total > visible,
        in_order(ShownAlias(name, protected) for name, protected in first[:SHOWN]),
    )
