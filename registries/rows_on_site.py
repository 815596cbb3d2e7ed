"""Where the site shows a row, for those who come from the pages for operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.urls import reverse

from accounts.models import (
    Entity,
    Invitation,
    Organization,
    OrganizationMembership,
    Team,
    TeamMembership,
    User,
)
from artifacts.models import Project, Run, RunFile
from registries.models import (
    AcceptedType,
    Alias,
    Collection,
    CollectionTag,
    Event,
    ProtectedAlias,
    Registry,
    RegistryPersonRole,
    RegistryTeamRole,
    Version,
)
from registries.web_addresses import (
    collection_address,
    home_address,
    run_address,
    version_address,
)


def _organization(organization: Organization) -> str:
    return reverse("home", args=[organization.name])


def _team(team: Team) -> str:
    return reverse("team", args=[team.organization.name, team.name])


def _member(membership: OrganizationMembership) -> str:
    names = [membership.organization.name, membership.user.username]
    return reverse("member", args=names)


def _user(user: User) -> str:
    """Among the members of an organization; "" for somebody who is in none."""
    if user.owner_team is not None:
        names = [user.owner_team.organization.name, user.owner_team.name, user.username]
        return reverse("service-account", args=names)
    membership = user.organization_memberships.order_by("pk").first()
    return _member(membership) if membership else ""


def _settings(registry: Registry) -> str:
    return reverse("settings", args=[registry.organization.name, registry.name])


def _event(event: Event) -> str:
    """The newest page that is left of what it happened to."""
    if event.version is not None:
        return version_address(event.version)
    if event.collection is not None:
        return collection_address(event.collection)
    return home_address(event.project) if event.project is not None else ""


ROWS_ON_SITE: dict[type[Model], Callable[[Any], str]] = {
    Entity: lambda entity: reverse("sdk-entity", args=[entity.name]),
    Organization: _organization,
    Team: _team,
    User: _user,
    OrganizationMembership: _member,
    TeamMembership: lambda membership: _team(membership.group.team),
    Invitation: lambda one: reverse("invitations", args=[one.organization.name]),
    Project: home_address,
    Run: run_address,
    RunFile: lambda file: run_address(file.run),
    Registry: lambda registry: home_address(registry.project),
    AcceptedType: lambda accepted: _settings(accepted.registry),
    ProtectedAlias: lambda rule: _settings(rule.registry),
    RegistryPersonRole: lambda grant: _settings(grant.content_object),
    RegistryTeamRole: lambda grant: _settings(grant.content_object),
    Collection: collection_address,
    CollectionTag: lambda tag: collection_address(tag.collection),
    Version: version_address,
    Alias: lambda alias: version_address(alias.version),
    Event: _event,
}
