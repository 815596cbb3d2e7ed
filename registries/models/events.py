"""The history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.callers import Way
from accounts.models import Entity, User
from artifacts.models import Project
from registries.models.collections import Collection, Version

# In the details of a link and its end: who may read of the source, judged by its project. Never
# shown itself.
SOURCE_PROJECT = "source_project"
WAYS = dict(Way.choices)


class Event(models.Model):
    """One thing that happened. Outlives what it tells of, so it keeps the names beside the keys."""

    class Kind(models.TextChoices):
        VERSION_LINKED = "version.linked", "Version linked"
        VERSION_UNLINKED = "version.unlinked", "Version unlinked"
        VERSION_EDITED = "version.edited", "Version edited"
        ALIAS_ADDED = "alias.added", "Alias added"
        ALIAS_MOVED = "alias.moved", "Alias moved"
        ALIAS_REMOVED = "alias.removed", "Alias removed"
        ALIAS_PROTECTED = "alias.protected", "Alias protected"
        ALIAS_UNPROTECTED = "alias.unprotected", "Protection removed"
        TAG_ADDED = "tag.added", "Tag added"
        TAG_REMOVED = "tag.removed", "Tag removed"
        COLLECTION_CREATED = "collection.created", "Collection created"
        COLLECTION_EDITED = "collection.edited", "Collection edited"
        COLLECTION_DELETED = "collection.deleted", "Collection deleted"
        REGISTRY_CREATED = "registry.created", "Registry created"
        REGISTRY_EDITED = "registry.edited", "Registry edited"
        REGISTRY_DELETED = "registry.deleted", "Registry deleted"
        PROJECT_DELETED = "project.deleted", "Project deleted"
        RUN_DELETED = "run.deleted", "Run deleted"
        MEMBER_ROLE_SET = "member.role_set", "Role set"
        MEMBER_REMOVED = "member.removed", "Member removed"

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=Kind)
    actor = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="nobody where the operator did it on the server",
    )
    way = models.CharField(max_length=7, choices=Way)
    # Each of these three is the beginning of an index below: one of its own would only cost.
    entity = models.ForeignKey(
        Entity, on_delete=models.PROTECT, db_index=False, related_name="events"
    )
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, db_index=False, related_name="events"
    )
    home_name = models.CharField(max_length=128, help_text="of the registry or project")
    collection = models.ForeignKey(
        Collection, on_delete=models.SET_NULL, null=True, db_index=False, related_name="events"
    )
    collection_name = models.CharField(max_length=128, blank=True)
    version = models.ForeignKey(
        Version, on_delete=models.SET_NULL, null=True, related_name="events"
    )
    number = models.PositiveIntegerField(null=True)
    from_version = models.ForeignKey(
        Version, on_delete=models.SET_NULL, null=True, related_name="events_away"
    )
    from_number = models.PositiveIntegerField(null=True)
    alias = models.CharField(max_length=128, blank=True)
    alias_counter = models.PositiveBigIntegerField(null=True)
    was_protected = models.BooleanField(default=False)
    tag = models.CharField(max_length=128, blank=True)
    subject = models.CharField(max_length=128, blank=True, help_text="person, team or source")
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["project", "-id"], name="event_of_project"),
            models.Index(fields=["collection", "-id"], name="event_of_collection"),
            models.Index(fields=["entity", "-id"], name="event_of_entity"),
            models.Index(fields=["project", "actor", "-id"], name="event_of_project_by_person"),
            models.Index(
                fields=["collection", "actor", "-id"], name="event_of_collection_by_person"
            ),
            models.Index(fields=["project", "kind", "-id"], name="event_of_project_by_kind"),
            models.Index(fields=["collection", "kind", "-id"], name="event_of_collection_by_kind"),
            models.Index(fields=["project", "alias", "-id"], name="event_of_project_by_alias"),
            models.Index(
                fields=["collection", "alias", "-id"], name="event_of_collection_by_alias"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "alias", "alias_counter"], name="alias_counter_without_twin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor}"

    @property
    def way_label(self) -> str:
        """`get_way_display()` makes a dictionary of all ways for each event of a page."""
        return WAYS.get(self.way, self.way)
