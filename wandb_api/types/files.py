"""Files as GraphQL shows them: with signed addresses, made only when asked for."""
# ruff: noqa: N802

from __future__ import annotations

from collections.abc import Collection
from mimetypes import guess_type
from typing import Any, cast

from accounts.errors import Invalid
from artifacts.digests import base64_of_hex
from artifacts.models import Artifact, ManifestEntry, RunFile, StoredFile
from artifacts.signing import sign_download, sign_manifest
from wandb_api.context import Info
from wandb_api.identifiers import encode
from wandb_api.types.instants import instant
from wandb_api.types.lists import Connection

MOST_FILES_AT_ONCE = 5000
MOST_FILES_NAMED = 10_000


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


class RunFileType:
    """A file that a run keeps of itself and that has arrived."""

    def __init__(self, file: RunFile) -> None:
        stored = cast("StoredFile", file.stored_file)
        self._sha256 = stored.sha256
        self.id = encode("RunFile", file.pk)
        self.name = self.displayName = file.name
        self.sizeBytes = stored.size
        self.digest = self.md5 = base64_of_hex(stored.md5)
        self.mimetype = guess_type(file.name)[0] or "application/octet-stream"
        self.updatedAt = instant(file.updated_at)
        self.storagePath = file.name
        self.uploadHeaders: list[str] = []

    def directUrl(self, info: Info) -> str:
        token = sign_download(self._sha256)
        return info.context.address("stored-file", token, self.name.rsplit("/", 1)[-1])

    def url(self, info: Info, upload: bool | None = None) -> str:
        return self.directUrl(info)


class MissingFile:
    """What stands for a file that a run has not got: the SDK knows it by this MD5."""

    def __init__(self, name: str) -> None:
        self.id = f"missing:{name}"
        self.name = self.displayName = name
        self.sizeBytes = 0
        self.digest = self.md5 = "0"
        self.uploadHeaders: list[str] = []

    def directUrl(self, info: Info) -> str:
        """Leads to nothing."""
        return info.context.address("stored-file", sign_download(""), "missing")

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


def require_few(names: Collection[str]) -> None:
    """Of files that are named one by one. No database is asked for more at once."""
    if len(names) > MOST_FILES_NAMED:
        raise Invalid("files_named", "At most 10,000 files can be named at once.")


def files_of(
    artifact: Artifact, names: list[str] | None, after: str | None, first: int | None
) -> Connection:
    """Entries by path, references too: what the SDK downloads it looks for among these.

    The caller has judged that the bytes may be had.
    """
    entries = artifact.entries.select_related("stored_file").order_by("path")
    if names:
        require_few(names)
        entries = entries.filter(path__in=names)
    return Connection(entries, FileType, after=after, first=first, most=MOST_FILES_AT_ONCE)
