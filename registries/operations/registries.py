"""Registries: created, edited, deleted; the types they accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.callers import Caller, Operator
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Organization
from accounts.names import fold
from accounts.operations.locks import hold_organization
from accounts.permissions import is_operator, require_organization_admin
from artifacts.invisible_characters import refuse_invisible
from artifacts.models import Project
from artifacts.names import valid_description
from registries.models import (
    REGISTRY_PROJECT_PREFIX,
    AcceptedType,
    Alias,
    Collection,
    Event,
    Registry,
)
from registries.names import valid_accepted_type, valid_registry_name
from registries.operations.endings import end_collection
from registries.operations.grants import put_grant
from registries.operations.history import record
from registries.operations.locks import HeldCollection, hold_registry, lock_collection
from registries.operations.members import require_an_admin
from registries.operations.seen import (
    refuse_unseen_protection,
    refuse_unseen_settings,
    refuse_unseen_types,
)
from registries.permissions import may_create_registry
from registries.roles import Right, Role
from registries.visibility import organizations_of

CORE_REGISTRIES = ("Model", "Dataset")


@transaction.atomic
def create_registry(
    by: Caller,
    organization: Organization,
    name: str,
    *,
    description: str | None = None,
    visibility: str = Registry.Visibility.ORGANIZATION,
    accepted_types: Iterable[str] | None = None,
) -> Registry:
    """A registry whose maker is its Admin. `accepted_types` None is all types."""
    hold_organization(organization)
    if not organizations_of(by.user).filter(pk=organization.pk).exists():
        raise NotFound
    if not may_create_registry(by.user, organization):
        raise NotAllowed(
            f"Only members and admins of {organization.name} can create a registry there."
        )
    if visibility not in Registry.Visibility.values:
        raise Invalid("visibility", "Choose organization or restricted.", field="visibility")
    registry = _make(by, organization, name, description=description, visibility=visibility)
    put_grant(by, registry, by.user, Role.ADMIN)
    require_an_admin(registry)
    if accepted_types is not None:
        _narrow(registry, accepted_types)
    return registry


@transaction.atomic
def create_core_registries(by: Caller | Operator, organization: Organization) -> list[Registry]:
    """Model and Dataset: visible to the organization, accepting all types, there to stay."""
    if not is_operator(by):
        require_organization_admin(by, organization)
    return [
        _make(by, organization, name, is_core=True)
        for name in CORE_REGISTRIES
        if not organization.registries.filter(folded=fold(name)).exists()
    ]


@transaction.atomic
def edit_registry(
    by: Caller,
    registry: Registry,
    *,
    name: str | None = None,
    description: str | None = None,
    visibility: str | None = None,
    default_role: str | None = None,
    seen: Mapping[str, str] | None = None,
) -> Registry:
    """Changes what is given; None is unchanged. An edit that changes nothing records nothing.

    `seen` is what the caller was shown of it, by the names above: Conflict when it is no longer so.
    """
    held, access = hold_registry(by, registry)
    access.require(Right.EDIT_REGISTRY)
    refuse_unseen_settings(held, seen or {}, (name, description, visibility, default_role))
    changes: dict[str, list[Any]] = {}
    _rename(held, name, changes)
    _restrict(held, visibility, changes)
    _change_default_role(held, default_role, changes)
    if valid_description(description) is not None and description != held.project.description:
        changes["description"] = [held.project.description, description]
        held.project.description = description
    if changes:
        _save(held)
        record(by, Event.Kind.REGISTRY_EDITED, held.project, details={"changes": changes})
    return held


@transaction.atomic
def accept_types(
    by: Caller, registry: Registry, types: Iterable[str] | None, *, seen: str | None = None
) -> Registry:
    """None accepts all types. A list keeps what it had and every type in use.

    `seen` is which of both the caller was shown, `all` or `list`: Conflict when it is not so now.
    """
    held, access = hold_registry(by, registry)
    access.require(Right.EDIT_REGISTRY)
    before = accepted_types_of(held)
    refuse_unseen_types(before, seen, types)
    if types is None:
        held.accepts_all_types = True
        held.save(update_fields=["accepts_all_types"])
    else:
        _narrow(held, types)
    after = accepted_types_of(held)
    if after != before:
        record(
            by,
            Event.Kind.REGISTRY_EDITED,
            held.project,
            details={"changes": {"accepted types": [before, after]}},
        )
    return held


@transaction.atomic
def delete_registry(by: Caller, registry: Registry, *, seen: str | None = None) -> None:
    """Ends the registry with its collections and links; the artifacts stay with their teams.

    `seen` is that of `unlink_version`.
    """
    held, access = hold_registry(by, registry)
    access.require_delete_registry()
    refuse_unseen_protection(access, Alias.objects.filter(collection__project=held.pk), seen)
    for collection_id in held.project.collections.order_by("pk").values_list("pk", flat=True):
        end_collection(by, HeldCollection(access, lock_collection(collection_id)))
    _end(by, held)


@transaction.atomic
def end_empty_registries(by: Caller | Operator, organization: Organization) -> None:
    """With the organization, the core ones too. Conflict while one holds a collection."""
    held = Registry.objects.select_for_update(of=("self",)).select_related("project")
    for registry in list(held.filter(organization=organization).order_by("pk")):
        if registry.project.collections.exists():
            raise Conflict(
                "organization_in_use",
                f"{organization.name} has registries that hold collections. Delete those first.",
            )
        _end(by, registry)


def _end(by: Caller | Operator, held: Registry) -> None:
    project = held.project
    record(by, Event.Kind.REGISTRY_DELETED, project, subject=held.name)
    held.delete()
    project.delete()


def accepted_types_of(registry: Registry) -> list[str] | None:
    """Sorted names, or None for all."""
    if registry.accepts_all_types:
        return None
    return sorted(registry.accepted_types.values_list("name", flat=True))


def _make(
    by: Caller | Operator,
    organization: Organization,
    name: str,
    *,
    description: str | None = None,
    visibility: str = Registry.Visibility.ORGANIZATION,
    is_core: bool = False,
) -> Registry:
    name = valid_registry_name(name)
    refuse_invisible(name, "new registry name")
    try:
        with transaction.atomic():
            project = Project.objects.create(
                entity=organization.entity,
                name=REGISTRY_PROJECT_PREFIX + name,
                description=valid_description(description),
                created_by=by.user if isinstance(by, Caller) else None,
            )
            registry = Registry.objects.create(
                project=project,
                organization=organization,
                name=name,
                visibility=visibility,
                is_core=is_core,
                changed_at=project.created_at,
            )
    except IntegrityError as error:
        raise _taken(organization, name) from error
    record(by, Event.Kind.REGISTRY_CREATED, project, subject=name)
    return registry


def _rename(held: Registry, name: str | None, changes: dict[str, list[Any]]) -> None:
    if name is None or valid_registry_name(name) == held.name:
        return
    if held.is_core:
        raise Invalid(
            "core_registry", f"{held.name} is a core registry and keeps its name.", field="name"
        )
    others = Registry.objects.filter(organization=held.organization, folded=fold(name))
    if others.exclude(pk=held.pk).exists():
        raise _taken(held.organization, name)
    refuse_invisible(name, "new registry name")
    changes["name"] = [held.name, valid_registry_name(name)]
    held.name = valid_registry_name(name)
    held.project.name = REGISTRY_PROJECT_PREFIX + held.name


def _restrict(held: Registry, visibility: str | None, changes: dict[str, list[Any]]) -> None:
    """Restricting is allowed, the way back is not: what was kept apart stays so."""
    if visibility is None or visibility == held.visibility:
        return
    if visibility not in Registry.Visibility.values:
        raise Invalid("visibility", "Choose organization or restricted.", field="visibility")
    if held.is_core:
        raise Invalid(
            "core_registry",
            f"{held.name} is a core registry and stays visible to the organization.",
            field="visibility",
        )
    if held.visibility == Registry.Visibility.RESTRICTED:
        raise Invalid(
            "visibility_back",
            "A restricted registry cannot be opened to the organization again.",
            field="visibility",
        )
    changes["visibility"] = [held.visibility, visibility]
    held.visibility = visibility


def _change_default_role(
    held: Registry, codename: str | None, changes: dict[str, list[Any]]
) -> None:
    """From Restricted Viewer to Member: Admins are named one by one."""
    if codename is None or codename == held.default_role:
        return
    try:
        role = Role.from_codename(codename)
    except ValueError as error:
        raise Invalid("role", "Choose one of the roles offered.", field="default_role") from error
    if role == Role.ADMIN:
        raise Invalid("role", "Nobody becomes an admin by default.", field="default_role")
    changes["default role"] = [held.default_role, codename]
    held.default_role = codename


def _save(held: Registry) -> None:
    try:
        with transaction.atomic():
            held.project.save()
            held.save()
    except IntegrityError as error:
        raise _taken(held.organization, held.name) from error


def _narrow(registry: Registry, types: Iterable[str]) -> None:
    wanted = {valid_accepted_type(name) for name in types}
    kept = set(registry.accepted_types.values_list("name", flat=True))
    in_use = set(Collection.objects.filter(project=registry.pk).values_list("type", flat=True))
    if not wanted | kept | in_use:
        raise Invalid("no_types", "Name at least one type, or accept all.", field="type")
    AcceptedType.objects.bulk_create(
        AcceptedType(registry=registry, name=name) for name in sorted((wanted | in_use) - kept)
    )
    registry.accepts_all_types = False
    registry.save(update_fields=["accepts_all_types"])


def _taken(organization: Organization, name: str) -> Conflict:
    return Conflict(
        "registry_exists",
        f"{organization.name} has a registry “{name}” already; upper and lower case count "
        "as the same.",
        field="name",
    )
