"""Where a content came from and where it went: runs and artifacts the reader may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value

from accounts.models import User
from accounts.stand_ins import evenly
from accounts.statements import asked_together, kept, prepared
from artifacts.models import Artifact, ArtifactOutput, ArtifactUse, Run
from artifacts.permissions import projects_visible_to
from registries.models import Version
from registries.queries.paging import EndOf
from registries.queries.shown_versions import shown_versions

RUNS_READ = 20
RUNS_SHOWN = 8
LINKS_READ = 400
TOLD_OF_RUN = (
    "name",
    "display_name",
    "state",
    "created_by__username",
    "project__name",
    "project__entity__name",
)
ARTIFACTS_SHOWN = 12


@dataclass(frozen=True)
class Lineage:
    """`taken` and `made` are versions by the id of the run that took or made them."""

    makers: list[Run] = field(default_factory=list)
    users: list[Run] = field(default_factory=list)
    has_more_users: bool = False
    taken: dict[int, list[Version]] = field(default_factory=dict)
    made: dict[int, list[Version]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.makers and not self.users

    @property
    def makers_and_taken(self) -> list[tuple[Run, list[Version]]]:
        return [(run, self.taken.get(run.pk, [])) for run in self.makers]

    @property
    def users_and_made(self) -> list[tuple[Run, list[Version]]]:
        return [(run, self.made.get(run.pk, [])) for run in self.users]


def lineage_of(user: User, artifact: Artifact) -> Lineage:
    """The runs that made it with what they took, and those that took it with what they made.

    In four queries. A run that took what it also made counts as a maker.
    """
    makers, users = asked_together(
        _makers.asking(user, artifact.pk), _users.asking(user, artifact.pk)
    )
    pairs = _pairs(*(evenly(run.pk for run in of) for of in (makers, users)))
    ids = {artifact_id for _, _, artifact_id in pairs} - {artifact.pk}
    versions = {version.artifact_id: version for version in _shown(user, evenly(ids))}
    taken, made = _sorted(pairs, versions)
    return Lineage(makers, users, len(users) >= RUNS_READ, taken, made)


@prepared
def _makers(user: User, artifact_id: int) -> QuerySet[Run]:
    first = Artifact.objects.filter(pk=artifact_id)
    again = ArtifactOutput.objects.filter(artifact=artifact_id)
    return _newest(user, first, again)


@prepared
def _users(user: User, artifact_id: int) -> QuerySet[Run]:
    made_first = Artifact.objects.filter(pk=artifact_id, run=OuterRef("run"))
    made_again = ArtifactOutput.objects.filter(artifact=artifact_id, run=OuterRef("run"))
    uses = ArtifactUse.objects.filter(~Exists(made_first), ~Exists(made_again))
    return _newest(user, uses.filter(artifact=artifact_id))


def _newest(user: User, *links: QuerySet[Any]) -> QuerySet[Run]:
    """Of the runs they lead to. An index has those of an artifact in their order, so that no more
    are read than are seen: a data set may be taken by every run there is."""
    seen = projects_visible_to(user).filter(pk=OuterRef("run__project"))
    runs = [links_of_kind.filter(Exists(seen)).values("run") for links_of_kind in links]
    newest = Run.objects.filter(pk__in=EndOf(runs, 0, RUNS_READ, "DESC"))
    return newest.select_related("project__entity", "created_by").only(*TOLD_OF_RUN).order_by("-pk")


@kept
def _pairs(makers: tuple[int, ...], users: tuple[int, ...]) -> QuerySet[Any, tuple[str, int, int]]:
    """What the makers took and what the users made, as kind, run and artifact."""
    taken = ArtifactUse.objects.filter(run__in=makers)
    logged = Artifact.objects.filter(run__in=users, state=Artifact.State.COMMITTED)
    again = ArtifactOutput.objects.filter(run__in=users)
    pairs: QuerySet[Any, tuple[str, int, int]] = (
        taken.values_list(Value("taken"), "run_id", "artifact_id")
        .union(
            logged.values_list(Value("made"), "run_id", "pk"),
            again.values_list(Value("made"), "run_id", "artifact_id"),
        )
        .order_by("-artifact_id")[:LINKS_READ]
    )
    return pairs


@prepared
def _shown(user: User, artifacts: tuple[int, ...]) -> QuerySet[Version]:
    return shown_versions(user, Artifact.objects.filter(pk__in=artifacts), LINKS_READ, few=True)


def _sorted(
    pairs: list[tuple[str, int, int]], versions: dict[int, Version]
) -> tuple[dict[int, list[Version]], dict[int, list[Version]]]:
    sides: dict[str, dict[int, list[Version]]] = {"taken": {}, "made": {}}
    for kind, run_id, artifact_id in pairs:
        if artifact_id in versions:
            sides[kind].setdefault(run_id, []).append(versions[artifact_id])
    return sides["taken"], sides["made"]
