"""The product: registries, collections, versions, aliases and their history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.callers import Way
from accounts.models import Entity, Organization, User
from accounts.names import FoldedField
from artifacts.models import Artifact, Project
from registries.roles import GRANTABLE, Role

REGISTRY_PROJECT_PREFIX = "wandb-registry-"


class Registry(models.Model):
    """A project of an organization with rules of its own; the project holds the description."""

    class Visibility(models.TextChoices):
        ORGANIZATION = "organization", "Organization"
        RESTRICTED = "restricted", "Restricted"

    project = models.OneToOneField(
        Project, on_delete=models.PROTECT, primary_key=True, related_name="registry"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="registries"
    )
    name = models.CharField(max_length=113)
    folded = FoldedField()
    visibility = models.CharField(
        max_length=12, choices=Visibility, default=Visibility.ORGANIZATION
    )
    accepts_all_types = models.BooleanField(default=True)
    default_role = models.CharField(
        max_length=17,
        choices=[(role.codename, role.label) for role in GRANTABLE],
        default=Role.VIEWER.codename,
        help_text="what members of the organization may do without a grant",
    )
    is_core = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "registries"
        default_permissions = ()
        permissions: ClassVar = [(role.codename, role.label) for role in GRANTABLE]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "folded"], name="registry_name_unique_without_case"
            ),
            models.CheckConstraint(
                condition=models.Q(is_core=False) | models.Q(visibility="organization"),
                name="core_registry_is_visible",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegistryPersonRole(UserObjectPermissionBase):
    """A role given to one person: a guardian permission whose codename is the role."""

    content_object = models.ForeignKey(
        Registry, on_delete=models.CASCADE, related_name="person_roles"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_object", "user"], name="one_role_of_a_person_in_a_registry"
            ),
        ]


class RegistryTeamRole(GroupObjectPermissionBase):
    """A role given to one team: a guardian permission whose codename is the role."""

    content_object = models.ForeignKey(
        Registry, on_delete=models.CASCADE, related_name="team_roles"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_object", "group"], name="one_role_of_a_team_in_a_registry"
            ),
        ]


class AcceptedType(models.Model):
    """An artifact type a registry takes, when it does not take all."""

    registry = models.ForeignKey(Registry, on_delete=models.CASCADE, related_name="accepted_types")
    name = models.CharField(max_length=128)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registry", "name"], name="accepted_type_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class ProtectedAlias(models.Model):
    """A name reserved for the Admins of one registry, in all its collections."""

    registry = models.ForeignKey(
        Registry, on_delete=models.CASCADE, related_name="protected_aliases"
    )
    name = models.CharField(max_length=128)
    folded = FoldedField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "protected aliases"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registry", "folded"], name="protected_alias_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Collection(models.Model):
    """Versions of one thing: a sequence is what runs log, a portfolio what links make."""

    class Kind(models.TextChoices):
        SEQUENCE = "sequence", "sequence"
        PORTFOLIO = "portfolio", "portfolio"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="collections")
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=128)
    folded = FoldedField()
    type = models.CharField(max_length=128)
    description = models.TextField(null=True, blank=True)  # noqa: DJ001 null and "" differ
    next_number = models.PositiveIntegerField(default=0, help_text="never given out before")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
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

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="aliases")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=128)
    folded = FoldedField()
    counter = models.PositiveBigIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
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
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="events")
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, related_name="events"
    )
    home_name = models.CharField(max_length=128, help_text="of the registry or project")
    collection = models.ForeignKey(
        Collection, on_delete=models.SET_NULL, null=True, related_name="events"
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
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "alias", "alias_counter"], name="alias_counter_without_twin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor}"
