"""What an organization stores, by team, and what it may store: a page, and a part of others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from artifacts.storage_of_owners import quota_of, taken_by
from registries.queries.narrowing import Narrowing
from registries.queries.storage import SORTS, storage_of_teams
from registries.views.answers import answer, wants_fragment
from registries.views.people.places import OrganizationPlace, among_members


@require_safe
@among_members
def storage(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    wanted = Narrowing.read(request.GET, SORTS)
    owner = place.organization.entity
    quota, taken = quota_of(owner), taken_by(owner)
    context = {
        "place": place,
        "tab": "storage",
        "quota": quota,
        "taken": taken,
        "shares": storage_of_teams(place.organization, wanted),
        "filter": wanted,
        "is_full": bool(quota.bytes and taken.bytes >= quota.bytes),
    }
    if wants_fragment(request, "storage-of-teams"):
        return answer(request, "storage/_storage_of_teams.html", context)
    fragment = "_" if wants_fragment(request) else ""
    return answer(request, f"storage/{fragment}storage.html", context)
