from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import Organization, User
from accounts.operations.api_keys import create_api_key
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import edit_user
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import add_to_team, create_team
from tests.personas import person
from tests.registries.views.pages import Browser, Page

ORGANIZATION = {"organization": "smle-reg"}
TEAM = ORGANIZATION | {"team": "smle-reg-team-2"}


@pytest.fixture
def browser(org_admin, team):
    return Browser(org_admin)


def test_members_are_found_by_name_and_role(browser, viewer, org_viewer):
    page = browser.get("members", {"filter": "VIEW", "role": "viewer"}, **ORGANIZATION)
    assert "org-viewer" in page.main.text
    assert [node.text for node in page.main.all("th", class_="cell-lead")] == ["OVorg-viewer"]


def members_by(browser, sort: str) -> list[str]:
    page = browser.get("members", {"sort": sort}, **ORGANIZATION)
    people = [node.all("span", class_="person")[0] for node in page.main.all("th", scope="row")]
    return [str(person.children[-1]) for person in people]


def test_members_are_sorted_by_name_role_and_age(browser, organization):
    for name, role in (("zoe", "viewer"), ("abel", "member")):
        person(name, organization, role)
    by_name = members_by(browser, "unknown")
    assert by_name == sorted(by_name)
    assert members_by(browser, "newest")[:2] == ["abel", "zoe"]
    by_role = members_by(browser, "role")
    assert by_role[0] == "org-admin"
    assert by_role.index("abel") < by_role.index("zoe")


def teams_on(page) -> list[str]:
    return [node.one("bdi").text for node in page.main.all("th", scope="row")]


def test_teams_are_narrowed_and_sorted_and_their_pages_keep_both(browser, organization, team):
    for number in range(51):
        create_team(OPERATOR, organization, f"crew-{number:02}")
    page = browser.get("teams", {"filter": "crew", "sort": "newest"}, **ORGANIZATION)
    assert teams_on(page) == [f"crew-{number:02}" for number in range(50, 0, -1)]
    further = page.root.one("nav", class_="pager").all("a")[-1].attributes["href"]
    page = browser.get("teams", QueryDict(further[1:]).dict(), **ORGANIZATION)
    assert teams_on(page) == ["crew-00"]
    add_to_team(OPERATOR, team, person("ada", organization))
    assert teams_on(browser.get("teams", {"sort": "people"}, **ORGANIZATION))[0] == team.name


def test_a_role_changes_as_a_page_and_as_a_part_of_one(browser, organization, viewer):
    body = {"member": viewer.pk, "role": "admin"}
    page = browser.post("member-role", body, part="members", **ORGANIZATION)
    assert page.status == 200
    assert not page.is_whole
    assert "viewer is admin of smle-reg now." in page.toasts()
    assert browser.post("member-role", body | {"role": "member"}, **ORGANIZATION).status == 303
    assert organization.memberships.get(user=viewer).role == "member"


@pytest.mark.parametrize(
    ("name", "part", "at"),
    [("member-role", "members", ORGANIZATION), ("team-role", "people", TEAM)],
)
def test_who_steps_down_gets_the_list_without_choices_of_roles(
    name, part, at, organization, team, member, org_admin
):
    add_to_team(OPERATOR, team, member, "admin")
    set_organization_role(
        OPERATOR, organization, member, "admin" if at == ORGANIZATION else "member"
    )
    page = Browser(member).post(name, {"member": member.pk, "role": "viewer"}, part=part, **at)
    assert page.status == 200
    assert "member is viewer of" in page.toasts()[0]
    assert page.root.all("select", class_="select--small") == []
    assert "Add member" not in page.text


def test_who_leaves_the_organization_comes_home(browser, organization, org_admin):
    person("second", organization, "admin")
    body = {"member": org_admin.pk}
    page = browser.post("remove-from-organization", body, **ORGANIZATION)
    assert page.headers["Location"] == reverse("start")
    landed = browser.follow(page)
    assert landed.status == 200
    assert landed.toasts() == ["org-admin is not in smle-reg any more."]


def test_the_last_admin_is_told_why_they_stay(browser, organization, org_admin):
    body = {"member": org_admin.pk, "role": "viewer"}
    for name in ("member-role", "remove-from-organization"):
        page = browser.post(name, body, **ORGANIZATION)
        assert page.status == 409
        assert "needs at least one admin" in page.notices()[0]
    assert organization.memberships.get(user=org_admin).role == "admin"


@pytest.mark.parametrize("part", ["", "members"])
def test_a_role_that_was_refused_does_not_stay_chosen(part, browser, org_admin):
    body = {"member": org_admin.pk, "role": "viewer"}
    page = browser.post("member-role", body, part=part, **ORGANIZATION)
    assert page.status == 409
    row = page.root.one("select", id=f"role-{org_admin.pk}")
    chosen = [option.text for option in row.all("option") if "selected" in option.attributes]
    assert chosen == ["Admin"]
    assert "needs at least one admin" in page.notices()[0]


def test_the_operator_deactivates_somebody_who_is_signed_in(browser, viewer, org_admin):
    edit_user(OPERATOR, org_admin, is_staff=True)
    client = Client()
    client.force_login(viewer)
    page = browser.follow(browser.post("deactivate-user", {"member": viewer.pk}, **ORGANIZATION))
    assert "Sessions and keys have ended." in page.toasts()[0]
    assert client.get(reverse("account")).status_code == 302
    assert "Deactivated" in page.main.text
    browser.post("reactivate-user", {"member": viewer.pk}, **ORGANIZATION)
    viewer.refresh_from_db()
    assert viewer.is_active


def test_a_link_for_a_new_password_is_shown_to_be_handed_on(browser, viewer):
    page = browser.post("reset-link", {"member": viewer.pk}, **ORGANIZATION)
    link = page.root.one("code", id="reset-link-text").text
    assert Client().get(link, follow=True).status_code == 200


def test_removing_a_service_account_is_left_to_the_page_of_its_team(browser, organization, team):
    robot = create_service_account(OPERATOR, team, "robot")
    page = Page(browser.client.get(reverse("member", args=["smle-reg", "robot"])))
    assert "Remove" not in [button.text for button in page.main.all("button")]
    address = reverse("service-account", kwargs=TEAM | {"account": "robot"})
    assert address in [link.attributes["href"] for link in page.main.all("a")]
    page = browser.post("remove-from-organization", {"member": robot.pk}, **ORGANIZATION)
    assert page.status == 409
    assert "Deactivate it on the page of its team." in page.notices()[0]
    assert organization.members.filter(pk=robot.pk).exists()


def test_somebody_of_the_organization_is_in_the_team_at_once(browser, team, viewer):
    page = browser.follow(browser.post("add-to-team", {"who": "viewer", "role": "member"}, **TEAM))
    assert "viewer is in smle-reg-team-2." in page.toasts()
    assert team.memberships.filter(user=viewer).exists()


def test_adding_who_is_in_the_team_says_so_and_leaves_their_role_to_the_list(browser, team, member):
    add_to_team(OPERATOR, team, member, "admin")
    page = browser.post("add-to-team", {"who": "member", "role": "member"}, **TEAM)
    assert page.status == 409
    said = "member is in smle-reg-team-2 already, as Admin. Change the role in the list."
    assert page.errors()["who"] == said
    assert team.memberships.get(user=member).role == "admin"
    browser.post("team-role", {"member": member.pk, "role": "viewer"}, **TEAM)
    assert team.memberships.get(user=member).role == "viewer"


def test_for_somebody_new_the_team_page_shows_a_link(browser, team):
    page = browser.post("add-to-team", {"who": "ada@example.org", "role": "viewer"}, **TEAM)
    assert page.status == 200
    assert "/accounts/invitation/" in page.root.one("code", id="invitation-link-text").text
    refused = browser.post("add-to-team", {"who": "", "role": "x"}, **TEAM)
    assert refused.status == 422


def test_a_team_is_created_and_deleted_by_its_name(browser, organization):
    page = browser.follow(browser.post("teams", {"name": "vision"}, **ORGANIZATION))
    assert "Team “vision” created." in page.toasts()
    at = ORGANIZATION | {"team": "vision"}
    wrong = browser.post("delete-team", {"confirmed_name": "Vision"}, **at)
    assert "Type vision exactly" in wrong.errors()["confirmed_name"]
    assert browser.post("delete-team", {"confirmed_name": "vision"}, **at).status == 303
    taken = browser.post("teams", {"name": "vision"}, **ORGANIZATION)
    assert "is taken" in taken.errors()["name"]


def test_a_team_that_cannot_be_deleted_yet_is_refused_without_blaming_the_name(browser, team):
    condition = "Its projects have to be deleted and its service accounts deactivated before."
    assert condition in browser.get("delete-team", **TEAM).main.text
    create_service_account(OPERATOR, team, "trainer")
    refused = browser.post("delete-team", {"confirmed_name": team.name}, **TEAM)
    assert refused.status == 409
    assert refused.notices() == [f"{team.name} has service accounts. Deactivate them first."]
    assert refused.errors() == {}
    assert refused.values("confirmed_name") == [team.name]


def test_a_service_account_gets_keys_on_its_page(browser, team):
    page = browser.follow(
        browser.post("create-service-account", {"name": "ci", "full_name": "CI"}, **TEAM)
    )
    assert "Service account of smle-reg-team-2" in page.text
    at = TEAM | {"account": "ci"}
    page = browser.post("create-service-key", {"name": "runner", "days": "90"}, **at)
    assert len(page.root.one("code", id="new-key-text").text) == 64
    key = User.objects.get(username="ci").api_keys.get()
    assert browser.post("revoke-service-key", {"key": key.pk}, **at).status == 303
    browser.post("switch-service-account", **at)
    assert "Deactivated" in browser.get("service-account", **at).text


def test_a_button_of_a_page_that_is_out_of_date_does_what_it_says(browser, team):
    create_service_account(OPERATOR, team, "ci")
    at = TEAM | {"account": "ci"}
    for body, is_active in (({}, False), ({"on": "yes"}, True)):
        page = browser.get("service-account", **at)
        form = page.root.one("form", action=reverse("switch-service-account", kwargs=at))
        button = form.one("button", type="submit").text
        assert button == ("Let in again" if is_active else "Deactivate")
        sent = {field.attributes["name"]: field.attributes["value"] for field in form.all("input")}
        sent.pop("csrfmiddlewaretoken", None)
        assert sent == body
        for _ in range(2):
            assert browser.post("switch-service-account", sent, **at).status == 303
            assert User.objects.get(username="ci").is_active is is_active


def test_a_service_account_of_another_team_does_not_exist_on_this_page(browser, organization, team):
    create_service_account(OPERATOR, create_team(OPERATOR, organization, "vision"), "ci")
    assert browser.get("service-account", account="ci", **TEAM).status == 404


def test_staff_creates_an_organization_and_lands_in_it(db):
    staff = person("staff")
    edit_user(OPERATOR, staff, is_staff=True)
    browser = Browser(staff)
    page = browser.follow(browser.post("create-organization", {"name": "acme"}))
    assert "Organization “acme” created." in page.toasts()
    assert browser.post("create-organization", {"name": "Acme"}).status == 409
    assert Organization.objects.get().memberships.get().user == staff


def people_on(page, part: str) -> list[str]:
    leads = page.root.one(id=part).all("th", scope="row")
    return [str(lead.all("span", class_="person")[0].children[-1]) for lead in leads]


def test_people_of_a_team_are_narrowed_and_sorted_and_a_change_stays_there(
    browser, organization, team, member
):
    for number in range(51):
        crew = person(f"crew-{number:02}", organization)
        add_to_team(OPERATOR, team, crew, "viewer" if number else "admin")
    asked = {"filter": "CREW", "sort": "newest", "role": "viewer"}
    page = browser.get("team", asked, part="people-list", **TEAM)
    assert not page.is_whole
    assert people_on(page, "people-list") == [f"crew-{n:02}" for n in range(50, 0, -1)]
    whole = browser.get("team", {"sort": "role"}, **TEAM)
    assert people_on(whole, "people-list")[:2] == ["crew-00", "member"]
    page = browser.get("team", asked | {"role": "", "page": "2"}, **TEAM)
    assert people_on(page, "people-list") == ["crew-00"]
    address = page.root.one("form", hx_target="#people").attributes["action"]
    body = {"member": User.objects.get(username="crew-00").pk, "role": "viewer"}
    changed = browser.client.post(address, body)
    here = {"filter": "CREW", "sort": "newest", "page": "2"}
    assert changed["Location"] == f"{reverse('team', kwargs=TEAM)}?{urlencode(here)}"
    none = browser.get("team", {"filter": "nobody-like-that"}, **TEAM)
    assert "Nobody matches" in none.main.text


def test_service_accounts_of_a_team_have_pages_and_an_order(browser, team):
    for number in range(52):
        create_service_account(OPERATOR, team, f"robot-{number:02}")
    busy = User.objects.get(username="robot-51")
    create_api_key(OPERATOR, busy, name="one")
    page = browser.get("team", {"accounts": "3"}, **TEAM)
    assert people_on(page, "service-account-list") == [f"robot-{n}" for n in range(40, 52)]
    page = browser.get("team", {"account-sort": "keys"}, **TEAM)
    assert people_on(page, "service-account-list")[:2] == ["robot-51", "robot-00"]
    asked = {"account": "OBOT-0", "account-sort": "newest"}
    page = browser.get("team", asked, part="service-account-list", **TEAM)
    expected = [f"robot-{number:02}" for number in range(9, -1, -1)]
    assert people_on(page, "service-account-list") == expected
