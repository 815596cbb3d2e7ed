from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.invitations import invite
from tests.personas import caller_of
from tests.registries.views.pages import Browser, Page

ORGANIZATION = {"organization": "smle-reg"}
FORM = {"email": "", "role": "member", "team": "smle-reg-team-2", "days": "7"}
NEW = {"name": "ada", "full_name": "Ada L.", "email": "", "password": "correct horse battery"}


@pytest.fixture
def browser(org_admin, team):
    return Browser(org_admin)


def link_on(page: Page) -> str:
    return page.root.one("code", id="invitation-link-text").text


def test_inviting_is_offered_where_it_leads_elsewhere(browser):
    address = reverse("invitations", kwargs=ORGANIZATION)
    for name, offered in (("members", True), ("invitations", False)):
        page = browser.get(name, **ORGANIZATION)
        primary = page.main.all("a", class_="button--primary")
        assert (address in [link.attributes["href"] for link in primary]) is offered


def test_a_link_is_shown_once_and_lets_somebody_new_in(browser, team):
    page = browser.post("invite", FORM, **ORGANIZATION)
    link = link_on(page)
    assert link not in browser.get("invitations", **ORGANIZATION).source
    somebody = Browser(None)
    path = link.removeprefix("http://testserver")
    assert "Join smle-reg" in Page(somebody.client.get(path)).text
    answer = somebody.client.post(path, NEW)
    assert answer["Location"] == reverse("home", args=["smle-reg"])
    assert somebody.get("account").status == 200
    assert team.memberships.filter(user__username="ada").exists()


def test_a_link_goes_by_mail_where_mail_is_sent(browser, settings):
    settings.MAIL_IS_SENT = True
    settings.WAYMARK_BASE_URL = "https://registry.example.org"
    page = browser.post("invite", FORM | {"email": "ada@example.org"}, **ORGANIZATION)
    assert link_on(page).startswith("https://registry.example.org/accounts/invitation/")
    assert link_on(page) in mail.outbox[0].body
    assert mail.outbox[0].to == ["ada@example.org"]


def test_without_mail_nothing_is_sent(browser):
    browser.post("invite", FORM | {"email": "ada@example.org"}, **ORGANIZATION)
    assert not mail.outbox


def test_somebody_signed_in_joins_by_one_button(organization, outsider):
    _, token = invite(OPERATOR, organization)
    browser = Browser(outsider)
    page = browser.get("accept-invitation", token=token)
    assert "You are signed in as outsider." in page.text
    landed = browser.follow(browser.post("accept-invitation", token=token))
    assert landed.status == 200
    assert "You are in smle-reg." in landed.toasts()


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": "graphql"}, "name", "used in our addresses"),
        ({"name": "org-admin"}, "name", "is taken"),
        ({"password": "short"}, "password", "too short"),
        ({"email": "nonsense"}, "email", "is not an e-mail address"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_beside_its_field(
    organization, org_admin, wrong, field, sentence, settings
):
    settings.MAIL_IS_SENT = True
    _, token = invite(OPERATOR, organization)
    page = Browser(None).post("accept-invitation", NEW | wrong, token=token)
    assert page.status in {409, 422}
    assert sentence in page.errors()[field]
    assert NEW["full_name"] in page.values("full_name")
    assert "correct horse" not in page.source
    assert not User.objects.filter(username="ada").exists()


def test_open_invitations_are_listed_and_taken_back(browser, organization):
    invitation, token = invite(OPERATOR, organization, email="ada@example.org")
    page = browser.get("invitations", **ORGANIZATION)
    assert "ada@example.org" in page.text
    body = {"invitation": invitation.pk}
    page = browser.follow(browser.post("revoke-invitation", body, **ORGANIZATION))
    assert "ada@example.org" not in page.main.text
    assert Browser(None).get("accept-invitation", token=token).status == 422


def test_taking_back_what_somebody_has_joined_by_says_who(browser, organization, outsider):
    invitation, token = invite(OPERATOR, organization)
    browser.get("invitations", **ORGANIZATION)
    Browser(outsider).post("accept-invitation", token=token)
    page = browser.post("revoke-invitation", {"invitation": invitation.pk}, **ORGANIZATION)
    assert page.status == 409
    assert page.notices() == ["outsider has joined by it already. It cannot be taken back."]
    assert page.toasts() == []
    assert "None is open." in page.main.text


def test_an_invitation_of_another_organization_does_not_exist_here(browser, other_admin):
    invitation, token = invite(OPERATOR, other_admin.organizations.get())
    body = {"invitation": invitation.pk}
    assert browser.post("revoke-invitation", body, **ORGANIZATION).status == 404
    assert Browser(None).get("accept-invitation", token=token).status == 200


def test_accounts_are_made_without_invitation_only_where_the_operator_says_so(db, settings):
    browser = Browser(None)
    assert browser.get("account_signup").status == 403
    assert browser.post("account_signup", NEW).status == 403
    assert not User.objects.filter(username="ada").exists()
    settings.WAYMARK_OPEN_SIGN_UP = True
    assert browser.post("account_signup", NEW).status == 302
    assert "You are in no organization yet" in browser.get("start").text


def invited(page: Page) -> list[str]:
    leads = page.root.one(id="open-invitations").all("th", scope="row")
    return [lead.text for lead in leads]


def test_open_invitations_are_narrowed_and_sorted_and_one_is_taken_back_from_there(
    browser, organization, org_admin
):
    for number in range(12):
        invite(OPERATOR, organization, email=f"crew-{number:02}@example.org", days=number + 1)
    invite(caller_of(org_admin), organization, role="admin", email="zoe@example.org", days=1)
    found = invited(browser.get("invitations", {"filter": "CREW-0"}, **ORGANIZATION))
    assert found == [f"crew-{number:02}@example.org" for number in range(9, -1, -1)]
    page = browser.get("invitations", {"filter": "org-adm"}, **ORGANIZATION)
    assert invited(page) == ["zoe@example.org"]
    asked = {"role": "member", "sort": "ends"}
    page = browser.get("invitations", asked, part="open-invitations", **ORGANIZATION)
    assert not page.is_whole
    assert invited(page)[:2] == ["crew-00@example.org", "crew-01@example.org"]
    assert len(invited(page)) == 12
    by_address = invited(browser.get("invitations", {"sort": "email"}, **ORGANIZATION))
    assert by_address == sorted(by_address)
    address = page.root.one("form").attributes["action"]
    one = organization.invitations.get(email="crew-00@example.org")
    left = browser.follow(Page(browser.client.post(address, {"invitation": one.pk})))
    assert invited(left)[0] == "crew-01@example.org"
    none = browser.get("invitations", {"filter": "nobody"}, **ORGANIZATION)
    assert "No open invitation matches" in none.main.text
