"""Collections, their versions and aliases: the alias machine."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.names import FoldedField
from artifacts.models import Artifact, Project


class Collection(models.Model):
    """Versions of one thing: a sequence is what runs log, a portfolio what links make."""

    class Kind(models.TextChoices):
        SEQUENCE = "sequence", "sequence"
        PORTFOLIO = "portfolio", "portfolio"

    # The beginning of two indexes below. With one of its own PostgreSQL took that one to find a
    # collection by its name, and read all collections of the project.
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, db_index=False, related_name="collections"
    )
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=128)
    folded = FoldedField()
    type = models.CharField(max_length=128)
    description = models.TextField(null=True, blank=True)  # noqa: DJ001 null and "" differ
    next_number = models.PositiveIntegerField(default=0, help_text="never given out before")
    # Nobody asks what a person made or changed, and each alias that moves would write the indexes.
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="collection_name_unique"),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(name__contains="/"),
                name="collection_name_form",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["project", "-changed_at"])]

    def __str__(self) -> str:
        return self.name


class CollectionTag(models.Model):
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=128)
    folded = FoldedField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "name"], name="collection_tag_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One artifact in one collection: a pointer, no bytes."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="versions")
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "number"], name="version_number_unique"),
            models.UniqueConstraint(
                fields=["collection", "artifact"], name="artifact_once_in_a_collection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collection.name}:{self.label}"

    @property
    def label(self) -> str:
        return f"v{self.number}"


class Alias(models.Model):
    """A name that points at exactly one version. One row: a move is one UPDATE.

    `counter` grows by one with every change of this name in this collection and goes on
    where it was when a removed name comes back, so that a stale reader can be told.
    """

    # The beginning of the index of names.
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, db_index=False, related_name="aliases"
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=128)
    folded = FoldedField()
    counter = models.PositiveBigIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "aliases"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "name"], name="alias_name_unique"),
            models.CheckConstraint(
                condition=~models.Q(name="")
                & ~models.Q(name__contains="/")
                & ~models.Q(name__contains=":"),
                name="alias_name_form",
            ),
            models.CheckConstraint(
                condition=~models.Q(folded__regex=r"^v[0-9]+$"), name="alias_is_no_number"
            ),
            models.CheckConstraint(
                condition=~models.Q(folded="latest") | models.Q(name="latest"),
                name="alias_is_no_twin_of_latest",
            ),
        ]

    def __str__(self) -> str:
        return self.name
