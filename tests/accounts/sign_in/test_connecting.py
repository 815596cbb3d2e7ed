"""An account of elsewhere is connected by somebody who is here already, and how that fails."""

from __future__ import annotations

from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.operations.people import create_user
from tests.accounts.sign_in.test_openid_connect import PASSWORD, connect, provider, with_password
from tests.registries.views.pages import Page

__all__ = ["provider"]


def test_an_account_that_somebody_else_has_connected_is_refused_in_the_page(provider):
    for name in ("grace", "ada"):
        create_user(OPERATOR, name, password=PASSWORD)
    assert Page(connect("grace")).toasts() == ["Account connected."]
    page = Page(connect("ada"))
    assert page.notices() == ["This account is connected to somebody else."]
    assert page.toasts() == []
    assert page.root.one(class_="notice--refused").attributes["role"] == "alert"


def test_who_is_signed_in_and_could_not_connect_tries_again_there(provider):
    create_user(OPERATOR, "grace", password=PASSWORD)
    client = with_password("grace")
    again = reverse("socialaccount_connections")
    provider.told = {"/.well-known/openid-configuration": "nonsense"}
    address = reverse("openid_connect_login", kwargs={"provider_id": "oidc"})
    broken = Page(client.post(f"{address}?process=connect"))
    assert "Connecting did not work" in broken.text
    assert [link.attributes["href"] for link in broken.main.all("a")] == [again]
    stopped = Page(client.get(reverse("socialaccount_login_cancelled")))
    assert "Nothing was connected" in stopped.text
    assert [link.attributes["href"] for link in stopped.main.all("a")] == [again]
