"""From an address to what it names, as far as the person may see it.

Like `registries.views.places`: a view takes a place, and what it refuses is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.addresses import address_of
from accounts.errors import NotFound, RegistryError
from accounts.models import Entity, Organization, User
from accounts.names import entity_key
from accounts.statements import prepared
from artifacts.models import Project
from artifacts.permissions import projects_visible_to
from automations.models import Automation, Delivery, Integration, Secret
from automations.permissions import can_manage_integrations, entities_of
from automations.visibility import get_automation, get_delivery, get_integration, secrets_visible_to
from registries.models import Collection, Registry
from registries.permissions import Access, access_for, access_to_project
from registries.roles import Right
from registries.views.answers import refused
from registries.views.frame import frame_of
from registries.views.homes import HomePlace, organization_of
from registries.views.places import Answer, caller, person
from registries.visibility import registries_visible_to

__all__ = ["Answer", "caller", "person"]

# What a place asks of its project.
ABOVE = ("entity__team__organization__entity", "registry__organization__entity")


@dataclass(frozen=True)
class EntityPlace:
    """Whose integrations and secrets; `manages` is whether the person may change them."""

    entity: Entity
    manages: bool

    @property
    def page(self) -> str:
        return self.address("integrations")

    def address(self, name: str, *names: int) -> str:
        return address_of(name, self.entity.name, *names)

    def integration(self, user: User, pk: int, kind: str = "") -> Integration:
        found = get_integration(user, pk)
        if found.entity_id != self.entity.pk or (kind and found.kind != kind):
            raise NotFound
        return found

    def secret(self, user: User, pk: int) -> Secret:
        found = secrets_visible_to(user).filter(pk=pk, entity=self.entity).first()
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True)
class ScopePlace(HomePlace):
    """A registry or project that automations are in, and one collection of it if that is meant."""

    collection: Collection | None = None

    @property
    def may_edit(self) -> bool:
        return self.access.has(Right.EDIT_AUTOMATION)

    @property
    def list_page(self) -> str:
        """The list of automations that these belong to."""
        if self.collection is None:
            return list_page_of(self)
        return self.address("collection-automations", self.collection.name)


@dataclass(frozen=True)
class AutomationPlace(ScopePlace):
    automation: Automation = None  # type: ignore[assignment]

    @property
    def page(self) -> str:
        return address_of("automation", self.automation.pk)


@dataclass(frozen=True)
class DeliveryPlace(AutomationPlace):
    delivery: Delivery = None  # type: ignore[assignment]


@dataclass(frozen=True)
class LeftDelivery:
    """Of a registry or project that is deleted: the automation ended with it."""

    delivery: Delivery

    @property
    def automation(self) -> Automation:
        return self.delivery.automation

    @property
    def organization(self) -> Organization | None:
        """None for what belonged to a person."""
        entity = self.automation.entity
        if entity.kind == Entity.Kind.TEAM:
            return entity.team.organization
        return entity.organization if entity.kind == Entity.Kind.ORGANIZATION else None

    @property
    def owner_name(self) -> str:
        return self.automation.entity.name

    @property
    def section(self) -> str:
        is_of_registry = self.automation.entity.kind == Entity.Kind.ORGANIZATION
        return "registries" if is_of_registry else "projects"


def list_page_of(home: HomePlace) -> str:
    """The automations of a registry or project."""
    return f"{home.home_page}/automations"


def at_entity(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """`entity` in the address, by name; its integrations may be known to the person."""

    @wraps(view)
    def answer(request: HttpRequest, entity: str, **kwargs: Any) -> Answer:
        return _answered(view, request, lambda: _entity_place(request, entity), kwargs)

    return answer


def in_scope(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """`home` in the address is the project of a registry, or another."""

    @wraps(view)
    def answer(request: HttpRequest, home: int, **kwargs: Any) -> Answer:
        return _answered(view, request, lambda: _scope_place(request, home), kwargs)

    return answer


def at_automation(view: Callable[..., Answer]) -> Callable[..., Answer]:
    @wraps(view)
    def answer(request: HttpRequest, automation: int, **kwargs: Any) -> Answer:
        return _answered(view, request, lambda: _automation_place(request, automation), kwargs)

    return answer


def at_delivery(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """For those who may edit the automation: requests and answers are theirs alone."""

    @wraps(view)
    def answer(request: HttpRequest, delivery: int, **kwargs: Any) -> Answer:
        return _answered(view, request, lambda: _delivery_place(request, delivery), kwargs)

    return answer


def _scope_place(request: HttpRequest, home: int) -> ScopePlace:
    user = person(request)
    found = next(iter(_homes(user, home)), None)
    if found is None:
        raise NotFound
    return ScopePlace(found, _judge(request, found))


@prepared
def _homes(user: User, pk: int) -> QuerySet[Project]:
    # Asked of the one alone, where an organization has thousands.
    registries = registries_visible_to(user).filter(pk=pk).values("pk")
    projects = projects_visible_to(user).filter(pk=pk).values("pk")
    found = Project.objects.filter(Q(pk__in=registries) | Q(pk__in=projects))
    return found.filter(pk=pk).select_related(*ABOVE)


def _answered(
    view: Callable[..., Answer],
    request: HttpRequest,
    find: Callable[[], Any],
    kwargs: dict[str, Any],
) -> Answer:
    try:
        return view(request, find(), **kwargs)
    except RegistryError as refusal:
        return refused(request, refusal)


def _entity_place(request: HttpRequest, name: str) -> EntityPlace:
    user = person(request)
    found = next(iter(_entities_named(user, entity_key(name))), None)
    if found is None:
        raise NotFound
    if found.kind == Entity.Kind.ORGANIZATION:
        frame_of(request).choose(found.organization)
    elif found.kind == Entity.Kind.TEAM:
        frame_of(request).choose(found.team.organization)
    return EntityPlace(found, can_manage_integrations(user, found))


@prepared
def _entities_named(user: User, key: str) -> QuerySet[Entity]:
    known = entities_of(user).filter(name__lower=key)
    return known.select_related("organization__entity", "team__organization__entity")


def _automation_place(request: HttpRequest, pk: int) -> AutomationPlace:
    automation = get_automation(person(request), pk)
    home = automation.project
    if home is None:
        raise NotFound
    access = _judge(request, home)
    return AutomationPlace(home, access, automation.collection, automation)


def _delivery_place(request: HttpRequest, pk: int) -> DeliveryPlace | LeftDelivery:
    delivery = get_delivery(person(request), pk)
    home = delivery.project
    if home is None:
        left = LeftDelivery(delivery)
        if left.organization is not None:
            frame_of(request).choose(left.organization)
        return left
    return DeliveryPlace(home, _judge(request, home), None, delivery.automation, delivery)


def _judge(request: HttpRequest, project: Project) -> Access:
    """The rights there; the organization becomes the current one."""
    user = person(request)
    registry: Registry | None = getattr(project, "registry", None)
    if registry is None:
        organization = organization_of(project)
        if organization is not None:
            frame_of(request).choose(organization)
        return access_to_project(user, project)
    registry.project = project
    frame_of(request).choose(registry.organization)
    return access_for(user, registry)
