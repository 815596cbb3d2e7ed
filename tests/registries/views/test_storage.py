"""What an organization stores, by team."""

from __future__ import annotations

from accounts.callers import OPERATOR
from accounts.operations.teams import create_team
from artifacts.models import StorageUse
from tests.registries.views.pages import Browser, Page

AT = {"organization": "smle-reg"}


def teams_on(page: Page) -> list[str]:
    rows = page.root.one(id="storage-of-teams").all("th", scope="row")
    return [str(row.one("span", class_="person").children[-1]) for row in rows]


def test_teams_are_narrowed_and_sorted_by_what_they_take(organization, org_admin):
    for number in range(52):
        crew = create_team(OPERATOR, organization, f"crew-{number:02}")
        StorageUse.objects.create(entity=crew.entity, bytes=number, files=100 - number)
    browser = Browser(org_admin)
    assert teams_on(browser.get("storage", **AT))[:2] == ["crew-51", "crew-50"]
    assert teams_on(browser.get("storage", {"page": "2"}, **AT)) == ["crew-01", "crew-00"]
    most = browser.get("storage", {"sort": "files"}, part="storage-of-teams", **AT)
    assert not most.is_whole
    assert teams_on(most)[0] == "crew-00"
    found = teams_on(browser.get("storage", {"filter": "CREW-1", "sort": "name"}, **AT))
    assert found == [f"crew-{number}" for number in range(10, 20)]
    none = browser.get("storage", {"filter": "nobody"}, **AT)
    assert "has “nobody” in its name" in none.main.text


def test_storage_stands_among_the_tabs_of_the_organization(organization, org_admin):
    browser = Browser(org_admin)
    for name in ("members", "storage"):
        tabs = browser.get(name, **AT).root.one("nav", class_="tabs")
        assert [tab.text for tab in tabs.all("a")] == ["Members", "Teams", "Invitations", "Storage"]
        assert [tab.text for tab in tabs.all("a", aria_current="page")] == [name.title()]
