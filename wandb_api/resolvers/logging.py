"""Logging an artifact: announced, manifest and files taken in, committed."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from typing import Any

from accounts.errors import Invalid, NotFound
from artifacts.manifests import hex_of_base64
from artifacts.models import Artifact, ManifestUpload
from artifacts.operations.drafts import expect_manifest
from artifacts.operations.projects import project_for_use
from artifacts.signing import sign_artifact_upload, sign_manifest_upload
from registries.operations.drafts import announce_version, commit_version, run_named
from wandb_api.context import Context, Info
from wandb_api.identifiers import decode, encode
from wandb_api.resolvers.found import (
    Input,
    alias_names,
    json_object,
    tag_names,
    writable_entity,
)
from wandb_api.types.artifacts import ArtifactNode
from wandb_api.types.files import UploadSlot
from wandb_api.types.lists import Connection


def create_artifact(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    _refuse_unsupported(input)
    entity = writable_entity(context, input["entityName"])
    project = project_for_use(context.by, entity, input["projectName"])
    names = input.get("artifactCollectionNames") or [input.get("artifactCollectionName")]
    artifact = announce_version(
        context.by,
        project,
        names[0] or "",
        input["artifactTypeName"],
        input["digest"],
        aliases=alias_names(input.get("aliases")),
        deduplicate=bool(input.get("enableDigestDeduplication")),
        tags=tag_names(input.get("tags")),
        description=input.get("description"),
        metadata=json_object(input.get("metadata"), "metadata"),
        run=run_named(project, input.get("runName")),
        client_id=input.get("clientID"),
        distributed_id=input.get("distributedID") or None,
        sequence_client_id=input.get("sequenceClientID") or "",
    )
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
        raise NotFound
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


def _file_slot(context: Context, artifact: Artifact, wanted: Input) -> UploadSlot:
    md5 = _md5(wanted["md5"])
    address = context.address("artifact-upload", sign_artifact_upload(artifact.pk, md5))
    identifier = encode("Upload", artifact.pk)
    return UploadSlot(identifier, wanted["name"], address, ArtifactNode(artifact))


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
        raise NotFound
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
    "commitArtifact": commit_artifact,
}
