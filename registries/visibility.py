"""What a person may see, as querysets: what is not in them does not exist for that person."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.errors import NotFound
from accounts.models import Organization, OrganizationMembership, TeamMembership, User
from accounts.names import composed, entity_key, fold
from accounts.statements import prepared
from artifacts.models import Artifact, Project, Run
from artifacts.permissions import projects_visible_to
from registries.effective_roles import with_sources
from registries.models import (
    Collection,
    Event,
    Registry,
    RegistryPersonRole,
    RegistryTeamRole,
    Version,
)
from registries.roles import LOWEST_ROLE, Right, Role


def registries_visible_to(user: User) -> QuerySet[Registry]:
    """Those in which the person has any role. The same rules as `effective_roles`, as joins."""
    return Registry.objects.filter(registry_is_visible(user))


def registries_downloadable_by(user: User) -> QuerySet[Registry]:
    """Those whose bytes the person may open."""
    return registries_where(user, Right.DOWNLOAD)


def registries_where(user: User, right: Right) -> QuerySet[Registry]:
    """Those in which the person's role includes `right`."""
    return Registry.objects.filter(_has_role(user, LOWEST_ROLE[right]))


def registry_is_visible(user: User) -> Q:
    """The same of a row, where the others are wanted too."""
    return _has_role(user, Role.RESTRICTED_VIEWER)


def home_is_visible(user: User, path: str) -> Q:
    """`path` leads to the project; registries by their roles, other projects by theirs."""
    return Q(**{f"{path}__in": registries_visible_to(user).values("pk")}) | Q(
        **{f"{path}__in": projects_visible_to(user).values("pk")}
    )


def homes_visible_to(user: User) -> QuerySet[Project]:
    """Ordinary projects and homes of registries."""
    return Project.objects.filter(home_is_visible(user, "pk"))


def collections_visible_to(user: User) -> QuerySet[Collection]:
    return Collection.objects.filter(home_is_visible(user, "project"))


def homes_hidden_from(user: User) -> QuerySet[Project]:
    """All others. For telling that there are some, never which."""
    return Project.objects.exclude(home_is_visible(user, "pk"))


def each_home_is_visible(user: User, path: str) -> Q:
    """The same, asked for each row by itself: for few rows, where there are many homes."""
    registries = registries_visible_to(user).filter(pk=OuterRef(path))
    return Q(Exists(registries)) | Q(Exists(projects_visible_to(user).filter(pk=OuterRef(path))))


def versions_visible_to(user: User) -> QuerySet[Version]:
    return Version.objects.filter(each_home_is_visible(user, "collection__project"))


def events_visible_to(user: User) -> QuerySet[Event]:
    """Events of homes the person sees, and of deleted homes of organizations they lead."""
    led = OrganizationMembership.objects.filter(
        user=user, user__is_active=True, role=OrganizationMembership.Role.ADMIN
    ).values("organization__entity")
    return Event.objects.filter(home_is_visible(user, "project") | Q(project=None, entity__in=led))


def organizations_of(user: User) -> QuerySet[Organization]:
    """Those the person is in, and those of registries they are a guest of."""
    return Organization.objects.filter(
        Exists(
            OrganizationMembership.objects.filter(
                organization=OuterRef("pk"), user=user, user__is_active=True
            )
        )
        | Exists(registries_visible_to(user).filter(organization=OuterRef("pk")))
    ).select_related("entity")


def get_registry(user: User, organization_name: str, registry_name: str) -> Registry:
    """Found without regard to case, with what `role_of_row()` reads; NotFound when unknown or not
    shared with `user`."""
    found: Registry = only(
        _registries_called(user, entity_key(organization_name), fold(registry_name))
    )
    return found


def get_project(user: User, entity_name: str, name: str) -> Project:
    """Of a team or person, with its organization; NotFound when unknown or not shared."""
    found: Project = only(_projects_called(user, entity_key(entity_name), composed(name)))
    return found


def get_collection(home: Project, name: str) -> Collection:
    """Of a home the person sees, with who made and who changed it last; NotFound when unknown."""
    found: Collection = only(_collections_called(home.pk, composed(name)))
    found.project = home
    return found


def get_run(home: Project, name: str) -> Run:
    """Of a project the person sees, with whose it is; NotFound when unknown."""
    found: Run = only(_runs_called(home.pk, name))
    found.project = home
    return found


def only(found: list[Any]) -> Any:
    """The one row that was asked for by what it is called; NotFound when there is none."""
    if not found:
        raise NotFound
    return found[0]


@prepared
def _registries_called(user: User, organization: str, folded: str) -> QuerySet[Registry]:
    found = registries_visible_to(user).filter(
        organization__entity__name__lower=organization, folded=folded
    )
    return with_sources(found.select_related("project", "organization__entity"), user)


@prepared
def _projects_called(user: User, entity: str, name: str) -> QuerySet[Project]:
    return (
        projects_visible_to(user)
        .filter(entity__name__lower=entity, name=name)
        .select_related("entity__team__organization__entity", "created_by")
    )


@prepared
def _collections_called(project_id: int, name: str) -> QuerySet[Collection]:
    found = Collection.objects.filter(project=project_id, name=name)
    return found.select_related("created_by", "changed_by")


@prepared
def _runs_called(project_id: int, name: str) -> QuerySet[Run]:
    return Run.objects.filter(project=project_id, name=name).select_related("created_by")


def may_use_artifact(user: User, artifact: Artifact) -> bool:
    """Readable at its source, or through any registry whose bytes the person may open."""
    if projects_visible_to(user).filter(pk=artifact.project_id).exists():
        return True
    return Version.objects.filter(
        artifact=artifact, collection__project__registry__in=registries_downloadable_by(user)
    ).exists()


def linkable_versions(user: User, registry: Registry | None) -> QuerySet[Version]:
    """Logged versions the person may link: see `linkable_sequences()`."""
    return Version.objects.filter(collection__in=linkable_sequences(user, registry).values("pk"))


def linkable_sequences(user: User, registry: Registry | None) -> QuerySet[Collection]:
    """Logged artifacts whose versions the person may link: into a registry those of its
    organization's teams, of accepted types; into a project (None) whatever they may read."""
    sequences = Collection.objects.filter(
        kind=Collection.Kind.SEQUENCE, project__in=projects_visible_to(user).values("pk")
    )
    if registry is None:
        return sequences
    sequences = sequences.filter(project__entity__team__organization=registry.organization_id)
    if not registry.accepts_all_types:
        sequences = sequences.filter(type__in=registry.accepted_types.values("name"))
    return sequences


def _has_role(user: User, lowest: Role) -> Q:
    if not user.is_active:
        return Q(pk__in=[])
    enough = [role.codename for role in Role if role >= lowest]
    own = RegistryPersonRole.objects.filter(
        content_object=OuterRef("pk"), user=user, permission__codename__in=enough
    )
    through_team = RegistryTeamRole.objects.filter(
        content_object=OuterRef("pk"),
        group__in=TeamMembership.objects.filter(user=user).values("group"),
        permission__codename__in=enough,
    )
    # Of few rows: read once, and not again for each of a thousand registries.
    memberships = OrganizationMembership.objects.filter(user=user)
    led = memberships.filter(role=OrganizationMembership.Role.ADMIN)
    # Viewers of the organization get at most Viewer by default.
    given = (
        memberships
        if lowest <= Role.VIEWER
        else memberships.exclude(role=OrganizationMembership.Role.VIEWER)
    )
    by_default = Q(
        organization__in=given.values("organization"),
        visibility=Registry.Visibility.ORGANIZATION,
        default_role__in=enough,
    )
    # The most frequent reason first: SQLite asks for none behind it.
    return (
        by_default
        | Q(organization__in=led.values("organization"))
        | Exists(own)
        | Exists(through_team)
    )
