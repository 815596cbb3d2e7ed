"""Who may do what in one registry or project: the one judge.

`access_for()` loads everything once; the object it returns answers from memory. The
docstring of a method is the rule.
"""

from __future__ import annotations

from collections.abc import Collection as Names
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.errors import NotAllowed, NotFound
from accounts.models import Organization, OrganizationMembership, User
from accounts.names import fold, without_selectors
from accounts.permissions import organization_role
from accounts.statements import Asking, prepared
from artifacts.models import Artifact, Project
from artifacts.permissions import ProjectRight, right_in
from registries.effective_roles import (
    EffectiveRole,
    registry_with_sources,
    role_of_row,
    sources_asking,
)
from registries.models import ProtectedAlias, Registry
from registries.roles import LOWEST_ROLE, WHO_HAS, Right, Role
from registries.visibility import may_use_artifact


@dataclass(frozen=True)
class Access:
    """What one person may do in one home. Templates, operations and resolvers ask this."""

    user: User
    home_name: str
    registry: Registry | None
    role: Role
    role_source: str = ""
    protected_names: frozenset[str] = frozenset()
    _protected_folds: dict[str, str] = field(default_factory=dict)

    def has(self, right: Right) -> bool:
        return self.role >= LOWEST_ROLE[right]

    def require(self, right: Right) -> None:
        """NotFound for whoever may not even see the home, NotAllowed with a sentence else."""
        if not self.can_see():
            raise NotFound
        if not self.has(right):
            who = WHO_HAS[LOWEST_ROLE[right]]
            raise NotAllowed(f"Only {who} of {self.home_name} can {right.value}.")

    def is_protected(self, alias_name: str) -> bool:
        return alias_name in self.protected_names

    def look_alike_of(self, alias_name: str) -> str | None:
        """The protected name this one could be taken for without being it."""
        if self.is_protected(alias_name):
            return None
        return self._protected_folds.get(without_selectors(fold(alias_name)))

    def can_see(self) -> bool:
        """Every role sees everything but the bytes; without a role the home does not exist."""
        return self.has(Right.SEE)

    def can_download(self) -> bool:
        """Viewers and up open the bytes of what is linked here, whatever the source's rights."""
        return self.has(Right.DOWNLOAD)

    def can_create_collection(self) -> bool:
        return self.has(Right.CREATE_COLLECTION)

    def can_link(self) -> bool:
        """Members write to the target; reading the source is judged by `may_use_artifact`."""
        return self.has(Right.LINK)

    def can_edit_collection(self) -> bool:
        return self.has(Right.EDIT_COLLECTION)

    def can_change_alias(self, alias_name: str) -> bool:
        """A protected alias belongs to Admins alone; any other to Members and Admins."""
        return self.has(self._right_to_change(alias_name))

    def require_change_of_alias(self, alias_name: str) -> None:
        if not self.can_see():
            raise NotFound
        if self.is_protected(alias_name) and not self.can_change_alias(alias_name):
            raise NotAllowed(
                f"“{alias_name}” is a protected alias in {self.home_name}. "
                "Only registry admins can add, move or remove it.",
                code="protected_alias",
            )
        self.require(self._right_to_change(alias_name))

    def can_edit_version(self, carried: Names[str]) -> bool:
        """A version that carries a protected alias is changed by Admins alone."""
        return self.has(self._stricter(carried, Right.EDIT_VERSION, Right.EDIT_PROTECTED_VERSION))

    def can_unlink(self, carried: Names[str]) -> bool:
        """A version that carries a protected alias is unlinked by Admins alone."""
        return self.has(self._stricter(carried, Right.UNLINK, Right.UNLINK_PROTECTED))

    def require_unlink(self, carried: Names[str]) -> None:
        self.require(self._stricter(carried, Right.UNLINK, Right.UNLINK_PROTECTED))

    def require_rename_collection(self, carried: Names[str]) -> None:
        """Scripts find a protected alias by the collection's name: Admins alone change it."""
        renaming = Right.RENAME_PROTECTED_COLLECTION
        self.require(self._stricter(carried, Right.EDIT_COLLECTION, renaming))

    def can_delete_collection(self, carried: Names[str]) -> bool:
        """A collection that holds a protected alias is deleted by Admins alone."""
        return self.has(self._right_to_delete(carried))

    def require_delete_collection(self, carried: Names[str]) -> None:
        self.require(self._right_to_delete(carried))

    def can_protect(self) -> bool:
        return self.registry is not None and self.has(Right.PROTECT)

    def can_edit_registry(self) -> bool:
        return self.registry is not None and self.has(Right.EDIT_REGISTRY)

    def can_manage_members(self) -> bool:
        return self.registry is not None and self.has(Right.MANAGE_MEMBERS)

    def can_delete_registry(self) -> bool:
        """Admins delete a registry; a core registry stays."""
        return (
            self.registry is not None
            and not self.registry.is_core
            and self.has(Right.DELETE_REGISTRY)
        )

    def require_delete_registry(self) -> None:
        self.require(Right.DELETE_REGISTRY)
        if self.registry is not None and self.registry.is_core:
            raise NotAllowed(
                f"{self.registry.name} is a core registry. It cannot be renamed or deleted."
            )

    def _right_to_change(self, alias_name: str) -> Right:
        return self._stricter([alias_name], Right.CHANGE_CUSTOM_ALIAS, Right.CHANGE_PROTECTED_ALIAS)

    def _right_to_delete(self, carried: Names[str]) -> Right:
        return self._stricter(carried, Right.DELETE_COLLECTION, Right.DELETE_PROTECTED_COLLECTION)

    def _stricter(self, carried: Names[str], usual: Right, protected: Right) -> Right:
        return protected if self.protected_names.intersection(carried) else usual


def access_for(user: User, home: Registry | Project) -> Access:
    """The judge for `user` in `home`. A project that is a registry's gets the registry's."""
    registry = registry_with_sources(user, home.pk)
    if registry is None:
        return access_to_project(user, home if isinstance(home, Project) else home.project)
    return access_from(user, registry, role_of_row(user, registry))


def access_from(user: User, registry: Registry, effective: EffectiveRole) -> Access:
    """The judge when the role is known already, as on pages with many registries."""
    if effective.role == Role.NONE:
        return Access(user, registry.name, registry, Role.NONE)
    return _access(user, registry, effective, _protected(registry.pk))


def access_askings(user: User, project_id: int) -> tuple[Asking, Asking]:
    """What `access_told` has to know, to be asked together with more."""
    return sources_asking(user, project_id), _protected.asking(project_id)


def access_told(
    user: User, project: Project, registries: list[Registry], protected: list[tuple[str, str]]
) -> Access:
    """The same judge as of `access_for`, by what `access_askings` told."""
    if not registries:
        return access_to_project(user, project)
    return _access(user, registries[0], role_of_row(user, registries[0]), protected)


def _access(
    user: User, registry: Registry, effective: EffectiveRole, protected: list[tuple[str, str]]
) -> Access:
    if effective.role == Role.NONE:
        return Access(user, registry.name, registry, Role.NONE)
    folds = {without_selectors(folded): name for folded, name in protected}
    return Access(
        user,
        registry.name,
        registry,
        effective.role,
        effective.source,
        frozenset(name for _, name in protected),
        folds,
    )


@prepared
def _protected(registry_id: int) -> QuerySet[ProtectedAlias, tuple[str, str]]:
    return ProtectedAlias.objects.filter(registry=registry_id).values_list("folded", "name")


def may_open(access: Access, home: Project, artifact: Artifact) -> bool:
    """The bytes of what a collection of `home` holds. A registry's role opens what is linked
    there; a link in a project opens no more than the person may use by another way."""
    if not access.can_download():
        return False
    return _is_own(access, home, artifact) or may_use_artifact(access.user, artifact)


def require_open(access: Access, home: Project, artifact: Artifact) -> None:
    access.require(Right.DOWNLOAD)
    if not may_open(access, home, artifact):
        raise NotAllowed("What this links to is not shared with you any more.")


def may_edit_content(access: Access, home: Project, artifact: Artifact) -> bool:
    """Members of a registry edit what is linked there. A link in a project gives no right over
    what it links: those who may write at its source have it."""
    if _is_own(access, home, artifact):
        return access.has(Right.EDIT_VERSION)
    return access_for(access.user, artifact.project).has(Right.EDIT_VERSION)


def _is_own(access: Access, home: Project, artifact: Artifact) -> bool:
    return access.registry is not None or artifact.project_id == home.pk


def deletion_refused_by(registry_name: str) -> str:
    """What a registry without Right.UNLINK for the caller says when what it links is deleted; it
    has no name for whoever does not see it."""
    where = registry_name or "A registry you cannot see"
    who = WHO_HAS[LOWEST_ROLE[Right.UNLINK]]
    return f"{where} links this version. Only its {who} can delete it."


def may_create_registry(user: User, organization: Organization) -> bool:
    """Everybody in the organization but its viewers; guests are not in it."""
    return organization_role(user, organization) in {
        OrganizationMembership.Role.ADMIN,
        OrganizationMembership.Role.MEMBER,
    }


def access_to_project(user: User, project: Project) -> Access:
    """In ordinary projects the project's rights decide: reading is Viewer, writing is Member.

    For a project that is known to be no registry's.
    """
    role_of_right = {
        ProjectRight.NONE: Role.NONE,
        ProjectRight.READ: Role.VIEWER,
        ProjectRight.WRITE: Role.MEMBER,
    }
    role = role_of_right[right_in(user, project.entity)]
    return Access(user, project.name, None, role, "project")
