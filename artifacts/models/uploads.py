"""What is on its way: announced contents, their manifests and bytes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from artifacts.models.contents import Artifact, Project, StoredFile


class Announcement(models.Model):
    """What a script said when it began to log: where the content belongs once it is whole.

    Stays after the commit, because references between artifacts name the client's ids. The
    distributed id goes with the commit: whoever announces it then begins another version.
    """

    artifact = models.OneToOneField(
        Artifact, on_delete=models.CASCADE, primary_key=True, related_name="announcement"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="announcements")
    collection_name = models.CharField(max_length=128)
    aliases = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    client_id = models.CharField(max_length=128, null=True)  # noqa: DJ001 unique where given
    distributed_id = models.CharField(max_length=128, null=True)  # noqa: DJ001 unique where given
    sequence_client_id = models.CharField(max_length=128, blank=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "client_id"], name="client_id_unique"),
            models.UniqueConstraint(
                fields=["project", "collection_name", "distributed_id"],
                name="one_open_distributed_artifact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collection_name} in {self.project}"


class JoinedAnnouncement(models.Model):
    """A further call that fills an artifact announced already: its ids lead there too."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="joined")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=128)
    sequence_client_id = models.CharField(max_length=128, blank=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "client_id"], name="joined_client_id_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.announcement}, joined"


class ManifestUpload(models.Model):
    """A manifest on its way: whole, or in parts to be laid over one another at the commit.

    A run announces its whole manifest again to send it; each announced part is one more.
    """

    class Kind(models.TextChoices):
        FULL = "FULL", "full"
        INCREMENTAL = "INCREMENTAL", "incremental"
        PATCH = "PATCH", "patch"

    artifact = models.ForeignKey(
        Artifact, on_delete=models.CASCADE, related_name="manifest_uploads"
    )
    kind = models.CharField(max_length=11, choices=Kind)
    name = models.CharField(max_length=128)
    run_name = models.CharField(max_length=128, blank=True)
    base = models.ForeignKey(
        Artifact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    stored_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["artifact", "name", "run_name"],
                condition=models.Q(kind="FULL"),
                name="whole_manifest_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ArrivedFile(models.Model):
    """Bytes that came for a pending artifact: only these, and what the caller may read, count."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="arrived_files")
    stored_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["artifact", "stored_file"], name="arrived_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stored_file} for {self.artifact}"


class MultipartUpload(models.Model):
    """One large file of a pending artifact, arriving in numbered parts.

    Parts are of one size but the last; the first to arrive says which.
    """

    artifact = models.ForeignKey(
        Artifact, on_delete=models.CASCADE, related_name="multipart_uploads"
    )
    upload_id = models.CharField(max_length=32, unique=True)
    md5 = models.CharField(max_length=32, help_text="hex, of the whole file")
    part_md5s = models.JSONField(help_text="hex, in order")
    part_size = models.BigIntegerField(null=True, blank=True, help_text="bytes")
    stored_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["artifact", "md5"], name="multipart_upload_unique"),
        ]

    def __str__(self) -> str:
        return self.upload_id


class ArrivedPart(models.Model):
    """A part whose bytes are on the disk and have the MD5 that was announced."""

    upload = models.ForeignKey(
        MultipartUpload, on_delete=models.CASCADE, related_name="arrived_parts"
    )
    number = models.PositiveIntegerField(help_text="counted from 1")
    size = models.BigIntegerField(help_text="bytes")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upload", "number"], name="part_arrived_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.upload}"


class ExpectedFile(models.Model):
    """A file a browser announced for a pending artifact; it may arrive over several requests."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="expected_files")
    path = models.CharField(max_length=1024)
    size = models.BigIntegerField(help_text="bytes")
    stored_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["artifact", "path"], name="expected_path_unique"),
        ]

    def __str__(self) -> str:
        return self.path


class RepeatedUpload(models.Model):
    """An upload from a browser whose content was there already: its pending artifact ended, and
    whoever did not hear the answer finds here what it was the same as."""

    number = models.BigIntegerField(primary_key=True, help_text="the id of what ended")
    same_as = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"upload {self.number}"
