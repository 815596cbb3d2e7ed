"""Registries: visibility, types, protected names, roles."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models import Organization, User
from accounts.names import FoldedField
from artifacts.models import Project
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
    changed_at = models.DateTimeField(
        default=timezone.now, help_text="of itself and its protected names; else when it was made"
    )

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
        # The order of search, which stops when enough are found.
        indexes: ClassVar = [models.Index(fields=["folded", "id"], name="protected_alias_by_name")]

    def __str__(self) -> str:
        return self.name
