"""Artifacts as a reader knows them: by the version that is nearest to where they were logged."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from accounts.models import User
from artifacts.models import Artifact
from registries.models import Collection, Version
from registries.visibility import home_is_visible, versions_visible_to

# What lists tell of each, and what their addresses are made of.
TOLD = (
    "number",
    "collection__name",
    "collection__project__name",
    "collection__project__entity__name",
    "collection__project__registry__name",
    "artifact__type",
)


def shown_versions(
    user: User, artifacts: QuerySet[Artifact], most: int, *, few: bool = False
) -> QuerySet[Version]:
    """One version of each artifact the reader sees, newest artifacts first.

    The logged version where its project is shared with them, else a link they see; artifacts they
    do not see in any way are left out. All links of a `few` artifacts are looked at; of others
    those of the newest that are seen, so that it stops when there are enough.
    """
    logged_first = Case(
        When(collection__kind=Collection.Kind.SEQUENCE, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    ids: QuerySet[Artifact, Any] = artifacts.values("pk")
    if not few:
        visible = home_is_visible(user, "collection__project")
        seen = Exists(Version.objects.filter(visible, artifact=OuterRef("pk")))
        ids = ids.filter(seen).order_by("-pk")[:most]
    # A window sees each version once, whatever a planner believes about the size of the tables.
    nearness = Window(RowNumber(), partition_by=F("artifact"), order_by=[logged_first, F("pk")])
    return (
        versions_visible_to(user)
        .filter(artifact__in=ids)
        .annotate(nearness=nearness)
        .filter(nearness=1)
        .select_related("artifact", "collection__project__entity", "collection__project__registry")
        .only(*TOLD)
        .order_by("-artifact_id")[:most]
    )
