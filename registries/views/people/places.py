"""From an address to the team or organization it names, as far as the person is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

from accounts.errors import NotFound, RegistryError
from accounts.models import Organization, OrganizationMembership, Team, TeamMembership, User
from accounts.names import entity_key
from registries.views.answers import refused
from registries.views.frame import frame_of
from registries.views.places import person

P = ParamSpec("P")
Answer = HttpResponseBase
ADMIN = OrganizationMembership.Role.ADMIN


@dataclass(frozen=True)
class OrganizationPlace:
    organization: Organization
    role: str

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN


@dataclass(frozen=True)
class TeamPlace(OrganizationPlace):
    team: Team
    team_role: str | None

    @property
    def is_team_admin(self) -> bool:
        return self.is_admin or self.team_role == TeamMembership.Role.ADMIN


def answering(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """A refusal that the view lets through becomes a page or a fragment."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        try:
            return view(request, *args, **kwargs)
        except RegistryError as refusal:
            return refused(request, refusal)

    return answer


def among_members(
    view: Callable[Concatenate[HttpRequest, OrganizationPlace, P], Answer],
) -> Callable[..., Answer]:
    """For whoever is in the organization; guests of a registry are not."""

    @wraps(view)
    def answer(
        request: HttpRequest, organization: str, *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        return view(request, _organization(request, organization), *args, **kwargs)

    return answering(answer)


def in_team(
    view: Callable[Concatenate[HttpRequest, TeamPlace, P], Answer],
) -> Callable[..., Answer]:
    @wraps(view)
    def answer(
        request: HttpRequest, organization: str, team: str, *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        return view(request, _team(request, organization, team), *args, **kwargs)

    return answering(answer)


def member_numbered(place: OrganizationPlace, number: str) -> User:
    """By the number in a form; NotFound for whoever is not in the organization."""
    if number.isdecimal() and len(number) < 18:
        user = place.organization.members.select_related("owner_team").filter(pk=number).first()
        if user is not None:
            return user
    raise NotFound


def organization_again(request: HttpRequest, place: OrganizationPlace) -> OrganizationPlace | None:
    """The same after a change, None for whoever is not in it any more."""
    frame_of(request).read_again()
    try:
        return _organization(request, place.organization.name)
    except NotFound:
        return None


def team_again(request: HttpRequest, place: TeamPlace) -> TeamPlace | None:
    """The same after a change, None for whoever does not see it any more."""
    frame_of(request).read_again()
    try:
        return _team(request, place.organization.name, place.team.name)
    except NotFound:
        return None


def _organization(request: HttpRequest, name: str) -> OrganizationPlace:
    organization = frame_of(request).open_organization(name)
    role = organization.own_role  # type: ignore[attr-defined]
    if role is None:
        raise NotFound
    return OrganizationPlace(organization, role)


def _team(request: HttpRequest, organization: str, name: str) -> TeamPlace:
    above = _organization(request, organization)
    team = (
        above.organization.teams.select_related("entity")
        .filter(entity__name__lower=entity_key(name))
        .first()
    )
    if team is None:
        raise NotFound
    team.organization = above.organization
    own = TeamMembership.objects.filter(group=team, user=person(request))
    role = own.values_list("role", flat=True).first()
    return TeamPlace(above.organization, above.role, team, role)
