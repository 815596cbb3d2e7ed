"""What a version's page shows beside the version itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.statements import kept, prepared
from artifacts.models import ArtifactTag, ManifestEntry
from registries.models import Alias, Collection, Event, ProtectedAlias, Version
from registries.queries.collection import source_is_visible
from registries.queries.history import HistoryRow, readable, rows_of
from registries.queries.narrowing import Names, Narrowing, Sort, Sorts
from registries.queries.paging import PageOfRows, page_read, rows_from
from registries.queries.terms import spelled
from registries.roles import Right
from registries.visibility import registries_visible_to, registries_where

FILES_ON_A_PAGE = 50
FILE_SORTS: Sorts = {"path": ("Path", ("path",)), "size": ("Largest", ("-size", "-pk"))}
FILES = Names("file", "sort", "files")
EVENTS_SHOWN = 10


def find_version(user: User, collection: Collection, number: int) -> Version | None:
    """With what its page needs: `source_visible`, `source_name`, `source_number`; whether its
    content `is_protected` anywhere, a registry the reader sees it `protected_in`, and whether that
    makes it `closed` to the reader.
    """
    found = _versions_numbered(user, collection.pk, number)
    return found[0] if found else None


@prepared
def _versions_numbered(user: User, collection_id: int, number: int) -> QuerySet[Version]:
    protected = Alias.objects.filter(
        Exists(
            ProtectedAlias.objects.filter(
                registry=OuterRef("collection__project"), name=OuterRef("name")
            )
        ),
        version__artifact=OuterRef("artifact"),
    )
    name = "collection__project__registry__name"
    seen = protected.filter(collection__project__in=registries_visible_to(user).values("pk"))
    led = registries_where(user, Right.EDIT_PROTECTED_VERSION).values("pk")
    logged = Version.objects.filter(
        artifact=OuterRef("artifact"), collection__kind=Collection.Kind.SEQUENCE
    )
    # By its id: PostgreSQL expects thousands of that number, and would read all that is protected.
    one = Version.objects.filter(collection=collection_id, number=number).values("pk")[:1]
    return (
        Version.objects.filter(pk__in=one)
        .select_related("linked_by", "artifact__run__created_by", "artifact__project__entity")
        .annotate(
            source_visible=source_is_visible(user),
            source_name=Subquery(logged.values("collection__name")[:1]),
            source_number=Subquery(logged.values("number")[:1], output_field=IntegerField()),
            is_protected=Exists(protected),
            protected_in=Subquery(seen.order_by(name).values(name)[:1]),
            closed=Exists(protected.exclude(collection__project__in=led)),
        )
    )


def tags_of(version: Version) -> list[str]:
    return [name for (name,) in _tags_on(version.artifact_id)]


@prepared
def _tags_on(artifact_id: int) -> QuerySet[ArtifactTag, tuple[str]]:
    return ArtifactTag.objects.filter(artifact=artifact_id).order_by("folded").values_list("name")


def files_of(version: Version, wanted: Narrowing) -> PageOfRows[ManifestEntry]:
    """A term is looked for anywhere in their paths."""
    read = partial(_files_from, version.artifact_id, *wanted.spelled)
    return page_read(read, wanted.page, FILES_ON_A_PAGE)


@kept
def _files_from(
    artifact_id: int, sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[ManifestEntry]:
    entries = ManifestEntry.objects.filter(artifact=artifact_id)
    named = entries.filter(spelled(spellings, "path"))
    return rows_from(named.order_by(*sort.of(FILE_SORTS)), start, FILES_ON_A_PAGE)


@dataclass(frozen=True)
class VersionHistory:
    rows: list[HistoryRow]
    has_more: bool


def history_of(user: User, version: Version) -> VersionHistory:
    """Newest first: what happened to it, and what was moved or taken away from it."""
    found = _events_of(user, version.pk)
    return VersionHistory(rows_of(found[:EVENTS_SHOWN]), len(found) > EVENTS_SHOWN)


@prepared
def _events_of(user: User, version_id: int) -> QuerySet[Event]:
    events: QuerySet[Event] = Event.objects.order_by("-pk")
    some = EVENTS_SHOWN + 1
    here = events.filter(version=version_id).values("pk")[:some]
    away = events.filter(from_version=version_id).values("pk")[:some]
    # Both by their keys: an OR would be read from the newest event there is backwards.
    keys = Event.objects.filter(pk__in=here).values("pk")
    keys = keys.union(Event.objects.filter(pk__in=away).values("pk"))
    return readable(user, events.filter(pk__in=keys))[:some]


def pointed_at(collection: Collection, alias: str) -> int | None:
    """The number of the version an alias points at now."""
    return (
        Alias.objects.filter(collection=collection, name=alias)
        .values_list("version__number", flat=True)
        .first()
    )
