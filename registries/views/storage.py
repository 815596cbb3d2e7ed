"""What an organization stores, by team, and what it may store: a page, and a part of others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from accounts.models import Organization
from accounts.permissions import organization_role
from artifacts.storage_of_owners import quota_of, taken_by
from registries.queries.narrowing import Narrowing
from registries.queries.storage import SORTS, storage_of_teams
from registries.views.answers import answer, wants_fragment
from registries.views.places import in_organization, person


@require_safe
@in_organization
def storage(request: HttpRequest, organization: Organization) -> HttpResponse:
    """For those in the organization; guests of its registries are not."""
    if organization_role(person(request), organization) is None:
        raise NotFound
    wanted = Narrowing.read(request.GET, SORTS)
    quota, taken = quota_of(organization.entity), taken_by(organization.entity)
    context = {
        "organization": organization,
        "quota": quota,
        "taken": taken,
        "shares": storage_of_teams(organization, wanted),
        "filter": wanted,
        "is_full": bool(quota.bytes and taken.bytes >= quota.bytes),
    }
    if wants_fragment(request, "storage-of-teams"):
        return answer(request, "storage/_storage_of_teams.html", context)
    fragment = "_" if wants_fragment(request) else ""
    return answer(request, f"storage/{fragment}storage.html", context)
