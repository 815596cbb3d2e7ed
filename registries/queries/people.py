"""The people, teams and invitations of an organization, as its members see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    Invitation,
    InvitationTeam,
    Organization,
    OrganizationMembership,
    Team,
    TeamMembership,
    User,
)
from accounts.stand_ins import evenly
from accounts.statements import kept
from registries.queries.narrowing import Names, Narrowing, Sort, Sorts
from registries.queries.paging import PageOfRows, page_read, rows_from
from registries.queries.terms import spelled

Membership = TypeVar("Membership", OrganizationMembership, TeamMembership)
MEMBERS_ON_A_PAGE = 50
ACCOUNTS_ON_A_PAGE = 20
TEAMS_SHOWN = 5

MEMBER_SORTS: Sorts = {
    "name": ("Name", ("-user__is_active", "user__username")),
    "role": ("Role", ("role", "user__username")),
    "newest": ("Newest", ("-since", "-pk")),
}
TEAM_SORTS: Sorts = {
    "name": ("Name", ("name",)),
    "people": ("Members", ("-people", "name")),
    "newest": ("Newest", ("-pk",)),
}
ACCOUNT_SORTS: Sorts = {
    "name": ("Name", ("-is_active", "username")),
    "keys": ("Keys", ("-live_keys", "username")),
    "newest": ("Newest", ("-pk",)),
}
INVITATION_SORTS: Sorts = {
    "newest": ("Newest", ("-pk",)),
    "ends": ("Ends first", ("expires_at", "pk")),
    "email": ("For", ("email", "-pk")),
}
# Service accounts stand on a page with the people of their team.
ACCOUNTS = Names("account", "account-sort", "accounts")


@dataclass(frozen=True)
class MemberRow:
    """`teams` are the first few, by name; `more` is how many there are beside them."""

    user: User
    role: str
    teams: list[str]
    more: int


@dataclass(frozen=True)
class MemberList:
    page: PageOfRows[OrganizationMembership]
    rows: list[MemberRow]


def members_of(organization: Organization, wanted: Narrowing) -> MemberList:
    read = partial(_members_from, organization.pk, wanted.texts("role"), *wanted.spelled)
    found = page_read(read, wanted.page, MEMBERS_ON_A_PAGE)
    teams = _teams_of([row.user_id for row in found], organization)
    rows = [_row(membership, teams.get(membership.user_id, [])) for membership in found]
    return MemberList(found, rows)


def teams_of(organization: Organization, wanted: Narrowing) -> PageOfRows[Team]:
    """Each with `people`, the number of its members."""
    read = partial(_teams_from, organization.pk, *wanted.asked)
    return page_read(read, wanted.page, MEMBERS_ON_A_PAGE)


def people_of_team(team: Team, wanted: Narrowing) -> PageOfRows[TeamMembership]:
    read = partial(_people_from, team.pk, wanted.texts("role"), *wanted.spelled)
    return page_read(read, wanted.page, MEMBERS_ON_A_PAGE)


def service_accounts_of(team: Team, wanted: Narrowing) -> PageOfRows[User]:
    """Each with `live_keys`, the number of keys that work."""
    read = partial(_accounts_from, team.pk, (timezone.now(),), *wanted.spelled)
    return page_read(read, wanted.page, ACCOUNTS_ON_A_PAGE)


def open_invitations_of(organization: Organization, wanted: Narrowing) -> PageOfRows[Invitation]:
    """Those that still work, each with the names of its teams in `into`."""
    asked = (organization.pk, (timezone.now(),), wanted.texts("role"), *wanted.asked)
    found = page_read(partial(_invitations_from, *asked), wanted.page, MEMBERS_ON_A_PAGE)
    into = _promised_by(found)
    for row in found:
        row.into = into.get(row.pk, [])
    return found


@kept
def _members_from(
    organization_id: int, roles: tuple[str, ...], sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[OrganizationMembership]:
    members = OrganizationMembership.objects.filter(organization=organization_id)
    return _memberships_from(members, roles, spellings, sort, start)


@kept
def _people_from(
    team_id: int, roles: tuple[str, ...], sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[TeamMembership]:
    members = TeamMembership.objects.filter(group=team_id)
    return _memberships_from(members, roles, spellings, sort, start)


def _memberships_from(
    members: QuerySet[Membership],
    roles: tuple[str, ...],
    spellings: tuple[str, ...],
    sort: Sort,
    start: int,
) -> QuerySet[Membership]:
    members = members.filter(named(spellings, "user__"))
    for role in roles:
        members = members.filter(role=role)
    ordered = members.select_related("user").order_by(*sort.of(MEMBER_SORTS))
    return rows_from(ordered, start, MEMBERS_ON_A_PAGE)


@kept
def _teams_from(
    organization_id: int, sort: Sort, terms: tuple[str, ...], start: int
) -> QuerySet[Team]:
    teams = Team.objects.filter(organization=organization_id)
    for term in terms:
        teams = teams.filter(name__icontains=term)
    counted = teams.select_related("entity").annotate(people=Count("memberships"))
    return rows_from(counted.order_by(*sort.of(TEAM_SORTS)), start, MEMBERS_ON_A_PAGE)


@kept
def _accounts_from(
    team_id: int, now: tuple[datetime, ...], sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[User]:
    live = Q(api_keys__revoked_at=None) & (
        Q(api_keys__expires_at=None) | Q(api_keys__expires_at__gt=now[0])
    )
    accounts = User.objects.filter(owner_team=team_id)
    found = accounts.filter(named(spellings))
    counted = found.annotate(live_keys=Count("api_keys", filter=live))
    return rows_from(counted.order_by(*sort.of(ACCOUNT_SORTS)), start, ACCOUNTS_ON_A_PAGE)


@kept
def _invitations_from(
    organization_id: int,
    now: tuple[datetime, ...],
    roles: tuple[str, ...],
    sort: Sort,
    terms: tuple[str, ...],
    start: int,
) -> QuerySet[Invitation]:
    stands = Q(created_by=None) | Q(
        created_by__is_active=True,
        created_by__organization_memberships__organization=F("organization"),
        created_by__organization_memberships__role=OrganizationMembership.Role.ADMIN,
    )
    invitations = Invitation.objects.filter(
        stands,
        organization=organization_id,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=now[0],
    ).select_related("created_by")
    for term in terms:
        by = Q(created_by__username__icontains=term)
        invitations = invitations.filter(by | Q(email__icontains=term))
    for role in roles:
        invitations = invitations.filter(role=role)
    return rows_from(invitations.order_by(*sort.of(INVITATION_SORTS)), start, MEMBERS_ON_A_PAGE)


def _promised_by(invitations: PageOfRows[Invitation]) -> dict[int, list[str]]:
    """The names of the teams each lets into."""
    names: dict[int, list[str]] = {}
    for invitation, name in _promises(evenly(row.pk for row in invitations)):
        names.setdefault(invitation, []).append(name)
    return names


@kept
def _promises(invitations: tuple[int, ...]) -> QuerySet[InvitationTeam, tuple[int, str]]:
    promised = InvitationTeam.objects.filter(invitation__in=invitations)
    return promised.order_by("team__name").values_list("invitation_id", "team__name")


def named(spellings: tuple[str, ...], of: str = "") -> Q:
    """By the name of the account, or the full one."""
    return spelled(spellings, f"{of}username", f"{of}full_name")


def _teams_of(users: Sequence[int], organization: Organization) -> dict[int, list[str]]:
    teams: dict[int, list[str]] = {}
    for user, name in _teams_with(evenly(users), organization.pk):
        teams.setdefault(user, []).append(name)
    return teams


@kept
def _teams_with(
    users: tuple[int, ...], organization_id: int
) -> QuerySet[TeamMembership, tuple[int, str]]:
    rows = TeamMembership.objects.filter(user__in=users, group__team__organization=organization_id)
    return rows.order_by("group__name").values_list("user_id", "group__name")


def _row(membership: OrganizationMembership, teams: list[str]) -> MemberRow:
    shown = teams[:TEAMS_SHOWN]
    return MemberRow(membership.user, membership.role, shown, len(teams) - len(shown))
