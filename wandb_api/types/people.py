"""Users, teams, organizations as GraphQL shows them. Methods have the protocol's names."""
# ruff: noqa: N802

from __future__ import annotations

import json
from typing import Any

from accounts.models import Entity, Organization, TeamMembership, User
from accounts.permissions import teams_shown_to
from registries.visibility import organizations_of
from wandb_api.context import Info
from wandb_api.identifiers import encode
from wandb_api.types.lists import Connection


class UserType:
    type_name = "User"

    def __init__(self, user: User) -> None:
        self._user = user
        self.id = encode("User", user.pk)
        self.username = user.username
        self.name = user.full_name or user.username
        self.admin = user.is_staff
        # The names of its teams, asked for together with those of its page.
        self.entities: list[Entity] | None = None
        self.page: list[UserType] = [self]

    def email(self, info: Info) -> str | None:
        """A person's own; others' are not shown."""
        return self._user.email if info.context.user.pk == self._user.pk else None

    def flags(self, *_: Any) -> str:
        return json.dumps({"code_saving_enabled": True})

    def entity(self, info: Info) -> str:
        """One's own default entity, where logging goes when a script names none; of others
        the person, as their default may be a team the caller does not know of."""
        is_oneself = info.context.user.pk == self._user.pk
        default = self._user.default_entity if is_oneself else None
        return (default or self._user.entity).name

    def teams(self, info: Info) -> Connection:
        """Those that are shown to the caller."""
        if self.entities is None:
            _learn_teams(self.page, info.context.user)
        return Connection(self.entities or [], EntityType)

    def apiKeys(self, info: Info) -> dict[str, Any]:
        """One's own live keys by prefix; the keys themselves are nowhere."""
        if info.context.user.pk != self._user.pk:
            return {"edges": []}
        keys = self._user.api_keys.filter(revoked_at=None).order_by("pk")
        return {
            "edges": [
                {
                    "node": {
                        "id": encode("ApiKey", key.pk),
                        "name": f"{key.prefix}…",
                        "description": key.name,
                    }
                }
                for key in keys
            ]
        }

    def organizations(self, info: Info) -> list[OrganizationType]:
        """Those of `self` that the caller sees as well."""
        shared = organizations_of(self._user).filter(
            pk__in=organizations_of(info.context.user).values("pk")
        )
        return [OrganizationType(organization) for organization in shared.order_by("entity__name")]


def _learn_teams(people: list[UserType], caller: User) -> None:
    seen = teams_shown_to(caller)
    rows = TeamMembership.objects.filter(
        user__in=[person._user for person in people], group__team__in=seen.values("pk")
    )
    teams: dict[int, list[Entity]] = {}
    for row in rows.select_related("group__team__entity").order_by("group__team__entity__name"):
        teams.setdefault(row.user_id, []).append(row.group.team.entity)
    for person in people:
        person.entities = teams.get(person._user.pk, [])


class EntityType:
    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        self.id = encode("Entity", entity.pk)
        self.name = entity.name
        self.entityType = entity.kind
        self.isTeam = entity.kind == Entity.Kind.TEAM
        self.available = False
        self.readOnlyAdmin = self.privateOnly = self.isPaid = self.readOnly = False
        self.storageBytes = 0
        self.limits = None
        self.codeSavingEnabled = True
        self.defaultAccess = "PRIVATE"

    def organization(self, *_: Any) -> OrganizationType | None:
        """Of a team, or of the organization's own entity; a person has none."""
        team = getattr(self._entity, "team", None)
        own = getattr(self._entity, "organization", None)
        organization = team.organization if team else own
        return OrganizationType(organization) if organization else None

    def user(self, info: Info) -> UserType | None:
        """The person it belongs to; of a team, whoever asks.

        A script of a guest works in a team of another organization than the registry's: the SDK
        looks for that organization among those of this person.
        """
        if self.isTeam:
            return UserType(info.context.user)
        user = getattr(self._entity, "user", None)
        return UserType(user) if user else None


class OrganizationType:
    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self.id = encode("Organization", organization.pk)
        self.name = organization.name
        self.coreWeaveOrganizationId = None
        self.advancedRegistryFeatures = {"advancedSearch": False}

    def orgEntity(self, *_: Any) -> EntityType:
        return EntityType(self._organization.entity)

    def featureFlags(self, *_: Any, **__: Any) -> list[Any]:
        return []
