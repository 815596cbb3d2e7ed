"""Runs of a project, and the artifacts that went in and came out of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from artifacts.models import Artifact, ArtifactOutput, Project, Run
from registries.visibility import versions_visible_to
from wandb_api.context import Info
from wandb_api.filter_fields import FIELDS_OF_RUNS
from wandb_api.filters import filtered
from wandb_api.orders import order_of_runs
from wandb_api.shown import with_tags_and_source
from wandb_api.types.artifacts import ArtifactNode
from wandb_api.types.collections import make_one_page
from wandb_api.types.lists import Connection
from wandb_api.types.people import UserType
from wandb_api.types.projects import ProjectNode
from wandb_api.types.runs import RunType


def run_of_project(node: ProjectNode, info: Info, name: str, **_: Any) -> RunType | None:
    run = _runs(node.project).filter(name=name).first()
    return RunType(run) if run else None


def runs_of_project(
    node: ProjectNode,
    info: Info,
    filters: str | None = None,
    after: str | None = None,
    first: int | None = None,
    order: str | None = None,
) -> Connection:
    found = filtered(_runs(node.project), filters, FIELDS_OF_RUNS)
    rows = found.order_by(*order_of_runs(order))
    return Connection(rows, RunType, after=after, first=first)


def run_count(node: ProjectNode, info: Info, filters: str | None = None) -> int:
    return filtered(_runs(node.project), filters, FIELDS_OF_RUNS).count()


def project_of_run(node: RunType, info: Info) -> ProjectNode:
    return ProjectNode(node.run.project)


def user_of_run(node: RunType, info: Info) -> UserType:
    return UserType(node.run.created_by)


def inputs_of_run(
    node: RunType, info: Info, after: str | None = None, first: int | None = None
) -> Connection:
    return _artifacts(info, Q(uses__run=node.run), after, first)


def outputs_of_run(
    node: RunType, info: Info, after: str | None = None, first: int | None = None
) -> Connection:
    again = ArtifactOutput.objects.filter(run=node.run).values("artifact")
    return _artifacts(info, Q(run=node.run) | Q(pk__in=again), after, first)


def _artifacts(info: Info, condition: Q, after: str | None, first: int | None) -> Connection:
    """Those of which the caller sees any version."""
    seen = versions_visible_to(info.context.user).values("artifact")
    found = Artifact.objects.filter(condition, pk__in=seen, state=Artifact.State.COMMITTED)
    rows = with_tags_and_source(found).order_by("pk")
    page = Connection(rows, ArtifactNode, after=after, first=first)
    make_one_page(info, [edge.node for edge in page.edges])
    return page


def _runs(project: Project) -> QuerySet[Run]:
    runs = Run.objects.filter(project=project).select_related(
        "project__entity", "project__registry", "created_by__entity"
    )
    return runs.prefetch_related("tags")
