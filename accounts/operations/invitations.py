"""Links into an organization. They work once, for a while, and may be taken back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.callers import Caller, Operator
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import (
    Invitation,
    InvitationTeam,
    Organization,
    OrganizationMembership,
    Team,
    TeamMembership,
    User,
)
from accounts.operations.locks import hold_organization
from accounts.operations.new_users import make_user, valid_email
from accounts.operations.teams import join_team, require_team_role
from accounts.people_named import people_named
from accounts.permissions import (
    ORGANIZATION_ADMIN,
    organization_role,
    require_organization_admin,
    require_team_admin,
)

DAYS = 7
MOST_DAYS = 30
SPENT = "This invitation has been used or taken back, or is too old. Ask for another."


@transaction.atomic
def invite(
    by: Caller | Operator,
    organization: Organization,
    *,
    role: str = OrganizationMembership.Role.MEMBER,
    teams: Mapping[Team, str] | None = None,
    email: str = "",
    days: int = DAYS,
) -> tuple[Invitation, str]:
    """The invitation and the token of its link, 256 random bits that nobody can read again.

    `teams` gives the role in each team that whoever accepts is in at once.
    """
    hold_organization(organization)
    require_organization_admin(by, organization)
    if role not in OrganizationMembership.Role.values:
        raise Invalid("organization_role", "Choose admin, member or viewer.", field="role")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("days", f"An invitation is good for 1 to {MOST_DAYS} days.", field="days")
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation = Invitation.objects.create(
        organization=organization,
        role=role,
        email=valid_email(email),
        sha256=_digest_of(token),
        created_by=by.user if isinstance(by, Caller) else None,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    for team, team_role in (teams or {}).items():
        _promise(invitation, team, team_role)
    return invitation, token


@transaction.atomic
def invite_to_team(
    by: Caller | Operator, team: Team, who: str, role: str = TeamMembership.Role.MEMBER
) -> tuple[TeamMembership | None, str]:
    """Takes in at once whoever is in the organization; for anybody else makes a link.

    Whoever is in the team already keeps their role: Conflict. `who` is a name or an e-mail
    address, exactly. The answer is the membership and "", or None and the token of an
    invitation. The link takes an admin of the organization: it lets somebody new into it. The
    refusal does not tell whether `who` is anybody.
    """
    hold_organization(team.organization)
    require_team_admin(by, team)
    require_team_role(role)
    user = _named(who)
    if user is not None and organization_role(user, team.organization) is not None:
        _require_not_in(team, user)
        return join_team(team, user, role), ""
    if isinstance(by, Caller):
        _require_may_invite(by, team.organization, who)
    email = who.strip() if "@" in who else ""
    return None, invite(by, team.organization, teams={team: role}, email=email)[1]


def revoke_invitation(by: Caller | Operator, invitation: Invitation) -> None:
    """Takes an open one back: Conflict when somebody has joined by it. Twice changes nothing."""
    require_organization_admin(by, invitation.organization)
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if still_open.update(revoked_at=timezone.now()):
        return
    found = Invitation.objects.filter(pk=invitation.pk)
    joined = found.values_list("accepted_by__username", flat=True).first()
    if joined:
        raise Conflict(
            "invitation_accepted", f"{joined} has joined by it already. It cannot be taken back."
        )


def open_invitation(token: str) -> Invitation:
    """The invitation behind a link. One answer for every link that does not work."""
    return _open(token, Invitation.objects.select_related("organization__entity", "created_by"))


@transaction.atomic
def accept_invitation(by: Caller, token: str) -> Organization:
    """Somebody who has an account joins. A role they have there stays as it is."""
    if by.user.is_service_account or not by.user.is_active:
        raise NotAllowed("Only people can accept an invitation.")
    invitation = _take(token)
    joined = organization_role(by.user, invitation.organization) is not None
    teams = invitation.teams.values("team__group_ptr")
    if joined and by.user.team_memberships.filter(group__in=teams).count() == teams.count():
        raise Conflict("joined_already", f"You are in {invitation.organization.name} already.")
    return _join(invitation, by.user)


@transaction.atomic
def join_as_somebody_new(
    token: str, name: str, password: str, *, full_name: str = "", email: str = ""
) -> User:
    """Who has the link makes an account by it. The link is spent with it, or neither is.

    The address is theirs once they confirm it, not before: no answer tells who has it.
    """
    invitation = _take(token)
    valid_email(email)
    user = make_user(name, full_name=full_name, password=password)
    _join(invitation, user)
    return user


def _take(token: str) -> Invitation:
    """Locks the organization, then the row: of two who hold the same link, one comes second."""
    found = open_invitation(token)
    hold_organization(found.organization)
    held = Invitation.objects.select_for_update(of=("self",))
    return _open(token, held.select_related("organization__entity"))


def _open(token: str, invitations: QuerySet[Invitation]) -> Invitation:
    invitation = invitations.filter(
        sha256=_digest_of(token), accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).first()
    if invitation is None or not _stands(invitation):
        raise Invalid("invitation", SPENT)
    return invitation


def _stands(invitation: Invitation) -> bool:
    """An invitation ends with its maker's right to invite: nobody leaves a back door."""
    maker = invitation.created_by
    return maker is None or organization_role(maker, invitation.organization) == ORGANIZATION_ADMIN


def _join(invitation: Invitation, user: User) -> Organization:
    organization = invitation.organization
    OrganizationMembership.objects.get_or_create(
        organization=organization, user=user, defaults={"role": invitation.role}
    )
    for promise in invitation.teams.select_related("team__entity").order_by("pk"):
        if not promise.team.memberships.filter(user=user).exists():
            join_team(promise.team, user, promise.role)
    invitation.accepted_by, invitation.accepted_at = user, timezone.now()
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    return organization


def _promise(invitation: Invitation, team: Team, role: str) -> None:
    require_team_role(role)
    if team.organization_id != invitation.organization_id:
        raise Invalid("team", "Choose teams of the organization.", field="team")
    InvitationTeam.objects.create(invitation=invitation, team=team, role=role)


def _require_not_in(team: Team, user: User) -> None:
    there = team.memberships.filter(user=user).first()
    if there is not None:
        raise Conflict(
            "in_already",
            f"{user.username} is in {team.name} already, as {there.get_role_display()}. "
            "Change the role in the list.",
            field="who",
        )


def _require_may_invite(by: Caller, organization: Organization, who: str) -> None:
    if organization_role(by.user, organization) != ORGANIZATION_ADMIN:
        raise NotAllowed(
            f"“{who.strip()}” is not in {organization.name}. "
            "Only its admins can invite somebody new."
        )


def _named(who: str) -> User | None:
    who = who.strip()
    return User.objects.filter(people_named(who), is_active=True).first() if who else None


def _digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
