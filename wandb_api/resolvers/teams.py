"""New people, teams and who is in them, as far as the SDK has calls for it."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

import re
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.errors import Conflict, Invalid, NotFound
from accounts.models import Entity, Organization, OrganizationMembership, Team, TeamMembership, User
from accounts.names import entity_key
from accounts.operations import teams
from accounts.operations.people import create_user as make_person
from accounts.operations.service_accounts import create_service_account as make_service_account
from accounts.people_named import people_named
from accounts.permissions import organization_role, require_team_admin
from wandb_api.context import Context, Info
from wandb_api.identifiers import decode, encode
from wandb_api.resolvers.found import Input, quoted
from wandb_api.types.people import EntityType, UserType

LONGEST_NAME = 64


def create_user(_: Any, info: Info, input: Input) -> dict[str, UserType]:
    """By staff alone, named by what stands before the @, without a password: a link signs in."""
    email = input["email"]
    user = make_person(
        info.context.by,
        _free_name(email.partition("@")[0]),
        email=email,
        is_staff=bool(input.get("admin")),
    )
    return {"user": UserType(user)}


@transaction.atomic
def create_team(_: Any, info: Info, input: Input) -> dict[str, EntityType]:
    """In the caller's organization, led by whom the caller names, else by the caller."""
    by, user = info.context.by, info.context.user
    leader = user
    if input.get("teamAdminUserName"):
        leader = _person(input["teamAdminUserName"])
    team = teams.create_team(by, _own_organization(user), input["teamName"])
    teams.add_to_team(by, team, leader, TeamMembership.Role.ADMIN)
    return {"entity": EntityType(team.entity)}


@transaction.atomic
def create_invite(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """Takes in who is in the organization. The SDK could show nobody the link for anybody else."""
    context = info.context
    team = _team_named(context, input["entityName"])
    require_team_admin(context.by, team)
    user = _person(input.get("username") or input.get("email") or "")
    if organization_role(user, team.organization) is None:
        raise _not_invited(user.username)
    if team.memberships.filter(user=user).exists():
        raise Conflict("in_already", f"{user.username} is in {team.name} already.")
    role = TeamMembership.Role.ADMIN if input.get("admin") else TeamMembership.Role.MEMBER
    teams.add_to_team(context.by, team, user, role)
    return {
        "invite": {"id": encode("User", user.pk), "name": user.username, "toUser": UserType(user)}
    }


def delete_invite(_: Any, info: Info, input: Input) -> dict[str, bool]:
    """The id is that of the person, as the SDK got it with the team: they leave the team."""
    context = info.context
    team = _team_named(context, input.get("entityName") or "")
    membership = team.memberships.filter(user=decode("User", input.get("id") or "")).first()
    if membership is None:
        raise NotFound.of(f"member of {team.name} with this id")
    teams.remove_from_team(context.by, team, membership.user)
    return {"success": True}


def create_service_account(_: Any, info: Info, input: Input) -> dict[str, UserType]:
    """Named after its description."""
    context = info.context
    team = _team_named(context, input["entityName"])
    description = input["description"]
    user = make_service_account(
        context.by, team, _free_name(description), full_name=description.strip()
    )
    return {"user": UserType(user)}


def _team_named(context: Context, name: str) -> Team:
    """One the caller is in, or of an organization the caller leads."""
    leads = OrganizationMembership.objects.filter(
        user=context.user, role=OrganizationMembership.Role.ADMIN
    )
    seen = Q(memberships__user=context.user) | Q(organization__in=leads.values("organization"))
    team = Team.objects.filter(seen, entity__name__lower=entity_key(name)).select_related(
        "entity", "organization__entity"
    )
    found = team.first()
    if found is None:
        raise NotFound.of(f"team {quoted(name)}")
    return found


def _own_organization(user: User) -> Organization:
    """That of the default entity where it is a team, else the first one joined."""
    memberships = OrganizationMembership.objects.filter(user=user).select_related(
        "organization__entity"
    )
    of_default = memberships.filter(
        organization__teams__entity__isnull=False,
        organization__teams__entity=user.default_entity_id,
    )
    found = of_default.first() or memberships.order_by("since", "pk").first()
    if found is None:
        raise Invalid("no_organization", "You are in no organization that could own a team.")
    return found.organization


def _person(name_or_email: str) -> User:
    found = None
    if name_or_email:
        found = User.objects.filter(people_named(name_or_email), is_active=True).first()
    if found is None:
        raise _not_invited(name_or_email)
    return found


def _not_invited(who: str) -> Invalid:
    return Invalid(
        "not_in_organization",
        f"“{who[:100]}” is not in this organization. "
        "Its admins invite people by a link, on its page in the browser.",
    )


def _free_name(text: str) -> str:
    """A name for an entity made from `text`, with a number behind it where it is taken."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[: LONGEST_NAME - 4] or "somebody"
    taken = {
        known.lower()
        for known in Entity.objects.filter(name__istartswith=name).values_list("name", flat=True)
    }
    candidates = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate.lower() not in taken)


FIELDS = {
    "createUser": create_user,
    "createTeam": create_team,
    "createInvite": create_invite,
    "deleteInvite": delete_invite,
    "createServiceAccount": create_service_account,
}
