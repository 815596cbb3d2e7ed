"""Files as GraphQL shows them: with signed addresses, made only when asked for."""
# ruff: noqa: N802

from __future__ import annotations

from typing import Any

from artifacts.models import Artifact, ManifestEntry
from artifacts.signing import sign_download, sign_manifest
from wandb_api.context import Info
from wandb_api.identifiers import encode
from wandb_api.types.lists import Connection

MOST_FILES_AT_ONCE = 5000


class FileType:
    """One stored entry of a manifest. The reader's right was judged where the list was made."""

    def __init__(self, entry: ManifestEntry) -> None:
        self._entry = entry
        self.id = encode("File", entry.pk)
        self.name = self.displayName = entry.path
        self.sizeBytes = entry.size
        self.digest = self.md5 = entry.digest
        self.storagePath = f"wandb_artifacts/{entry.digest}"
        self.uploadHeaders: list[str] = []

    def directUrl(self, info: Info) -> str:
        stored = self._entry.stored_file
        if stored is None:
            return self._entry.reference
        token = sign_download(stored.sha256)
        return info.context.address("stored-file", token, self.name.rsplit("/", 1)[-1])

    def url(self, info: Info, upload: bool | None = None) -> str:
        return self.directUrl(info)


class UploadSlot:
    """Where bytes are to be put. No address means that they are here already."""

    def __init__(self, identifier: str, name: str, address: str | None, artifact: Any) -> None:
        self.id = identifier
        self.name = self.displayName = name
        self.storagePath = f"wandb_artifacts/{name}"
        self.uploadUrl = address
        self.uploadHeaders: list[str] = []
        self.uploadMultipartUrls: dict[str, Any] | None = None
        self.sizeBytes = 0
        self.directUrl = ""
        self.artifact = artifact


class ManifestType:
    """The manifest of a committed artifact, as a file to be fetched."""

    def __init__(self, artifact: Artifact) -> None:
        self._artifact = artifact
        self.id = encode("ArtifactManifest", artifact.pk)
        self.digest = artifact.digest

    def file(self, info: Info) -> Any:
        address = info.context.address("manifest-file", sign_manifest(self._artifact.pk))
        slot = UploadSlot(self.id, "wandb_manifest.json", None, None)
        slot.directUrl = address
        return slot


def files_of(
    artifact: Artifact, names: list[str] | None, after: str | None, first: int | None
) -> Connection:
    """Entries by path, references too: what the SDK downloads it looks for among these.

    The caller has judged that the bytes may be had.
    """
    entries = artifact.entries.select_related("stored_file").order_by("path")
    if names:
        entries = entries.filter(path__in=names)
    return Connection(entries, FileType, after=after, first=first, most=MOST_FILES_AT_ONCE)
