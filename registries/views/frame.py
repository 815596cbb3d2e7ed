"""What every page shows around its own content: organizations, the current one, the account."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from accounts.errors import NotFound
from accounts.models import Organization, OrganizationMembership, User
from accounts.names import fold
from accounts.statements import prepared
from registries.visibility import organizations_of

LAST_USED = "organization"


@prepared
def _organizations(user: User) -> QuerySet[Organization]:
    roles = OrganizationMembership.objects.filter(organization=OuterRef("pk"), user=user)
    return organizations_of(user).annotate(own_role=Subquery(roles.values("role")))


class Frame:
    """Asks the database when a template or a view first needs it, and once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._chosen: Organization | None = None

    @cached_property
    def organizations(self) -> list[Organization]:
        """Those the person may open, by name, each with the person's `own_role` in it."""
        user = getattr(self._request, "user", None)
        if not isinstance(user, User):
            return []
        return sorted(_organizations(user), key=lambda organization: fold(organization.name))

    @property
    def organization(self) -> Organization | None:
        """The page's own; on pages without one, the one last used."""
        if self._chosen is not None or not self.organizations:
            return self._chosen
        last_used = self._request.session.get(LAST_USED)
        named = [one for one in self.organizations if one.name == last_used]
        return (named or self.organizations)[0]

    @property
    def own_role(self) -> str:
        """In the current organization, in words."""
        current = self.organization
        for organization in self.organizations:
            if current and organization.pk == current.pk and organization.own_role:  # type: ignore[attr-defined]
                return str(organization.own_role.title())  # type: ignore[attr-defined]
        return "Guest"

    def read_again(self) -> None:
        """After a change of what the person may open, or of their role in it."""
        vars(self).pop("organizations", None)

    def choose(self, organization: Organization) -> None:
        """Makes it the current one, for this page and for those without one of their own."""
        self._chosen = organization
        if self._request.session.get(LAST_USED) != organization.name:
            self._request.session[LAST_USED] = organization.name

    def open_organization(self, name: str) -> Organization:
        """By name without regard to case; NotFound when the person has no business in it."""
        for organization in self.organizations:
            if organization.name.lower() == name.lower():
                self.choose(organization)
                return organization
        raise NotFound


def frame_of(request: HttpRequest) -> Frame:
    """The one frame of a request."""
    existing = getattr(request, "frame", None)
    if isinstance(existing, Frame):
        return existing
    request.frame = Frame(request)  # type: ignore[attr-defined]
    return request.frame  # type: ignore[attr-defined,no-any-return]


def frame(request: HttpRequest) -> dict[str, Any]:
    """For the settings: a context processor."""
    return {"frame": frame_of(request)}
