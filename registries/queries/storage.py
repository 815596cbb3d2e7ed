"""What an organization stores, by team."""

from __future__ import annotations

from accounts.models import Organization
from artifacts.models import StorageUse
from artifacts.storage_of_owners import shares_of
from registries.queries.narrowing import Narrowing, Sorts
from registries.queries.paging import PageOfRows, page_of

TEAMS_ON_A_PAGE = 50
SORTS: Sorts = {
    "size": ("Largest", ("-bytes", "entity__name")),
    "files": ("Most files", ("-files", "entity__name")),
    "name": ("Name", ("entity__name",)),
}


def storage_of_teams(organization: Organization, wanted: Narrowing) -> PageOfRows[StorageUse]:
    shares = shares_of(organization.entity)
    if wanted.term:
        shares = shares.filter(entity__name__icontains=wanted.term.text)
    return page_of(shares.order_by(*wanted.order), wanted.page, TEAMS_ON_A_PAGE)
