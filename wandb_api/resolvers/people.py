"""People: search, the default entity, keys, members of registries and teams."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.errors import NotAllowed
from accounts.models import ApiKey, Entity, TeamMembership, User
from accounts.names import entity_key
from accounts.operations.api_keys import create_api_key, revoke_api_key
from accounts.operations.people import NO_DEFAULT_ENTITY, set_default_entity
from accounts.people_named import LONGEST, people_named
from accounts.permissions import teams_shown_to
from registries.roles import Role
from wandb_api.context import Info
from wandb_api.identifiers import decode, encode, unknown
from wandb_api.resolvers.found import Input
from wandb_api.types.lists import Connection
from wandb_api.types.people import EntityType, UserType
from wandb_api.types.projects import ProjectNode


def users(_: Any, info: Info, query: str | None = None) -> Connection:
    """Named exactly, by name or verified e-mail; the operator's staff finds parts of names too."""
    text = (query or "").strip()[: LONGEST + 1]
    partly = Q(username__icontains=text) | Q(email__icontains=text)
    found = User.objects.filter(is_active=True).filter(
        partly if info.context.user.is_staff else people_named(text)
    )
    return Connection(found.select_related("entity").order_by("username"), UserType, first=100)


def update_user(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """Of the caller, whoever is named: only oneself may be changed."""
    user = info.context.user
    if input.get("id") and decode("User", input["id"]) != user.pk:
        raise unknown("User")
    if input.get("defaultEntity"):
        named = entity_key(input["defaultEntity"])
        entity = Entity.objects.filter(name__lower=named).first()
        if entity is None:
            raise NotAllowed(NO_DEFAULT_ENTITY)
        set_default_entity(info.context.by, user, entity)
    return {"user": UserType(user)}


def generate_api_key(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """The name of the answer is the key itself, shown this once."""
    user = info.context.user
    key, secret = create_api_key(info.context.by, user, name=input.get("description") or "")
    return {"apiKey": {"id": encode("ApiKey", key.pk), "name": secret, "description": key.name}}


def delete_api_key(_: Any, info: Info, input: Input) -> dict[str, bool]:
    number = decode("ApiKey", input["id"])
    key = ApiKey.objects.filter(pk=number, user=info.context.user).first()
    if key is None:
        raise unknown("ApiKey")
    revoke_api_key(info.context.by, key)
    return {"success": True}


def members_of_project(node: ProjectNode, info: Info) -> list[dict[str, Any]]:
    """Roles given by hand to people; none in ordinary projects."""
    if node.registry is None:
        return []
    rows = node.registry.person_roles.select_related("user", "permission")
    return [
        {
            "id": encode("User", row.user_id),
            "name": row.user.full_name or row.user.username,
            "username": row.user.username,
            "email": row.user.email if row.user_id == info.context.user.pk else None,
            "role": {"name": Role.from_codename(row.permission.codename).codename},
        }
        for row in rows.order_by("user__username")
    ]


def team_members_of_project(node: ProjectNode, info: Info) -> list[dict[str, Any]]:
    if node.registry is None:
        return []
    rows = node.registry.team_roles.select_related("group__team__entity", "permission")
    return [
        {"team": EntityType(row.group.team.entity), "role": {"name": row.permission.codename}}
        for row in rows.order_by("group__name")
    ]


def members_of_entity(node: EntityType, info: Info) -> list[dict[str, Any]]:
    """Of a team that is shown to the caller; a registry names others that have a role in it.

    The newest last: the SDK takes the last for the one it made just now. Others' e-mail addresses
    are not shown.
    """
    memberships = TeamMembership.objects.filter(
        group__team__in=teams_shown_to(info.context.user).values("pk"),
        group__team__entity=decode("Entity", node.id),
    )
    return [
        {
            "id": encode("User", row.user_id),
            "role": row.role,
            "admin": row.role == TeamMembership.Role.ADMIN,
            "pending": False,
            "username": row.user.username,
            "name": row.user.full_name or row.user.username,
            "accountType": "SERVICE" if row.user.is_service_account else "MEMBER",
        }
        for row in memberships.select_related("user").order_by("pk")
    ]


FIELDS = {
    "updateUser": update_user,
    "generateApiKey": generate_api_key,
    "deleteApiKey": delete_api_key,
}
