"""What this floor must hear of from the ones below. Connected when the app starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver

from accounts.callers import Caller, Operator
from accounts.errors import Conflict
from accounts.events import (
    access_reducing,
    asked_for_roles_elsewhere,
    left_organization,
    organization_ending,
    team_ending,
)
from accounts.models import Organization, Team, User
from artifacts.events import about_to_delete
from artifacts.models import Artifact, Project
from registries.models import Registry, Version
from registries.operations.grants import drop_grant
from registries.operations.members import refuse_lost, without_admin
from registries.operations.registries import end_empty_registries


@receiver(access_reducing)
def keep_an_admin(organization: Organization | None, **_: Any) -> Callable[[], None]:
    """Whoever loses a role elsewhere may be the last who administers a registry."""
    registries = Registry.objects.all()
    if organization is not None:
        registries = registries.filter(organization=organization)
    before = list(without_admin(registries).values_list("pk", flat=True))
    return lambda: refuse_lost(without_admin(registries.exclude(pk__in=before)))


@receiver(left_organization)
def drop_roles(organization: Organization, user: User, by: Caller | Operator, **_: Any) -> None:
    """Who was taken out does not stay behind as a guest."""
    registries = Registry.objects.filter(organization=organization, person_roles__user=user)
    for registry in registries.select_related("project").order_by("pk"):
        drop_grant(by, registry, user)


@receiver(asked_for_roles_elsewhere)
def has_roles_elsewhere(organization: Organization, user: User, **_: Any) -> bool:
    """Whether somebody is a guest in a registry of another organization."""
    return user.registrypersonrole_set.exclude(content_object__organization=organization).exists()


@receiver(organization_ending)
def end_registries(organization: Organization, by: Caller | Operator, **_: Any) -> None:
    """An organization whose registries hold something does not end."""
    end_empty_registries(by, organization)


@receiver(team_ending)
def end_with_the_team(team: Team, by: Caller | Operator, **_: Any) -> None:
    """Its projects may hold what registries point at, so they have to go first, by their rules."""
    if Project.objects.filter(entity=team.entity).exists():
        raise Conflict("team_in_use", f"{team.name} has projects. Delete them first.")
    registries = Registry.objects.filter(team_roles__group=team).select_related("project")
    for registry in registries.order_by("pk"):
        drop_grant(by, registry, team)


@receiver(about_to_delete)
def refuse_while_pointed_at(artifacts: QuerySet[Artifact], **_: Any) -> None:
    """Contents end after the versions that point at them, never under them."""
    pointing = Version.objects.filter(artifact__in=artifacts).select_related("collection").first()
    if pointing is not None:
        raise Conflict("still_linked", f"{pointing} still points at this content.")
