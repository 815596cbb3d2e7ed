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

RUNS_IN_LIST = 20
# One more tells that there are more.
RUNS_READ = RUNS_IN_LIST + 1
RUNS_SHOWN = 8
LINKS_READ = 400
VERSIONS_TOLD = 20
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
    """`makers` begin with the run that logged it first; the other runs are the newest ones.

    `taken` and `made` are versions by the id of the run that took or made them, newest first.
    `is_cut` is true when these runs took or made more than was read.
    """

    makers: list[Run] = field(default_factory=list)
    users: list[Run] = field(default_factory=list)
    has_more_makers: bool = False
    has_more_users: bool = False
    taken: dict[int, list[Version]] = field(default_factory=dict)
    made: dict[int, list[Version]] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.makers and not self.users

    @property
    def makers_and_taken(self) -> list[ToldRun]:
        return [ToldRun(run, self.taken.get(run.pk, [])) for run in self.makers]

    @property
    def users_and_made(self) -> list[ToldRun]:
        return [ToldRun(run, self.made.get(run.pk, [])) for run in self.users]


@dataclass(frozen=True)
class ToldRun:
    """A run with all that it took or made; a list tells the first of them and how many are left."""

    run: Run
    versions: list[Version]

    @property
    def first(self) -> list[Version]:
        return self.versions[:VERSIONS_TOLD]

    @property
    def left(self) -> int:
        return max(0, len(self.versions) - VERSIONS_TOLD)


def lineage_of(user: User, artifact: Artifact) -> Lineage:
    """The runs that made it with what they took, and those that took it with what they made.

    In four queries. A run that took what it also made counts as a maker.
    """
    makers, users = asked_together(
        _makers.asking(user, artifact.pk), _users.asking(user, artifact.pk)
    )
    first_ahead = sorted(makers, key=lambda run: run.pk != artifact.run_id)
    shown = first_ahead[:RUNS_IN_LIST], users[:RUNS_IN_LIST]
    pairs = _pairs(*(evenly(run.pk for run in of) for of in shown))
    ids = {artifact_id for _, _, artifact_id in pairs[:LINKS_READ]} - {artifact.pk}
    versions = {version.artifact_id: version for version in _shown(user, evenly(ids))}
    taken, made = _sorted(pairs, versions)
    return Lineage(
        *shown,
        has_more_makers=len(makers) > RUNS_IN_LIST,
        has_more_users=len(users) > RUNS_IN_LIST,
        taken=taken,
        made=made,
        is_cut=len(pairs) > LINKS_READ,
    )


@prepared
def _makers(user: User, artifact_id: int) -> QuerySet[Run]:
    """The run that logged it first, however old it is, and the newest of those that logged the
    same again."""
    first = _seen_by(user, Artifact.objects.filter(pk=artifact_id))
    again = _seen_by(user, ArtifactOutput.objects.filter(artifact=artifact_id))
    newest = Run.objects.filter(pk__in=EndOf([again], 0, RUNS_READ, "DESC"))
    return _told(EndOf([first, newest.values("pk")], 0, 1 + RUNS_READ, "DESC"))


@prepared
def _users(user: User, artifact_id: int) -> QuerySet[Run]:
    made_first = Artifact.objects.filter(pk=artifact_id, run=OuterRef("run"))
    made_again = ArtifactOutput.objects.filter(artifact=artifact_id, run=OuterRef("run"))
    uses = ArtifactUse.objects.filter(~Exists(made_first), ~Exists(made_again))
    return _told(EndOf([_seen_by(user, uses.filter(artifact=artifact_id))], 0, RUNS_READ, "DESC"))


def _seen_by(user: User, links: QuerySet[Any]) -> QuerySet[Any]:
    """Ids of the runs they lead to. An index has those of an artifact in their order, so that no
    more are read than are seen: a data set may be taken by every run there is."""
    seen = projects_visible_to(user).filter(pk=OuterRef("run__project"))
    ids: QuerySet[Any] = links.filter(Exists(seen)).values("run")
    return ids


def _told(ids: EndOf) -> QuerySet[Run]:
    runs = Run.objects.filter(pk__in=ids).select_related("project__entity", "created_by")
    return runs.only(*TOLD_OF_RUN).order_by("-pk")


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
        .order_by("-artifact_id")[: LINKS_READ + 1]
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
