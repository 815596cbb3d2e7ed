"""Logging an artifact: announced, manifest and files taken in, committed."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.errors import Invalid
from artifacts.digests import base64_of_hex
from artifacts.manifests import hex_of_base64
from artifacts.models import Artifact, ManifestUpload, MultipartUpload
from artifacts.operations.drafts import expect_manifest
from artifacts.operations.multipart import abandon_parts, expect_parts, join_parts
from artifacts.operations.projects import project_for_use
from artifacts.resumable_digests import IS_AVAILABLE
from artifacts.signing import sign_artifact_upload, sign_manifest_upload, sign_part_upload
from registries.operations.drafts import announce_version, commit_version, log_again, run_named
from wandb_api.context import Context, Info
from wandb_api.identifiers import decode, encode, unknown
from wandb_api.resolvers.found import (
    Input,
    alias_names,
    json_object,
    project_named,
    tag_names,
    writable_entity,
)
from wandb_api.types.artifacts import ArtifactNode
from wandb_api.types.files import UploadSlot
from wandb_api.types.lists import Connection


@transaction.atomic
def create_artifact(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """A project is made by the first log, and not by one that is refused."""
    context = info.context
    _refuse_unsupported(input)
    if input.get("enableDigestDeduplication") and not input.get("clientID"):
        return {"artifact": ArtifactNode(_logged_again(context, input))}
    entity = writable_entity(context, input["entityName"])
    project = project_for_use(context.by, entity, input["projectName"])
    artifact = announce_version(
        context.by,
        project,
        _collection_name(input),
        input["artifactTypeName"],
        input["digest"],
        aliases=alias_names(input.get("aliases")),
        deduplicate=bool(input.get("enableDigestDeduplication")),
        tags=tag_names(input.get("tags")),
        description=input.get("description"),
        metadata=json_object(input.get("metadata"), "metadata"),
        time_to_live=input.get("ttlDurationSeconds"),
        run=run_named(project, input.get("runName")),
        history_step=input.get("historyStep"),
        client_id=input.get("clientID") or None,
        distributed_id=input.get("distributedID") or None,
        sequence_client_id=input.get("sequenceClientID") or "",
    )
    context.note_seen(project)  # Whoever writes to it sees it.
    return {"artifact": ArtifactNode(artifact)}


def create_manifest(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """Comes twice for one manifest: to have an id, then with its digest to be sent."""
    context = info.context
    upload = expect_manifest(
        context.by,
        _own_pending(context, input["artifactID"]),
        kind=input["type"],
        name=input["name"],
        run_name=input.get("runName") or "",
        base=_base(context, input.get("baseArtifactID")),
    )
    return {"artifactManifest": _slot(context, upload, input["digest"])}


def update_manifest(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    number = decode("ManifestUpload", input["artifactManifestID"])
    upload = ManifestUpload.objects.filter(pk=number).select_related("artifact").first()
    if upload is None:
        raise unknown("ManifestUpload")
    _own_pending(context, encode("Artifact", upload.artifact_id))
    return {"artifactManifest": _slot(context, upload, input.get("digest") or "")}


def create_files(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """One place for each file asked for, in the same order: the SDK matches them by position."""
    context = info.context
    known: dict[str, Artifact] = {}
    slots = []
    for wanted in input["artifactFiles"]:
        identifier = wanted["artifactID"]
        if identifier not in known:
            known[identifier] = _own_pending(context, identifier)
        slots.append(_file_slot(context, known[identifier], wanted))
    return {"files": Connection(slots, lambda slot: slot, first=len(slots), most=len(slots))}


def commit_artifact(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    outcome = commit_version(context.by, _own(context, input["artifactID"]))
    return {"artifact": ArtifactNode(outcome.version.artifact)}


def complete_multipart(_: Any, info: Info, input: Input) -> dict[str, str]:
    """The parts become one file, or are dropped when the SDK gives up."""
    context = info.context
    artifact = _own_pending(context, input["artifactID"])
    if input["completeMultipartAction"] == "Abort":
        abandon_parts(context.by, artifact, input["uploadID"])
        return {"digest": ""}
    parts = _parts(input["completedParts"])
    upload = join_parts(context.by, artifact, input["uploadID"], parts)
    return {"digest": base64_of_hex(upload.md5)}


def _logged_again(context: Context, input: Input) -> Artifact:
    """What `log_artifact` of the public API asks: it names content by its digest alone.

    Whatever else is logged comes with an id of the client.
    """
    project = project_named(context, input["entityName"], input["projectName"])
    return log_again(
        context.by,
        project,
        _collection_name(input),
        input["artifactTypeName"],
        input["digest"],
        aliases=alias_names(input.get("aliases")),
        tags=tag_names(input.get("tags")),
        run=run_named(project, input.get("runName")),
    )


def _collection_name(input: Input) -> str:
    names = input.get("artifactCollectionNames") or [input.get("artifactCollectionName")]
    return names[0] or ""


def _file_slot(context: Context, artifact: Artifact, wanted: Input) -> UploadSlot:
    """Large files come with the digests of their parts, and get an address for each."""
    md5 = _md5(wanted["md5"])
    address = context.address("artifact-upload", sign_artifact_upload(artifact.pk, md5))
    identifier = encode("Upload", artifact.pk)
    slot = UploadSlot(identifier, wanted["name"], address, ArtifactNode(artifact))
    if wanted.get("uploadPartsInput") and IS_AVAILABLE:
        parts = _parts(wanted["uploadPartsInput"])
        upload = expect_parts(context.by, artifact, md5, parts)
        slot.uploadMultipartUrls = _part_addresses(context, upload)
    return slot


def _part_addresses(context: Context, upload: MultipartUpload) -> dict[str, Any]:
    numbers = range(1, len(upload.part_md5s) + 1)
    addresses = [
        {
            "partNumber": number,
            "uploadUrl": context.address("part-upload", sign_part_upload(upload.pk, number)),
        }
        for number in numbers
    ]
    return {"uploadID": upload.upload_id, "uploadUrlParts": addresses}


def _parts(given: list[Input]) -> dict[int, str]:
    """Hex MD5 by number. A number that comes twice is a part too few."""
    parts = {part["partNumber"]: part["hexMD5"] for part in given}
    if len(parts) != len(given):
        raise Invalid("parts", "A part is named twice.")
    return parts


def _slot(context: Context, upload: ManifestUpload, digest: str) -> dict[str, Any]:
    """Without a digest there is nothing to be sent yet."""
    identifier = encode("ManifestUpload", upload.pk)
    address = None
    if digest:
        token = sign_manifest_upload(upload.pk, _md5(digest))
        address = context.address("manifest-upload", token)
    return {
        "id": identifier,
        "digest": digest,
        "file": UploadSlot(identifier, upload.name, address, None),
    }


def _own(context: Context, identifier: str) -> Artifact:
    """One whose project the caller may write to; what others announced there counts too."""
    number = decode("Artifact", identifier)
    artifact = Artifact.objects.filter(pk=number).select_related("project__entity").first()
    if artifact is None or not context.access(artifact.project).can_link():
        raise unknown("Artifact")
    return artifact


def _own_pending(context: Context, identifier: str) -> Artifact:
    artifact = _own(context, identifier)
    if artifact.state != Artifact.State.PENDING:
        raise Invalid("committed", "This artifact is whole; nothing can be added to it.")
    return artifact


def _base(context: Context, identifier: str | None) -> Artifact | None:
    return _own(context, identifier) if identifier else None


def _md5(digest: str) -> str:
    found = hex_of_base64(digest)
    if found is None:
        raise Invalid("md5", "A file is announced with the base64 of its MD5.")
    return found


def _refuse_unsupported(input: Input) -> None:
    if input.get("storageRegion"):
        raise Invalid("storage_region", f"There is no storage region “{input['storageRegion']}”.")


FIELDS = {
    "createArtifact": create_artifact,
    "createArtifactManifest": create_manifest,
    "updateArtifactManifest": update_manifest,
    "createArtifactFiles": create_files,
    "completeMultipartUploadArtifact": complete_multipart,
    "commitArtifact": commit_artifact,
}
