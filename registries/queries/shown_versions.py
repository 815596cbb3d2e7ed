"""Artifacts as a reader knows them: by the version that is nearest to where they were logged."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

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
    # A window sees each version once, whatever a planner believes about the size of the tables.
    nearness = Window(RowNumber(), partition_by=F("artifact"), order_by=[logged_first, F("pk")])
    return list(
        versions_visible_to(user)
        .filter(artifact__in=artifacts.order_by())
        .annotate(nearness=nearness)
        .filter(nearness=1)
        .select_related("artifact", "collection__project__entity", "collection__project__registry")
        .order_by("-artifact_id")[:most]
    )
