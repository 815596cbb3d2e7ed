"""Artifacts as a reader knows them: by the version that is nearest to where they were logged."""

from __future__ import annotations

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from accounts.models import User
from artifacts.models import Artifact
from registries.models import Collection, Version
from registries.visibility import versions_visible_to


def shown_versions(user: User, artifacts: QuerySet[Artifact], most: int) -> list[Version]:
    """One version of each artifact the reader sees, newest artifacts first, in one query.

    The logged version where its project is shared with them, else a link they see; artifacts they
    do not see in any way are left out.
    """
    logged_first = Case(
        When(collection__kind=Collection.Kind.SEQUENCE, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    nearest = (
        versions_visible_to(user)
        .filter(artifact=OuterRef("pk"))
        .order_by(logged_first, "pk")
        .values("pk")[:1]
    )
    chosen = artifacts.order_by().annotate(nearest=Subquery(nearest)).values("nearest")
    return list(
        Version.objects.filter(pk__in=chosen)
        .select_related("artifact", "collection__project__entity", "collection__project__registry")
        .order_by("-artifact_id")[:most]
    )
