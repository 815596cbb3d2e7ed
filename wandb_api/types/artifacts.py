"""Artifacts as GraphQL shows them. What leads to collections is bound in `collections`."""
# ruff: noqa: N802

from __future__ import annotations

import json
from typing import Any

from accounts.errors import NotAllowed
from artifacts.models import Artifact, ArtifactTag, Run
from artifacts.permissions import projects_visible_to
from registries.models import Alias, Version
from registries.named import Source, source_of, tags_on
from registries.visibility import may_use_artifact
from wandb_api.context import Context, Info
from wandb_api.identifiers import encode, encode_artifact
from wandb_api.types.files import ManifestType, files_of
from wandb_api.types.instants import instant
from wandb_api.types.lists import Connection, prefetched
from wandb_api.types.runs import RunType

# The SDK reads -2 as “no time to live”.
TTL_OFF = -2


class TagType:
    def __init__(self, tag: Any) -> None:
        kind = "ArtifactTag" if isinstance(tag, ArtifactTag) else "CollectionTag"
        self.id = encode(kind, tag.pk)
        self.name = tag.name


class TypeOfArtifact:
    """A type has no row of its own: it is a name that collections of a project bear."""

    def __init__(self, name: str, project_id: int, created_at: str) -> None:
        self.id = f"{encode('Project', project_id)}:{name}"
        self.name = name
        self.project_id = project_id
        self.createdAt = created_at
        self.description = None


class ArtifactNode:
    type_name = "Artifact"

    def __init__(self, artifact: Artifact, number: int | None = None) -> None:
        """`number` stands for that of the source where a list of links needs another."""
        self.artifact = artifact
        self._source: tuple[Version | None] | None = None
        self._tags: list[ArtifactTag] | None = prefetched(artifact, "tags")
        # Of all its memberships, asked for together with those of its page; and these themselves
        # as far as they are links.
        self.aliases: list[Alias] | None = None
        self.links: list[Version] | None = None
        self.number = number
        self.page: list[ArtifactNode] = [self]
        self.id = encode_artifact(artifact.pk, number)
        self.description = artifact.description
        self.historyStep = artifact.history_step
        self.ttlDurationSeconds = artifact.time_to_live or TTL_OFF
        self.ttlIsInherited = artifact.time_to_live is None
        self.state = artifact.state
        self.size = artifact.size
        self.digest = self.commitHash = artifact.digest
        self.digestAlgorithm = "MANIFEST_MD5"
        self.fileCount = artifact.file_count
        self.createdAt = self.updatedAt = instant(artifact.created_at)

    def metadata(self, *_: Any) -> str:
        return json.dumps(self.artifact.metadata)

    def tags(self, *_: Any) -> list[TagType]:
        if self._tags is None:
            self._tags = tags_on(self.artifact.pk)
        return [TagType(tag) for tag in self._tags]

    def artifactType(self, *_: Any) -> TypeOfArtifact:
        return TypeOfArtifact(self.artifact.type, self.artifact.project_id, self.createdAt)

    def source(self, info: Info) -> Version | None:
        """The version in the sequence that logged it; None while it is pending."""
        known: list[Version] | None = getattr(self.artifact, "sequence_versions", None)
        if known is not None:
            return known[0] if known else None
        if self._source is None:
            self._note_source(info.context, source_of(info.context.user, self.artifact.pk))
        return self._source[0] if self._source else None

    def learn(self, context: Context, tags: list[ArtifactTag], source: Source | None) -> None:
        """What was asked together with more: see `shown_of`."""
        self._tags = tags
        self._note_source(context, source)

    def _note_source(self, context: Context, found: Source | None) -> None:
        source, is_seen = found or (None, False)
        self._source = (source,)
        if source is not None:
            context.note_seen(source.collection.project, is_seen=is_seen)

    def versionIndex(self, info: Info) -> int | None:
        if self.number is not None:
            return self.number
        source = self.source(info)
        return source.number if source else None

    def currentManifest(self, *_: Any) -> ManifestType | None:
        committed = self.artifact.state == Artifact.State.COMMITTED
        return ManifestType(self.artifact) if committed else None

    def files(
        self,
        info: Info,
        names: list[str] | None = None,
        after: str | None = None,
        first: int | None = None,
    ) -> Connection:
        """For whoever may use the artifact by any way."""
        if not may_use_artifact(info.context.user, self.artifact):
            raise NotAllowed("Your role does not let you open the files of this version.")
        return files_of(self.artifact, names, after, first)

    def createdBy(self, info: Info) -> RunType | None:
        """The run, for whoever sees its project."""
        runs = _visible_runs(info).filter(pk=self.artifact.run_id)
        run = runs.first()
        return RunType(run) if run else None

    def usedBy(self, info: Info) -> Connection:
        runs = _visible_runs(info).filter(uses__artifact=self.artifact).order_by("-created_at")
        return Connection(runs, RunType)


def _visible_runs(info: Info) -> Any:
    visible = projects_visible_to(info.context.user)
    return Run.objects.filter(project__in=visible).select_related(
        "project__entity", "project__registry"
    )
