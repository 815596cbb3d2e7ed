"""The people, teams and invitations of an organization, as its members see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
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
from registries.queries.narrowing import TermAndSort, in_address
from registries.queries.paging import PageOfRows, page_of
from registries.queries.terms import Term

MEMBERS_ON_A_PAGE = 50
TEAMS_SHOWN = 5


MEMBER_SORTS = {
    "name": ("Name", ("-user__is_active", "user__username")),
    "role": ("Role", ("role", "user__username")),
    "newest": ("Newest", ("-since", "-pk")),
}
TEAM_SORTS = {
    "name": ("Name", ("name",)),
    "people": ("Members", ("-people", "name")),
    "newest": ("Newest", ("-pk",)),
}
DEFAULT_SORT = "name"


@dataclass(frozen=True)
class MemberFilter:
    term: Term
    role: str
    sort: str

    @classmethod
    def read(cls, address: QueryDict) -> MemberFilter:
        role, sort = address.get("role", ""), address.get("sort", DEFAULT_SORT)
        return cls(
            Term.typed(address.get("filter", "")),
            role if role in OrganizationMembership.Role.values else "",
            sort if sort in MEMBER_SORTS else DEFAULT_SORT,
        )

    @property
    def narrows(self) -> bool:
        return bool(self.term or self.role)

    @property
    def query(self) -> str:
        """As it stands in an address, without the page."""
        sort = "" if self.sort == DEFAULT_SORT else self.sort
        return in_address({"filter": self.term.text, "role": self.role, "sort": sort})


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


def members_of(organization: Organization, wanted: MemberFilter, page: str) -> MemberList:
    memberships = organization.memberships.select_related("user")
    found = page_of(_filtered(memberships, wanted), page, MEMBERS_ON_A_PAGE)
    teams = _teams_of([row.user_id for row in found], organization)
    rows = [_row(membership, teams.get(membership.user_id, [])) for membership in found]
    return MemberList(found, rows)


def teams_of(organization: Organization, wanted: TermAndSort, page: str) -> PageOfRows[Team]:
    """Each with `people`, the number of its members."""
    teams = organization.teams.select_related("entity").annotate(people=Count("memberships"))
    if wanted.term:
        teams = teams.filter(name__icontains=wanted.term.text)
    return page_of(teams.order_by(*TEAM_SORTS[wanted.sort][1]), page, MEMBERS_ON_A_PAGE)


def people_of_team(team: Team, page: str) -> PageOfRows[TeamMembership]:
    memberships = TeamMembership.objects.filter(group=team).select_related("user")
    return page_of(memberships.order_by("user__username"), page, MEMBERS_ON_A_PAGE)


def service_accounts_of(team: Team) -> list[User]:
    """Each with `live_keys`, the number of keys that work."""
    live = Q(api_keys__revoked_at=None) & (
        Q(api_keys__expires_at=None) | Q(api_keys__expires_at__gt=timezone.now())
    )
    accounts = team.service_accounts.annotate(live_keys=Count("api_keys", filter=live))
    return list(accounts.order_by("-is_active", "username")[:MEMBERS_ON_A_PAGE])


def open_invitations_of(organization: Organization, page: str) -> PageOfRows[Invitation]:
    """Those that still work, the newest first, each with the names of its teams in `into`."""
    stands = Q(created_by=None) | Q(
        created_by__is_active=True,
        created_by__organization_memberships__organization=F("organization"),
        created_by__organization_memberships__role=OrganizationMembership.Role.ADMIN,
    )
    invitations = organization.invitations.filter(
        stands, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )
    found = page_of(
        invitations.select_related("created_by").order_by("-pk"), page, MEMBERS_ON_A_PAGE
    )
    names: dict[int, list[str]] = {}
    promised = InvitationTeam.objects.filter(invitation__in=[row.pk for row in found])
    for invitation, name in promised.order_by("team__name").values_list(
        "invitation_id", "team__name"
    ):
        names.setdefault(invitation, []).append(name)
    for row in found:
        row.into = names.get(row.pk, [])  # type: ignore[attr-defined]
    return found


def _filtered(
    memberships: QuerySet[OrganizationMembership], wanted: MemberFilter
) -> QuerySet[OrganizationMembership]:
    if wanted.term:
        named = Q(user__username__icontains=wanted.term.text)
        memberships = memberships.filter(named | Q(user__full_name__icontains=wanted.term.text))
    if wanted.role:
        memberships = memberships.filter(role=wanted.role)
    return memberships.order_by(*MEMBER_SORTS[wanted.sort][1])


def _teams_of(users: Sequence[int], organization: Organization) -> dict[int, list[str]]:
    teams: dict[int, list[str]] = {}
    rows = TeamMembership.objects.filter(user__in=users, group__team__organization=organization)
    for user, name in rows.order_by("group__name").values_list("user_id", "group__name"):
        teams.setdefault(user, []).append(name)
    return teams


def _row(membership: OrganizationMembership, teams: list[str]) -> MemberRow:
    shown = teams[:TEAMS_SHOWN]
    return MemberRow(membership.user, membership.role, shown, len(teams) - len(shown))
