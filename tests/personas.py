"""Who acts in tests. All are made by the operations that make people in the product.

Roles are those in `registry`, the core registry Model of `smle-reg`:

| persona | in the organization | role there | comes from |
|---|---|---|---|
| `org_admin` | admin | Admin | the organization |
| `admin` | member, in the team | Admin | a grant |
| `member` | member, in the team | Member | the team's grant |
| `service_account` | member, in the team | Member | the team's grant |
| `viewer` | member | Viewer | the default role |
| `org_viewer` | viewer | Viewer | the default role |
| `restricted_viewer` | – | Restricted Viewer | a grant |
| `guest` | – | Member | a grant |
| `removed_member` | not any more | none | |
| `other_admin` | admin of another one | none | |
| `outsider` | – | none | |
"""

from __future__ import annotations

import factory
import pytest

from accounts.callers import OPERATOR, Caller, Way
from accounts.models import Organization, Team, User
from accounts.operations.organizations import remove_from_organization, set_organization_role
from accounts.operations.people import create_user
from accounts.operations.teams import add_to_team, create_team
from registries.models import Registry
from registries.operations.grants import role_of
from registries.operations.members import add_member
from registries.operations.organizations import create_organization
from registries.roles import Role

PERSONAS = (
    "org_admin",
    "admin",
    "member",
    "service_account",
    "viewer",
    "org_viewer",
    "restricted_viewer",
    "guest",
    "removed_member",
    "other_admin",
    "outsider",
)


def caller_of(user: User, way: Way = Way.WEB) -> Caller:
    return Caller(user, way)


class PersonFactory(factory.Factory):
    """Somebody new, taken into what is named: `PersonFactory(organization=…, team=…)`.

    The operations of the product do it, so that no test has somebody who could not be.
    """

    class Meta:
        model = User

    username = factory.Sequence("person-{}".format)
    is_service_account = False

    @classmethod
    def _create(cls, model_class: type[User], username: str, **options: bool) -> User:
        return create_user(OPERATOR, username, **options)

    @factory.post_generation
    def organization(
        self: User, create: bool, organization: Organization | None, role: str = "member"
    ) -> None:
        if organization is not None:
            set_organization_role(OPERATOR, organization, self, role)

    @factory.post_generation
    def team(self: User, create: bool, team: Team | None) -> None:
        if team is not None:
            add_to_team(OPERATOR, team, self)


def person(
    name: str,
    organization: Organization | None = None,
    org_role: str = "member",
    *,
    team: Team | None = None,
    is_service_account: bool = False,
) -> User:
    """Somebody new of this name."""
    return PersonFactory(
        username=name,
        organization=organization,
        organization__role=org_role,
        team=team,
        is_service_account=is_service_account,
    )


@pytest.fixture
def organization(db: None) -> Organization:
    return create_organization(OPERATOR, "smle-reg")


@pytest.fixture
def team(organization: Organization) -> Team:
    return create_team(OPERATOR, organization, "smle-reg-team-2")


@pytest.fixture
def registry(organization: Organization) -> Registry:
    """Model: visible to the organization, whose members are Viewers without a grant."""
    return Registry.objects.select_related("project", "organization__entity").get(
        organization=organization, name="Model"
    )


@pytest.fixture
def personas(request: pytest.FixtureRequest) -> dict[str, User]:
    """All of them by name."""
    return {name: request.getfixturevalue(name) for name in PERSONAS}


@pytest.fixture
def org_admin(organization: Organization) -> User:
    return person("org-admin", organization, "admin")


@pytest.fixture
def admin(organization: Organization, team: Team, registry: Registry, org_admin: User) -> User:
    user = person("admin-of-model", organization, team=team)
    add_member(caller_of(org_admin), registry, user, Role.ADMIN)
    return user


@pytest.fixture
def member(organization: Organization, team: Team, registry: Registry, org_admin: User) -> User:
    _give_team(org_admin, registry, team)
    return person("member", organization, team=team)


@pytest.fixture
def service_account(
    organization: Organization, team: Team, registry: Registry, org_admin: User
) -> User:
    _give_team(org_admin, registry, team)
    return person("trainer", organization, team=team, is_service_account=True)


@pytest.fixture
def viewer(organization: Organization) -> User:
    return person("viewer", organization)


@pytest.fixture
def org_viewer(organization: Organization) -> User:
    return person("org-viewer", organization, "viewer")


@pytest.fixture
def restricted_viewer(registry: Registry, org_admin: User) -> User:
    user = person("restricted-viewer")
    add_member(caller_of(org_admin), registry, user, Role.RESTRICTED_VIEWER)
    return user


@pytest.fixture
def guest(registry: Registry, org_admin: User) -> User:
    user = person("guest")
    add_member(caller_of(org_admin), registry, user, Role.MEMBER)
    return user


@pytest.fixture
def removed_member(
    organization: Organization, team: Team, registry: Registry, org_admin: User
) -> User:
    _give_team(org_admin, registry, team)
    user = person("removed-member", organization, team=team)
    remove_from_organization(OPERATOR, organization, user)
    user.refresh_from_db()
    return user


@pytest.fixture
def other_admin(db: None) -> User:
    return person("other-admin", create_organization(OPERATOR, "other-org"), "admin")


@pytest.fixture
def outsider(db: None) -> User:
    return person("outsider")


def _give_team(by: User, registry: Registry, team: Team) -> None:
    """The team is Member of the registry, once."""
    if role_of(registry, team) is None:
        add_member(caller_of(by), registry, team, Role.MEMBER)
