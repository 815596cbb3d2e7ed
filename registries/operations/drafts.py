"""Logging in steps, as scripts do it: announced, bytes sent, then a version when all is there."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from accounts.callers import Caller
from accounts.errors import Invalid, NotAllowed, NotFound
from artifacts.models import Announcement, Artifact, Project, Run
from artifacts.names import valid_tags, valid_type
from artifacts.operations.announcements import announce, announce_again, announced_by
from artifacts.operations.drafts import make_whole
from artifacts.operations.runs import note_output
from registries.models import Collection, Version
from registries.named import version_named
from registries.names import custom_aliases, valid_collection_name, valid_new_collection_name
from registries.operations.edits import edit_version, record_tags
from registries.operations.locks import hold_home
from registries.operations.new_collections import sequence_for_log
from registries.operations.versions import LinkOutcome, place
from registries.roles import Right


@transaction.atomic
def announce_version(
    by: Caller,
    project: Project,
    name: str,
    type_name: str,
    digest: str,
    *,
    aliases: Iterable[str] = (),
    tags: Iterable[str] = (),
    deduplicate: bool = False,
    again: str | None = None,
    run: Run | None = None,
    client_id: str | None = None,
    sequence_client_id: str = "",
    **content: Any,
) -> Artifact:
    """A pending artifact; or the newest committed one when `deduplicate` and `digest` is its own,
    with the aliases applied at once, and the tags where the caller may edit it.

    `again` is the number or alias of a version the script has and logs once more: then an older
    one is answered too. A part of a distributed artifact is always pending: its digest says
    nothing of the whole. What a client tells once more of the same run, as `wandb sync` does,
    changes nothing but by aliases and tags that are new.

    Names, aliases and type are judged here, before any byte travels.
    """
    access = hold_home(by, project)
    access.require(Right.LINK)
    said = Said(custom_aliases(aliases), valid_tags(tags), run, client_id, sequence_client_id)
    name, type_name = valid_collection_name(name), valid_type(type_name)
    if _is_there(project, name):
        sequence = sequence_for_log(by, project, name, type_name)
        if deduplicate and content.get("distributed_id") is None:
            there = _logged_already(by, sequence, digest, again, said)
            if there is not None:
                return there
    return announce(
        by,
        project,
        collection_name=name,
        type_name=type_name,
        digest=digest,
        aliases=said.aliases,
        tags=said.tags,
        run=run,
        client_id=client_id,
        sequence_client_id=sequence_client_id,
        **content,
    )


def _is_there(project: Project, name: str) -> bool:
    """Whether there is a collection of this name; Invalid where none may be made."""
    if Collection.objects.filter(project=project, name=name).exists():
        return True
    valid_new_collection_name(name, project.name)
    return False


@dataclass(frozen=True)
class Said:
    """What a client says of content besides the content itself."""

    aliases: list[str]
    tags: list[str]
    run: Run | None
    client_id: str | None
    sequence_client_id: str


def _logged_already(
    by: Caller, sequence: Collection, digest: str, again: str | None, said: Said
) -> Artifact | None:
    """What is there of it in a held sequence, with what is said now; None for new content."""
    known = _said_before(sequence, said) if again is None else None
    if known is not None:
        return _say_more(by, sequence, known, said)
    there = _there_already(sequence, digest, again)
    return _say_again(by, sequence, there, said) if there is not None else None


def _said_before(sequence: Collection, said: Said) -> Announcement | None:
    """What this client said of a version of a held sequence, in the same run."""
    known = announced_by(sequence.project, said.client_id, said.run)
    if known is None or not sequence.versions.filter(artifact=known.artifact_id).exists():
        return None
    return known


def _say_more(by: Caller, sequence: Collection, known: Announcement, said: Said) -> Artifact:
    """Nothing a second time: people may have moved an alias or taken a tag off meanwhile."""
    aliases = [name for name in said.aliases if name not in known.aliases]
    tags = [name for name in said.tags if name not in known.tags]
    if aliases or tags:
        version = sequence.versions.select_related("artifact").get(artifact=known.artifact_id)
        _say_again(by, sequence, version, replace(said, aliases=aliases, tags=tags))
    return known.artifact


def _say_again(by: Caller, sequence: Collection, version: Version, said: Said) -> Artifact:
    """Of content that is there. Who may not edit it, as where it is protected, logs it still.

    Tags share the registries that link it, with the sequence held as in a deletion.
    """
    if said.tags:
        with suppress(NotAllowed):
            edit_version(by, version, add_tags=said.tags)
    place(by, sequence, version.artifact, said.aliases)
    if said.run is not None:
        note_output(by, said.run, version.artifact)
    announce_again(
        by,
        version.artifact,
        collection_name=sequence.name,
        aliases=said.aliases,
        tags=said.tags,
        client_id=said.client_id,
        sequence_client_id=said.sequence_client_id,
    )
    return version.artifact


@transaction.atomic
def log_again(
    by: Caller,
    project: Project,
    name: str,
    type_name: str,
    digest: str,
    *,
    aliases: Iterable[str] = (),
    tags: Iterable[str] = (),
    run: Run | None = None,
) -> Artifact:
    """The newest version with this digest, now an output of `run`, with the aliases and tags.

    For a script that says which content it means and sends none. Invalid when the sequence has
    no such version.
    """
    access = hold_home(by, project)
    access.require(Right.LINK)
    names = custom_aliases(aliases)
    version = _with_digest(project, valid_collection_name(name), digest)
    if version is None:
        raise Invalid(
            "no_such_content",
            f"“{name}” has no version with this content. Log it from a run that has the files.",
        )
    given = list(tags)
    if given:  # Before the sequence is held: tags hold registries, which come first.
        edit_version(by, version, add_tags=given)
    sequence = sequence_for_log(by, project, name, type_name)
    place(by, sequence, version.artifact, names)
    if run is not None:
        note_output(by, run, version.artifact)
    return version.artifact


@transaction.atomic
def commit_version(by: Caller, artifact: Artifact) -> LinkOutcome:
    """Makes the content whole and gives it its number, `latest` and the announced aliases.

    A repeated commit answers the version the first one made.
    """
    access = hold_home(by, artifact.project)
    access.require(Right.LINK)
    announcement = getattr(artifact, "announcement", None)
    if announcement is None:
        raise Invalid("not_announced", "This artifact was not logged by a script.")
    if (made := made_before(artifact)) is not None:
        return made
    sequence = sequence_for_log(by, artifact.project, announcement.collection_name, artifact.type)
    if (made := made_before(artifact)) is not None:  # While the sequence was waited for.
        return made
    newest = newest_of(sequence)
    artifact = make_whole(by, artifact, newest.artifact if newest else None)
    outcome = place(by, sequence, artifact, artifact.announcement.aliases)
    record_tags(by, outcome.version)
    return outcome


def made_before(artifact: Artifact) -> LinkOutcome | None:
    """The version it became, wherever its sequence has gone since. A refusal when that is gone."""
    try:
        artifact.refresh_from_db(fields=["state"])
    except Artifact.DoesNotExist as error:
        raise NotFound from error
    if artifact.state == Artifact.State.PENDING:
        return None
    made = Version.objects.filter(artifact=artifact, collection__kind=Collection.Kind.SEQUENCE)
    version = made.select_related("collection", "artifact__project__entity").first()
    if version is None:
        raise NotFound.of("version of this artifact")
    return LinkOutcome(version, is_new=False, changes=[])


def _there_already(sequence: Collection, digest: str, again: str | None) -> Version | None:
    if again is None:
        newest = newest_of(sequence)
        return newest if newest is not None and newest.artifact.digest == digest else None
    named = version_named(sequence.project_id, sequence.name, again)
    if named is not None and named.artifact.digest == digest:
        return named
    same = sequence.versions.filter(artifact__digest=digest).select_related("artifact")
    return same.order_by("-number").first()


def newest_of(sequence: Collection) -> Version | None:
    return sequence.versions.select_related("artifact").order_by("-number").first()


def _with_digest(project: Project, name: str, digest: str) -> Version | None:
    return (
        Version.objects.filter(
            collection__project=project,
            collection__name=name,
            collection__kind=Collection.Kind.SEQUENCE,
            artifact__digest=digest,
        )
        .select_related("artifact", "collection__project__entity")
        .order_by("-number")
        .first()
    )


def run_named(project: Project, name: str | None) -> Run | None:
    """The run a script names; None when it names none or one that is not there."""
    return Run.objects.filter(project=project, name=name).first() if name else None
