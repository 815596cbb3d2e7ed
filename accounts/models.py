"""Who: entities, users, organizations, teams, keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.names import check_entity_name


class Entity(models.Model):
    """Whoever a path can begin with. One namespace, unique without regard to case, for ever."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        TEAM = "team", "team"
        ORGANIZATION = "organization", "organization"

    name = models.CharField(max_length=64, validators=[check_entity_name])
    kind = models.CharField(max_length=12, choices=Kind)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "entities"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="entity_name_unique_without_case"),
            models.CheckConstraint(
                condition=models.Q(name__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                name="entity_name_form",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person or a service account. `username` is the name of the entity."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "System"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(max_length=64, unique=True, validators=[check_entity_name])
    full_name = models.CharField(max_length=128, blank=True)
    email_is_verified = models.BooleanField(
        default=False,
        help_text="found to be theirs, and names them where rights are given",
    )
    entity = models.OneToOneField(Entity, on_delete=models.PROTECT, related_name="user")
    default_entity = models.ForeignKey(
        Entity, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_service_account = models.BooleanField(default=False)
    owner_team = models.ForeignKey(
        "Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="service_accounts",
        help_text="whose admins look after a service account",
    )
    links_ended_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="links for a new password made for or by them before do not work",
    )
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    groups = models.ManyToManyField(  # type: ignore[assignment]
        Group, through="TeamMembership", related_name="user_set", related_query_name="user"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="user_email_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(owner_team=None) | models.Q(is_service_account=True),
                name="only_service_accounts_are_owned",
            ),
        ]

    def __str__(self) -> str:
        return self.username


class Organization(models.Model):
    """Owns registries and teams."""

    entity = models.OneToOneField(Entity, on_delete=models.PROTECT, related_name="organization")
    members = models.ManyToManyField(
        User, through="OrganizationMembership", related_name="organizations"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.entity.name


class OrganizationMembership(models.Model):
    class Role(models.TextChoices):
        ADMIN = "admin", "Admin"
        MEMBER = "member", "Member"
        VIEWER = "viewer", "Viewer"

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="organization_memberships"
    )
    role = models.CharField(max_length=6, choices=Role, default=Role.MEMBER)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="one_role_in_an_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}"


class Team(Group):
    """A group of one organization. Being a Group, it can hold guardian's object permissions."""

    entity = models.OneToOneField(Entity, on_delete=models.PROTECT, related_name="team")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="teams")

    # Group's own manager makes Groups, not Teams.
    objects: ClassVar[models.Manager[Team]] = models.Manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class TeamMembership(models.Model):
    """Who is in a team. Is also Django's row of a user's groups, so that it lives once."""

    class Role(models.TextChoices):
        ADMIN = "admin", "Admin"
        MEMBER = "member", "Member"
        VIEWER = "viewer", "Viewer"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="team_memberships")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role, default=Role.MEMBER)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "user"], name="one_role_in_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.group}"


class ApiKey(models.Model):
    """A key of a script. Only its SHA-256 is kept; the prefix is for showing."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=128, blank=True)
    prefix = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"


class SignInLink(models.Model):
    """A way in that works once. Only the SHA-256 of its token is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_in_links")
    sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Sign-in link of {self.user}"


class Invitation(models.Model):
    """A link into one organization that works once. Only the SHA-256 of its token is kept."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(
        max_length=6,
        choices=OrganizationMembership.Role,
        default=OrganizationMembership.Role.MEMBER,
    )
    email = models.CharField(max_length=254, blank=True, help_text="whom it was meant for")
    sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="nobody where the operator did it on the server",
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Invitation to {self.organization}"


class InvitationTeam(models.Model):
    """A team that whoever accepts an invitation is in at once."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="teams")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(
        max_length=6, choices=TeamMembership.Role, default=TeamMembership.Role.MEMBER
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation", "team"], name="a_team_once_in_an_invitation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} by {self.invitation}"
