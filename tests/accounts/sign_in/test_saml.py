"""Signing in by SAML: the started program, and a provider that signs what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from tests.accounts.sign_in.saml_provider import METADATA, Asked, Key, Provider, running
from tests.registry_site.test_start import database_url, environment, port, started

__all__ = ["database_url", "environment", "port"]

REFUSED = {401, 403}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def site(environment, port, provider) -> Iterator[str]:
    settings = {
        "WAYMARK_SAML_METADATA_URL": f"{provider.url}/metadata",
        "WAYMARK_SAML_ENTITY_ID": provider.url,
        "WAYMARK_SAML_NAME": "Zoo login",
        "WAYMARK_OIDC_SIGN_UP": "1",
    }
    with started(environment | settings):
        yield f"http://127.0.0.1:{port}"


class Browser(requests.Session):
    def __init__(self, site: str) -> None:
        super().__init__()
        self.site = site

    def send_form(self, page: str, action: str, **fields: str) -> requests.Response:
        """A form of ours, with the token of the page it stands on."""
        found = TOKEN.search(self.get(f"{self.site}{page}").text)
        assert found
        form = fields | {"csrfmiddlewaretoken": found.group(1)}
        return self.post(f"{self.site}{action}", form, allow_redirects=False)

    def ask(self) -> Asked:
        """Goes to the provider by the button of the sign-in page."""
        led = self.send_form("/accounts/login/", "/accounts/saml/saml/login/")
        assert led.status_code == 302, led.text
        return Asked.read(led.headers["Location"])

    def bring(self, answer: str) -> requests.Response:
        return self.post(f"{self.site}/accounts/saml/saml/acs/", {"SAMLResponse": answer})

    def is_signed_in(self) -> bool:
        return self.get(f"{self.site}/settings", allow_redirects=False).status_code == 200


def test_somebody_new_chooses_a_name_and_no_forged_answer_signs_anybody_in(site, provider):
    """One start for all of it: a start takes seconds."""
    _the_addresses_are_as_documented(site)
    ada = Browser(site)
    page = ada.bring(provider.answer(ada.ask(), "ada-42", "ada@example.org"))
    assert "Choose your name here" in page.text
    done = ada.send_form("/accounts/elsewhere/name/", "/accounts/elsewhere/name/", username="ada")
    assert done.status_code == 302
    assert ada.is_signed_in()
    again = Browser(site)
    again.bring(provider.answer(again.ask(), "ada-42", "ada@example.org"))
    assert again.is_signed_in()
    _nobody_is_signed_out_from_elsewhere(ada, provider)
    _nothing_else_signs_in(site, provider)


def _the_addresses_are_as_documented(site: str) -> None:
    metadata = requests.get(f"{site}/accounts/saml/saml/metadata/", timeout=60)
    assert metadata.status_code == 200
    assert f"{site}/accounts/saml/saml/acs/" in metadata.text
    assert "SingleLogoutService" not in metadata.text


def _nobody_is_signed_out_from_elsewhere(browser: Browser, provider: Provider) -> None:
    address = f"{browser.site}/accounts/saml/saml/sls/"
    asked = {"SAMLRequest": provider.end_of_session(address)}
    for name, value in {**asked, "SAMLResponse": "x", "other": "x"}.items():
        assert browser.get(address, params={name: value}).status_code == 404
        assert Browser(browser.site).get(address, params={name: value}).status_code == 404
    assert browser.is_signed_in()


def _nothing_else_signs_in(site: str, provider: Provider) -> None:
    for other in (
        {"key": Key()},
        {"audience": "https://another.example"},
        {"url": "https://another-provider.example"},
        {"acs": "https://another.example/acs/"},
        {"start": "2001-01-01T00:00:00Z", "end": "2001-01-02T00:00:00Z"},
        {"in_response_to": ""},
        {"in_response_to": 'InResponseTo="_nobody-asked"'},
    ):
        browser = Browser(site)
        answer = browser.bring(provider.answer(browser.ask(), "ada-42", "a@example.org", **other))
        assert answer.status_code in REFUSED, other
        assert not browser.is_signed_in(), other
    for nobody in ("4" * 192, "", " "):
        browser = Browser(site)
        answer = browser.bring(provider.answer(browser.ask(), nobody, "a@example.org"))
        assert answer.status_code in REFUSED, nobody
    for unreadable in ("", "x", "eA==", "PGE+", "é"):
        browser = Browser(site)
        browser.ask()
        assert browser.bring(unreadable).status_code in REFUSED, unreadable
    thief, owner = Browser(site), Browser(site)
    thief.ask()
    assert (
        thief.bring(provider.answer(owner.ask(), "ada-42", "a@example.org")).status_code in REFUSED
    )
    assert not thief.is_signed_in()
    used = Browser(site)
    once = provider.answer(used.ask(), "ada-42", "a@example.org")
    used.bring(once)
    assert used.is_signed_in()
    second = Browser(site)
    second.bring(once)
    assert not second.is_signed_in()


def test_a_provider_that_tells_nothing_of_itself_is_said_not_to_work(site, provider):
    for told in ("", "no metadata", "<a/>", METADATA.format(url="https://other", certificate="")):
        provider.told = told
        browser = Browser(site)
        pressed = browser.send_form("/accounts/login/", "/accounts/saml/saml/login/")
        asked = browser.get(f"{site}/accounts/saml/saml/metadata/")
        for answer in (pressed, asked):
            assert answer.status_code == 502, told
            assert "Signing in did not work" in answer.text
    assert Browser(site).get(f"{site}/accounts/login/").status_code == 200
