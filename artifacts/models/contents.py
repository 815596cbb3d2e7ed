"""What is stored: projects, runs, artifact contents, files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Entity, User
from accounts.names import FoldedField


class Project(models.Model):
    """The home of collections: of a team or a person, or (see Registry) of an organization."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=128)
    description = models.TextField(null=True, blank=True)  # noqa: DJ001 null and "" differ
    created_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="nobody where it came with the organization",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "name"], name="project_name_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="project_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.entity.name}/{self.name}"


class Run(models.Model):
    """One execution of a script. `name` is its id in addresses, `display_name` what people read."""

    class State(models.TextChoices):
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        FAILED = "failed", "failed"
        CRASHED = "crashed", "crashed"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(max_length=128)
    display_name = models.CharField(max_length=128)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    config = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    notes = models.TextField(null=True, blank=True)  # noqa: DJ001 null where a script gave none
    group = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001 as above
    job_type = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001 as above
    history_line_count = models.PositiveIntegerField(default=0)
    log_line_count = models.PositiveIntegerField(default=0)
    event_line_count = models.PositiveIntegerField(default=0)
    history_bytes = models.BigIntegerField(default=0, help_text="of the lines that are kept")
    last_step = models.BigIntegerField(null=True, blank=True, help_text="of the lines kept")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="runs")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="run_name_unique"),
        ]

    def __str__(self) -> str:
        return self.display_name


class RunTag(models.Model):
    """A word by which a script finds its runs again."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "name"], name="run_tag_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class RunFile(models.Model):
    """A file a run keeps of itself: its requirements, configuration, console output."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=1024)
    stored_file = models.ForeignKey(
        "StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "name"], name="run_file_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class ArtifactUse(models.Model):
    """A run took an artifact as input."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="uses")
    artifact = models.ForeignKey(
        "Artifact", on_delete=models.CASCADE, db_index=False, related_name="uses"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["artifact", "run"], name="use_of_artifact")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "artifact"], name="artifact_use_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.run} uses {self.artifact}"


class ArtifactOutput(models.Model):
    """A run logged content that was there already: it is an output of that run too."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outputs")
    artifact = models.ForeignKey(
        "Artifact", on_delete=models.CASCADE, db_index=False, related_name="outputs"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["artifact", "run"], name="output_of_artifact")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "artifact"], name="artifact_output_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.run} logged {self.artifact}"


class StoredFile(models.Model):
    """Bytes, kept once under their SHA-256. MD5 is what the SDK speaks."""

    sha256 = models.CharField(max_length=64, unique=True)
    md5 = models.CharField(max_length=32, db_index=True, help_text="hex")
    size = models.BigIntegerField(help_text="bytes")
    created_at = models.DateTimeField(default=timezone.now)
    arrived_at = models.DateTimeField(
        default=timezone.now, db_index=True, help_text="the last time somebody brought these bytes"
    )

    def __str__(self) -> str:
        return self.sha256


class Artifact(models.Model):
    """Content: what every version that points at it shows.

    While pending it is announced and its bytes arrive; no version points at it.
    """

    class State(models.TextChoices):
        PENDING = "PENDING", "pending"
        COMMITTED = "COMMITTED", "committed"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="artifacts")
    type = models.CharField(max_length=128)
    state = models.CharField(max_length=9, choices=State, default=State.COMMITTED)
    digest = models.CharField(max_length=64, help_text="hex MD5 of the manifest's entries")
    size = models.BigIntegerField(default=0, help_text="bytes of all entries")
    file_count = models.PositiveIntegerField(default=0)
    description = models.TextField(null=True, blank=True)  # noqa: DJ001 null and "" differ
    metadata = models.JSONField(default=dict)
    time_to_live = models.BigIntegerField(
        null=True, blank=True, help_text="seconds, as a script asked; nothing is deleted by it"
    )
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, null=True, blank=True, related_name="logged_artifacts"
    )
    history_step = models.BigIntegerField(
        null=True, blank=True, help_text="of the run, when it logged this"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "digest"])]

    def __str__(self) -> str:
        return f"{self.type} {self.digest}"


class ArtifactTag(models.Model):
    """A tag of a version. Belongs to the content, so every link shows it."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=128)
    folded = FoldedField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["artifact", "name"], name="artifact_tag_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class ManifestEntry(models.Model):
    """One path of an artifact: stored bytes, or a reference kept as text and never opened."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="entries")
    path = models.CharField(max_length=1024)
    digest = models.CharField(max_length=8192, help_text="base64 MD5, or a reference's own digest")
    size = models.BigIntegerField(default=0, help_text="bytes")
    stored_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    reference = models.TextField(blank=True)
    extra = models.JSONField(default=dict, help_text="what the SDK keeps beside an entry")

    class Meta:
        verbose_name_plural = "manifest entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["artifact", "path"], name="manifest_path_unique"),
            models.CheckConstraint(
                condition=models.Q(stored_file__isnull=False) ^ ~models.Q(reference=""),
                name="manifest_entry_is_bytes_or_reference",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["artifact", "size", "id"], name="manifest_entry_by_size"),
        ]

    def __str__(self) -> str:
        return self.path
