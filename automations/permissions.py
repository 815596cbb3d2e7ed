"""Who may make automations, integrations and secrets, and what an automation may use."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.callers import Caller
from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.models import (
    Entity,
    Organization,
    OrganizationMembership,
    TeamMembership,
    User,
)
from accounts.statements import prepared
from artifacts.models import Project
from automations.models import Automation, Integration
from registries.permissions import Access, access_for
from registries.roles import Right


def can_manage_integrations(user: User, entity: Entity) -> bool:
    """A person their own; of a team its admins and those of the organization; of an
    organization its admins."""
    return bool(_managed(user, entity.pk))


@prepared
def _managed(user: User, entity_id: int) -> QuerySet[Entity, tuple[int]]:
    return managed_entities(user).filter(pk=entity_id).values_list("pk")


def managed_entities(user: User) -> QuerySet[Entity]:
    """Those whose integrations and secrets `user` manages."""
    if not user.is_active:
        return Entity.objects.none()
    led = OrganizationMembership.objects.filter(user=user, role=OrganizationMembership.Role.ADMIN)
    teams = TeamMembership.objects.filter(user=user, role=TeamMembership.Role.ADMIN)
    return Entity.objects.filter(
        Q(pk=user.entity_id)
        | Q(team__in=teams.values("group__team"))
        | Q(team__organization__in=led.values("organization"))
        | Q(organization__in=led.values("organization"))
    )


def entities_of(user: User) -> QuerySet[Entity]:
    """Those whose integrations `user` may know of: themself, their teams and organizations."""
    if not user.is_active:
        return Entity.objects.none()
    teams = TeamMembership.objects.filter(user=user).values("group__team")
    organizations = OrganizationMembership.objects.filter(user=user).values("organization")
    return Entity.objects.filter(
        Q(pk=user.entity_id) | Q(team__in=teams) | Q(organization__in=organizations)
    ) | managed_entities(user)


def require_management(by: Caller, entity: Entity) -> None:
    """NotFound for whoever may not know of it, NotAllowed for whoever may."""
    if can_manage_integrations(by.user, entity):
        return
    if not entities_of(by.user).filter(pk=entity.pk).exists():
        raise NotFound
    raise NotAllowed(f"Only admins of {entity.name} can change its integrations and secrets.")


def access_to_automations(by: Caller, project: Project | None) -> Access:
    """The judge of the home, once it has said that `by` may edit automations there."""
    if project is None:
        raise NotFound
    access = access_for(by.user, project)
    access.require(Right.EDIT_AUTOMATION)
    return access


def usable_integrations(user: User, project: Project) -> QuerySet[Integration]:
    """Of the home's own entity, of its organization, and of the person who asks.

    Says nothing about whether the person may edit automations there.
    """
    return Integration.objects.filter(deleted_at=None, entity__in=usable_entities(user, project))


def usable_entities(user: User, project: Project) -> QuerySet[Entity]:
    organization = Organization.objects.filter(teams__entity=project.entity_id)
    return Entity.objects.filter(
        Q(pk__in=[project.entity_id, user.entity_id]) | Q(pk__in=organization.values("entity"))
    )


def require_usable(by: Caller, project: Project, integration: Integration) -> None:
    """Invalid for an integration of somebody else: it is the same as an unknown one."""
    if not usable_integrations(by.user, project).filter(pk=integration.pk).exists():
        raise Invalid(
            "integration",
            "Choose an integration of this home, of its organization, or of your own.",
            field="integration",
        )


def require_own_or_shared(by: Caller, automation: Automation) -> None:
    """What goes to a person's own integration is changed by that person; others end it or
    switch it on and off."""
    integration = automation.integration
    if (
        integration is not None
        and integration.entity.kind == Entity.Kind.PERSON
        and integration.entity_id != by.user.entity_id
    ):
        raise NotAllowed(
            f"“{automation.name}” calls an integration of {integration.entity.name}. Only "
            f"{integration.entity.name} can change it; others can switch it off or delete it."
        )


def may_be_told(integration: Integration, home: Project | None) -> bool:
    """A person's own integration is told of a home only while that person sees it, whoever made
    the automation. None is a home that ended: whoever saw it then is still told."""
    entity = integration.entity
    if entity.kind != Entity.Kind.PERSON:
        return True
    if home is None:
        return entity.user.is_active
    return access_for(entity.user, home).can_see()
