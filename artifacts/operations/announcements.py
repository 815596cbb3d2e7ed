"""Content announced: what a script says of it before it sends any, alone or with others."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Invalid, NotFound
from artifacts.identifiers import called
from artifacts.models import Announcement, Artifact, Project, Run
from artifacts.names import (
    valid_description,
    valid_history_step,
    valid_metadata,
    valid_tags,
    valid_text,
    valid_time_to_live,
    valid_type,
)
from artifacts.operations.runs import note_output
from artifacts.permissions import require_write

ID_OF_SCRIPT = "An id that a script gives"


@transaction.atomic
def announce(
    by: Caller,
    project: Project,
    *,
    collection_name: str,
    type_name: str,
    digest: str,
    aliases: list[str],
    tags: list[str],
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
    time_to_live: int | None = None,
    run: Run | None = None,
    history_step: int | None = None,
    client_id: str | None = None,
    distributed_id: str | None = None,
    sequence_client_id: str = "",
) -> Artifact:
    """A pending artifact. The same client id again answers the one announced before.

    Until it is committed, whoever announces the same collection and `distributed_id` fills it
    too: the last description, metadata and time to live that are given count, aliases and tags
    add up.
    """
    require_write(by, project.entity)
    artifact = _content(
        by, project, type_name, digest, description, metadata, time_to_live, run, history_step
    )
    announcement = Announcement(
        artifact=artifact,
        project=project,
        collection_name=collection_name,
        aliases=aliases,
        tags=valid_tags(tags),
        client_id=valid_text(client_id, ID_OF_SCRIPT),
        distributed_id=valid_text(distributed_id, ID_OF_SCRIPT),
        sequence_client_id=valid_text(sequence_client_id, ID_OF_SCRIPT) or "",
    )
    if (known := _announced(project, client_id, distributed_id)) is not None:
        return known
    if (begun := _open_for(announcement)) is not None:
        _join(by, begun, announcement)
        return begun
    artifact.save(force_insert=True)
    announcement.artifact = artifact
    announcement.save(force_insert=True)
    return artifact


def announced_by(project: Project, client_id: str | None, run: Run | None) -> Announcement | None:
    """Of committed content that `run` logged: what this client said of it."""
    client_id = valid_text(client_id, ID_OF_SCRIPT)
    if client_id is None:
        return None
    said = Announcement.objects.filter(called(client_id), project=project)
    found = said.filter(artifact__state=Artifact.State.COMMITTED).select_related("artifact").first()
    return found if found is not None and _is_output(found.artifact, run) else None


def _is_output(artifact: Artifact, run: Run | None) -> bool:
    if run is None:
        return artifact.run_id is None
    return artifact.run_id == run.pk or run.outputs.filter(artifact=artifact).exists()


@transaction.atomic
def announce_again(
    by: Caller,
    artifact: Artifact,
    *,
    collection_name: str,
    aliases: list[str],
    tags: list[str],
    client_id: str | None = None,
    sequence_client_id: str = "",
) -> None:
    """Keeps what is said of content that is there, so that the same told once more is known.

    The client's ids lead to the content as those that announced it do.
    """
    require_write(by, artifact.project.entity)
    for given in (client_id, sequence_client_id):
        valid_text(given, ID_OF_SCRIPT)
    known = _announced(artifact.project, client_id, None)
    announcement, _ = Announcement.objects.get_or_create(
        artifact=artifact,
        defaults={"project": artifact.project, "collection_name": collection_name},
    )
    _add_names(announcement, aliases, tags)
    if known is None:
        _add_ids(announcement, client_id, sequence_client_id)


def _content(
    by: Caller,
    project: Project,
    type_name: str,
    digest: str,
    description: str | None,
    metadata: dict[str, Any] | None,
    time_to_live: int | None,
    run: Run | None,
    history_step: int | None,
) -> Artifact:
    """As the script says it, not saved."""
    if run is not None and run.project_id != project.pk:
        raise NotFound
    return Artifact(
        project=project,
        type=valid_type(type_name),
        state=Artifact.State.PENDING,
        digest=digest[:64],
        description=valid_description(description),
        metadata=valid_metadata(metadata or {}),
        time_to_live=valid_time_to_live(time_to_live),
        run=run,
        history_step=valid_history_step(history_step),
        created_by=by.user,
    )


def _announced(
    project: Project, client_id: str | None, distributed_id: str | None
) -> Artifact | None:
    """What this id announced before. With either id the project's row keeps twins apart."""
    if client_id is None and distributed_id is None:
        return None
    Project.objects.select_for_update().get(pk=project.pk)
    if client_id is None:
        return None
    announcement = Announcement.objects.filter(called(client_id), project=project).first()
    return announcement.artifact if announcement else None


def _open_for(said: Announcement) -> Artifact | None:
    """The held artifact that the same distributed id fills; None once it is committed."""
    if said.distributed_id is None:
        return None
    return (
        Artifact.objects.select_for_update(of=("self",))
        .select_related("announcement", "project__entity")
        .filter(
            state=Artifact.State.PENDING,
            announcement__project=said.project,
            announcement__collection_name=said.collection_name,
            announcement__distributed_id=said.distributed_id,
        )
        .first()
    )


def _join(by: Caller, begun: Artifact, said: Announcement) -> None:
    """What is said now counts where it says something; names add up."""
    content, announcement = said.artifact, begun.announcement
    if content.type != begun.type:
        raise Invalid(
            "collection_type",
            f"“{said.collection_name}” is being filled with the type {begun.type}; "
            f"this is of type {content.type}.",
            field="type",
        )
    if content.description is not None:
        begun.description = content.description
    begun.metadata = content.metadata or begun.metadata
    begun.time_to_live = content.time_to_live or begun.time_to_live
    begun.save(update_fields=["description", "metadata", "time_to_live"])
    _add_names(announcement, said.aliases, said.tags)
    _add_ids(announcement, said.client_id, said.sequence_client_id)
    if content.run is not None:
        note_output(by, content.run, begun)


def _add_names(announcement: Announcement, aliases: list[str], tags: list[str]) -> None:
    announcement.aliases = list(dict.fromkeys([*announcement.aliases, *aliases]))
    announcement.tags = list(dict.fromkeys([*announcement.tags, *tags]))
    announcement.save(update_fields=["aliases", "tags"])


def _add_ids(announcement: Announcement, client_id: str | None, sequence_client_id: str) -> None:
    if client_id is not None:
        announcement.joined.create(
            project=announcement.project,
            client_id=client_id,
            sequence_client_id=sequence_client_id,
        )
