"""The people, teams and invitations of an organization, as its members see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from registries.queries.narrowing import Names, Narrowing, Sorts
from registries.queries.paging import PageOfRows, page_of
from registries.queries.terms import Term

Membership = TypeVar("Membership", OrganizationMembership, TeamMembership)
MEMBERS_ON_A_PAGE = 50
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
    memberships = organization.memberships.select_related("user")
    found = page_of(_filtered(memberships, wanted), wanted.page, MEMBERS_ON_A_PAGE)
    teams = _teams_of([row.user_id for row in found], organization)
    rows = [_row(membership, teams.get(membership.user_id, [])) for membership in found]
    return MemberList(found, rows)


def teams_of(organization: Organization, wanted: Narrowing) -> PageOfRows[Team]:
    """Each with `people`, the number of its members."""
    teams = organization.teams.select_related("entity").annotate(people=Count("memberships"))
    if wanted.term:
        teams = teams.filter(name__icontains=wanted.term.text)
    return page_of(teams.order_by(*wanted.order), wanted.page, MEMBERS_ON_A_PAGE)


def people_of_team(team: Team, wanted: Narrowing) -> PageOfRows[TeamMembership]:
    memberships = TeamMembership.objects.filter(group=team).select_related("user")
    return page_of(_filtered(memberships, wanted), wanted.page, MEMBERS_ON_A_PAGE)


def service_accounts_of(team: Team, wanted: Narrowing) -> PageOfRows[User]:
    """Each with `live_keys`, the number of keys that work."""
    live = Q(api_keys__revoked_at=None) & (
        Q(api_keys__expires_at=None) | Q(api_keys__expires_at__gt=timezone.now())
    )
    accounts = team.service_accounts.annotate(live_keys=Count("api_keys", filter=live))
    if wanted.term:
        accounts = accounts.filter(named(wanted.term))
    return page_of(accounts.order_by(*wanted.order), wanted.page, MEMBERS_ON_A_PAGE)


def open_invitations_of(organization: Organization, wanted: Narrowing) -> PageOfRows[Invitation]:
    """Those that still work, each with the names of its teams in `into`."""
    stands = Q(created_by=None) | Q(
        created_by__is_active=True,
        created_by__organization_memberships__organization=F("organization"),
        created_by__organization_memberships__role=OrganizationMembership.Role.ADMIN,
    )
    invitations = organization.invitations.filter(
        stands, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).select_related("created_by")
    if wanted.term:
        by = Q(created_by__username__icontains=wanted.term.text)
        invitations = invitations.filter(by | Q(email__icontains=wanted.term.text))
    if wanted.chosen["role"]:
        invitations = invitations.filter(role=wanted.chosen["role"])
    found = page_of(invitations.order_by(*wanted.order), wanted.page, MEMBERS_ON_A_PAGE)
    into = _promised_by(found)
    for row in found:
        row.into = into.get(row.pk, [])  # type: ignore[attr-defined]
    return found


def _promised_by(invitations: PageOfRows[Invitation]) -> dict[int, list[str]]:
    """The names of the teams each lets into."""
    names: dict[int, list[str]] = {}
    promised = InvitationTeam.objects.filter(invitation__in=[row.pk for row in invitations])
    rows = promised.order_by("team__name").values_list("invitation_id", "team__name")
    for invitation, name in rows:
        names.setdefault(invitation, []).append(name)
    return names


def _filtered(memberships: QuerySet[Membership], wanted: Narrowing) -> QuerySet[Membership]:
    if wanted.term:
        memberships = memberships.filter(named(wanted.term, "user__"))
    if wanted.chosen["role"]:
        memberships = memberships.filter(role=wanted.chosen["role"])
    return memberships.order_by(*wanted.order)


def named(term: Term, of: str = "") -> Q:
    """By the name of the account, or the full one."""
    username, full_name = f"{of}username__icontains", f"{of}full_name__icontains"
    return Q(**{username: term.text}) | Q(**{full_name: term.text})


def _teams_of(users: Sequence[int], organization: Organization) -> dict[int, list[str]]:
    teams: dict[int, list[str]] = {}
    rows = TeamMembership.objects.filter(user__in=users, group__team__organization=organization)
    for user, name in rows.order_by("group__name").values_list("user_id", "group__name"):
        teams.setdefault(user, []).append(name)
    return teams


def _row(membership: OrganizationMembership, teams: list[str]) -> MemberRow:
    shown = teams[:TEAMS_SHOWN]
    return MemberRow(membership.user, membership.role, shown, len(teams) - len(shown))
