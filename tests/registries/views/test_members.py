"""Members and roles in the settings, as the form without script sends them: all roles at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import deactivate_user
from accounts.operations.teams import create_team
from registries.operations.grants import role_of
from registries.operations.members import add_member, remove_member, set_role, set_roles
from registries.operations.organizations import create_organization
from registries.operations.registries import create_registry, edit_registry
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import nothing_changes
from tests.registries.views.pages import Browser, Page

AT = {"organization": "alone", "registry": "Alone"}


@pytest.fixture
def maker(db):
    """The Admin of a registry whose organization has no admin."""
    return person("maker", create_organization(OPERATOR, "alone", with_core_registries=False))


@pytest.fixture
def alone(maker):
    return create_registry(caller_of(maker), maker.organizations.get(), "Alone")


@pytest.fixture
def second(maker, alone):
    second = person("second", alone.organization)
    add_member(caller_of(maker), alone, second, Role.MEMBER)
    return second


def sent(roles):
    """What the form sends: the roles of all rows, and those that the page showed."""
    return {
        f"{field}-person-{who.pk}": role.codename
        for who, (was, wanted) in roles.items()
        for field, role in (("was", was), ("role", wanted))
    }


def chosen(page):
    """The selected role by the name of its row."""
    return {
        select.attributes["name"]: option.text
        for select in page.root.all("select", class_="select--small")
        for option in select.all("option")
        if "selected" in option.attributes
    }


def test_who_was_a_member_is_named_and_nobody_else(maker, second, alone, outsider):
    remove_member(caller_of(maker), alone, second)
    browser = Browser(maker)
    for who, name in ((second, "second"), (outsider, "Whoever was chosen")):
        page = browser.post("remove-member", {"member": f"person-{who.pk}"}, **AT)
        assert page.notices() == [f"{name} is no member of Alone any more."]


@pytest.mark.parametrize("part", ["", "members"])
def test_adding_who_has_access_says_so_and_leaves_their_role_to_the_list(
    part, maker, second, alone
):
    body = {"who": "second", "role": "viewer"}
    page = Browser(maker).post("add-access", body, part=part, **AT)
    assert page.status == 409
    assert page.toasts() == []
    said = "second has access to Alone already, as Member. Change the role in the list."
    assert page.errors()["who"] == said
    assert role_of(alone, second) == Role.MEMBER


def test_two_admins_change_places_in_one_form(maker, second, alone):
    body = sent({maker: (Role.ADMIN, Role.MEMBER), second: (Role.MEMBER, Role.ADMIN)})
    page = Browser(maker).post("set-roles", body, part="members", **AT)
    assert page.status == 200
    assert page.toasts() == ["maker is Member now.", "second is Admin now."]
    assert (role_of(alone, maker), role_of(alone, second)) == (Role.MEMBER, Role.ADMIN)


@pytest.mark.parametrize("part", ["", "members"])
def test_of_several_roles_one_refused_changes_none_and_all_stay_chosen(part, maker, second, alone):
    third = person("trainer", alone.organization, is_service_account=True)
    add_member(caller_of(maker), alone, third, Role.MEMBER)
    lower = (Role.MEMBER, Role.VIEWER)
    body = sent({second: lower, third: lower})
    browser = Browser(maker)
    # Notes the organization in the session, as any first visit does.
    browser.get("settings", **AT)
    with nothing_changes():
        page = browser.post("set-roles", body, part=part, **AT)
    assert page.status == 422
    assert page.toasts() == []
    assert "trainer is a service account, which is at least a Member." in page.notices()
    assert chosen(page) == {
        f"role-person-{maker.pk}": "Admin",
        f"role-person-{second.pk}": "Viewer",
        f"role-person-{third.pk}": "Viewer",
    }


@pytest.mark.parametrize("part", ["", "members"])
def test_a_role_somebody_changed_meanwhile_is_shown_before_it_is_replaced(
    part, maker, second, alone
):
    third = person("third", alone.organization)
    fourth = person("fourth", alone.organization)
    for who in (third, fourth):
        add_member(caller_of(maker), alone, who, Role.MEMBER)
    lower = (Role.MEMBER, Role.VIEWER)
    browser = Browser(maker)
    browser.get("settings", **AT)
    set_roles(caller_of(maker), alone, {second: Role.ADMIN, fourth: Role.ADMIN})
    body = sent({second: lower, third: lower, fourth: (Role.MEMBER, Role.MEMBER)})
    with nothing_changes():
        again = browser.post("set-roles", body, part=part, **AT)
    assert again.status == 409
    assert (
        "Roles have changed since this page was shown: second is Admin now. "
        "Nothing was saved. Choose again to replace what is stored."
    ) in again.notices()
    assert chosen(again) == {
        f"role-person-{maker.pk}": "Admin",
        f"role-person-{second.pk}": "Admin",
        f"role-person-{third.pk}": "Viewer",
        f"role-person-{fourth.pk}": "Admin",
    }
    assert again.values(f"was-person-{second.pk}") == ["admin"]
    body = sent({second: (Role.ADMIN, Role.VIEWER), third: lower})
    assert browser.post("set-roles", body, **AT).status == 303
    assert [role_of(alone, who) for who in (second, third, fourth)] == [
        Role.VIEWER,
        Role.VIEWER,
        Role.ADMIN,
    ]


def test_a_role_that_two_people_give_alike_is_given_once(maker, second, alone):
    browser = Browser(maker)
    browser.get("settings", **AT)
    set_roles(caller_of(maker), alone, {second: Role.VIEWER})
    with nothing_changes():
        page = browser.post("set-roles", sent({second: (Role.MEMBER, Role.VIEWER)}), **AT)
    assert page.status == 303


def test_who_gives_up_their_own_role_gets_the_section_without_its_forms(maker, second, alone):
    add_member(caller_of(maker), alone, person("third", alone.organization), Role.ADMIN)
    body = sent({maker: (Role.ADMIN, Role.VIEWER)})
    page = Browser(maker).post("set-roles", body, part="members", **AT)
    assert page.status == 200
    assert page.toasts() == ["maker is Viewer now."]
    assert page.root.all("select", class_="select--small") == []
    assert page.root.all(id="add-access-button") == []


@pytest.mark.parametrize("part", ["", "members"])
def test_who_leaves_a_registry_they_no_longer_see_comes_home(part, maker, second, alone):
    set_role(caller_of(maker), alone, second, Role.ADMIN)
    edit_registry(caller_of(maker), alone, visibility="restricted")
    browser = Browser(maker)
    page = browser.post("remove-member", {"member": f"person-{maker.pk}"}, part=part, **AT)
    assert page.status == (204 if part else 303)
    assert page.headers["HX-Redirect" if part else "Location"] == reverse("start")
    landed = Page(browser.client.get(reverse("start"), follow=True))
    assert landed.status == 200
    assert landed.toasts() == ["maker removed from Alone."]


def in_effect(user):
    """Name → what stands in grey beside the granted role, of the members of Model."""
    page = Browser(user).get("settings", organization="smle-reg", registry="Model")
    rows = page.root.one("section", id="members").one("tbody").all("tr")
    return {
        row.one("span", class_="person").children[-1]: [
            grey.text for grey in row.all(class_="role-effective")
        ]
        for row in rows
    }


def test_the_role_in_effect_stands_in_grey_with_its_source_where_it_is_higher(
    registry, org_admin, admin, member, viewer, outsider
):
    by = caller_of(org_admin)
    for who in (org_admin, member, viewer, outsider):
        add_member(by, registry, who, Role.RESTRICTED_VIEWER)
    told = in_effect(admin)
    assert told["org-admin"] == ["Admin from organization role"]
    assert told["member"] == ["Member from team smle-reg-team-2"]
    assert told["viewer"] == ["Viewer from default role"]
    assert told["outsider"] == []
    assert told["admin-of-model"] == []


def test_who_is_deactivated_has_no_role_in_effect_and_the_page_says_why(registry, admin, member):
    add_member(caller_of(admin), registry, member, Role.MEMBER)
    deactivate_user(OPERATOR, member)
    assert in_effect(admin)["member"] == ["None: deactivated"]


def shown(page):
    rows = page.root.one(id="member-list").all("th", scope="row")
    return [str(row.all("span", class_="person")[0].children[-1]) for row in rows]


def test_members_are_narrowed_and_sorted_teams_first_and_a_change_stays_there(maker, alone):
    team = create_team(OPERATOR, alone.organization, "crew")
    add_member(caller_of(maker), alone, team, Role.VIEWER)
    for number in range(51):
        crew = person(f"crew-{number:02}", alone.organization)
        add_member(caller_of(maker), alone, crew, Role.MEMBER if number == 7 else Role.VIEWER)
    browser = Browser(maker)
    first = browser.get("settings", {"sort": "newest"}, **AT)
    assert shown(first) == ["crew", *(f"crew-{n:02}" for n in range(50, 0, -1))]
    assert shown(browser.get("settings", {"sort": "newest", "page": "2"}, **AT)) == [
        "crew-00",
        "maker",
    ]
    by_role = browser.get("settings", {"sort": "role"}, part="member-list", **AT)
    assert not by_role.is_whole
    assert shown(by_role)[:4] == ["crew", "maker", "crew-07", "crew-00"]
    assert shown(browser.get("settings", {"filter": "CREW-", "role": "member"}, **AT)) == [
        "crew-07"
    ]
    page = browser.get("settings", {"filter": "crew-0", "role": "viewer"}, **AT)
    assert len(shown(page)) == 9
    form = page.root.one(id="member-list").one("form")
    body = sent({User.objects.get(username="crew-03"): (Role.VIEWER, Role.MEMBER)})
    left = browser.follow(Page(browser.client.post(form.attributes["action"], body)))
    assert len(shown(left)) == 8
    assert "crew-03" not in shown(left)
    assert "Nobody matches" in browser.get("settings", {"filter": "nobody"}, **AT).main.text
