"""The registries of an organization, as one person sees them."""

from __future__ import annotations

from django.db.models import (
    Count,
    DateTimeField,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from accounts.models import Organization, User
from registries.models import Collection, Event, Registry, Version
from registries.queries.paging import PageOfRows, page_of
from registries.visibility import events_visible_to, registries_visible_to

REGISTRIES_ON_A_PAGE = 50
LATEST_CHANGES = 5
ALIAS_CHANGES = (Event.Kind.ALIAS_ADDED, Event.Kind.ALIAS_MOVED, Event.Kind.ALIAS_REMOVED)


def registries_of(
    user: User, organization: Organization, page: str
) -> tuple[list[Registry], PageOfRows[Registry]]:
    """Core registries, and a page of the organization's own."""
    visible = _with_facts(
        registries_visible_to(user).filter(organization=organization).select_related("project")
    ).order_by("folded")
    core = list(visible.filter(is_core=True).order_by("pk"))
    own = page_of(visible.filter(is_core=False), page, REGISTRIES_ON_A_PAGE)
    prefetch_related_objects([*core, *own.rows], "accepted_types")
    return core, own


def latest_alias_changes(user: User, organization: Organization) -> list[Event]:
    return list(
        events_visible_to(user)
        .filter(entity=organization.entity_id, kind__in=ALIAS_CHANGES, project__isnull=False)
        .select_related("actor")
        .order_by("-pk")[:LATEST_CHANGES]
    )


def _with_facts(registries: QuerySet[Registry]) -> QuerySet[Registry]:
    """Adds `collection_count`, `version_count` and `last_change`."""
    collections = Collection.objects.filter(project=OuterRef("pk")).order_by()
    versions = Version.objects.filter(collection__project=OuterRef("pk")).order_by()
    events = Event.objects.filter(project=OuterRef("pk")).order_by("-pk")
    return registries.annotate(
        collection_count=_count(collections, "project"),
        version_count=_count(versions, "collection__project"),
        last_change=Subquery(events.values("at")[:1], output_field=DateTimeField()),
    )


def _count(rows: QuerySet[Collection] | QuerySet[Version], by: str) -> Coalesce:
    counted = rows.values(by).annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
