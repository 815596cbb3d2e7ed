"""Runs of a project, and what one of them took and made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.statements import kept, prepared
from artifacts.models import Artifact, ArtifactOutput, Project, Run, RunFile
from registries.models import Version
from registries.queries.narrowing import Names, Narrowing, Sort, Sorts
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, page_read, rows_from
from registries.queries.shown_versions import shown_versions
from registries.queries.terms import spelled

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
ARTIFACTS_SHOWN = 40


@dataclass(frozen=True)
class RunArtifacts:
    """Those the reader may see, and whether there are more than are shown."""

    versions: list[Version]
    has_more: bool


def runs_of(project: Project, wanted: Narrowing) -> PageOfRows[Run]:
    read = partial(_runs_from, project.pk, wanted.texts("state"), *wanted.spelled)
    return page_read(read, wanted.page, ROWS_ON_A_PAGE)


@kept
def _runs_from(
    project_id: int, states: tuple[str, ...], sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[Run]:
    runs = Run.objects.filter(project=project_id).select_related("created_by")
    runs = runs.filter(spelled(spellings, "display_name", "name"))
    for state in states:
        runs = runs.filter(state=state)
    ordered = runs.alias(folded_name=Lower("display_name")).order_by(*sort.of(SORTS))
    return rows_from(ordered, start, ROWS_ON_A_PAGE)


def made_by(user: User, run: Run) -> RunArtifacts:
    """What it logged, that of others with the same content included."""
    return _cut(_made(user, run.pk))


def used_by(user: User, run: Run) -> RunArtifacts:
    return _cut(_used(user, run.pk))


def files_of_run(run: Run, wanted: Narrowing) -> PageOfRows[RunFile]:
    """Those that have arrived. A term is looked for anywhere in their names."""
    read = partial(_files_from, run.pk, *wanted.spelled)
    return page_read(read, wanted.page, FILES_ON_A_PAGE)


@kept
def _files_from(
    run_id: int, sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[RunFile]:
    arrived = RunFile.objects.filter(run=run_id, stored_file__isnull=False)
    named = arrived.filter(spelled(spellings, "name"))
    ordered = named.select_related("stored_file").order_by(*sort.of(FILE_SORTS))
    return rows_from(ordered, start, FILES_ON_A_PAGE)


# Prepared, both: to plan so many joins takes longer than to find what one run has.
@prepared
def _made(user: User, run_id: int) -> QuerySet[Version]:
    # Both by their keys: of an OR PostgreSQL expects half of all artifacts there are.
    first = Artifact.objects.filter(run=run_id).values("pk")
    again = ArtifactOutput.objects.filter(run=run_id).values("artifact")
    made = Artifact.objects.filter(pk__in=first.union(again), state=Artifact.State.COMMITTED)
    return shown_versions(user, made, ARTIFACTS_SHOWN + 1)


@prepared
def _used(user: User, run_id: int) -> QuerySet[Version]:
    return shown_versions(user, Artifact.objects.filter(uses__run=run_id), ARTIFACTS_SHOWN + 1)


def _cut(versions: list[Version]) -> RunArtifacts:
    return RunArtifacts(versions[:ARTIFACTS_SHOWN], len(versions) > ARTIFACTS_SHOWN)
