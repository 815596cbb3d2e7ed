"""Home: the registries of an organization."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Organization
from registries.permissions import may_create_registry
from registries.queries.history import rows_of
from registries.queries.home import SORTS, latest_alias_changes, registries_of
from registries.queries.narrowing import Narrowing
from registries.views.answers import answer, wants_fragment
from registries.views.places import in_organization, person


@require_safe
@in_organization
def home(request: HttpRequest, organization: Organization) -> HttpResponse:
    user = person(request)
    wanted = Narrowing.read(request.GET, SORTS)
    core, own = registries_of(user, organization, wanted)
    context = {
        "organization": organization,
        "core": core,
        "own": own,
        "filter": wanted,
        "may_create": may_create_registry(user, organization),
        "changes": rows_of(latest_alias_changes(user, organization)),
        "current_page": "registries",
    }
    if wants_fragment(request, "organization-registries"):
        return answer(request, "home/_organization_registries.html", context)
    return answer(request, "home/home.html", context)
