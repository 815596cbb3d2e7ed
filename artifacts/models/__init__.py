"""What is stored: projects, runs, artifact contents, files, and what is on its way."""

from artifacts.models.contents import (
    Artifact,
    ArtifactOutput,
    ArtifactTag,
    ArtifactUse,
    ManifestEntry,
    Project,
    Run,
    RunFile,
    RunTag,
    StoredFile,
)
from artifacts.models.history import HistoryLine, RunWriter
from artifacts.models.storage import StorageQuota, StorageUse
from artifacts.models.uploads import (
    Announcement,
    ArrivedFile,
    ArrivedPart,
    ExpectedFile,
    JoinedAnnouncement,
    ManifestUpload,
    MultipartUpload,
    RepeatedUpload,
)

__all__ = [
    "Announcement",
    "ArrivedFile",
    "ArrivedPart",
    "Artifact",
    "ArtifactOutput",
    "ArtifactTag",
    "ArtifactUse",
    "ExpectedFile",
    "HistoryLine",
    "JoinedAnnouncement",
    "ManifestEntry",
    "ManifestUpload",
    "MultipartUpload",
    "Project",
    "RepeatedUpload",
    "Run",
    "RunFile",
    "RunTag",
    "RunWriter",
    "StorageQuota",
    "StorageUse",
    "StoredFile",
]
