"""Runs of a project, and what one of them took and made."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.statements import kept
from artifacts.models import Artifact, ArtifactOutput, Project, Run, RunFile
from registries.models import Version
from registries.queries.narrowing import Names, Narrowing, Sorts
from registries.queries.paging import PageOfRows, page_of
from registries.queries.shown_versions import shown_versions

SORTS: Sorts = {
    "created": ("Newest", ("-created_at", "-pk")),
    "name": ("Name", ("folded_name", "pk")),
    "state": ("State", ("state", "-created_at", "-pk")),
}
FILE_SORTS: Sorts = {
    "name": ("Name", ("name",)),
    "size": ("Largest", ("-stored_file__size", "name")),
}
FILES = Names("file", "sort", "files")
FILES_ON_A_PAGE = 50
ARTIFACTS_SHOWN = 50


@dataclass(frozen=True)
class RunArtifacts:
    """Those the reader may see, and whether there are more than are shown."""

    versions: list[Version]
    has_more: bool


def runs_of(project: Project, wanted: Narrowing) -> PageOfRows[Run]:
    runs = Run.objects.filter(project=project).select_related("created_by")
    if wanted.term:
        named = Q(display_name__icontains=wanted.term.text) | Q(name__icontains=wanted.term.text)
        runs = runs.filter(named)
    if wanted.chosen["state"]:
        runs = runs.filter(state=wanted.chosen["state"])
    runs = runs.alias(folded_name=Lower("display_name"))
    return page_of(runs.order_by(*wanted.order), wanted.page)


def made_by(user: User, run: Run) -> RunArtifacts:
    """What it logged, that of others with the same content included."""
    return _cut(_made(user, run.pk))


def used_by(user: User, run: Run) -> RunArtifacts:
    return _cut(_used(user, run.pk))


def files_of_run(run: Run, wanted: Narrowing) -> PageOfRows[RunFile]:
    """Those that have arrived. A term is looked for anywhere in their names."""
    arrived = run.files.filter(stored_file__isnull=False).select_related("stored_file")
    if wanted.term:
        arrived = arrived.filter(name__icontains=wanted.term.text)
    return page_of(arrived.order_by(*wanted.order), wanted.page, FILES_ON_A_PAGE)


@kept
def _made(user: User, run_id: int) -> QuerySet[Version]:
    # Both by their keys: of an OR PostgreSQL expects half of all artifacts there are.
    first = Artifact.objects.filter(run=run_id).values("pk")
    again = ArtifactOutput.objects.filter(run=run_id).values("artifact")
    made = Artifact.objects.filter(pk__in=first.union(again), state=Artifact.State.COMMITTED)
    return shown_versions(user, made, ARTIFACTS_SHOWN + 1)


@kept
def _used(user: User, run_id: int) -> QuerySet[Version]:
    return shown_versions(user, Artifact.objects.filter(uses__run=run_id), ARTIFACTS_SHOWN + 1)


def _cut(versions: list[Version]) -> RunArtifacts:
    return RunArtifacts(versions[:ARTIFACTS_SHOWN], len(versions) > ARTIFACTS_SHOWN)
